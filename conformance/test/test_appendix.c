/* Appendix A1 and the tables of the language say the same, in both directions; its example is a case. */
#include "mint/mint.h"
#include "scenario/carrier.h"
#include "scenario/plan.h"
#include "scenario/words.h"
#include "tree.h"

#include <ctype.h>

static struct buf appendix;

static void setup(void)
{
	struct fault fault = { FAULT_NONE, "" };

	buf_init(&appendix, 1 << 20);
	ck_assert_msg(file_read(SOURCE_DIR "/spec/A1-scenario-language.md", 1 << 20, &appendix, &fault), "%s", fault.text);
}

static void teardown(void)
{
	buf_release(&appendix);
}

/* What stands between this heading and the next of any level. */
static struct slice section(const char *heading)
{
	const char *begin = strstr(buf_string(&appendix), heading), *end;

	ck_assert_msg(begin != NULL, "no heading %s", heading);
	begin += strlen(heading);
	end = strstr(begin, "\n#");
	return slice_of(begin, end ? (size_t)(end - begin) : strlen(begin));
}

/* The first word in backquotes of that cell of a row of a table; empty where there is none. */
static struct slice word_of(struct slice line, size_t cell)
{
	bool more = true;
	struct slice rest = line, text = { NULL, 0 };

	if (!line.size || line.data[0] != '|')
		return text;
	for (size_t i = 0; i <= cell + 1 && more; i++)
		text = slice_word(&rest, '|', &more);
	slice_word(&text, '`', &more);
	if (!more)
		return slice_of(NULL, 0);
	text = slice_word(&text, '`', &more);
	return slice_starts(text, slice_text("never ")) ? slice_part(text, 0, strlen("never receives")) :
							  slice_word(&text, ' ', &more);
}

/* Calls back for each row that has such a word. */
static void each_word(const char *heading, size_t cell, void (*look)(struct slice word, struct slice line))
{
	struct slice rest = section(heading);
	bool more = true;
	size_t rows = 0;

	while (more) {
		struct slice line = slice_word(&rest, '\n', &more), word = word_of(line, cell);
		if (!word.size)
			continue;
		look(word, line);
		rows++;
	}
	ck_assert_uint_gt(rows, 2);
}

/* Is there a row with this word in that cell, and the other in the one before it? */
static bool has_row(const char *heading, size_t cell, const char *word, const char *before)
{
	struct slice rest = section(heading);
	bool more = true;

	while (more) {
		struct slice line = slice_word(&rest, '\n', &more);
		if (slice_is(word_of(line, cell), word) && (!before || slice_is(word_of(line, cell - 1), before)))
			return true;
	}
	return false;
}

static const struct {
	const char *word;
	unsigned scopes;
} places[] = { { "cast", SCOPE_CAST },           { "connect", SCOPE_CONNECT }, { "renew", SCOPE_RENEW },
	       { "publish", SCOPE_PUBLISH },     { "stream", SCOPE_STREAM },   { "subscribe", SCOPE_SUBSCRIBE },
	       { "receive", SCOPE_RECEIVE },     { "send", SCOPE_SEND },       { "disconnect", SCOPE_DISCONNECT } };

static unsigned scopes_of_word(struct slice word)
{
	const struct attribute_word *attribute;
	unsigned scopes = 0;

	for (size_t i = 0; (attribute = attribute_at(i)); i++)
		scopes |= slice_is(word, attribute->word) ? attribute->scopes : 0;
	return scopes;
}

/* The second cell is the scopes of the C table, no more and no fewer. */
static void look_attribute(struct slice word, struct slice line)
{
	struct slice rest = line, cell;
	bool more = true;
	unsigned scopes = 0;

	for (size_t i = 0; i < 3; i++)
		cell = slice_word(&rest, '|', &more);
	while (cell.size) {
		size_t size = 0;
		while (size < cell.size && isalpha(cell.data[size]))
			size++;
		for (size_t i = 0; i < sizeof places / sizeof *places; i++)
			scopes |= slice_is(slice_part(cell, 0, size), places[i].word) ? places[i].scopes : 0;
		cell = slice_part(cell, size ? size : 1, cell.size);
	}
	ck_assert_msg(scopes == scopes_of_word(word), "attribute %.*s: A1 says %u, the table %u", (int)word.size,
		      (const char *)word.data, scopes, scopes_of_word(word));
}

START_TEST(attributes)
{
	const struct attribute_word *attribute;

	each_word("\n## Attributes\n", 0, look_attribute);
	for (size_t i = 0; (attribute = attribute_at(i)); i++)
		ck_assert_msg(has_row("\n## Attributes\n", 0, attribute->word, NULL), "A1 has no attribute %s", attribute->word);
}
END_TEST

static void look_act(struct slice word, struct slice line)
{
	(void)line;
	ck_assert_msg(verb_find(word) != NULL, "A1 has an act %.*s", (int)word.size, (const char *)word.data);
}

START_TEST(acts)
{
	const struct verb *verb;

	each_word("\n## Acts\n", 0, look_act);
	for (size_t i = 0; (verb = verb_at(i)); i++)
		ck_assert_msg(has_row("\n## Acts\n", 0, verb->word, NULL), "A1 has no act %s", verb->word);
}
END_TEST

/* Rows below one that names the outcome belong to it as well. */
static bool says_outcome(const char *outcome, const char *verb)
{
	struct slice rest = section("\n## Outcomes\n"), at = { NULL, 0 };
	bool more = true;
	char quoted[64];

	snprintf(quoted, sizeof quoted, "`%s`", verb);
	while (more) {
		struct slice line = slice_word(&rest, '\n', &more), cells = line, second;
		bool inner = true;
		if (!line.size || line.data[0] != '|')
			continue;
		slice_word(&cells, '|', &inner);
		if (word_of(line, 0).size)
			at = word_of(line, 0);
		slice_word(&cells, '|', &inner);
		second = slice_word(&cells, '|', &inner);
		char *text = slice_copy(second);
		bool says = strstr(text, quoted) || (strstr(text, "all but the observations and hooks") && !strstr(verb, "receives"));
		free(text);
		if (slice_is(at, outcome) && says)
			return true;
	}
	return false;
}

/* `closed` is said of all acts at once; what has no answer of its own or is a hook is meant by "but". */
START_TEST(outcomes)
{
	const struct outcome_word *outcome;
	const struct verb *verb;

	for (size_t i = 0; (outcome = outcome_at(i)); i++)
		ck_assert_msg(says_outcome(outcome->word, act_name(outcome->act)), "A1 does not say %s of %s", outcome->word,
			      act_name(outcome->act));
	for (size_t i = 0; (verb = verb_at(i)); i++)
		for (size_t k = OUTCOME_ACCEPTED; k < OUTCOME_CLOSED; k++)
			ck_assert_msg(!says_outcome(outcome_name((enum outcome)k), verb->word) ||
					      outcome_of(verb->act, (enum outcome)k),
				      "A1 says %s of %s", outcome_name((enum outcome)k), verb->word);
}
END_TEST

static void look_carrier(struct slice word, struct slice line)
{
	const struct carrier *carrier;
	bool known = false;

	for (size_t i = 0; (carrier = carrier_of(word_of(line, 0), i)); i++)
		known = known || slice_is(word, carrier->name);
	ck_assert_msg(known, "A1 has a carrier %.*s", (int)word.size, (const char *)word.data);
}

START_TEST(carriers)
{
	const struct carrier *carrier;

	each_word("\n## Carriers\n", 1, look_carrier);
	for (size_t i = 0; (carrier = carrier_at(i)); i++)
		ck_assert_msg(has_row("\n## Carriers\n", 1, carrier->name, carrier->door), "A1 has no carrier %s of %s", carrier->name,
			      carrier->door);
}
END_TEST

/* The refusal of an unknown edit lists all that there are. */
static bool edit_listed(struct slice word)
{
	struct fault fault = { FAULT_NONE, "" };
	json_t *value = json_true();
	const char *list;

	ck_assert(!mint_edit_known("nosuch", value, &fault));
	list = strstr(fault.text, "expected ");
	ck_assert_ptr_nonnull(list);
	for (const char *at = list; (at = strstr(at, (const char *)word.data)); at++) /* word ends in a NUL */
		if (at[-1] == ' ' && strchr(", ", at[word.size]))
			return true;
	return false;
}

static void look_edit(struct slice word, struct slice line)
{
	char *text = slice_copy(word);

	(void)line;
	ck_assert_msg(edit_listed(slice_text(text)), "A1 has an edit %s", text);
	free(text);
}

START_TEST(edits)
{
	struct fault fault = { FAULT_NONE, "" };
	json_t *value = json_true();

	each_word("\n### Edits\n", 0, look_edit);
	ck_assert(!mint_edit_known("nosuch", value, &fault));
	char *rest = strstr(fault.text, "expected ") + strlen("expected ");
	for (char *at = rest; *at; at++)
		*at = *at == ',' ? ' ' : *at;
	struct slice words = slice_text(rest);
	bool more = true;
	while (more) {
		struct slice word = slice_word(&words, ' ', &more);
		if (!word.size || slice_is(word, "or"))
			continue;
		char *text = slice_copy(word);
		ck_assert_msg(has_row("\n### Edits\n", 0, text, NULL), "A1 has no edit %s", text);
		free(text);
	}
}
END_TEST

/* The annotated example is a scenario, as printed. */
START_TEST(example)
{
	struct fault fault = { FAULT_NONE, "" };
	struct registry *registry = registry_load(SOURCE_DIR, &fault);
	const char *begin = strstr(buf_string(&appendix), "```text\n"), *end;

	ck_assert_msg(registry != NULL, "%s", fault.text);
	ck_assert_ptr_nonnull(begin);
	begin += strlen("```text\n");
	end = strstr(begin, "```");
	ck_assert_ptr_nonnull(end);
	ck_assert_msg(scenario_check_text(registry, slice_of(begin, (size_t)(end - begin)), "A1", &fault), "%s", fault.text);
	registry_free(registry);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("appendix");
	TCase *tests = tcase_create("all");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, attributes);
	tcase_add_test(tests, acts);
	tcase_add_test(tests, outcomes);
	tcase_add_test(tests, carriers);
	tcase_add_test(tests, edits);
	tcase_add_test(tests, example);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
