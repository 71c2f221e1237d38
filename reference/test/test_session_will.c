/* session/: wills: when they are sent, and what of them. */
#include "session_case.h"

#define WILL "00 0003 't/w' 0004 'gone'"
#define DELAYED "05 18 0000000a 0003 't/w' 0004 'gone'"
#define SENT "30 0a 0003 't/w' 00 'gone'"

static struct dial with_will(const char *will)
{
	return (struct dial){ .agent = "w", .id = "w", .flags = 0x04, .will = will, .properties = "11 0000003c" };
}

static struct client *plain_reader(void)
{
	struct client *client = world_join(&world, (struct dial){ .agent = "reader", .id = "reader" });

	world_send(&world, client, "82 09 0001 00 0003 't/#' 00");
	buf_clear(&client->staged);
	return client;
}

/* [MQTT-3.1.2-8, -10] [MQTT-3.1.3-9] Not before its delay, then once. */
START_TEST(delayed)
{
	struct client *to = plain_reader();

	lose(world_join(&world, with_will(DELAYED)));
	ck_assert_int_eq(service_deadline_ms(&world.service), 10000);
	world_pass(&world, 9999);
	world_settle(&world);
	world_gets(&world, to, "");
	world_pass(&world, 1);
	world_settle(&world);
	world_gets(&world, to, SENT);
	ck_assert_int_eq(service_deadline_ms(&world.service), 50000);
	world_pass(&world, 50000);
	world_settle(&world);
	world_gets(&world, to, "");
}
END_TEST

/* No longer than the session lasts. */
START_TEST(session_ends_before_delay)
{
	struct client *to = plain_reader();
	struct dial dial = with_will(DELAYED);

	dial.properties = "11 00000005";
	lose(world_join(&world, dial));
	world_pass(&world, 4999);
	world_settle(&world);
	world_gets(&world, to, "");
	world_pass(&world, 1);
	world_settle(&world);
	world_gets(&world, to, SENT);
}
END_TEST

static const struct {
	const char *will;
	bool connected; /* still, when the new connection comes */
	bool resume;
	const char *told;
} returns[] = {
	{ DELAYED, false, true, "" },    { DELAYED, true, true, "" }, /* [MQTT-3.1.3-9] */
	{ DELAYED, false, false, SENT }, { DELAYED, true, false, SENT },
	{ WILL, true, true, SENT },      { WILL, true, false, SENT },
};

/* Whoever returns in time takes the delayed will back; the end of the session or of a connection
 * without delay sends it, before the new CONNACK is there. */
START_TEST(owner_returns)
{
	struct client *to = plain_reader(), *client = world_join(&world, with_will(returns[_i].will));
	struct dial dial = { .agent = "w", .id = "w", .resume = returns[_i].resume };

	if (!returns[_i].connected)
		lose(client);
	world_pass(&world, 5000);
	client = world_dial(&world, dial);
	world_gets(&world, to, returns[_i].told);
	ck_assert_int_eq(session_present(client), returns[_i].resume);
	ck_assert_ptr_null(client->session->will);
	world_pass(&world, 10000);
	world_settle(&world);
	world_gets(&world, to, "");
}
END_TEST

static const struct {
	const char *disconnect, *told;
} departures[] = {
	{ "e0 00", "" }, { "e0 01 00", "" }, { "e0 01 04", SENT }, { "e0 01 80", SENT }, { "ff", SENT },
};

/* [MQTT-3.14.4-3] */
START_TEST(disconnects)
{
	struct client *to = plain_reader();

	world_send(&world, world_join(&world, with_will(WILL)), departures[_i].disconnect);
	world_gets(&world, to, departures[_i].told);
}
END_TEST

/* [MQTT-3.1.2-8] The end of the connection by our hand is no normal end. */
START_TEST(keep_alive_ends)
{
	struct client *to = plain_reader(), *client;
	struct dial dial = with_will(WILL);

	dial.keep_alive = 1;
	client = world_join(&world, dial);
	world_pass(&world, 1500);
	client_tick(client);
	world_settle(&world);
	world_gets(&world, client, "e0 01 8d");
	world_gets(&world, to, SENT);
}
END_TEST

/* All that describes the message goes with it, and its expiry counts from its sending. */
START_TEST(properties)
{
	struct client *to = plain_reader();

	lose(world_join(&world, with_will("29 18 0000000a 26 0001 'b' 0001 '1' 01 01 02 0000003c 03 0002 'ct' 08 0003 't/r'"
					  " 09 0001 'c' 26 0001 'a' 0001 '2' 0003 't/w' 0004 'gone'")));
	world_pass(&world, 10500);
	world_settle(&world);
	world_gets(&world, to,
		   "30 2e 0003 't/w' 24 02 0000003c 26 0001 'b' 0001 '1' 01 01 03 0002 'ct' 08 0003 't/r' 09 0001 'c'"
		   " 26 0001 'a' 0001 '2' 'gone'");
}
END_TEST

START_TEST(qos2)
{
	struct client *to = world_join(&world, (struct dial){ .agent = "reader", .id = "reader" });
	struct dial dial = with_will(WILL);

	world_send(&world, to, "82 09 0001 00 0003 't/#' 02");
	buf_clear(&to->staged);
	dial.flags = 0x14;
	lose(world_join(&world, dial));
	world_gets(&world, to, "34 0c 0003 't/w' 0001 00 'gone'");
}
END_TEST

/* Decided again: the right may be gone by then. */
START_TEST(right_lost)
{
	struct client *to = plain_reader();
	struct gate all = world.gate;

	lose(world_join(&world, with_will(DELAYED)));
	world.gate.policies = NULL;
	world_pass(&world, 10000);
	world_settle(&world);
	world.gate = all;
	world_gets(&world, to, "");
	ck_assert_uint_eq(world.asked[DOOR_WILL_SEND], 1);
}
END_TEST

static const struct {
	const char *will;
	const char *delayed; /* by ten seconds */
	bool told_later;
} presences[] = {
	{ "00 0003 't/w' 0004 'gone'", "05 18 0000000a 0003 't/w' 0004 'gone'", false },
	{ "00 0005 'own/w' 0004 'gone'", "05 18 0000000a 0005 'own/w' 0004 'gone'", true },
};

/* No time bombs: at the token's end the will tells of it; long after, only one's own presence. */
START_TEST(token_expires)
{
	for (unsigned late = 0; late < 2; late++) {
		struct dial dial = with_will(late ? presences[_i].delayed : presences[_i].will);
		struct client *client = world_join(&world, dial), *to;
		char subscribe[64];

		world_pass(&world, (WORLD_TOKEN_LIFE - 1) * 1000);
		to = world_join(&world, (struct dial){ .agent = "w", .id = "reader" });
		snprintf(subscribe, sizeof subscribe, "82 %s 00", _i ? "0b 0001 00 0005 'own/w'" : "09 0001 00 0003 't/w'");
		world_send(&world, to, subscribe);
		buf_clear(&to->staged);
		world_pass(&world, 1000);
		client_tick(client);
		world_settle(&world);
		world_gets(&world, client, "e0 01 a0");
		world_pass(&world, late ? 10000 : 0);
		world_settle(&world);
		if (late && !presences[_i].told_later)
			world_gets(&world, to, "");
		else
			world_gets(&world, to, _i ? "30 0c 0005 'own/w' 00 'gone'" : SENT);
		lose_for_good(to);
	}
}
END_TEST

/* A waiting session whose own queue overflows by its own will ends once. */
START_TEST(will_for_itself)
{
	struct dial dial = with_will("05 18 0000000a 0003 't/w' 0000");
	struct client *client, *from = writer();

	dial.flags = 0x0c;
	client = world_join(&world, dial);
	world_send(&world, client, "82 09 0001 00 0003 't/#' 01");
	lose(client);
	for (unsigned i = 0; i < LIMIT_QUEUE_MESSAGES; i++)
		world_send(&world, from, "32 09 0003 't/a' 0007 00 'x'");
	world_pass(&world, 10000);
	world_settle(&world);
	ck_assert_ptr_null(world.service.waiting);
	ck_assert_uint_eq(from->session->organisation->session_count, 1);
}
END_TEST

/* A broker that stops sends nobody's will. */
START_TEST(released)
{
	lose(world_join(&world, with_will(DELAYED)));
	service_release(&world.service);
	ck_assert_ptr_null(world.service.organisations);
	ck_assert_uint_eq(world.asked[DOOR_WILL_SEND], 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session will");
	TCase *all = session_case(suite);

	tcase_add_test(all, delayed);
	tcase_add_test(all, session_ends_before_delay);
	tcase_add_loop_test(all, owner_returns, 0, sizeof returns / sizeof *returns);
	tcase_add_loop_test(all, disconnects, 0, sizeof departures / sizeof *departures);
	tcase_add_test(all, keep_alive_ends);
	tcase_add_test(all, properties);
	tcase_add_test(all, qos2);
	tcase_add_test(all, right_lost);
	tcase_add_loop_test(all, token_expires, 0, sizeof presences / sizeof *presences);
	tcase_add_test(all, will_for_itself);
	tcase_add_test(all, released);
	return session_run(suite);
}
