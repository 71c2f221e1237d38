/* What is sent and what arrives: facts, order, count and time of receipts, wills, copies, fences. */
#include "broker_packets.h"
#include "trial.h"

/* analyst (0) listens, scout (1) speaks; the steps under test follow from index 3 on. */
enum { CARD = 2, TESTED = 3 };

static void begin(struct court *c)
{
	hand_begin(&c->hand, "PUB-02.hand", "PUB-02.hand");
	hand_actor(&c->hand, "analyst", "analyst-1");
	hand_actor(&c->hand, "scout", "scout-1");
	hand_check(&c->hand, &rule_pub1, false);
	hand_check(&c->hand, &rule_pub2, true);
	hand_step(&c->hand, (struct script_step){ .source = "analyst connects", .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED } });
	hand_step(&c->hand, (struct script_step){ .source = "scout connects", .actor = 1, .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED } });
	hand_step(&c->hand, (struct script_step){ .source = "scout publishes", .actor = 1, .act = ACT_PUBLISH, .topic = "t",
						  .payload = "one", .qos = 1, .outcomes = { OUTCOME_ALLOWED } });
}

/* Both connected, the first message on its way and acknowledged. */
static void proceed(struct court *c)
{
	open_court(c);
	connects(c, 0, 0x00);
	connects(c, 1, 0x00);
	step(c, CARD);
	happen(c, 1, "say puback:00");
	ck_assert_int_eq(judge_result(c->judge, 0, CARD), RESULT_HELD);
}

static void says(struct court *c, size_t at)
{
	step(c, at);
	happen(c, 1, "say puback:00");
	ck_assert_int_eq(judge_result(c->judge, 0, at), RESULT_HELD);
}

static void deliver_with(struct court *c, size_t message, size_t copy, struct publish fields)
{
	struct buf bytes;
	buf_init(&bytes, 4096);
	compose_with(c, message, copy, fields, &bytes);
	packet(c, 0, MOMENT_RECEIVED, &bytes);
}

static void deliver(struct court *c, size_t message)
{
	deliver_with(c, message, 0, (struct publish){ .qos = 0 });
}

static void fence_copy(struct court *c, size_t message, unsigned connection)
{
	struct nonce nonce;
	ck_assert(nonce_make(salt, 3, c->hand.script.id, c->attempt, message, 1, &nonce));
	feed(c, (struct moment){ .kind = MOMENT_FENCE, .actor = 1, .connection = connection, .observer = 0, .message = message,
				 .nonce = nonce.text });
}

static void returns(struct court *c, size_t message)
{
	deliver_with(c, message, 1, (struct publish){ .qos = 0 });
}

static const char *sentence_of(struct court *c, size_t check, enum verdict verdict)
{
	ck_assert(judge_finish(c->judge, &c->plan));
	const char *sentence = c->hand.checks[check].sentence ? c->hand.checks[check].sentence : "";
	ck_assert_msg(c->hand.checks[check].verdict == verdict, "%s: %s", verdict_name(c->hand.checks[check].verdict), sentence);
	return sentence;
}

static void says_that(struct court *c, size_t check, enum verdict verdict, const char *words)
{
	const char *sentence = sentence_of(c, check, verdict);
	ck_assert_msg(strstr(sentence, words) != NULL, "\"%s\" lacks \"%s\"", sentence, words);
}

static size_t receives(struct court *c, size_t message)
{
	return hand_step(&c->hand, (struct script_step){ .source = "analyst receives", .act = ACT_RECEIVE, .messages = { message },
							 .message_count = 1, .check = 1 });
}

/* Each fact by itself: what the step wants, a PUBLISH that has it, one that lacks it, the words. */
static char content[] = "text/plain", response[] = "agents/x/in", correlated[] = "7", key_a[] = "a", key_b[] = "b", other[] = "x";

static void put_all(struct buf *p, uint32_t format, uint32_t expiry, const char *text, const char *first, const char *second)
{
	build_number(p, PROPERTY_PAYLOAD_FORMAT, format);
	build_number(p, PROPERTY_MESSAGE_EXPIRY, expiry);
	build_text(p, PROPERTY_CONTENT_TYPE, slice_text(text ? text : content));
	build_text(p, PROPERTY_RESPONSE_TOPIC, slice_text(text ? text : response));
	build_text(p, PROPERTY_CORRELATION, slice_text(text ? text : correlated));
	build_pair(p, slice_text(first), slice_text(*first == 'a' ? "1" : "3"));
	build_pair(p, slice_text("between"), slice_text("2"));
	build_pair(p, slice_text(second), slice_text(*second == 'a' ? "1" : "3"));
	build_number(p, PROPERTY_SUBSCRIPTION_ID, text ? 9 : 4);
	build_number(p, PROPERTY_SUBSCRIPTION_ID, 5);
}

static void want(struct script_message *m, int which)
{
	static char one[] = "1", three[] = "3";
	m->qos = which == 0 ? 1 : -1;
	m->retain = which == 1 ? 1 : -1;
	m->dup = which == 2 ? 1 : -1;
	m->format = which == 3 ? 1 : -1;
	m->expiry_s = which == 4 ? 60 : -1;
	m->content_type = which == 5 ? content : NULL;
	m->response_topic = which == 6 ? response : NULL;
	m->correlation = which == 7 ? correlated : NULL;
	m->user_count = which == 8 ? 2 : 0;
	m->user[0][0] = key_a;
	m->user[0][1] = one;
	m->user[1][0] = key_b;
	m->user[1][1] = three;
	m->identifier_count = which == 9 ? 2 : 0;
	m->identifiers[0] = 5;
	m->identifiers[1] = 4;
	m->topic = which == 10 ? other : NULL;
}

START_TEST(facts)
{
	static const char *const words[] = {
		"expected QoS 1, saw QoS 0 in PUBLISH \"t\"", "expected RETAIN 1, saw RETAIN 0 in PUBLISH", "expected DUP 1, saw DUP 0 in",
		"Payload Format Indicator 1, saw Payload Format Indicator 0", "a Message Expiry Interval of at most 60 s, saw one of 61 s",
		"\"text/plain\", saw another one in PUBLISH", "\"agents/x/in\", saw another one", "\"7\", saw another one",
		"User Property \"b\" \"3\" behind the one before it, saw none", "Subscription Identifier 5 4, saw Subscription Identifier 9 5",
		"expected the message, as it was published, saw PUBLISH \"t\"",
	};
	struct court c;
	struct buf good, bad;
	begin(&c);
	size_t at = receives(&c, CARD);
	want(&c.hand.steps[at].properties, _i);
	proceed(&c);
	step(&c, at);
	buf_init(&good, 4096);
	buf_init(&bad, 4096);
	put_all(&good, 1, 60, NULL, key_a, key_b);
	put_all(&bad, 0, 61, "no", key_b, key_a);
	deliver_with(&c, CARD, 0, (struct publish){ .properties = buf_slice(&bad) });
	simple(&c, MOMENT_DEADLINE, false);
	simple(&c, MOMENT_CONTROL, true);
	ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_BROKEN);
	says_that(&c, 0, VERDICT_FAIL, words[_i]);
	c.attempt = 2;
	feed(&c, (struct moment){ .kind = MOMENT_SCRIPT, .actor = NOBODY });
	connects(&c, 0, 0x00);
	connects(&c, 1, 0x00);
	says(&c, CARD);
	step(&c, at);
	deliver_with(&c, CARD, 0, (struct publish){ .qos = _i == 0 || _i == 2, .id = _i == 0 || _i == 2 ? 3 : 0, .dup = _i == 2,
						      .retain = _i == 1, .properties = buf_slice(&good),
						      .topic = slice_text(_i == 10 ? other : "t") });
	ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_HELD);
	buf_release(&good);
	buf_release(&bad);
	close_court(&c);
}
END_TEST

/* A later receipt may have what the first one lacked: a retained copy after a live one. */
START_TEST(a_second_receipt_may_do)
{
	struct court c;
	begin(&c);
	size_t at = receives(&c, CARD);
	c.hand.steps[at].properties.retain = 1;
	proceed(&c);
	deliver(&c, CARD);
	step(&c, at);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_ANSWER);
	deliver_with(&c, CARD, 0, (struct publish){ .retain = true });
	ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_HELD);
	close_court(&c);
}
END_TEST

START_TEST(missing_message)
{
	struct court c;
	begin(&c);
	size_t at = receives(&c, CARD);
	proceed(&c);
	step(&c, at);
	simple(&c, MOMENT_DEADLINE, false);
	simple(&c, MOMENT_CONTROL, _i);
	ck_assert_int_eq(judge_result(c.judge, 0, at), _i ? RESULT_BROKEN : RESULT_UNCLEAR);
	says_that(&c, 0, _i ? VERDICT_FAIL : VERDICT_INCONCLUSIVE, "expected the message, as it was published, saw no answer");
	close_court(&c);
}
END_TEST

START_TEST(payload_size)
{
	struct court c;
	struct nonce nonce;
	char payload[64];
	begin(&c);
	c.hand.steps[CARD].payload_size = 40;
	size_t at = receives(&c, CARD);
	open_court(&c);
	connects(&c, 0, 0x00);
	connects(&c, 1, 0x00);
	says(&c, CARD);
	step(&c, at);
	ck_assert(nonce_make(salt, 3, c.hand.script.id, 1, CARD, 0, &nonce));
	snprintf(payload, sizeof payload, "one %s%s", nonce.text, _i == 0 ? "..............." : _i == 1 ? "..............x" : "..............");
	struct publish fields = { .topic = slice_text("t"), .payload = slice_text(payload) };
	struct buf bytes;
	buf_init(&bytes, 256);
	build_publish(&bytes, &fields, NULL);
	packet(&c, 0, MOMENT_RECEIVED, &bytes);
	ck_assert_int_eq(judge_result(c.judge, 0, at), _i == 0 ? RESULT_HELD : RESULT_BROKEN);
	close_court(&c);
}
END_TEST

static size_t second_message(struct court *c)
{
	return hand_step(&c->hand, (struct script_step){ .source = "scout publishes", .actor = 1, .act = ACT_PUBLISH, .topic = "t",
							 .payload = "two", .qos = 1, .outcomes = { OUTCOME_ALLOWED } });
}

/* 0: in order; 1: the other way round; 2: the second never; 3: the first never */
START_TEST(order)
{
	struct court c;
	begin(&c);
	size_t two = second_message(&c), at = receives(&c, CARD);
	c.hand.steps[at].messages[1] = two;
	c.hand.steps[at].message_count = 2;
	proceed(&c);
	says(&c, two);
	step(&c, at);
	size_t messages[] = { _i == 0 || _i == 2 ? CARD : two, _i == 0 ? two : CARD };
	for (size_t i = 0; i < (_i < 2 ? 2 : 1); i++)
		deliver(&c, messages[i]);
	if (_i >= 2) {
		simple(&c, MOMENT_DEADLINE, false);
		simple(&c, MOMENT_CONTROL, true);
	}
	ck_assert_int_eq(judge_result(c.judge, 0, at), _i == 0 ? RESULT_HELD : RESULT_BROKEN);
	if (_i > 0)
		says_that(&c, 0, VERDICT_FAIL, _i == 1 ? "expected \"one\" before \"two\", saw the later one first, in PUBLISH" :
					       _i == 2 ? "expected the message \"two\", as" : "expected the message \"one\", as");
	close_court(&c);
}
END_TEST

/* 0: once; 1: twice before the fence is complete; 2: never; 3: again with DUP at QoS 2 */
START_TEST(count)
{
	struct court c;
	begin(&c);
	size_t at = receives(&c, CARD);
	c.hand.steps[at].count = 1;
	proceed(&c);
	struct publish two = { .qos = 2, .id = 8 };
	if (_i != 2)
		deliver_with(&c, CARD, 0, two);
	step(&c, at);
	if (_i == 2) {
		simple(&c, MOMENT_DEADLINE, false);
		simple(&c, MOMENT_CONTROL, true);
		ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_BROKEN);
	} else {
		ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
		fence_copy(&c, CARD, c.actor_connection[1]);
		two.dup = _i == 3;
		if (_i > 0)
			deliver_with(&c, CARD, 0, two);
		returns(&c, CARD);
		ck_assert_int_eq(judge_result(c.judge, 0, at), _i == 1 ? RESULT_BROKEN : RESULT_HELD);
	}
	if (_i == 1)
		says_that(&c, 0, VERDICT_FAIL, "expected the message exactly 1 times, saw it 2 times, last in PUBLISH");
	close_court(&c);
}
END_TEST

/* What stays away altogether is fenced as well. */
START_TEST(count_none)
{
	struct court c;
	begin(&c);
	size_t two = second_message(&c), at = receives(&c, two);
	c.hand.steps[at].count = 0;
	proceed(&c);
	deliver(&c, CARD);
	says(&c, two);
	step(&c, at);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
	fence_copy(&c, CARD, c.actor_connection[1]);
	if (_i)
		deliver(&c, two);
	returns(&c, CARD);
	ck_assert_int_eq(judge_result(c.judge, 0, at), _i ? RESULT_BROKEN : RESULT_HELD);
	close_court(&c);
}
END_TEST

static void deliver_empty(struct court *c, const char *topic)
{
	struct buf bytes;
	struct publish fields = { .retain = true, .topic = slice_text(topic) };
	buf_init(&bytes, 256);
	build_publish(&bytes, &fields, NULL);
	packet(c, 0, MOMENT_RECEIVED, &bytes);
}

/* A PUBLISH without payload: on its topic, waited for or forbidden. */
START_TEST(empty)
{
	struct court c;
	begin(&c);
	size_t at = hand_step(&c.hand, (struct script_step){ .source = "analyst receives empty", .act = ACT_RECEIVE, .topic = "gone",
							     .empty = true, .check = 1 });
	size_t never = hand_step(&c.hand, (struct script_step){ .source = "analyst never receives empty", .act = ACT_NEVER,
								.topic = "kept", .empty = true, .check = 2 });
	c.hand.steps[at].properties.retain = 1;
	proceed(&c);
	step(&c, at);
	deliver_empty(&c, "else");
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_ANSWER);
	deliver_empty(&c, "gone");
	ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_HELD);
	deliver(&c, CARD);
	step(&c, never);
	fence_copy(&c, CARD, c.actor_connection[1]);
	returns(&c, CARD);
	if (_i) {
		deliver_empty(&c, "kept");
		says_that(&c, 1, VERDICT_FAIL, "expected that it never arrives, saw analyst receive it in PUBLISH \"kept\"");
	} else {
		ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE); /* no packet of scout bore it: evidence */
		simple(&c, MOMENT_GRACE, false);
		ck_assert_int_eq(judge_result(c.judge, 0, never), RESULT_HELD);
	}
	close_court(&c);
}
END_TEST

/* 0: in time; 1: too late; 2: too early; 3: before the instant was known at all */
START_TEST(times)
{
	static const char *const words[] = { "", "the message by the end of line 12 + 100 ms, saw PUBLISH",
					     "the message not before the end of line 12 + 50 ms", "while that has not come yet" };
	struct court c;
	begin(&c);
	size_t at = receives(&c, CARD);
	c.hand.steps[at].by = (struct instant){ INSTANT_STEP, CARD, 100 };
	c.hand.steps[at].after = (struct instant){ _i == 3 ? INSTANT_CLOSED : INSTANT_STEP, _i == 3 ? 1 : CARD, 50 };
	proceed(&c);
	c.us += _i == 1 ? 101000 : _i == 2 ? 49000 : 75000;
	if (_i != 1)
		deliver(&c, CARD);
	step(&c, at);
	if (_i == 1)
		deliver(&c, CARD);
	ck_assert_int_eq(judge_result(c.judge, 0, at), _i == 0 ? RESULT_HELD : RESULT_BROKEN);
	if (_i > 0)
		says_that(&c, 0, VERDICT_FAIL, words[_i]);
	close_court(&c);
}
END_TEST

/* `never … after`: what came before the instant is no breach; what came after it is, whenever the
 * step itself begins. */
START_TEST(never_after)
{
	struct court c;
	begin(&c);
	size_t two = second_message(&c);
	size_t never = hand_step(&c.hand, (struct script_step){ .source = "analyst never receives", .act = ACT_NEVER, .messages = { CARD },
								.message_count = 1, .check = 2 });
	c.hand.steps[never].after = (struct instant){ INSTANT_STEP, two, 0 };
	proceed(&c);
	deliver(&c, CARD);
	c.us += 5000;
	says(&c, two);
	c.us += 5000;
	deliver(&c, two);
	if (_i == 1)
		deliver(&c, CARD);
	step(&c, never);
	if (_i == 2)
		deliver(&c, CARD);
	if (_i == 0) {
		fence_copy(&c, two, c.actor_connection[1]);
		returns(&c, two);
	}
	ck_assert_int_eq(judge_result(c.judge, 0, never), _i == 0 ? RESULT_HELD : RESULT_BROKEN);
	if (_i > 0)
		says_that(&c, 1, VERDICT_FAIL, "expected that it never arrives, saw analyst receive it in PUBLISH \"t\"");
	close_court(&c);
}
END_TEST

/* A mark that was never reached measures nothing. */
START_TEST(unreached_mark)
{
	struct court c;
	begin(&c);
	size_t two = second_message(&c), at = receives(&c, CARD);
	c.hand.steps[two].label = LABEL_TWIN;
	c.hand.steps[at].by = (struct instant){ INSTANT_STEP, two, 0 };
	proceed(&c);
	ck_assert(!judge_wants(c.judge, 0, at));
	says(&c, two);
	ck_assert(judge_wants(c.judge, 0, at));
	close_court(&c);
}
END_TEST

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
	};
	struct court c;
	struct buf bytes, properties;
	hand_begin(&c.hand, "PUB-02.hand", "PUB-02.hand");
	hand_actor(&c.hand, "scout", "scout-1");
	hand_check(&c.hand, &rule_pub1, false);
	hand_step(&c.hand, (struct script_step){ .source = "scout connects", .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED } });
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
	ck_assert_int_eq(judge_result(c.judge, 0, 1), RESULT_UNFIT);
	says_that(&c, 0, VERDICT_NA, cases[_i].words);
	close_court(&c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("judge, messages");
	TCase *tests = tcase_create("messages");
	tcase_add_loop_test(tests, facts, 0, 11);
	tcase_add_test(tests, a_second_receipt_may_do);
	tcase_add_loop_test(tests, missing_message, 0, 2);
	tcase_add_loop_test(tests, payload_size, 0, 3);
	tcase_add_loop_test(tests, order, 0, 4);
	tcase_add_loop_test(tests, count, 0, 4);
	tcase_add_loop_test(tests, count_none, 0, 2);
	tcase_add_loop_test(tests, empty, 0, 2);
	tcase_add_loop_test(tests, times, 0, 4);
	tcase_add_loop_test(tests, never_after, 0, 3);
	tcase_add_test(tests, unreached_mark);
	tcase_add_loop_test(tests, proof_or_evidence, 0, 3);
	tcase_add_loop_test(tests, whose_path, 0, 2);
	tcase_add_loop_test(tests, copies, 0, 2);
	tcase_add_loop_test(tests, held_back, 0, 2);
	tcase_add_loop_test(tests, forbidden_will, 0, 5);
	tcase_add_loop_test(tests, limits, 0, 8);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
