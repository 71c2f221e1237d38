/* The command line: the table of commands, the parser of options. */
#include "command/command.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const enum option taken[] = { OPTION_TARGET, OPTION_JOBS, OPTION_VERBOSE, OPTION_END };

static char *word(const char *text)
{
	return (char *)(size_t)text; /* argv is not const in C; nothing writes to it */
}

/* argv[0] is the program; the words begin at 1. */
static bool read_words(const char *const *words, struct arguments *arguments, struct fault *fault)
{
	static char *argv[16];
	size_t count = 0;
	memset(arguments, 0, sizeof(*arguments));
	argv[count++] = word("program");
	for (; *words; words++)
		argv[count++] = word(*words);
	argv[count] = NULL;
	return arguments_read(argv, 1, taken, arguments, fault);
}

static void refused(const char *const *words, const char *part)
{
	struct fault fault = { FAULT_NONE, "" };
	struct arguments arguments;
	ck_assert_msg(!read_words(words, &arguments, &fault), "accepted; expected %s", part);
	ck_assert_msg(strstr(fault.text, part) != NULL, "\"%s\" lacks \"%s\"", fault.text, part);
}

START_TEST(good)
{
	struct fault fault = { FAULT_NONE, "" };
	struct arguments arguments;
	static const char *const words[] = { "--target", "mqtt://h", "one",      "--jobs=4", "-v",
					     "-",        "--",       "--target", NULL };
	ck_assert_msg(read_words(words, &arguments, &fault), "%s", fault.text);
	ck_assert_str_eq(arguments.values[OPTION_TARGET], "mqtt://h");
	ck_assert_str_eq(arguments.values[OPTION_JOBS], "4");
	ck_assert_ptr_nonnull(arguments.values[OPTION_VERBOSE]);
	ck_assert_ptr_null(arguments.values[OPTION_SEED]);
	ck_assert_uint_eq(arguments.positional_count, 3);
	ck_assert_str_eq(arguments.positionals[1], "-");
	ck_assert_str_eq(arguments.positionals[2], "--target");
}
END_TEST

START_TEST(wrong)
{
	refused((const char *const[]){ "--targte", "x", NULL }, "unknown option --targte");
	refused((const char *const[]){ "--seed", "1", NULL }, "--seed is no option of this command");
	refused((const char *const[]){ "--target", NULL }, "--target needs a value");
	refused((const char *const[]){ "--target=", NULL }, "--target needs a value");
	refused((const char *const[]){ "-v", "--verbose", NULL }, "given twice");
	refused((const char *const[]){ "--verbose=1", NULL }, "takes no value");
	refused((const char *const[]){ "-x", NULL }, "unknown option -x");
}
END_TEST

START_TEST(numbers)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = { { "1", true },   { "8", true },   { "0", false },  { "9", false },
		      { "1x", false }, { "-1", false }, { " 1", false }, { "99999999999999999999999", false } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fault fault = { FAULT_NONE, "" };
		struct arguments arguments = { .values = { [OPTION_JOBS] = cases[i].text } };
		uint64_t number = 0;
		ck_assert_msg(arguments_number(&arguments, OPTION_JOBS, 1, 8, 3, &number, &fault) == cases[i].good,
			      "%s", cases[i].text);
	}
	struct fault fault = { FAULT_NONE, "" };
	struct arguments arguments = { .positional_count = 0 };
	uint64_t number = 0;
	ck_assert(arguments_number(&arguments, OPTION_JOBS, 1, 8, 3, &number, &fault));
	ck_assert_uint_eq(number, 3);
}
END_TEST

START_TEST(table)
{
	for (enum option option = OPTION_HELP; option < OPTION_COUNT; option++) {
		ck_assert_ptr_nonnull(option_info(option)->name);
		ck_assert_ptr_nonnull(option_info(option)->help);
	}
	for (const struct command *command = commands; command->name; command++) {
		const char *examples = command->examples;
		ck_assert(command->run != NULL);
		ck_assert_msg(strstr(examples, command->name) != NULL, "%s has no example", command->name);
		ck_assert_int_eq(examples[strlen(examples) - 1], '\n');
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("options");
	TCase *tests = tcase_create("options");
	tcase_add_test(tests, good);
	tcase_add_test(tests, wrong);
	tcase_add_test(tests, numbers);
	tcase_add_test(tests, table);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
