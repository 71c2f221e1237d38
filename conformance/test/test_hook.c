/* Hooks that keep their contract, and fake ones that are slow, failing, lying, noisy, or not there. */
#include "clock.h"
#include "hook/hook.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHORT_MS = 300, KEPT_MAX = 8 << 20 };

struct seen {
	struct event_base *base;
	unsigned calls, ticks;
	enum hook_end end;
	char words[160], complaint[HOOK_COMPLAINT_MAX + 1];
	char *output;
	size_t output_size, complaint_size;
	int64_t duration_us;
};

static void on_done(void *context, const struct hook_result *result)
{
	struct seen *seen = context;
	seen->calls++;
	seen->end = result->end;
	snprintf(seen->words, sizeof seen->words, "%s", result->words);
	seen->output = slice_copy(result->output);
	seen->output_size = result->output.size;
	seen->complaint_size = result->complaint.size;
	memcpy(seen->complaint, result->complaint.size ? (const char *)result->complaint.data : "", result->complaint.size);
	seen->duration_us = result->duration_us;
	event_base_loopbreak(seen->base);
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
	struct seen *seen = context;
	(void)fd;
	(void)what;
	seen->ticks++;
}

/* Runs one hook to its end while a timer of the same loop ticks. */
static void play(struct hook_call call, struct seen *seen)
{
	struct fault fault = { FAULT_NONE, "" };
	struct timeval tick = { .tv_usec = 10000 };
	memset(seen, 0, sizeof *seen);
	signal(SIGPIPE, SIG_IGN);
	seen->base = event_base_new();
	struct event *ticker = event_new(seen->base, -1, EV_PERSIST, on_tick, seen);
	event_add(ticker, &tick);
	call.done = on_done;
	call.context = seen;
	struct hook *hook = hook_start(seen->base, &call, &fault);
	ck_assert_msg(hook != NULL, "%s", fault.text);
	ck_assert_uint_eq(seen->calls, 0);
	event_base_dispatch(seen->base);
	ck_assert_uint_eq(seen->calls, 1);
	hook_free(hook);
	event_free(ticker);
	event_base_free(seen->base);
}

static void play_shell(const char *script, struct hook_call call, struct seen *seen)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	call.argv = argv;
	play(call, seen);
}

START_TEST(exit_codes)
{
	static const struct {
		const char *script, *words;
		enum hook_end end;
	} table[] = {
		{ "exit 0", "exit code 0", HOOK_IN_FORCE },
		{ "exit 65", "exit code 65", HOOK_REFUSED },
		{ "exit 1", "exit code 1", HOOK_BROKEN },
		{ "exit 64", "exit code 64", HOOK_BROKEN },
		{ "exit 66", "exit code 66", HOOK_BROKEN },
		{ "exit 127", "exit code 127", HOOK_BROKEN },
		{ "kill -9 $$", "was ended by signal 9", HOOK_BROKEN },
		{ "kill -15 $$", "was ended by signal 15", HOOK_BROKEN },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct seen seen;
		play_shell(table[i].script, (struct hook_call){ .limit_ms = 5000 }, &seen);
		ck_assert_str_eq(seen.words, table[i].words);
		ck_assert_int_eq(seen.end, table[i].end);
		free(seen.output);
	}
}
END_TEST

/* The document goes in, the lines come out, the complaint is kept apart. */
START_TEST(streams)
{
	struct seen seen;
	play_shell("cat; echo oops >&2; exit 65", (struct hook_call){ .input = slice_text("{\"a\":1}\n") }, &seen);
	ck_assert_int_eq(seen.end, HOOK_REFUSED);
	ck_assert_str_eq(seen.output, "{\"a\":1}\n");
	ck_assert_str_eq(seen.complaint, "oops\n");
	free(seen.output);
}
END_TEST

/* Larger than any pipe, both ways at once. */
START_TEST(large_streams)
{
	struct seen seen;
	size_t size = 1 << 20;
	char *document = malloc(size);
	memset(document, 'x', size);
	play_shell("cat", (struct hook_call){ .input = slice_of(document, size) }, &seen);
	ck_assert_int_eq(seen.end, HOOK_IN_FORCE);
	ck_assert_uint_eq(seen.output_size, size);
	ck_assert_int_eq(memcmp(seen.output, document, size), 0);
	free(document);
	free(seen.output);
}
END_TEST

START_TEST(input_that_nobody_reads)
{
	static char document[1 << 20];
	struct seen seen;
	memset(document, 'x', sizeof document);
	play_shell("exec <&-; echo done", (struct hook_call){ .input = slice_of(document, sizeof document) }, &seen);
	ck_assert_int_eq(seen.end, HOOK_IN_FORCE);
	ck_assert_str_eq(seen.output, "done\n");
	free(seen.output);
}
END_TEST

static bool lives(pid_t pid)
{
	char name[64], state[256] = "";
	snprintf(name, sizeof name, "/proc/%ld/stat", (long)pid);
	FILE *file = fopen(name, "r");
	if (!file)
		return false;
	bool read = fgets(state, sizeof state, file) != NULL;
	fclose(file);
	const char *behind = strrchr(state, ')');
	return read && behind && behind[2] != 'Z'; /* an orphan that is dead and not yet collected */
}

static bool gone_soon(pid_t pid)
{
	struct timespec moment = { .tv_nsec = 20000000 };
	for (int i = 0; i < 100 && lives(pid); i++)
		nanosleep(&moment, NULL);
	return !lives(pid);
}

/* Killed with what it has started, and the loop went on meanwhile. */
START_TEST(slow)
{
	struct seen seen;
	play_shell("trap '' TERM INT; sleep 60 & echo $!; wait; sleep 60", (struct hook_call){ .limit_ms = SHORT_MS }, &seen);
	ck_assert_int_eq(seen.end, HOOK_BROKEN);
	ck_assert_ptr_nonnull(strstr(seen.words, "more than 0.3 s"));
	ck_assert_int_ge(seen.duration_us, SHORT_MS * 900);
	ck_assert_int_lt(seen.duration_us, 3000000);
	ck_assert_uint_ge(seen.ticks, 5);
	pid_t grandchild = (pid_t)strtol(seen.output, NULL, 10);
	ck_assert_int_gt(grandchild, 1);
	ck_assert(gone_soon(grandchild));
	free(seen.output);
}
END_TEST

START_TEST(noisy)
{
	struct seen seen;
	play_shell("while :; do cat /dev/zero; done", (struct hook_call){ .limit_ms = 5000 }, &seen);
	ck_assert_int_eq(seen.end, HOOK_BROKEN);
	ck_assert_ptr_nonnull(strstr(seen.words, "printed more than"));
	ck_assert_uint_eq(seen.output_size, HOOK_OUTPUT_MAX);
	free(seen.output);
	/* Complaints are no breach; the first of them are kept. */
	play_shell("echo first >&2; head -c 3000000 /dev/zero >&2", (struct hook_call){ .limit_ms = 5000 }, &seen);
	ck_assert_int_eq(seen.end, HOOK_IN_FORCE);
	ck_assert_uint_eq(seen.complaint_size, HOOK_COMPLAINT_MAX);
	ck_assert_int_eq(strncmp(seen.complaint, "first\n", 6), 0);
	free(seen.output);
	/* At the edge: as much as is kept is no breach either. */
	play_shell("head -c 4194304 /dev/zero", (struct hook_call){ .limit_ms = 5000 }, &seen);
	ck_assert_int_eq(seen.end, HOOK_IN_FORCE);
	ck_assert_uint_eq(seen.output_size, HOOK_OUTPUT_MAX);
	free(seen.output);
}
END_TEST

/* Its end is the end of the process; what it leaves in the background stays, as a broker must. */
START_TEST(leaves_a_broker_behind)
{
	struct seen seen;
	play_shell("sleep 30 & echo $!", (struct hook_call){ .limit_ms = 5000 }, &seen);
	ck_assert_int_eq(seen.end, HOOK_IN_FORCE);
	ck_assert_int_lt(seen.duration_us, 2000000);
	pid_t left = (pid_t)strtol(seen.output, NULL, 10);
	ck_assert_int_gt(left, 1);
	ck_assert(lives(left));
	kill(left, SIGKILL);
	free(seen.output);
}
END_TEST

START_TEST(not_executable)
{
	static const char *const wrong[] = { "/does/not/exist", "no-such-program-in-path", "/etc/passwd", "/" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		const char *const argv[] = { wrong[i], NULL };
		struct seen seen;
		play((struct hook_call){ .argv = argv }, &seen);
		ck_assert_int_eq(seen.end, HOOK_NOT_RUN);
		ck_assert_ptr_nonnull(strstr(seen.words, "cannot be executed"));
		free(seen.output);
	}
}
END_TEST

START_TEST(arguments)
{
	static const char *const argv[] = { "printf", "%s|", "{org}", "a{log}b{since}{org}", "{other}", "{", "$HOME `id`", NULL };
	struct seen seen;
	play((struct hook_call){ .argv = argv, .org = "{log}", .log = "L", .since = NULL, .argument = "kill" }, &seen);
	ck_assert_int_eq(seen.end, HOOK_IN_FORCE);
	ck_assert_str_eq(seen.output, "{log}|aLb{log}|{other}|{|$HOME `id`|kill|");
	free(seen.output);
}
END_TEST

/* A socket of the run in a hook's hands would stay open when the run closes it. */
START_TEST(inherits_three_streams)
{
	struct seen seen;
	const char *const argv[] = { "ls", "/proc/self/fd", NULL };
	for (int fd = 3; fd < 1024; fd++) /* those of whatever runs this test */
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	play((struct hook_call){ .argv = argv }, &seen);
	ck_assert_str_eq(seen.output, "0\n1\n2\n3\n"); /* 3: the folder that ls reads */
	free(seen.output);
}
END_TEST

START_TEST(usual_signals)
{
	struct seen seen;
	play_shell("grep -E '^Sig(Blk|Ign)' /proc/self/status", (struct hook_call){ .limit_ms = 5000 }, &seen);
	ck_assert_ptr_nonnull(strstr(seen.output, "SigBlk:\t0000000000000000"));
	unsigned long ignored = strtoul(strstr(seen.output, "SigIgn:\t") + 8, NULL, 16);
	ck_assert_uint_eq(ignored & (1UL << (SIGPIPE - 1)), 0);
	free(seen.output);
}
END_TEST

/* Freed while it runs: nothing is called back, and nothing of it is left. */
START_TEST(cancelled)
{
	const char *const argv[] = { "sleep", "60", NULL };
	struct seen seen = { .base = event_base_new() };
	struct fault fault;
	struct hook_call call = { .argv = argv, .done = on_done, .context = &seen };
	struct hook *hook = hook_start(seen.base, &call, &fault);
	int64_t begin = clock_monotonic_us();
	ck_assert_ptr_nonnull(hook);
	hook_free(hook);
	ck_assert_int_lt(clock_monotonic_us() - begin, 1000000);
	event_base_loop(seen.base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(seen.calls, 0);
	event_base_free(seen.base);
	hook_free(NULL);
}
END_TEST

/* Several at once on one loop, each told of its own end. */
START_TEST(side_by_side)
{
	enum { COUNT = 8 };
	struct seen seen[COUNT];
	struct hook *hooks[COUNT];
	struct fault fault;
	struct event_base *base = event_base_new();
	int64_t begin = clock_monotonic_us();
	for (size_t i = 0; i < COUNT; i++) {
		char script[64];
		snprintf(script, sizeof script, "sleep 0.3; echo %zu; exit %d", i, i % 2 ? 65 : 0);
		const char *const argv[] = { "sh", "-c", script, NULL };
		struct hook_call call = { .argv = argv, .done = on_done, .context = &seen[i] };
		seen[i] = (struct seen){ .base = base };
		hooks[i] = hook_start(base, &call, &fault);
		ck_assert_ptr_nonnull(hooks[i]);
	}
	for (unsigned done = 0; done < COUNT && clock_monotonic_us() - begin < 5000000;) {
		event_base_loop(base, EVLOOP_ONCE);
		done = 0;
		for (size_t i = 0; i < COUNT; i++)
			done += seen[i].calls;
	}
	ck_assert_int_lt(clock_monotonic_us() - begin, 2000000); /* one after the other would be 2.4 s */
	for (size_t i = 0; i < COUNT; i++) {
		ck_assert_uint_eq(seen[i].calls, 1);
		ck_assert_int_eq(seen[i].end, i % 2 ? HOOK_REFUSED : HOOK_IN_FORCE);
		ck_assert_uint_eq(strtoul(seen[i].output, NULL, 10), i);
		free(seen[i].output);
		hook_free(hooks[i]);
	}
	event_base_free(base);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hook");
	TCase *tests = tcase_create("hook");
	tcase_set_timeout(tests, 20);
	tcase_add_test(tests, exit_codes);
	tcase_add_test(tests, streams);
	tcase_add_test(tests, large_streams);
	tcase_add_test(tests, input_that_nobody_reads);
	tcase_add_test(tests, slow);
	tcase_add_test(tests, noisy);
	tcase_add_test(tests, leaves_a_broker_behind);
	tcase_add_test(tests, not_executable);
	tcase_add_test(tests, arguments);
	tcase_add_test(tests, inherits_three_streams);
	tcase_add_test(tests, usual_signals);
	tcase_add_test(tests, cancelled);
	tcase_add_test(tests, side_by_side);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
