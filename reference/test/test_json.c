/* base/json: what is refused, and whether the refusal names the place. */
#include "json.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct json_limits small = { 64, 3 };

static json_t *parse(const char *text, struct fault *fault)
{
	return json_parse(slice_text(text), "x.json", &json_limits_file, fault);
}

static const char *const refused_texts[] = {
	"", " ", "{", "{}x", "{} {}", "[1,]", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}",
	"\"\\u0000\"", "{\"\\u0000\":1}", "\"\\ud800\"", "\"\xff\"", "\"\xed\xa0\x80\"", "\xef\xbb\xbf{}",
	"01", "+1", "NaN", "1e999", "99999999999999999999", "'a'", "{a:1}", "\"\n\"", "nul",
	"[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", /* 17 deep */
	"{\"a\":[1,2}", "// x\n1",
};

START_TEST(bad_texts_are_refused)
{
	struct fault fault = { FAULT_NONE, "" };

	ck_assert_msg(parse(refused_texts[_i], &fault) == NULL, "accepted %s", refused_texts[_i]);
	ck_assert_int_ne(fault.class, FAULT_NONE);
	ck_assert(strncmp(fault.text, "x.json: ", 8) == 0);
}
END_TEST

START_TEST(good_texts_are_read)
{
	static const char *const texts[] = { "{}", "[]", "1", "\"a\"", "null", " { \"a\" : [ 1.5e3, true ] }\n",
					     "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", "\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[\"" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct fault fault;
		json_t *value = parse(texts[i], &fault);

		ck_assert_msg(value != NULL, "%s: %s", texts[i], fault.text);
		json_decref(value);
	}
}
END_TEST

START_TEST(limits_hold_at_their_edge)
{
	char text[66];
	struct fault fault;
	json_t *value;

	memset(text, ' ', sizeof text);
	text[0] = '1';
	value = json_parse(slice_of(text, 64), "x", &small, &fault);
	ck_assert_ptr_nonnull(value);
	json_decref(value);
	ck_assert_ptr_null(json_parse(slice_of(text, 65), "x", &small, &fault));
	ck_assert_int_eq(fault.class, FAULT_LIMIT);
	value = json_parse(slice_text("[[{}]]"), "x", &small, &fault);
	ck_assert_ptr_nonnull(value);
	json_decref(value);
	ck_assert_ptr_null(json_parse(slice_text("[[{\"a\":[]}]]"), "x", &small, &fault));
	ck_assert_int_eq(fault.class, FAULT_LIMIT);
	ck_assert_ptr_null(json_parse(slice_of("1\0", 2), "x", &small, &fault));
	ck_assert_ptr_null(json_parse(slice_of("{}\0{}", 5), "x", &small, &fault));
	ck_assert_ptr_null(json_parse(slice_of("\0", 1), "x", &small, &fault));
}
END_TEST

/* Each row breaks at one place; the refusal must say which, what was expected and what was found. */
static const struct {
	const char *text, *expected;
} path_rows[] = {
	{ "[]", "x.json: $: expected an object, found an array of 0" },
	{ "{\"list\":[{\"port\":1}],\"more\":0}", "x.json: $.more: unknown member, expected only list, name" },
	{ "{\"a b\":1}", "x.json: $[\"a b\"]: unknown member, expected only list, name" },
	{ "{}", "x.json: $.list: expected an array of 1 to 2 elements, found nothing" },
	{ "{\"list\":[1,2,3]}", "x.json: $.list: expected an array of 1 to 2 elements, found an array of 3" },
	{ "{\"list\":[{},{\"port\":70000}]}", "x.json: $.list[0].port: expected an integer from 0 to 65535, found nothing" },
	{ "{\"list\":[{\"port\":\"x\"}]}", "x.json: $.list[0].port: expected an integer from 0 to 65535, found \"x\"" },
	{ "{\"list\":[{\"port\":65536}]}", "x.json: $.list[0].port: expected an integer from 0 to 65535, found 65536" },
	{ "{\"list\":[{\"port\":1.0}]}", "x.json: $.list[0].port: expected an integer from 0 to 65535, found 1.0" },
	{ "{\"list\":[{\"port\":1}]}", "x.json: $.name: expected a non-empty string, found nothing" },
	{ "{\"list\":[{\"port\":1}],\"name\":\"\"}", "x.json: $.name: expected a non-empty string, found \"\"" },
	{ "{\"list\":[{\"port\":1}],\"name\":[\"\\u001b\"]}", "x.json: $.name: expected a non-empty string, found an array of 1" },
	{ "{\"list\":[{\"port\":0}],\"name\":\"n\"}", "" },
};

static bool read_document(const struct json_at *root, struct fault *fault)
{
	static const char *const members[] = { "list", "name", NULL };
	struct json_at list = json_member(root, "list"), name = json_member(root, "name");
	const char *text;
	int64_t port;

	if (!json_object_at(root, members, fault) || !json_array_at(&list, 1, 2, fault))
		return false;
	for (size_t i = 0; i < json_array_size(list.value); i++) {
		struct json_at element = json_element(&list, i), member = json_member(&element, "port");

		if (!json_integer_at(&member, 0, 65535, &port, fault))
			return false;
	}
	return json_text_at(&name, &text, fault);
}

START_TEST(refusals_name_the_place)
{
	struct fault fault = { FAULT_NONE, "" };
	json_t *value = parse(path_rows[_i].text, &fault);
	struct json_at root = json_root(value, "x.json");

	ck_assert_ptr_nonnull(value);
	ck_assert(read_document(&root, &fault) == (path_rows[_i].expected[0] == '\0'));
	ck_assert_str_eq(fault.text, path_rows[_i].expected);
	json_decref(value);
}
END_TEST

START_TEST(found_values_are_clipped_and_ascii)
{
	struct fault fault;
	json_t *value = parse("{\"a\":\"\xe2\x80\xae\\n01234567890123456789012345678901234567890123456789012345678901234567"
			      "890123456789\"}",
			      &fault);
	struct json_at root = json_root(value, "x.json"), a = json_member(&root, "a");

	ck_assert(!json_expected(&a, "less", &fault));
	ck_assert(strstr(fault.text, "\"\\u202E\\n0123") != NULL);
	ck_assert(strstr(fault.text, "...") != NULL);
	ck_assert_uint_lt(strlen(fault.text), 160);
	json_decref(value);
}
END_TEST

START_TEST(booleans)
{
	struct fault fault;
	json_t *value = parse("[true,false,0]", &fault);
	struct json_at root = json_root(value, "x");
	bool flag = false;

	for (size_t i = 0; i < 3; i++) {
		struct json_at at = json_element(&root, i);

		ck_assert(json_bool_at(&at, &flag, &fault) == (i < 2));
		ck_assert(flag == (i == 0));
	}
	json_decref(value);
}
END_TEST

START_TEST(texts_have_a_largest_size)
{
	struct fault fault;
	char *large = malloc(65537);
	const char *text;

	ck_assert_ptr_nonnull(large);
	memset(large, 'a', 65536);
	for (size_t size = 65535; size <= 65536; size++) {
		json_t *value = json_stringn(large, size);
		struct json_at at = json_root(value, "x");

		ck_assert(json_text_at(&at, &text, &fault) == (size == 65535));
		json_decref(value);
	}
	free(large);
}
END_TEST

START_TEST(files)
{
	char path[] = "/tmp/test-json-XXXXXX";
	int fd = mkstemp(path);
	struct fault fault;
	json_t *value;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "{\"a\":1}", 7), 7);
	value = json_read_file(path, &small, &fault);
	ck_assert_msg(value != NULL, "%s", fault.text);
	json_decref(value);
	ck_assert_int_eq(ftruncate(fd, 100000), 0);
	ck_assert_ptr_null(json_read_file(path, &small, &fault));
	ck_assert_int_eq(fault.class, FAULT_LIMIT);
	close(fd);
	unlink(path);
	ck_assert_ptr_null(json_read_file(path, &small, &fault));
	ck_assert_int_eq(fault.class, FAULT_UNAVAILABLE);
	ck_assert(strstr(fault.text, path) != NULL);
	ck_assert_ptr_null(json_read_file("/tmp", &small, &fault));
	ck_assert_int_eq(fault.class, FAULT_UNAVAILABLE);
}
END_TEST

START_TEST(names_beside_a_document)
{
	static const char *const rows[][3] = {
		{ "a/b/broker.json", "keys.json", "a/b/keys.json" },
		{ "broker.json", "x/keys.json", "x/keys.json" },
		{ "/etc/broker.json", "/keys.json", "/keys.json" },
	};

	for (size_t i = 0; i < 3; i++) {
		char *path = json_beside(rows[i][0], rows[i][1]);

		ck_assert_str_eq(path, rows[i][2]);
		free(path);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("json");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, bad_texts_are_refused, 0, (int)(sizeof refused_texts / sizeof *refused_texts));
	tcase_add_test(tcase, good_texts_are_read);
	tcase_add_test(tcase, limits_hold_at_their_edge);
	tcase_add_loop_test(tcase, refusals_name_the_place, 0, (int)(sizeof path_rows / sizeof *path_rows));
	tcase_add_test(tcase, found_values_are_clipped_and_ascii);
	tcase_add_test(tcase, booleans);
	tcase_add_test(tcase, texts_have_a_largest_size);
	tcase_add_test(tcase, files);
	tcase_add_test(tcase, names_beside_a_document);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
