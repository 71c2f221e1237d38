/* Alignment changes nothing but blanks, and damage of any kind is refused with a place. */
#include "case_texts.h"
#include "scenario/format.h"
#include "scenario/plan.h"
#include "script_dump.h"
#include "tree.h"

static struct registry *registry; /* of the project */

static void setup(void)
{
	struct fault fault = { FAULT_NONE, "" };

	registry = registry_load(SOURCE_DIR, &fault);
	ck_assert_msg(registry != NULL, "%s", fault.text);
}

static void teardown(void)
{
	registry_free(registry);
}

static const char *const samples[][2] = {
	{ "", "" },
	{ "\n\n# all\n\n\n", "# all\n" },
	{ "case A-01.x   \"t\"\n org seed\n\n\n\ncase A-02.y \"u\"", "case A-01.x \"t\"\n  org      seed\n\ncase A-02.y \"u\"\n" },
	{ "  scout,analyst   are agents", "  scout, analyst are agents\n" },
	{ "\tscout is agent with exp now+2s,iat -5s#why", "  scout    is agent with exp now + 2s, iat -5s  #why\n" },
	{ "rows\n|row|bad|\n|a| \"long value\"|", "  rows\n  | row | bad          |\n  | a   | \"long value\" |\n" },
	{ "twin scout pings ->alive by 2s should 0x87 [A-01] @end\nscout drops\ndeny scout never receives \"x\" by @end [A-01]",
	  "  twin     scout pings                       -> alive by 2s should 0x87  [A-01] @end\n"
	  "  scout    drops\n"
	  "  deny     scout never receives \"x\" by @end  [A-01]\n" },
	{ "scout sends x\"10 {len} 'a b'\" with breaks MQTT-1.2", "  scout    sends x\"10 {len} 'a b'\" with breaks MQTT-1.2\n" },
	{ "  | a | b\n  x |", "  | a | b\n  x        |\n" },
};

START_TEST(aligns)
{
	struct fault fault = { FAULT_NONE, "" };
	struct buf out;

	buf_init(&out, 1 << 20);
	ck_assert_msg(scenario_format(slice_text(samples[_i][0]), "x", &out, &fault), "%s", fault.text);
	ck_assert_str_eq(buf_string(&out), samples[_i][1]);
	buf_release(&out);
}
END_TEST

START_TEST(refuses_what_is_no_token)
{
	struct fault fault = { FAULT_NONE, "" };
	struct buf out;

	buf_init(&out, 1 << 20);
	ck_assert(!scenario_format(slice_text("scout pings\nscout ?"), "x", &out, &fault));
	ck_assert_msg(strncmp(fault.text, "x:2:7: expected a word", 22) == 0, "%s", fault.text);
	buf_release(&out);
}
END_TEST

/* The plan of one text under the project's spec, as text. */
static void dump(const char *text, struct buf *out)
{
	static const char *const names[] = { "tls" };
	struct plan_options options = { .seed = 1, .listener_count = 1, .listener_names = names, .client_id_prefix = "" };
	struct fault fault = { FAULT_NONE, "" };
	struct scenario_block block = { .text = (char *)text, .place = { "conformance/cases/x", 1 } };
	struct registry alone = *registry;

	alone.blocks = &block;
	alone.block_count = 1;
	alone.vector_count = 0;
	struct case_set *cases = cases_load(&alone, &fault);
	ck_assert_msg(cases != NULL, "%s\n%s", fault.text, text);
	struct plan *plan = plan_make(cases, &alone, &options, &fault);
	ck_assert_msg(plan != NULL, "%s", fault.text);
	for (size_t i = 0; i < plan->script_count; i++)
		dump_script(plan->scripts[i], out);
	plan_free(plan);
	cases_free(cases);
}

/* All that is shipped: once aligned it stays as it is, and says what it said. */
START_TEST(changes_no_plan)
{
	struct fault fault = { FAULT_NONE, "" };

	ck_assert_uint_gt(registry->block_count, 20);
	for (size_t i = 0; i < registry->block_count; i++) {
		const char *text = registry->blocks[i].text;
		struct buf once, twice, before, after;
		buf_init(&once, 1 << 20);
		buf_init(&twice, 1 << 20);
		buf_init(&before, 64 << 20);
		buf_init(&after, 64 << 20);
		ck_assert_msg(scenario_format(slice_text(text), "x", &once, &fault), "%s", fault.text);
		ck_assert_msg(scenario_format(buf_slice(&once), "x", &twice, &fault), "%s", fault.text);
		ck_assert_str_eq(buf_string(&once), buf_string(&twice));
		dump(text, &before);
		dump(buf_string(&once), &after);
		ck_assert_uint_gt(before.size, 0);
		ck_assert_str_eq(buf_string(&before), buf_string(&after));
		buf_release(&once);
		buf_release(&twice);
		buf_release(&before);
		buf_release(&after);
	}
}
END_TEST

/* Read or refused, and where refused, with a place; formatted or refused likewise. */
static void try(const char *text, size_t size)
{
	struct mistakes mistakes = { NULL, 0, false };
	struct fault fault = { FAULT_NONE, "" };
	struct buf out;

	scenario_mistakes(registry, slice_of(text, size), "x", &mistakes);
	ck_assert(!mistakes.no_memory);
	for (size_t i = 0; i < mistakes.count; i++)
		ck_assert_msg(mistakes.items[i].line > 0 && mistakes.items[i].column > 0, "no place: %s", mistakes.items[i].text);
	mistakes_release(&mistakes);
	buf_init(&out, 1 << 22);
	if (!scenario_format(slice_of(text, size), "x", &out, &fault))
		ck_assert_msg(strncmp(fault.text, "x:", 2) == 0, "%s", fault.text);
	buf_release(&out);
}

/* Every shipped text cut at every place and with every byte broken in some way; one that is longer than a
 * thousand bytes, at some thousand places: the time goes with the square. */
static void damage(const char *text)
{
	static const char bytes[] = "\"'<>[]{}@|-+,.#x0 \n\t\xff";
	size_t size = strlen(text), step = size / 1000 + 1;
	char *copy = malloc(size + 1);

	ck_assert_ptr_nonnull(copy);
	for (size_t i = 0; i < size; i += step) {
		memcpy(copy, text, size + 1);
		try(copy, i);
		copy[i] = bytes[(i / step) % (sizeof bytes - 1)];
		try(copy, size);
	}
	free(copy);
}

START_TEST(survives_damage)
{
	struct fault fault = { FAULT_NONE, "" };
	struct buf language;

	for (size_t i = (size_t)_i; i < registry->block_count; i += 4)
		damage(registry->blocks[i].text);
	buf_init(&language, 1 << 20);
	ck_assert_msg(file_read(SOURCE_DIR "/conformance/test/language.scenario", 1 << 20, &language, &fault), "%s", fault.text);
	if (_i == 0)
		damage(buf_string(&language));
	buf_release(&language);
}
END_TEST

/* Many of everything: each bound is a mistake with a place, and not a crash. */
START_TEST(survives_abundance)
{
	static const struct {
		const char *head, *line; /* %zu: its number, where the line has one */
	} samples_of[] = {
		{ HEAD, "  actor%zu is agent\n" },
		{ HEAD CAST "  rows\n  | row | bad |\n", "  | row%zu | \"x\" |\n" },
		{ GOOD, "  scout pings -> alive @m%zu\n" },
		{ GOOD, "  deny same to \"x%zu\"\n" },
		{ GOOD "  scout publishes \"a\" \"b\" with user \"n\" \"v\"", ", user \"n\" \"%zu\"" },
		{ GOOD "  analyst receives \"true\"", " \"true\"" },
		{ GOOD "  deny same to \"x\" -> denied should", " 0x87" },
	};

	for (size_t i = 0; i < sizeof samples_of / sizeof *samples_of; i++) {
		struct buf text;
		buf_init(&text, 1 << 20);
		buf_text(&text, samples_of[i].head);
		for (size_t k = 0; k < 300; k++) {
			const char *line = samples_of[i].line, *number = strstr(line, "%zu");
			buf_put(&text, slice_of(line, number ? (size_t)(number - line) : strlen(line)));
			if (number)
				buf_format(&text, "%zu%s", k, number + 3);
		}
		ck_assert(!text.failed);
		try((const char *)text.data, text.size);
		buf_release(&text);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("format");
	TCase *tests = tcase_create("all");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 240);
	tcase_add_loop_test(tests, aligns, 0, sizeof samples / sizeof *samples);
	tcase_add_test(tests, refuses_what_is_no_token);
	tcase_add_test(tests, changes_no_plan);
	tcase_add_loop_test(tests, survives_damage, 0, 4);
	tcase_add_test(tests, survives_abundance);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
