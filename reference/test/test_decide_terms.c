/* decision/decide: the terms of a rule, on what it grants beside the topic. */
#include "decide.h"
#include "policy_kit.h"

/* Who asks for what, and what is granted. */
static const char terms[] = DOCUMENT(
	"{\"id\":\"zero\",\"topic\":\"q/0\",\"action\":\"pub+sub\",\"max_qos\":0},"
	"{\"id\":\"one\",\"topic\":\"q/#\",\"action\":\"pub+sub\",\"max_qos\":1,\"binding\":\"agent_id\",\"agents\":[\"up\"]},"
	"{\"id\":\"fleeting\",\"topic\":\"r\",\"action\":\"pub+sub\",\"retain\":false},"
	"{\"id\":\"kept\",\"topic\":\"r\",\"action\":\"pub\",\"binding\":\"agent_id\",\"agents\":[\"up\"]},"
	"{\"id\":\"read\",\"topic\":\"s/#\",\"action\":\"sub\"},"
	"{\"id\":\"work\",\"topic\":\"s/+\",\"action\":\"sub\",\"share\":[\"g\",\"h\"],\"max_qos\":1},"
	"{\"id\":\"any\",\"topic\":\"any\",\"action\":\"sub\",\"share\":\"*\"},"
	"{\"id\":\"lent\",\"topic\":\"lent\",\"action\":\"pub+sub\",\"binding\":\"user_id\",\"delegated\":true}");

static const struct {
	const char *agent;
	struct request request;
	const char *rule; /* NULL: denied */
	unsigned qos;     /* granted */
} term_rows[] = {
#define ASK(topic_text, ...) { .topic = { (const unsigned char *)(topic_text), sizeof(topic_text) - 1 }, .now_ms = KIT_NOW_MS, __VA_ARGS__ }
#define GROUP(text) .group = { (const unsigned char *)(text), sizeof(text) - 1 }
	/* a message above the rule's max_qos does not pass */
	{ "scout", ASK("q/0", .door = DOOR_PUBLISH, .qos = 0), "zero", 0 },
	{ "scout", ASK("q/0", .door = DOOR_PUBLISH, .qos = 1), NULL, 0 },
	{ "scout", ASK("q/0", .door = DOOR_WILL_ACCEPT, .qos = 1), NULL, 0 },
	{ "scout", ASK("q/0", .door = DOOR_WILL_SEND, .qos = 2), NULL, 0 },
	{ "up", ASK("q/0", .door = DOOR_PUBLISH, .qos = 1), "one", 1 },
	{ "up", ASK("q/0", .door = DOOR_PUBLISH, .qos = 2), NULL, 0 },
	/* a subscription is granted at the most that a covering rule allows */
	{ "scout", ASK("q/0", .door = DOOR_SUBSCRIBE, .qos = 2), "zero", 0 },
	{ "up", ASK("q/0", .door = DOOR_SUBSCRIBE, .qos = 2), "one", 1 },
	{ "up", ASK("q/0", .door = DOOR_SUBSCRIBE, .qos = 0), "one", 0 },
	{ "up", ASK("q/#", .door = DOOR_SUBSCRIBE, .qos = 2), "one", 1 },
	{ "up", ASK("q/0", .door = DOOR_DELIVER_LIVE, .qos = 1), "one", 1 },
	{ "scout", ASK("q/0", .door = DOOR_DELIVER_QUEUED, .qos = 1), NULL, 0 },
	/* retained publishes, also when they are replayed */
	{ "scout", ASK("r", .door = DOOR_PUBLISH), "fleeting", 0 },
	{ "scout", ASK("r", .door = DOOR_PUBLISH, .retain = true), NULL, 0 },
	{ "scout", ASK("r", .door = DOOR_WILL_ACCEPT, .retain = true), NULL, 0 },
	{ "up", ASK("r", .door = DOOR_PUBLISH, .retain = true), "kept", 0 },
	{ "scout", ASK("r", .door = DOOR_DELIVER_RETAINED, .retain = true), "fleeting", 0 },
	{ "scout", ASK("r", .door = DOOR_DELIVER_RETAINED, .retain = true, .of_author = true), NULL, 0 },
	{ "up", ASK("r", .door = DOOR_DELIVER_RETAINED, .retain = true, .of_author = true), "kept", 0 },
	{ "scout", ASK("s/1", .door = DOOR_DELIVER_RETAINED, .of_author = true), NULL, 0 },
	{ "scout", ASK("s/1", .door = DOOR_DELIVER_RETAINED), "read", 0 },
	/* a share group is named by the rule, or the filter is not granted under it */
	{ "scout", ASK("s/1", .door = DOOR_SUBSCRIBE, .qos = 2), "read", 2 },
	{ "scout", ASK("s/1", .door = DOOR_SUBSCRIBE, .qos = 2, GROUP("g")), "work", 1 },
	{ "scout", ASK("s/1", .door = DOOR_SUBSCRIBE, .qos = 2, GROUP("h")), "work", 1 },
	{ "scout", ASK("s/1", .door = DOOR_SUBSCRIBE, GROUP("i")), NULL, 0 },
	{ "scout", ASK("s/1", .door = DOOR_SUBSCRIBE, GROUP("G")), NULL, 0 },
	{ "scout", ASK("s/#", .door = DOOR_SUBSCRIBE, GROUP("g")), NULL, 0 },
	{ "scout", ASK("s/1", .door = DOOR_DELIVER_LIVE, GROUP("g")), "work", 0 },
	{ "scout", ASK("s/1", .door = DOOR_DELIVER_LIVE, GROUP("i")), NULL, 0 },
	{ "scout", ASK("any", .door = DOOR_SUBSCRIBE, GROUP("whatever")), "any", 0 },
	{ "scout", ASK("any", .door = DOOR_SUBSCRIBE, GROUP("*")), "any", 0 },
};

START_TEST(terms_of_a_rule)
{
	struct policy *policy = kit_good_policy(terms);
	struct identity id = kit_identity("o", CLAIM_AGENT_ID, term_rows[_i].agent);
	struct decision decision = decide(policy, &id, &term_rows[_i].request);

	ck_assert_int_eq(decision.allowed, term_rows[_i].rule != NULL);
	if (decision.allowed)
		ck_assert_str_eq(decision.rule, term_rows[_i].rule);
	ck_assert_uint_eq(decision.qos, term_rows[_i].qos);
	policy_free(policy);
}
END_TEST

/* A delegated rule serves no token that stands by itself, and lets nobody in. */
START_TEST(delegated_rules_grant_nothing_alone)
{
	struct policy *policy = kit_good_policy(terms);
	struct identity ann = kit_identity("o", CLAIM_USER_ID, "ann");
	struct policy *only = kit_good_policy(
		DOCUMENT("{\"topic\":\"#\",\"action\":\"pub+sub\",\"binding\":\"user_id\",\"delegated\":true}"));

	ck_assert(!kit_ask(policy, &ann, DOOR_PUBLISH, "lent").allowed);
	ck_assert(!kit_ask(policy, &ann, DOOR_SUBSCRIBE, "lent").allowed);
	ck_assert(kit_ask(policy, &ann, DOOR_SUBSCRIBE, "any").allowed);
	ck_assert(!kit_ask(only, &ann, DOOR_CONNECT, "").allowed);
	policy_free(policy);
	policy_free(only);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide_terms");
	TCase *tcase = tcase_create("decide_terms");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, terms_of_a_rule, 0, (int)(sizeof term_rows / sizeof *term_rows));
	tcase_add_test(tcase, delegated_rules_grant_nothing_alone);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
