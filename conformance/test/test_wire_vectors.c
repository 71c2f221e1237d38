/* The suite's codec answers vectors/packet, of both sides: sound packets field by field; of the others
 * those whose form is wrong. It is silent about meaning, which is for the judge. */
#include "json.h"
#include "wire/property.h"
#include "wire/read.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { BYTES_MAX = 1 << 17 };

static json_t *text_json(struct slice text)
{
	return json_stringn(text.size ? (const char *)text.data : "", text.size);
}

static json_t *hex_json(struct slice bytes)
{
	char *text = calloc(bytes.size + 1, 2);
	json_t *value;

	for (size_t i = 0; i < bytes.size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes.data[i]);
	value = json_string(text);
	free(text);
	return value;
}

static json_t *code_json(unsigned char code)
{
	char text[8];

	snprintf(text, sizeof text, "0x%02x", code);
	return json_string(text);
}

static json_t *property_json(const struct property *p)
{
	switch (p->fact->kind) {
	case KIND_PAIR:
		return json_pack("[s, o, o]", p->fact->name, text_json(p->key), text_json(p->text));
	case KIND_STRING:
		return json_pack("[s, o]", p->fact->name, text_json(p->text));
	case KIND_BINARY:
		return json_pack("[s, o]", p->fact->name, hex_json(p->text));
	default:
		return json_pack("[s, I]", p->fact->name, (json_int_t)p->number);
	}
}

static json_t *properties_json(struct slice rest)
{
	struct property property;
	json_t *list = json_array();

	while (property_next(&rest, &property))
		json_array_append_new(list, property_json(&property));
	return list;
}

static void set(json_t *fields, const char *name, json_t *value)
{
	ck_assert_int_eq(json_object_set_new(fields, name, value), 0);
}

static void put_connect(const struct packet *p, json_t *fields)
{
	set(fields, "clean_start", json_boolean(p->clean_start));
	set(fields, "keep_alive", json_integer(p->keep_alive));
	set(fields, "client_id", text_json(p->client_id));
	if (p->will.present)
		set(fields, "will", json_pack("{s:i, s:b, s:o, s:o, s:o}", "qos", p->will.qos, "retain", p->will.retain,
					      "properties", properties_json(p->will.properties), "topic",
					      text_json(p->will.topic), "payload", hex_json(p->will.payload)));
	if (p->has_username)
		set(fields, "username", text_json(p->username));
	if (p->has_password)
		set(fields, "password", hex_json(p->password));
}

static void put_publish(const struct packet *p, json_t *fields)
{
	set(fields, "dup", json_boolean(p->dup));
	set(fields, "qos", json_integer(p->qos));
	set(fields, "retain", json_boolean(p->retain));
	set(fields, "topic", text_json(p->topic));
	set(fields, "payload", hex_json(p->payload));
	if (p->qos)
		set(fields, "id", json_integer(p->id));
}

static json_t *entry_json(const struct packet *p, struct slice filter, unsigned char options)
{
	if (p->type == PACKET_UNSUBSCRIBE)
		return text_json(filter);
	return json_pack("{s:o, s:i, s:b, s:b, s:i}", "filter", text_json(filter), "qos", options & 3, "no_local",
			 (options & 4) != 0, "retain_as_published", (options & 8) != 0, "retain_handling", options >> 4);
}

static void put_lists(const struct packet *p, json_t *fields)
{
	struct slice rest = p->filters, filter;
	unsigned char options;
	json_t *list = json_array();
	bool answer = p->type == PACKET_SUBACK || p->type == PACKET_UNSUBACK;

	set(fields, "id", json_integer(p->id));
	for (size_t i = 0; i < p->codes.size; i++)
		json_array_append_new(list, code_json(p->codes.data[i]));
	while (filter_next(&rest, p->type, &filter, &options))
		json_array_append_new(list, entry_json(p, filter, options));
	set(fields, answer ? "codes" : "filters", list);
}

static void put_reason(const struct packet *p, json_t *fields)
{
	set(fields, "code", code_json(p->code));
	if (p->type == PACKET_CONNACK)
		set(fields, "session_present", json_boolean(p->session_present));
	else if (p->id)
		set(fields, "id", json_integer(p->id));
}

static void put_nothing(const struct packet *p, json_t *fields)
{
	(void)p;
	json_object_del(fields, "properties");
}

static void (*const writers[PACKET_TYPES])(const struct packet *p, json_t *fields) = {
	[PACKET_CONNECT] = put_connect,	  [PACKET_CONNACK] = put_reason,     [PACKET_PUBLISH] = put_publish,
	[PACKET_PUBACK] = put_reason,	  [PACKET_PUBREC] = put_reason,	     [PACKET_PUBREL] = put_reason,
	[PACKET_PUBCOMP] = put_reason,	  [PACKET_SUBSCRIBE] = put_lists,    [PACKET_SUBACK] = put_lists,
	[PACKET_UNSUBSCRIBE] = put_lists, [PACKET_UNSUBACK] = put_lists,     [PACKET_PINGREQ] = put_nothing,
	[PACKET_PINGRESP] = put_nothing,  [PACKET_DISCONNECT] = put_reason,  [PACKET_AUTH] = put_reason,
};

static const char *text_of(const json_t *vector, const char *name)
{
	const char *text = json_string_value(json_object_get(vector, name));

	ck_assert_msg(text != NULL, "no %s", name);
	return text;
}

static void check_packet(const json_t *vector, const struct packet *p, size_t given)
{
	const json_t *size = json_object_get(vector, "size");
	json_t *fields = json_pack("{s:s, s:o}", "type", packet_name(p->type), "properties", properties_json(p->properties));
	char *text;

	writers[p->type](p, fields);
	text = json_dumps(fields, JSON_COMPACT);
	ck_assert_msg(json_equal(fields, json_object_get(vector, "packet")), "%s: read as %s", text_of(vector, "id"), text);
	ck_assert_uint_eq(p->size, size ? (size_t)json_integer_value(size) : given);
	free(text);
	json_decref(fields);
}

/* A code that the packet cannot have is seen by whoever asks for it. */
static bool codes_legal(const struct packet *p)
{
	bool legal = p->code == 0 || code_legal(p->type, p->code);

	for (size_t i = 0; i < p->codes.size; i++)
		legal = legal && code_legal(p->type, p->codes.data[i]);
	return legal;
}

static size_t from_hex(const char *text, unsigned char *bytes)
{
	size_t size = strlen(text) / 2;

	ck_assert_uint_le(size, BYTES_MAX);
	for (size_t i = 0; i < size; i++) {
		char pair[3] = { text[2 * i], text[2 * i + 1], '\0' };
		bytes[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return size;
}

static void ask(const json_t *vector, unsigned char *bytes)
{
	const char *id = text_of(vector, "id"), *expect = text_of(vector, "expect");
	const enum direction from = strcmp(text_of(vector, "from"), "client") == 0 ? FROM_CLIENT : FROM_BROKER;
	const size_t size = from_hex(text_of(vector, "bytes"), bytes);
	struct fault fault = { FAULT_NONE, "" };
	struct packet packet;
	enum read_result result = packet_read(slice_of(bytes, size), from, &packet, &fault);

	if (strcmp(expect, "packet") == 0) {
		ck_assert_msg(result == READ_PACKET && codes_legal(&packet), "%s: %s", id, fault.text);
		check_packet(vector, &packet, size);
	} else if (strcmp(expect, "incomplete") == 0) {
		ck_assert_msg(result == READ_MORE, "%s", id);
	} else if (strcmp(text_of(vector, "layer"), "form") == 0) {
		ck_assert_msg(result == READ_WRONG || (result == READ_PACKET && !codes_legal(&packet)), "%s was read", id);
	}
}

START_TEST(packets)
{
	static const char path[] = SOURCE_DIR "/vectors/packet";
	const struct json_limits limits = { (size_t)4 << 20, 64 };
	unsigned char *bytes = malloc(BYTES_MAX);
	DIR *folder = opendir(path);
	struct dirent *entry;
	size_t count = 0;

	ck_assert(bytes && folder);
	while ((entry = readdir(folder))) {
		struct fault fault = { FAULT_NONE, "" };
		char name[512];
		size_t index;
		json_t *document, *vector;

		if (!strstr(entry->d_name, ".json"))
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		document = json_read_file(name, &limits, &fault);
		ck_assert_msg(document != NULL, "%s", fault.text);
		json_array_foreach(json_object_get(document, "vectors"), index, vector) {
			ask(vector, bytes);
			count++;
		}
		json_decref(document);
	}
	closedir(folder);
	free(bytes);
	ck_assert_uint_ge(count, 200);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire-vectors");
	TCase *tests = tcase_create("packets");

	tcase_add_test(tests, packets);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
