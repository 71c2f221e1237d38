/* decision/decide: what each door lets through; and three properties over many cases: containment
 * is what matching says it is, the order of rules is nothing, and no text is built from a claim. */
#include "decide.h"
#include "policy_kit.h"
#include "topic.h"
#include "topic_oracle.h"

/* The fixture organisation "presence", and some rules more. */
static const char document[] = DOCUMENT(
	"{\"id\":\"card\",\"topic\":\"agents/{$self}/card\",\"action\":\"pub+sub\",\"binding\":\"agent_id\"},"
	"{\"id\":\"directory\",\"topic\":\"agents/+/card\",\"action\":\"sub\"},"
	"{\"id\":\"inbox\",\"topic\":\"agents/{$self}/inbox/#\",\"action\":\"sub\",\"binding\":\"agent_id\"},"
	"{\"id\":\"mail\",\"topic\":\"agents/+/inbox/+\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":[\"warden\"]},"
	"{\"id\":\"watch\",\"topic\":\"agents/#\",\"action\":\"sub\",\"binding\":\"agent_id\",\"agents\":[\"warden\"]},"
	"{\"id\":\"twice\",\"topic\":\"{$self}/to/{$self}\",\"action\":\"pub\",\"binding\":\"tool_id\"},"
	"{\"id\":\"sys\",\"topic\":\"$SYS/load\",\"action\":\"sub\",\"binding\":\"server_id\"},"
	"{\"id\":\"all\",\"topic\":\"#\",\"action\":\"pub+sub\",\"binding\":\"agent_id\",\"agents\":[\"herald\"]},"
	"{\"id\":\"plus\",\"topic\":\"+/+\",\"action\":\"sub\",\"binding\":\"agent_id\",\"agents\":[\"plus\"]},"
	"{\"id\":\"deep\",\"topic\":\"+/#\",\"action\":\"sub\",\"binding\":\"agent_id\",\"agents\":[\"deep\"]}");

static const struct {
	enum claim claim;
	const char *value;
	enum door door;
	const char *topic;
	const char *rule; /* NULL: denied */
} rows[] = {
	/* publish */
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/scout/card", "card" },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/analyst/card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/Scout/card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/scout/card/", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/scout/card/x", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/scout", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "/agents/scout/card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents//scout/card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents//card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/scouts/card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/scou/card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/{$self}/card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/+/card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "", NULL },
	{ CLAIM_SERVER_ID, "scout", DOOR_PUBLISH, "agents/scout/card", NULL },
	{ CLAIM_USER_ID, "scout", DOOR_PUBLISH, "agents/scout/card", NULL },
	{ CLAIM_AGENT_ID, "warden", DOOR_PUBLISH, "agents/scout/inbox/1", "mail" },
	{ CLAIM_AGENT_ID, "warden", DOOR_PUBLISH, "agents/scout/inbox", NULL },
	{ CLAIM_AGENT_ID, "warden", DOOR_PUBLISH, "agents/scout/inbox/1/2", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_PUBLISH, "agents/scout/inbox/1", NULL },
	{ CLAIM_TOOL_ID, "t", DOOR_PUBLISH, "t/to/t", "twice" },
	{ CLAIM_TOOL_ID, "t", DOOR_PUBLISH, "t/to/u", NULL },
	{ CLAIM_TOOL_ID, "t", DOOR_PUBLISH, "u/to/t", NULL },
	{ CLAIM_AGENT_ID, "herald", DOOR_PUBLISH, "any/where", "all" },
	{ CLAIM_AGENT_ID, "herald", DOOR_PUBLISH, "$SYS/load", NULL },
	{ CLAIM_AGENT_ID, "herald", DOOR_PUBLISH, "$identity/v1/revocations", NULL },
	{ CLAIM_AGENT_ID, "herald", DOOR_PUBLISH, "any/#", NULL },
	/* subscribe */
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/scout/card", "card" },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/analyst/card", "directory" },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/+/card", "directory" },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/+/+", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/#", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "#", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "+/scout/card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/scout/inbox/#", "inbox" },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/scout/inbox", "inbox" },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/scout/inbox/+", "inbox" },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/scout/inbox/+/#", "inbox" },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/scout/#", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/+/inbox/#", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/analyst/inbox/#", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/{$self}/inbox/#", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_SUBSCRIBE, "agents/#/card", NULL },
	{ CLAIM_AGENT_ID, "warden", DOOR_SUBSCRIBE, "agents", "watch" },
	{ CLAIM_AGENT_ID, "warden", DOOR_SUBSCRIBE, "agents/+/inbox/#", "watch" },
	{ CLAIM_AGENT_ID, "warden", DOOR_SUBSCRIBE, "+/#", NULL },
	{ CLAIM_AGENT_ID, "herald", DOOR_SUBSCRIBE, "#", "all" },
	{ CLAIM_AGENT_ID, "herald", DOOR_SUBSCRIBE, "+", "all" },
	{ CLAIM_AGENT_ID, "herald", DOOR_SUBSCRIBE, "$SYS/#", NULL },
	{ CLAIM_AGENT_ID, "herald", DOOR_SUBSCRIBE, "$share/g/a", NULL },
	{ CLAIM_AGENT_ID, "plus", DOOR_SUBSCRIBE, "a/#", NULL },
	{ CLAIM_AGENT_ID, "plus", DOOR_SUBSCRIBE, "+/#", NULL },
	{ CLAIM_AGENT_ID, "plus", DOOR_SUBSCRIBE, "#", NULL },
	{ CLAIM_AGENT_ID, "plus", DOOR_SUBSCRIBE, "+/a", "plus" },
	{ CLAIM_AGENT_ID, "plus", DOOR_SUBSCRIBE, "/", "plus" },
	{ CLAIM_AGENT_ID, "plus", DOOR_SUBSCRIBE, "$a/b", NULL },
	{ CLAIM_AGENT_ID, "deep", DOOR_SUBSCRIBE, "#", "deep" },
	{ CLAIM_AGENT_ID, "deep", DOOR_SUBSCRIBE, "+", "deep" },
	{ CLAIM_AGENT_ID, "deep", DOOR_SUBSCRIBE, "/#", "deep" },
	{ CLAIM_AGENT_ID, "deep", DOOR_SUBSCRIBE, "$SYS/#", NULL },
	{ CLAIM_SERVER_ID, "s", DOOR_SUBSCRIBE, "$SYS/load", "sys" },
	{ CLAIM_SERVER_ID, "s", DOOR_SUBSCRIBE, "$SYS/+", NULL },
	{ CLAIM_SERVER_ID, "s", DOOR_SUBSCRIBE, "+/load", NULL },
	/* delivery */
	{ CLAIM_AGENT_ID, "scout", DOOR_DELIVER_LIVE, "agents/analyst/card", "directory" },
	{ CLAIM_AGENT_ID, "scout", DOOR_DELIVER_RETAINED, "agents/scout/inbox/1", "inbox" },
	{ CLAIM_AGENT_ID, "scout", DOOR_DELIVER_QUEUED, "agents/analyst/inbox/1", NULL },
	{ CLAIM_AGENT_ID, "warden", DOOR_DELIVER_LIVE, "agents/scout/secret", "watch" },
	{ CLAIM_AGENT_ID, "scout", DOOR_DELIVER_LIVE, "agents/+/card", NULL },
	{ CLAIM_AGENT_ID, "herald", DOOR_DELIVER_LIVE, "$SYS/load", NULL },
	/* wills */
	{ CLAIM_AGENT_ID, "scout", DOOR_WILL_ACCEPT, "agents/scout/card", "card" },
	{ CLAIM_AGENT_ID, "scout", DOOR_WILL_ACCEPT, "agents/analyst/card", NULL },
	{ CLAIM_AGENT_ID, "scout", DOOR_WILL_SEND, "agents/scout/card", "card" },
	{ CLAIM_AGENT_ID, "scout", DOOR_WILL_SEND, "agents/scout/inbox/1", NULL },
	/* connect: some rule speaks of this owner */
	{ CLAIM_AGENT_ID, "scout", DOOR_CONNECT, "", "card" },
	{ CLAIM_USER_ID, "alice", DOOR_CONNECT, "", "directory" },
};

START_TEST(doors)
{
	struct policy *policy = kit_good_policy(document);
	struct identity id = kit_identity("presence", rows[_i].claim, rows[_i].value);
	struct decision decision = kit_ask(policy, &id, rows[_i].door, rows[_i].topic);

	ck_assert_msg(decision.allowed == (rows[_i].rule != NULL), "%s %s %s", rows[_i].value,
		      door_name(rows[_i].door), rows[_i].topic);
	if (rows[_i].rule) {
		ck_assert_str_eq(decision.rule, rows[_i].rule);
		ck_assert_uint_eq(decision.code, 0x00);
		ck_assert_ptr_null(decision.why);
	} else {
		ck_assert_uint_eq(decision.code, 0x87);
		ck_assert_ptr_null(decision.rule);
		ck_assert_ptr_nonnull(decision.why);
	}
	policy_free(policy);
}
END_TEST

static const struct {
	enum door door;
	const char *name, *why;
} denials[] = {
	{ DOOR_CONNECT, "connect", "POL-01" },
	{ DOOR_WILL_ACCEPT, "will-accept", "WIL-01" },
	{ DOOR_WILL_SEND, "will-send", "WIL-01" },
	{ DOOR_PUBLISH, "publish", "PUB-02" },
	{ DOOR_SUBSCRIBE, "subscribe", "SBS-03" },
	{ DOOR_DELIVER_LIVE, "deliver-live", "SBS-02" },
	{ DOOR_DELIVER_RETAINED, "deliver-retained", "SBS-02" },
	{ DOOR_DELIVER_QUEUED, "deliver-queued", "SBS-02" },
};

/* No policy, an empty one, and an expired identity shut every door. */
START_TEST(shut_doors)
{
	struct policy *empty = kit_good_policy(DOCUMENT("")), *all = kit_good_policy(DOCUMENT("{\"topic\":\"#\",\"action\":\"pub+sub\"}"));
	struct identity id = kit_identity("o", CLAIM_AGENT_ID, "scout");
	struct request request = { .door = denials[_i].door, .topic = slice_text("a"), .now_ms = KIT_NOW_MS };

	ck_assert_str_eq(door_name(denials[_i].door), denials[_i].name);
	ck_assert(decide(all, &id, &request).allowed);
	ck_assert_str_eq(decide(all, &id, &request).rule, "");
	ck_assert_str_eq(decide(NULL, &id, &request).why, denials[_i].why);
	ck_assert_str_eq(decide(empty, &id, &request).why, denials[_i].why);
	request.now_ms = id.exp_ms - 1;
	ck_assert(decide(all, &id, &request).allowed);
	request.now_ms = id.exp_ms + (request.door == DOOR_WILL_SEND ? 5001 : 0);
	ck_assert_str_eq(decide(all, &id, &request).why, request.door == DOOR_WILL_SEND ? "WIL-04" : "AUTH-02");
	ck_assert_uint_eq(decide(all, &id, &request).code, 0x87);
	policy_free(empty);
	policy_free(all);
}
END_TEST

/* A will that is due long after its token's end tells its owner's presence, or nothing. */
START_TEST(overdue_will)
{
	struct policy *policy = kit_good_policy(
		DOCUMENT("{\"topic\":\"t/#\",\"action\":\"pub\"},"
			 "{\"topic\":\"own/{$self}\",\"action\":\"pub\",\"binding\":\"agent_id\"},"
			 "{\"topic\":\"named\",\"action\":\"pub\",\"binding\":\"agent_id\"}"));
	struct identity id = kit_identity("o", CLAIM_AGENT_ID, "scout");
	struct request request = { .door = DOOR_WILL_SEND, .topic = slice_text("t/a"), .now_ms = id.exp_ms + 5000 };

	ck_assert(decide(policy, &id, &request).allowed);
	request.now_ms++;
	ck_assert(!decide(policy, &id, &request).allowed);
	request.topic = slice_text("named");
	ck_assert(!decide(policy, &id, &request).allowed);
	request.topic = slice_text("own/scout");
	ck_assert(decide(policy, &id, &request).allowed);
	request.topic = slice_text("own/other");
	ck_assert(!decide(policy, &id, &request).allowed);
	policy_free(policy);
}
END_TEST

/* What was published in time may still be handed on after its author's token has ended; not to a
 * receiver whose own token has. */
START_TEST(what_was_said_outlives_its_token)
{
	struct policy *policy = kit_good_policy(DOCUMENT("{\"topic\":\"a\",\"action\":\"pub+sub\"}"));
	struct identity id = kit_identity("o", CLAIM_AGENT_ID, "scout");
	struct request request = { .door = (enum door)_i, .topic = slice_text("a"), .now_ms = id.exp_ms, .of_author = true };

	ck_assert(decide(policy, &id, &request).allowed);
	request.topic = slice_text("b");
	ck_assert(!decide(policy, &id, &request).allowed);
	request.topic = slice_text("a");
	request.of_author = false;
	ck_assert(!decide(policy, &id, &request).allowed);
	policy_free(policy);
}
END_TEST

START_TEST(unknown_door_is_shut)
{
	struct policy *policy = kit_good_policy(DOCUMENT("{\"topic\":\"#\",\"action\":\"pub+sub\"}"));
	struct identity id = kit_identity("o", CLAIM_AGENT_ID, "scout");

	ck_assert(!kit_ask(policy, &id, DOOR_COUNT, "a").allowed);
	ck_assert(!kit_ask(policy, &id, (enum door)1000, "a").allowed);
	policy_free(policy);
}
END_TEST

START_TEST(nobody_is_let_in_where_no_rule_speaks_of_them)
{
	struct policy *policy = kit_good_policy(
		DOCUMENT("{\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":[\"warden\"]}"));
	struct identity scout = kit_identity("o", CLAIM_AGENT_ID, "scout");
	struct identity warden = kit_identity("o", CLAIM_AGENT_ID, "warden");
	struct identity tool = kit_identity("o", CLAIM_TOOL_ID, "warden");

	ck_assert(kit_ask(policy, &warden, DOOR_CONNECT, "").allowed);
	ck_assert(!kit_ask(policy, &scout, DOOR_CONNECT, "").allowed);
	ck_assert(!kit_ask(policy, &tool, DOOR_CONNECT, "").allowed);
	policy_free(policy);
}
END_TEST

/* [SBS-04] Two rules that cover a filter only together do not cover it. */
START_TEST(no_union_of_rules)
{
	struct policy *policy = kit_good_policy(DOCUMENT("{\"topic\":\"a\",\"action\":\"sub\"},{\"topic\":\"a/+/#\",\"action\":\"sub\"}"));
	struct identity id = kit_identity("o", CLAIM_AGENT_ID, "scout");

	ck_assert(kit_ask(policy, &id, DOOR_SUBSCRIBE, "a").allowed);
	ck_assert(kit_ask(policy, &id, DOOR_SUBSCRIBE, "a/+/#").allowed);
	ck_assert(!kit_ask(policy, &id, DOOR_SUBSCRIBE, "a/#").allowed);
	policy_free(policy);
}
END_TEST

/* All ways to fill one to three levels, `#` in the last one included where the words have it. */
enum { TEXTS_MAX = 1200, TEXT_MAX = 40 };

struct texts {
	char text[TEXTS_MAX][TEXT_MAX];
	size_t count;
};

static void fill(struct texts *texts, const char *const *words, const char *before, int levels)
{
	for (const char *const *word = words; *word; word++) {
		char text[TEXT_MAX];

		snprintf(text, sizeof text, "%s%s", before, *word);
		if (*text) {
			ck_assert_uint_lt(texts->count, TEXTS_MAX);
			strcpy(texts->text[texts->count++], text);
		}
		if (levels > 1 && strcmp(*word, "#") != 0) {
			strncat(text, "/", sizeof text - strlen(text) - 1);
			fill(texts, words, text, levels - 1);
		}
	}
}

/* The same question asked of matching: is every topic of the filter one of the pattern? The
 * pattern is written out with the claim in it, which only a test may do. */
static bool contained_by_matching(const char *filter, const char *pattern, const struct texts *topics)
{
	for (size_t i = 0; i < topics->count; i++) {
		struct slice topic = slice_text(topics->text[i]);

		if (topic_matches(slice_text(filter), topic) && !topic_matches(slice_text(pattern), topic))
			return false;
	}
	return true;
}

static void write_out(const char *pattern, char *text)
{
	while (*pattern) {
		if (strncmp(pattern, "{$self}", 7) == 0) {
			*text++ = 'x';
			pattern += 7;
		} else {
			*text++ = *pattern++;
		}
	}
	*text = '\0';
}

/* z stands for all the words that no pattern names, and one level more for all depths. */
START_TEST(containment_is_what_matching_says)
{
	static const char *const topic_words[] = { "a", "x", "z", "", NULL };
	static const char *const filter_words[] = { "a", "x", "", "+", "#", NULL };
	static const char *const pattern_words[] = { "a", "{$self}", "", "+", "#", NULL };
	static struct texts topics, filters, patterns;
	struct identity id = kit_identity("o", CLAIM_AGENT_ID, "x");
	size_t contained = 0;

	fill(&topics, topic_words, "", 4);
	fill(&topics, topic_words, "$s/", 2);
	fill(&filters, filter_words, "", 3);
	fill(&filters, filter_words, "$s/", 1);
	fill(&patterns, pattern_words, "", 3);
	fill(&patterns, pattern_words, "$s/", 1);
	for (size_t p = 0; p < patterns.count; p++) {
		struct policy_rule rule = { .topic = patterns.text[p], .actions = POLICY_SUB, .binding = CLAIM_AGENT_ID };
		char plain[TEXT_MAX];

		write_out(patterns.text[p], plain);
		for (size_t f = 0; f < filters.count; f++) {
			const char *filter = filters.text[f];
			bool expected = contained_by_matching(filter, plain, &topics);

			ck_assert_msg(pattern_contains_filter(&rule, &id, slice_text(filter)) == expected,
				      "%s in %s: expected %d", filter, rule.topic, expected);
			contained += expected;
		}
		for (size_t t = 0; t < topics.count; t++) {
			struct slice topic = slice_text(topics.text[t]);

			ck_assert_msg(pattern_covers_topic(&rule, &id, topic) == topic_matches(slice_text(plain), topic),
				      "%s by %s", topics.text[t], rule.topic);
		}
	}
	ck_assert_uint_gt(contained, 500);
	ck_assert_uint_gt(filters.count * patterns.count, 2 * contained);
}
END_TEST

static bool same_decision(struct decision a, struct decision b)
{
	return a.allowed == b.allowed && a.code == b.code && a.why == b.why &&
	       (a.rule == b.rule || (a.rule && b.rule && strcmp(a.rule, b.rule) == 0));
}

START_TEST(order_of_rules_is_nothing)
{
	struct policy *policy = kit_good_policy(document);
	const size_t count = sizeof rows / sizeof *rows;
	struct decision before[sizeof rows / sizeof *rows];
	unsigned state = 12345;

	for (size_t i = 0; i < count; i++) {
		struct identity id = kit_identity("o", rows[i].claim, rows[i].value);

		before[i] = kit_ask(policy, &id, rows[i].door, rows[i].topic);
	}
	for (int round = 0; round < 200; round++) {
		for (size_t k = policy->rule_count - 1; k > 0; k--) {
			struct policy_rule swap = policy->rules[k];
			size_t other = (state = state * 1103515245U + 12345U) / 65536 % (k + 1);

			policy->rules[k] = policy->rules[other];
			policy->rules[other] = swap;
		}
		for (size_t i = 0; i < count; i++) {
			struct identity id = kit_identity("o", rows[i].claim, rows[i].value);

			ck_assert(same_decision(before[i], kit_ask(policy, &id, rows[i].door, rows[i].topic)));
		}
	}
	policy_free(policy);
}
END_TEST

/* Even an identity that no token could establish gains nothing by what its claim spells. */
START_TEST(claims_are_compared_and_never_written_out)
{
	static const char *const values[] = { "+", "#", "a/b", "scout/card", "{$self}", "", "$SYS", "a/#" };
	static const char *const topics[] = { "agents/scout/card", "agents/a/b/card", "agents//card", "agents/{$self}/card" };
	struct policy *policy = kit_good_policy(
		DOCUMENT("{\"topic\":\"agents/{$self}/card\",\"action\":\"pub\",\"binding\":\"agent_id\"}"));

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct identity id = kit_identity("o", CLAIM_AGENT_ID, values[i]);

		for (size_t k = 0; k < sizeof topics / sizeof *topics; k++) {
			bool itself = strcmp(values[i], "{$self}") == 0 && k == 3; /* an ordinary word, equal to itself */

			ck_assert_msg(kit_ask(policy, &id, DOOR_PUBLISH, topics[k]).allowed == itself, "%s as %s",
				      topics[k], values[i]);
		}
	}
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide");
	TCase *tcase = tcase_create("decide");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, doors, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_loop_test(tcase, shut_doors, 0, (int)(sizeof denials / sizeof *denials));
	tcase_add_test(tcase, overdue_will);
	tcase_add_loop_test(tcase, what_was_said_outlives_its_token, DOOR_DELIVER_LIVE, DOOR_COUNT);
	tcase_add_test(tcase, unknown_door_is_shut);
	tcase_add_test(tcase, nobody_is_let_in_where_no_rule_speaks_of_them);
	tcase_add_test(tcase, no_union_of_rules);
	tcase_add_test(tcase, containment_is_what_matching_says);
	tcase_add_test(tcase, order_of_rules_is_nothing);
	tcase_add_test(tcase, claims_are_compared_and_never_written_out);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
