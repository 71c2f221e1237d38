/* decision/policy: which documents are refused, where, and whom a rule speaks of. */
#include "policy_kit.h"

#include <unistd.h>

#define A128 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char *const good[] = {
	DOCUMENT(""),
	DOCUMENT("{\"id\":\"card\",\"topic\":\"agents/{$self}/card\",\"action\":\"pub+sub\",\"binding\":\"agent_id\"},"
		 "{\"id\":\"directory\",\"topic\":\"agents/+/card\",\"action\":\"sub\"}"),
	DOCUMENT("{\"topic\":\"a\",\"action\":\"pub\"},{\"topic\":\"a\",\"action\":\"pub\"}"),
	DOCUMENT("{\"topic\":\"{$self}/x/{$self}\",\"action\":\"pub\",\"binding\":\"tool_id\",\"agents\":[\"a\",\"A\"]}"),
	DOCUMENT("{\"topic\":\"#\",\"action\":\"pub\",\"binding\":\"user_id\",\"users\":[\"" A128 "\"]}"),
	DOCUMENT("{\"topic\":\"$SYS/#\",\"action\":\"sub\"},{\"topic\":\"$identity/v1/x\",\"action\":\"sub\"}"),
	DOCUMENT("{\"topic\":\"a\",\"action\":\"sub\",\"max_qos\":0,\"share\":\"*\"},{\"topic\":\"a\",\"action\":\"pub\","
		 "\"max_qos\":2,\"retain\":false,\"delegated\":false},{\"topic\":\"a\",\"action\":\"pub+sub\","
		 "\"binding\":\"user_id\",\"delegated\":true,\"retain\":true,\"share\":[\"g\",\"$h\",\"" A128 "\"]}"),
	DOCUMENT("{\"topic\":\"/\",\"action\":\"sub\"},{\"topic\":\"$other/x\",\"action\":\"pub\"}"),
};

START_TEST(good_documents)
{
	policy_free(kit_good_policy(good[_i]));
}
END_TEST

#define RULE(members) DOCUMENT("{\"topic\":\"a\",\"action\":\"sub\"},{" members "}")

/* The path and the beginning of the complaint. */
static const struct {
	const char *document, *expected;
} bad[] = {
	{ "[]", "$: expected an object" },
	{ "{}", "$.version: expected \"2.1\", found nothing" },
	{ "{\"version\":2.1,\"default\":\"deny\",\"rules\":[]}", "$.version: expected \"2.1\", found 2.1" },
	{ "{\"version\":\"2.2\",\"default\":\"deny\",\"rules\":[]}", "$.version: expected \"2.1\", found \"2.2\"" },
	{ "{\"version\":\"2.1\",\"rules\":[]}", "$.default: expected \"deny\", found nothing" },
	{ "{\"version\":\"2.1\",\"default\":\"allow\",\"rules\":[]}", "$.default: expected \"deny\", found \"allow\"" },
	{ "{\"version\":\"2.1\",\"default\":\"deny\"}", "$.rules: expected an array" },
	{ "{\"version\":\"2.1\",\"default\":\"deny\",\"rules\":{}}", "$.rules: expected an array" },
	{ "{\"version\":\"2.1\",\"default\":\"deny\",\"rules\":[],\"x\":1}", "$.x: unknown member" },
	{ "{\"version\":\"2.1\",\"default\":\"deny\",\"rules\":[],\"rules\":[]}", "line 1" },
	{ DOCUMENT("1"), "$.rules[0]: expected an object, found 1" },
	{ RULE(""), "$.rules[1].action: expected \"pub\", \"sub\" or \"pub+sub\", found nothing" },
	{ RULE("\"action\":\"pub\""), "$.rules[1].topic: expected a non-empty string, found nothing" },
	{ RULE("\"topic\":\"\",\"action\":\"pub\""), "$.rules[1].topic: expected a non-empty string" },
	{ RULE("\"topic\":[\"a\"],\"action\":\"pub\""), "$.rules[1].topic: expected a non-empty string" },
	{ RULE("\"topic\":\"a/#/b\",\"action\":\"pub\""), "$.rules[1].topic: expected a topic pattern" },
	{ RULE("\"topic\":\"a+\",\"action\":\"pub\""), "$.rules[1].topic: expected a topic pattern" },
	{ RULE("\"topic\":\"a\",\"action\":\"PUB\""), "$.rules[1].action: expected" },
	{ RULE("\"topic\":\"a\",\"action\":\"sub+pub\""), "$.rules[1].action: expected" },
	{ RULE("\"topic\":\"a\",\"action\":[\"pub\"]"), "$.rules[1].action: expected" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"org_id\""), "$.rules[1].binding: expected" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"sub\""), "$.rules[1].binding: expected" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"AGENT_ID\""), "$.rules[1].binding: expected" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":null"), "$.rules[1].binding: expected" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"effect\":\"deny\""), "$.rules[1].effect: unknown member" },
	/* {$self} */
	{ RULE("\"topic\":\"a/{$self}\",\"action\":\"pub\""), "$.rules[1].topic: expected a \"binding\" beside {$self}" },
	{ RULE("\"topic\":\"a/x{$self}\",\"action\":\"pub\",\"binding\":\"agent_id\""), "$.rules[1].topic: expected no brace" },
	{ RULE("\"topic\":\"a/{$self}x/b\",\"action\":\"pub\",\"binding\":\"agent_id\""), "$.rules[1].topic: expected no brace" },
	{ RULE("\"topic\":\"a/{self}\",\"action\":\"pub\",\"binding\":\"agent_id\""), "$.rules[1].topic: expected no brace" },
	{ RULE("\"topic\":\"a/{$SELF}\",\"action\":\"pub\",\"binding\":\"agent_id\""), "$.rules[1].topic: expected no brace" },
	{ RULE("\"topic\":\"a/{agent_id}\",\"action\":\"pub\",\"binding\":\"agent_id\""), "$.rules[1].topic: expected no brace" },
	{ RULE("\"topic\":\"a/}\",\"action\":\"pub\",\"binding\":\"agent_id\""), "$.rules[1].topic: expected no brace" },
	/* reserved first levels */
	{ RULE("\"topic\":\"$SYS/x\",\"action\":\"pub\""), "$.rules[1].topic: expected no right to publish under $SYS" },
	{ RULE("\"topic\":\"$SYS/#\",\"action\":\"pub+sub\""), "$.rules[1].topic: expected no right to publish under $SYS" },
	{ RULE("\"topic\":\"$SYS\",\"action\":\"pub\""), "$.rules[1].topic: expected no right to publish under $SYS" },
	{ RULE("\"topic\":\"$identity/v1/+\",\"action\":\"pub\""), "$.rules[1].topic: expected no right to publish under $identity" },
	{ RULE("\"topic\":\"$share/g/a\",\"action\":\"sub\""), "$.rules[1].topic: expected no rule about $share" },
	/* ids */
	{ RULE("\"id\":\"\",\"topic\":\"a\",\"action\":\"pub\""), "$.rules[1].id: expected a non-empty string" },
	{ RULE("\"id\":\"" A128 "a\",\"topic\":\"a\",\"action\":\"pub\""), "$.rules[1].id: expected an id of at most 128 bytes" },
	{ DOCUMENT("{\"id\":\"x\",\"topic\":\"a\",\"action\":\"pub\"},{\"id\":\"x\",\"topic\":\"b\",\"action\":\"pub\"}"), "$.rules[1].id: expected each of these once, found \"x\"" },
	/* lists */
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"agents\":[\"x\"]"), "$.rules[1].agents: expected \"agents\" only beside" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"users\":[\"x\"]"), "$.rules[1].users: expected \"agents\" only beside" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"user_id\",\"agents\":[\"x\"]"), "$.rules[1].agents: expected" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\",\"users\":[\"x\"]"), "$.rules[1].users: expected" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":[]"), "$.rules[1].agents: expected an array of 1 to" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":\"x\""), "$.rules[1].agents: expected an array of 1 to" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":null"), "$.rules[1].agents: expected an array of 1 to" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":[\"x\",\"y\",\"x\"]"), "$.rules[1].agents[2]: expected each of these once" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":[\"*\"]"), "$.rules[1].agents[0]: expected a name" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":[\"a/b\"]"), "$.rules[1].agents[0]: expected a name" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":[7]"), "$.rules[1].agents[0]: expected a non-empty string" },
	/* terms */
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"max_qos\":3"), "$.rules[1].max_qos: expected an integer from 0 to 2, found 3" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"max_qos\":-1"), "$.rules[1].max_qos: expected an integer" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"max_qos\":1.0"), "$.rules[1].max_qos: expected an integer" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"max_qos\":null"), "$.rules[1].max_qos: expected an integer" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"retain\":0"), "$.rules[1].retain: expected true or false" },
	{ RULE("\"topic\":\"a\",\"action\":\"sub\",\"share\":\"g\""), "$.rules[1].share: expected \"*\" or a list of share groups, found \"g\"" },
	{ RULE("\"topic\":\"a\",\"action\":\"sub\",\"share\":[]"), "$.rules[1].share: expected an array of 1 to 1024" },
	{ RULE("\"topic\":\"a\",\"action\":\"sub\",\"share\":[\"*\",\"#\"]"), "$.rules[1].share[1]: expected a group" },
	{ RULE("\"topic\":\"a\",\"action\":\"sub\",\"share\":[\"a/b\"]"), "$.rules[1].share[0]: expected a group" },
	{ RULE("\"topic\":\"a\",\"action\":\"sub\",\"share\":[\"+\"]"), "$.rules[1].share[0]: expected a group" },
	{ RULE("\"topic\":\"a\",\"action\":\"sub\",\"share\":[\"\"]"), "$.rules[1].share[0]: expected a non-empty string" },
	{ RULE("\"topic\":\"a\",\"action\":\"sub\",\"share\":[\"" A128 "a\"]"), "$.rules[1].share[0]: expected a group" },
	{ RULE("\"topic\":\"a\",\"action\":\"sub\",\"share\":[\"g\",\"g\"]"), "$.rules[1].share[1]: expected each of these once" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"delegated\":1,\"binding\":\"user_id\""), "$.rules[1].delegated: expected true or false" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"delegated\":true"), "$.rules[1].delegated: expected \"delegated\": true only beside" },
	{ RULE("\"topic\":\"a\",\"action\":\"pub\",\"delegated\":true,\"binding\":\"agent_id\""), "$.rules[1].delegated: expected" },
};

START_TEST(bad_documents)
{
	struct fault fault = { FAULT_NONE, "" };
	char expected[300];

	ck_assert_msg(kit_policy(bad[_i].document, &fault) == NULL, "accepted %s", bad[_i].document);
	snprintf(expected, sizeof expected, "p.json: %s", bad[_i].expected);
	ck_assert_msg(strncmp(fault.text, expected, strlen(expected)) == 0, "%s, not %s", fault.text, expected);
}
END_TEST

START_TEST(contents)
{
	struct policy *policy = kit_good_policy(DOCUMENT(
		"{\"id\":\"card\",\"topic\":\"agents/{$self}/card\",\"action\":\"pub+sub\",\"binding\":\"agent_id\","
		"\"agents\":[\"a\",\"b\"]},{\"topic\":\"x/#\",\"action\":\"sub\"}"));
	const struct policy_rule *rule = policy->rules;

	ck_assert_uint_eq(policy->rule_count, 2);
	ck_assert_str_eq(rule[0].id, "card");
	ck_assert_str_eq(rule[0].topic, "agents/{$self}/card");
	ck_assert_uint_eq(rule[0].actions, POLICY_PUB | POLICY_SUB);
	ck_assert_int_eq(rule[0].binding, CLAIM_AGENT_ID);
	ck_assert_uint_eq(rule[0].name_count, 2);
	ck_assert_str_eq(rule[1].id, "");
	ck_assert_uint_eq(rule[1].actions, POLICY_SUB);
	ck_assert_int_eq(rule[1].binding, CLAIM_COUNT);
	ck_assert_ptr_null(rule[1].names);
	policy_free(policy);
}
END_TEST

/* A document of count rules, or of one rule of so many levels or bytes. */
static bool edge_is_good(size_t rules, size_t levels, size_t bytes)
{
	struct fault fault;
	json_t *list = json_array(), *document;
	struct json_at root;
	struct policy *policy;
	char *topic = malloc(bytes + 2 * levels + 2);

	ck_assert_ptr_nonnull(topic);
	memset(topic, 'a', bytes + 2 * levels + 1);
	topic[bytes ? bytes : 2 * levels - 1] = '\0';
	for (size_t i = 1; i < levels; i++)
		topic[2 * i - 1] = '/';
	for (size_t i = 0; i < rules; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "topic", topic, "action", "pub"));
	document = json_pack("{s:s, s:s, s:o}", "version", "2.1", "default", "deny", "rules", list);
	root = json_root(document, "p.json");
	policy = policy_parse(&root, &fault);
	json_decref(document);
	free(topic);
	policy_free(policy);
	return policy != NULL;
}

START_TEST(limits_hold_at_their_edge)
{
	ck_assert(edge_is_good(POLICY_RULES_MAX, 1, 0));
	ck_assert(!edge_is_good(POLICY_RULES_MAX + 1, 1, 0));
	ck_assert(edge_is_good(1, POLICY_LEVELS_MAX, 0));
	ck_assert(!edge_is_good(1, POLICY_LEVELS_MAX + 1, 0));
	ck_assert(edge_is_good(1, 1, POLICY_TOPIC_MAX));
	ck_assert(!edge_is_good(1, 1, POLICY_TOPIC_MAX + 1));
}
END_TEST

START_TEST(whom_a_rule_speaks_of)
{
	struct policy *policy = kit_good_policy(DOCUMENT(
		"{\"topic\":\"a\",\"action\":\"pub\"},"
		"{\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\"},"
		"{\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":[\"warden\",\"scout\"]},"
		"{\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"tool_id\"},"
		"{\"topic\":\"a\",\"action\":\"pub\",\"binding\":\"user_id\",\"users\":[\"scout\"]}"));
	static const struct {
		enum claim claim;
		const char *value;
		const char *applies;
	} rows[] = {
		{ CLAIM_AGENT_ID, "scout", "yyynn" }, { CLAIM_AGENT_ID, "analyst", "yynnn" },
		{ CLAIM_AGENT_ID, "Scout", "yynnn" }, { CLAIM_AGENT_ID, "scou", "yynnn" },
		{ CLAIM_TOOL_ID, "scout", "ynnyn" },  { CLAIM_SERVER_ID, "scout", "ynnnn" },
		{ CLAIM_USER_ID, "scout", "ynnny" },  { CLAIM_USER_ID, "warden", "ynnnn" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct identity id = kit_identity("o", rows[i].claim, rows[i].value);

		for (size_t k = 0; k < policy->rule_count; k++)
			ck_assert_msg(policy_rule_applies(&policy->rules[k], &id) == (rows[i].applies[k] == 'y'),
				      "row %zu, rule %zu", i, k);
	}
	policy_free(policy);
}
END_TEST

START_TEST(files)
{
	char path[] = "/tmp/test-policy-XXXXXX";
	int fd = mkstemp(path);
	const char text[] = DOCUMENT("{\"topic\":\"a\",\"action\":\"all\"}");
	struct fault fault;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, sizeof text - 1), (int)sizeof text - 1);
	close(fd);
	ck_assert_ptr_null(policy_load(path, &fault));
	ck_assert(strncmp(fault.text, path, strlen(path)) == 0);
	ck_assert(strstr(fault.text, ": $.rules[0].action: ") != NULL);
	unlink(path);
	ck_assert_ptr_null(policy_load(path, &fault));
	ck_assert_int_eq(fault.class, FAULT_UNAVAILABLE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = tcase_create("policy");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, good_documents, 0, (int)(sizeof good / sizeof *good));
	tcase_add_loop_test(tcase, bad_documents, 0, (int)(sizeof bad / sizeof *bad));
	tcase_add_test(tcase, contents);
	tcase_add_test(tcase, limits_hold_at_their_edge);
	tcase_add_test(tcase, whom_a_rule_speaks_of);
	tcase_add_test(tcase, files);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
