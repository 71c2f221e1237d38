/* Traces: what was judged live is judged again from the file, to the word; a trace that is cut, bent
 * or foreign is a clear fault and never a crash. Moments are drawn at random. */
#include "actor/run.h"
#include "trial.h"

#include <unistd.h>

enum { SEQUENCES = 600, MOMENTS = 60, BENT = 12, TEXT_MAX = 1 << 18 };

static uint64_t next(uint64_t *state, uint64_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (*state >> 33) % below;
}

static const struct script_step pool[] = {
	{ .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED } },
	{ .act = ACT_CONNECT, .outcomes = { OUTCOME_DENIED }, .will = { .topic = "f", .payload = "w" } },
	{ .act = ACT_RESUME, .outcomes = { OUTCOME_PRESENT, OUTCOME_REFUSED }, .outcome_count = 2, .should = { 0x87 }, .should_count = 1 },
	{ .act = ACT_RENEW, .outcomes = { OUTCOME_ACCEPTED } },
	{ .act = ACT_PUBLISH, .topic = "t", .payload = "a", .qos = 0, .outcomes = { OUTCOME_ALLOWED } },
	{ .act = ACT_PUBLISH, .topic = "t", .payload = "b", .qos = 1, .outcomes = { OUTCOME_DENIED }, .should = { 0x87 }, .should_count = 1 },
	{ .act = ACT_PUBLISH, .topic = "t", .payload = "c", .qos = 2, .outcomes = { OUTCOME_ALLOWED } },
	{ .act = ACT_PUBLISH, .topic = "t", .payload = "d", .qos = 2, .held_back = true, .outcomes = { OUTCOME_ALLOWED } },
	{ .act = ACT_RELEASE, .outcomes = { OUTCOME_DENIED } },
	{ .act = ACT_STREAM, .topic = "t", .payload = "e", .qos = 1, .until = { INSTANT_CLOSED, 0, 0 }, .outcomes = { OUTCOME_ALLOWED } },
	{ .act = ACT_SUBSCRIBE, .filters = { "t" }, .filter_count = 1, .outcomes = { OUTCOME_GRANTED } },
	{ .act = ACT_UNSUBSCRIBE, .filters = { "t" }, .filter_count = 1 },
	{ .act = ACT_PING, .outcomes = { OUTCOME_ALIVE } },
	{ .act = ACT_IDLE, .outcomes = { OUTCOME_CLOSED }, .by = { INSTANT_EXP, 0, 100 }, .should = { 0xA0 }, .should_count = 1,
	  .should_by = { INSTANT_EXP, 0, 10 } },
	{ .act = ACT_SEND, .outcomes = { OUTCOME_CLOSED }, .codes = { 0x81 }, .code_count = 1 },
	{ .act = ACT_DROP },
	{ .act = ACT_RECEIVE, .messages = { 0 }, .message_count = 1, .by = { INSTANT_STEP, 0, 50 } },
	{ .act = ACT_RECEIVE, .messages = { 0 }, .message_count = 1 },
	{ .act = ACT_NEVER, .messages = { 0 }, .message_count = 1 },
	{ .act = ACT_REVOKE, .outcomes = { OUTCOME_ACCEPTED } },
};

static const char *const words[] = {
	"open", "open", "end", "cut", "connack:00", "connack:00", "present:00", "connack:87", "disconnect:98", "auth:00", "foreign:00",
	"puback:00", "puback:87", "pubrec:00", "pubrec:87", "pubcomp:00", "pubcomp:92", "suback:00", "suback:87", "unsuback:00", "pong",
	"release", "subscribe", "unsubscribe", "ping", "bytes", "noise", "late", "alive", "dead", "grace", "hook:0", "hook:65",
	"hook!9", "pause:40", "pause:7",
};

static bool speaks(const struct hand *hand, size_t at)
{
	struct message ignored;
	return message_of(&hand->script, at, &ignored);
}

static void make_script(struct hand *hand, uint64_t *random)
{
	hand_begin(hand, "PUB-02.random", "PUB-02.random");
	hand_actor(hand, "analyst", "analyst-1");
	hand_actor(hand, "scout", "scout-1");
	hand_check(hand, &rule_pub1, false);
	hand_check(hand, &rule_pub2, true);
	hand_check(hand, &rule_pub3, true);
	for (size_t i = 0; i < 10; i++) {
		struct script_step step = pool[next(random, sizeof pool / sizeof *pool)];
		bool message = false;
		step.actor = next(random, 2);
		step.source = "a step";
		step.label = (enum label)next(random, 3);
		step.check = (ptrdiff_t)next(random, 3);
		step.manner = step.should_count && step.check == 2 ? 3 : 0;
		for (size_t k = 0; k < i && !message; k++) {
			message = speaks(hand, k);
			step.messages[0] = k;
		}
		if (step.message_count > 0 && !message)
			step = pool[4];
		step.source = "a step";
		hand_step(hand, step);
	}
	hand_check(hand, &rule_auth3, true);
	hand->steps[0].alike = 3;
}

static void sentinel(struct court *c, uint64_t *random, enum moment_kind kind)
{
	struct nonce nonce;
	size_t message = next(random, c->hand.script.step_count), actor = next(random, 2);
	ck_assert(nonce_make(salt, 3, c->hand.script.id, c->attempt, message, 1, &nonce));
	feed(c, (struct moment){ .kind = kind, .actor = (ptrdiff_t)actor, .connection = c->actor_connection[actor],
				 .observer = next(random, 2), .message = message, .nonce = nonce.text });
}

static void deliver(struct court *c, uint64_t *random)
{
	struct buf bytes;
	size_t message = next(random, c->hand.script.step_count);
	if (!speaks(&c->hand, message))
		return;
	buf_init(&bytes, 4096);
	compose_with(c, message, next(random, 2), (struct publish){ .retain = next(random, 2) }, &bytes);
	packet(c, next(random, 2), MOMENT_RECEIVED, &bytes);
}

static void draw_moment(struct court *c, uint64_t *random)
{
	size_t actor = next(random, 2);
	if (judge_phase(c->judge, 0) == PHASE_CONTROL && next(random, 2)) {
		happen(c, actor, next(random, 2) ? "alive" : "dead");
		return;
	}
	switch (next(random, 12)) {
	case 0:
	case 1:
		step(c, (c->step + next(random, 2)) % c->hand.script.step_count);
		break;
	case 2:
		deliver(c, random);
		break;
	case 3:
		sentinel(c, random, next(random, 2) ? MOMENT_FENCE : MOMENT_COPY);
		break;
	case 4:
		if (speaks(&c->hand, c->step) && c->hand.steps[c->step].act != ACT_CONNECT)
			happen(c, actor, next(random, 2) ? "say" : "say@6");
		break;
	default:
		happen(c, actor, words[next(random, sizeof words / sizeof *words)]);
	}
}

struct written { /* a run made up at random, judged live, and its trace */
	struct court court;
	struct target target;
	struct fixture fixture;
	char file[64];
	enum verdict verdicts[8];
	char *sentences[8];
};

static void write_run(struct written *w, uint64_t seed)
{
	struct fault fault = { FAULT_NONE, "" };
	struct run_result result = { .duration_us = 5 };
	struct court *c = &w->court;
	uint64_t random = seed;
	memset(w, 0, sizeof *w);
	make_script(&c->hand, &random);
	static char name[] = "made up";
	w->target.name = name;
	snprintf(w->file, sizeof w->file, "/tmp/trace-%ld-XXXXXX", (long)getpid());
	int fd = mkstemp(w->file);
	ck_assert_int_ge(fd, 0);
	close(fd);
	c->scripts[0] = &c->hand.script;
	c->plan = (struct plan){ .scripts = c->scripts, .script_count = 1, .seed = 3 };
	struct trace *trace = trace_open(w->file, &c->plan, &w->target, &w->fixture, salt, &fault);
	ck_assert_msg(trace != NULL, "%s", fault.text);
	open_written(c, trace);
	step(c, 0);
	for (size_t i = 0; i < MOMENTS; i++)
		draw_moment(c, &random);
	c->trace = NULL;
	ck_assert(trace_close(trace, &result, &fault));
	ck_assert(judge_finish(c->judge, &c->plan));
	for (size_t i = 0; i < c->hand.script.check_count; i++) {
		w->verdicts[i] = c->hand.checks[i].verdict;
		w->sentences[i] = slice_copy(slice_text(c->hand.checks[i].sentence));
	}
}

static void drop_run(struct written *w)
{
	for (size_t i = 0; i < 8; i++)
		free(w->sentences[i]);
	unlink(w->file);
	close_court(&w->court);
}

START_TEST(live_is_replay)
{
	size_t seen[VERDICT_PASS + 1] = { 0 };
	for (uint64_t seed = 1; seed <= SEQUENCES; seed++) {
		struct written w;
		struct fault fault = { FAULT_NONE, "" };
		struct run_result result = { .duration_us = 0 };
		write_run(&w, seed);
		ck_assert_msg(judge_trace(&w.court.plan, w.file, &result, &fault), "seed %d: %s", (int)seed, fault.text);
		free(result.preflight.problem);
		for (size_t i = 0; i < w.court.hand.script.check_count; i++) {
			const struct check *check = &w.court.hand.checks[i];
			const char *sentence = check->sentence ? check->sentence : "";
			ck_assert_msg(check->verdict == w.verdicts[i] && strcmp(sentence, w.sentences[i]) == 0,
				      "seed %d, %s: live %s (%s), replayed %s (%s)", (int)seed, check->rule->id,
				      verdict_name(w.verdicts[i]), w.sentences[i], verdict_name(check->verdict), sentence);
			seen[check->verdict]++;
		}
		drop_run(&w);
	}
	/* Sequences that never got anywhere would show nothing. */
	static const enum verdict met[] = { VERDICT_HARNESS, VERDICT_BLOCKED, VERDICT_FAIL, VERDICT_INCONCLUSIVE };
	for (size_t i = 0; i < sizeof met / sizeof *met; i++)
		ck_assert_msg(seen[met[i]] > 0, "no %s in %d sequences", verdict_name(met[i]), SEQUENCES);
}
END_TEST

static size_t slurp(const char *file, char *text)
{
	FILE *in = fopen(file, "r");
	ck_assert_ptr_nonnull(in);
	size_t size = fread(text, 1, TEXT_MAX, in);
	fclose(in);
	ck_assert_uint_lt(size, TEXT_MAX);
	return size;
}

static void spill(const char *file, const char *text, size_t size)
{
	FILE *out = fopen(file, "w");
	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(text, 1, size, out), size);
	ck_assert_int_eq(fclose(out), 0);
}

static bool judges(struct written *w, struct fault *fault)
{
	struct run_result result = { .duration_us = 0 };
	*fault = (struct fault){ FAULT_NONE, "" };
	bool judged = judge_trace(&w->court.plan, w->file, &result, fault);
	free(result.preflight.problem);
	return judged;
}

START_TEST(cut_and_bent)
{
	static char text[TEXT_MAX], bent[TEXT_MAX];
	size_t refused = 0, tried = 0;
	for (uint64_t seed = 1; seed <= 25; seed++) {
		struct written w;
		struct fault fault;
		uint64_t random = seed * 77;
		write_run(&w, seed);
		size_t size = slurp(w.file, text);
		for (int i = 0; i < BENT; i++) {
			size_t cut = next(&random, size);
			spill(w.file, text, cut);
			ck_assert_msg(!judges(&w, &fault) && strstr(fault.text, w.file), "cut at %zu: %s", cut, fault.text);
			memcpy(bent, text, size);
			bent[next(&random, size)] = (char)next(&random, 256);
			spill(w.file, bent, size);
			bool judged = judges(&w, &fault);
			ck_assert(judged || fault.text[0]);
			refused += !judged;
			tried++;
		}
		drop_run(&w);
	}
	ck_assert_uint_gt(refused, tried / 4);
}
END_TEST

/* One moment of each new kind, bent by hand; the words of the fault. */
START_TEST(wrong_members)
{
	static const struct {
		const char *line, *words;
	} lines[] = {
		{ "{\"us\":-1,\"event\":\"grace\"}", "$.us" },
		{ "{\"us\":4611686018427387904,\"event\":\"grace\"}", "$.us" },
		{ "{\"event\":\"grace\"}", "$.us" },
		{ "{\"us\":1,\"event\":\"copied\"}", "$.event" },
		{ "{\"us\":1,\"event\":\"copy\",\"script\":\"PUB-02.random\",\"actor\":\"scout\",\"message\":99,\"nonce\":\"~aaaaaaaaaaaaaaaaaaaa\"}", "a message with its nonce" },
		{ "{\"us\":1,\"event\":\"copy\",\"script\":\"PUB-02.random\",\"actor\":\"scout\",\"message\":1,\"nonce\":\"~a\"}", "a message with its nonce" },
		{ "{\"us\":1,\"event\":\"fence\",\"script\":\"PUB-02.random\",\"actor\":\"scout\",\"message\":1,\"nonce\":\"~aaaaaaaaaaaaaaaaaaaa\"}", "of a fence, the observer" },
		{ "{\"us\":1,\"event\":\"sent\",\"script\":\"PUB-02.random\",\"actor\":\"scout\"}", "the bytes that were sent" },
		{ "{\"us\":1,\"event\":\"sent\",\"script\":\"PUB-02.random\",\"actor\":\"scout\",\"packet\":{},\"hex\":\"c0\"}", "one whole MQTT 5 packet" },
		{ "{\"us\":1,\"event\":\"received\",\"script\":\"PUB-02.random\",\"actor\":\"scout\",\"hex\":\"c0\"}", "one whole MQTT 5 packet" },
		{ "{\"us\":1,\"event\":\"hook\",\"script\":\"nobody\",\"status\":0,\"ended\":true}", "$.script" },
	};
	static char text[TEXT_MAX];
	struct written w;
	struct fault fault;
	write_run(&w, 1);
	size_t size = slurp(w.file, text), head = (size_t)(strchr(text, '\n') - text) + 1;
	ck_assert_uint_gt(size, head);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		snprintf(text + head, TEXT_MAX - head, "%s\n{\"event\":\"end\",\"moments\":1}\n", lines[i].line);
		spill(w.file, text, strlen(text));
		ck_assert_msg(!judges(&w, &fault), "%s", lines[i].line);
		ck_assert_msg(strstr(fault.text, ":2: ") && strstr(fault.text, lines[i].words), "%s: %s", lines[i].line, fault.text);
	}
	drop_run(&w);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("trace");
	TCase *tests = tcase_create("traces");
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, live_is_replay);
	tcase_add_test(tests, cut_and_bent);
	tcase_add_test(tests, wrong_members);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
