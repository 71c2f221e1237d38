/* Every lint fires where it should, and not on the neighbour that is in order. */
#include "case_texts.h"
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

#define HOOKED "case REV-01.x \"t\"\n  org seed\n  needs revoke\n  scout, other are agents\n  twin scout connects\n"
#define BYTES "case SUB-01.x \"t\"\n  org seed\n  scout is agent\n"
#define FORGER HEAD "  scout is agent\n  forger is scout with "
#define FORGED "\n  twin scout connects\n  deny forger connects\n"

static const struct {
	const char *bad, *mistake, *good;
} lints[] = {
	/* deny without twin */
	{ HEAD CAST LIVE "  deny scout publishes \"x\" \"y\"\n", "7:3: expected a twin above this deny", GOOD },
	{ HEAD CAST LIVE "  twin scout subscribes \"a\"\n  deny scout publishes \"x\" \"y\"\n", "8:3: expected a twin above this deny",
	  GOOD "  twin scout subscribes \"a\"\n  deny scout publishes \"x\" \"y\"\n" },
	{ HEAD CAST "  deny scout connects\n", "4:3: expected a twin above this deny",
	  HEAD CAST "  deny scout connects\n  twin analyst connects\n" },
	/* a twin that is received by nobody, a denied publish with no subscriber, no sentinel */
	{ HEAD CAST LIVE TWIN DENY, "7:3: expected a step below in which somebody receives", GOOD },
	{ HEAD CAST "  analyst connects\n  scout connects\n" TWIN SEEN "  deny same to \"x\"\n",
	  "8:3: expected a subscriber above this denied publish", GOOD },
	{ HEAD CAST LIVE TWIN DENY SEEN, "8:3: expected a sentinel", GOOD },
	/* never without a live path */
	{ GOOD "  scout never receives \"true\"\n", "10:3: expected a live path: a step above in which the same actor subscribes",
	  GOOD "  analyst never receives \"true\"\n" },
	{ GOOD "  scout subscribes \"x\"\n  scout never receives \"true\"\n",
	  "11:3: expected a live path: a step above in which the same actor receives",
	  GOOD "  scout subscribes \"agents/+/card\"\n  scout publishes \"agents/scout/card\" \"b\"\n  scout receives \"b\"\n"
	       "  scout never receives \"true\"\n" },
	{ HEAD CAST "  analyst connects\n  scout connects\n" TWIN "  analyst receives \"true\"\n", "7:3: expected a step above in which this actor subscribes",
	  GOOD },
	/* a deny that ends in an allowance, a twin in a denial, a denial without a label */
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" -> allowed\n", "9:23: expected a denial after deny",
	  HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" -> denied\n" },
	{ GOOD "  twin scout pings -> closed\n", "10:23: expected an allowance after twin", GOOD "  twin scout pings -> alive\n" },
	{ GOOD "  scout publishes \"y\" \"z\" -> denied\n", "10:3: expected the label deny", GOOD "  scout pings -> closed\n" },
	{ GOOD "  deny scout drops\n", "10:3: expected no deny before a verb that cannot be denied", GOOD "  scout drops\n" },
	{ GOOD "  twin analyst never receives \"true\"\n", "10:3: expected no twin before `never`",
	  GOOD "  deny analyst never receives \"true\"\n" },
	{ BYTES "  twin scout sends x\"10 00\"\n", "4:3: expected an outcome of these bytes", BYTES "  twin scout sends x\"10 00\" -> accepted\n" },
	/* outcomes that contradict */
	{ GOOD "  scout pings -> alive or closed\n", "10:18: expected outcomes that do not contradict", GOOD "  scout pings -> alive\n" },
	{ GOOD "  scout resumes -> present or absent\n", "10:20: expected outcomes that do not contradict",
	  GOOD "  scout resumes -> absent\n" },
	{ GOOD "  scout pings -> alive or alive\n", "10:18: expected each outcome once", GOOD "  scout connects -> accepted or absent\n" },
	{ HEAD CAST "  twin scout connects\n  deny analyst connects -> denied\n",
	  "5:28: expected refused: there is no will that could be denied",
	  HEAD CAST "  twin scout connects\n  deny analyst connects with will \"t\" \"x\" -> denied\n" },
	/* MUST and code under one id */
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" [PUB-03]\n", "9:3: expected the rule that is denied: PUB-03 is the manner of PUB-02",
	  HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" [PUB-02]\n" },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" -> denied should 0x87 [SBS-03]\n", "9:30: expected no `should`",
	  HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" -> denied should 0x87\n" },
	/* unknown and unused */
	{ HEAD CAST "  ghost is agent\n" LIVE TWIN SEEN DENY, "4:3: an actor that no step uses",
	  HEAD CAST "  ghost is agent\n" LIVE TWIN SEEN "  deny same to \"agents/ghost/card\"\n" },
	{ HEAD CAST "  rows\n  | row | bad | spare |\n  | a | \"x\" | \"y\" |\n" LIVE TWIN SEEN "  deny same to <bad>\n",
	  "5:17: a column that no step uses",
	  HEAD CAST "  rows\n  | row | bad |\n  | a | \"x\" |\n" LIVE TWIN SEEN "  deny same to <bad>\n" },
	{ HEAD CAST "  rows\n  | row | bad |\n  | a | \"x\" |\n  | b | \"x\" |\n" LIVE TWIN SEEN "  deny same to <bad>\n",
	  "7:5: a row that says what an earlier row says",
	  HEAD CAST "  rows\n  | row | bad |\n  | a | \"x\" |\n  | b | \"y\" |\n" LIVE TWIN SEEN "  deny same to <bad>\n" },
	{ HEAD CAST "  rows\n  | row |\n  | a |\n" LIVE TWIN SEEN DENY, "5:5: expected a second column", GOOD },
	{ HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" @end\n", "9:20: a mark that nothing uses",
	  HEAD CAST LIVE TWIN SEEN "  deny same to \"x\" @end\n  scout pings by @end + 2s\n" },
	{ GOOD "  scout pings by @end\n", "10:18: expected the mark of a step above, found @end", GOOD "  scout pings @a\n  scout pings by @a\n" },
	{ GOOD "  scout pings @a\n  scout pings by @a @a\n", "11:21: a second mark of the same name",
	  GOOD "  scout pings @a\n  scout pings by @a\n" },
	{ GOOD "  scout pings by ghost.exp\n", "10:18: expected an actor of the cast before the dot", GOOD "  scout pings by scout.exp\n" },
	{ GOOD "  scout pings by scout.end\n", "10:18: expected exp, closed or connected behind the dot", GOOD "  scout pings by scout.closed - 2s\n" },
	{ HEAD "  carriers subscribe\n" CAST LIVE TWIN SEEN DENY, "3:12: expected a twin or deny step for the carriers of door subscribe",
	  HEAD "  carriers publish\n" CAST LIVE TWIN SEEN DENY },
	/* what no case can be about */
	{ HEAD CAST LIVE TWIN SEEN, "1:1: expected a deny or a never in a case about identity", GOOD },
	{ HEAD CAST "  scout pings\n", "4:3: expected a step above in which this actor connects", HEAD CAST "  twin scout connects\n  scout pings\n  deny analyst connects\n" },
	{ HOOKED "  scout revokes other\n  deny other connects [AUTH-02]\n", "7:3: expected no check of AUTH-02 in a case with `needs`",
	  HOOKED "  scout revokes other\n  deny other connects\n" },
	{ HOOKED "  deny other connects\n", "3:9: a hook that no step uses", HOOKED "  scout revokes other\n  deny other connects\n" },
	{ HEAD CAST "  twin scout connects\n  scout loads seed\n  deny analyst connects\n", "5:3: expected a line `needs policy` above",
	  "case REV-01.x \"t\"\n  org seed\n  needs policy\n" CAST "  twin scout connects\n  scout loads seed\n  deny analyst connects\n" },
	{ "case REV-01.x \"t\"\n  org seed\n  needs policy\n" CAST "  twin scout connects\n  scout loads \"seed\"\n  deny analyst connects\n",
	  "6:15: expected the name of a policy block of the spec, or a document in single quotes",
	  "case REV-01.x \"t\"\n  org seed\n  needs policy\n" CAST "  twin scout connects\n  scout loads '{\"rules\": 1}'\n  deny analyst connects\n" },
	/* instants */
	{ HEAD CAST "  twin scout connects by analyst.exp\n  deny analyst connects\n", "4:26: expected an instant of an actor that connects",
	  HEAD CAST "  twin scout connects\n  deny analyst connects by scout.exp\n" },
	{ GOOD "  scout pings after scout.exp\n", "10:21: expected no `after` but of receives and idles", GOOD "  scout idles after scout.exp\n" },
	{ GOOD "  scout pings until scout.exp\n", "10:21: expected no `until` but of streams",
	  GOOD "  scout streams \"t\" \"x\" with every 50ms until scout.exp\n" },
	{ GOOD "  scout pings by 2s -> alive by 3s\n", "10:30: a second deadline", GOOD "  scout pings -> alive by 3s\n" },
	{ HEAD CAST "  twin scout connects\n  scout pings -> alive alike AUTH-02\n  deny analyst connects\n",
	  "5:30: expected no `alike` but of a connection that is denied",
	  HEAD CAST "  twin scout connects\n  deny analyst connects -> refused alike AUTH-02\n" },
	/* attributes that the act does not take, and values that they do not */
	{ GOOD "  scout publishes \"a\" \"b\" with exp 5s\n", "10:32: expected an attribute: qos, retain, dup", GOOD "  scout publishes \"a\" \"b\" with expiry 5s\n" },
	{ GOOD "  scout connects with qos 1\n", "10:23: expected an attribute: client, username", GOOD "  scout connects with will \"a\" \"b\", will-qos 1\n" },
	{ GOOD "  scout connects with delay 5s\n", "10:23: expected a will for this attribute", GOOD "  scout connects with will \"a\" \"b\", delay 5s\n" },
	{ GOOD "  scout renews with client \"c\"\n", "10:21: expected an attribute: key, iss", GOOD "  scout renews with exp 60s\n" },
	{ GOOD "  scout subscribes \"a\" with handling 3\n", "10:38: expected a value from 0 to 2", GOOD "  scout subscribes \"a\" with handling 2, no-local\n" },
	{ GOOD "  scout disconnects with code 4\n", "10:31: expected a reason code", GOOD "  scout disconnects with code 0x04, session 0s\n" },
	/* edits, roles of keys, members of recipes */
	{ FORGER "edit signature \"bogus\"" FORGED, "4:39: edit: $.signature: expected \"empty\", \"flipped\"", FORGER "edit signature \"padded\"" FORGED },
	{ FORGER "edit shuffle true" FORGED, "4:37: edit: $: unknown edit", FORGER "edit nested true" FORGED },
	{ FORGER "key \"nosuchkey\"" FORGED, "4:28: expected the role of a key of the fixture", FORGER "key \"attacker-es256\"" FORGED },
	{ FORGER "remove \"claims.nosuch\"" FORGED, "4:31: expected \"claims.NAME\" or \"header.NAME\" of a member",
	  FORGER "claim such \"x\", remove \"claims.such\"" FORGED },
	{ FORGER "recipe '{\"kez\": \"x\"}'" FORGED, "4:31: recipe: $", FORGER "recipe '{\"key\": \"attacker-es256\"}'" FORGED },
	{ FORGER "recipe '{\"remove\": [\"claims.nosuch\"]}'" FORGED, "4:31: expected a member that the token has in remove",
	  FORGER "recipe '{\"remove\": [\"claims.aud\"]}'" FORGED },
	{ FORGER "grants all \"x\"" FORGED, "4:31: expected pub or sub", FORGER "grants pub \"x\"" FORGED },
	/* the cast */
	{ HEAD "  bob is agent\n  scout is agent for bob\n", "4:22: expected a user that is cast above", HEAD "  bob is user\n  scout is agent for bob\n  twin scout connects\n  deny bob connects\n" },
	{ HEAD "  bob is user\n  scout is user for bob\n", "4:17: expected an agent before `for`", HEAD "  bob is user\n  a is agent\n  scout is agent for bob via a\n  twin scout connects\n  deny bob connects\n" },
	/* bytes */
	{ BYTES "  twin scout sends x\"1\" -> closed\n", "4:22: expected two hexadecimal digits", BYTES "  twin scout sends x\"10\" -> accepted\n" },
	{ BYTES "  twin scout sends x\"10 {les}\" -> accepted\n", "4:26: expected {len}", BYTES "  twin scout sends x\"10 {len}\" -> accepted\n" },
	{ BYTES "  twin scout sends x\"10 {len:x}\" -> accepted\n", "4:30: expected overlong", BYTES "  twin scout sends x\"10 {len:+4}\" -> accepted\n" },
	{ BYTES "  twin scout sends x\"'abc\" -> accepted\n", "4:22: expected a closing '", BYTES "  twin scout sends x\"'abc'\" -> accepted\n" },
	{ BYTES "  twin scout sends x\"{token:ghost}\" -> accepted\n", "4:29: expected an actor of the cast", BYTES "  twin scout sends x\"{token:scout}\" -> accepted\n" },
	{ BYTES "  twin scout sends x\"{str: 5}\" -> accepted\n", "4:28: expected two hexadecimal digits", BYTES "  twin scout sends x\"{str: 55}\" -> accepted\n" },
	{ BYTES "  twin scout sends x\"{40|1}\" -> accepted\n", "4:23: expected {len}", BYTES "  twin scout sends x\"{40|01}\" -> accepted\n" },
	{ BYTES "  twin scout sends x\"\" -> accepted\n", "4:20: expected at least one byte", BYTES "  twin scout sends x\"{client}\" -> accepted\n" },
};

static void all_mistakes(const char *text, struct buf *found)
{
	struct mistakes mistakes = { NULL, 0, false };

	scenario_mistakes(registry, slice_text(text), "x", &mistakes);
	for (size_t i = 0; i < mistakes.count; i++)
		buf_format(found, "%u:%u: %s\n", mistakes.items[i].line, mistakes.items[i].column, mistakes.items[i].text);
	mistakes_release(&mistakes);
}

START_TEST(fires)
{
	struct buf found;
	bool there = false, more = true;

	buf_init(&found, 1 << 16);
	all_mistakes(lints[_i].bad, &found);
	for (struct slice rest = buf_slice(&found); more;)
		there |= slice_starts(slice_word(&rest, '\n', &more), slice_text(lints[_i].mistake));
	ck_assert_msg(there, "%s\nfound:\n%s\nexpected: %s", lints[_i].bad, buf_string(&found), lints[_i].mistake);
	buf_release(&found);
}
END_TEST

START_TEST(leaves_the_neighbour_alone)
{
	struct buf found;

	buf_init(&found, 1 << 16);
	all_mistakes(lints[_i].good, &found);
	ck_assert_msg(found.size == 0, "%s\nfound:\n%s", lints[_i].good, buf_string(&found));
	buf_release(&found);
}
END_TEST

/* Two cases of one id; and a file whose every case has a mistake of its own tells all of them. */
START_TEST(finds_every_mistake)
{
	struct buf found;

	buf_init(&found, 1 << 16);
	all_mistakes(GOOD GOOD, &found);
	ck_assert_str_eq(buf_string(&found), "10:1: the id PUB-02.x is taken by the case at x:1\n");
	buf_clear(&found);
	all_mistakes("case PUB-02.a \"t\"\n  org nowhere\n  case is agent\n"
		     "case PUB-02.b \"t\n"
		     "case PUB-02.c \"t\"\n  org seed\n" CAST LIVE TWIN "  scout dances\n"
		     "case PUB-02.d \"t\"\n  org seed\n" CAST LIVE TWIN DENY "  scout pings @a\n"
		     "case PUB-02.e \"t\"\n  org seed\n" CAST LIVE TWIN SEEN DENY "?", &found);
	ck_assert_ptr_nonnull(strstr(buf_string(&found), "2:7: expected the name of a policy block"));
	ck_assert_ptr_nonnull(strstr(buf_string(&found), "3:8: expected the id of a case"));
	ck_assert_ptr_nonnull(strstr(buf_string(&found), "4:15: expected a closing \""));
	ck_assert_ptr_nonnull(strstr(buf_string(&found), "12:9: expected a verb"));
	ck_assert_ptr_nonnull(strstr(buf_string(&found), "19:3: expected a step below in which somebody receives"));
	ck_assert_ptr_nonnull(strstr(buf_string(&found), "20:3: expected a sentinel"));
	ck_assert_ptr_nonnull(strstr(buf_string(&found), "21:15: a mark that nothing uses"));
	ck_assert_ptr_nonnull(strstr(buf_string(&found), "31:1: expected a word, a string or a sign, found the byte 0x3F"));
	buf_release(&found);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lint");
	TCase *tests = tcase_create("all");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, fires, 0, sizeof lints / sizeof *lints);
	tcase_add_loop_test(tests, leaves_the_neighbour_alone, 0, sizeof lints / sizeof *lints);
	tcase_add_test(tests, finds_every_mistake);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
