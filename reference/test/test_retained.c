/* route/retained: a filter finds exactly the topics that it matches, which topic_matches says one by one;
 * one message a topic; bounds at their edges. route/share: members take turns. */
#include "retained.h"
#include "share.h"
#include "topic.h"
#include "topic_oracle.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>

enum { TOPICS = 800, TEXT = 32, PLENTY = 1 << 24 };

static unsigned pick(unsigned *state, unsigned count)
{
	*state = *state * 1103515245 + 12345;
	return *state / 65536 % count;
}

static struct slice random_words(unsigned *state, char out[TEXT], bool filter)
{
	static const char *const words[] = { "", "a", "b", "$x", "+", "#" };
	unsigned levels = 1 + pick(state, 4), word = 0;
	size_t size = 0;

	for (unsigned i = 0; i < levels && word != 5; i++) {
		word = pick(state, filter ? 6 : 4);
		size += (size_t)snprintf(out + size, TEXT - size, "%s%s", i ? "/" : "", words[word]);
	}
	return size ? slice_of(out, size) : slice_text("a");
}

/* True when it is in the list exactly once. */
static bool is_found(const struct kept *list, const struct kept *kept)
{
	size_t times = 0;

	for (; list; list = list->next_found)
		times += list == kept;
	ck_assert_uint_le(times, 1);
	return times == 1;
}

START_TEST(as_topic_matches_says)
{
	static char texts[TOPICS][TEXT];
	static struct kept kept[TOPICS];
	struct retained *retained = retained_new(TOPICS, PLENTY);
	unsigned state = 11;
	size_t count = 0;

	for (size_t i = 0; i < TOPICS; i++) {
		struct kept *old = NULL;

		kept[i].topic = random_words(&state, texts[i], false);
		ck_assert(retained_put(retained, &kept[i], &old));
		count += old == NULL;
		ck_assert(!old || (slice_equal(old->topic, kept[i].topic) && !old->node));
	}
	ck_assert_uint_eq(retained_count(retained), count);
	for (size_t round = 0; round < 400; round++) {
		char text[TEXT];
		struct slice filter = random_words(&state, text, true);
		const struct kept *list = retained_match(retained, filter);

		for (size_t i = 0; i < TOPICS; i++)
			ck_assert_msg(is_found(list, &kept[i]) == (kept[i].node && topic_matches(filter, kept[i].topic)),
				      "%.*s under %.*s", (int)kept[i].topic.size, texts[i], (int)filter.size, text);
		for (size_t i = round; i < TOPICS; i += 400)
			if (kept[i].node)
				retained_remove(retained, &kept[i]);
	}
	ck_assert_uint_eq(retained_count(retained), 0);
	ck_assert_ptr_null(retained_all(retained));
	retained_free(retained); /* empty by now: the sanitized build would name a node that was left */
}
END_TEST

START_TEST(found_ones_may_leave_on_the_way)
{
	struct retained *retained = retained_new(8, PLENTY);
	struct kept kept[3] = { { .topic = slice_text("a") }, { .topic = slice_text("a/b") }, { .topic = slice_text("a/b/c") } };
	struct kept *old, *next;
	size_t count = 0;

	for (size_t i = 0; i < 3; i++)
		ck_assert(retained_put(retained, &kept[i], &old) && !old);
	for (struct kept *one = retained_match(retained, slice_text("a/#")); one; one = next, count++) {
		next = one->next_found;
		retained_remove(retained, one);
	}
	ck_assert_uint_eq(count, 3);
	ck_assert_ptr_null(retained_match(retained, slice_text("#")));
	retained_free(retained);
}
END_TEST

START_TEST(no_more_than_so_many)
{
	struct retained *retained = retained_new(2, PLENTY);
	struct kept a = { .topic = slice_text("a") }, b = { .topic = slice_text("b") }, c = { .topic = slice_text("a") }, *old;

	ck_assert(retained_has_room(retained, a.topic, 0) && retained_put(retained, &a, &old));
	ck_assert(retained_has_room(retained, b.topic, 0) && retained_put(retained, &b, &old));
	ck_assert(!retained_has_room(retained, slice_text("c"), 0));
	ck_assert(retained_has_room(retained, c.topic, 0)); /* in place of another */
	ck_assert(retained_put(retained, &c, &old));
	ck_assert_ptr_eq(old, &a);
	ck_assert_ptr_eq(retained_find(retained, slice_text("a")), &c);
	retained_remove(retained, &b);
	ck_assert(retained_has_room(retained, slice_text("c"), 0));
	retained_remove(retained, &c);
	retained_free(retained);
}
END_TEST

/* The largest size that there is room for on a topic. */
static size_t room_for(const struct retained *retained, const char *topic)
{
	size_t size = 0;

	if (!retained_has_room(retained, slice_text(topic), 0))
		return 0;
	while (retained_has_room(retained, slice_text(topic), size + 1))
		size++;
	return size;
}

START_TEST(no_more_than_so_many_bytes)
{
	struct retained *retained = retained_new(100, 2000);
	struct kept a = { .topic = slice_text("a"), .size = 700 }, *old;
	size_t whole = room_for(retained, "b");

	ck_assert_uint_gt(whole, 1000);
	ck_assert_uint_lt(whole, 2000);
	ck_assert_uint_gt(whole, room_for(retained, "b/b/b")); /* levels count */
	ck_assert(!retained_has_room(retained, slice_text("b"), SIZE_MAX));
	ck_assert(!retained_has_room(retained, slice_text("b"), SIZE_MAX - 50)); /* no sum that wraps */
	ck_assert(retained_put(retained, &a, &old));
	ck_assert_uint_eq(room_for(retained, "a"), whole);
	ck_assert_uint_eq(room_for(retained, "b"), 2 * whole - 2000 - 700);
	retained_remove(retained, &a);
	ck_assert_uint_eq(room_for(retained, "b"), whole);
	retained_free(retained);
}
END_TEST

static void collect(void *context, struct subscription *subscription)
{
	struct share **share = context;

	ck_assert_ptr_null(*share);
	*share = subscription->share;
}

static struct share *share_at(const struct tree *tree, const char *topic)
{
	struct share *share = NULL;

	tree_match(tree, slice_text(topic), collect, &share);
	return share;
}

static bool any(const struct share_member *member)
{
	return member->qos < 9;
}

START_TEST(members_take_turns)
{
	struct shares shares = { NULL };
	struct tree *tree = tree_new();
	struct share_member m[3] = { { .qos = 0 }, { .qos = 1 }, { .qos = 2 } };
	struct share *share;

	for (size_t i = 0; i < 3; i++)
		ck_assert(share_join(&shares, tree, slice_text("g"), slice_text("t/+"), &m[i]));
	share = share_at(tree, "t/1"); /* one subscription for all of them */
	for (size_t i = 0; i < 7; i++)
		ck_assert_ptr_eq(share_next(share, any), &m[i % 3]);
	m[2].qos = 9; /* does not fit: passed over, and keeps its turn */
	ck_assert_ptr_eq(share_next(share, any), &m[1]);
	ck_assert_ptr_eq(share_next(share, any), &m[0]);
	m[2].qos = 2;
	ck_assert_ptr_eq(share_next(share, any), &m[2]);
	share_leave(&shares, tree, &m[1]);
	ck_assert_ptr_eq(share_next(share, any), &m[0]);
	ck_assert_ptr_eq(share_next(share, any), &m[2]);
	m[0].qos = m[2].qos = 9;
	ck_assert_ptr_null(share_next(share, any));
	share_leave(&shares, tree, &m[0]);
	share_leave(&shares, tree, &m[2]);
	ck_assert_ptr_null(share_at(tree, "t/1"));
	ck_assert_ptr_null(shares.index);
	tree_free(tree);
}
END_TEST

START_TEST(groups_and_filters_are_apart)
{
	struct shares shares = { NULL };
	struct tree *tree = tree_new();
	struct share_member a = { .qos = 0 }, b = { .qos = 0 }, c = { .qos = 0 };

	ck_assert(share_join(&shares, tree, slice_text("g"), slice_text("t"), &a));
	ck_assert(share_join(&shares, tree, slice_text("h"), slice_text("t"), &b));
	ck_assert(share_join(&shares, tree, slice_text("g"), slice_text("u"), &c));
	ck_assert(a.share != b.share && a.share != c.share && b.share != c.share);
	ck_assert_ptr_eq(share_at(tree, "u"), c.share);
	share_leave(&shares, tree, &a);
	ck_assert_ptr_eq(share_at(tree, "t"), b.share);
	share_leave(&shares, tree, &b);
	share_leave(&shares, tree, &c);
	tree_free(tree);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("retained and shared");
	TCase *all = tcase_create("route");
	SRunner *runner;
	int failed;

	tcase_add_test(all, as_topic_matches_says);
	tcase_add_test(all, found_ones_may_leave_on_the_way);
	tcase_add_test(all, no_more_than_so_many);
	tcase_add_test(all, no_more_than_so_many_bytes);
	tcase_add_test(all, members_take_turns);
	tcase_add_test(all, groups_and_filters_are_apart);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
