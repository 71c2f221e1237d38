/* session/: sessions that outlive their connections. */
#include "session_case.h"

/* A session of a minute. */
static const struct dial lasting = { .agent = "reader", .id = "reader", .properties = "11 0000003c", .resume = true };

static struct client *back(void)
{
	return world_dial(&world, lasting);
}

/* A lasting session, subscribed to t/# at QoS 2. */
static struct client *lasting_reader(void)
{
	struct client *client = back();

	ck_assert(!session_present(client));
	world_send(&world, client, "82 09 0001 00 0003 't/#' 02");
	world_gets(&world, client, "90 04 0001 00 02");
	return client;
}

/* [MQTT-3.1.2-4, -5, -6] [MQTT-4.5.0-1] */
START_TEST(owed_while_away)
{
	struct client *from = writer(), *to;

	lose(lasting_reader());
	world_send(&world, from,
		   "32 09 0003 't/a' 0007 00 'x' 30 07 0003 't/a' 00 'y' 34 09 0003 't/a' 0008 00 'z' 62 02 0008");
	world_gets(&world, from, "40 02 0007 50 02 0008 70 02 0008");
	world_pass(&world, 59999);
	to = back();
	ck_assert(session_present(to));
	world_gets(&world, to, "32 09 0003 't/a' 0001 00 'x' 34 09 0003 't/a' 0002 00 'z'");
	ck_assert_uint_eq(to->session->subscriptions.count, 1);
}
END_TEST

/* [MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.6.0-6] As it was, in its order, with the same identifiers. */
START_TEST(sent_again)
{
	struct client *to = lasting_reader(), *from = writer();

	world_send(&world, from,
		   "32 09 0003 't/a' 0007 00 '1' 34 09 0003 't/b' 0008 00 '2' 62 02 0008 34 09 0003 't/c' 0009 00 '3' 62 02 0009"
		   " 32 09 0003 't/d' 0007 00 '4'");
	buf_clear(&to->staged);
	world_send(&world, to, "50 02 0002"); /* the second was received */
	world_gets(&world, to, "62 02 0002");
	lose(to);
	to = back();
	ck_assert(session_present(to));
	world_gets(&world, to,
		   "3a 09 0003 't/a' 0001 00 '1' 62 02 0002 3c 09 0003 't/c' 0003 00 '3' 3a 09 0003 't/d' 0004 00 '4'");
	world_send(&world, to, "40 02 0001 70 02 0002 50 02 0003 70 02 0003 40 02 0004");
	world_gets(&world, to, "62 02 0003");
	ck_assert_uint_eq(to->session->outgoing.inflight, 0);
	ck_assert_uint_eq(to->session->outgoing.bytes, 0);
}
END_TEST

/* What was sent is sent again though its time is over [MQTT-4.3.3-7]; what was not, is not. */
START_TEST(expiry_while_away)
{
	struct client *to = lasting_reader(), *from = writer();

	world_send(&world, from, "32 0e 0003 't/a' 0007 05 02 00000001 'x'");
	buf_clear(&to->staged);
	lose(to);
	world_send(&world, from,
		   "32 0e 0003 't/a' 0007 05 02 00000001 'y' 32 0e 0003 't/a' 0007 05 02 00000009 'z'");
	world_pass(&world, 2000);
	to = back();
	ck_assert(session_present(to));
	world_gets(&world, to,
		   "3a 0e 0003 't/a' 0001 05 02 00000000 'x' 32 0e 0003 't/a' 0002 05 02 00000007 'z'");
}
END_TEST

/* A smaller Receive Maximum than before holds for what is sent again, too. */
START_TEST(smaller_window)
{
	struct client *to = lasting_reader(), *from = writer();

	world_send(&world, from, "32 09 0003 't/a' 0007 00 '1' 32 09 0003 't/a' 0007 00 '2'");
	buf_clear(&to->staged);
	lose(to);
	world_send(&world, from, "32 09 0003 't/a' 0007 00 '3'");
	to = world_dial(&world, (struct dial){ .agent = "reader", .id = "reader", .resume = true,
					       .properties = "11 0000003c 21 0001" });
	ck_assert(session_present(to));
	world_gets(&world, to, "3a 09 0003 't/a' 0001 00 '1'");
	world_send(&world, to, "40 02 0002"); /* not sent on this connection: it frees nothing */
	world_gets(&world, to, "");
	world_send(&world, to, "40 02 0001");
	world_gets(&world, to, "3a 09 0003 't/a' 0002 00 '2'");
	world_send(&world, to, "40 02 0002");
	world_gets(&world, to, "32 09 0003 't/a' 0003 00 '3'");
}
END_TEST

/* A PUBCOMP for what an earlier connection was sent makes no room beyond Receive Maximum. */
START_TEST(window_of_a_new_connection)
{
	const struct dial narrow = { .agent = "reader", .id = "reader", .resume = true,
				     .properties = "11 0000003c 21 0001" };
	struct client *to = lasting_reader(), *from = writer();

	world_send(&world, from, "34 09 0003 't/a' 0007 00 '1' 62 02 0007");
	world_send(&world, to, "50 02 0001");
	lose(to);
	to = world_dial(&world, narrow);
	ck_assert(session_present(to));
	world_gets(&world, to, "62 02 0001");
	world_send(&world, to, "70 02 0001");
	world_send(&world, from, "32 09 0003 't/a' 0007 00 '2' 32 09 0003 't/a' 0007 00 '3'");
	world_gets(&world, to, "32 09 0003 't/a' 0002 00 '2'");
}
END_TEST

/* A smaller Maximum Packet Size than before: what it does not take any more counts as sent. */
START_TEST(smaller_packets)
{
	struct client *to = lasting_reader(), *from = writer();

	world_send(&world, from, "32 1f 0003 't/a' 0007 00 'one byte more than that' 32 09 0003 't/a' 0007 00 '2'");
	buf_clear(&to->staged);
	lose(to);
	to = world_dial(&world, (struct dial){ .agent = "reader", .id = "reader", .resume = true,
					       .properties = "11 0000003c 27 00000020" });
	ck_assert(session_present(to));
	world_gets(&world, to, "3a 09 0003 't/a' 0002 00 '2'");
	ck_assert_uint_eq(to->session->outgoing.inflight, 1);
}
END_TEST

/* [MQTT-3.1.2-23] At its time, and not a moment before. */
START_TEST(session_expires)
{
	lose(lasting_reader());
	ck_assert_int_eq(service_deadline_ms(&world.service), 60000);
	world_pass(&world, 59999);
	ck_assert_int_eq(service_deadline_ms(&world.service), 1);
	world_settle(&world);
	ck_assert_ptr_nonnull(world.service.organisations);
	world_pass(&world, 1);
	world_settle(&world);
	ck_assert_ptr_null(world.service.organisations);
	ck_assert_int_eq(service_deadline_ms(&world.service), 60000);
}
END_TEST

/* The same when its owner is faster than the timer. */
START_TEST(expired_session_is_not_resumed)
{
	lose(lasting_reader());
	world_pass(&world, 60000);
	ck_assert(!session_present(back()));
}
END_TEST

/* [MQTT-3.1.2-4] */
START_TEST(clean_start)
{
	struct dial clean = lasting;
	struct client *to = lasting_reader(), *from = writer();

	clean.resume = false;
	for (unsigned connected = 0; connected < 2; connected++) {
		if (!connected)
			lose(to);
		to = world_dial(&world, clean);
		ck_assert(!session_present(to));
		ck_assert_uint_eq(to->session->subscriptions.count, 0);
		world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
		world_gets(&world, to, "");
	}
}
END_TEST

/* Taken over, and resumed: what was on its way is sent on the new connection. */
START_TEST(takeover_resumes)
{
	struct client *old = lasting_reader(), *from = writer(), *new;

	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	buf_clear(&old->staged);
	new = back();
	world_gets(&world, old, "e0 01 8e");
	ck_assert(session_present(new));
	world_gets(&world, new, "3a 09 0003 't/a' 0001 00 'x'");
	ck_assert_ptr_null(old->session);
}
END_TEST

static const struct {
	const char *connect, *disconnect;
	int64_t lasts_ms;
} endings[] = {
	{ "11 0000003c", "e0 00", 60000 },
	{ "11 0000003c", "e0 07 00 05 11 00000000", 0 },
	{ "11 0000003c", "e0 07 00 05 11 00000001", 1000 },
	{ "11 0000003c", "e0 07 04 05 11 ffffffff", (int64_t)LIMIT_SESSION_EXPIRY * 1000 },
	{ "11 ffffffff", "e0 00", (int64_t)LIMIT_SESSION_EXPIRY * 1000 },
	{ "11 00000000", "e0 00", 0 },
	{ "", "e0 07 00 05 11 00000000", 0 },
};

/* How long it lasts is said at CONNECT, and perhaps otherwise at DISCONNECT. */
START_TEST(lasts)
{
	struct client *client = world_join(&world, (struct dial){ .properties = endings[_i].connect });

	world_send(&world, client, endings[_i].disconnect);
	world_gets(&world, client, "");
	if (endings[_i].lasts_ms) {
		world_pass(&world, endings[_i].lasts_ms - 1);
		world_settle(&world);
		ck_assert_ptr_nonnull(world.service.organisations);
		world_pass(&world, 1);
		world_settle(&world);
	}
	ck_assert_ptr_null(world.service.organisations);
}
END_TEST

/* LIMIT_SESSION_EXPIRY at its edge: a server that gives less says so. */
START_TEST(expiry_is_announced)
{
	static const unsigned char given[] = { 0x11, 0x00, 0x09, 0x3a, 0x80 };
	struct client *most = world_dial(&world, (struct dial){ .id = "1", .properties = "11 00093a80" });
	struct client *more = world_dial(&world, (struct dial){ .id = "2", .properties = "11 00093a81" });

	ck_assert_uint_eq(more->staged.size, most->staged.size + sizeof given);
	ck_assert_mem_eq(more->staged.data + 5, given, sizeof given);
	ck_assert_uint_ne(most->staged.data[5], 0x11);
}
END_TEST

/* Another owner under the same client id: a session of its own, and no effect on the first. */
START_TEST(sessions_belong_to_owners)
{
	struct client *from = writer(), *thief;

	lose(lasting_reader());
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	for (unsigned resume = 0; resume < 2; resume++) {
		thief = world_dial(&world, (struct dial){ .agent = "thief", .id = "reader", .resume = resume == 1 });
		ck_assert(!session_present(thief));
		world_gets(&world, thief, "");
		lose(thief);
	}
	world_dial(&world, (struct dial){ .agent = "reader", .id = "reader", .attacker = true });
	thief = back();
	ck_assert(session_present(thief));
	world_gets(&world, thief, "32 09 0003 't/a' 0001 00 'x'");
}
END_TEST

/* The token's end is the connection's end and not the session's. */
START_TEST(token_ends_session_goes_on)
{
	struct client *to, *from;
	struct dial dial = lasting;

	to = lasting_reader();
	world_pass(&world, (WORLD_TOKEN_LIFE - 1) * 1000);
	from = writer();
	world_send(&world, to, "c0 00");
	buf_clear(&to->staged);
	world_pass(&world, 1000);
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'"); /* no timer has run */
	world_gets(&world, to, "e0 01 a0");
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'y'");
	to = world_dial(&world, dial);
	ck_assert(session_present(to));
	world_gets(&world, to, "32 09 0003 't/a' 0001 00 'x' 32 09 0003 't/a' 0002 00 'y'");
}
END_TEST

/* LIMIT_QUEUE_MESSAGES at its edge, while nobody is there: the session ends, the sender is told
 * nothing of it, and the owner finds no session instead of a gap. */
START_TEST(queue_overflows)
{
	struct client *from = writer();

	lose(lasting_reader());
	for (unsigned i = 0; i < LIMIT_QUEUE_MESSAGES; i++)
		world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	buf_clear(&from->staged);
	if (_i)
		world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, from, _i ? "40 02 0007" : "");
	ck_assert_int_eq(session_present(back()), !_i);
}
END_TEST

/* What has expired makes room. */
START_TEST(expired_messages_make_room)
{
	struct client *from = writer(), *to;

	lose(lasting_reader());
	for (unsigned i = 0; i < LIMIT_QUEUE_MESSAGES; i++)
		world_send(&world, from, "32 0e 0003 't/a' 0007 05 02 00000001 'x'");
	world_pass(&world, 1000);
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'y'");
	to = back();
	ck_assert(session_present(to));
	world_gets(&world, to, "32 09 0003 't/a' 0001 00 'y'");
}
END_TEST

/* [MQTT-4.3.3-10] What was half received belongs to the session. */
START_TEST(half_received)
{
	struct dial dial = { .agent = "writer", .id = "writer", .properties = "11 0000003c", .resume = true };
	struct client *to = lasting_reader(), *from = world_join(&world, dial);

	world_send(&world, from, "34 09 0003 't/a' 0007 00 'x' 34 09 0003 't/b' 0008 00 'y'");
	lose(from);
	from = world_dial(&world, dial);
	ck_assert(session_present(from));
	world_send(&world, from, "3c 09 0003 't/a' 0007 00 'x' 62 02 0007 62 02 0008");
	world_gets(&world, from, "50 02 0007 70 02 0007 70 02 0008");
	ck_assert_uint_eq(from->session->incoming.counted, 0);
	world_gets(&world, to, "34 09 0003 't/a' 0001 00 'x' 34 09 0003 't/b' 0002 00 'y'");
}
END_TEST

/* LIMIT_SESSIONS at its edge; a session that is there already needs no new place. */
START_TEST(too_many_sessions)
{
	struct client *client = world_join(&world, (struct dial){ .id = "1" });
	struct organisation *organisation = client->session->organisation;
	size_t real = organisation->session_count;

	organisation->session_count = LIMIT_SESSIONS - 1;
	ck_assert_int_eq(world_dial(&world, (struct dial){ .id = "2" })->state, CLIENT_CONNECTED);
	client = world_dial(&world, (struct dial){ .id = "3" });
	world_gets(&world, client, "20 03 00 97 00");
	ck_assert_int_eq(client->state, CLIENT_ENDED);
	ck_assert_int_eq(world_dial(&world, (struct dial){ .id = "1" })->state, CLIENT_CONNECTED);
	ck_assert_uint_eq(organisation->session_count, LIMIT_SESSIONS);
	organisation->session_count = real + 1;
}
END_TEST

/* LIMIT_WAITING_SESSIONS at its edge: the one that has waited longest makes room, and no other
 * owner's. */
START_TEST(too_many_waiting_sessions)
{
	const struct dial other = { .agent = "other", .properties = "11 0000003c", .resume = true };
	char id[16];

	lose_for_good(world_join(&world, other));
	for (unsigned i = 0; i <= LIMIT_WAITING_SESSIONS; i++) {
		snprintf(id, sizeof id, "id-%u", i);
		lose_for_good(world_join(&world, (struct dial){ .id = id, .properties = "11 0000003c" }));
		ck_assert_uint_eq(world.service.waiting->owner->waiting_count,
				  i < LIMIT_WAITING_SESSIONS ? i + 1 : LIMIT_WAITING_SESSIONS);
	}
	ck_assert(session_present(world_dial(&world, other)));
	ck_assert(session_present(world_dial(&world, (struct dial){ .id = "id-1", .resume = true })));
	ck_assert(!session_present(world_dial(&world, (struct dial){ .id = "id-0", .resume = true })));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session resume");
	TCase *all = session_case(suite);

	tcase_add_test(all, owed_while_away);
	tcase_add_test(all, sent_again);
	tcase_add_test(all, expiry_while_away);
	tcase_add_test(all, smaller_window);
	tcase_add_test(all, window_of_a_new_connection);
	tcase_add_test(all, smaller_packets);
	tcase_add_test(all, session_expires);
	tcase_add_test(all, expired_session_is_not_resumed);
	tcase_add_test(all, clean_start);
	tcase_add_test(all, takeover_resumes);
	tcase_add_loop_test(all, lasts, 0, sizeof endings / sizeof *endings);
	tcase_add_test(all, expiry_is_announced);
	tcase_add_test(all, sessions_belong_to_owners);
	tcase_add_test(all, token_ends_session_goes_on);
	tcase_add_loop_test(all, queue_overflows, 0, 2);
	tcase_add_test(all, expired_messages_make_room);
	tcase_add_test(all, half_received);
	tcase_add_test(all, too_many_sessions);
	tcase_add_test(all, too_many_waiting_sessions);
	return session_run(suite);
}
