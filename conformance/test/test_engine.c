/* The engine against a small broker in another process: honest, lying, dying, silent. Each run's
 * trace is judged again by run_plan itself; a difference would be HARNESS. */
#include "actor/run.h"
#include "fake_broker.h"
#include "hand_script.h"

#include <check.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/time.h>

enum { PUBLISH_1, PUBLISH_0, CONNECT, SUBSCRIBE, SCRIPTS };

struct bench {
	struct hand hands[SCRIPTS];
	struct script *scripts[SCRIPTS];
	struct plan plan;
	struct listener listener;
	struct target target;
	struct fixture fixture;
	struct run_result result;
	char trace[64];
	pid_t broker;
};

static void bench_plan(struct bench *b)
{
	memset(b, 0, sizeof *b);
	hand_publish(&b->hands[PUBLISH_1], "PUB-02.hand/qos1", 1);
	hand_publish(&b->hands[PUBLISH_0], "PUB-02.hand/qos0", 0);
	hand_connect(&b->hands[CONNECT]);
	hand_subscribe(&b->hands[SUBSCRIBE]);
	for (size_t i = 0; i < SCRIPTS; i++)
		b->scripts[i] = &b->hands[i].script;
	b->plan = (struct plan){ .scripts = b->scripts, .script_count = SCRIPTS, .seed = 7 };
}

static void bench_target(struct bench *b, uint16_t port)
{
	b->listener = (struct listener){ .name = "plain", .host = "127.0.0.1", .port = port, .test = true };
	b->target = (struct target){ .name = "fake", .listeners = &b->listener, .listener_count = 1, .client_id_prefix = "",
				     .grace_ms = 30 };
	snprintf(b->trace, sizeof b->trace, "/tmp/mqtt-agent-test-XXXXXX");
	int fd = mkstemp(b->trace);
	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void bench_run(struct bench *b, bool preflight)
{
	struct run_options options = { .jobs = 4, .preflight = preflight, .trace_file = b->trace };
	struct fault fault = { FAULT_NONE, "" };
	bool ran = run_plan(&b->plan, &b->target, &b->fixture, &options, &b->result, &fault);
	ck_assert_msg(ran, "%s", fault.text);
}

static void bench_start(struct bench *b, enum fake fake, bool preflight)
{
	uint16_t port;
	bench_plan(b);
	b->broker = fake_start(fake, &port);
	bench_target(b, port);
	bench_run(b, preflight);
	fake_stop(b->broker);
}

static void bench_end(struct bench *b)
{
	for (size_t i = 0; i < SCRIPTS; i++)
		hand_release(&b->hands[i]);
	free(b->result.preflight.problem);
	unlink(b->trace);
}

static void expect(const struct bench *b, size_t script, const char *rule, enum verdict verdict, const char *words)
{
	const struct script *s = b->scripts[script];
	for (size_t i = 0; i < s->check_count; i++) {
		const struct check *check = &s->checks[i];
		const char *sentence = check->sentence ? check->sentence : "";
		if (strcmp(check->rule->id, rule) != 0)
			continue;
		ck_assert_msg(check->verdict == verdict, "%s %s: %s, not %s: %s", s->id, rule, verdict_name(check->verdict),
			      verdict_name(verdict), sentence);
		ck_assert_msg(strstr(sentence, words) != NULL, "%s %s: \"%s\" lacks \"%s\"", s->id, rule, sentence, words);
		return;
	}
	ck_abort_msg("no check of %s", rule);
}

static size_t count(const struct bench *b, enum verdict verdict, enum level level)
{
	size_t found = 0;
	for (size_t i = 0; i < SCRIPTS; i++) {
		for (size_t c = 0; c < b->scripts[i]->check_count; c++)
			found += b->scripts[i]->checks[c].verdict == verdict && b->scripts[i]->checks[c].rule->level == level;
	}
	return found;
}

START_TEST(honest)
{
	struct bench b;
	bench_start(&b, FAKE_HONEST, true);
	ck_assert(b.result.preflight.reached && b.result.preflight.own_message_back);
	ck_assert(b.result.preflight.problem == NULL);
	ck_assert_int_gt(b.result.preflight.round_trip_us, 0);
	for (size_t i = 0; i < SCRIPTS; i++) {
		for (size_t c = 0; c < b.scripts[i]->check_count; c++)
			expect(&b, i, b.scripts[i]->checks[c].rule->id, VERDICT_PASS, "");
	}
	bench_end(&b);
}
END_TEST

/* Who cannot tell good from bad earns nothing, with and without preflight. */
START_TEST(null_targets)
{
	static const enum fake fakes[] = { FAKE_ALLOWS_ALL, FAKE_REFUSES_ALL, FAKE_SILENT };
	struct bench b;
	bench_start(&b, fakes[_i / 2], _i % 2);
	ck_assert_uint_eq(count(&b, VERDICT_PASS, LEVEL_MUST), 0);
	ck_assert_uint_eq(count(&b, VERDICT_PENDING, LEVEL_MUST), 0);
	ck_assert_int_lt(b.result.duration_us, 5000000);
	ck_assert(b.result.unreachable == (fakes[_i / 2] == FAKE_SILENT));
	bench_end(&b);
}
END_TEST

START_TEST(allows_all)
{
	struct bench b;
	bench_start(&b, FAKE_ALLOWS_ALL, true);
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_FAIL,
	       "PUB-02.hand line 15 \"deny same to \"agents/analyst/card\" -> denied\": expected that nobody receives it, saw");
	expect(&b, PUBLISH_0, "PUB-02", VERDICT_FAIL, "receive it in PUBLISH \"agents/analyst-0/card\"");
	expect(&b, PUBLISH_1, "PUB-01", VERDICT_BLOCKED, "did not discriminate");
	expect(&b, PUBLISH_1, "PUB-03", VERDICT_BLOCKED, "PUB-02, whose manner it is, did not pass");
	expect(&b, CONNECT, "AUTH-02", VERDICT_FAIL, "saw CONNACK 0x00 Success");
	expect(&b, CONNECT, "AUTH-01", VERDICT_BLOCKED, "did not discriminate");
	expect(&b, SUBSCRIBE, "SBS-03", VERDICT_FAIL, "saw SUBACK 0x00 0x00 0x00");
	bench_end(&b);
}
END_TEST

START_TEST(refuses_all)
{
	struct bench b;
	bench_start(&b, FAKE_REFUSES_ALL, false);
	expect(&b, CONNECT, "AUTH-01", VERDICT_FAIL, "expected CONNACK 0x00, saw CONNACK 0x86 Bad User Name or Password");
	expect(&b, CONNECT, "AUTH-02", VERDICT_BLOCKED, "its twin did not hold: AUTH-02.hand line 10");
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_BLOCKED, "a precondition did not hold: PUB-02.hand line 10 \"analyst connects\"");
	bench_end(&b);
}
END_TEST

/* The right code is not enough, whenever the message comes. */
START_TEST(delivers)
{
	struct bench b;
	bench_start(&b, _i ? FAKE_DELIVERS_LATE : FAKE_SAYS_AND_DELIVERS, true);
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_FAIL, "expected that nobody receives it, saw analyst");
	expect(&b, PUBLISH_0, "PUB-02", VERDICT_FAIL, "expected that nobody receives it, saw analyst");
	expect(&b, CONNECT, "AUTH-02", VERDICT_PASS, "");
	bench_end(&b);
}
END_TEST

START_TEST(delivers_nothing)
{
	struct bench b;
	bench_start(&b, FAKE_DELIVERS_NOTHING, false);
	expect(&b, PUBLISH_1, "PUB-01", VERDICT_FAIL, "while a ping on another connection was answered");
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_INCONCLUSIVE, "no message that the observer received");
	expect(&b, SUBSCRIBE, "SBS-02", VERDICT_BLOCKED, "a precondition did not hold");
	expect(&b, SUBSCRIBE, "SBS-03", VERDICT_BLOCKED, "a later step of the case did not hold");
	ck_assert_int_lt(b.result.duration_us, 6000000);
	bench_end(&b);
}
END_TEST

START_TEST(disconnects)
{
	struct bench b;
	bench_start(&b, FAKE_DISCONNECTS, true);
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_PASS, "");
	expect(&b, PUBLISH_1, "PUB-03", VERDICT_WARN, "saw DISCONNECT 0x87 Not authorized");
	expect(&b, PUBLISH_0, "PUB-02", VERDICT_PASS, "");
	expect(&b, PUBLISH_0, "PUB-03", VERDICT_PASS, "");
	bench_end(&b);
}
END_TEST

/* A close without a word is a refusal only of a broker that is still alive. */
START_TEST(hangs_up)
{
	struct bench b;
	bench_start(&b, FAKE_HANGS_UP, true);
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_PASS, "");
	expect(&b, PUBLISH_1, "PUB-03", VERDICT_WARN, "the connection closed by the broker");
	bench_end(&b);
}
END_TEST

/* A crash passes nothing and fails nothing. */
START_TEST(dies)
{
	struct bench b;
	bench_start(&b, FAKE_DIES, true);
	for (size_t i = PUBLISH_1; i <= PUBLISH_0; i++) {
		for (size_t c = 0; c < b.scripts[i]->check_count; c++) {
			enum verdict verdict = b.scripts[i]->checks[c].verdict;
			ck_assert_msg(verdict == VERDICT_BLOCKED || verdict == VERDICT_INCONCLUSIVE, "%s", verdict_name(verdict));
		}
	}
	ck_assert_int_lt(b.result.duration_us, 30000000);
	bench_end(&b);
}
END_TEST

/* What was unclear in company is clear in the lone rerun. */
START_TEST(naps)
{
	struct bench b;
	bench_start(&b, FAKE_NAPS, true);
	ck_assert(!b.result.unreachable);
	ck_assert_uint_eq(count(&b, VERDICT_PASS, LEVEL_MUST), 9);
	ck_assert_int_gt(b.result.duration_us, 2500000);
	bench_end(&b);
}
END_TEST

START_TEST(other_codes)
{
	struct bench b;
	bench_start(&b, FAKE_OTHER_CODES, true);
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_PASS, "");
	expect(&b, PUBLISH_1, "PUB-03", VERDICT_WARN, "expected 0x87 in PUBACK");
	expect(&b, PUBLISH_1, "PUB-03", VERDICT_WARN, "saw PUBACK 0x80 Unspecified error (packet id ");
	expect(&b, CONNECT, "AUTH-02", VERDICT_PASS, "");
	expect(&b, CONNECT, "AUTH-03", VERDICT_WARN, "saw CONNACK 0x80");
	bench_end(&b);
}
END_TEST

START_TEST(talkative)
{
	struct bench b;
	bench_start(&b, FAKE_TALKATIVE, true);
	expect(&b, CONNECT, "AUTH-02", VERDICT_PASS, "");
	expect(&b, CONNECT, "AUTH-03", VERDICT_WARN, "with Reason String \"the signature\\x0Ais wrong\"");
	bench_end(&b);
}
END_TEST

START_TEST(keeps_open)
{
	struct bench b;
	bench_start(&b, FAKE_KEEPS_OPEN, true);
	expect(&b, CONNECT, "AUTH-02", VERDICT_FAIL, "and the connection still open, while a ping on another connection");
	bench_end(&b);
}
END_TEST

START_TEST(garbles)
{
	struct bench b;
	bench_start(&b, FAKE_GARBLES, true);
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_FAIL, "bytes that are no MQTT 5 packet (PUBACK with Packet Identifier 0)");
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_FAIL, "40020000");
	bench_end(&b);
}
END_TEST

START_TEST(floods)
{
	struct bench b;
	bench_start(&b, FAKE_FLOODS, true);
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_FAIL, "a flood: far more packets");
	expect(&b, CONNECT, "AUTH-02", VERDICT_PASS, "");
	bench_end(&b);
}
END_TEST

START_TEST(mute)
{
	struct bench b;
	bench_start(&b, FAKE_MUTE, true);
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_FAIL, "saw no answer, while a ping on another connection was answered");
	expect(&b, PUBLISH_0, "PUB-02", VERDICT_PASS, ""); /* at QoS 0 silence is right */
	bench_end(&b);
}
END_TEST

START_TEST(limits)
{
	struct bench b;
	bench_start(&b, FAKE_QOS0, true);
	expect(&b, PUBLISH_1, "PUB-01", VERDICT_NA, "a lower Maximum QoS in CONNACK");
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_NA, "");
	expect(&b, PUBLISH_1, "PUB-03", VERDICT_NA, "");
	expect(&b, PUBLISH_0, "PUB-02", VERDICT_PASS, "");
	bench_end(&b);
	bench_start(&b, FAKE_NARROW, false);
	expect(&b, PUBLISH_1, "PUB-02", VERDICT_NA, "Maximum Packet Size 50");
	expect(&b, CONNECT, "AUTH-02", VERDICT_PASS, "");
	bench_end(&b);
}
END_TEST

START_TEST(secrets)
{
	struct bench b;
	bench_start(&b, FAKE_GRANTS_SECRETS, true);
	expect(&b, SUBSCRIBE, "SBS-03", VERDICT_FAIL, "saw SUBACK 0x00 0x00 0x00");
	expect(&b, SUBSCRIBE, "SBS-02", VERDICT_FAIL, "expected that it never arrives, saw reader receive it in PUBLISH");
	expect(&b, SUBSCRIBE, "SBS-01", VERDICT_BLOCKED, "did not discriminate");
	bench_end(&b);
	bench_start(&b, FAKE_NEIGHBOURS, true);
	expect(&b, SUBSCRIBE, "SBS-03", VERDICT_FAIL, "expected that its neighbour ops/1 is granted, saw SUBACK 0x87 0x87 0x87");
	bench_end(&b);
}
END_TEST

START_TEST(dead_port)
{
	struct bench b;
	uint16_t port;
	bench_plan(&b);
	fake_stop(fake_start(FAKE_HONEST, &port));
	bench_target(&b, port);
	bench_run(&b, _i);
	ck_assert(b.result.unreachable);
	ck_assert_uint_eq(count(&b, VERDICT_BLOCKED, LEVEL_MUST), 9);
	ck_assert_int_lt(b.result.duration_us, 5000000);
	if (_i)
		ck_assert(strstr(b.result.preflight.problem, "refused") != NULL);
	bench_end(&b);
}
END_TEST

START_TEST(unknown_host)
{
	struct bench b;
	bench_plan(&b);
	bench_target(&b, 1883);
	b.listener.host = "no-such-host.invalid";
	bench_run(&b, true);
	ck_assert(b.result.unreachable && b.result.preflight.problem != NULL);
	ck_assert_uint_eq(count(&b, VERDICT_BLOCKED, LEVEL_MUST), 9);
	bench_end(&b);
}
END_TEST

/* A plan without scripts is the preflight alone. */
START_TEST(preflight_alone)
{
	struct bench b;
	uint16_t port;
	bench_plan(&b);
	b.plan.script_count = 0;
	b.broker = fake_start(FAKE_HONEST, &port);
	bench_target(&b, port);
	bench_run(&b, true);
	fake_stop(b.broker);
	ck_assert(b.result.preflight.reached && b.result.preflight.good_token_accepted);
	bench_end(&b);
}
END_TEST

static void interrupt_soon(int signal)
{
	(void)signal;
	raise(SIGINT);
}

START_TEST(interrupted)
{
	struct bench b;
	struct itimerval soon = { .it_value = { .tv_usec = 200000 } }, never = { .it_value = { .tv_sec = 0 } };
	signal(SIGALRM, interrupt_soon);
	setitimer(ITIMER_REAL, &soon, NULL);
	bench_start(&b, FAKE_SILENT, false);
	setitimer(ITIMER_REAL, &never, NULL);
	ck_assert(b.result.interrupted);
	ck_assert_int_lt(b.result.duration_us, 900000);
	expect(&b, CONNECT, "AUTH-01", VERDICT_BLOCKED, "the run was interrupted");
	bench_end(&b);
}
END_TEST

static void count_progress(void *context, const struct script *finished, size_t done, const char *waiting_for)
{
	size_t *seen = context;
	(void)waiting_for;
	if (finished)
		*seen = done;
}

START_TEST(progress)
{
	struct bench b;
	uint16_t port;
	size_t seen = 0;
	struct fault fault;
	bench_plan(&b);
	b.hands[CONNECT].script.alone = true;
	b.broker = fake_start(FAKE_HONEST, &port);
	bench_target(&b, port);
	struct run_options options = { .jobs = 1, .progress = count_progress, .context = &seen };
	ck_assert(run_plan(&b.plan, &b.target, &b.fixture, &options, &b.result, &fault));
	fake_stop(b.broker);
	ck_assert_uint_eq(seen, SCRIPTS);
	ck_assert_uint_eq(count(&b, VERDICT_PASS, LEVEL_MUST), 9);
	bench_end(&b);
}
END_TEST

static void truncate_trace(const char *file, long size)
{
	ck_assert_int_eq(truncate(file, size), 0);
}

/* A trace that was cut or changed is refused with its line, and never a verdict. */
START_TEST(spoilt_traces)
{
	struct bench b;
	struct fault fault;
	bench_start(&b, FAKE_HONEST, true);
	FILE *file = fopen(b.trace, "r+");
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	unsigned random = 1;
	for (int i = 0; i < 60; i++) {
		random = random * 1103515245u + 12345u;
		long at = (long)(random >> 8) % size;
		fseek(file, at, SEEK_SET);
		int old = getc(file);
		fseek(file, at, SEEK_SET);
		putc((int)(random & 0x7f), file);
		fflush(file);
		free(b.result.preflight.problem);
		b.result.preflight.problem = NULL;
		fault = (struct fault){ FAULT_NONE, "" };
		if (!judge_trace(&b.plan, b.trace, &b.result, &fault))
			ck_assert_msg(fault.text[0] != '\0', "no reason at %ld", at);
		fseek(file, at, SEEK_SET);
		putc(old, file);
		fflush(file);
	}
	fclose(file);
	ck_assert(judge_trace(&b.plan, b.trace, &b.result, &fault));
	truncate_trace(b.trace, size - 10);
	ck_assert(!judge_trace(&b.plan, b.trace, &b.result, &fault));
	ck_assert_msg(strstr(fault.text, "breaks off") != NULL, "%s", fault.text);
	truncate_trace(b.trace, 0);
	ck_assert(!judge_trace(&b.plan, b.trace, &b.result, &fault));
	ck_assert_msg(strstr(fault.text, ":1: ") != NULL, "%s", fault.text);
	ck_assert(!judge_trace(&b.plan, "/tmp/no-such-trace.jsonl", &b.result, &fault));
	bench_end(&b);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("engine");
	TCase *tests = tcase_create("runs");
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, honest);
	tcase_add_loop_test(tests, null_targets, 0, 6);
	tcase_add_test(tests, allows_all);
	tcase_add_test(tests, refuses_all);
	tcase_add_loop_test(tests, delivers, 0, 2);
	tcase_add_test(tests, delivers_nothing);
	tcase_add_test(tests, disconnects);
	tcase_add_test(tests, hangs_up);
	tcase_add_test(tests, dies);
	tcase_add_test(tests, naps);
	tcase_add_test(tests, other_codes);
	tcase_add_test(tests, talkative);
	tcase_add_test(tests, keeps_open);
	tcase_add_test(tests, garbles);
	tcase_add_test(tests, floods);
	tcase_add_test(tests, mute);
	tcase_add_test(tests, limits);
	tcase_add_test(tests, secrets);
	tcase_add_loop_test(tests, dead_port, 0, 2);
	tcase_add_test(tests, unknown_host);
	tcase_add_test(tests, preflight_alone);
	tcase_add_test(tests, interrupted);
	tcase_add_test(tests, progress);
	tcase_add_test(tests, spoilt_traces);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
