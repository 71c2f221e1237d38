/* What must not arrive: proof and evidence, wills, copies of a stream, messages held back; and what
 * CONNACK says is not there. */
#include "listener.h"

static size_t publishes(struct court *c, struct script_step step)
{
	step.actor = 1;
	step.source = "scout publishes";
	step.topic = "t";
	step.payload = "bad";
	return hand_step(&c->hand, step);
}

/* Proof needs the same connection and QoS, and an observer that has not subscribed since. */
START_TEST(proof_or_evidence)
{
	static const struct {
		unsigned qos;
		bool again, proof;
	} paths[] = { { 1, false, true }, { 2, false, false }, { 1, true, false } };
	struct court c;
	begin(&c);
	size_t bad = publishes(&c, (struct script_step){ .act = ACT_PUBLISH, .qos = paths[_i].qos, .label = LABEL_TWIN,
							 .outcomes = { OUTCOME_ALLOWED } });
	size_t again = hand_step(&c.hand, (struct script_step){ .source = "analyst subscribes", .act = ACT_SUBSCRIBE, .filters = { "t" },
								.filter_count = 1, .label = LABEL_TWIN, .outcomes = { OUTCOME_GRANTED } });
	size_t never = hand_step(&c.hand, (struct script_step){ .source = "analyst never receives", .act = ACT_NEVER, .messages = { bad },
								.message_count = 1, .check = 2 });
	proceed(&c);
	deliver(&c, CARD);
	step(&c, bad);
	happen(&c, 1, paths[_i].qos == 2 ? "say pubrec:00 release pubcomp:00" : "say puback:00");
	c.us += 1000;
	if (paths[_i].again)
		subscribe(&c, again, slice_of("\x00", 1));
	step(&c, never);
	fence_copy(&c, CARD, c.actor_connection[1]);
	returns(&c, CARD);
	ck_assert_int_eq(judge_phase(c.judge, 0), paths[_i].proof ? PHASE_SETTLED : PHASE_FENCE);
	simple(&c, MOMENT_GRACE, false);
	ck_assert_int_eq(judge_result(c.judge, 0, never), RESULT_HELD);
	close_court(&c);
}
END_TEST

/* A path of its own before one that is shared; who reads nothing observes nothing. */
START_TEST(whose_path)
{
	struct court c;
	struct fence_need need;
	begin(&c);
	c.hand.steps[CARD].topic = "own/1";
	size_t two = second_message(&c);
	size_t filters = hand_step(&c.hand, (struct script_step){ .source = "analyst subscribes", .act = ACT_SUBSCRIBE,
								  .filters = { "$share/g/+", "own/#" }, .filter_count = 2,
								  .outcomes = { OUTCOME_GRANTED } });
	size_t stalls = hand_step(&c.hand, (struct script_step){ .source = "analyst stalls", .act = ACT_STALL, .label = LABEL_TWIN });
	size_t bad = publishes(&c, (struct script_step){ .act = ACT_PUBLISH, .qos = 1, .label = LABEL_DENY, .check = 2,
							 .outcomes = { OUTCOME_DENIED } });
	open_court(&c);
	connects(&c, 0, 0x00);
	connects(&c, 1, 0x00);
	subscribe(&c, filters, slice_of("\x00\x00", 2));
	says(&c, CARD);
	deliver(&c, CARD);
	says(&c, two);
	deliver(&c, two); /* the last, by way of the share alone */
	if (_i)
		step(&c, stalls);
	step(&c, bad);
	happen(&c, 1, "say puback:87");
	ck_assert_uint_eq(judge_fences(c.judge, 0, &need, 1), _i ? 0 : 1);
	if (!_i)
		ck_assert_uint_eq(need.message, CARD);
	close_court(&c);
}
END_TEST

/* Who was told to go, and is not gone yet, sends no copy any more. 0: still there; 1: told */
START_TEST(told_to_go)
{
	struct court c;
	struct fence_need need;
	begin(&c);
	size_t bad = publishes(&c, (struct script_step){ .act = ACT_PUBLISH, .qos = 1, .label = LABEL_TWIN,
							 .outcomes = { OUTCOME_ALLOWED } });
	size_t never = hand_step(&c.hand, (struct script_step){ .source = "analyst never receives", .act = ACT_NEVER, .messages = { bad },
								.message_count = 1, .check = 2 });
	proceed(&c);
	deliver(&c, CARD);
	step(&c, bad);
	happen(&c, 1, "say puback:00");
	if (_i)
		happen(&c, 1, "disconnect:8E");
	step(&c, never);
	ck_assert_uint_eq(judge_fences(c.judge, 0, &need, 1), _i ? 0 : 1);
	close_court(&c);
}
END_TEST

/* A forbidden nonce is one wherever it stands, and whoever sees it. */
START_TEST(nonce_anywhere)
{
	struct court c;
	struct nonce nonce;
	struct buf bytes, properties;
	struct packet read;
	struct fault fault;
	begin(&c);
	size_t bad = publishes(&c, (struct script_step){ .act = ACT_PUBLISH, .qos = 1, .label = LABEL_DENY, .check = 2,
							 .outcomes = { OUTCOME_DENIED } });
	proceed(&c);
	step(&c, bad);
	ck_assert(nonce_make(salt, 3, c.hand.script.id, 1, bad, 0, &nonce));
	buf_init(&bytes, 256);
	buf_init(&properties, 256);
	build_pair(&properties, slice_text("seen"), slice_text(_i == 1 ? nonce.text : "nothing"));
	struct publish fields = { .topic = slice_text(_i == 0 ? nonce.text : "x"), .properties = buf_slice(&properties),
				  .payload = slice_text(_i == 2 ? nonce.text : "?") };
	build_publish(&bytes, &fields, NULL);
	ck_assert_int_eq(packet_read(buf_slice(&bytes), FROM_BROKER, &read, &fault), READ_PACKET);
	struct moment m = { .kind = _i == 3 ? MOMENT_WRONG : MOMENT_RECEIVED, .script = NOBODY, .actor = NOBODY, .who = "control",
			    .packet = _i == 3 ? NULL : &read, .raw = _i == 3 ? slice_text(nonce.text) : buf_slice(&bytes) };
	ck_assert(judge_feed(c.judge, &m));
	says_that(&c, 1, VERDICT_FAIL, _i == 3 ? "saw control receive it in bytes that are no packet" : "saw control receive it in PUBLISH");
	buf_release(&bytes);
	buf_release(&properties);
	close_court(&c);
}
END_TEST

static void copy_of(struct court *c, size_t message, size_t copy)
{
	struct nonce nonce;
	ck_assert(nonce_make(salt, 3, c->hand.script.id, c->attempt, message, copy, &nonce));
	feed(c, (struct moment){ .kind = MOMENT_COPY, .actor = 1, .connection = c->actor_connection[1], .message = message,
				 .nonce = nonce.text });
}

/* Any copy of a stream is its message: received, or forbidden. */
START_TEST(copies)
{
	struct court c;
	begin(&c);
	size_t flow = publishes(&c, (struct script_step){ .act = ACT_STREAM, .qos = 1, .check = 2, .label = _i ? LABEL_DENY : LABEL_TWIN,
							  .outcomes = { _i ? OUTCOME_DENIED : OUTCOME_ALLOWED } });
	size_t at = receives(&c, flow);
	proceed(&c);
	deliver(&c, CARD);
	step(&c, flow);
	copy_of(&c, flow, 4);
	happen(&c, 1, _i ? "say puback:87" : "say puback:00 late");
	deliver_with(&c, flow, 4, (struct publish){ .qos = 0 });
	if (_i) {
		says_that(&c, 1, VERDICT_FAIL, "expected that nobody receives it, saw analyst receive it in PUBLISH \"t\"");
	} else {
		ck_assert_int_eq(judge_result(c.judge, 0, flow), RESULT_HELD);
		step(&c, at);
		ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_HELD);
	}
	close_court(&c);
}
END_TEST

/* What a denied release brings out was allowed when it was sent, and is forbidden from then on. */
START_TEST(held_back)
{
	struct court c;
	begin(&c);
	size_t held = publishes(&c, (struct script_step){ .act = ACT_PUBLISH, .qos = 2, .held_back = true, .outcomes = { OUTCOME_ALLOWED } });
	size_t release = hand_step(&c.hand, (struct script_step){ .source = "scout releases", .actor = 1, .act = ACT_RELEASE, .check = 2,
								  .label = LABEL_DENY, .outcomes = { OUTCOME_DENIED } });
	proceed(&c);
	deliver(&c, CARD);
	step(&c, held);
	happen(&c, 1, "say pubrec:00");
	if (_i == 0)
		deliver(&c, held);
	step(&c, release);
	happen(&c, 1, "release pubcomp:92");
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
	if (_i == 1)
		deliver(&c, held);
	fence_copy(&c, CARD, c.actor_connection[1]);
	returns(&c, CARD);
	simple(&c, MOMENT_GRACE, false);
	ck_assert_int_eq(judge_result(c.judge, 0, release), _i == 0 ? RESULT_HELD : RESULT_BROKEN);
	close_court(&c);
}
END_TEST

/* The will carrier: the twin's will arrives, then the forbidden one is accepted and must stay away. */
struct willing {
	size_t good, drop_good, got, bad, drop_bad;
};

static struct willing begin_wills(struct court *c)
{
	struct willing w;
	begin(c);
	c->hand.script.step_count = 1; /* analyst alone */
	w.good = hand_step(&c->hand, (struct script_step){ .source = "twin scout's will -> accepted", .actor = 1, .act = ACT_CONNECT,
							   .will = { .topic = "t", .payload = "w" }, .label = LABEL_TWIN, .check = 1,
							   .outcomes = { OUTCOME_ACCEPTED } });
	w.drop_good = hand_step(&c->hand, (struct script_step){ .source = "dropped", .actor = 1, .act = ACT_DROP });
	w.got = hand_step(&c->hand, (struct script_step){ .source = "analyst receives", .act = ACT_RECEIVE, .messages = { w.good },
							  .message_count = 1 });
	w.bad = hand_step(&c->hand, (struct script_step){ .source = "deny same to", .actor = 1, .act = ACT_CONNECT,
							  .will = { .topic = "f", .payload = "w" }, .label = LABEL_DENY, .check = 2,
							  .outcomes = { OUTCOME_DENIED } });
	w.drop_bad = hand_step(&c->hand, (struct script_step){ .source = "dropped", .actor = 1, .act = ACT_DROP });
	c->hand.steps[w.bad].twin = (ptrdiff_t)w.good;
	c->hand.steps[w.bad].grace_ms = 1000;
	c->hand.steps[w.drop_good].place.line = c->hand.steps[w.good].place.line; /* one line, one vehicle */
	c->hand.steps[w.drop_bad].place.line = c->hand.steps[w.bad].place.line;
	return w;
}

static void until_bad_will(struct court *c, const struct willing *w)
{
	open_court(c);
	connects(c, 0, 0x00);
	connects(c, w->good, 0x00);
	step(c, w->drop_good);
	happen(c, 1, "cut");
	ck_assert(judge_may_rejoin(c->judge, 0, 1));
	deliver(c, w->good);
	step(c, w->got);
	ck_assert_int_eq(judge_result(c->judge, 0, w->got), RESULT_HELD);
	step(c, w->bad);
	happen(c, 1, "open connack:00");
	ck_assert_int_eq(judge_result(c->judge, 0, w->bad), RESULT_HELD);
}

/* 0: it stays away; 1: it is sent; 2: sent before the drop; 3: the sentinel does not return; 4: nobody drops */
START_TEST(forbidden_will)
{
	struct court c;
	struct fence_need need;
	struct willing w = begin_wills(&c);
	until_bad_will(&c, &w);
	says_that(&c, 1, VERDICT_BLOCKED, "never put to the test");
	if (_i == 2)
		deliver(&c, w.bad);
	if (_i != 4) {
		step(&c, w.drop_bad);
		happen(&c, 1, "cut");
		ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
		ck_assert_int_eq(judge_grace_ms(c.judge, 0), 1000);
		ck_assert_uint_eq(judge_fences(c.judge, 0, &need, 1), 0); /* coming back would cancel a delayed one */
		simple(&c, MOMENT_GRACE, false);
		ck_assert_uint_eq(judge_fences(c.judge, 0, &need, 1), 1);
		ck_assert(need.observer == 0 && need.message == w.good);
		opened(&c, 1);
		connack(&c, 1, 0x00);
		fence_copy(&c, w.good, c.actor_connection[1]);
		if (_i == 1)
			deliver(&c, w.bad);
	}
	if (_i < 3)
		returns(&c, w.good);
	if (_i == 3) {
		simple(&c, MOMENT_DEADLINE, false);
		simple(&c, MOMENT_CONTROL, true);
	}
	static const struct {
		enum verdict verdict;
		const char *words;
	} ends[] = { { VERDICT_PASS, "" }, { VERDICT_FAIL, "that nobody receives it, saw analyst receive it in PUBLISH \"f\"" },
		     { VERDICT_FAIL, "PUBLISH \"f\"" }, { VERDICT_INCONCLUSIVE, "no sentinel at analyst" },
		     { VERDICT_BLOCKED, "never put to the test" } };
	says_that(&c, 1, ends[_i].verdict, ends[_i].words);
	close_court(&c);
}
END_TEST

/* What CONNACK says is not there. */
START_TEST(limits)
{
	static const struct {
		enum property_id id;
		uint32_t number;
		struct script_step step;
		const char *words;
	} cases[] = {
		{ PROPERTY_MAXIMUM_QOS, 1, { .act = ACT_PUBLISH, .topic = "t", .payload = "p", .qos = 2, .outcomes = { OUTCOME_ALLOWED } }, "Maximum QoS" },
		{ PROPERTY_RETAIN_AVAILABLE, 0, { .act = ACT_STREAM, .topic = "t", .payload = "p", .retain = true, .outcomes = { OUTCOME_ALLOWED } }, "Retain Available 0" },
		{ PROPERTY_ALIAS_MAXIMUM, 1, { .act = ACT_PUBLISH, .topic = "t", .payload = "p", .alias = 2, .outcomes = { OUTCOME_ALLOWED } }, "Topic Alias Maximum" },
		{ PROPERTY_WILDCARD_AVAILABLE, 0, { .act = ACT_SUBSCRIBE, .filters = { "a/#" }, .filter_count = 1, .outcomes = { OUTCOME_GRANTED } }, "Wildcard" },
		{ PROPERTY_SHARED_AVAILABLE, 0, { .act = ACT_SUBSCRIBE, .filters = { "$share/g/a" }, .filter_count = 1, .outcomes = { OUTCOME_DENIED } }, "Shared" },
		{ PROPERTY_SUBSCRIPTION_ID_AVAILABLE, 0, { .act = ACT_SUBSCRIBE, .filters = { "a" }, .filter_count = 1, .identifier = 4, .outcomes = { OUTCOME_GRANTED } }, "Identifier" },
		{ PROPERTY_MAXIMUM_QOS, 0, { .act = ACT_CONNECT, .will = { .topic = "t", .payload = "p", .qos = 1 }, .outcomes = { OUTCOME_ACCEPTED } }, "Maximum QoS" },
		{ PROPERTY_SESSION_EXPIRY, 0, { .act = ACT_RESUME, .outcomes = { OUTCOME_PRESENT } }, "Session Expiry Interval 0" },
		{ PROPERTY_SERVER_KEEP_ALIVE, 60, { .act = ACT_IDLE, .outcomes = { OUTCOME_CLOSED }, .by = { INSTANT_CONNECTED, 0, 5000 } }, "Server Keep Alive" },
		{ PROPERTY_SERVER_KEEP_ALIVE, 60, { .act = ACT_RECEIVE, .topic = "t", .empty = true, .by = { INSTANT_CONNECTED, 0, 9000 } }, "Server Keep Alive" },
	};
	struct court c;
	struct buf bytes, properties;
	hand_begin(&c.hand, "PUB-02.hand", "PUB-02.hand");
	hand_actor(&c.hand, "scout", "scout-1");
	hand_check(&c.hand, &rule_pub1, false);
	hand_step(&c.hand, (struct script_step){ .source = "scout connects", .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED } });
	hand_step(&c.hand, (struct script_step){ .source = "scout stalls", .act = ACT_STALL });
	struct script_step tested = cases[_i].step;
	tested.source = "the step";
	tested.check = 1;
	hand_step(&c.hand, tested);
	open_court(&c);
	step(&c, 0);
	opened(&c, 0);
	buf_init(&bytes, 256);
	buf_init(&properties, 64);
	build_number(&properties, cases[_i].id, cases[_i].number);
	broker_connack(&bytes, false, 0x00, buf_slice(&properties));
	packet(&c, 0, MOMENT_RECEIVED, &bytes);
	buf_release(&properties);
	step(&c, 1);
	step(&c, 2);
	ck_assert_int_eq(judge_result(c.judge, 0, 2), RESULT_UNFIT);
	says_that(&c, 0, VERDICT_NA, cases[_i].words);
	close_court(&c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("judge, fences");
	TCase *tests = tcase_create("messages");
	tcase_add_loop_test(tests, proof_or_evidence, 0, 3);
	tcase_add_loop_test(tests, whose_path, 0, 2);
	tcase_add_loop_test(tests, told_to_go, 0, 2);
	tcase_add_loop_test(tests, nonce_anywhere, 0, 4);
	tcase_add_loop_test(tests, copies, 0, 2);
	tcase_add_loop_test(tests, held_back, 0, 2);
	tcase_add_loop_test(tests, forbidden_will, 0, 5);
	tcase_add_loop_test(tests, limits, 0, 10);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
