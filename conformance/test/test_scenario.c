/* The scenario language: what it reads, what it refuses and where, and the lints. */
#include "case_texts.h"
#include "scenario/cases.h"
#include "scenario/lexer.h"
#include "scenario/names.h"
#include "scenario/plan.h"
#include "tree.h"

static struct tree tree;
static struct registry *registry;

static void setup(void)
{
	struct fault fault = { FAULT_NONE, "" };

	tree_init(&tree);
	tree_put(&tree, "spec", "01-small.md", SMALL_SPEC);
	registry = registry_load(tree.dir, &fault);
	ck_assert_msg(registry != NULL, "%s", fault.text);
}

static void teardown(void)
{
	registry_free(registry);
	tree_remove(&tree);
}


static const char *const good[] = {
	HEAD CAST LIVE TWIN SEEN DENY,
	HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" -> denied should 0x87 0x83\n",
	HEAD "  carriers publish\n  alone\n  cites PUB-01 [PUB-01]\n" CAST LIVE TWIN SEEN DENY,
	HEAD "  carriers listeners\n" CAST LIVE TWIN SEEN DENY,
	HEAD "  attack N01 N62\n" CAST LIVE TWIN SEEN DENY,
	"# a comment\n\n" HEAD "\t" CAST LIVE TWIN "  # between\n" SEEN DENY "\n# the end",
	HEAD CAST "  rows\n  | row | bad |\n  | one | \"a|b\" |\n  | 2nd | 'c' |\n" LIVE TWIN SEEN "  deny same to <bad>\n",
	HEAD CAST LIVE TWIN SEEN DENY "  scout publishes \"agents/scout/card\" \"more\" with qos 0, retain by 200ms\n",
	HEAD CAST LIVE TWIN SEEN DENY "  scout pings -> alive by 2s [PUB-01]\n  scout disconnects\n  analyst drops\n",
	HEAD CAST LIVE TWIN SEEN DENY "  analyst never receives \"true\"\n  analyst unsubscribes \"agents/+/card\"\n",
	HEAD CAST LIVE TWIN SEEN "  deny same with retain\n",
	"case SUB-01.ping \"substrate needs no deny\"\n  org seed\n  scout is agent\n  scout connects\n  twin scout pings\n",
	HEAD "  scout is user with name \"bob\", keepalive 5s, exp -60s, nbf none, claim extra 'v', remove \"claims.aud\"\n"
	     "  forger is scout with recipe '{\"key\": \"main-es256\"}'\n  twin scout connects\n  deny forger connects\n",
};

START_TEST(reads_good_cases)
{
	struct fault fault = { FAULT_NONE, "" };

	ck_assert_msg(scenario_check_text(registry, slice_text(good[_i]), "x", &fault), "%s", fault.text);
}
END_TEST

static const struct {
	const char *text, *fault;
} bad[] = {
	/* Words and lines. */
	{ "", "x:1:1: expected a case, found an empty file" },
	{ "cases\n", "x:1:1: expected the word case, found the word \"cases\"" },
	{ "case PUB-02 \"t\"\n", "x:1:6: expected the id of a case, RULE.NAME, found \"PUB-02\"" },
	{ "case PUB-02.X \"t\"\n", "x:1:6: expected small letters, digits and hyphens behind the dot" },
	{ "case PUB-77.x \"t\"\n", "x:1:6: expected the id of a rule of the spec, found \"PUB-77\"" },
	{ "case vector:x \"t\"\n", "x:1:6: expected the id of a case" },
	{ "case PUB-02.x t\n", "x:1:15: expected the title of the case in quotes, found the word \"t\"" },
	{ "case PUB-02.x \"t\" more\n", "x:1:19: expected the end of the line behind the title" },
	{ "case PUB-02.x \"t\n", "x:1:15: expected a closing \" before the end of the line" },
	{ HEAD "  scout is agent with client ?\n", "x:3:30: expected a word, a string or a sign, found the byte 0x3F" },
	{ "case PUB-02.x \"t\"\n  scout is agent\n  scout connects\n", "x:1:1: expected a line `org NAME`" },
	{ HEAD, "x:1:1: expected a step in this case" },
	/* Headers. */
	{ "case PUB-02.x \"t\"\n  org nowhere\n",
	  "x:2:7: expected the name of a policy block of the spec, found \"nowhere\"" },
	{ HEAD "  org seed\n", "x:3:7: a second org" },
	{ HEAD "  carriers window\n", "x:3:12: expected a door: publish" },
	{ HEAD "  carriers publish publish\n", "x:3:20: a door that was named before" },
	{ HEAD "  needs money\n", "x:3:9: expected a hook" },
	{ HEAD "  attack N1\n", "x:3:10: expected a row of the table of attacks, N01" },
	{ HEAD "  attack\n", "x:3:9: expected a row of the table of attacks, N01, found the end of the line" },
	{ HEAD "  attack N01\n  attack N02\n", "x:4:10: a second attack; name all rows on one line" },
	{ HEAD "  cites PUB-44\n", "x:3:9: expected the id of a rule of the spec, found \"PUB-44\"" },
	{ HEAD "  scout is agent\n  scout connects\n  alone\n", "x:5:3: expected a step or a new case" },
	/* Cast. */
	{ HEAD "  twin is agent\n", "x:3:3: expected a name in small letters that is no word of the language" },
	{ HEAD "  scout is agents\n", "x:3:12: expected agent, user, server, tool or an earlier actor" },
	{ HEAD "  scout, analyst is agent\n", "x:3:18: expected are after several names" },
	{ HEAD "  scout is agent\n  scout is user\n", "x:4:3: a second actor of the same name" },
	{ HEAD "  scout is scout\n", "x:3:12: expected agent, user" },
	{ HEAD "  scout is agent with colour \"red\"\n", "x:3:23: expected an attribute: name, org, client" },
	{ HEAD "  scout is agent with exp\n",
	  "x:3:26: expected a duration from now, or none, found the end of the line" },
	{ HEAD "  joint is agent for alice\n", "x:3:22: expected an actor of the cast, found \"alice\"" },
	{ HEAD CAST "  ghost is agent\n" LIVE TWIN SEEN DENY, "x:4:3: an actor that no step uses" },
	/* Tables. */
	{ HEAD CAST "  | row |\n", "x:4:3: expected the word rows above a table" },
	{ HEAD CAST "  rows\n  | row | bad |\n  | one |\n",
	  "x:6:3: expected 2 values, as many as there are columns, found 1" },
	{ HEAD CAST "  rows\n  | row | row |\n", "x:5:11: a second column of the same name" },
	{ HEAD CAST "  rows\n  | row |\n  | one |\n  | one |\n", "x:7:5: a second row of the same name" },
	{ HEAD CAST "  rows\n  | row | bad |\n" LIVE TWIN SEEN "  deny same to <bad>\n",
	  "x:1:1: expected a row below" },
	{ HEAD CAST "  rows\n  | row | bad |\n  | one | \"x\" |\n" LIVE TWIN SEEN DENY,
	  "x:5:11: a column that no step uses" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to <bad>\n", "x:9:16: expected a column of the table, found <bad>" },
	{ HEAD CAST "  rows\n  | row | bad |\n  | one | 5s |\n" LIVE TWIN SEEN "  deny same to <bad>\n",
	  "x:6:11: expected a text" },
	/* Steps. */
	{ HEAD CAST "  nobody connects\n", "x:4:3: expected an actor of the cast, found \"nobody\"" },
	{ HEAD CAST "  scout dances\n", "x:4:9: expected a verb: connects" },
	{ HEAD CAST "  scout marks\n", "x:4:9: the verb \"marks\" is not part of this revision" },
	{ HEAD CAST "  scout never connects\n", "x:4:15: expected receives after never" },
	{ HEAD CAST "  scout publishes \"a\"\n", "x:4:22: expected a text, or the word empty, found the end of the line" },
	{ HEAD CAST "  scout connects\n  scout pings with retain\n", "x:5:20: expected no attribute after this verb" },
	{ HEAD CAST "  scout connects -> granted\n",
	  "x:4:21: expected accepted, present, absent, refused, denied or closed, found the word \"granted\"" },
	{ HEAD CAST "  scout connects -> accepted or\n",
	  "x:4:32: expected accepted, present, absent, refused, denied or closed, found the end of the line" },
	{ HEAD CAST "  scout connects by soon\n", "x:4:21: expected a duration, now, a @mark, or NAME.exp, NAME.closed, NAME.connected, found the word" },
	{ HEAD CAST "  scout connects by 0s\n", "x:4:21: expected a duration from 1ms" },
	{ HEAD CAST "  scout connects [PUB-44]\n", "x:4:18: expected the id of a rule of the spec" },
	{ HEAD CAST "  scout connects nicely\n",
	  "x:4:18: expected an outcome, a [RULE], a @mark or the end of the line" },
	{ HEAD CAST "  deny same to \"x\"\n", "x:4:8: expected a twin above `same`" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same as before\n", "x:9:13: expected to, by or with after same" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" -> denied should 0x00\n",
	  "x:9:37: expected the reason code of a denial" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" -> denied alike y\n", "x:9:36: expected the id of a rule of the spec, found \"y\"" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"{ghost}/x\"\n",
	  "x:9:16: expected an actor of the cast in braces, found {ghost}" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same with qos 3\n", "x:9:22: expected a value from 0 to 2" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to 5\n", "x:9:16: expected a text" },
	/* Lints. */
	{ HEAD CAST LIVE "  deny scout publishes \"x\" \"y\"\n", "x:7:3: expected a twin above this deny" },
	{ HEAD CAST LIVE "  twin scout subscribes \"a\"\n  deny scout publishes \"x\" \"y\"\n",
	  "x:8:3: expected a twin above this deny" },
	{ HEAD CAST LIVE TWIN DENY, "x:7:3: expected a step below in which somebody receives" },
	{ HEAD CAST "  scout connects\n  analyst connects\n" TWIN "  analyst receives \"true\"\n  deny same to \"x\"\n",
	  "x:8:3: expected a subscriber above this denied publish" },
	{ HEAD CAST LIVE TWIN SEEN DENY "  scout never receives \"true\"\n", "x:10:3: expected a live path" },
	{ HEAD CAST LIVE TWIN SEEN DENY "  analyst never receives \"false\"\n",
	  "x:10:3: expected a publish step above with the same text" },
	{ HEAD CAST LIVE SEEN, "x:7:3: expected a publish step above with the same text" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" -> denied or allowed\n",
	  "x:9:23: expected a denial after deny" },
	{ HEAD CAST LIVE TWIN SEEN DENY "  twin same -> denied\n", "x:10:13: expected to, by or with" },
	{ HEAD CAST LIVE TWIN SEEN DENY "  twin same to \"y\" -> denied\n",
	  "x:10:23: expected an allowance after twin" },
	{ HEAD CAST LIVE TWIN SEEN DENY "  scout publishes \"y\" \"z\" -> denied\n",
	  "x:10:3: expected the label deny" },
	{ HEAD CAST LIVE TWIN SEEN DENY "  deny scout drops\n", "x:10:3: expected no deny before a verb" },
	{ HEAD CAST LIVE TWIN SEEN DENY "  twin scout drops\n  deny scout drops\n",
	  "x:11:3: expected no deny before a verb" },
	{ HEAD CAST LIVE TWIN SEEN DENY "  twin analyst never receives \"true\"\n",
	  "x:10:3: expected no twin before `never`" },
	{ HEAD CAST LIVE TWIN SEEN, "x:1:1: expected a deny or a never in a case about identity" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" @end\n", "x:9:20: a mark that nothing uses" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" [PUB-03]\n",
	  "x:9:3: expected the rule that is denied: PUB-03 is the manner of PUB-02" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" -> denied should 0x87 [SBS-03]\n",
	  "x:9:30: expected no `should`" },
	{ HEAD CAST "  scout pings\n", "x:4:3: expected a step above in which this actor connects" },
	{ HEAD "  carriers subscribe\n" CAST "  analyst connects\n  scout connects\n  analyst subscribes \"a\"\n" TWIN SEEN DENY,
	  "x:3:12: expected a twin or deny step for the carriers of door subscribe" },
	{ HEAD CAST LIVE TWIN SEEN DENY HEAD CAST LIVE TWIN SEEN DENY,
	  "x:10:1: the id PUB-02.x is taken by the case at x:1" },
	/* Attributes. */
	{ HEAD "  scout is agent with org \"mars\"\n  bad is scout with key \"k\"\n  twin scout connects\n  deny bad connects\n",
	  "x:3:27: expected the name of a policy block" },
	{ HEAD "  scout is agent with exp 1500ms\n  bad is scout with key \"k\"\n  twin scout connects\n  deny bad connects\n",
	  "x:3:27: expected whole seconds" },
	{ HEAD "  scout is agent with recipe '[1]'\n  bad is scout with key \"k\"\n  twin scout connects\n  deny bad connects\n",
	  "x:3:30: expected a recipe that is a JSON object" },
	{ HEAD "  scout is agent with recipe '{'\n  bad is scout with key \"k\"\n  twin scout connects\n  deny bad connects\n",
	  "x:3:30: expected a recipe in JSON; it is malformed" },
	{ HEAD "  scout is agent with remove \"aud\"\n  bad is scout with key \"k\"\n  twin scout connects\n  deny bad connects\n",
	  "x:3:30: expected \"claims.NAME\" or \"header.NAME\"" },
};

/* Whatever else is wrong with it: this is found, at this place. */
static bool finds(const char *text, const char *expected, struct buf *found)
{
	struct mistakes mistakes = { NULL, 0, false };
	bool there = false;

	scenario_mistakes(registry, slice_text(text), "x", &mistakes);
	for (size_t i = 0; i < mistakes.count; i++) {
		size_t begin = found->size;
		buf_format(found, "x:%u:%u: %s", mistakes.items[i].line, mistakes.items[i].column, mistakes.items[i].text);
		struct slice line = slice_part(buf_slice(found), begin, found->size);
		there = there || slice_starts(line, slice_text(expected));
		buf_text(found, "\n");
	}
	mistakes_release(&mistakes);
	return there;
}

START_TEST(refuses_bad_cases)
{
	struct buf found;

	buf_init(&found, 1 << 16);
	ck_assert_msg(finds(bad[_i].text, bad[_i].fault, &found), "%s\nfound:\n%s\nexpected: %s", bad[_i].text,
		      buf_string(&found), bad[_i].fault);
	buf_release(&found);
}
END_TEST

/* Cut anywhere, or with any byte broken, a case is read or refused, and nothing worse. */
START_TEST(survives_damage)
{
	char text[sizeof HEAD CAST LIVE TWIN SEEN DENY];

	for (size_t i = 0; i < sizeof text; i++) {
		struct fault fault = { FAULT_NONE, "" };
		static const char bytes[] = "\"'<[@|-\n\xff ,";
		memcpy(text, HEAD CAST LIVE TWIN SEEN DENY, sizeof text);
		scenario_check_text(registry, slice_of(text, i), "x", &fault);
		for (size_t k = 0; k < sizeof bytes && i < sizeof text - 1; k++) {
			text[i] = bytes[k];
			scenario_check_text(registry, slice_of(text, sizeof text - 1), "x", &fault);
		}
	}
}
END_TEST

START_TEST(lexes_tokens)
{
	static const struct {
		const char *text;
		enum token_kind kind;
		int64_t number;
	} samples[] = {
		{ "30s", TOKEN_DURATION, 30000 }, { "200ms", TOKEN_DURATION, 200 }, { "-60s", TOKEN_DURATION, -60000 },
		{ "7", TOKEN_NUMBER, 7 },	  { "-1", TOKEN_NUMBER, -1 },	    { "0x8A", TOKEN_CODE, 0x8a },
		{ "0x8", TOKEN_WORD, 0 },	  { "0x8g", TOKEN_WORD, 0 },	    { "2nd", TOKEN_WORD, 0 },
		{ "'a\"b'", TOKEN_RAW, 0 },	  { "\"a'#b\"", TOKEN_STRING, 0 },  { "->", TOKEN_ARROW, 0 },
		{ "@end", TOKEN_MARK, 0 },	  { "[PUB-02]", TOKEN_RULE, 0 },    { "<x>", TOKEN_COLUMN, 0 },
		{ "PUB-02.other", TOKEN_WORD, 0 },
	};

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct fault fault = { FAULT_NONE, "" };
		struct lexer lexer;
		struct token token;
		lexer_init(&lexer, slice_text(samples[i].text), "x", 7, 2);
		ck_assert_msg(lexer_next(&lexer, &token, &fault), "%s", fault.text);
		ck_assert_msg(token.kind == samples[i].kind && token.number == samples[i].number, "%s", samples[i].text);
		ck_assert_uint_eq(token.line, 7);
		ck_assert_uint_eq(token.column, 3);
		ck_assert(lexer_next(&lexer, &token, &fault) && token.kind == TOKEN_END);
		ck_assert(lexer_next(&lexer, &token, &fault) && token.kind == TOKEN_EOF);
	}
}
END_TEST

static const char *scout_only(const void *context, struct slice name, bool *fixed)
{
	*fixed = false;
	return slice_is(name, "scout") ? context : NULL;
}

START_TEST(expands_names)
{
	static const char *const samples[][2] = {
		{ "agents/scout/card", "agents/S/card" }, { "scout", "S" },	  { "/scout/", "/S/" },
		{ "agents/scouts", "agents/scouts" },	  { "{scout}x/y", "Sx/y" }, { "a{scout}", "aS" },
		{ "{$self}", "{$self}" },		  { "{}", "{}" },	  { "{scout", "{scout" },
		{ "", "" },				  { "{Scout}", "{Scout}" },
	};
	const struct name_source source = { scout_only, "S" };

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct slice unknown;
		struct buf out;
		bool varies = false;
		buf_init(&out, 100);
		ck_assert(names_expand(&source, slice_text(samples[i][0]), true, &out, &varies, &unknown));
		ck_assert_str_eq(buf_string(&out), samples[i][1]);
		ck_assert(varies == (strcmp(samples[i][0], samples[i][1]) != 0));
		buf_clear(&out);
		if (names_expand(&source, slice_text("scout/{ghost}"), false, &out, NULL, &unknown))
			ck_abort_msg("{ghost} is nobody");
		ck_assert(slice_is(unknown, "ghost"));
		buf_release(&out);
	}
	ck_assert(names_mention(slice_text("a/{scout}x"), slice_text("scout")));
	ck_assert(!names_mention(slice_text("a/scoutx"), slice_text("scout")));
}
END_TEST

/* An error in a block of the prose names the place in the chapter. */
START_TEST(places_blocks_in_the_chapter)
{
	struct fault fault = { FAULT_NONE, "" };
	struct registry *r;
	struct tree own;

	tree_init(&own);
	tree_put(&own, "spec", "01-a.md", SMALL_SPEC "\n- **SUB-02** It MUST.\n\n  ```scenario\n  case SUB-02.x \"t\"\n    org x\n  ```\n");
	r = registry_load(own.dir, &fault);
	ck_assert_msg(r != NULL, "%s", fault.text);
	ck_assert_ptr_null(cases_load(r, &fault));
	ck_assert_msg(strncmp(fault.text, "spec/01-a.md:32:9: expected the name of a policy", 40) == 0, "%s", fault.text);
	registry_free(r);
	tree_remove(&own);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scenario");
	TCase *tests = tcase_create("all");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, reads_good_cases, 0, sizeof good / sizeof *good);
	tcase_add_loop_test(tests, refuses_bad_cases, 0, sizeof bad / sizeof *bad);
	tcase_add_test(tests, survives_damage);
	tcase_add_test(tests, lexes_tokens);
	tcase_add_test(tests, expands_names);
	tcase_add_test(tests, places_blocks_in_the_chapter);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
