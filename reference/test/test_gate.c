/* decision/gate: the organisation chooses the policy, and what cannot be recorded does not happen. */
#include "gate.h"
#include "policy_kit.h"

#include <unistd.h>

static char dir[64] = "/tmp/test-gate-XXXXXX";
static struct policies *policies;

static void write_file(const char *name, const char *text)
{
	char path[200];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static struct policies *load(const char *config, struct fault *fault)
{
	char name[200];
	json_t *value = json_loads(config, 0, NULL);
	struct json_at root;
	struct policies *loaded;

	snprintf(name, sizeof name, "%s/broker.json", dir);
	root = json_root(value, name);
	loaded = policies_load(&root, fault);
	json_decref(value);
	return loaded;
}

static void setup(void)
{
	struct fault fault;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	write_file("pub.json", DOCUMENT("{\"id\":\"p\",\"topic\":\"a\",\"action\":\"pub\"}"));
	write_file("none.json", DOCUMENT(""));
	write_file("bad.json", DOCUMENT("{\"topic\":\"a\",\"action\":\"pub\",\"x\":1}"));
	policies = load("{\"policies\":{\"seed\":\"pub.json\",\"empty\":\"none.json\",\"a.b\":\"pub.json\",\"a\":\"none.json\"}}",
			&fault);
	ck_assert_msg(policies != NULL, "%s", fault.text);
}

static void teardown(void)
{
	static const char *const names[] = { "pub.json", "none.json", "bad.json" };

	for (size_t i = 0; i < 3; i++) {
		char path[200];

		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
	policies_free(policies);
}

START_TEST(policies_are_found_exactly)
{
	ck_assert_uint_eq(policies_find(policies, slice_text("seed"))->rule_count, 1);
	ck_assert_uint_eq(policies_find(policies, slice_text("empty"))->rule_count, 0);
	ck_assert_uint_eq(policies_find(policies, slice_text("a.b"))->rule_count, 1);
	ck_assert_uint_eq(policies_find(policies, slice_text("a"))->rule_count, 0);
	ck_assert_ptr_null(policies_find(policies, slice_text("Seed")));
	ck_assert_ptr_null(policies_find(policies, slice_text("see")));
	ck_assert_ptr_null(policies_find(policies, slice_text("seeds")));
	ck_assert_ptr_null(policies_find(policies, slice_text("")));
	ck_assert_ptr_null(policies_find(policies, slice_of("seed\0", 5)));
}
END_TEST

static const struct {
	const char *config, *expected; /* the beginning */
	const char *inner; /* what the named file is blamed for */
} bad[] = {
	{ "{}", "broker.json: $.policies: expected an object of organisations and policy files, found nothing", "" },
	{ "{\"policies\":[]}", "broker.json: $.policies: expected an object", "" },
	{ "{\"policies\":{\"a/b\":\"pub.json\"}}", "broker.json: $.policies[\"a/b\"]: expected an org_id", "" },
	{ "{\"policies\":{\"seed\":\"pub.json\",\"x\":1}}", "broker.json: $.policies.x: expected a non-empty string, found 1", "" },
	{ "{\"policies\":{\"seed\":\"pub.json\",\"x\":\"absent.json\"}}", "broker.json: $.policies.x: ", "/absent.json: cannot open" },
	{ "{\"policies\":{\"seed\":\"pub.json\",\"x\":\"bad.json\"}}", "broker.json: $.policies.x: ", "/bad.json: $.rules[0].x: unknown member" },
};

START_TEST(one_bad_policy_refuses_all)
{
	struct fault fault = { FAULT_NONE, "" };
	char expected[300];

	ck_assert_ptr_null(load(bad[_i].config, &fault));
	snprintf(expected, sizeof expected, "%s/%s", dir, bad[_i].expected);
	ck_assert_msg(strncmp(fault.text, expected, strlen(expected)) == 0 &&
			      strstr(fault.text, bad[_i].inner),
		      "%s", fault.text);
}
END_TEST

struct recorder {
	bool works;
	int count;
	bool last_allowed;
};

static bool record(void *context, const struct gate_entry *entry)
{
	struct recorder *recorder = context;

	recorder->count++;
	recorder->last_allowed = entry->decision->allowed;
	ck_assert(entry->identity && entry->request);
	return recorder->works;
}

START_TEST(every_decision_is_recorded_before_it_is_told)
{
	struct recorder recorder = { true, 0, false };
	struct gate gate = { policies, record, &recorder };
	struct identity id = kit_identity("seed", CLAIM_AGENT_ID, "scout");
	struct request request = { .door = DOOR_PUBLISH, .topic = slice_text("a"), .now_ms = KIT_NOW_MS };
	struct decision decision = gate_ask(&gate, &id, &request);

	ck_assert(decision.allowed && recorder.last_allowed && recorder.count == 1);
	ck_assert_str_eq(decision.rule, "p");
	request.topic = slice_text("b");
	decision = gate_ask(&gate, &id, &request);
	ck_assert(!decision.allowed && !recorder.last_allowed && recorder.count == 2);
	recorder.works = false;
	decision = gate_ask(&gate, &id, &request);
	ck_assert(!decision.allowed && decision.code == 0x87 && recorder.count == 3);
	request.topic = slice_text("a");
	decision = gate_ask(&gate, &id, &request);
	ck_assert(!decision.allowed && decision.code == 0x83 && recorder.count == 4);
	ck_assert(decision.rule == NULL && decision.why != NULL);
}
END_TEST

START_TEST(organisation_chooses_the_policy)
{
	struct gate gate = { policies, NULL, NULL }, without = { NULL, NULL, NULL };
	struct request request = { .door = DOOR_PUBLISH, .topic = slice_text("a"), .now_ms = KIT_NOW_MS };
	static const struct {
		const char *org_id;
		bool allowed;
	} rows[] = { { "seed", true }, { "empty", false }, { "unknown", false }, { "a.b", true }, { "a", false }, { "", false } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct identity id = kit_identity(rows[i].org_id, CLAIM_AGENT_ID, "scout");

		ck_assert(gate_ask(&gate, &id, &request).allowed == rows[i].allowed);
		ck_assert(!gate_ask(&without, &id, &request).allowed);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gate");
	TCase *tcase = tcase_create("gate");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_unchecked_fixture(tcase, setup, teardown);
	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, policies_are_found_exactly);
	tcase_add_loop_test(tcase, one_bad_policy_refuses_all, 0, (int)(sizeof bad / sizeof *bad));
	tcase_add_test(tcase, every_decision_is_recorded_before_it_is_told);
	tcase_add_test(tcase, organisation_chooses_the_policy);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
