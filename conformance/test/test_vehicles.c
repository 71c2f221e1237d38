/* Vehicles, coming back, what CONNACK denies, what a broker may not send, and the state in which a script
 * leaves the broker: against a scripted broker. */
#include "scripted.h"

static bool answer_politely(const struct talk *talk, const struct packet *p, struct buf *out)
{
	(void)talk;
	return polite(p, true, out);
}

/* PUBACK 0x00 only for what came in one piece with its CONNECT. */
static bool answer_packed(const struct talk *talk, const struct packet *p, struct buf *out)
{
	if (p->type != PACKET_PUBLISH || p->qos == 0)
		return polite(p, false, out);
	say_ack(out, PACKET_PUBACK, p->id, talk->reads == talk->reads_before && talk->packets == 2 ? 0x00 : 0x83);
	return true;
}

START_TEST(packs)
{
	struct stage s;
	stage_begin(&s, "packed");
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_subscribe(&s, 0, "x/#");
	stage_publish(&s, 0, "a/b", 1, OUTCOME_ALLOWED)->vehicle = VEHICLE_PACKED;
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	stage_publish(&s, 0, "a/c", 0, OUTCOME_ALLOWED)->vehicle = VEHICLE_PACKED;
	stage_step(&s, 1, ACT_CONNECT, OUTCOME_ACCEPTED)->vehicle = VEHICLE_PACKED;
	stage_run(&s, answer_packed);
	verdict_is(&s, VERDICT_PASS, "");
	tells(&s, "scout", ">CONNECT clean | <CONNACK | >SUBSCRIBE x/#/0x00 | <SUBACK | closed | >CONNECT clean | >PUBLISH q1 a/b | "
			   "<CONNACK | <PUBACK | >SUBSCRIBE x/#/0x20 | <SUBACK | >PINGREQ | <PINGRESP | closed | >CONNECT clean | "
			   ">PUBLISH q0 a/c | >PINGREQ | <CONNACK | <PINGRESP | >SUBSCRIBE x/#/0x20 | <SUBACK");
	tells(&s, "watcher", ">CONNECT clean | >PINGREQ | <CONNACK | <PINGRESP");
	stage_end(&s);
}
END_TEST

enum { DRIBBLED_BYTES = 4000, FEW_READS = 4 };

/* One segment takes one read; a byte a segment so many that a busy machine does not hide it. */
static bool answer_dribbled(const struct talk *talk, const struct packet *p, struct buf *out)
{
	bool slow = talk->reads - talk->reads_before > FEW_READS;
	if (p->type != PACKET_PUBLISH)
		return polite(p, false, out);
	say_ack(out, PACKET_PUBACK, p->id, slow == slice_is(p->topic, "slow") ? 0x00 : 0x83);
	return true;
}

START_TEST(dribbles)
{
	struct stage s;
	stage_begin(&s, "dribbled");
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED)->vehicle = VEHICLE_DRIBBLED;
	stage_publish(&s, 0, "fast", 1, OUTCOME_ALLOWED)->payload_size = DRIBBLED_BYTES;
	struct script_step *step = stage_publish(&s, 0, "slow", 1, OUTCOME_ALLOWED);
	step->payload_size = DRIBBLED_BYTES;
	step->vehicle = VEHICLE_DRIBBLED;
	stage_run(&s, answer_dribbled);
	verdict_is(&s, VERDICT_PASS, "");
	stage_end(&s);
}
END_TEST

/* It cuts off whoever publishes to no/, and keeps sessions. */
static bool answer_cutting(const struct talk *talk, const struct packet *p, struct buf *out)
{
	(void)talk;
	if (p->type == PACKET_PUBLISH && slice_starts(p->topic, slice_text("no/"))) {
		build_disconnect(out, 0x87, slice_of(NULL, 0), NULL);
		return false;
	}
	return polite(p, true, out);
}

/* [0]: with its subscription; [1]: with its session. */
START_TEST(comes_back_after_a_denial)
{
	struct stage s;
	stage_begin(&s, "back");
	if (_i)
		s.hand.actors[0].session_expiry_s = 60;
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_subscribe(&s, 0, "x/#")->qos = 1;
	stage_subscribe(&s, 0, "y/#");
	struct script_step *step = stage_step(&s, 0, ACT_UNSUBSCRIBE, OUTCOME_NONE);
	step->filters[0] = "y/#";
	step->filter_count = 1;
	stage_publish(&s, 0, "no/b", 0, OUTCOME_DENIED);
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	stage_run(&s, answer_cutting);
	verdict_is(&s, VERDICT_PASS, "");
	contains(&s, "scout", _i ? "closed | >CONNECT resume Session Expiry Interval=60 | <CONNACK present | >PINGREQ" :
				   "closed | >CONNECT clean | <CONNACK | >SUBSCRIBE x/#/0x21 | <SUBACK | >PINGREQ");
	stage_end(&s);
}
END_TEST

/* One property of CONNACK for each row. */
static const struct {
	enum property_id id;
	unsigned number;
	const char *words;
} denials[] = {
	{ PROPERTY_MAXIMUM_QOS, 1, "Maximum QoS" },
	{ PROPERTY_RETAIN_AVAILABLE, 0, "Retain Available 0" },
	{ PROPERTY_ALIAS_MAXIMUM, 1, "Topic Alias Maximum" },
	{ PROPERTY_WILDCARD_AVAILABLE, 0, "Wildcard Subscription Available 0" },
	{ PROPERTY_SHARED_AVAILABLE, 0, "Shared Subscription Available 0" },
	{ PROPERTY_SUBSCRIPTION_ID_AVAILABLE, 0, "Subscription Identifier" },
	{ PROPERTY_SESSION_EXPIRY, 0, "Session Expiry Interval 0" },
};
enum { DENIALS = sizeof denials / sizeof *denials };

static bool answer_denying(const struct talk *talk, const struct packet *p, struct buf *out, size_t row)
{
	struct buf properties;
	if (p->type != PACKET_CONNECT)
		return answer_politely(talk, p, out);
	buf_init(&properties, 16);
	build_number(&properties, denials[row].id, denials[row].number);
	broker_connack(out, false, 0x00, buf_slice(&properties));
	buf_release(&properties);
	return true;
}

static bool answer_0(const struct talk *t, const struct packet *p, struct buf *out) { return answer_denying(t, p, out, 0); }
static bool answer_1(const struct talk *t, const struct packet *p, struct buf *out) { return answer_denying(t, p, out, 1); }
static bool answer_2(const struct talk *t, const struct packet *p, struct buf *out) { return answer_denying(t, p, out, 2); }
static bool answer_3(const struct talk *t, const struct packet *p, struct buf *out) { return answer_denying(t, p, out, 3); }
static bool answer_4(const struct talk *t, const struct packet *p, struct buf *out) { return answer_denying(t, p, out, 4); }
static bool answer_5(const struct talk *t, const struct packet *p, struct buf *out) { return answer_denying(t, p, out, 5); }
static bool answer_6(const struct talk *t, const struct packet *p, struct buf *out) { return answer_denying(t, p, out, 6); }
static talk_answer *const denying[DENIALS] = { answer_0, answer_1, answer_2, answer_3, answer_4, answer_5, answer_6 };

static void need(struct stage *s, size_t row)
{
	struct script_step *step;
	if (denials[row].id == PROPERTY_SESSION_EXPIRY) {
		stage_step(s, 0, ACT_RESUME, OUTCOME_PRESENT);
	} else if (row < 3) {
		step = stage_publish(s, 0, "a/b", row == 0 ? 2 : 1, OUTCOME_ALLOWED);
		step->retain = row == 1;
		step->alias = row == 2 ? 2 : 0;
	} else {
		step = stage_subscribe(s, 0, row == 3 ? "a/#" : row == 4 ? "$share/g/a" : "a");
		step->identifier = row == 5;
	}
}

START_TEST(needs_what_connack_denies)
{
	struct stage s;
	stage_begin(&s, "unfit");
	s.hand.actors[0].session_expiry_s = 60;
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	need(&s, (size_t)_i);
	stage_run(&s, denying[_i]);
	verdict_is(&s, VERDICT_NA, denials[_i].words);
	lacks(&s, "scout", ">PUBLISH");
	lacks(&s, "scout", ">SUBSCRIBE");
	stage_end(&s);
	stage_begin(&s, "fit"); /* the same where nothing is denied */
	s.hand.actors[0].session_expiry_s = 60;
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	need(&s, (size_t)_i);
	stage_run(&s, answer_politely);
	ck_assert_int_eq(s.hand.checks[0].verdict, _i == 2 ? VERDICT_NA : VERDICT_PASS); /* no Topic Alias Maximum is 0 */
	stage_end(&s);
}
END_TEST

static bool answer_no_will(const struct talk *talk, const struct packet *p, struct buf *out)
{
	if (p->type != PACKET_CONNECT || !p->will.present)
		return answer_politely(talk, p, out);
	broker_connack(out, false, p->will.qos == 2 ? 0x9B : 0x9A, slice_of(NULL, 0));
	return false;
}

START_TEST(wills_beyond_the_limits)
{
	struct stage s;
	stage_begin(&s, "will");
	struct script_step *step = stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	step->will.topic = "w";
	step->will.payload = "x";
	step->will.qos = _i ? 2 : 1;
	step->will.retain = !_i;
	stage_run(&s, answer_no_will);
	verdict_is(&s, VERDICT_NA, _i ? "QoS not supported" : "Retain not supported");
	stage_end(&s);
}
END_TEST

static void say_publish(struct buf *out, const char *topic, unsigned qos, uint16_t id, unsigned alias, size_t size)
{
	static char payload[4096];
	struct buf properties;
	struct publish message = { .qos = qos, .id = id, .topic = slice_text(topic), .payload = slice_of(payload, size) };
	buf_init(&properties, 16);
	if (alias)
		build_number(&properties, PROPERTY_ALIAS, alias);
	message.properties = buf_slice(&properties);
	build_publish(out, &message, NULL);
	buf_release(&properties);
}

/* What comes before a PINGRESP depends on the filter that was subscribed to. */
static bool answer_unruly(const struct talk *talk, const struct packet *p, struct buf *out)
{
	static char kind;
	if (p->type == PACKET_SUBSCRIBE)
		kind = (char)p->filters.data[2];
	if (p->type == PACKET_PINGREQ) {
		for (uint16_t i = 1; i <= 3 && kind == 'r'; i++)
			say_publish(out, "t", 1, i, 0, 1);
		for (uint16_t i = 1; i <= 2 && (kind == 'g' || kind == 'q'); i++)
			say_publish(out, "t", kind == 'q' ? 2 : 1, i, 0, 1);
		if (kind == 'a' || kind == 'u')
			say_publish(out, kind == 'a' ? "t" : "", 0, 0, 1, 1);
		if (kind == 'a')
			say_publish(out, "", 0, 0, 1, 1);
		if (kind == 'h')
			say_publish(out, "t", 0, 0, 3, 1);
		if (kind == 's')
			say_publish(out, "t", 0, 0, 0, 1500);
	}
	return answer_politely(talk, p, out);
}

static const struct {
	char *filter;
	const char *words; /* NULL: all is well */
} unruly[] = {
	{ "good", NULL }, { "qos2", NULL }, { "aliases", NULL },
	{ "receive maximum", "more unacknowledged messages than the Receive Maximum" },
	{ "unknown alias", "a Topic Alias that stands for nothing" },
	{ "high alias", "a Topic Alias above the Topic Alias Maximum" },
	{ "size", "larger than the Maximum Packet Size" },
};
enum { UNRULY = sizeof unruly / sizeof *unruly };

START_TEST(oversteps_what_connect_says)
{
	struct stage s;
	stage_begin(&s, "unruly");
	s.hand.actors[0].receive_maximum = 2;
	s.hand.actors[0].alias_maximum = 2;
	s.hand.actors[0].maximum_packet = 1000;
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_subscribe(&s, 0, unruly[_i].filter);
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	if (!unruly[_i].words)
		stage_step(&s, 0, ACT_IDLE, OUTCOME_OPEN)->by = (struct instant){ .kind = INSTANT_BEGIN, .offset_ms = 100 };
	stage_run(&s, answer_unruly);
	if (unruly[_i].words)
		verdict_is(&s, VERDICT_FAIL, unruly[_i].words);
	else
		verdict_is(&s, VERDICT_PASS, "");
	if (_i == 1)
		ck_assert_uint_eq(times(&s, "scout", ">PUBREC") + times(&s, "scout", ">PUBCOMP"), 4);
	stage_end(&s);
}
END_TEST

/* On the PUBLISH: answers twice, to nobody, of the wrong kind; half a packet and an end; a length that never
 * comes; a megabyte and more. The topic says which. */
static bool answer_nastily(const struct talk *talk, const struct packet *p, struct buf *out)
{
	static const unsigned char half[] = { 0x40, 0x02, 0x00 }, endless[] = { 0x30, 0xff, 0xff, 0x3f, 0x00 };
	static char megabyte[WIRE_PACKET_MAX];
	struct publish large = { .topic = slice_text("t"), .payload = slice_of(megabyte, sizeof megabyte) };
	if (p->type != PACKET_PUBLISH)
		return answer_politely(talk, p, out);
	char kind = p->topic.size ? (char)p->topic.data[0] : '?';
	for (int i = 0; i < 3 && kind == 't'; i++)
		say_ack(out, PACKET_PUBACK, p->id, 0x00);
	if (kind == 'n')
		say_ack(out, PACKET_PUBACK, (uint16_t)(p->id + 77), 0x00);
	if (kind == 'k')
		say_ack(out, PACKET_PUBREC, p->id, 0x00);
	if (kind == 'h')
		buf_put(out, slice_of(half, sizeof half));
	if (kind == 'e')
		buf_put(out, slice_of(endless, sizeof endless));
	if (kind == 'm') {
		buf_release(out);
		buf_init(out, 2 * sizeof megabyte);
		build_publish(out, &large, NULL);
	}
	return kind != 'h';
}

START_TEST(endures_nasty_answers)
{
	static char *const topics[] = { "twice", "nobody", "kind", "half", "endless", "megabyte" };
	struct stage s;
	stage_begin(&s, "nasty");
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_publish(&s, 0, topics[_i], 1, OUTCOME_ALLOWED);
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	stage_run(&s, answer_nastily);
	ck_assert_int_ne(s.hand.checks[0].verdict, VERDICT_HARNESS);
	ck_assert_int_ne(s.hand.checks[0].verdict, VERDICT_PASS);
	ck_assert_int_lt(s.result.duration_us, 12000000);
	stage_end(&s);
}
END_TEST

/* Retained messages and a session of one who is away; the session and will of one who is here. */
START_TEST(leaves_nothing_behind)
{
	struct stage s;
	stage_begin(&s, "clean");
	s.hand.actors[0].session_expiry_s = 60;
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_publish(&s, 0, "a/b", 1, OUTCOME_ALLOWED)->retain = true;
	stage_publish(&s, 0, "no/b", 1, OUTCOME_DENIED)->retain = true;
	stage_step(&s, 0, ACT_DROP, OUTCOME_NONE);
	struct script_step *step = stage_step(&s, 1, ACT_CONNECT, OUTCOME_ACCEPTED);
	step->will.topic = "w/t";
	step->will.payload = "gone";
	step->will.retain = true;
	stage_step(&s, 1, ACT_PING, OUTCOME_ALIVE);
	stage_run(&s, answer_cutting);
	contains(&s, "scout", "closed | >CONNECT resume Session Expiry Interval=60 | <CONNACK present | >PUBLISH q0 retain a/b empty | "
			      ">DISCONNECT Session Expiry Interval=0 | closed");
	lacks(&s, "scout", "no/b empty");
	contains(&s, "watcher", "<PINGRESP | >PUBLISH q0 retain w/t empty | >DISCONNECT | closed");
	stage_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vehicles");
	TCase *tests = tcase_create("vehicles");
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, packs);
	tcase_add_test(tests, dribbles);
	tcase_add_loop_test(tests, comes_back_after_a_denial, 0, 2);
	tcase_add_loop_test(tests, needs_what_connack_denies, 0, DENIALS);
	tcase_add_loop_test(tests, wills_beyond_the_limits, 0, 2);
	tcase_add_loop_test(tests, oversteps_what_connect_says, 0, UNRULY);
	tcase_add_loop_test(tests, endures_nasty_answers, 0, 6);
	tcase_add_test(tests, leaves_nothing_behind);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
