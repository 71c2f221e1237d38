/* packet/topic: names, filters, matching, shared filters. */
#include "topic.h"
#include "topic_oracle.h"

#include <check.h>
#include <stdlib.h>

static const struct {
	const char *text;
	bool name, filter;
} valid_rows[] = {
	{ "", false, false },     { "a", true, true },       { "/", true, true },          { "//", true, true },
	{ "a/b", true, true },    { "+", false, true },      { "#", false, true },         { "+/#", false, true },
	{ "/+", false, true },    { "a/+/b", false, true },  { "a/#", false, true },       { "a/#/b", false, false },
	{ "#/", false, false },   { "a#", false, false },    { "#a", false, false },       { "a/b#", false, false },
	{ "a+", false, false },   { "+a/b", false, false },  { "a/+b", false, false },     { "++", false, false },
	{ "##", false, false },   { "+/+/+", false, true },  { "$SYS/x", true, true },     { "$SYS/#", false, true },
	{ "a b", true, true },    { "{$self}", true, true }, { "\xc3\xa9", true, true },   { "\xff", false, false },
	{ "a/\xed\xa0\x80", false, false },
};

START_TEST(names_and_filters)
{
	ck_assert(topic_name_valid(slice_text(valid_rows[_i].text)) == valid_rows[_i].name);
	ck_assert(topic_filter_valid(slice_text(valid_rows[_i].text)) == valid_rows[_i].filter);
}
END_TEST

START_TEST(sizes_and_nul)
{
	char *large = malloc(65536);

	ck_assert_ptr_nonnull(large);
	memset(large, 'a', 65536);
	ck_assert(topic_name_valid(slice_of(large, 65535)));
	ck_assert(topic_filter_valid(slice_of(large, 65535)));
	ck_assert(!topic_name_valid(slice_of(large, 65536)));
	ck_assert(!topic_filter_valid(slice_of(large, 65536)));
	ck_assert(!topic_name_valid(slice_of("a\0b", 3)));
	ck_assert(!topic_filter_valid(slice_of("a/\0", 3)));
	free(large);
}
END_TEST

static const struct {
	const char *filter, *name;
	bool matches;
} match_rows[] = {
	{ "a", "a", true },            { "a", "A", false },          { "a", "a/", false },       { "a/", "a", false },
	{ "a/b", "a", false },         { "a", "a/b", false },        { "+", "a", true },         { "+", "a/b", false },
	{ "+", "/a", false },          { "/+", "/a", true },         { "+/+", "/a", true },      { "a/+", "a", false },
	{ "a/+", "a/", true },         { "a/+", "a/b", true },       { "a/+", "a/b/c", false },  { "a/+/c", "a/b/c", true },
	{ "a/+/c", "a/b/d", false },   { "#", "a", true },           { "#", "a/b/c", true },     { "#", "/", true },
	{ "a/#", "a", true },          { "a/#", "a/", true },        { "a/#", "a/b/c", true },   { "a/#", "ab", false },
	{ "a/#", "b", false },         { "a/+/#", "a", false },      { "a/+/#", "a/b", true },   { "+/#", "a", true },
	{ "#", "$SYS", false },        { "#", "$SYS/a", false },     { "+", "$SYS", false },     { "+/a", "$SYS/a", false },
	{ "$SYS/#", "$SYS/a", true },  { "$SYS/+", "$SYS/a", true }, { "$SYS/#", "$SYS", true }, { "a/#", "a/$b", true },
	{ "a/+", "a/$b", true },       { "/#", "a", false },         { "/#", "/", true },        { "//", "//", true },
	{ "+/+", "//", false },
};

START_TEST(matching)
{
	ck_assert_msg(topic_matches(slice_text(match_rows[_i].filter), slice_text(match_rows[_i].name)) ==
			      match_rows[_i].matches,
		      "%s against %s", match_rows[_i].filter, match_rows[_i].name);
}
END_TEST

static const struct {
	const char *text;
	enum share_form form;
	const char *group, *filter;
} share_rows[] = {
	{ "a/b", SHARE_NONE, NULL, NULL },
	{ "#", SHARE_NONE, NULL, NULL },
	{ "$SHARE/g/t", SHARE_NONE, NULL, NULL },
	{ "$shared/g/t", SHARE_NONE, NULL, NULL },
	{ "a/$share/g/t", SHARE_NONE, NULL, NULL },
	{ "$share/g/t", SHARE_GOOD, "g", "t" },
	{ "$share/g/a/+/#", SHARE_GOOD, "g", "a/+/#" },
	{ "$share/g//", SHARE_GOOD, "g", "/" },
	{ "$share", SHARE_MALFORMED, NULL, NULL },
	{ "$share/", SHARE_MALFORMED, NULL, NULL },
	{ "$share/g", SHARE_MALFORMED, NULL, NULL },
	{ "$share/g/", SHARE_MALFORMED, NULL, NULL },
	{ "$share//t", SHARE_MALFORMED, NULL, NULL },
	{ "$share/+/t", SHARE_MALFORMED, NULL, NULL },
	{ "$share/#/t", SHARE_MALFORMED, NULL, NULL },
	{ "$share/g+/t", SHARE_MALFORMED, NULL, NULL },
	{ "$share/g/a#", SHARE_MALFORMED, NULL, NULL },
	{ "$share/\xff/t", SHARE_MALFORMED, NULL, NULL },
};

START_TEST(shared_filters)
{
	struct slice group = { NULL, 0 }, filter = { NULL, 0 };

	ck_assert_int_eq(topic_share_split(slice_text(share_rows[_i].text), &group, &filter), share_rows[_i].form);
	if (share_rows[_i].form != SHARE_GOOD)
		return;
	ck_assert(slice_is(group, share_rows[_i].group));
	ck_assert(slice_is(filter, share_rows[_i].filter));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("topic");
	TCase *tcase = tcase_create("topic");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, names_and_filters, 0, (int)(sizeof valid_rows / sizeof *valid_rows));
	tcase_add_test(tcase, sizes_and_nul);
	tcase_add_loop_test(tcase, matching, 0, (int)(sizeof match_rows / sizeof *match_rows));
	tcase_add_loop_test(tcase, shared_filters, 0, (int)(sizeof share_rows / sizeof *share_rows));
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
