/* Log lines: what they look like, that no value forges one, and that no reader holds the writer up. */
#include "log.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

static int ends[2];
static struct log out;

static void setup(void)
{
	ck_assert_int_eq(pipe(ends), 0);
	out = (struct log){ LOG_INFO, ends[1], 0 };
}

static void teardown(void)
{
	close(ends[0]);
	close(ends[1]);
}

/* What is in the pipe, terminated. */
static size_t drain(char *text, size_t room)
{
	ssize_t got = read(ends[0], text, room - 1);

	ck_assert_int_gt(got, 0);
	text[got] = '\0';
	return (size_t)got;
}

/* The line for one value, behind the time. */
static void log_value(struct slice value, char *line, size_t room)
{
	const struct log_pair pairs[] = { { "client", value }, { NULL, slice_text(NULL) } };

	log_event(&out, LOG_DEBUG, "hidden", NULL);
	log_event(&out, LOG_WARN, "seen", pairs);
	ck_assert_uint_gt(drain(line, room), 30);
	ck_assert(strncmp(line, "time=20", 7) == 0 && strncmp(line + 24, ".", 1) == 0);
	memmove(line, line + 30, strlen(line + 30) + 1);
}

START_TEST(lines_cannot_be_forged)
{
	char line[5000], large[2000];

	log_value(slice_text("c1"), line, sizeof line);
	ck_assert_str_eq(line, "level=warn event=seen client=c1\n");
	log_value(slice_text("a b\" x=y\n\x1b[2J\\"), line, sizeof line);
	ck_assert_str_eq(line, "level=warn event=seen client=\"a b\\\" x=y\\x0a\\x1b[2J\\\\\"\n");
	log_value(slice_text(""), line, sizeof line);
	ck_assert_str_eq(line, "level=warn event=seen client=\"\"\n");
	log_value(slice_of("a\0", 2), line, sizeof line);
	ck_assert_str_eq(line, "level=warn event=seen client=\"a\\x00\"\n");
	memset(large, 'a', sizeof large);
	log_value(slice_of(large, sizeof large), line, sizeof line);
	ck_assert_uint_eq(strlen(line), strlen("level=warn event=seen client=...\n") + 512);
	memset(large, ' ', sizeof large);
	log_value(slice_of(large, sizeof large), line, sizeof line);
	ck_assert_str_eq(line + strlen(line) - 6, " ...\"\n");
}
END_TEST

START_TEST(a_line_is_never_longer_than_a_pipe_takes)
{
	struct log_pair pairs[4] = { { "a", { NULL, 0 } }, { "b", { NULL, 0 } }, { "c", slice_text("short") } };
	char large[600], line[5000];

	memset(large, '\n', sizeof large);
	pairs[0].value = pairs[1].value = slice_of(large, sizeof large);
	log_event(&out, LOG_INFO, "x", pairs);
	ck_assert_uint_le(drain(line, sizeof line), 4096);
	ck_assert_ptr_nonnull(strstr(line, " a=\""));
	ck_assert_ptr_null(strstr(line, " b="));
	ck_assert_ptr_nonnull(strstr(line, " c=short cut=yes\n"));
}
END_TEST

/* Nobody reads: the pipe fills, the writer goes on, and says afterwards what was lost. */
START_TEST(a_stalled_reader_loses_lines_and_is_told)
{
	static char text[1 << 17];
	unsigned long lost, written = 0;
	char *line;

	for (int i = 0; i < 100000; i++)
		log_event(&out, LOG_INFO, "flood", NULL);
	lost = out.lost;
	ck_assert_uint_gt(lost, 0);
	drain(text, sizeof text);
	for (line = text; (line = strstr(line, "event=flood\n")); line++)
		written++;
	ck_assert_uint_eq(written + lost, 100000);
	log_event(&out, LOG_INFO, "after", NULL);
	ck_assert_uint_eq(out.lost, 0);
	drain(text, sizeof text);
	line = strstr(text, "level=warn event=log lost=");
	ck_assert_ptr_nonnull(line);
	ck_assert_uint_eq(strtoul(line + 26, NULL, 10), lost);
	ck_assert_ptr_nonnull(strstr(line, "level=info event=after\n"));
}
END_TEST

static void nothing(int number)
{
	(void)number;
}

/* A timer interrupts all the time; no line is torn or lost for it. */
START_TEST(signals_tear_no_line)
{
	struct itimerval often = { { 0, 50 }, { 0, 50 } }, never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action;
	char text[4096];

	memset(&action, 0, sizeof action);
	action.sa_handler = nothing; /* no SA_RESTART */
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 2000; i++) {
		ssize_t got;

		log_event(&out, LOG_INFO, "tick", NULL);
		do
			got = read(ends[0], text, sizeof text - 1);
		while (got < 0);
		text[got] = '\0';
		ck_assert(got > 11 && strcmp(text + got - 11, "event=tick\n") == 0);
	}
	setitimer(ITIMER_REAL, &never, NULL);
	ck_assert_uint_eq(out.lost, 0);
}
END_TEST

START_TEST(a_closed_log_is_no_error)
{
	struct log closed = { LOG_INFO, -1, 0 };

	log_event(&closed, LOG_INFO, "x", NULL);
	ck_assert_uint_eq(closed.lost, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("log");
	TCase *tcase = tcase_create("log");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, lines_cannot_be_forged);
	tcase_add_test(tcase, a_line_is_never_longer_than_a_pipe_takes);
	tcase_add_test(tcase, a_stalled_reader_loses_lines_and_is_told);
	tcase_add_test(tcase, signals_tear_no_line);
	tcase_add_test(tcase, a_closed_log_is_no_error);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
