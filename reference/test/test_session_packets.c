/* session/: What a connected client may send: what it is told, what others get. */
#include "session_case.h"

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
	world_gets(&world, client, "90 0a 0007 00 00 87 02 01 87 87 87");
	ck_assert_uint_eq(client->session->subscriptions.count, 3);
}
END_TEST

START_TEST(unsubscribe)
{
	struct client *to = reader("reader", NULL), *from = writer();

	world_send(&world, to, "a2 0d 0009 00 0003 't/#' 0003 't/a'");
	world_gets(&world, to, "b0 05 0009 00 00 11");
	world_send(&world, from, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, to, "");
	ck_assert_uint_eq(to->session->subscriptions.count, 0);
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
	ck_assert_uint_eq(to->session->subscriptions.count, 1);
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, to, "30 07 0003 't/a' 00 'x'");
}
END_TEST

START_TEST(no_local)
{
	struct client *other = writer(), *client = world_join(&world, (struct dial){ .id = "local" });

	world_send(&world, client, "82 09 0001 00 0003 't/#' 05");
	world_gets(&world, client, "90 04 0001 00 01");
	world_send(&world, client, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, client, "");
	world_send(&world, other, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, client, "30 07 0003 't/a' 00 'x'");
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

int main(void)
{
	Suite *suite = suite_create("session packets");
	TCase *all = session_case(suite);

	tcase_add_test(all, publish);
	tcase_add_test(all, publish_to_nobody);
	tcase_add_test(all, properties_are_forwarded_in_order);
	tcase_add_loop_test(all, end, 0, sizeof ended / sizeof *ended);
	tcase_add_test(all, subscribe);
	tcase_add_test(all, unsubscribe);
	tcase_add_test(all, overlapping);
	tcase_add_test(all, resubscribe);
	tcase_add_test(all, no_local);
	tcase_add_test(all, recorder_fails);
	return session_run(suite);
}
