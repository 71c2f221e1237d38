/* The prose of the spec as the registry reads it: what is taken from it, and what it must not say. */
#include "registry/chapter.h"
#include "registry/keyword.h"
#include "registry/registry.h"
#include "tree.h"

static struct registry *load_text(const char *chapter, struct fault *fault)
{
	struct registry *registry;
	struct tree tree;

	tree_init(&tree);
	tree_put(&tree, "spec", "01-test.md", chapter);
	registry = registry_load(tree.dir, fault);
	tree_remove(&tree);
	return registry;
}

static const char chapter_good[] = "# 6. Publish\n"
				   "\n"
				   "Class: core\n"
				   "\n"
				   "Revision: 0.9-draft\n"
				   "\n"
				   "- **PUB-02** A PUBLISH that `MUST` not\n"
				   "  be MUST\n"
				   "  NOT have *any* effect.\n"
				   "\n"
				   "  Why: because `a/b` is\n"
				   "  not yours.\n"
				   "\n"
				   "  Why: twice.\n"
				   "\n"
				   "  Excuse: not-observable: nobody sees it.\n"
				   "\n"
				   "  ```scenario\n"
				   "  case PUB-02.x \"t\"\n"
				   "  ```\n"
				   "- **PUB-03** *(manner of PUB-02; class policy)* It SHOULD be 0x87.\n"
				   "- **Not a rule** at all.\n"
				   "\n"
				   "```policy seed\n"
				   "{\"rules\": []}\n"
				   "```\n";

START_TEST(reads_a_chapter)
{
	struct fault fault = { FAULT_NONE, "" };
	struct registry *r = load_text(chapter_good, &fault);

	ck_assert_msg(r != NULL, "%s", fault.text);
	ck_assert_uint_eq(r->rule_count, 2);
	const struct rule *rule = registry_rule(r, slice_text("PUB-02"));
	ck_assert_ptr_nonnull(rule);
	ck_assert_str_eq(rule->area, "PUB");
	ck_assert_str_eq(rule->title, "6. Publish");
	ck_assert_str_eq(rule->class, "core");
	ck_assert_int_eq(rule->level, LEVEL_MUST);
	ck_assert_str_eq(rule->sentence, "A PUBLISH that MUST not be MUST NOT have any effect.");
	ck_assert_str_eq(rule->rationale, "because a/b is not yours.\n\ntwice.");
	ck_assert_str_eq(rule->excuse, "not-observable: nobody sees it.");
	ck_assert_ptr_null(rule->manner_of);
	ck_assert_str_eq(rule->place.file, "spec/01-test.md");
	ck_assert_uint_eq(rule->place.line, 7);

	const struct rule *manner = registry_manner(r, slice_text("PUB-02"));
	ck_assert_ptr_nonnull(manner);
	ck_assert_str_eq(manner->id, "PUB-03");
	ck_assert_str_eq(manner->class, "policy");
	ck_assert_str_eq(manner->sentence, "It SHOULD be 0x87.");
	ck_assert_int_eq(manner->level, LEVEL_SHOULD);
	ck_assert_ptr_null(registry_manner(r, slice_text("PUB-03")));

	ck_assert_uint_eq(r->block_count, 1);
	ck_assert_str_eq(r->blocks[0].text, "case PUB-02.x \"t\"\n");
	ck_assert_uint_eq(r->blocks[0].place.line, 19);
	ck_assert_uint_eq(r->blocks[0].indent, 2);
	ck_assert_uint_eq(r->policy_count, 1);
	ck_assert_ptr_nonnull(registry_policy(r, slice_text("seed")));
	ck_assert_str_eq(r->revision, "0.9-draft");
	registry_free(r);
}
END_TEST

static const char rule_two[] = "- **PUB-02** It MUST be.\n";

static const struct {
	const char *text, *fault;
} bad_chapters[] = {
	{ "- **PUB-02** It MUST be\n  and it SHOULD be.\n",
	  ":6: PUB-02: two BCP 14 words (MUST, SHOULD) in one rule; a rule holds exactly one" },
	{ "- **PUB-02** It is `MUST`.\n", ":5: PUB-02: no BCP 14 word in this rule" },
	{ "- **PUB-02** It MUST be.\n\n  Why: it\n  REQUIRED more.\n", ":8: REQUIRED stands outside a rule" },
	{ "Nobody MAY enter.\n", ":5: MAY stands outside a rule" },
	{ "## What you SHOULD know\n", ":5: SHOULD stands outside a rule" },
	{ "<!-- MUST -->\n", ":5: MUST stands outside a rule" },
	{ "- **PUB-02** It MUST be.\n- **PUB-02** It MUST be.\n",
	  ":6: PUB-02: the id is taken by the rule at spec/01-test.md:5" },
	{ "- **PUB-2** It MUST be.\n", ":5: expected a rule id of the form AREA-NN" },
	{ "- **PUB-02** *(sort of PUB-01)* It MUST be.\n", ":5: PUB-02: expected \"manner of ID\" or \"class NAME\"" },
	{ "- **PUB-02** *(class gold)* It MUST be.\n", ":5: unknown class \"gold\"" },
	{ "- **PUB-02** *(manner of PUB-01)* It SHOULD be.\n", ":5: PUB-02: is the manner of an unknown rule, PUB-01" },
	{ "- **PUB-01** It MUST be.\n- **PUB-02** *(manner of PUB-01)* It MUST be.\n", ":6: PUB-02: expected SHOULD" },
	{ "- **PUB-01** It MUST.\n- **PUB-02** *(manner of PUB-01)* It SHOULD.\n- **PUB-03** *(manner of PUB-01)* It SHOULD.\n",
	  ":7: PUB-03: is a second manner of PUB-01" },
	{ "- **PUB-02** It MUST be.\n\n  Excuse: too lazy.\n", ":7: PUB-02: expected an excuse" },
	{ "- **PUB-02** It MUST be.\n\n  Excuse: implied-by PUB-09: so.\n",
	  "PUB-02: is implied by an unknown rule, PUB-09" },
	{ "```policy seed\n[]\n```\n", ":5: expected a policy that is a JSON object" },
	{ "```policy seed\n{\"a\":\n 1,}\n```\n", "line 7" },
	{ "```policy seed\n{}\n```\n```policy seed\n{}\n```\n", ":8: a second policy \"seed\"" },
	{ "```policy Seed\n{}\n```\n", ":5: expected the name of an organisation" },
	{ "Class: policy\n", ":5: a second class" },
	{ "Class: core, with care\n", "unknown class" },
	{ "", "no rule was found" },
};

#define POLICY "```policy a\n{\"rules\": [{\"id\": \"r\", \"topic\": \"t\", \"action\": \"pub\", \"binding\": \"agent_id\", " \
	       "\"agents\": [\"scout\"]}]}\n```\n\n"

START_TEST(probes)
{
	struct fault fault = { FAULT_NONE, "" };
	struct tree tree;
	tree_init(&tree);
	tree_put(&tree, "spec", "01-small.md",
		 SMALL_SPEC POLICY "```probes a\nr  agent scout   pub t  u/+\n\nr agent scout pub t v\n```\n");
	struct registry *r = registry_load(tree.dir, &fault);
	ck_assert_msg(r != NULL, "%s", fault.text);
	ck_assert_uint_eq(r->probe_count, 2);
	const struct probe *probe = &r->probes[0];
	ck_assert_str_eq(probe->org, "a");
	ck_assert_str_eq(probe->rule, "r");
	ck_assert_str_eq(probe->claim, "agent_id");
	ck_assert_str_eq(probe->name, "scout");
	ck_assert(!probe->subscribe);
	ck_assert_str_eq(probe->allowed, "t");
	ck_assert_str_eq(probe->denied, "u/+");
	ck_assert_uint_eq(r->probes[1].place.line, probe->place.line + 2);
	registry_free(r);
	tree_remove(&tree);
}
END_TEST

static const struct {
	const char *line, *fault;
} bad_probes[] = {
	{ "r agent scout pub t", "expected six words" },
	{ "r agent scout pub t u v", "expected six words" },
	{ "r agent scout read t u", "pub or sub" },
	{ "r robot scout pub t u", "agent, user, server or tool" },
	{ "q agent scout pub t u", "a rule that this policy does not have" },
	{ "r agent scout sub t u", "an action that the rule does not grant" },
	{ "r agent other pub t u", "does not apply to" },
	{ "r user scout pub t u", "does not apply to" },
};

START_TEST(refuses_bad_probes)
{
	struct fault fault = { FAULT_NONE, "" };
	struct tree tree;
	char text[4096];
	tree_init(&tree);
	snprintf(text, sizeof text, "%s%s```probes a\n%s\n```\n", SMALL_SPEC, POLICY, bad_probes[_i].line);
	tree_put(&tree, "spec", "01-small.md", text);
	ck_assert_ptr_null(registry_load(tree.dir, &fault));
	ck_assert_msg(strstr(fault.text, bad_probes[_i].fault) != NULL, "%s", fault.text);
	ck_assert_msg(strstr(fault.text, "spec/01-small.md:") != NULL, "%s", fault.text);
	tree_remove(&tree);
}
END_TEST

START_TEST(refuses_bad_prose)
{
	struct fault fault = { FAULT_NONE, "" };
	bool classless = strncmp(bad_chapters[_i].text, "Class: core,", 12) == 0;
	char text[1024];

	snprintf(text, sizeof text, "# T\n\n%s\n\n%s\nRevision: 1\n", classless ? "Words." : "Class: core", bad_chapters[_i].text);
	struct registry *r = load_text(text, &fault);
	ck_assert_msg(r == NULL, "accepted: %s", bad_chapters[_i].text);
	ck_assert_msg(strstr(fault.text, bad_chapters[_i].fault) != NULL, "%s", fault.text);
}
END_TEST

START_TEST(demands_class_heading_and_revision)
{
	static const char *const texts[][2] = {
		{ "# T\n\nRevision: 1\n\n%s", "expected a paragraph \"Class: NAME\"" },
		{ "Class: core\n\nRevision: 1\n\n%s", "expected a heading" },
		{ "# T\n\nClass: core\n\n%s", "expected \"Revision: " },
	};

	for (size_t i = 0; i < 3; i++) {
		struct fault fault = { FAULT_NONE, "" };
		char text[256];
		snprintf(text, sizeof text, texts[i][0], rule_two);
		ck_assert_ptr_null(load_text(text, &fault));
		ck_assert_msg(strstr(fault.text, texts[i][1]) != NULL, "%s", fault.text);
	}
}
END_TEST

START_TEST(finds_key_words)
{
	static const struct {
		const char *text;
		int count;
		enum level level;
	} samples[] = {
		{ "it MUST be", 1, LEVEL_MUST }, { "MUST\nNOT", 1, LEVEL_MUST },     { "it SHALL NOT", 1, LEVEL_MUST },
		{ "NOT RECOMMENDED", 1, LEVEL_SHOULD }, { "OPTIONAL.", 1, LEVEL_MAY }, { "MUSTARD must _MUST", 0, LEVEL_MUST },
		{ "MAYBE MAY", 1, LEVEL_MAY },  { "MUST, MUST", 2, LEVEL_MUST },     { "", 0, LEVEL_MUST },
	};

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct keyword found = { "", samples[i].level, 0 };
		size_t offset = 0;
		int count = 0;
		while (keyword_next(slice_text(samples[i].text), &offset, &found))
			count++;
		ck_assert_msg(count == samples[i].count && found.level == samples[i].level, "%s", samples[i].text);
	}
}
END_TEST

START_TEST(knows_rule_ids)
{
	static const char *const bad[] = { "PUB-2", "pub-02", "PUB-022", "PUB02", "2A-01", "P-01", "PUB_02", "", "-01" };

	ck_assert(rule_id_valid(slice_text("A2A-01")));
	ck_assert(rule_id_valid(slice_text("AUTH-99")));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!rule_id_valid(slice_text(bad[i])), "%s", bad[i]);
}
END_TEST

START_TEST(digest_follows_content)
{
	struct fault fault = { FAULT_NONE, "" };
	struct registry *a = load_text(SMALL_SPEC, &fault), *b = load_text(SMALL_SPEC, &fault);
	struct registry *c = load_text(SMALL_SPEC "\nMore.\n", &fault);

	ck_assert_msg(a && b && c, "%s", fault.text);
	ck_assert_uint_eq(strlen(a->digest), 64);
	ck_assert_str_eq(a->digest, b->digest);
	ck_assert_str_ne(a->digest, c->digest);
	registry_free(a);
	registry_free(b);
	registry_free(c);
}
END_TEST

/* What is compiled in is what stands in the tree, and all of it is in good form. */
START_TEST(spec_of_the_project)
{
	struct fault fault = { FAULT_NONE, "" };
	struct registry *compiled = registry_load(NULL, &fault);

	ck_assert_msg(compiled != NULL, "%s", fault.text);
	struct registry *tree = registry_load(SOURCE_DIR, &fault);
	ck_assert_msg(tree != NULL, "%s", fault.text);
	ck_assert_str_eq(compiled->digest, tree->digest);
	ck_assert_uint_eq(compiled->rule_count, tree->rule_count);
	ck_assert_ptr_nonnull(registry_rule(tree, slice_text("PUB-02")));
	ck_assert_ptr_nonnull(registry_policy(tree, slice_text("seed")));
	registry_free(compiled);
	registry_free(tree);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("registry");
	TCase *tests = tcase_create("all");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_test(tests, reads_a_chapter);
	tcase_add_loop_test(tests, refuses_bad_prose, 0, sizeof bad_chapters / sizeof *bad_chapters);
	tcase_add_test(tests, probes);
	tcase_add_loop_test(tests, refuses_bad_probes, 0, sizeof bad_probes / sizeof *bad_probes);
	tcase_add_test(tests, demands_class_heading_and_revision);
	tcase_add_test(tests, finds_key_words);
	tcase_add_test(tests, knows_rule_ids);
	tcase_add_test(tests, digest_follows_content);
	tcase_add_test(tests, spec_of_the_project);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
