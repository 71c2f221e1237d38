/* packet/: what is read out of sound packets, and that no part of one is taken for the whole. */
#include "hex.h"
#include "packet.h"

#include <check.h>

static struct buf bytes;
static struct packet packet;
static struct packet_fault fault;

static void setup(void)
{
	buf_init(&bytes, 4096);
}

static void teardown(void)
{
	buf_release(&bytes);
}

static enum packet_result read_hex(const char *hex)
{
	buf_clear(&bytes);
	hex_put(&bytes, hex);
	return packet_read(buf_slice(&bytes), LIMIT_PACKET_BYTES, &packet, &fault);
}

#define assert_text(slice, text) ck_assert(slice_is(slice, text))

START_TEST(connect_minimal)
{
	ck_assert_int_eq(read_hex("10 0d 0004 'MQTT' 05 02 003c 00 0000"), PACKET_READ);
	ck_assert_int_eq(packet.type, PACKET_CONNECT);
	ck_assert_uint_eq(packet.size, 15);
	ck_assert(packet.connect.clean_start);
	ck_assert_uint_eq(packet.connect.keep_alive, 60);
	ck_assert_uint_eq(packet.connect.client_id.size, 0);
	ck_assert(!packet.connect.has_will && !packet.connect.has_username && !packet.connect.has_password);
}
END_TEST

START_TEST(connect_full)
{
	ck_assert_int_eq(read_hex("10 37 0004 'MQTT' 05 ee 000a"
				  "0d 11 00000e10 21 0005 27 00010000"
				  "0001 'c'"
				  "07 18 00000005 01 01 0001 'w' 0002 'by'"
				  "0004 'user' 0005 'token'"),
			 PACKET_READ);
	ck_assert(packet.connect.has_will && packet.connect.has_username && packet.connect.has_password);
	assert_text(packet.connect.client_id, "c");
	assert_text(packet.connect.username, "user");
	assert_text(packet.connect.password, "token");
	assert_text(packet.connect.will.topic, "w");
	assert_text(packet.connect.will.payload, "by");
	ck_assert_uint_eq(packet.connect.will.qos, 1);
	ck_assert(packet.connect.will.retain);
	ck_assert_uint_eq(properties_number(&packet.connect.properties, PROPERTY_SESSION_EXPIRY, 0), 3600);
	ck_assert_uint_eq(properties_number(&packet.connect.properties, PROPERTY_RECEIVE_MAXIMUM, 0), 5);
	ck_assert_uint_eq(properties_number(&packet.connect.properties, PROPERTY_MAXIMUM_PACKET_SIZE, 0), 65536);
	ck_assert_uint_eq(properties_number(&packet.connect.properties, PROPERTY_REQUEST_PROBLEM, 1), 1);
	ck_assert_uint_eq(properties_number(&packet.connect.will.properties, PROPERTY_WILL_DELAY, 0), 5);
}
END_TEST

/* MQTT 5.0 allows a Password without a User Name. */
START_TEST(connect_password_alone)
{
	ck_assert_int_eq(read_hex("10 12 0004 'MQTT' 05 42 0000 00 0000 0003 'tok'"), PACKET_READ);
	ck_assert(packet.connect.has_password && !packet.connect.has_username);
	assert_text(packet.connect.password, "tok");
}
END_TEST

START_TEST(publish_qos0)
{
	ck_assert_int_eq(read_hex("30 06 0001 'a' 00 'hi'"), PACKET_READ);
	assert_text(packet.publish.topic, "a");
	assert_text(packet.publish.payload, "hi");
	ck_assert_uint_eq(packet.publish.qos, 0);
	ck_assert(!packet.publish.retain && !packet.publish.dup);
}
END_TEST

START_TEST(publish_qos1_with_properties)
{
	ck_assert_int_eq(read_hex("3b 21 0003 'a/b' 1234 16 01 01 02 00000078 08 0001 'r' 09 0002 'id'"
				  "26 0001 'k' 0001 'v' 'ok'"),
			 PACKET_BROKEN); /* the section ends inside its last property */
	ck_assert_int_eq(read_hex("3b 21 0003 'a/b' 1234 17 01 01 02 00000078 08 0001 'r' 09 0002 'id'"
				  "26 0001 'k' 0001 'v' 'ok'"),
			 PACKET_READ);
	ck_assert(packet.publish.dup && packet.publish.retain);
	ck_assert_uint_eq(packet.publish.qos, 1);
	ck_assert_uint_eq(packet.publish.id, 0x1234);
	assert_text(packet.publish.payload, "ok");
	assert_text(properties_text(&packet.publish.properties, PROPERTY_RESPONSE_TOPIC), "r");
	assert_text(properties_text(&packet.publish.properties, PROPERTY_CORRELATION_DATA), "id");
	ck_assert_uint_eq(properties_number(&packet.publish.properties, PROPERTY_MESSAGE_EXPIRY, 0), 120);
}
END_TEST

START_TEST(publish_qos2_is_read)
{
	ck_assert_int_eq(read_hex("34 06 0001 'a' 0001 00"), PACKET_READ);
	ck_assert_uint_eq(packet.publish.qos, 2);
}
END_TEST

START_TEST(user_properties_keep_their_order)
{
	struct property property;
	struct slice rest;

	ck_assert_int_eq(read_hex("30 16 0001 'a' 12 26 0001 'b' 0000 26 0001 'a' 0001 '1' 26 0000 0000"), PACKET_READ);
	rest = packet.publish.properties.raw;
	ck_assert(property_next(&rest, &property));
	assert_text(property.text, "b");
	ck_assert(property_next(&rest, &property));
	assert_text(property.text, "a");
	assert_text(property.second, "1");
	ck_assert(property_next(&rest, &property));
	ck_assert_uint_eq(property.text.size, 0);
	ck_assert(!property_next(&rest, &property));
}
END_TEST

START_TEST(subscribe_list)
{
	struct packet_subscription s;
	struct slice rest;

	ck_assert_int_eq(read_hex("82 13 0007 02 0b 05 0003 'a/+' 01 0001 '#' 2e 0001 'b' 10"), PACKET_READ);
	ck_assert_uint_eq(packet.filters.id, 7);
	ck_assert_uint_eq(packet.filters.count, 3);
	ck_assert_uint_eq(properties_number(&packet.filters.properties, PROPERTY_SUBSCRIPTION_ID, 0), 5);
	rest = packet.filters.list;
	ck_assert(packet_next_subscription(&rest, &s));
	assert_text(s.filter, "a/+");
	ck_assert(s.qos == 1 && !s.no_local && !s.retain_as_published && s.retain_handling == 0);
	ck_assert(packet_next_subscription(&rest, &s));
	assert_text(s.filter, "#");
	ck_assert(s.qos == 2 && s.no_local && s.retain_as_published && s.retain_handling == 2);
	ck_assert(packet_next_subscription(&rest, &s));
	ck_assert(s.qos == 0 && s.retain_handling == 1);
	ck_assert(!packet_next_subscription(&rest, &s));
}
END_TEST

START_TEST(unsubscribe_list)
{
	struct slice rest, filter;

	ck_assert_int_eq(read_hex("a2 09 0007 00 0001 'a' 0001 'b'"), PACKET_READ);
	ck_assert_uint_eq(packet.filters.count, 2);
	rest = packet.filters.list;
	ck_assert(packet_next_filter(&rest, &filter));
	assert_text(filter, "a");
	ck_assert(packet_next_filter(&rest, &filter));
	assert_text(filter, "b");
	ck_assert(!packet_next_filter(&rest, &filter));
}
END_TEST

static const struct {
	const char *hex;
	enum packet_type type;
	unsigned id, code;
} reasons[] = {
	{ "40 02 0102", PACKET_PUBACK, 0x102, 0 },
	{ "40 03 0102 87", PACKET_PUBACK, 0x102, 0x87 },
	{ "40 04 0102 10 00", PACKET_PUBACK, 0x102, 0x10 },
	{ "40 09 0102 00 05 1f 0002 'hm'", PACKET_PUBACK, 0x102, 0 },
	{ "50 02 0001", PACKET_PUBREC, 1, 0 },
	{ "62 03 0001 92", PACKET_PUBREL, 1, 0x92 },
	{ "70 02 0001", PACKET_PUBCOMP, 1, 0 },
	{ "e0 00", PACKET_DISCONNECT, 0, 0 },
	{ "e0 01 04", PACKET_DISCONNECT, 0, 4 },
	{ "e0 07 00 05 11 00000000", PACKET_DISCONNECT, 0, 0 },
	{ "f0 06 18 04 15 0001 'x'", PACKET_AUTH, 0, 0x18 },
};

START_TEST(reason_packets)
{
	ck_assert_int_eq(read_hex(reasons[_i].hex), PACKET_READ);
	ck_assert_int_eq(packet.type, reasons[_i].type);
	ck_assert_uint_eq(packet.reason.id, reasons[_i].id);
	ck_assert_uint_eq(packet.reason.code, reasons[_i].code);
	ck_assert_uint_eq(packet.size, bytes.size);
}
END_TEST

static const char *const sound[] = {
	"10 0d 0004 'MQTT' 05 02 003c 00 0000",
	"10 12 0004 'MQTT' 05 42 0000 00 0000 0003 'tok'",
	"30 06 0001 'a' 00 'hi'",
	"32 12 0001 'a' 0001 07 26 0001 'k' 0001 'v' '12345'",
	"40 02 0102",
	"82 07 0007 00 0001 'a' 01",
	"a2 06 0007 00 0001 'a'",
	"c0 00",
	"e0 00",
};

/* Whatever the network cuts off, the reader waits for; whatever follows, it leaves alone. */
START_TEST(every_prefix_needs_more)
{
	struct packet whole;
	size_t size;

	ck_assert_int_eq(read_hex(sound[_i]), PACKET_READ);
	whole = packet;
	size = bytes.size;
	ck_assert_uint_eq(whole.size, size);
	for (size_t n = 0; n < size; n++) {
		struct slice prefix = slice_part(buf_slice(&bytes), 0, n);

		ck_assert_int_eq(packet_read(prefix, LIMIT_PACKET_BYTES, &packet, &fault), PACKET_NEEDS_MORE);
		ck_assert_uint_gt(packet.size, n);
		ck_assert_uint_le(packet.size, size);
	}
	hex_put(&bytes, "00 ff 00");
	ck_assert_int_eq(packet_read(buf_slice(&bytes), LIMIT_PACKET_BYTES, &packet, &fault), PACKET_READ);
	ck_assert_uint_eq(packet.size, size);
}
END_TEST

/* Any single byte changed: read, refused or waited for, but never beyond the bytes (the sanitized
 * build watches), and what is consumed is what was there. */
START_TEST(every_byte_changed)
{
	ck_assert_int_eq(read_hex(sound[_i]), PACKET_READ);
	for (size_t n = 0; n < bytes.size; n++) {
		unsigned char kept = bytes.data[n];

		for (unsigned value = 0; value < 256; value++) {
			char *copy;

			bytes.data[n] = (unsigned char)value;
			copy = slice_copy(buf_slice(&bytes)); /* on the heap, to the byte: overreading shows */
			ck_assert_ptr_nonnull(copy);
			if (packet_read(slice_of(copy, bytes.size), LIMIT_PACKET_BYTES, &packet, &fault) == PACKET_READ)
				ck_assert_uint_le(packet.size, bytes.size);
			free(copy);
		}
		bytes.data[n] = kept;
	}
}
END_TEST

START_TEST(limit_at_its_edge)
{
	ck_assert_int_eq(read_hex("30 06 0001 'a' 00 'hi'"), PACKET_READ);
	ck_assert_int_eq(packet_read(buf_slice(&bytes), 8, &packet, &fault), PACKET_READ);
	ck_assert_int_eq(packet_read(buf_slice(&bytes), 7, &packet, &fault), PACKET_BROKEN);
	ck_assert_uint_eq(fault.code, 0x95);
	ck_assert_int_eq(fault.class, FAULT_LIMIT);
	/* known from the header alone, before the body is held */
	ck_assert_int_eq(packet_read(slice_part(buf_slice(&bytes), 0, 2), 7, &packet, &fault), PACKET_BROKEN);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("packet");
	TCase *all = tcase_create("read");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_add_test(all, connect_minimal);
	tcase_add_test(all, connect_full);
	tcase_add_test(all, connect_password_alone);
	tcase_add_test(all, publish_qos0);
	tcase_add_test(all, publish_qos1_with_properties);
	tcase_add_test(all, publish_qos2_is_read);
	tcase_add_test(all, user_properties_keep_their_order);
	tcase_add_test(all, subscribe_list);
	tcase_add_test(all, unsubscribe_list);
	tcase_add_loop_test(all, reason_packets, 0, sizeof reasons / sizeof *reasons);
	tcase_add_loop_test(all, every_prefix_needs_more, 0, sizeof sound / sizeof *sound);
	tcase_add_loop_test(all, every_byte_changed, 0, sizeof sound / sizeof *sound);
	tcase_add_test(all, limit_at_its_edge);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
