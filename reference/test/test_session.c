/* session/: what a client is told, what others get, and what leaves nothing behind. */
#include "deliver.h"
#include "world.h"

static struct world world;

static void setup(void)
{
	world_make(&world);
}

static void teardown(void)
{
	world_end(&world);
}

/* Two clients that are used all over: one who reads t/#, one who writes. */
static struct client *reader(const char *agent, const char *properties)
{
	struct client *client = world_join(&world, (struct dial){ .agent = agent, .id = agent, .properties = properties });

	world_send(&world, client, "82 09 0001 00 0003 't/#' 01");
	world_gets(&world, client, "90 04 0001 00 01");
	return client;
}

static struct client *writer(void)
{
	return world_join(&world, (struct dial){ .agent = "writer", .id = "writer" });
}

START_TEST(connack_says_what_there_is)
{
	struct client *client = world_dial(&world, (struct dial){ .id = "x" });

	world_gets(&world, client, "20 16 00 00 13 11 00000000 21 0100 24 01 25 00 27 00100000 2a 00");
	ck_assert_int_eq(client->state, CLIENT_CONNECTED);
}
END_TEST

START_TEST(empty_client_id_is_assigned)
{
	struct client *one = world_join(&world, (struct dial){ .id = "" });
	struct client *two = world_join(&world, (struct dial){ .id = "" });

	ck_assert_uint_eq(one->session->client_id.size, 37);
	ck_assert(!slice_equal(one->session->client_id, two->session->client_id));
}
END_TEST

/* [AUTH-02] [AUTH-03] */
START_TEST(bad_token)
{
	struct client *client, *listener = reader("listener", NULL);

	client = world_dial(&world, (struct dial){ .attacker = true, .id = "forger",
						   .behind = "30 07 0003 't/a' 00 'x' 82 09 0001 00 0003 't/#' 01" });
	world_gets(&world, client, "20 03 00 86 00");
	ck_assert_int_eq(client->state, CLIENT_ENDED);
	ck_assert_ptr_null(client->session);
	ck_assert_uint_eq(world.asked[DOOR_PUBLISH], 0);
	ck_assert_uint_eq(world.asked[DOOR_SUBSCRIBE], 1); /* the listener's */
	world_gets(&world, listener, "");
}
END_TEST

/* [AUTH-02] The same owner, the same client id, a forged signature: nobody is taken over. */
START_TEST(bad_token_takes_nothing_over)
{
	struct client *owner = world_join(&world, (struct dial){ .id = "x" });

	world_dial(&world, (struct dial){ .id = "x", .attacker = true });
	ck_assert_int_eq(owner->state, CLIENT_CONNECTED);
	world_gets(&world, owner, "");
}
END_TEST

static const char *const tokenless[] = {
	"10 0d 0004 'MQTT' 05 02 0000 00 0000",			  /* nothing */
	"10 14 0004 'MQTT' 05 82 0000 00 0000 0005 'scout'",	  /* User Name alone [CVE-2016-9877] */
	"10 0f 0004 'MQTT' 05 42 0000 00 0000 0000",		  /* an empty Password */
	"10 12 0004 'MQTT' 05 42 0000 00 0000 0003 'a.b'",	  /* no token */
};

START_TEST(no_token)
{
	struct client *client = world_client(&world);

	world_send(&world, client, tokenless[_i]);
	world_gets(&world, client, "20 03 00 86 00");
	ck_assert_int_eq(client->state, CLIENT_ENDED);
	ck_assert_uint_eq(world.asked[DOOR_CONNECT], 0);
}
END_TEST

START_TEST(first_packet_is_connect)
{
	struct client *client = world_client(&world);

	ck_assert_uint_eq(world_send(&world, client, "c0 00 c0 00"), 4);
	world_gets(&world, client, "");
	ck_assert_int_eq(client->state, CLIENT_ENDED);
}
END_TEST

static const struct {
	struct dial dial;
	const char *answer;
} refused[] = {
	{ { .properties = "15 0005 'PLAIN'" }, "20 03 00 8c 00" },
	{ { .flags = 0x14, .will = "00 0003 't/w' 0000" }, "20 03 00 9b 00" },
	{ { .flags = 0x24, .will = "00 0003 't/w' 0000" }, "20 03 00 9a 00" },
	{ { .flags = 0x04, .will = "00 0003 'not' 0000" }, "20 03 00 87 00" },
	{ { .flags = 0x04, .will = "00 0001 '#' 0000" }, "20 03 00 90 00" },
	{ { .flags = 0x01 }, "20 03 00 81 00" },
	{ { .properties = "21 0000" }, "20 03 00 82 00" },
};

START_TEST(refused_connect)
{
	struct client *client = world_dial(&world, refused[_i].dial);

	world_gets(&world, client, refused[_i].answer);
	ck_assert_int_eq(client->state, CLIENT_ENDED);
	ck_assert_ptr_null(world.service.organisations);
}
END_TEST

/* LIMIT_CONNECT_BYTES, from the header alone. */
START_TEST(connect_too_large)
{
	struct client *client = world_client(&world);

	world_send(&world, client, "10 80 80 10"); /* 262,144 and the header */
	world_gets(&world, client, "20 03 00 95 00");
	client = world_client(&world);
	world_send(&world, client, "10 fc ff 0f"); /* 262,140: with the header the limit itself */
	world_gets(&world, client, "");
	ck_assert_int_eq(client->state, CLIENT_NEW);
	ck_assert_uint_eq(client->want, LIMIT_CONNECT_BYTES);
}
END_TEST

/* [PUB-01] [PUB-02] [PUB-03] */
START_TEST(publish)
{
	struct client *to = reader("reader", NULL), *from = writer();

	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, from, "40 02 0007");
	world_gets(&world, to, "32 09 0003 't/a' 0001 00 'x'");
	world_send(&world, from, "30 07 0003 't/a' 00 'y'");
	world_gets(&world, from, "");
	world_gets(&world, to, "30 07 0003 't/a' 00 'y'");
	world_send(&world, from, "32 0c 0006 'own/to' 0008 00 'x'");
	world_gets(&world, from, "40 03 0008 87");
	world_send(&world, from, "30 0a 0006 'own/to' 00 'x'");
	world_gets(&world, from, "");
	world_gets(&world, to, "");
	ck_assert_int_eq(from->state, CLIENT_CONNECTED);
}
END_TEST

/* 0x00 whether or not anybody listens. */
START_TEST(publish_to_nobody)
{
	struct client *from = writer();

	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, from, "40 02 0007");
}
END_TEST

START_TEST(properties_are_forwarded_in_order)
{
	struct client *to = reader("reader", NULL), *from = writer();

	world_send(&world, from,
		   "30 2b 0003 't/a' 24 26 0001 'b' 0001 '1' 03 0002 'ct' 26 0001 'a' 0001 '2' 02 00000078 09 0001 'c'"
		   " 01 01 08 0003 't/r' 'x'");
	world_gets(&world, to,
		   "30 2b 0003 't/a' 24 02 00000078 26 0001 'b' 0001 '1' 03 0002 'ct' 26 0001 'a' 0001 '2' 09 0001 'c'"
		   " 01 01 08 0003 't/r' 'x'");
}
END_TEST

static const struct {
	const char *packet;
	const char *answer;
} ended[] = {
	{ "34 09 0003 't/a' 0007 00 'x'", "e0 01 9b" },		 /* QoS 2 */
	{ "31 07 0003 't/a' 00 'x'", "e0 01 9a" },		 /* retain */
	{ "30 0a 0003 't/a' 03 23 0001 'x'", "e0 01 94" },	 /* alias */
	{ "30 07 0000 03 23 0001 'x'", "e0 01 94" },		 /* alias alone */
	{ "62 02 0001", "e0 01 82" },				 /* PUBREL */
	{ "50 02 0001", "e0 01 82" },				 /* PUBREC */
	{ "f0 00", "e0 01 82" },				 /* AUTH */
	{ "10 0d 0004 'MQTT' 05 02 003c 00 0000", "e0 01 82" },	 /* a second CONNECT */
	{ "e0 07 00 05 11 00000001", "e0 01 82" },		 /* an expiry that CONNECT did not ask for */
	{ "30 ff ff ff 7f", "e0 01 95" },
	{ "36 00", "e0 01 81" },
	{ "e0 00", "" },
	{ "e0 01 04", "" },
};

/* What ends a connection ends it at once: the PINGREQ behind it is not answered. */
START_TEST(end)
{
	struct client *client = writer();
	char both[256];

	snprintf(both, sizeof both, "%s c0 00", ended[_i].packet);
	world_send(&world, client, both);
	world_gets(&world, client, ended[_i].answer);
	ck_assert_int_eq(client->state, CLIENT_ENDED);
	ck_assert_ptr_null(client->session);
}
END_TEST

/* [SBS-03] Each filter by itself. */
START_TEST(subscribe)
{
	struct client *client = writer();

	world_send(&world, client,
		   "82 46 0007 00 0003 't/a' 00 0001 '#' 01 0005 't/+/#' 02 000a 'own/writer' 01 0005 'own/+' 01"
		   " 000a '$share/g/t' 01 000c '$share/g/t/#' 01");
	world_gets(&world, client, "90 0a 0007 00 00 87 01 01 87 9e 9e");
	ck_assert_uint_eq(client->session->subscription_count, 3);
}
END_TEST

START_TEST(unsubscribe)
{
	struct client *to = reader("reader", NULL), *from = writer();

	world_send(&world, to, "a2 0d 0009 00 0003 't/#' 0003 't/a'");
	world_gets(&world, to, "b0 05 0009 00 00 11");
	world_send(&world, from, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, to, "");
	ck_assert_uint_eq(to->session->subscription_count, 0);
}
END_TEST

/* One copy, the larger QoS, the identifiers of all filters that match. */
START_TEST(overlapping)
{
	struct client *to = reader("reader", NULL), *from = writer();

	world_send(&world, to, "82 0b 0002 02 0b 05 0003 't/a' 00");
	world_gets(&world, to, "90 04 0002 00 00");
	world_send(&world, to, "82 0b 0003 02 0b 07 0003 't/+' 00");
	world_gets(&world, to, "90 04 0003 00 00");
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	buf_clear(&from->staged);
	ck_assert_uint_eq(to->staged.size, 15);
	if (to->staged.data[11] == 5)
		world_gets(&world, to, "32 0d 0003 't/a' 0001 04 0b 05 0b 07 'x'");
	else
		world_gets(&world, to, "32 0d 0003 't/a' 0001 04 0b 07 0b 05 'x'");
}
END_TEST

/* [MQTT-3.8.4-3] The same filter again replaces: no second copy, the new QoS. */
START_TEST(resubscribe)
{
	struct client *to = reader("reader", NULL), *from = writer();

	world_send(&world, to, "82 09 0002 00 0003 't/#' 00");
	world_gets(&world, to, "90 04 0002 00 00");
	ck_assert_uint_eq(to->session->subscription_count, 1);
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, to, "30 07 0003 't/a' 00 'x'");
}
END_TEST

START_TEST(no_local)
{
	struct client *client = writer(), *other = writer();

	(void)other; /* taken over: `client` is the old one */
	ck_assert_int_eq(client->state, CLIENT_ENDED);
	client = world_join(&world, (struct dial){ .id = "local" });
	world_send(&world, client, "82 09 0001 00 0003 't/#' 05");
	world_gets(&world, client, "90 04 0001 00 01");
	world_send(&world, client, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, client, "");
	world_send(&world, other, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, client, "30 07 0003 't/a' 00 'x'");
}
END_TEST

/* [ORG-01] The same topic and the same client id in two organisations. */
START_TEST(organisations_never_meet)
{
	struct client *ours = world_join(&world, (struct dial){ .id = "same" });
	struct client *theirs = world_join(&world, (struct dial){ .id = "same", .org = "p" });

	ck_assert_int_eq(ours->state, CLIENT_CONNECTED);
	world_send(&world, ours, "82 09 0001 00 0003 't/#' 01");
	world_send(&world, theirs, "82 09 0001 00 0003 't/#' 01");
	world_gets(&world, ours, "90 04 0001 00 01");
	world_gets(&world, theirs, "90 04 0001 00 01");
	world_send(&world, ours, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, ours, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, theirs, "");
}
END_TEST

/* Same owner: takeover. Another owner: both are served. */
START_TEST(takeover)
{
	struct client *old = world_join(&world, (struct dial){ .id = "same" });
	struct client *other = world_join(&world, (struct dial){ .id = "same", .agent = "other" });
	struct client *new = world_join(&world, (struct dial){ .id = "same" });

	world_gets(&world, old, "e0 01 8e");
	ck_assert_int_eq(old->state, CLIENT_ENDED);
	ck_assert_int_eq(other->state, CLIENT_CONNECTED);
	ck_assert_int_eq(new->state, CLIENT_CONNECTED);
	world_gets(&world, other, "");
}
END_TEST

START_TEST(will)
{
	struct client *to = reader("reader", NULL);
	const struct dial dial = { .id = "w", .flags = 0x0c, .will = "05 18 0000003c 0003 't/w' 0004 'gone'" };
	struct client *client = world_join(&world, dial);

	client_close(client, "lost");
	world_settle(&world);
	world_gets(&world, to, "32 0c 0003 't/w' 0001 00 'gone'");
	client = world_join(&world, dial);
	world_send(&world, client, "e0 01 04");
	world_gets(&world, to, "32 0c 0003 't/w' 0002 00 'gone'");
	client = world_join(&world, dial);
	world_send(&world, client, "e0 00");
	world_gets(&world, to, "");
	client = world_join(&world, dial);
	world_join(&world, dial); /* takes over: the old will is due before the new answer */
	world_gets(&world, to, "32 0c 0003 't/w' 0003 00 'gone'");
	ck_assert_uint_eq(world.asked[DOOR_WILL_ACCEPT], 5);
	ck_assert_uint_eq(world.asked[DOOR_WILL_SEND], 3);
}
END_TEST

/* A decision that cannot be recorded is a denial. */
START_TEST(recorder_fails)
{
	struct client *to = reader("reader", NULL), *from = writer();

	world.recorder_fails = true;
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, from, "40 03 0007 83");
	world_gets(&world, to, "");
	ck_assert_int_eq(world_dial(&world, (struct dial){ .id = "late" })->state, CLIENT_ENDED);
}
END_TEST

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
	ck_assert_uint_eq(world.asked[DOOR_DELIVER_QUEUED], 1);
	ck_assert_uint_eq(to->session->queue_bytes, 0);
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

	world_send(&world, from, "32 1f 0003 't/a' 0007 00 'one byte more than that' 32 1e 0003 't/a' 0008 00 'as large as it may be.' 32 09 0003 't/a' 0008 00 'z'");
	world_gets(&world, to, "32 1e 0003 't/a' 0001 00 'as large as it may be.' 32 09 0003 't/a' 0002 00 'z'");
	ck_assert_uint_eq(to->session->inflight_count, 2);
}
END_TEST

START_TEST(maximum_packet_smaller_than_connack)
{
	struct client *client = world_dial(&world, (struct dial){ .properties = "27 00000010" });

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
	ck_assert_uint_eq(to->session->inflight_count, LIMIT_INFLIGHT);
	ck_assert_uint_eq(to->session->queue_count, LIMIT_QUEUE_MESSAGES);
	ck_assert_int_eq(to->state, CLIENT_CONNECTED);
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	ck_assert_int_eq(to->state, CLIENT_ENDED);
	ck_assert_int_eq(from->state, CLIENT_CONNECTED);
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
		ck_assert(session_subscribe(client->session, &wanted, 0, 0));
	}
	world_send(&world, client, "82 0f 0001 00 0003 't/a' 00 0003 't/b' 00");
	world_gets(&world, client, "90 05 0001 00 00 97");
	world_send(&world, client, "82 0f 0001 00 0003 't/a' 01 0003 't/b' 00"); /* replacing takes no place */
	world_gets(&world, client, "90 05 0001 00 01 97");
	world_send(&world, client, "a2 08 0002 00 0003 't/a'");
	world_gets(&world, client, "b0 04 0002 00 00");
	for (unsigned extra = 0; extra < 2; extra++) {
		struct buf hex;

		buf_init(&hex, 4096);
		buf_format(&hex, "82 %02x%02x 0003 00 %04x 't", ((6 + 255 + 2 * extra) & 0x7f) | 0x80, (6 + 255 + 2 * extra) >> 7,
			   255 + 2 * extra);
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
	world_gets(&world, to, "");
	client_tick(to);
	world_settle(&world);
	world_gets(&world, to, "e0 01 a0");
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

/* A will that ends another client, whose will is due in turn: all of it in one settling. */
START_TEST(wills_in_a_chain)
{
	struct client *first = world_join(&world, (struct dial){ .id = "1", .flags = 4, .will = "00 0003 't/1' 0000" });
	struct client *second = world_join(&world, (struct dial){ .id = "2", .flags = 4, .will = "00 0003 't/2' 0000" });
	struct client *third = world_join(&world, (struct dial){ .id = "3" });

	world_send(&world, second, "82 09 0001 00 0003 't/1' 00");
	world_send(&world, third, "82 09 0001 00 0003 't/2' 00");
	buf_clear(&second->staged);
	buf_clear(&third->staged);
	world.unsent = LIMIT_BACKLOG_BYTES - 7;
	client_close(first, "lost");
	world_settle(&world);
	ck_assert_int_eq(second->state, CLIENT_ENDED);
	ck_assert_int_eq(third->state, CLIENT_ENDED);
	ck_assert_ptr_null(second->session);
	world_gets(&world, second, "e0 01 97");
	world_gets(&world, third, "e0 01 97");
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(all, test, 0, sizeof table / sizeof *table)

static void add_connects(TCase *all)
{
	tcase_add_test(all, connack_says_what_there_is);
	tcase_add_test(all, empty_client_id_is_assigned);
	tcase_add_test(all, bad_token);
	tcase_add_test(all, bad_token_takes_nothing_over);
	LOOP(no_token, tokenless);
	tcase_add_test(all, first_packet_is_connect);
	LOOP(refused_connect, refused);
	tcase_add_test(all, connect_too_large);
	tcase_add_test(all, organisations_never_meet);
	tcase_add_test(all, takeover);
	tcase_add_test(all, will);
	tcase_add_test(all, wills_in_a_chain);
}

static void add_packets(TCase *all)
{
	tcase_add_test(all, publish);
	tcase_add_test(all, publish_to_nobody);
	tcase_add_test(all, properties_are_forwarded_in_order);
	LOOP(end, ended);
	tcase_add_test(all, subscribe);
	tcase_add_test(all, unsubscribe);
	tcase_add_test(all, overlapping);
	tcase_add_test(all, resubscribe);
	tcase_add_test(all, no_local);
	tcase_add_test(all, recorder_fails);
}

static void add_limits(TCase *all)
{
	tcase_add_test(all, window);
	tcase_add_test(all, expiry_counts_down);
	tcase_add_test(all, maximum_packet);
	tcase_add_test(all, maximum_packet_smaller_than_connack);
	tcase_add_test(all, slow_reader);
	tcase_add_test(all, silent_reader);
	tcase_add_test(all, subscription_limits);
	tcase_add_test(all, packets_per_turn);
	tcase_add_test(all, half_a_packet_waits);
	tcase_add_test(all, token_expires);
	tcase_add_test(all, expired_client_is_not_heard);
	tcase_add_test(all, keep_alive);
	tcase_add_test(all, no_connect_in_time);
}

int main(void)
{
	static void (*const groups[])(TCase *) = { add_connects, add_packets, add_limits };
	Suite *suite = suite_create("session");
	SRunner *runner;
	int failed;

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		TCase *all = tcase_create("session");

		tcase_add_checked_fixture(all, setup, teardown);
		tcase_set_timeout(all, 60);
		groups[i](all);
		suite_add_tcase(suite, all);
	}
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
