/* packet/: the bytes that the server writes, and the property table. */
#include "hex.h"
#include "packet.h"
#include "write.h"

#include <check.h>
#include <stdio.h>

static struct buf out, wanted;

static void setup(void)
{
	buf_init(&out, 4096);
	buf_init(&wanted, 4096);
}

static void teardown(void)
{
	buf_release(&out);
	buf_release(&wanted);
}

static void assert_written(const char *hex)
{
	hex_put(&wanted, hex);
	ck_assert(!out.failed);
	ck_assert_uint_eq(out.size, wanted.size);
	ck_assert_mem_eq(out.data, wanted.data, wanted.size);
}

/* Receive Maximum 256, Retain 0, Maximum Packet Size 1 MiB, sixteen aliases, Shared 0. */
START_TEST(connack)
{
	const struct connack with = { .assigned_client_id = slice_text("auto"),
				      .receive_maximum = 256,
				      .maximum_packet_size = 1048576,
				      .topic_alias_maximum = 16 };

	write_connack(&out, &with);
	assert_written("20 15 00 00 12 21 0100 27 00100000 12 0004 'auto' 22 0010");
}
END_TEST

/* A session goes on; less than was asked for. */
START_TEST(connack_with_less)
{
	const struct connack with = { .session_present = true,
				      .has_session_expiry = true,
				      .session_expiry = 60,
				      .server_keep_alive = 30,
				      .receive_maximum = 10,
				      .maximum_packet_size = 100 };

	write_connack(&out, &with);
	assert_written("20 16 01 00 13 11 0000003c 21 000a 27 00000064 22 0000 13 001e");
}
END_TEST

START_TEST(connack_refusal)
{
	write_connack_refusal(&out, 0x86);
	assert_written("20 03 00 86 00");
}
END_TEST

START_TEST(small_ones)
{
	write_ack(&out, PACKET_PUBACK, 0x1234, 0);
	write_ack(&out, PACKET_PUBACK, 1, 0x87);
	write_pingresp(&out);
	write_disconnect(&out, 0x8e);
	write_ack(&out, PACKET_PUBREC, 2, 0);
	write_ack(&out, PACKET_PUBREL, 2, 0);
	write_ack(&out, PACKET_PUBREL, 3, 0x92);
	write_ack(&out, PACKET_PUBCOMP, 2, 0);
	assert_written("40 02 1234  40 03 0001 87  d0 00  e0 01 8e  50 02 0002  62 02 0002  62 03 0003 92  70 02 0002");
}
END_TEST

START_TEST(acks_of_lists)
{
	const unsigned char codes[] = { 1, 0x87 };

	write_suback(&out, 7, slice_of(codes, 2));
	write_unsuback(&out, 8, slice_of(codes, 1));
	assert_written("90 05 0007 00 01 87  b0 04 0008 00 01");
}
END_TEST

START_TEST(publish)
{
	const struct publish_out qos0 = { .topic = slice_text("a"), .payload = slice_text("hi"), .expiry = 9, .id = 5 };
	struct publish_out qos1 = qos0, again = qos0;

	qos1.qos = 1;
	qos1.has_expiry = true;
	qos1.properties = slice_of("\x01\x01", 2);
	qos1.subscription_ids = slice_of("\x0b\x03", 2);
	write_publish(&out, &qos0);
	write_publish(&out, &qos1);
	again.qos = 2;
	again.dup = true;
	again.topic = slice_of(NULL, 0);
	again.topic_alias = 7;
	write_publish(&out, &again);
	ck_assert_uint_eq(publish_size(&qos0) + publish_size(&qos1) + publish_size(&again), out.size);
	assert_written("30 06 0001 'a' 00 'hi'  32 11 0001 'a' 0005 09 02 00000009 01 01 0b 03 'hi'"
		       " 3c 0a 0000 0005 03 23 0007 'hi'");
}
END_TEST

static const struct {
	uint32_t value;
	const char *hex;
} varints[] = {
	{ 0, "00" },	      { 127, "7f" },	       { 128, "80 01" },	 { 16383, "ff 7f" },
	{ 16384, "80 80 01" }, { 2097151, "ff ff 7f" }, { 2097152, "80 80 80 01" }, { VARINT_MAX, "ff ff ff 7f" },
};

START_TEST(varint_both_ways)
{
	struct cursor c;

	varint_put(&out, varints[_i].value);
	ck_assert_uint_eq(out.size, varint_size(varints[_i].value));
	c = cursor_of(buf_slice(&out));
	ck_assert_uint_eq(cursor_varint(&c), varints[_i].value);
	ck_assert(!c.broken && !c.rest.size);
	assert_written(varints[_i].hex);
}
END_TEST

/* MQTT 5.0 table 2-4, written down a second time: identifier, a value, and the packets that carry it
 * (W will, 1 CONNECT, 2 CONNACK, ... f AUTH), and those in which it may repeat. */
static const struct {
	const char *property, *packets, *repeats;
} table[] = {
	{ "01 00", "W3", "" },
	{ "02 00000001", "W3", "" },
	{ "03 0000", "W3", "" },
	{ "08 0000", "W3", "" },
	{ "09 0000", "W3", "" },
	{ "0b 01", "38", "3" },
	{ "11 00000001", "12e", "" },
	{ "12 0000", "2", "" },
	{ "13 0001", "2", "" },
	{ "15 0000", "12f", "" },
	{ "16 0000", "12f", "" },
	{ "17 00", "1", "" },
	{ "18 00000001", "W", "" },
	{ "19 00", "1", "" },
	{ "1a 0000", "2", "" },
	{ "1c 0000", "2e", "" },
	{ "1f 0000", "245679bef", "" },
	{ "21 0001", "12", "" },
	{ "22 0001", "12", "" },
	{ "23 0001", "3", "" },
	{ "24 00", "2", "" },
	{ "25 00", "2", "" },
	{ "26 0000 0000", "W123456789abef", "W123456789abef" },
	{ "27 00000001", "12", "" },
	{ "28 00", "2", "" },
	{ "29 00", "2", "" },
	{ "2a 00", "2", "" },
};

static bool section_sound(const char *hex, unsigned times, enum packet_type type, struct packet_fault *fault)
{
	struct properties properties;
	struct buf section;
	struct cursor c;
	bool sound;

	buf_clear(&out);
	buf_init(&section, 64);
	while (times--)
		hex_put(&section, hex);
	varint_put(&out, (uint32_t)section.size);
	buf_put(&out, buf_slice(&section));
	buf_release(&section);
	c = cursor_of(buf_slice(&out));
	sound = properties_read(&c, type, &properties, fault);
	ck_assert(!sound || !c.rest.size);
	return sound;
}

START_TEST(property_table)
{
	const char *names = "W123456789abcdef";

	for (unsigned type = 0; type < PACKET_TYPES; type++) {
		struct packet_fault fault = { FAULT_NONE, 0, "" };
		bool expected = strchr(table[_i].packets, names[type]) != NULL;

		ck_assert_msg(section_sound(table[_i].property, 1, (enum packet_type)type, &fault) == expected,
			      "property %s in packet %c", table[_i].property, names[type]);
		ck_assert_uint_eq(fault.code, expected ? 0 : 0x81);
		if (!expected)
			continue;
		expected = strchr(table[_i].repeats, names[type]) != NULL;
		ck_assert(section_sound(table[_i].property, 2, (enum packet_type)type, &fault) == expected);
		ck_assert_uint_eq(fault.code, expected ? 0 : 0x82);
	}
}
END_TEST

/* Every other identifier is unknown. */
START_TEST(property_unknown)
{
	unsigned known = 0;

	for (unsigned id = 0; id < 128; id++) {
		struct packet_fault fault;
		char hex[40];

		snprintf(hex, sizeof hex, "%02x", id);
		for (size_t i = 0; i < sizeof table / sizeof *table; i++)
			if (strncmp(table[i].property, hex, 2) == 0)
				goto next;
		snprintf(hex, sizeof hex, "%02x 00000000", id);
		ck_assert(!section_sound(hex, 1, PACKET_CONNECT, &fault));
		ck_assert_uint_eq(fault.code, 0x81);
		continue;
	next:
		known++;
	}
	ck_assert_uint_eq(known, sizeof table / sizeof *table);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("packet write");
	TCase *all = tcase_create("write");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_add_test(all, connack);
	tcase_add_test(all, connack_with_less);
	tcase_add_test(all, connack_refusal);
	tcase_add_test(all, small_ones);
	tcase_add_test(all, acks_of_lists);
	tcase_add_test(all, publish);
	tcase_add_loop_test(all, varint_both_ways, 0, sizeof varints / sizeof *varints);
	tcase_add_loop_test(all, property_table, 0, sizeof table / sizeof *table);
	tcase_add_test(all, property_unknown);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
