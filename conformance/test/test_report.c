/* Exit codes, class summaries, and the three forms of a report, from plans made by hand. */
#include "files/files.h"
#include "json.h"
#include "report_world.h"

#include <check.h>

static json_t *document(struct world *w)
{
	json_t *report = report_document(&w->input);
	ck_assert_ptr_nonnull(report);
	return report;
}

static int exit_of(struct world *w)
{
	json_t *report = document(w);
	int code = report_exit(report);
	json_decref(report);
	return code;
}

static void class_is(struct world *w, const char *status, const char *reason)
{
	json_t *report = document(w);
	const json_t *one = json_array_get(json_object_get(report, "classes"), 0);
	const char *found = json_string_value(json_object_get(one, "reason"));
	ck_assert_str_eq(json_string_value(json_object_get(one, "status")), status);
	ck_assert_msg(reason[0] ? strstr(found, reason) != NULL : found[0] == '\0', "\"%s\" lacks \"%s\"", found,
		      reason);
	json_decref(report);
}

START_TEST(exit_codes)
{
	struct world w;
	world_init(&w);
	ck_assert_int_eq(exit_of(&w), EXIT_CONFORMANT);
	w.checks[0][1].verdict = VERDICT_WARN; /* a SHOULD */
	ck_assert_int_eq(exit_of(&w), EXIT_CONFORMANT);
	w.input.fail_on_should = true;
	ck_assert_int_eq(exit_of(&w), EXIT_VIOLATION);
	w.input.fail_on_should = false;
	w.checks[0][1].verdict = VERDICT_BLOCKED;
	ck_assert_int_eq(exit_of(&w), EXIT_CONFORMANT);
	static const enum verdict open[] = { VERDICT_BLOCKED, VERDICT_UNTESTED, VERDICT_INCONCLUSIVE,
					     VERDICT_FLAKY };
	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		w.checks[1][0].verdict = open[i];
		ck_assert_int_eq(exit_of(&w), EXIT_INCOMPLETE);
	}
	w.checks[0][1].verdict = VERDICT_HARNESS;
	ck_assert_int_eq(exit_of(&w), EXIT_HARNESS);
	w.checks[2][0].verdict = VERDICT_FAIL;
	ck_assert_int_eq(exit_of(&w), EXIT_VIOLATION);
	sample_release(&w.sample);
}
END_TEST

/* 1 > 4 > 3 > 5 > 0, whatever comes together. */
START_TEST(stale_baseline)
{
	struct world w;
	static char pub[] = "PUB-02", why[] = "tracked";
	struct known entry = { .rule = pub, .reason = why, .expires = "2999-12-31" };
	struct baseline known_pub = { &entry, 1 };
	world_init(&w);
	w.input.baseline = &known_pub;
	w.checks[0][0].verdict = VERDICT_FAIL;
	ck_assert_int_eq(exit_of(&w), EXIT_VIOLATION); /* not applied */
	baseline_apply(&known_pub, &w.plan);
	ck_assert_int_eq(entry.state, KNOWN_FAILING);
	ck_assert_int_eq(exit_of(&w), EXIT_CONFORMANT);
	w.checks[1][0].verdict = VERDICT_FAIL; /* of another rule */
	ck_assert_int_eq(exit_of(&w), EXIT_VIOLATION);
	w.checks[1][0].verdict = VERDICT_PASS;
	entry.expired = true;
	baseline_apply(&known_pub, &w.plan);
	ck_assert_int_eq(exit_of(&w), EXIT_STALE);
	w.result.interrupted = true;
	ck_assert_int_eq(exit_of(&w), EXIT_INCOMPLETE);
	w.checks[1][0].verdict = VERDICT_HARNESS;
	ck_assert_int_eq(exit_of(&w), EXIT_HARNESS);
	w.checks[1][0].verdict = VERDICT_FAIL;
	ck_assert_int_eq(exit_of(&w), EXIT_VIOLATION);
	sample_release(&w.sample);
}
END_TEST

START_TEST(stale_entries)
{
	struct world w;
	static char pub[] = "PUB-02", why[] = "tracked", script[] = "PUB-02.other/upper/qos1@plain";
	struct known entry = { .rule = pub, .reason = why, .expires = "2999-12-31" };
	struct baseline baseline = { &entry, 1 };
	world_init(&w);
	baseline_apply(&baseline, &w.plan);
	ck_assert_int_eq(entry.state, KNOWN_STALE);
	ck_assert_uint_eq(baseline_overdue(&baseline), 1);
	static const enum verdict open[] = { VERDICT_BLOCKED, VERDICT_INCONCLUSIVE, VERDICT_FLAKY, VERDICT_UNTESTED };
	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		w.checks[2][0].verdict = open[i];
		baseline_apply(&baseline, &w.plan);
		ck_assert_int_eq(entry.state, KNOWN_UNJUDGED);
	}
	w.checks[0][0].verdict = VERDICT_FAIL;
	entry.script = script; /* another one than the one that fails */
	baseline_apply(&baseline, &w.plan);
	ck_assert(entry.state == KNOWN_UNJUDGED && !w.checks[0][0].known);
	sample_release(&w.sample);
}
END_TEST

START_TEST(cut_short)
{
	struct world w;
	world_init(&w);
	w.result.interrupted = true;
	ck_assert_int_eq(exit_of(&w), EXIT_INCOMPLETE);
	w.result.interrupted = false;
	w.result.unreachable = true;
	ck_assert_int_eq(exit_of(&w), EXIT_INCOMPLETE);
	w.result.unreachable = false;
	w.checks[1][0].verdict = VERDICT_PENDING; /* a check that nobody settled is our own fault */
	ck_assert_int_eq(exit_of(&w), EXIT_HARNESS);
	json_t *report = document(&w);
	const json_t *emitted = json_object_get(report, "emitted");
	ck_assert_int_eq(json_integer_value(json_object_get(emitted, "checks")), 3);
	ck_assert_int_eq(json_integer_value(json_object_get(emitted, "of")), 4);
	json_decref(report);
	w.result.interrupted = true; /* ... unless the run was cut short */
	ck_assert_int_eq(exit_of(&w), EXIT_INCOMPLETE);
	w.result.interrupted = false;
	w.checks[1][0].verdict = VERDICT_PASS;
	w.input.harness = "out of sockets";
	ck_assert_int_eq(exit_of(&w), EXIT_HARNESS);
	sample_release(&w.sample);
}
END_TEST

START_TEST(undeclared_class)
{
	struct world w;
	static char cards[] = "cards";
	world_init(&w);
	w.sample.rules[2].class = cards;
	w.checks[1][0].verdict = VERDICT_BLOCKED;
	ck_assert_int_eq(exit_of(&w), EXIT_CONFORMANT);
	sample_release(&w.sample);
}
END_TEST

START_TEST(class_partial)
{
	struct world w;
	world_init(&w);
	class_is(&w, "partial", "covers 2 of core's 3 areas (PUB SBS); missing: WIL");
	class_is(&w, "partial", "the AUTH cases were not run over TLS");
	w.selection.select = "PUB-*";
	w.plan.narrowed = true;
	class_is(&w, "partial", "narrowed by --select");
	w.listeners[0].tls = false;
	class_is(&w, "partial", "plaintext only");
	w.input.spec_dir = ".";
	class_is(&w, "partial", "--spec");
	w.target.token_credentials = false;
	class_is(&w, "partial", "without tokens");
	sample_release(&w.sample);
}
END_TEST

START_TEST(class_success)
{
	struct world w;
	static char auth[] = "AUTH";
	world_init(&w);
	w.areas.count = 2;
	class_is(&w, "partial", "over TLS");
	w.sample.rules[2].area = auth; /* now AUTH and PUB passed on the TLS listener */
	w.areas = (struct areas){ .names = { "PUB", "AUTH" }, .count = 2 };
	class_is(&w, "success", "");
	w.checks[1][0].verdict = VERDICT_NA;
	class_is(&w, "partial", "over TLS");
	w.checks[1][0].verdict = VERDICT_PASS;
	w.plan.script_count = 2;
	w.scripts[0].check_count = 0; /* PUB-02 lost its check */
	class_is(&w, "partial", "no check for PUB-02");
	w.areas.count = 0;
	class_is(&w, "partial", "names no areas");
	sample_release(&w.sample);
}
END_TEST

START_TEST(class_failure)
{
	struct world w;
	world_init(&w);
	w.checks[1][0].verdict = VERDICT_FAIL;
	class_is(&w, "failure", "1 of 3 MUST checks failed");
	w.checks[1][0].verdict = VERDICT_BLOCKED;
	class_is(&w, "incomplete", "1 were not judged");
	for (size_t i = 0; i < SCRIPTS; i++)
		w.checks[i][0].verdict = VERDICT_NA;
	class_is(&w, "incomplete", "nothing of it applied");
	w.plan.script_count = 0;
	class_is(&w, "incomplete", "no MUST check");
	sample_release(&w.sample);
}
END_TEST

START_TEST(worst_of_a_rule)
{
	struct world w;
	world_init(&w);
	w.checks[0][0].verdict = VERDICT_NA;
	json_t *report = document(&w);
	const json_t *rules = json_object_get(report, "rules");
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(rules, 0), "verdict")), "PASS");
	json_decref(report);
	w.checks[0][0].verdict = VERDICT_FAIL;
	w.checks[2][0].verdict = VERDICT_HARNESS;
	report = document(&w);
	rules = json_object_get(report, "rules");
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(rules, 0), "verdict")), "FAIL");
	ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(rules, 0), "checks")), 2);
	json_decref(report);
	w.plan.script_count = 0;
	report = document(&w);
	ck_assert(json_is_null(json_object_get(json_array_get(json_object_get(report, "rules"), 0), "verdict")));
	json_decref(report);
	sample_release(&w.sample);
}
END_TEST

START_TEST(rows)
{
	static const struct {
		const char *id, *case_id, *carrier, *row;
	} cases[] = {
		{ "A-01.x", "A-01.x", "-", NULL },
		{ "A-01.x@tls", "A-01.x", "-", NULL },
		{ "A-01.x/qos1", "A-01.x", "qos1", NULL },
		{ "A-01.x/plus", "A-01.x", "-", "plus" },
		{ "A-01.x/plus@tls", "A-01.x", "-", "plus" },
		{ "A-01.x/plus/qos1@tls", "A-01.x", "qos1", "plus" },
		{ "vector:y/alone@tls", "vector:y", "alone", NULL },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world w;
		char id[64], case_id[64], carrier[64];
		world_init(&w);
		strcpy(id, cases[i].id);
		strcpy(case_id, cases[i].case_id);
		strcpy(carrier, cases[i].carrier);
		w.scripts[0].id = id;
		w.scripts[0].case_id = case_id;
		w.scripts[0].carrier = carrier;
		json_t *report = document(&w);
		const char *row =
			json_string_value(json_object_get(json_array_get(json_object_get(report, "checks"), 0), "row"));
		ck_assert_msg((!row && !cases[i].row) || (row && cases[i].row && strcmp(row, cases[i].row) == 0),
			      "%s: %s", id, row ? row : "null");
		json_decref(report);
		sample_release(&w.sample);
	}
}
END_TEST

START_TEST(one_check)
{
	struct world w;
	world_init(&w);
	json_t *report = document(&w);
	const json_t *checks = json_object_get(report, "checks"), *first = json_array_get(checks, 0);
	ck_assert_str_eq(json_string_value(json_object_get(first, "row")), "upper");
	ck_assert(json_is_null(json_object_get(json_array_get(checks, 2), "row")));
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(checks, 3), "listener")), "plain");
	ck_assert_str_eq(json_string_value(json_object_get(first, "rerun")),
			 "mqtt-agent-conformance run --target 'it'\\''s a target.json' --fixture fx --seed 7 --select "
			 "'PUB-02.other/upper/qos1@tls'");
	const json_t *listeners = json_object_get(json_object_get(report, "target"), "listeners");
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(listeners, 0), "address")),
			 "mqtts://[::1]:8883");
	json_decref(report);
	sample_release(&w.sample);
}
END_TEST

static char *text_of(json_t *report, bool verbose)
{
	struct text_style style = { false, verbose, "dir/report.json" };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(out);
	report_text(report, &style, out);
	fclose(out);
	return text;
}

START_TEST(text)
{
	struct world w;
	world_init(&w);
	strcpy(text_a, "seen \033[2J in PUBACK");
	w.checks[0][0].verdict = VERDICT_FAIL;
	w.checks[0][0].sentence = text_a;
	json_t *report = document(&w);
	char *words = text_of(report, false);
	ck_assert_ptr_nonnull(
		strstr(words, "FAIL PUB-02 (MUST) PUB-02.other/upper/qos1@tls\n  seen \\x1B[2J in PUBACK\n  again: "));
	ck_assert_ptr_nonnull(strstr(words, "class core: failure"));
	ck_assert_ptr_nonnull(strstr(words, "emitted 4 of 4 checks: 1 FAIL 3 PASS; seed 7"));
	ck_assert_ptr_nonnull(strstr(words, "outcome: violation (exit 1)\nreport: dir/report.json\n"));
	ck_assert_ptr_null(strstr(words, "SBS-01.own"));
	free(words);
	words = text_of(report, true);
	ck_assert_ptr_nonnull(strstr(words, "PASS SBS-01 (MUST) SBS-01.own/alone@tls\n"));
	free(words);
	json_decref(report);
	sample_release(&w.sample);
}
END_TEST

START_TEST(text_of_many_blocked)
{
	struct world w;
	world_init(&w);
	strcpy(text_a, "preflight: not reached");
	for (size_t i = 0; i < SCRIPTS; i++) {
		w.checks[i][0].verdict = VERDICT_BLOCKED;
		w.checks[i][0].sentence = text_a;
	}
	w.scripts[0].check_count = 1;
	json_t *report = document(&w);
	char *words = text_of(report, false);
	ck_assert_ptr_nonnull(strstr(words, "and 2 more BLOCKED for the same reason"));
	ck_assert_ptr_null(strstr(words, "SBS-01.own"));
	free(words);
	json_decref(report);
	sample_release(&w.sample);
}
END_TEST

static void junit_has(json_t *report, const char *part)
{
	struct buf xml;
	buf_init(&xml, 1 << 20);
	report_junit(report, &xml);
	const char *found = buf_string(&xml);
	ck_assert_ptr_nonnull(found);
	ck_assert_msg(strstr(found, part) != NULL, "no %s in:\n%s", part, found);
	ck_assert(slice_utf8(buf_slice(&xml)));
	for (size_t i = 0; i < xml.size; i++)
		ck_assert(xml.data[i] >= 0x20 || xml.data[i] == '\n');
	buf_release(&xml);
}

START_TEST(junit)
{
	struct world w;
	world_init(&w);
	strcpy(text_a, "a<b> & \"c\" ]]> \001\x1b \xff 'd'\n");
	strcpy(text_b, "told \xEF\xBF\xBF 0x80");
	w.checks[0][0] = check_of(&w.sample.rules[0], VERDICT_FAIL);
	w.checks[0][0].sentence = text_a;
	w.checks[0][1] = check_of(&w.sample.rules[1], VERDICT_WARN);
	w.checks[0][1].sentence = text_b;
	w.checks[1][0].verdict = VERDICT_NA;
	w.checks[2][0].verdict = VERDICT_INCONCLUSIVE;
	json_t *report = document(&w);
	junit_has(report, " tests=\"4\" failures=\"1\" errors=\"1\"");
	junit_has(report, " skipped=\"1\"");
	junit_has(report,
		  "<failure message=\"a&lt;b&gt; &amp; &quot;c&quot; ]]&gt;  ? &apos;d&apos;&#10;\" type=\"FAIL\">");
	junit_has(report, "<system-out>WARN: told  0x80&#10;again: mqtt-agent-conformance run");
	junit_has(report, "<skipped message=\"\"/>");
	junit_has(report, "<error message=\"\" type=\"INCONCLUSIVE\">");
	junit_has(report, "name=\"PUB-02.other/upper/qos1@tls [PUB-03]\"");
	json_decref(report);
	sample_release(&w.sample);
}
END_TEST

/* Each object of the report has just the members that the schema demands. */
static void schema_agrees(const json_t *schema, const json_t *value)
{
	const char *member;
	json_t *part;
	size_t i;
	const json_t *properties = json_object_get(schema, "properties"), *items = json_object_get(schema, "items");
	if (properties) {
		ck_assert(json_is_object(value));
		json_object_foreach((json_t *)value, member, part)
		{
			ck_assert_msg(json_object_get(properties, member) != NULL, "the schema lacks %s", member);
			schema_agrees(json_object_get(properties, member), part);
		}
		json_array_foreach(json_object_get(schema, "required"), i, part)
			ck_assert_msg(json_object_get(value, json_string_value(part)) != NULL, "the report lacks %s",
				      json_string_value(part));
	}
	if (items && json_array_size(value) > 0)
		schema_agrees(items, json_array_get(value, 0));
}

START_TEST(schema)
{
	struct fault fault = { FAULT_NONE, "" };
	struct world w;
	world_init(&w);
	json_t *form = json_read_file(SOURCE_DIR "/conformance/report.schema.json", &json_limits_file, &fault);
	ck_assert_msg(form != NULL, "%s", fault.text);
	json_t *report = document(&w);
	schema_agrees(form, report);
	json_decref(report);
	json_decref(form);
	sample_release(&w.sample);
}
END_TEST

START_TEST(written_whole)
{
	struct fault fault = { FAULT_NONE, "" };
	struct world w;
	char folder[64], path[128];
	world_init(&w);
	ck_assert_ptr_nonnull(folder_new(folder));
	json_t *report = document(&w);
	ck_assert_msg(report_write(report, folder, &fault), "%s", fault.text);
	snprintf(path, sizeof(path), "%s/report.json", folder);
	json_t *again = json_read_file(path, &json_limits_file, &fault);
	ck_assert_msg(again != NULL, "%s", fault.text);
	ck_assert(json_equal(report, again));
	ck_assert(!report_write(report, "/nowhere/at/all", &fault));
	ck_assert_ptr_nonnull(strstr(fault.text, "/nowhere/at/all/report.json: cannot write"));
	json_decref(again);
	json_decref(report);
	folder_remove(folder);
	sample_release(&w.sample);
}
END_TEST

START_TEST(areas_of_core)
{
	struct fault fault = { FAULT_NONE, "" };
	struct areas areas;
	ck_assert_msg(areas_load(SOURCE_DIR, "core", &areas, &fault), "%s", fault.text);
	ck_assert_uint_ge(areas.count, 2);
	ck_assert_str_eq(areas.names[0], "TLS");
	ck_assert(areas_load(SOURCE_DIR, "nothing", &areas, &fault));
	ck_assert_uint_eq(areas.count, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report");
	TCase *tests = tcase_create("report");
	tcase_add_test(tests, exit_codes);
	tcase_add_test(tests, stale_baseline);
	tcase_add_test(tests, stale_entries);
	tcase_add_test(tests, cut_short);
	tcase_add_test(tests, undeclared_class);
	tcase_add_test(tests, class_partial);
	tcase_add_test(tests, class_success);
	tcase_add_test(tests, class_failure);
	tcase_add_test(tests, worst_of_a_rule);
	tcase_add_test(tests, rows);
	tcase_add_test(tests, one_check);
	tcase_add_test(tests, text);
	tcase_add_test(tests, text_of_many_blocked);
	tcase_add_test(tests, junit);
	tcase_add_test(tests, schema);
	tcase_add_test(tests, written_whole);
	tcase_add_test(tests, areas_of_core);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
