/* session/: CONNECT and what it leads to: sessions, organisations, takeover, wills. */
#include "session_case.h"

START_TEST(connack_says_what_there_is)
{
	struct client *client = world_dial(&world, (struct dial){ .id = "x" });

	world_gets(&world, client, "20 0e 00 00 0b 21 0100 27 00100000 22 0010");
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
	{ { .flags = 0x24, .will = "00 0003 'f/w' 0000" }, "20 03 00 87 00" }, /* "retain": false */
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

/* A will that ends another client, whose will is due in turn: all of it in one settling. */
START_TEST(wills_in_a_chain)
{
	struct client *first = world_join(&world, (struct dial){ .id = "1", .flags = 4, .will = "00 0003 't/1' 0000" });
	struct client *second = world_join(&world,
					   (struct dial){ .id = "2", .flags = 4, .will = "00 0003 't/2' 0000" });
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

int main(void)
{
	Suite *suite = suite_create("session");
	TCase *all = session_case(suite);

	tcase_add_test(all, connack_says_what_there_is);
	tcase_add_test(all, empty_client_id_is_assigned);
	tcase_add_test(all, bad_token);
	tcase_add_test(all, bad_token_takes_nothing_over);
	tcase_add_loop_test(all, no_token, 0, sizeof tokenless / sizeof *tokenless);
	tcase_add_test(all, first_packet_is_connect);
	tcase_add_loop_test(all, refused_connect, 0, sizeof refused / sizeof *refused);
	tcase_add_test(all, connect_too_large);
	tcase_add_test(all, organisations_never_meet);
	tcase_add_test(all, takeover);
	tcase_add_test(all, will);
	tcase_add_test(all, wills_in_a_chain);
	return session_run(suite);
}
