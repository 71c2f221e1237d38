/* session/: Windows, caps at their edges, deadlines. */
#include "session_case.h"

/* The receiver's Receive Maximum is 1: the second message waits for the PUBACK of the first. */
START_TEST(window)
{
	struct client *to = reader("reader", "21 0001"), *from = writer();

	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x' 32 09 0003 't/a' 0008 00 'y' 30 07 0003 't/a' 00 'z'");
	world_gets(&world, from, "40 02 0007 40 02 0008");
	world_gets(&world, to, "32 09 0003 't/a' 0001 00 'x' 30 07 0003 't/a' 00 'z'");
	ck_assert_uint_eq(world.asked[DOOR_DELIVER_QUEUED], 0);
	world_send(&world, to, "40 02 0063"); /* an id that is not on its way */
	world_gets(&world, to, "");
	world_send(&world, to, "40 02 0001");
	world_gets(&world, to, "32 09 0003 't/a' 0002 00 'y'");
	ck_assert_uint_eq(world.asked[DOOR_DELIVER_QUEUED], 2); /* the receiver, and the author of what waited */
	ck_assert_uint_eq(to->session->outgoing.waiting, 0);
}
END_TEST

/* [MQTT-3.3.2-5, -6] What waits, ages. */
START_TEST(expiry_counts_down)
{
	struct client *to = reader("reader", "21 0001"), *from = writer();

	world_send(&world, from,
		   "32 09 0003 't/a' 0007 00 'x' 32 0e 0003 't/a' 0008 05 02 0000000a 'y'"
		   " 32 0e 0003 't/a' 0009 05 02 00000003 'z' 32 0e 0003 't/a' 000a 05 02 0000000a '!'");
	world_gets(&world, to, "32 09 0003 't/a' 0001 00 'x'");
	world_pass(&world, 3500);
	world_send(&world, to, "40 02 0001");
	world_gets(&world, to, "32 0e 0003 't/a' 0002 05 02 00000007 'y'");
	world_send(&world, to, "40 02 0002"); /* 'z' has expired */
	world_gets(&world, to, "32 0e 0003 't/a' 0003 05 02 00000007 '!'");
}
END_TEST

/* [MQTT-3.1.2-24, -25] A message that the receiver does not take counts as sent. */
START_TEST(maximum_packet)
{
	struct client *to = reader("reader", "27 00000020"), *from = writer();

	world_send(&world, from,
		   "32 1f 0003 't/a' 0007 00 'one byte more than that' 32 1e 0003 't/a' 0008 00 'as large as it may be.'"
		   " 32 09 0003 't/a' 0008 00 'z'");
	world_gets(&world, to, "32 1e 0003 't/a' 0001 00 'as large as it may be.' 32 09 0003 't/a' 0002 00 'z'");
	ck_assert_uint_eq(to->session->outgoing.inflight, 2);
}
END_TEST

START_TEST(maximum_packet_smaller_than_connack)
{
	struct client *client = world_dial(&world, (struct dial){ .properties = "27 0000000f" });

	world_gets(&world, client, "");
	ck_assert_int_eq(client->state, CLIENT_ENDED);
}
END_TEST

/* LIMIT_BACKLOG_BYTES at its edge: the message of 9 bytes fits, and one byte more does not. */
START_TEST(slow_reader)
{
	struct client *to = reader("reader", NULL), *from = writer();

	world.unsent = LIMIT_BACKLOG_BYTES - 9;
	world_send(&world, from, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, to, "30 07 0003 't/a' 00 'x'");
	ck_assert_int_eq(to->state, CLIENT_CONNECTED);
	world.unsent++;
	world_send(&world, from, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, to, "e0 01 97");
	ck_assert_int_eq(to->state, CLIENT_ENDED);
	ck_assert_int_eq(from->state, CLIENT_CONNECTED);
}
END_TEST

/* LIMIT_INFLIGHT, then LIMIT_QUEUE_MESSAGES, each at its edge. */
START_TEST(silent_reader)
{
	struct client *to = reader("reader", NULL), *from = writer();

	for (size_t i = 0; i < LIMIT_INFLIGHT + LIMIT_QUEUE_MESSAGES; i++)
		world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	ck_assert_uint_eq(to->session->outgoing.inflight, LIMIT_INFLIGHT);
	ck_assert_uint_eq(to->session->outgoing.waiting, LIMIT_QUEUE_MESSAGES);
	ck_assert_int_eq(to->state, CLIENT_CONNECTED);
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	ck_assert_int_eq(to->state, CLIENT_ENDED);
	ck_assert_int_eq(from->state, CLIENT_CONNECTED);
}
END_TEST

/* A QoS 1 message of so many bytes of payload, to t/a. */
static void send_large(struct client *from, size_t size)
{
	struct buf bytes;

	buf_init(&bytes, LIMIT_PACKET_BYTES);
	buf_u8(&bytes, 0x32);
	varint_put(&bytes, (uint32_t)(size + 8));
	hex_put(&bytes, "0003 't/a' 0007 00");
	for (size_t i = 0; i < size; i++)
		buf_u8(&bytes, 'x');
	ck_assert_uint_eq(client_receive(from, buf_slice(&bytes)), bytes.size);
	world_settle(&world);
	buf_release(&bytes);
	buf_clear(&from->staged);
}

/* LIMIT_QUEUE_BYTES at its edge: a client that acknowledges gets all of what just fits, for a message
 * that is sent is not counted beside the one that waited; and one byte more does not fit. */
START_TEST(queue_bytes)
{
	enum { EACH = 262144 };
	struct client *to = reader("reader", "21 0001"), *from = writer();
	const struct outgoing *outgoing = &to->session->outgoing;
	size_t overhead, waiting;

	send_large(from, EACH);
	overhead = outgoing->bytes - EACH;
	while (outgoing->bytes + 2 * (EACH + overhead) <= LIMIT_QUEUE_BYTES)
		send_large(from, EACH);
	send_large(from, LIMIT_QUEUE_BYTES - outgoing->bytes - overhead + (size_t)_i);
	ck_assert_int_eq(to->state, _i ? CLIENT_ENDED : CLIENT_CONNECTED);
	if (_i)
		return;
	ck_assert_uint_eq(outgoing->bytes, LIMIT_QUEUE_BYTES);
	waiting = outgoing->waiting;
	ck_assert_uint_ge(waiting, 30);
	world.unsent = LIMIT_BACKLOG_BYTES - 2 * EACH - 64; /* and the socket is nearly full */
	while (outgoing->inflight) {
		char puback[16];

		snprintf(puback, sizeof puback, "40 02 %04x", (unsigned)outgoing->last_id);
		buf_clear(&to->staged);
		world_send(&world, to, puback);
		ck_assert_int_eq(to->state, CLIENT_CONNECTED);
		ck_assert_uint_eq(outgoing->waiting, waiting ? --waiting : 0);
	}
	ck_assert_uint_eq(outgoing->bytes, 0);
}
END_TEST

/* A session that would outlive its connection ends with it all the same when something was lost. */
START_TEST(lost_message_ends_the_session)
{
	struct client *to = reader("reader", "11 0000003c 21 0001"), *from = writer();

	for (size_t i = 0; i <= LIMIT_QUEUE_MESSAGES; i++)
		send_large(from, 1);
	ck_assert_int_eq(to->state, CLIENT_CONNECTED);
	buf_clear(&to->staged);
	send_large(from, 1);
	world_gets(&world, to, "e0 01 97");
	ck_assert_uint_eq(from->session->organisation->session_count, 1);
}
END_TEST

/* LIMIT_SUBSCRIPTION_BYTES at its edge, long before LIMIT_SUBSCRIPTIONS. */
START_TEST(subscription_bytes)
{
	struct client *client = writer();
	struct packet_subscription wanted = { .qos = 0 };
	char text[65536];

	memset(text, 'x', sizeof text);
	for (unsigned i = 0; i < 4; i++) {
		text[0] = (char)('a' + i);
		wanted.filter = slice_of(text, i < 3 ? 65535 : LIMIT_SUBSCRIPTION_BYTES - 3 * 65535 - 3);
		ck_assert(subscription_set(client->session, &wanted, 0, 0));
	}
	ck_assert_uint_eq(client->session->subscriptions.bytes, LIMIT_SUBSCRIPTION_BYTES - 3);
	world_send(&world, client, "82 15 0001 00 0004 't/aa' 00 0003 't/b' 00 0002 't/' 00");
	world_gets(&world, client, "90 06 0001 00 97 00 97");
	world_send(&world, client, "a2 08 0002 00 0003 't/b' 82 0a 0003 00 0004 't/aa' 00 82 08 0004 00 0002 't/' 00");
	world_gets(&world, client, "b0 04 0002 00 00 90 04 0003 00 97 90 04 0004 00 00");
}
END_TEST

/* LIMIT_SUBSCRIPTIONS and LIMIT_FILTER_LEVELS at their edges. */
START_TEST(subscription_limits)
{
	struct client *client = writer();
	struct packet_subscription wanted = { .qos = 0 };
	char text[600] = "t";

	for (unsigned i = 1; i < LIMIT_SUBSCRIPTIONS; i++) {
		snprintf(text, sizeof text, "t/%u", i);
		wanted.filter = slice_text(text);
		ck_assert(subscription_set(client->session, &wanted, 0, 0));
	}
	world_send(&world, client, "82 0f 0001 00 0003 't/a' 00 0003 't/b' 00");
	world_gets(&world, client, "90 05 0001 00 00 97");
	world_send(&world, client, "82 0f 0001 00 0003 't/a' 01 0003 't/b' 00"); /* replacing takes no place */
	world_gets(&world, client, "90 05 0001 00 01 97");
	world_send(&world, client, "a2 08 0002 00 0003 't/a'");
	world_gets(&world, client, "b0 04 0002 00 00");
	for (unsigned extra = 0; extra < 2; extra++) {
		unsigned size = 2 * (LIMIT_FILTER_LEVELS + extra) - 1;
		struct buf hex;

		buf_init(&hex, 4096);
		buf_format(&hex, "82 %02x%02x 0003 00 %04x 't", ((6 + size) & 0x7f) | 0x80, (6 + size) >> 7, size);
		for (unsigned i = 1; i < LIMIT_FILTER_LEVELS + extra; i++)
			buf_text(&hex, "/x");
		buf_text(&hex, "' 00");
		world_send(&world, client, buf_string(&hex));
		world_gets(&world, client, extra ? "90 04 0003 00 8f" : "90 04 0003 00 00");
		buf_release(&hex);
	}
}
END_TEST

/* LIMIT_PACKETS_PER_TURN at its edge; the rest stays for the next turn. */
START_TEST(packets_per_turn)
{
	struct client *client = writer();
	struct buf pings;

	buf_init(&pings, 4096);
	for (unsigned i = 0; i <= LIMIT_PACKETS_PER_TURN; i++)
		buf_text(&pings, "c000");
	ck_assert_uint_eq(world_send(&world, client, buf_string(&pings)), 2 * LIMIT_PACKETS_PER_TURN);
	ck_assert_uint_eq(client->staged.size, 2 * LIMIT_PACKETS_PER_TURN);
	buf_release(&pings);
}
END_TEST

START_TEST(half_a_packet_waits)
{
	struct client *client = writer();

	ck_assert_uint_eq(world_send(&world, client, "c0 00 30 07 0003 't'"), 2);
	ck_assert_uint_eq(client->want, 9);
	world_gets(&world, client, "d0 00");
}
END_TEST

/* The token's end is the connection's end: nothing more is taken in or delivered. */
START_TEST(token_expires)
{
	struct client *to = reader("reader", NULL), *from;

	world_pass(&world, 1000);
	from = writer();
	world_pass(&world, (WORLD_TOKEN_LIFE - 1) * 1000 - 1);
	client_tick(to);
	ck_assert_int_eq(to->state, CLIENT_CONNECTED);
	ck_assert_int_eq(client_deadline_ms(to), 1);
	world_pass(&world, 1);
	world_send(&world, from, "30 07 0003 't/a' 00 'x'"); /* the timer has not run yet */
	world_gets(&world, to, "e0 01 a0");
	ck_assert_uint_eq(world.asked[DOOR_DELIVER_LIVE], 0);
	ck_assert_int_eq(from->state, CLIENT_CONNECTED);
}
END_TEST

START_TEST(expired_client_is_not_heard)
{
	struct client *from = writer();

	world_pass(&world, WORLD_TOKEN_LIFE * 1000);
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, from, "e0 01 a0");
	ck_assert_uint_eq(world.asked[DOOR_PUBLISH], 0);
}
END_TEST

/* A wall clock that is set does not wait for the token's old end: it is looked at once a minute. */
START_TEST(a_clock_that_jumps_is_noticed)
{
	struct client *client = writer();

	ck_assert_int_eq(client_deadline_ms(client), 60000);
	world.service.now.monotonic_ms += 60000;
	world.service.now.wall_ms += INT64_C(86400000);
	client_tick(client);
	world_settle(&world);
	world_gets(&world, client, "e0 01 a0");
	ck_assert(client->withdrawn);
}
END_TEST

/* [MQTT-3.1.2-22] One and a half times; any packet counts. */
START_TEST(keep_alive)
{
	struct client *client = world_join(&world, (struct dial){ .keep_alive = 10 });

	ck_assert_int_eq(client_deadline_ms(client), 15000);
	world_pass(&world, 14000);
	world_send(&world, client, "c0 00");
	world_gets(&world, client, "d0 00");
	world_pass(&world, 14999);
	client_tick(client);
	ck_assert_int_eq(client->state, CLIENT_CONNECTED);
	world_pass(&world, 1);
	client_tick(client);
	world_settle(&world);
	world_gets(&world, client, "e0 01 8d");
}
END_TEST

static const struct {
	uint16_t wanted;
	bool announced;
	int64_t allowed_ms;
} keep_alives[] = {
	{ 1, false, 1500 },
	{ LIMIT_KEEP_ALIVE, false, LIMIT_KEEP_ALIVE * 1500 },
	{ LIMIT_KEEP_ALIVE + 1, true, LIMIT_KEEP_ALIVE * 1500 },
	{ UINT16_MAX, true, LIMIT_KEEP_ALIVE * 1500 },
	{ 0, true, LIMIT_KEEP_ALIVE * 1500 },
};

/* LIMIT_KEEP_ALIVE at its edge: what the server wants instead, it says [MQTT-3.2.2-21]. */
START_TEST(server_keep_alive)
{
	static const unsigned char announced[] = { 0x13, LIMIT_KEEP_ALIVE >> 8, LIMIT_KEEP_ALIVE & 0xff };
	struct client *client = world_client(&world);
	struct buf bytes;

	buf_init(&bytes, 4096);
	world_connect(&world, &(struct dial){ .keep_alive = 1 }, &bytes);
	bytes.data[bytes.data[1] & 0x80 ? 11 : 10] = (unsigned char)(keep_alives[_i].wanted >> 8);
	bytes.data[bytes.data[1] & 0x80 ? 12 : 11] = (unsigned char)(keep_alives[_i].wanted & 0xff);
	client_receive(client, buf_slice(&bytes));
	world_settle(&world);
	buf_release(&bytes);
	ck_assert_int_eq(client->state, CLIENT_CONNECTED);
	ck_assert_int_eq(memcmp(client->staged.data + client->staged.size - sizeof announced, announced, sizeof announced) == 0,
			 keep_alives[_i].announced);
	ck_assert_int_eq(client->keep_alive_ms, keep_alives[_i].allowed_ms);
}
END_TEST

/* LIMIT_CONNECT_MS at its edge. */
START_TEST(no_connect_in_time)
{
	struct client *client = world_client(&world);

	world_send(&world, client, "10");
	world_pass(&world, LIMIT_CONNECT_MS - 1);
	client_tick(client);
	ck_assert_int_eq(client->state, CLIENT_NEW);
	world_pass(&world, 1);
	client_tick(client);
	ck_assert_int_eq(client->state, CLIENT_ENDED);
	world_gets(&world, client, "");
}
END_TEST

/* LIMIT_CONNECT_RATE at its edge, for each address by itself. */
START_TEST(connect_rate)
{
	struct rate *rate = &world.service.connects;
	int64_t now_ms = world.service.now.monotonic_ms;

	for (unsigned i = 0; i < LIMIT_CONNECT_RATE; i++)
		ck_assert(rate_take(rate, slice_text("test:1"), now_ms));
	ck_assert(!rate_take(rate, slice_text("test:2"), now_ms + 999 - now_ms % 1000));
	ck_assert(!rate_take(rate, slice_text("test:3"), now_ms));
	ck_assert(rate_take(rate, slice_text("[::1]:3"), now_ms));
	ck_assert(rate_take(rate, slice_text("test:3"), now_ms + 1000));
}
END_TEST

START_TEST(connect_beyond_the_rate_is_told_so)
{
	struct client *late;

	while (rate_take(&world.service.connects, slice_text("test"), world.service.now.monotonic_ms))
		continue;
	late = world_dial(&world, (struct dial){ .id = "late", .attacker = true });
	world_gets(&world, late, "20 03 00 9f 00"); /* its token was not looked at */
	world_pass(&world, 1000);
	world_join(&world, (struct dial){ .id = "later" });
}
END_TEST

/* LIMIT_OWNER_CONNECTIONS at its edge: takeover and other owners are not one more. */
START_TEST(owner_connections)
{
	struct session *held[LIMIT_OWNER_CONNECTIONS];
	struct client *first = world_join(&world, (struct dial){ .id = "first" }), *late;
	struct identity scout = first->session->identity;

	for (unsigned i = 1; i < LIMIT_OWNER_CONNECTIONS; i++) {
		held[i] = session_new(&world.service, &scout, slice_of(NULL, 0));
		ck_assert_ptr_nonnull(held[i]);
	}
	late = world_dial(&world, (struct dial){ .id = "late" });
	world_gets(&world, late, "20 03 00 97 00");
	world_join(&world, (struct dial){ .id = "first" });
	world_gets(&world, first, "e0 01 8e");
	world_join(&world, (struct dial){ .id = "late", .agent = "other" });
	session_end(held[1]);
	world_join(&world, (struct dial){ .id = "late" });
	for (unsigned i = 2; i < LIMIT_OWNER_CONNECTIONS; i++)
		session_end(held[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session limits");
	TCase *all = session_case(suite);

	tcase_add_test(all, window);
	tcase_add_test(all, expiry_counts_down);
	tcase_add_test(all, maximum_packet);
	tcase_add_test(all, maximum_packet_smaller_than_connack);
	tcase_add_test(all, slow_reader);
	tcase_add_test(all, silent_reader);
	tcase_add_loop_test(all, queue_bytes, 0, 2);
	tcase_add_test(all, lost_message_ends_the_session);
	tcase_add_test(all, subscription_bytes);
	tcase_add_test(all, subscription_limits);
	tcase_add_test(all, packets_per_turn);
	tcase_add_test(all, half_a_packet_waits);
	tcase_add_test(all, token_expires);
	tcase_add_test(all, expired_client_is_not_heard);
	tcase_add_test(all, a_clock_that_jumps_is_noticed);
	tcase_add_test(all, keep_alive);
	tcase_add_loop_test(all, server_keep_alive, 0, sizeof keep_alives / sizeof *keep_alives);
	tcase_add_test(all, no_connect_in_time);
	tcase_add_test(all, connect_rate);
	tcase_add_test(all, connect_beyond_the_rate_is_told_so);
	tcase_add_test(all, owner_connections);
	return session_run(suite);
}
