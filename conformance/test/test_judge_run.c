/* What needs more than one step or more than one script: `alike`, checks that rest on several steps,
 * steps that a vehicle made, an actor that comes back. */
#include "broker_packets.h"
#include "trial.h"

enum { SCRIPTS = 5 };

static struct rule rule_alike = { .id = "AUTH-06", .class = "core", .level = LEVEL_MUST };
static struct rule rule_alike_should = { .id = "AUTH-07", .class = "core", .level = LEVEL_SHOULD };

struct run { /* one script a refusal, each with its twin */
	struct hand hands[SCRIPTS];
	struct script *scripts[SCRIPTS];
	struct plan plan;
	struct judge *judge;
	unsigned connections;
};

static void run_init(struct run *r, struct rule *rule)
{
	memset(r, 0, sizeof *r);
	for (size_t i = 0; i < SCRIPTS; i++) {
		hand_connect(&r->hands[i]);
		hand_check(&r->hands[i], rule, true);
		r->hands[i].steps[1].alike = 3;
		r->scripts[i] = &r->hands[i].script;
	}
	r->plan = (struct plan){ .scripts = r->scripts, .script_count = SCRIPTS, .seed = 3 };
	r->judge = judge_new(&r->plan, salt);
	ck_assert_ptr_nonnull(r->judge);
}

static void run_release(struct run *r)
{
	for (size_t i = 0; i < SCRIPTS; i++)
		hand_release(&r->hands[i]);
	judge_free(r->judge);
}

static void tell(struct run *r, size_t script, struct moment m)
{
	m.script = (ptrdiff_t)script;
	m.attempt = 1;
	ck_assert(judge_feed(r->judge, &m));
}

/* code 0x00 is taken in; -1: closed without a word while the broker lives */
static void connects_in(struct run *r, size_t script, size_t at, int code)
{
	struct buf bytes;
	struct packet packet;
	struct fault fault;
	struct moment m = { .actor = (ptrdiff_t)at, .connection = ++r->connections, .flag = true };
	m.kind = MOMENT_STEP;
	m.step = at;
	tell(r, script, m);
	m.kind = MOMENT_OPENED;
	tell(r, script, m);
	if (code >= 0) {
		buf_init(&bytes, 64);
		broker_connack(&bytes, false, (unsigned char)code, slice_of(NULL, 0));
		ck_assert_int_eq(packet_read(buf_slice(&bytes), FROM_BROKER, &packet, &fault), READ_PACKET);
		m.kind = MOMENT_RECEIVED;
		m.packet = &packet;
		m.raw = buf_slice(&bytes);
		tell(r, script, m);
		buf_release(&bytes);
	}
	m = (struct moment){ .kind = MOMENT_CLOSED, .actor = (ptrdiff_t)at, .connection = r->connections, .flag = true };
	if (code != 0x00)
		tell(r, script, m);
	if (code < 0)
		tell(r, script, (struct moment){ .kind = MOMENT_CONTROL, .actor = NOBODY, .flag = true });
}

static void refusals(struct run *r, const int *codes)
{
	for (size_t i = 0; i < SCRIPTS; i++) {
		tell(r, i, (struct moment){ .kind = MOMENT_SCRIPT, .actor = NOBODY });
		connects_in(r, i, 0, 0x00);
		connects_in(r, i, 1, codes[i]);
	}
	ck_assert(judge_finish(r->judge, &r->plan));
}

START_TEST(alike)
{
	static const struct {
		int codes[SCRIPTS];
		enum verdict verdicts[SCRIPTS];
		size_t odd; /* whose sentence */
		const char *words;
	} cases[] = {
		{ { 0x86, 0x86, 0x86, 0x86, 0x86 }, { VERDICT_PASS, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS }, 0, "" },
		{ { 0x86, 0x87, 0x86, 0x86, 0x86 }, { VERDICT_PASS, VERDICT_FAIL, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS }, 1,
		  "CONNACK 0x86 Bad User Name or Password (4 of 5), saw CONNACK 0x87 Not authorized" },
		{ { 0x87, 0x87, -1, -1, -1 }, { VERDICT_FAIL, VERDICT_FAIL, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS }, 0,
		  "the connection closed without a code (3 of 5), saw CONNACK 0x87" },
		/* of two equally common answers the one that came first */
		{ { 0x87, 0x80, 0x80, 0x87, 0x86 }, { VERDICT_PASS, VERDICT_FAIL, VERDICT_FAIL, VERDICT_PASS, VERDICT_FAIL }, 1, "CONNACK 0x87" },
		/* who was not refused at all has no answer to compare */
		{ { 0x86, 0x00, 0x86, 0x87, 0x86 }, { VERDICT_PASS, VERDICT_BLOCKED, VERDICT_PASS, VERDICT_FAIL, VERDICT_PASS }, 3, "(3 of 4)" },
	};
	struct run r;
	run_init(&r, &rule_alike);
	refusals(&r, cases[_i].codes);
	for (size_t i = 0; i < SCRIPTS; i++)
		ck_assert_msg(r.hands[i].checks[3].verdict == cases[_i].verdicts[i], "script %zu: %s: %s", i,
			      verdict_name(r.hands[i].checks[3].verdict), r.hands[i].checks[3].sentence);
	const char *sentence = r.hands[cases[_i].odd].checks[3].sentence;
	ck_assert_msg(strstr(sentence ? sentence : "", cases[_i].words) != NULL, "%s", sentence);
	run_release(&r);
}
END_TEST

START_TEST(alike_should)
{
	static const int codes[] = { 0x86, 0x86, 0x87, 0x86, 0x86 };
	struct run r;
	run_init(&r, &rule_alike_should);
	refusals(&r, codes);
	ck_assert_int_eq(r.hands[2].checks[3].verdict, VERDICT_WARN);
	run_release(&r);
}
END_TEST

/* A refusal that was never reached is BLOCKED, and no vote. */
START_TEST(alike_unreached)
{
	struct run r;
	run_init(&r, &rule_alike);
	ck_assert(judge_finish(r.judge, &r.plan));
	for (size_t i = 0; i < SCRIPTS; i++)
		ck_assert_int_eq(r.hands[i].checks[3].verdict, VERDICT_BLOCKED);
	run_release(&r);
}
END_TEST

/* One line as a vehicle makes several steps of it: the act with the check, and what brings it about. */
static size_t begin_vehicle(struct court *c)
{
	hand_begin(&c->hand, "PUB-02.hand", "PUB-02.hand");
	hand_actor(&c->hand, "scout", "scout-1");
	hand_check(&c->hand, &rule_pub1, false);
	hand_check(&c->hand, &rule_pub2, true);
	hand_step(&c->hand, (struct script_step){ .source = "scout connects", .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED } });
	hand_step(&c->hand, (struct script_step){ .source = "twin", .label = LABEL_TWIN, .act = ACT_PUBLISH, .topic = "t", .payload = "p",
						  .qos = 2, .held_back = true, .outcomes = { OUTCOME_ALLOWED }, .check = 1 });
	hand_step(&c->hand, (struct script_step){ .source = "twin", .act = ACT_DROP });
	hand_step(&c->hand, (struct script_step){ .source = "twin", .act = ACT_RESUME, .outcomes = { OUTCOME_PRESENT } });
	hand_step(&c->hand, (struct script_step){ .source = "twin", .act = ACT_RELEASE, .outcomes = { OUTCOME_ALLOWED } });
	size_t bad = hand_step(&c->hand, (struct script_step){ .source = "deny", .label = LABEL_DENY, .act = ACT_PUBLISH, .topic = "f",
							       .payload = "p", .qos = 2, .outcomes = { OUTCOME_DENIED }, .check = 2 });
	c->hand.steps[bad].twin = 1;
	open_court(c);
	connects(c, 0, 0x00);
	step(c, 1);
	happen(c, 0, "say pubrec:00");
	step(c, 2);
	happen(c, 0, "cut");
	step(c, 3);
	return bad;
}

static void verdicts(struct court *c, enum verdict grant, enum verdict denial, const char *words)
{
	ck_assert(judge_finish(c->judge, &c->plan));
	const char *sentence = c->hand.checks[1].sentence ? c->hand.checks[1].sentence : "";
	ck_assert_int_eq(c->hand.checks[0].verdict, grant);
	ck_assert_msg(c->hand.checks[1].verdict == denial && strstr(sentence, words), "%s: %s",
		      verdict_name(c->hand.checks[1].verdict), sentence);
}

START_TEST(vehicle_in_order)
{
	struct court c;
	size_t bad = begin_vehicle(&c);
	happen(&c, 0, "open present:00");
	step(&c, 4);
	happen(&c, 0, "release pubcomp:00");
	step(&c, bad);
	happen(&c, 0, "say@6 pubrec:87@6 grace");
	verdicts(&c, VERDICT_PASS, VERDICT_PASS, "");
	close_court(&c);
}
END_TEST

/* What the vehicle needs and does not get is nobody's failure: the checks are blocked, and it is named. */
START_TEST(vehicle_breaks_down)
{
	struct court c;
	size_t bad = begin_vehicle(&c);
	happen(&c, 0, "open connack:00");
	ck_assert(!judge_wants(c.judge, 0, bad));
	verdicts(&c, VERDICT_BLOCKED, VERDICT_BLOCKED, "a precondition did not hold: PUB-02.hand line 13 \"twin\": expected CONNACK 0x00 with Session Present 1");
	ck_assert_ptr_nonnull(strstr(c.hand.checks[0].sentence, "a later step of the case did not hold: PUB-02.hand line 13"));
	close_court(&c);
}
END_TEST

/* Two steps of one check: the worse one counts. */
START_TEST(worst_of_two)
{
	struct court c;
	size_t bad = begin_vehicle(&c);
	c.hand.steps[4].check = 0;
	happen(&c, 0, "open present:00");
	step(&c, 4);
	happen(&c, 0, "release pubcomp:92");
	step(&c, bad);
	happen(&c, 0, "say@6 pubrec:87@6 grace");
	verdicts(&c, VERDICT_FAIL, VERDICT_PASS, "");
	ck_assert_ptr_nonnull(strstr(c.hand.checks[0].sentence, "expected PUBCOMP below 0x80, saw PUBCOMP 0x92"));
	close_court(&c);
}
END_TEST

/* After a denial; not after an end that nothing explains; not once it has done something else since. */
START_TEST(may_come_back)
{
	struct court c;
	until_denial(&c);
	ack(&c, 1, 6, 0x87);
	ck_assert(!judge_may_rejoin(c.judge, 0, 1));
	if (_i == 1) { /* another act on the living connection */
		c.hand.steps[5].outcomes[0] = OUTCOME_ALLOWED;
		step(&c, 5);
	}
	if (_i == 2)
		happen(&c, 1, "disconnect:87"); /* its end is on the way */
	else
		closed(&c, 1, true);
	ck_assert_int_eq(judge_may_rejoin(c.judge, 0, 1), _i != 1);
	closed(&c, 0, true);
	ck_assert(!judge_may_rejoin(c.judge, 0, 0));
	close_court(&c);
}
END_TEST

/* Half a message that the broker would not take cannot be released: that is no fault of the suite. */
START_TEST(nothing_was_held_back)
{
	static const struct {
		const char *answer;
		enum verdict verdict;
	} answers[] = { { "say pubrec:87", VERDICT_FAIL }, { NULL, VERDICT_NA } };

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct court c;
		hand_begin(&c.hand, "PUB-01.hand", "PUB-01.hand");
		hand_actor(&c.hand, "scout", "scout-1");
		hand_check(&c.hand, &rule_pub1, false);
		hand_step(&c.hand, (struct script_step){ .source = "scout connects", .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED } });
		hand_step(&c.hand, (struct script_step){ .source = "twin", .label = LABEL_TWIN, .act = ACT_PUBLISH, .topic = "t", .payload = "p",
							  .qos = 2, .held_back = true, .outcomes = { OUTCOME_ALLOWED }, .check = 1 });
		hand_step(&c.hand, (struct script_step){ .source = "twin", .label = LABEL_TWIN, .act = ACT_RELEASE,
							  .outcomes = { OUTCOME_ALLOWED }, .check = 1 });
		open_court(&c);
		connects(&c, 0, 0x00);
		step(&c, 1);
		if (answers[i].answer)
			happen(&c, 0, answers[i].answer);
		else
			feed(&c, (struct moment){ .kind = MOMENT_UNFIT, .actor = NOBODY, .text = "Maximum Packet Size 20 in CONNACK" });
		ck_assert(!judge_wants(c.judge, 0, 2));
		ck_assert(judge_finish(c.judge, &c.plan));
		ck_assert_int_eq(c.hand.checks[0].verdict, answers[i].verdict);
		close_court(&c);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("judge, run");
	TCase *tests = tcase_create("run");
	tcase_add_loop_test(tests, alike, 0, 5);
	tcase_add_test(tests, alike_should);
	tcase_add_test(tests, alike_unreached);
	tcase_add_test(tests, vehicle_in_order);
	tcase_add_test(tests, vehicle_breaks_down);
	tcase_add_test(tests, nothing_was_held_back);
	tcase_add_test(tests, worst_of_two);
	tcase_add_loop_test(tests, may_come_back, 0, 3);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
