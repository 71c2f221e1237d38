/* session/: QoS 2 in both directions, Receive Maximum in both directions. */
#include "session_case.h"

/* Subscribed to t/# at QoS 2. */
static struct client *exact_reader(const char *properties)
{
	struct client *client =
		world_join(&world, (struct dial){ .agent = "reader", .id = "reader", .properties = properties });

	world_send(&world, client, "82 09 0001 00 0003 't/#' 02");
	world_gets(&world, client, "90 04 0001 00 02");
	return client;
}

/* [MQTT-4.3.3-8..13] Delivered when it is released, and once. */
START_TEST(received_once)
{
	struct client *to = exact_reader(NULL), *from = writer();

	world_send(&world, from, "34 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, from, "50 02 0007");
	world_gets(&world, to, "");
	world_send(&world, from, "3c 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, from, "50 02 0007");
	world_send(&world, from, "62 02 0007");
	world_gets(&world, from, "70 02 0007");
	world_gets(&world, to, "34 09 0003 't/a' 0001 00 'x'");
	world_send(&world, from, "62 02 0007"); /* it is free again */
	world_gets(&world, from, "70 03 0007 92");
	world_gets(&world, to, "");
	ck_assert_uint_eq(from->session->incoming.bytes, 0);
}
END_TEST

/* [PUB-02] [PUB-03] The decision stands before the PUBREC; a refused identifier is free. */
START_TEST(denied)
{
	struct client *to = exact_reader(NULL), *from = writer();

	world_send(&world, from, "34 0c 0006 'own/to' 0008 00 'x'");
	world_gets(&world, from, "50 03 0008 87");
	world_send(&world, from, "62 02 0008");
	world_gets(&world, from, "70 03 0008 92");
	world_send(&world, from, "34 09 0003 't/a' 0008 00 'y' 62 02 0008");
	world_gets(&world, from, "50 02 0008 70 02 0008");
	world_gets(&world, to, "34 09 0003 't/a' 0001 00 'y'");
}
END_TEST

/* [PUB-02] No success code for a denied topic under an identifier that is held; and the refusal ends
 * the exchange that it speaks of. */
START_TEST(denied_under_a_held_id)
{
	struct client *to = exact_reader(NULL), *from = writer();

	world_send(&world, from, "34 09 0003 't/a' 0007 00 'x' 34 0c 0006 'own/to' 0007 00 'x' 62 02 0007");
	world_gets(&world, from, "50 02 0007 50 03 0007 87 70 03 0007 92");
	world_gets(&world, to, "");
}
END_TEST

/* Decided again at PUBREL: a right that is gone by then lets nothing through. */
START_TEST(right_lost_before_release)
{
	struct client *to = exact_reader(NULL), *from = writer();
	struct gate all = world.gate;

	world_send(&world, from, "34 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, from, "50 02 0007");
	world.gate.policies = NULL;
	world_send(&world, from, "62 02 0007");
	world.gate = all;
	world_gets(&world, from, "e0 01 87");
	world_gets(&world, to, "");
	ck_assert_int_eq(to->state, CLIENT_CONNECTED);
}
END_TEST

/* [MQTT-3.3.2-5] */
START_TEST(expired_before_release)
{
	struct client *to = exact_reader(NULL), *from = writer();

	world_send(&world, from, "34 0e 0003 't/a' 0007 05 02 00000001 'x'");
	world_pass(&world, 1000);
	world_send(&world, from, "62 02 0007");
	world_gets(&world, from, "50 02 0007 70 02 0007");
	world_gets(&world, to, "");
}
END_TEST

START_TEST(id_is_in_use)
{
	struct client *to = exact_reader(NULL), *from = writer();

	world_send(&world, from, "34 09 0003 't/a' 0007 00 'x' 32 09 0003 't/a' 0007 00 'y'");
	world_gets(&world, from, "50 02 0007 40 03 0007 91");
	world_gets(&world, to, "");
}
END_TEST

/* [MQTT-4.3.3-1..7] The sender's part. */
START_TEST(sent)
{
	struct client *to = exact_reader(NULL), *from = writer();

	world_send(&world, from, "34 09 0003 't/a' 0007 00 'x' 62 02 0007");
	world_gets(&world, to, "34 09 0003 't/a' 0001 00 'x'");
	world_send(&world, to, "50 02 0001");
	world_gets(&world, to, "62 02 0001");
	world_send(&world, to, "50 02 0001"); /* once more: so does the answer */
	world_gets(&world, to, "62 02 0001");
	ck_assert_uint_eq(to->session->outgoing.inflight, 1);
	ck_assert_uint_eq(to->session->outgoing.bytes, sizeof(struct owed)); /* the message itself is gone */
	world_send(&world, to, "70 02 0001");
	world_gets(&world, to, "");
	ck_assert_uint_eq(to->session->outgoing.inflight, 0);
	ck_assert_uint_eq(to->session->outgoing.bytes, 0);
	world_send(&world, to, "50 02 0001 70 02 0001");
	world_gets(&world, to, "62 03 0001 92");
}
END_TEST

START_TEST(refused_by_the_receiver)
{
	struct client *to = exact_reader("21 0001"), *from = writer();

	world_send(&world, from, "34 09 0003 't/a' 0007 00 'x' 62 02 0007 34 09 0003 't/a' 0007 00 'y' 62 02 0007");
	world_gets(&world, to, "34 09 0003 't/a' 0001 00 'x'");
	world_send(&world, to, "50 03 0001 97");
	world_gets(&world, to, "34 09 0003 't/a' 0002 00 'y'");
}
END_TEST

static const struct {
	const char *acknowledgement;
	char qos;
} mistaken[] = { { "40 02 0001", '2' }, { "50 02 0001", '1' }, { "70 02 0001", '1' }, { "70 02 0001", '2' } };

START_TEST(acknowledges_another_qos)
{
	struct client *to = exact_reader(NULL), *from = writer();

	world_send(&world, from,
		   mistaken[_i].qos == '1' ? "32 09 0003 't/a' 0007 00 'x'" : "34 09 0003 't/a' 0007 00 'x' 62 02 0007");
	buf_clear(&to->staged);
	world_send(&world, to, mistaken[_i].acknowledgement);
	world_gets(&world, to, "e0 01 82");
}
END_TEST

/* The place of a QoS 2 message is free at PUBCOMP, not at PUBREC [MQTT-3.3.4-9]. */
START_TEST(window_of_qos2)
{
	struct client *to = exact_reader("21 0001"), *from = writer();

	world_send(&world, from, "34 09 0003 't/a' 0007 00 'x' 62 02 0007 34 09 0003 't/a' 0007 00 'y' 62 02 0007");
	world_gets(&world, to, "34 09 0003 't/a' 0001 00 'x'");
	world_send(&world, to, "50 02 0001");
	world_gets(&world, to, "62 02 0001");
	world_send(&world, to, "70 02 0001");
	world_gets(&world, to, "34 09 0003 't/a' 0002 00 'y'");
}
END_TEST

/* An acknowledgement that nobody waits for makes no room [MQTT-3.3.4-9]. */
START_TEST(window_is_not_widened)
{
	struct client *to = exact_reader("21 0001"), *from = writer();

	world_send(&world, to, "40 02 0009 50 02 0009 70 02 0009");
	world_gets(&world, to, "62 03 0009 92");
	world_send(&world, from, "32 09 0003 't/a' 0007 00 'x' 32 09 0003 't/a' 0007 00 'y'");
	world_gets(&world, to, "32 09 0003 't/a' 0001 00 'x'");
}
END_TEST

static void hold_some(struct client *from, unsigned first, unsigned count)
{
	for (unsigned id = first; id < first + count; id++) {
		char packet[64];

		snprintf(packet, sizeof packet, "34 09 0003 't/a' %04x 00 'x'", id);
		world_send(&world, from, packet);
	}
}

/* LIMIT_RECEIVE_MAXIMUM at its edge, which a message that comes again does not move. */
START_TEST(receive_maximum)
{
	struct client *from = writer();

	hold_some(from, 1, LIMIT_RECEIVE_MAXIMUM);
	buf_clear(&from->staged);
	world_send(&world, from, "3c 09 0003 't/a' 0007 00 'x' 62 02 0001 34 09 0003 't/a' 0001 00 'x'");
	world_gets(&world, from, "50 02 0007 70 02 0001 50 02 0001");
	world_send(&world, from, _i ? "32 09 0003 't/a' 0999 00 'x'" : "34 09 0003 't/a' 0999 00 'x'");
	world_gets(&world, from, "e0 01 93");
}
END_TEST

/* A new connection has a Receive Maximum of its own; LIMIT_HELD_MESSAGES at its edge. */
START_TEST(held_messages)
{
	const struct dial dial = { .id = "w", .resume = true, .properties = "11 0000003c" };

	struct client *from;

	for (unsigned round = 0; round < LIMIT_HELD_MESSAGES / LIMIT_RECEIVE_MAXIMUM; round++)
		hold_some(world_join(&world, dial), 1 + round * LIMIT_RECEIVE_MAXIMUM, LIMIT_RECEIVE_MAXIMUM);
	from = world_join(&world, dial);
	ck_assert_uint_eq(from->session->incoming.count, LIMIT_HELD_MESSAGES);
	world_send(&world, from, "34 09 0003 't/a' 0999 00 'x' 34 09 0003 't/a' 0001 00 'x'");
	world_gets(&world, from, "50 03 0999 97 50 02 0001");
}
END_TEST

/* LIMIT_HELD_BYTES at its edge. */
START_TEST(held_bytes)
{
	struct client *from = writer();
	struct incoming *incoming = &from->session->incoming;
	size_t one;

	world_send(&world, from, "34 09 0003 't/a' 0001 00 'x'");
	one = incoming->bytes;
	incoming->bytes = LIMIT_HELD_BYTES - one;
	world_send(&world, from, "34 09 0003 't/a' 0002 00 'x' 34 09 0003 't/a' 0003 00 'x'");
	incoming->bytes = 2 * one;
	world_gets(&world, from, "50 02 0001 50 02 0002 50 03 0003 97");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session qos");
	TCase *all = session_case(suite);

	tcase_add_test(all, received_once);
	tcase_add_test(all, denied);
	tcase_add_test(all, denied_under_a_held_id);
	tcase_add_test(all, right_lost_before_release);
	tcase_add_test(all, expired_before_release);
	tcase_add_test(all, id_is_in_use);
	tcase_add_test(all, sent);
	tcase_add_test(all, refused_by_the_receiver);
	tcase_add_loop_test(all, acknowledges_another_qos, 0, sizeof mistaken / sizeof *mistaken);
	tcase_add_test(all, window_of_qos2);
	tcase_add_test(all, window_is_not_widened);
	tcase_add_loop_test(all, receive_maximum, 0, 2);
	tcase_add_test(all, held_messages);
	tcase_add_test(all, held_bytes);
	return session_run(suite);
}
