/* session/: statements of MQTT 5.0 that no other test speaks of. `mqtt5.tsv` says which is where. */
#include "session_case.h"

static const char *const kept_topics[] = {
	"0006 't/' efbbbf 'a'", /* U+FEFF is a character like any other [MQTT-1.5.4-3] */
	"0006 't/e' cc81 'a'",	/* not composed [MQTT-4.7.3-4] */
	"0006 't//a/b'", "0006 't/a/..'",
};

/* A topic goes out as it came in. */
START_TEST(topics_are_not_normalised)
{
	struct client *to = reader("reader", NULL), *from = writer();
	char packet[64];

	snprintf(packet, sizeof packet, "30 0a %s 00 'x'", kept_topics[_i]);
	world_send(&world, from, packet);
	world_gets(&world, to, packet);
}
END_TEST

/* [MQTT-2.2.1-4] After the last comes the first, and what is in use is left out. */
START_TEST(packet_ids_go_round)
{
	struct client *to = reader("reader", NULL), *from = writer();

	world_send(&world, from, "32 09 0003 't/a' 0007 00 '1'");
	to->session->outgoing.last_id = UINT16_MAX - 1;
	world_send(&world, from, "32 09 0003 't/a' 0007 00 '2' 32 09 0003 't/a' 0007 00 '3'");
	world_gets(&world, to,
		   "32 09 0003 't/a' 0001 00 '1' 32 09 0003 't/a' ffff 00 '2' 32 09 0003 't/a' 0002 00 '3'");
}
END_TEST

/* [MQTT-3.3.1-3] How a message came is nothing to its receivers; [MQTT-4.3.2-5] and an identifier that
 * was acknowledged is free: the same one again is a new message. */
START_TEST(dup_is_not_passed_on)
{
	struct client *to = reader("reader", NULL), *from = writer();

	world_send(&world, from, "3a 09 0003 't/a' 0007 00 'x' 3a 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, from, "40 02 0007 40 02 0007");
	world_gets(&world, to, "32 09 0003 't/a' 0001 00 'x' 32 09 0003 't/a' 0002 00 'x'");
}
END_TEST

/* [MQTT-3.3.4-10] [MQTT-4.9.0-3] A closed window holds nothing back but QoS 1 and 2. */
START_TEST(closed_window)
{
	struct client *to = reader("reader", "21 0001"), *from = writer();

	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x' 32 09 0003 't/a' 0007 00 'y'");
	world_gets(&world, to, "32 09 0003 't/a' 0001 00 'x'");
	world_send(&world, to, "c0 00 82 09 0002 00 0003 't/b' 00 34 09 0003 't/c' 0005 00 'z' 62 02 0005 a2 08 0003 00 0003 't/b'");
	world_gets(&world, to, "d0 00 90 04 0002 00 00 50 02 0005 70 02 0005 b0 04 0003 00 00");
}
END_TEST

/* [MQTT-3.10.4-2, -3] What has begun goes on to its end; nothing new comes. */
START_TEST(unsubscribed_on_the_way)
{
	struct client *to = world_join(&world, (struct dial){ .id = "reader" }), *from = writer();

	world_send(&world, to, "82 09 0001 00 0003 't/a' 02");
	world_send(&world, from, "34 09 0003 't/a' 0007 00 'x' 62 02 0007");
	buf_clear(&to->staged);
	world_send(&world, to, "a2 08 0002 00 0003 't/a'");
	world_gets(&world, to, "b0 04 0002 00 00");
	world_send(&world, from, "30 07 0003 't/a' 00 'y'");
	world_send(&world, to, "50 02 0001 70 02 0001");
	world_gets(&world, to, "62 02 0001");
}
END_TEST

static const char *const client_ids[] = {
	"0", "0123456789abcdefghijklm", "NOPQRSTUVWXYZnopqrstuvw", "+/#", "$SYS/x", "a client id of more than twenty-three bytes",
};

/* [MQTT-3.1.3-2, -5] Whatever it spells. */
START_TEST(client_ids_are_taken)
{
	struct client *client = world_join(&world, (struct dial){ .id = client_ids[_i] });

	ck_assert(slice_is(client->session->client_id, client_ids[_i]));
}
END_TEST

/* [MQTT-3.1.3-6, -7] [MQTT-3.2.2-16] The id that was assigned is said, and finds the session again. */
START_TEST(assigned_id_resumes)
{
	struct client *client = world_dial(&world, (struct dial){ .id = "", .properties = "11 0000003c", .resume = true });
	struct slice id = client->session->client_id;
	char text[64] = "";
	bool told = false;

	memcpy(text, id.data, id.size);
	for (size_t i = 2; i + id.size + 3 <= client->staged.size; i++)
		told = told || (client->staged.data[i] == 0x12 && client->staged.data[i + 2] == id.size &&
				memcmp(client->staged.data + i + 3, id.data, id.size) == 0);
	ck_assert(told);
	lose(client);
	ck_assert(session_present(world_dial(&world, (struct dial){ .id = text, .resume = true })));
}
END_TEST

/* [MQTT-3.1.2-28, -29] Whatever is asked for: no Response Information, no Reason String, no User
 * Property of ours, in CONNACK, PUBACK, SUBACK, UNSUBACK, DISCONNECT. */
START_TEST(nothing_is_told_that_was_not_asked_for)
{
	static const char *const wishes[] = { "", "17 00", "17 01", "19 00", "19 01" };
	struct client *plain = world_dial(&world, (struct dial){ .id = "1" });
	struct client *client = world_dial(&world, (struct dial){ .id = "2", .properties = wishes[_i] });

	ck_assert_uint_eq(client->staged.size, plain->staged.size);
	ck_assert_mem_eq(client->staged.data, plain->staged.data, plain->staged.size);
	ck_assert(!session_present(client));
	world_send(&world, client,
		   "32 0c 0006 'own/to' 0008 00 'x' 82 0c 0002 00 0006 'own/to' 00 a2 0b 0003 00 0006 'own/to' f0 00");
	world_gets(&world, client, "40 03 0008 87 90 04 0002 00 87 b0 04 0003 00 11 e0 01 82");
}
END_TEST

/* [MQTT-3.8.4-8] The smaller of both: as published, as granted. */
START_TEST(smaller_qos)
{
	static const unsigned char first[3][3] = { { 0x30, 0x30, 0x30 }, { 0x30, 0x32, 0x32 }, { 0x30, 0x32, 0x34 } };
	static const char *const publish[] = { "30 07 0003 't/a' 00 'x'", "32 09 0003 't/a' 0007 00 'x'",
					       "34 09 0003 't/a' 0007 00 'x' 62 02 0007" };
	struct client *to = world_join(&world, (struct dial){ .id = "reader" }), *from = writer();
	char subscribe[64];

	snprintf(subscribe, sizeof subscribe, "82 09 0001 00 0003 't/a' %02x", (unsigned)_i);
	world_send(&world, to, subscribe);
	for (unsigned qos = 0; qos < 3; qos++) {
		buf_clear(&to->staged);
		world_send(&world, from, publish[qos]);
		ck_assert_uint_ge(to->staged.size, 9);
		ck_assert_uint_eq(to->staged.data[0], first[_i][qos]);
	}
}
END_TEST

/* [MQTT-4.6.0-5, -6] In the order in which they came, also where some had to wait. */
START_TEST(order)
{
	struct client *to = reader("reader", "21 0002"), *from = writer();

	world_send(&world, from, "32 09 0003 't/a' 0001 00 '1' 32 09 0003 't/a' 0002 00 '2' 32 09 0003 't/a' 0003 00 '3'"
				 " 32 09 0003 't/a' 0004 00 '4'");
	world_gets(&world, to, "32 09 0003 't/a' 0001 00 '1' 32 09 0003 't/a' 0002 00 '2'");
	world_send(&world, to, "40 02 0002 40 02 0001");
	world_gets(&world, to, "32 09 0003 't/a' 0003 00 '3' 32 09 0003 't/a' 0004 00 '4'");
}
END_TEST

/* [MQTT-4.4.0-2] What the receiver refused is over: it is not sent again. */
START_TEST(refused_is_over)
{
	const struct dial dial = { .id = "reader", .properties = "11 0000003c", .resume = true };
	struct client *to = world_join(&world, dial), *from = writer();

	world_send(&world, to, "82 09 0001 00 0003 't/a' 02");
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x' 34 09 0003 't/a' 0007 00 'y' 62 02 0007");
	world_send(&world, to, "40 03 0001 87 50 03 0002 87");
	lose(to);
	to = world_dial(&world, dial);
	ck_assert(session_present(to));
	world_gets(&world, to, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session mqtt");
	TCase *all = session_case(suite);

	tcase_add_loop_test(all, topics_are_not_normalised, 0, sizeof kept_topics / sizeof *kept_topics);
	tcase_add_test(all, packet_ids_go_round);
	tcase_add_test(all, dup_is_not_passed_on);
	tcase_add_test(all, closed_window);
	tcase_add_test(all, unsubscribed_on_the_way);
	tcase_add_loop_test(all, client_ids_are_taken, 0, sizeof client_ids / sizeof *client_ids);
	tcase_add_test(all, assigned_id_resumes);
	tcase_add_loop_test(all, nothing_is_told_that_was_not_asked_for, 0, 5);
	tcase_add_loop_test(all, smaller_qos, 0, 3);
	tcase_add_test(all, order);
	tcase_add_test(all, refused_is_over);
	return session_run(suite);
}
