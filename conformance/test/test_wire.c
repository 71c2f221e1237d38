/* The suite's codec: what it builds it reads; what is malformed it refuses, with its class; and no
 * bytes whatever make it read where it should not. */
#include "broker_packets.h"
#include "wire/build.h"
#include "wire/cursor.h"
#include "wire/describe.h"
#include "wire/read.h"

#include <check.h>
#include <stdlib.h>

static struct packet read_whole(const struct buf *bytes, enum direction from)
{
	struct packet packet;
	struct fault fault = { FAULT_NONE, "" };
	ck_assert(!bytes->failed);
	enum read_result result = packet_read(buf_slice(bytes), from, &packet, &fault);
	ck_assert_msg(result == READ_PACKET, "%s", fault.text);
	ck_assert_uint_eq(packet.size, bytes->size);
	for (size_t cut = 0; cut < bytes->size; cut++) {
		struct packet part;
		ck_assert_int_eq(packet_read(slice_of(bytes->data, cut), from, &part, &fault), READ_MORE);
	}
	return packet;
}

static void is_text(struct slice slice, const char *text)
{
	ck_assert_msg(slice_is(slice, text), "%.*s is not %s", (int)slice.size, (const char *)slice.data, text);
}

START_TEST(connect)
{
	struct buf out, properties;
	struct property p;
	buf_init(&out, 4096);
	buf_init(&properties, 4096);
	build_number(&properties, PROPERTY_SESSION_EXPIRY, 70000);
	build_number(&properties, PROPERTY_RECEIVE_MAXIMUM, 9);
	build_pair(&properties, slice_text("a"), slice_text("b"));
	struct connect fields = {
		.clean_start = true, .keep_alive = 30, .properties = buf_slice(&properties), .client_id = slice_text("c"),
		.will = { .present = true, .retain = true, .qos = 1, .topic = slice_text("w/t"), .payload = slice_text("gone") },
		.has_username = true, .has_password = true, .username = slice_text("u"), .password = slice_text("p.q.r"),
	};
	build_connect(&out, &fields, NULL);
	struct packet packet = read_whole(&out, FROM_CLIENT);
	ck_assert(packet.type == PACKET_CONNECT && packet.clean_start && packet.keep_alive == 30);
	ck_assert(packet.will.present && packet.will.retain && packet.will.qos == 1);
	is_text(packet.will.topic, "w/t");
	is_text(packet.will.payload, "gone");
	is_text(packet.client_id, "c");
	is_text(packet.username, "u");
	is_text(packet.password, "p.q.r");
	ck_assert_uint_eq(property_number(packet.properties, PROPERTY_SESSION_EXPIRY, 0), 70000);
	ck_assert_uint_eq(property_number(packet.properties, PROPERTY_MAXIMUM_QOS, 2), 2);
	ck_assert(property_find(packet.properties, PROPERTY_USER, &p));
	is_text(p.key, "a");
	is_text(p.text, "b");
	buf_release(&properties);
	buf_release(&out);
}
END_TEST

START_TEST(publish)
{
	static const size_t sizes[] = { 0, 1, 119, 120, 16370, 16390, 900000 };
	size_t size = sizes[_i];
	char *payload = calloc(1, size + 1);
	struct buf out;
	memset(payload, 'x', size);
	buf_init(&out, WIRE_PACKET_MAX);
	struct publish fields = { .qos = 1, .id = 77, .retain = true, .topic = slice_text("a/b"),
				  .payload = slice_of(payload, size) };
	build_publish(&out, &fields, NULL);
	struct packet packet;
	struct fault fault;
	ck_assert_int_eq(packet_read(buf_slice(&out), FROM_BROKER, &packet, &fault), READ_PACKET);
	ck_assert(packet.qos == 1 && packet.id == 77 && packet.retain && !packet.dup);
	ck_assert_uint_eq(packet.payload.size, size);
	buf_release(&out);
	free(payload);
}
END_TEST

START_TEST(acks_and_filters)
{
	static const enum packet_type types[] = { PACKET_PUBACK, PACKET_PUBREC, PACKET_PUBREL, PACKET_PUBCOMP };
	static const char *const filters[] = { "a/+", "#" };
	struct buf out;
	buf_init(&out, 4096);
	for (size_t i = 0; i < 4; i++) {
		for (unsigned code = 0; code < 0x100; code += 0x87) {
			buf_clear(&out);
			build_ack(&out, types[i], 5, (unsigned char)code, NULL);
			struct packet packet;
			struct fault fault;
			ck_assert_int_eq(packet_read(buf_slice(&out), FROM_BROKER, &packet, &fault), READ_PACKET);
			ck_assert(packet.type == types[i] && packet.id == 5 && packet.code == code);
		}
	}
	buf_clear(&out);
	struct filters fields = { .id = 6, .filters = filters, .count = 2, .options = 1 };
	build_filters(&out, PACKET_SUBSCRIBE, &fields, NULL);
	struct packet packet = read_whole(&out, FROM_CLIENT);
	struct slice rest = packet.filters, filter;
	unsigned char options;
	for (size_t i = 0; i < 2; i++) {
		ck_assert(filter_next(&rest, packet.type, &filter, &options));
		is_text(filter, filters[i]);
		ck_assert_uint_eq(options, 1);
	}
	ck_assert(!filter_next(&rest, packet.type, &filter, &options));
	buf_clear(&out);
	broker_codes(&out, PACKET_SUBACK, 6, slice_of("\x01\x87", 2));
	packet = read_whole(&out, FROM_BROKER);
	ck_assert(packet.id == 6 && packet.codes.size == 2 && packet.codes.data[1] == 0x87);
	buf_release(&out);
}
END_TEST

/* Every property, in every packet of a broker: read back where it belongs, refused elsewhere. */
START_TEST(properties)
{
	for (uint32_t id = 0; id < 0x80; id++) {
		const struct property_fact *fact = property_fact(id);
		if (!fact)
			continue;
		struct buf bytes, twice;
		const char *name;
		buf_init(&bytes, 64);
		buf_init(&twice, 128);
		if (fact->kind == KIND_PAIR)
			build_pair(&bytes, slice_text("k"), slice_text("v"));
		else if (fact->kind >= KIND_STRING)
			build_text(&bytes, fact->id, slice_text("t"));
		else
			build_number(&bytes, fact->id, 1);
		buf_put(&twice, buf_slice(&bytes));
		buf_put(&twice, buf_slice(&bytes));
		for (int type = 0; type < PACKET_TYPES; type++) {
			const char *wrong = properties_check(buf_slice(&bytes), (enum packet_type)type, FROM_BROKER, &name);
			bool clients = id == PROPERTY_SESSION_EXPIRY && type == PACKET_DISCONNECT;
			bool lonely = id == PROPERTY_AUTH_DATA;
			ck_assert_msg((wrong == NULL) == ((fact->packets >> type & 1) == 1 && !clients && !lonely), "%s in %s",
				      fact->name, packet_name((enum packet_type)type));
			bool repeats = id == PROPERTY_USER || (id == PROPERTY_SUBSCRIPTION_ID && type == PACKET_PUBLISH);
			if (!wrong)
				ck_assert((properties_check(buf_slice(&twice), (enum packet_type)type, FROM_BROKER, &name) == NULL) ==
					  repeats);
		}
		buf_release(&bytes);
		buf_release(&twice);
	}
}
END_TEST

#define BYTES(text) text, sizeof(text) - 1

static const struct {
	const char *bytes;
	size_t size;
	enum direction from;
	enum fault_class class;
	const char *words;
} wrong[] = {
	{ BYTES("\x00\x00"), FROM_BROKER, FAULT_MALFORMED, "type 0" },
	{ BYTES("\x10\x00"), FROM_BROKER, FAULT_PROTOCOL, "only a client sends" },
	{ BYTES("\xd0\x00"), FROM_CLIENT, FAULT_PROTOCOL, "only a broker sends" },
	{ BYTES("\xd1\x00"), FROM_BROKER, FAULT_MALFORMED, "reserved header flags" },
	{ BYTES("\xd0\x01\x00"), FROM_BROKER, FAULT_MALFORMED, "left over" },
	{ BYTES("\x60\x02\x00\x01"), FROM_BROKER, FAULT_MALFORMED, "reserved header flags" },
	{ BYTES("\xd0\x80\x00"), FROM_BROKER, FAULT_MALFORMED, "Remaining Length" },
	{ BYTES("\xd0\xff\xff\xff\xff\x7f"), FROM_BROKER, FAULT_MALFORMED, "Remaining Length" },
	{ BYTES("\x30\xff\xff\xff\x7f"), FROM_BROKER, FAULT_LIMIT, "Maximum Packet Size" },
	{ BYTES("\x20\x03\x02\x00\x00"), FROM_BROKER, FAULT_MALFORMED, "acknowledge flags" },
	{ BYTES("\x20\x03\x01\x86\x00"), FROM_BROKER, FAULT_PROTOCOL, "Session Present" },
	{ BYTES("\x20\x02\x00\x00"), FROM_BROKER, FAULT_MALFORMED, "property length" },
	{ BYTES("\x20\x05\x00\x00\x02\x24\x02"), FROM_BROKER, FAULT_PROTOCOL, "out of range: Maximum QoS" },
	{ BYTES("\x20\x05\x00\x00\x02\x7e\x02"), FROM_BROKER, FAULT_PROTOCOL, "unknown property" },
	{ BYTES("\x20\x05\x00\x00\x02\x01\x01"), FROM_BROKER, FAULT_PROTOCOL, "does not have: Payload Format" },
	{ BYTES("\x36\x06\x00\x01t\x00\x01\x00"), FROM_BROKER, FAULT_MALFORMED, "QoS 3" },
	{ BYTES("\x38\x04\x00\x01t\x00"), FROM_BROKER, FAULT_MALFORMED, "DUP 1" },
	{ BYTES("\x32\x06\x00\x01t\x00\x00\x00"), FROM_BROKER, FAULT_PROTOCOL, "Packet Identifier 0" },
	{ BYTES("\x30\x04\x00\x01#\x00"), FROM_BROKER, FAULT_MALFORMED, "wildcard" },
	{ BYTES("\x30\x03\x00\x00\x00"), FROM_BROKER, FAULT_PROTOCOL, "neither Topic Name" },
	{ BYTES("\x30\x04\x00\x01\xff\x00"), FROM_BROKER, FAULT_MALFORMED, "not well formed" },
	{ BYTES("\x30\x03\x00\x09t"), FROM_BROKER, FAULT_MALFORMED, "cut off" },
	{ BYTES("\x40\x02\x00\x00"), FROM_BROKER, FAULT_PROTOCOL, "Packet Identifier 0" },
	{ BYTES("\x40\x01\x00"), FROM_BROKER, FAULT_MALFORMED, "cut off" },
	{ BYTES("\x90\x03\x00\x01\x00"), FROM_BROKER, FAULT_PROTOCOL, "no reason code" },
	{ BYTES("\x82\x03\x00\x01\x00"), FROM_CLIENT, FAULT_PROTOCOL, "no Topic Filter" },
	{ BYTES("\x82\x07\x00\x01\x00\x00\x01t\x03"), FROM_CLIENT, FAULT_MALFORMED, "subscription options" },
	{ BYTES("\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x00\x00"), FROM_CLIENT, FAULT_PROTOCOL, "MQTT 5" },
	{ BYTES("\x10\x0d\x00\x04MQTT\x05\x03\x00\x00\x00\x00\x00"), FROM_CLIENT, FAULT_MALFORMED, "reserved flag" },
	{ BYTES("\x10\x0d\x00\x04MQTT\x05\x20\x00\x00\x00\x00\x00"), FROM_CLIENT, FAULT_MALFORMED, "will flags" },
	{ BYTES("\x10\x13\x00\x04MQTT\x05\x04\x00\x00\x00\x00\x00\x00\x00\x01#\x00\x00"), FROM_CLIENT, FAULT_MALFORMED, "Will Topic" },
	{ BYTES("\x10\x12\x00\x04MQTT\x05\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), FROM_CLIENT, FAULT_MALFORMED, "empty Will Topic" },
	{ BYTES("\x30\x08\x00\x01t\x04\x08\x00\x01#"), FROM_CLIENT, FAULT_PROTOCOL, "Response Topic" },
	{ BYTES("\x30\x06\x00\x01t\x02\x0b\x01"), FROM_CLIENT, FAULT_PROTOCOL, "only the other side may send: Subscription" },
	{ BYTES("\xe0\x07\x00\x05\x11\x00\x00\x00\x01"), FROM_BROKER, FAULT_PROTOCOL, "only the other side may send: Session" },
	{ BYTES("\xe0\x06\x00\x04\x1c\x00\x01s"), FROM_CLIENT, FAULT_PROTOCOL, "only the other side may send: Server" },
	{ BYTES("\x20\x07\x00\x00\x04\x16\x00\x01x"), FROM_BROKER, FAULT_PROTOCOL, "without Authentication Method" },
	{ BYTES("\xf0\x02\x18\x00"), FROM_BROKER, FAULT_PROTOCOL, "no Authentication Method" },
	{ BYTES("\xf0\x01\x18"), FROM_BROKER, FAULT_PROTOCOL, "no Authentication Method" },
};

START_TEST(malformed)
{
	struct packet packet;
	struct fault fault = { FAULT_NONE, "" };
	enum read_result result = packet_read(slice_of(wrong[_i].bytes, wrong[_i].size), wrong[_i].from, &packet, &fault);
	ck_assert_int_eq(result, READ_WRONG);
	ck_assert_msg(fault.class == wrong[_i].class, "%s: %s", fault_class_name(fault.class), fault.text);
	ck_assert_msg(strstr(fault.text, wrong[_i].words) != NULL, "\"%s\" lacks \"%s\"", fault.text, wrong[_i].words);
}
END_TEST

/* What the builder lies about, the reader sees. */
START_TEST(auth_and_disconnect)
{
	struct buf out, fields;
	buf_init(&out, 256);
	buf_init(&fields, 256);
	build_text(&fields, PROPERTY_AUTH_METHOD, slice_text("OAUTH2-JWT"));
	build_text(&fields, PROPERTY_AUTH_DATA, slice_text("h.c.secret"));
	build_auth(&out, 0x19, buf_slice(&fields), NULL);
	struct packet packet = read_whole(&out, FROM_CLIENT);
	ck_assert(packet.type == PACKET_AUTH && packet.code == 0x19);
	json_t *json = packet_json(&packet);
	char *text = json_dumps(json, 0);
	ck_assert_msg(strstr(text, "OAUTH2-JWT") && !strstr(text, "secret"), "%s", text);
	free(text);
	json_decref(json);
	buf_clear(&out);
	buf_clear(&fields);
	build_number(&fields, PROPERTY_SESSION_EXPIRY, 0);
	build_disconnect(&out, 0x04, buf_slice(&fields), NULL);
	packet = read_whole(&out, FROM_CLIENT);
	ck_assert(packet.code == 0x04 && property_number(packet.properties, PROPERTY_SESSION_EXPIRY, 9) == 0);
	buf_release(&fields);
	buf_release(&out);
}
END_TEST

START_TEST(filters_formed)
{
	static const struct {
		const char *filter;
		unsigned char options;
		bool good;
	} cases[] = {
		{ "a", 0, true },       { "/", 0, true },          { "+/#", 2, true },      { "$share/g/#", 0, true },
		{ "$shared", 0, true }, { "$share/g//", 0, true }, { "a+", 0, false },      { "#/a", 0, false },
		{ "a/b#", 0, false },   { "$share", 0, false },    { "$share/g", 0, false }, { "$share//t", 0, false },
		{ "$share/+/t", 0, false }, { "$share/g/", 0, false }, { "a", 4, true }, { "$share/g/a", 4, false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *const filters[] = { cases[i].filter };
		struct filters fields = { .id = 6, .filters = filters, .count = 1, .options = cases[i].options };
		struct packet packet;
		struct fault fault;
		struct buf out;
		buf_init(&out, 256);
		build_filters(&out, PACKET_SUBSCRIBE, &fields, NULL);
		ck_assert_msg((packet_read(buf_slice(&out), FROM_CLIENT, &packet, &fault) == READ_PACKET) == cases[i].good, "%s",
			      cases[i].filter);
		buf_release(&out);
	}
}
END_TEST

START_TEST(lying)
{
	static const struct lie lies[] = {
		{ .other_flags = true, .flags = 1 }, { .length_delta = -1 }, { .overlong = true },
		{ .trailer = { (const unsigned char *)"x", 1 } },
	};
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct buf out;
		struct packet packet;
		struct fault fault;
		buf_init(&out, 64);
		build_ack(&out, PACKET_PUBACK, 1, 0x10, &lies[i]);
		bool honest = packet_read(buf_slice(&out), FROM_BROKER, &packet, &fault) == READ_PACKET &&
			      packet.size == out.size;
		ck_assert_msg(!honest, "lie %zu", i);
		buf_release(&out);
	}
	struct buf long_text;
	buf_init(&long_text, 1 << 20);
	char *text = calloc(1, 70000);
	build_text(&long_text, PROPERTY_CONTENT_TYPE, slice_of(text, 70000));
	ck_assert(long_text.failed);
	buf_release(&long_text);
	free(text);
}
END_TEST

/* Whatever comes, reading it ends, stays inside, and can be described. */
START_TEST(noise)
{
	unsigned random = (unsigned)_i + 1;
	for (int round = 0; round < 4000; round++) {
		unsigned char bytes[96];
		size_t size = random % sizeof bytes;
		for (size_t i = 0; i < size; i++) {
			random = random * 1103515245u + 12345u;
			bytes[i] = (unsigned char)(random >> 16 & (random >> 30 ? 0x0f : 0xff));
		}
		if (size > 1)
			bytes[1] = (unsigned char)(size - 2);
		unsigned char *exact = malloc(size ? size : 1); /* so that a sanitizer sees a step too far */
		memcpy(exact, bytes, size);
		struct packet packet;
		struct fault fault;
		for (int from = 0; from < 2; from++) {
			if (packet_read(slice_of(exact, size), (enum direction)from, &packet, &fault) != READ_PACKET)
				continue;
			struct buf words;
			buf_init(&words, 4096);
			packet_describe(&packet, &words);
			json_t *json = packet_json(&packet);
			ck_assert(!words.failed && json != NULL);
			json_decref(json);
			buf_release(&words);
		}
		free(exact);
	}
}
END_TEST

START_TEST(words)
{
	struct buf out;
	struct packet packet = { .type = PACKET_PUBACK, .code = 0x87, .id = 3 };
	buf_init(&out, 4096);
	packet_describe(&packet, &out);
	ck_assert_str_eq(buf_string(&out), "PUBACK 0x87 Not authorized (packet id 3)");
	buf_clear(&out);
	packet.code = 0x86;
	packet_describe(&packet, &out);
	ck_assert_str_eq(buf_string(&out), "PUBACK 0x86 Bad User Name or Password (not a code of this packet) (packet id 3)");
	buf_clear(&out);
	packet = (struct packet){ .type = PACKET_PUBLISH, .topic = slice_text("a\n\"b"), .payload = slice_text("12") };
	packet_describe(&packet, &out);
	ck_assert_str_eq(buf_string(&out), "PUBLISH \"a\\x0A\\x22b\" (QoS 0, 2 bytes of payload)");
	buf_clear(&out);
	packet = (struct packet){ .type = PACKET_SUBACK, .id = 2, .codes = slice_of("\x00\x87", 2) };
	packet_describe(&packet, &out);
	ck_assert_str_eq(buf_string(&out), "SUBACK 0x00 0x87 (packet id 2)");
	buf_release(&out);
	ck_assert(code_legal(PACKET_CONNACK, 0x86) && !code_legal(PACKET_PUBACK, 0x86));
	ck_assert_str_eq(code_name(PACKET_DISCONNECT, 0x00), "Normal disconnection");
	ck_assert_str_eq(code_name(PACKET_SUBACK, 0x7f), "unknown reason code");
}
END_TEST

START_TEST(hex)
{
	struct buf out;
	buf_init(&out, 16);
	ck_assert(hex_decode(slice_text("00ff1a"), &out));
	ck_assert(slice_equal(buf_slice(&out), slice_of("\x00\xff\x1a", 3)));
	ck_assert(!hex_decode(slice_text("0"), &out));
	ck_assert(!hex_decode(slice_text("0G"), &out));
	ck_assert(!hex_decode(slice_text("AA"), &out));
	buf_release(&out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire");
	TCase *tests = tcase_create("codec");
	tcase_add_test(tests, connect);
	tcase_add_loop_test(tests, publish, 0, 7);
	tcase_add_test(tests, acks_and_filters);
	tcase_add_test(tests, properties);
	tcase_add_loop_test(tests, malformed, 0, (int)(sizeof wrong / sizeof *wrong));
	tcase_add_test(tests, auth_and_disconnect);
	tcase_add_test(tests, filters_formed);
	tcase_add_test(tests, lying);
	tcase_add_loop_test(tests, noise, 0, 4);
	tcase_add_test(tests, words);
	tcase_add_test(tests, hex);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
