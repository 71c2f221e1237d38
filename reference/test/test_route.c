/* route/: the tree finds exactly the filters that match, which topic_matches says one by one. */
#include "tree.h"
#include "topic.h"
#include "topic_oracle.h"

#include <check.h>
#include <stdio.h>

enum { FILTERS = 1200 };

struct found {
	const struct subscription *subscriptions[FILTERS];
	size_t count;
};

static void collect(void *context, struct subscription *subscription)
{
	struct found *found = context;

	ck_assert_uint_lt(found->count, FILTERS);
	found->subscriptions[found->count++] = subscription;
}

static size_t times_found(const struct found *found, const struct subscription *subscription)
{
	size_t times = 0;

	for (size_t i = 0; i < found->count; i++)
		times += found->subscriptions[i] == subscription;
	return times;
}

enum { TEXT = 32 };

static unsigned pick(unsigned *state, unsigned count)
{
	*state = *state * 1103515245 + 12345;
	return *state / 65536 % count;
}

/* Words over a small alphabet, so that they meet: levels of "", "a", "b", "$x", and wildcards. */
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

START_TEST(as_topic_matches_says)
{
	static char texts[FILTERS][TEXT];
	static struct subscription subscriptions[FILTERS];
	struct tree *tree = tree_new();
	struct found found;
	unsigned state = 7;

	for (size_t i = 0; i < FILTERS; i++) {
		subscriptions[i].filter = random_words(&state, texts[i], true);
		ck_assert(topic_filter_valid(subscriptions[i].filter));
		ck_assert(tree_add(tree, &subscriptions[i]));
	}
	for (size_t round = 0; round < 300; round++) {
		char text[TEXT];
		struct slice topic = random_words(&state, text, false);

		found.count = 0;
		tree_match(tree, topic, collect, &found);
		for (size_t i = 0; i < FILTERS; i++)
			ck_assert_msg(times_found(&found, &subscriptions[i]) ==
					      (subscriptions[i].node && topic_matches(subscriptions[i].filter, topic)),
				      "%.*s under %.*s", (int)topic.size, (const char *)topic.data,
				      (int)subscriptions[i].filter.size, texts[i]);
		/* some leave on the way, so that pruning is seen too */
		for (size_t i = round; i < FILTERS; i += 300)
			tree_remove(tree, &subscriptions[i]);
	}
	tree_free(tree); /* empty by now: the sanitized build would name a node that was left */
}
END_TEST

static const struct {
	const char *filter, *topic;
	bool matches;
} pairs[] = {
	{ "a/#", "a", true },
	{ "a/#", "a/b/c", true },
	{ "a/#", "ab", false },
	{ "#", "a/b", true },
	{ "#", "$SYS/a", false },
	{ "+/a", "$SYS/a", false },
	{ "$SYS/#", "$SYS/a", true },
	{ "a/+", "a/", true },
	{ "a/+", "a", false },
	{ "a/+/#", "a/$b", true },
	{ "+", "/a", false },
	{ "/+", "/a", true },
	{ "+/+", "/a", true },
	{ "a", "A", false },
};

START_TEST(pair)
{
	struct subscription subscription = { .filter = slice_text(pairs[_i].filter) };
	struct tree *tree = tree_new();
	struct found found = { .count = 0 };

	ck_assert(tree_add(tree, &subscription));
	tree_match(tree, slice_text(pairs[_i].topic), collect, &found);
	ck_assert_uint_eq(found.count, pairs[_i].matches);
	tree_remove(tree, &subscription);
	found.count = 0;
	tree_match(tree, slice_text(pairs[_i].topic), collect, &found);
	ck_assert_uint_eq(found.count, 0);
	tree_free(tree);
}
END_TEST

START_TEST(several_on_one_filter)
{
	struct subscription subscriptions[3] = { { .filter = slice_text("a/b") },
						 { .filter = slice_text("a/b") },
						 { .filter = slice_text("a/b") } };
	struct tree *tree = tree_new();
	struct found found = { .count = 0 };

	for (size_t i = 0; i < 3; i++)
		ck_assert(tree_add(tree, &subscriptions[i]));
	tree_remove(tree, &subscriptions[1]);
	tree_match(tree, slice_text("a/b"), collect, &found);
	ck_assert_uint_eq(found.count, 2);
	ck_assert_uint_eq(times_found(&found, &subscriptions[1]), 0);
	tree_remove(tree, &subscriptions[2]);
	tree_remove(tree, &subscriptions[0]);
	tree_free(tree);
}
END_TEST

START_TEST(levels)
{
	ck_assert_uint_eq(tree_levels(slice_text("a")), 1);
	ck_assert_uint_eq(tree_levels(slice_text("a/b/#")), 3);
	ck_assert_uint_eq(tree_levels(slice_text("/")), 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("route");
	TCase *all = tcase_create("tree");
	SRunner *runner;
	int failed;

	tcase_add_test(all, as_topic_matches_says);
	tcase_add_loop_test(all, pair, 0, sizeof pairs / sizeof *pairs);
	tcase_add_test(all, several_on_one_filter);
	tcase_add_test(all, levels);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
