/* base: slices, UTF-8, buffers, base64url. */
#include "base64url.h"
#include "clock.h"
#include "fault.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

START_TEST(slices_are_clipped)
{
	struct slice a = slice_text("abcdef");

	ck_assert(slice_is(slice_part(a, 2, 3), "cde"));
	ck_assert(slice_is(slice_part(a, 4, 100), "ef"));
	ck_assert_uint_eq(slice_part(a, 6, 1).size, 0);
	ck_assert_uint_eq(slice_part(a, SIZE_MAX, SIZE_MAX).size, 0);
	ck_assert(slice_is(slice_part(a, 1, SIZE_MAX), "bcdef"));
	ck_assert(slice_starts(a, slice_text("abc")));
	ck_assert(!slice_starts(slice_text("ab"), slice_text("abc")));
	ck_assert(!slice_is(slice_of("a\0b", 3), "a"));
	ck_assert(slice_equal(slice_text(NULL), slice_text("")));
}
END_TEST

START_TEST(words_keep_empty_ones)
{
	static const char *const words[] = { "", "a", "", "b", "" };
	struct slice rest = slice_text("/a//b/");
	bool more = true;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		ck_assert(more);
		ck_assert(slice_is(slice_word(&rest, '/', &more), words[i]));
	}
	ck_assert(!more);
	ck_assert_uint_eq(slice_word(&rest, '/', &more).size, 0);
	ck_assert(!more);
}
END_TEST

static const struct {
	const char *bytes;
	size_t size;
	bool good;
} utf8_rows[] = {
	{ "", 0, true },
	{ "plain", 5, true },
	{ "a\0b", 3, false },
	{ "\xc2\x80", 2, true },
	{ "\xc1\xbf", 2, false },         /* overlong */
	{ "\xc0\x80", 2, false },         /* overlong NUL */
	{ "\xe0\x9f\xbf", 3, false },     /* overlong */
	{ "\xe0\xa0\x80", 3, true },
	{ "\xed\x9f\xbf", 3, true },
	{ "\xed\xa0\x80", 3, false },     /* surrogate */
	{ "\xed\xbf\xbf", 3, false },     /* surrogate */
	{ "\xef\xbf\xbf", 3, true },
	{ "\xf0\x8f\xbf\xbf", 4, false }, /* overlong */
	{ "\xf0\x90\x80\x80", 4, true },
	{ "\xf4\x8f\xbf\xbf", 4, true },
	{ "\xf4\x90\x80\x80", 4, false }, /* beyond U+10FFFF */
	{ "\xf8\x88\x80\x80\x80", 5, false },
	{ "\x80", 1, false },
	{ "\xc3", 1, false },             /* cut short */
	{ "\xe2\x82", 2, false },
	{ "\xe2\x28\xa1", 3, false },
};

START_TEST(utf8_is_strict)
{
	ck_assert_msg(slice_utf8(slice_of(utf8_rows[_i].bytes, utf8_rows[_i].size)) == utf8_rows[_i].good, "row %d", _i);
}
END_TEST

START_TEST(buffer_stops_at_its_limit)
{
	struct buf b;

	buf_init(&b, 5);
	buf_text(&b, "abc");
	buf_u16(&b, 0x6465);
	ck_assert(!b.failed);
	ck_assert_str_eq(buf_string(&b), "abcde");
	buf_u8(&b, 'f');
	ck_assert(b.failed);
	ck_assert_ptr_null(buf_string(&b));
	buf_text(&b, "");
	ck_assert(b.failed);
	ck_assert(slice_is(buf_slice(&b), "abcde"));
	buf_clear(&b);
	buf_text(&b, "wxyz");
	buf_text(&b, "too much"); /* nothing of what does not fit is written */
	ck_assert(b.failed);
	ck_assert(slice_is(buf_slice(&b), "wxyz"));
	buf_release(&b);
	ck_assert(!b.failed && !b.data && b.limit == 5);
}
END_TEST

START_TEST(buffer_grows)
{
	struct buf b;

	buf_init(&b, 100000);
	for (int i = 0; i < 10000; i++)
		buf_format(&b, "%05d", i);
	ck_assert(!b.failed);
	ck_assert_uint_eq(b.size, 50000);
	ck_assert(slice_is(slice_part(buf_slice(&b), 49995, 5), "09999"));
	buf_clear(&b);
	ck_assert_uint_eq(b.size, 0);
	buf_u32(&b, 0x01020304);
	ck_assert(slice_equal(buf_slice(&b), slice_of("\1\2\3\4", 4)));
	buf_release(&b);
	ck_assert_str_eq(buf_string(&b), "");
	buf_release(&b);
}
END_TEST

START_TEST(buffer_without_limit)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_text(&b, "x");
	ck_assert_str_eq(buf_string(&b), "x");
	buf_put(&b, slice_of(b.data, SIZE_MAX - 1)); /* larger than any memory: fails before it reads */
	ck_assert(b.failed);
	buf_release(&b);
}
END_TEST

static const struct {
	const char *text;
	const char *bytes; /* NULL: refused */
} base64url_rows[] = {
	{ "", "" },
	{ "Zg", "f" },
	{ "Zm8", "fo" },
	{ "Zm9v", "foo" },
	{ "Zm9vYmFy", "foobar" },
	{ "-_-_", "\xfb\xff\xbf" },
	{ "Z", NULL },
	{ "Zm9vY", NULL },
	{ "Zg==", NULL },
	{ "Zm8=", NULL },
	{ "+/+/", NULL },
	{ "Zh", NULL },  /* trailing bits */
	{ "Zm9", NULL }, /* trailing bits */
	{ "Zm9v\n", NULL },
	{ " Zm9v", NULL },
	{ "Zm 9v", NULL },
	{ "Zm9v.", NULL },
	{ "Zm\xc3\xa9", NULL },
};

START_TEST(base64url_is_strict)
{
	struct buf out, text;
	const char *bytes = base64url_rows[_i].bytes;

	buf_init(&out, 100);
	buf_init(&text, 100);
	buf_text(&out, "kept");
	ck_assert_msg(base64url_decode(slice_text(base64url_rows[_i].text), &out) == (bytes != NULL), "row %d", _i);
	ck_assert(slice_starts(buf_slice(&out), slice_text("kept")));
	ck_assert(slice_is(slice_part(buf_slice(&out), 4, 100), bytes ? bytes : ""));
	if (bytes) {
		base64url_encode(slice_text(bytes), &text);
		ck_assert_str_eq(buf_string(&text), base64url_rows[_i].text);
	}
	buf_release(&out);
	buf_release(&text);
}
END_TEST

START_TEST(base64url_refuses_nul_and_overflow)
{
	struct buf out;

	buf_init(&out, 2);
	ck_assert(!base64url_decode(slice_of("Zm\0v", 4), &out));
	ck_assert(!base64url_decode(slice_text("Zm9v"), &out));
	buf_release(&out);
}
END_TEST

START_TEST(base64url_round_trip)
{
	for (size_t size = 0; size < 66; size++) {
		unsigned char bytes[66];
		struct buf text, back;

		for (size_t i = 0; i < size; i++)
			bytes[i] = (unsigned char)(i * 37 + size * 11);
		buf_init(&text, 1000);
		buf_init(&back, 1000);
		base64url_encode(slice_of(bytes, size), &text);
		ck_assert(base64url_decode(buf_slice(&text), &back));
		ck_assert(slice_equal(buf_slice(&back), slice_of(bytes, size)));
		buf_release(&text);
		buf_release(&back);
	}
}
END_TEST

START_TEST(faults_are_cut_not_overrun)
{
	char large[1000];
	struct fault fault;

	memset(large, 'x', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	ck_assert(!fault_set(&fault, FAULT_LIMIT, "%s", large));
	ck_assert_uint_eq(strlen(fault.text), sizeof fault.text - 1);
	ck_assert_str_eq(fault_class_name(fault.class), "limit");
	ck_assert_str_eq(fault_class_name((enum fault_class)99), "unknown");
}
END_TEST

START_TEST(clocks_run)
{
	int64_t before = clock_monotonic_us();

	ck_assert_int_gt(clock_wall_ms(), 1600000000000);
	ck_assert_int_ge(clock_monotonic_us(), before);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base");
	TCase *tcase = tcase_create("base");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, slices_are_clipped);
	tcase_add_test(tcase, words_keep_empty_ones);
	tcase_add_loop_test(tcase, utf8_is_strict, 0, (int)(sizeof utf8_rows / sizeof *utf8_rows));
	tcase_add_test(tcase, buffer_stops_at_its_limit);
	tcase_add_test(tcase, buffer_grows);
	tcase_add_test(tcase, buffer_without_limit);
	tcase_add_loop_test(tcase, base64url_is_strict, 0, (int)(sizeof base64url_rows / sizeof *base64url_rows));
	tcase_add_test(tcase, base64url_refuses_nul_and_overflow);
	tcase_add_test(tcase, base64url_round_trip);
	tcase_add_test(tcase, faults_are_cut_not_overrun);
	tcase_add_test(tcase, clocks_run);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
