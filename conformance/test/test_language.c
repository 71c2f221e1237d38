/* The scenarios that the language was designed with, under a spec that has their rules. */
#include "scenario/format.h"
#include "scenario/plan.h"
#include "script_dump.h"
#include "tree.h"

#define LANGUAGE_SPEC \
	"# 1. Rules\n\nClass: core\n\nRevision: 0.0-test\n\n" \
	"- **AUTH-06** All answers MUST be alike.\n" \
	"- **LIF-01** It MUST end.\n" \
	"- **LIF-02** What ended MUST be refused.\n" \
	"- **LIF-03** *(manner of LIF-01, LIF-02)* The code SHOULD be right.\n" \
	"- **SBS-02** Nothing MUST arrive.\n" \
	"- **SBS-04** A filter MUST be contained.\n" \
	"- **SBS-05** *(manner of SBS-04)* The code SHOULD be right.\n" \
	"- **WIL-07** A will MUST be sent.\n" \
	"- **OBO-02** *(class delegation)* Both MUST have authority.\n" \
	"- **OBO-05** *(class delegation)* One MUST NOT widen the other.\n" \
	"- **GRT-02** *(class grants)* A grant MUST narrow.\n" \
	"- **REV-06** *(class revocation)* It MUST end.\n" \
	"- **REV-07** *(class revocation)* Its will MUST be suppressed.\n" \
	"- **REV-08** *(class revocation)* Its card MUST be cleared.\n" \
	"- **REV-09** *(class revocation)* Its session MUST be gone.\n" \
	"- **REV-11** *(class revocation)* It MUST be refused.\n" \
	"- **REV-12** *(manner of REV-11)* *(class revocation)* The code SHOULD be right.\n" \
	"- **AUD-02** *(class audit)* It MUST be recorded.\n" \
	"- **AUD-03** *(class audit)* The order MUST hold.\n" \
	"- **AUD-07** *(class audit)* No payload MUST be there.\n" \
	"- **AUD-12** *(class audit)* It MUST be one story.\n" \
	"- **SUB-03** *(class substrate)* A malformed CONNECT MUST open nothing.\n" \
	"- **SUB-04** *(manner of SUB-03)* *(class substrate)* The code SHOULD be right.\n" \
	"\n```policy presence\n{\"rules\": []}\n```\n\n```policy patterns\n{\"rules\": []}\n```\n" \
	"\n```policy delegation\n{\"rules\": []}\n```\n"

static struct tree tree;
static struct registry *registry;
static struct buf verbatim, mended;

/* The text in which one passage is another; it must be there. */
static void replace(struct buf *text, const char *old, const char *new)
{
	const char *all = buf_string(text), *at = strstr(all, old);
	struct buf result;

	ck_assert_msg(at != NULL, "the scenarios have no \"%s\"", old);
	buf_init(&result, 1 << 20);
	buf_put(&result, slice_of(all, (size_t)(at - all)));
	buf_text(&result, new);
	buf_text(&result, at + strlen(old));
	buf_release(text);
	*text = result;
}

static void setup(void)
{
	struct fault fault = { FAULT_NONE, "" };

	tree_init(&tree);
	tree_put(&tree, "spec", "01-rules.md", LANGUAGE_SPEC);
	registry = registry_load(tree.dir, &fault);
	ck_assert_msg(registry != NULL, "%s", fault.text);
	buf_init(&verbatim, 1 << 20);
	buf_init(&mended, 1 << 20);
	ck_assert_msg(file_read(SOURCE_DIR "/conformance/test/language.scenario", 1 << 20, &verbatim, &fault), "%s", fault.text);
	buf_put(&mended, buf_slice(&verbatim));
	/* `alike` names a rule; what is never received needs a live path; the record is of a later revision. */
	replace(&mended, "alike bad-token", "alike AUTH-06");
	replace(&mended, "  reborn   never receives \"for scout\"",
		"  reborn   subscribes \"agents/scout/inbox/#\"\n  warden   publishes \"agents/scout/inbox/2\" \"fresh\"\n"
		"  reborn   receives \"fresh\"\n  reborn   never receives \"for scout\"");
	char *audit = strstr(buf_string(&mended), "case AUD-12"), *next = strstr(audit, "case SUB-03");
	memmove(audit, next, strlen(next) + 1);
	mended.size = strlen((const char *)mended.data);
}

static void teardown(void)
{
	buf_release(&verbatim);
	buf_release(&mended);
	registry_free(registry);
	tree_remove(&tree);
}

static struct case_set *load(const struct buf *text, struct registry **own, struct tree *place)
{
	struct fault fault = { FAULT_NONE, "" };
	struct buf copy;

	buf_init(&copy, 1 << 20);
	buf_put(&copy, buf_slice(text));
	tree_init(place);
	tree_put(place, "spec", "01-rules.md", LANGUAGE_SPEC);
	tree_put(place, "conformance/cases", "all.scenario", buf_string(&copy));
	*own = registry_load(place->dir, &fault);
	ck_assert_msg(*own != NULL, "%s", fault.text);
	struct case_set *cases = cases_load(*own, &fault);
	ck_assert_msg(cases != NULL, "%s", fault.text);
	buf_release(&copy);
	return cases;
}

/* The plan of the text as text. */
static void dump(const struct buf *text, struct buf *out)
{
	static const char *const names[] = { "tls" };
	struct plan_options options = { .seed = 1, .listener_count = 1, .listener_names = names, .client_id_prefix = "" };
	struct fault fault = { FAULT_NONE, "" };
	struct registry *own;
	struct tree place;
	struct case_set *cases = load(text, &own, &place);
	struct plan *plan = plan_make(cases, own, &options, &fault);

	ck_assert_msg(plan != NULL, "%s", fault.text);
	for (size_t i = 0; i < plan->script_count; i++)
		dump_script(plan->scripts[i], out);
	plan_free(plan);
	cases_free(cases);
	registry_free(own);
	tree_remove(&place);
}

/* What practice has shown, and nothing else, is refused in the text as it was designed. */
START_TEST(verbatim_scenarios)
{
	static const char *const expected[] = {
		"expected the id of a rule of the spec, found \"bad-token\"",
		"expected a live path: a step above in which the same actor subscribes",
		"the record is not part of this revision of the language",
	};
	struct mistakes mistakes = { NULL, 0, false };

	scenario_mistakes(registry, buf_slice(&verbatim), "x", &mistakes);
	for (size_t i = 0; i < mistakes.count; i++)
		ck_assert_msg(i < 3 && strcmp(mistakes.items[i].text, expected[i]) == 0, "%u:%u: %s", mistakes.items[i].line,
			      mistakes.items[i].column, mistakes.items[i].text);
	ck_assert_uint_eq(mistakes.count, 3);
	mistakes_release(&mistakes);
}
END_TEST

START_TEST(mended_scenarios)
{
	struct mistakes mistakes = { NULL, 0, false };
	struct buf plan;
	static const char *const scripts[] = {
		"LIF-01.idle listener 0\n", "SBS-04.containment/parent/alone listener 0\n",
		"SBS-04.containment/dollar/resumed listener 0\n", "OBO-02.matrix/neither/delayed-will listener 0\n",
		"GRT-02.delegated/grant-only/alias listener 0\n", "REV-06.offline listener 0\n",
		"SUB-03.malformed-connect/will-qos-3 listener 0\n",
	};

	scenario_mistakes(registry, buf_slice(&mended), "x", &mistakes);
	for (size_t i = 0; i < mistakes.count; i++)
		ck_abort_msg("%u:%u: %s", mistakes.items[i].line, mistakes.items[i].column, mistakes.items[i].text);
	mistakes_release(&mistakes);
	buf_init(&plan, 16 << 20);
	dump(&mended, &plan);
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
		ck_assert_msg(strstr(buf_string(&plan), scripts[i]) != NULL, "no %s", scripts[i]);
	buf_release(&plan);
}
END_TEST

/* Parts of the plan that only the whole language can say. */
static const char *const passages[] = {
	/* scout idles -> closed by scout.exp + 30s should 0xA0 0x87 by scout.exp + 5s */
	" -> closed should 0xA0 should 0x87 by 3.0+30000 should by 3.0+5000",
	/* connects with will …, keepalive 0s */
	" will agents/scout-",
	/* receives "gone" by @end + 2s: the message is that of the step that connected */
	"receives v0 check ",
	/* planner for alice: both claims, the user as subject, the agent as actor */
	"\"act\":{\"sub\":\"planner-",
	"\"authorization_details\":[{\"actions\":[\"pub\"],\"topics\":[\"m/au/in\",\"m/a-/in\",\"m/-u/in\",\"m/--/in\"],\"type\":\"mqtt_agent_acl\"}]",
	/* iat now + 2s */
	"\"times\":{\"iat\":2}",
	/* connects with session 600s, will …, delay 2s */
	" will agents/scout-",
	/* the bytes of SUB-03: Flags 40|01, an overlong length, two bytes too few, properties, a surrogate */
	" 10 LEN+0 00044D5154540541003C00000163 TOKEN.1",
	" 10 LEN*+0 00044D5154540540003C00000163 TOKEN.1",
	" 10 LEN-2 00044D5154540540003C00000163 TOKEN.1",
	" 10 LEN+0 00044D5154540540003C0A11000000011100000002000163 TOKEN.1",
	" 10 LEN+0 00044D5154540540003C000003EDA080 TOKEN.1",
	"breaks MQTT-3.1.2-3",
};

START_TEST(plans_what_is_written)
{
	struct buf plan;

	buf_init(&plan, 16 << 20);
	dump(&mended, &plan);
	ck_assert_msg(strstr(buf_string(&plan), passages[_i]) != NULL, "not in the plan: %s", passages[_i]);
	buf_release(&plan);
}
END_TEST

START_TEST(formats_and_stays_the_same)
{
	struct fault fault = { FAULT_NONE, "" };
	struct buf once, twice, plan, again;

	buf_init(&once, 1 << 20);
	buf_init(&twice, 1 << 20);
	buf_init(&plan, 16 << 20);
	buf_init(&again, 16 << 20);
	ck_assert_msg(scenario_format(buf_slice(&mended), "x", &once, &fault), "%s", fault.text);
	ck_assert_msg(scenario_format(buf_slice(&once), "x", &twice, &fault), "%s", fault.text);
	ck_assert_str_eq(buf_string(&once), buf_string(&twice));
	dump(&mended, &plan);
	dump(&once, &again);
	ck_assert_str_eq(buf_string(&plan), buf_string(&again));
	buf_release(&once);
	buf_release(&twice);
	buf_release(&plan);
	buf_release(&again);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("language");
	TCase *tests = tcase_create("all");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, verbatim_scenarios);
	tcase_add_test(tests, mended_scenarios);
	tcase_add_loop_test(tests, plans_what_is_written, 0, sizeof passages / sizeof *passages);
	tcase_add_test(tests, formats_and_stays_the_same);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
