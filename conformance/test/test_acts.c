/* Each act of the language on the wire, against a scripted broker: what the trace says that was sent. */
#include "scripted.h"

static bool answer_politely(const struct talk *talk, const struct packet *p, struct buf *out)
{
	(void)talk;
	return polite(p, true, out);
}

START_TEST(publishes_at_qos2)
{
	struct stage s;
	stage_begin(&s, "qos2");
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	struct script_step *step = stage_publish(&s, 0, "a/b", 2, OUTCOME_ALLOWED);
	step->payload_size = 100;
	step->properties.format = 1;
	step->properties.expiry_s = 9;
	step->properties.content_type = "text/plain";
	step->properties.response_topic = "r/t";
	step->properties.correlation = "c";
	step->properties.user[0][0] = "k";
	step->properties.user[0][1] = "v";
	step->properties.user_count = 1;
	stage_publish(&s, 0, "a/c", 0, OUTCOME_ALLOWED)->empty = true;
	stage_run(&s, answer_politely);
	tells(&s, "scout", ">CONNECT clean | <CONNACK | >PUBLISH q2 a/b Payload Format Indicator=1 Message Expiry Interval=9 "
			   "Content Type=text/plain Response Topic=r/t Correlation Data=c User Property=k:v | <PUBREC | >PUBREL | "
			   "<PUBCOMP | >PUBLISH q0 a/c empty | >PINGREQ | <PINGRESP | >DISCONNECT | closed");
	verdict_is(&s, VERDICT_PASS, "");
	stage_end(&s);
}
END_TEST

/* Half an exchange, a denial of the other half, and the PUBLISH once more under its identifier. */
static bool answer_held(const struct talk *talk, const struct packet *p, struct buf *out)
{
	static uint16_t first;
	if (p->type != PACKET_PUBLISH)
		return polite(p, true, out);
	if (talk->connection == 1)
		first = p->id;
	say_ack(out, PACKET_PUBREC, p->id, p->id == first ? 0x00 : 0x91);
	return true;
}

START_TEST(holds_back_releases_and_repeats)
{
	struct stage s;
	stage_begin(&s, "held");
	s.hand.actors[0].session_expiry_s = 60;
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_publish(&s, 0, "a/b", 2, OUTCOME_ALLOWED)->held_back = true;
	stage_step(&s, 0, ACT_DROP, OUTCOME_NONE);
	stage_step(&s, 0, ACT_RESUME, OUTCOME_PRESENT);
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	struct script_step *again = stage_publish(&s, 0, "a/b", 2, OUTCOME_ALLOWED);
	again->again = again->held_back = true;
	stage_step(&s, 0, ACT_RELEASE, OUTCOME_ALLOWED);
	stage_run(&s, answer_held);
	tells(&s, "scout", ">CONNECT clean Session Expiry Interval=60 | <CONNACK | >PUBLISH q2 a/b | <PUBREC | closed | "
			   ">CONNECT resume Session Expiry Interval=60 | <CONNACK present | >PINGREQ | <PINGRESP | "
			   ">PUBLISH q2 dup a/b | <PUBREC | >PUBREL | <PUBCOMP | >DISCONNECT Session Expiry Interval=0 | closed");
	verdict_is(&s, VERDICT_PASS, "");
	stage_end(&s);
}
END_TEST

/* It closes on the first PUBLISH and on the first PUBREL, and keeps the session (_i: or does not). */
static bool answer_falling(const struct talk *talk, const struct packet *p, struct buf *out)
{
	if (talk->connection == 1 && p->type == PACKET_PUBLISH)
		return false;
	if (talk->connection == 2 && p->type == PACKET_PUBREL)
		return false;
	return polite(p, true, out);
}

static bool answer_forgetting(const struct talk *talk, const struct packet *p, struct buf *out)
{
	if (talk->connection == 1 && p->type == PACKET_PUBLISH)
		return false;
	return polite(p, false, out);
}

START_TEST(resends_what_a_session_owes)
{
	struct stage s;
	stage_begin(&s, "owed");
	s.hand.actors[0].session_expiry_s = 60;
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_publish(&s, 0, "a/b", 2, OUTCOME_CLOSED);
	stage_step(&s, 0, ACT_RESUME, _i ? OUTCOME_ABSENT : OUTCOME_PRESENT);
	stage_step(&s, 0, ACT_IDLE, OUTCOME_CLOSED)->by = (struct instant){ .kind = INSTANT_BEGIN, .offset_ms = 300 };
	if (!_i)
		stage_step(&s, 0, ACT_RESUME, OUTCOME_PRESENT);
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	stage_run(&s, _i ? answer_forgetting : answer_falling);
	tells(&s, "scout", _i ? ">CONNECT clean Session Expiry Interval=60 | <CONNACK | >PUBLISH q2 a/b | closed | "
				">CONNECT resume Session Expiry Interval=60 | <CONNACK | " :
				">CONNECT clean Session Expiry Interval=60 | <CONNACK | >PUBLISH q2 a/b | closed | "
				">CONNECT resume Session Expiry Interval=60 | <CONNACK present | >PUBLISH q2 dup a/b | <PUBREC | "
				">PUBREL | closed | >CONNECT resume Session Expiry Interval=60 | <CONNACK present | >PUBREL | ");
	if (_i)
		lacks(&s, "scout", "dup");
	stage_end(&s);
}
END_TEST

/* PUBACKs come late, and CONNACK leaves room for one message. */
static bool answer_narrowly(const struct talk *talk, const struct packet *p, struct buf *out)
{
	struct buf properties;
	(void)talk;
	if (p->type != PACKET_CONNECT) {
		if (p->type == PACKET_PUBLISH)
			poll(NULL, 0, 30);
		return polite(p, false, out);
	}
	buf_init(&properties, 16);
	build_number(&properties, PROPERTY_RECEIVE_MAXIMUM, 1);
	broker_connack(out, false, 0x00, buf_slice(&properties));
	buf_release(&properties);
	return true;
}

START_TEST(streams_within_receive_maximum)
{
	struct stage s;
	stage_begin(&s, "stream");
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	struct script_step *step = stage_publish(&s, 0, "a/b", 1, OUTCOME_ALLOWED);
	step->act = ACT_STREAM;
	step->every_ms = 5;
	step->by = (struct instant){ .kind = INSTANT_BEGIN, .offset_ms = 300 };
	stage_run(&s, answer_narrowly);
	ck_assert_uint_ge(times(&s, "scout", "copy"), 4);
	ck_assert_uint_le(times(&s, "scout", "copy"), 12); /* far fewer than its 60 ticks */
	lacks(&s, "scout", ">PUBLISH q1 a/b | >PUBLISH");
	lacks(&s, "scout", ">PUBLISH q1 a/b | copy");
	verdict_is(&s, VERDICT_PASS, "");
	stage_end(&s);
}
END_TEST

START_TEST(waits_for_room_or_says_that_there_is_none)
{
	struct stage s;
	stage_begin(&s, "room");
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_publish(&s, 0, "a/b", 2, OUTCOME_ALLOWED)->held_back = true;
	stage_publish(&s, 0, "a/c", 1, OUTCOME_ALLOWED);
	stage_run(&s, answer_narrowly);
	verdict_is(&s, VERDICT_NA, "a Receive Maximum in CONNACK that a message held back uses up");
	lacks(&s, "scout", "a/c");
	stage_end(&s);
}
END_TEST

START_TEST(connects_with_everything)
{
	struct stage s;
	struct script_actor as;
	stage_begin(&s, "connect");
	as = s.hand.actors[0];
	as.session_expiry_s = 5;
	as.receive_maximum = 7;
	as.alias_maximum = 3;
	as.maximum_packet = 2000;
	as.request_problem = 0;
	as.request_response = 1;
	as.method = "OAUTH2-JWT";
	struct script_step *step = stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	step->as = &as;
	step->will = (struct script_will){ .topic = "w/t", .payload = "gone", .qos = 1, .retain = true, .delay_s = 4,
					   .properties = step->properties };
	step->will.properties.content_type = "x";
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	stage_run(&s, answer_politely);
	tells(&s, "scout", ">CONNECT clean Session Expiry Interval=5 Receive Maximum=7 Maximum Packet Size=2000 "
			   "Topic Alias Maximum=3 Request Problem Information=0 Request Response Information=1 "
			   "Authentication Method=OAUTH2-JWT will q1 retain w/t Will Delay Interval=4 Content Type=x | <CONNACK");
	contains(&s, "scout", ">PUBLISH q0 retain w/t empty | >DISCONNECT Session Expiry Interval=0");
	stage_end(&s);
}
END_TEST

START_TEST(subscribes_with_everything)
{
	struct stage s;
	stage_begin(&s, "subscribe");
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	struct script_step *step = stage_subscribe(&s, 0, "a/+");
	step->filters[1] = "$share/g/b";
	step->filter_count = 2;
	step->qos = 2;
	step->filter_options = 0x28;
	step->identifier = 300;
	step = stage_step(&s, 0, ACT_UNSUBSCRIBE, OUTCOME_NONE);
	step->filters[0] = "a/+";
	step->filter_count = 1;
	step = stage_step(&s, 0, ACT_DISCONNECT, OUTCOME_NONE);
	step->code = 0x04;
	step->session_s = 8;
	stage_run(&s, answer_politely);
	tells(&s, "scout", ">CONNECT clean | <CONNACK | >SUBSCRIBE a/+/0x2a $share/g/b/0x2a Subscription Identifier=300 | <SUBACK | "
			   ">UNSUBSCRIBE a/+/0x00 | <UNSUBACK | >DISCONNECT 0x04 Session Expiry Interval=8 | closed");
	stage_end(&s);
}
END_TEST

static bool answer_with_auth(const struct talk *talk, const struct packet *p, struct buf *out)
{
	struct buf properties;
	if (p->type != PACKET_AUTH)
		return answer_politely(talk, p, out);
	buf_init(&properties, 64);
	build_text(&properties, PROPERTY_AUTH_METHOD, slice_text("OAUTH2-JWT"));
	build_auth(out, 0x00, buf_slice(&properties), NULL);
	buf_release(&properties);
	return true;
}

START_TEST(renews)
{
	struct stage s;
	stage_begin(&s, "renew");
	s.hand.actors[0].method = "OAUTH2-JWT";
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_step(&s, 0, ACT_RENEW, OUTCOME_ACCEPTED);
	stage_run(&s, answer_with_auth);
	contains(&s, "scout", ">AUTH 0x19 Authentication Method=OAUTH2-JWT | <AUTH Authentication Method=OAUTH2-JWT");
	verdict_is(&s, VERDICT_PASS, "");
	stage_end(&s);
}
END_TEST

static const unsigned char literal_connect[] = "\x10", literal_rest[] = "\x00\x04MQTT\x05\x02\x00\x1e\x00\x00\x01" "c\xc0",
			   literal_end[] = "\x00\x30", no_bytes[] = "";

/* A CONNECT and a PINGREQ, or, malformed, the same with its first length two short. */
static struct bytes_part parts[] = {
	{ .kind = BYTES_LITERAL, .data = (unsigned char *)literal_connect, .size = 1 },
	{ .kind = BYTES_LENGTH },
	{ .kind = BYTES_LITERAL, .data = (unsigned char *)literal_rest, .size = sizeof literal_rest - 1 },
	{ .kind = BYTES_LENGTH },
	{ .kind = BYTES_LITERAL, .data = (unsigned char *)no_bytes },
};

START_TEST(sends_bytes)
{
	struct stage s;
	stage_begin(&s, "bytes");
	struct script_step *step = stage_step(&s, 0, ACT_SEND, OUTCOME_ACCEPTED);
	step->bytes = parts;
	step->bytes_count = sizeof parts / sizeof *parts;
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	stage_run(&s, answer_politely);
	tells(&s, "scout", ">CONNECT clean | >PINGREQ | <CONNACK | <PINGRESP");
	verdict_is(&s, VERDICT_PASS, "");
	stage_end(&s);
}
END_TEST

/* Who is to be alive behind the bytes is asked, by a PINGREQ that no step spells out. */
START_TEST(asks_behind_bytes)
{
	static const char *const auth = "\xf0\x00";
	struct bytes_part behind = { .kind = BYTES_LITERAL, .data = (unsigned char *)auth, .size = 2 };
	struct stage s;
	stage_begin(&s, "behind");
	struct script_step *step = stage_step(&s, 0, ACT_SEND, OUTCOME_ACCEPTED);
	step->bytes = parts;
	step->bytes_count = sizeof parts / sizeof *parts;
	step = stage_step(&s, 0, ACT_SEND, OUTCOME_ALIVE);
	step->bytes = &behind;
	step->bytes_count = 1;
	stage_run(&s, answer_politely);
	tells(&s, "scout",
	      ">CONNECT clean | >PINGREQ | <CONNACK | <PINGRESP | >AUTH | >PINGREQ | <PINGRESP | >DISCONNECT | "
	      "closed after DISCONNECT");
	verdict_is(&s, VERDICT_PASS, "");
	stage_end(&s);
}
END_TEST

/* [0]: said to break something; [1]: not said. */
START_TEST(sends_malformed_bytes_only_when_declared)
{
	struct stage s;
	struct bytes_part bad[5];
	memcpy(bad, parts, sizeof bad);
	bad[1].delta = -2;
	stage_begin(&s, "malformed");
	struct script_step *step = stage_step(&s, 0, ACT_SEND, OUTCOME_CLOSED);
	step->bytes = bad;
	step->bytes_count = 5;
	step->breaks = _i ? NULL : "MQTT-2.1.4";
	step->by = (struct instant){ .kind = INSTANT_BEGIN, .offset_ms = 300 };
	stage_step(&s, 0, ACT_DROP, OUTCOME_NONE);
	s.hand.steps[0].check = 0;
	stage_run(&s, answer_politely);
	if (_i)
		verdict_is(&s, VERDICT_HARNESS, "was not said to break anything");
	else
		tells(&s, "scout", ">100c00044d51545405");
	(void)literal_end;
	stage_end(&s);
}
END_TEST

/* It sends until nobody takes it any more, then ends. */
static bool answer_pouring(const struct talk *talk, const struct packet *p, struct buf *out)
{
	static char payload[60000];
	if (p->type != PACKET_PUBLISH)
		return answer_politely(talk, p, out);
	for (int i = 0; i < 400; i++) {
		struct publish message = { .topic = slice_text("t"), .payload = slice_of(payload, sizeof payload) };
		struct buf packet;
		buf_init(&packet, 1 << 17);
		build_publish(&packet, &message, NULL);
		ssize_t sent = send(talk->fd, packet.data, packet.size, MSG_DONTWAIT | MSG_NOSIGNAL);
		bool all = sent == (ssize_t)packet.size;
		buf_release(&packet);
		if (!all)
			break;
		poll(NULL, 0, 1);
	}
	return false;
}

START_TEST(stalls)
{
	struct stage s;
	stage_begin(&s, "stall");
	s.hand.actors[0].keep_alive_s = 1;
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_step(&s, 0, ACT_STALL, OUTCOME_NONE);
	stage_publish(&s, 0, "a/b", 0, OUTCOME_CLOSED)->by = (struct instant){ .kind = INSTANT_BEGIN, .offset_ms = 1500 };
	stage_run(&s, answer_pouring);
	tells(&s, "scout", ">CONNECT clean | <CONNACK | >PUBLISH q0 a/b");
	lacks(&s, "scout", "<PUBLISH");
	ck_assert_int_lt(s.result.duration_us, 6000000);
	stage_end(&s);
}
END_TEST

/* [0]: its own keep alive; [1]: none; [2]: the server's. */
static bool answer_keep_alive(const struct talk *talk, const struct packet *p, struct buf *out)
{
	struct buf properties;
	if (p->type != PACKET_CONNECT || p->keep_alive != 60)
		return answer_politely(talk, p, out);
	buf_init(&properties, 16);
	build_number(&properties, PROPERTY_SERVER_KEEP_ALIVE, 1);
	broker_connack(out, false, 0x00, buf_slice(&properties));
	buf_release(&properties);
	return true;
}

START_TEST(idles)
{
	static const unsigned keep_alive[] = { 1, 0, 60 };
	struct stage s;
	stage_begin(&s, "idle");
	s.hand.actors[0].keep_alive_s = keep_alive[_i];
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_step(&s, 0, ACT_IDLE, OUTCOME_OPEN)->by = (struct instant){ .kind = INSTANT_CONNECTED, .offset_ms = 1400 };
	stage_run(&s, answer_keep_alive);
	ck_assert_uint_eq(times(&s, "scout", "PINGREQ"), _i == 1 ? 0 : 2);
	verdict_is(&s, VERDICT_PASS, "");
	stage_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("acts");
	TCase *tests = tcase_create("acts");
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, publishes_at_qos2);
	tcase_add_test(tests, holds_back_releases_and_repeats);
	tcase_add_loop_test(tests, resends_what_a_session_owes, 0, 2);
	tcase_add_test(tests, streams_within_receive_maximum);
	tcase_add_test(tests, waits_for_room_or_says_that_there_is_none);
	tcase_add_test(tests, connects_with_everything);
	tcase_add_test(tests, subscribes_with_everything);
	tcase_add_test(tests, renews);
	tcase_add_test(tests, sends_bytes);
	tcase_add_test(tests, asks_behind_bytes);
	tcase_add_loop_test(tests, sends_malformed_bytes_only_when_declared, 0, 2);
	tcase_add_test(tests, stalls);
	tcase_add_loop_test(tests, idles, 0, 3);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
