/* session/: topic aliases, the client's and ours. */
#include "session_case.h"

static struct client *plain_reader(const char *properties)
{
	struct client *client = world_join(
		&world, (struct dial){ .agent = "reader", .id = "reader", .properties = properties, .resume = true });

	world_send(&world, client, "82 09 0001 00 0003 't/#' 01");
	buf_clear(&client->staged);
	return client;
}

/* [MQTT-3.3.2-12] */
START_TEST(sender_uses)
{
	struct client *to = plain_reader(""), *from = writer();

	world_send(&world, from,
		   "30 0a 0003 't/a' 03 23 0001 '1' 30 07 0000 03 23 0001 '2' 30 0a 0003 't/b' 03 23 0010 '3'"
		   " 30 07 0000 03 23 0001 '4' 30 07 0000 03 23 0010 '5' 30 0a 0003 't/c' 03 23 0001 '6'"
		   " 30 07 0000 03 23 0001 '7'");
	world_gets(&world, from, "");
	world_gets(&world, to,
		   "30 07 0003 't/a' 00 '1' 30 07 0003 't/a' 00 '2' 30 07 0003 't/b' 00 '3' 30 07 0003 't/a' 00 '4'"
		   " 30 07 0003 't/b' 00 '5' 30 07 0003 't/c' 00 '6' 30 07 0003 't/c' 00 '7'");
}
END_TEST

/* An alias that a denied PUBLISH set means the denied topic, and not the older one. */
START_TEST(denied_alias)
{
	struct client *to = plain_reader(""), *from = writer();

	world_send(&world, from,
		   "30 0a 0003 't/a' 03 23 0001 '1' 32 0f 0006 'own/to' 0008 03 23 0001 '2' 32 09 0000 0009 03 23 0001 '3'");
	world_gets(&world, from, "40 03 0008 87 40 03 0009 87");
	world_gets(&world, to, "30 07 0003 't/a' 00 '1'");
	world_send(&world, from, "30 0a 0003 't/a' 03 23 0001 '4' 30 07 0000 03 23 0001 '5'");
	world_gets(&world, to, "30 07 0003 't/a' 00 '4' 30 07 0003 't/a' 00 '5'");
}
END_TEST

static const struct {
	const char *publish, *answer;
} bad[] = {
	{ "30 0a 0003 't/a' 03 23 0000 'x'", "e0 01 94" }, /* [MQTT-3.3.2-8] */
	{ "30 0a 0003 't/a' 03 23 0011 'x'", "e0 01 94" }, /* LIMIT_TOPIC_ALIASES and one more */
	{ "30 07 0000 03 23 0011 'x'", "e0 01 94" },
	{ "30 07 0000 03 23 0001 'x'", "e0 01 82" }, /* never set */
};

START_TEST(bad_alias)
{
	struct client *from = writer();

	world_send(&world, from, bad[_i].publish);
	world_gets(&world, from, bad[_i].answer);
	ck_assert_uint_eq(world.asked[DOOR_PUBLISH], 0);
}
END_TEST

/* They end with the connection, whatever becomes of the session [MQTT-3.3.2-7]. */
START_TEST(aliases_end)
{
	const struct dial dial = { .id = "w", .properties = "11 0000003c", .resume = true };
	struct client *from = world_join(&world, dial);

	world_send(&world, from, "30 0a 0003 't/a' 03 23 0001 'x' 30 07 0000 03 23 0001 'y'");
	ck_assert_uint_eq(world.asked[DOOR_PUBLISH], 2);
	lose(from);
	from = world_dial(&world, dial);
	ck_assert(session_present(from));
	world_send(&world, from, "30 07 0000 03 23 0001 'x'");
	world_gets(&world, from, "e0 01 82");
}
END_TEST

/* LIMIT_ALIAS_BYTES at its edge. An alias that does not fit is unset and not the old one. */
START_TEST(alias_bytes)
{
	struct aliases aliases = { { NULL }, 0 };
	char topic[65536];
	struct slice most = slice_of(topic, 65535);

	memset(topic, 'a', sizeof topic);
	ck_assert(alias_set(&aliases, 1, most));
	ck_assert(alias_set(&aliases, 2, most));
	ck_assert(alias_set(&aliases, 3, slice_of(topic, 1)));
	ck_assert(alias_set(&aliases, 4, slice_of(topic, 1)));
	ck_assert_uint_eq(aliases.bytes, LIMIT_ALIAS_BYTES);
	ck_assert(!alias_set(&aliases, 4, slice_of(topic, 2)));
	ck_assert_uint_eq(alias_topic(&aliases, 4).size, 0);
	ck_assert(alias_set(&aliases, 1, slice_of(topic, 2)));
	ck_assert_uint_eq(aliases.bytes, 65535 + 1 + 2);
	aliases_release(&aliases);
}
END_TEST

/* [MQTT-3.1.2-26, -27] Ours: as many as the client lets us, for topics that are longer than one. */
START_TEST(receiver_allows)
{
	struct client *to = plain_reader(_i ? "22 0002" : "22 0000"), *from = writer();

	world_send(&world, from,
		   "30 08 0004 't/aa' 00 '1' 30 08 0004 't/aa' 00 '2' 30 07 0003 't/a' 00 '3' 30 08 0004 't/bb' 00 '4'"
		   " 30 08 0004 't/cc' 00 '5' 30 08 0004 't/bb' 00 '6'");
	world_gets(&world, to,
		   _i ? "30 0b 0004 't/aa' 03 23 0001 '1' 30 07 0000 03 23 0001 '2' 30 07 0003 't/a' 00 '3'"
			" 30 0b 0004 't/bb' 03 23 0002 '4' 30 08 0004 't/cc' 00 '5' 30 07 0000 03 23 0002 '6'" :
			"30 08 0004 't/aa' 00 '1' 30 08 0004 't/aa' 00 '2' 30 07 0003 't/a' 00 '3' 30 08 0004 't/bb' 00 '4'"
			" 30 08 0004 't/cc' 00 '5' 30 08 0004 't/bb' 00 '6'");
}
END_TEST

/* What is sent again on a new connection is spelled out again. */
START_TEST(sent_again_in_full)
{
	struct client *to = plain_reader("22 0002 11 0000003c"), *from = writer();

	world_send(&world, from, "32 0a 0004 't/aa' 0007 00 '1' 32 0a 0004 't/aa' 0007 00 '2'");
	world_gets(&world, to, "32 0d 0004 't/aa' 0001 03 23 0001 '1' 32 09 0000 0002 03 23 0001 '2'");
	lose(to);
	to = world_dial(&world, (struct dial){ .agent = "reader", .id = "reader", .properties = "22 0002", .resume = true });
	ck_assert(session_present(to));
	world_gets(&world, to, "3a 0d 0004 't/aa' 0001 03 23 0001 '1' 3a 09 0000 0002 03 23 0001 '2'");
}
END_TEST

/* A new alias never makes a packet larger than the client takes. */
START_TEST(packet_stays_small)
{
	struct client *to = plain_reader("22 0002 27 00000020"), *from = writer();

	world_send(&world, from, "30 1d 0004 't/aa' 00 'twenty-two bytes of it' 30 1e 0004 't/aa' 00 'twenty-three bytes of .'");
	world_gets(&world, to, "30 1d 0004 't/aa' 00 'twenty-two bytes of it' 30 1e 0004 't/aa' 00 'twenty-three bytes of .'");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session alias");
	TCase *all = session_case(suite);

	tcase_add_test(all, sender_uses);
	tcase_add_test(all, denied_alias);
	tcase_add_loop_test(all, bad_alias, 0, sizeof bad / sizeof *bad);
	tcase_add_test(all, aliases_end);
	tcase_add_test(all, alias_bytes);
	tcase_add_loop_test(all, receiver_allows, 0, 2);
	tcase_add_test(all, sent_again_in_full);
	tcase_add_test(all, packet_stays_small);
	return session_run(suite);
}
