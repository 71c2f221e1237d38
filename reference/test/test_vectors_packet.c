/* The decoder answers vectors/packet: what a client may send, field by field, and what it may not, with
 * the class of error and a reason code that the standard lets stand. */
#include "hex.h"
#include "packet.h"
#include "vector_files.h"

/* What a client's packets can carry. */
static const struct {
	const char *name;
	enum { NUMBER, TEXT, BINARY, PAIR } kind;
} facts[PROPERTY_ID_LIMIT] = {
	[PROPERTY_PAYLOAD_FORMAT] = { "Payload Format Indicator", NUMBER },
	[PROPERTY_MESSAGE_EXPIRY] = { "Message Expiry Interval", NUMBER },
	[PROPERTY_CONTENT_TYPE] = { "Content Type", TEXT },
	[PROPERTY_RESPONSE_TOPIC] = { "Response Topic", TEXT },
	[PROPERTY_CORRELATION_DATA] = { "Correlation Data", BINARY },
	[PROPERTY_SUBSCRIPTION_ID] = { "Subscription Identifier", NUMBER },
	[PROPERTY_SESSION_EXPIRY] = { "Session Expiry Interval", NUMBER },
	[PROPERTY_AUTH_METHOD] = { "Authentication Method", TEXT },
	[PROPERTY_AUTH_DATA] = { "Authentication Data", BINARY },
	[PROPERTY_REQUEST_PROBLEM] = { "Request Problem Information", NUMBER },
	[PROPERTY_WILL_DELAY] = { "Will Delay Interval", NUMBER },
	[PROPERTY_REQUEST_RESPONSE] = { "Request Response Information", NUMBER },
	[PROPERTY_REASON_STRING] = { "Reason String", TEXT },
	[PROPERTY_RECEIVE_MAXIMUM] = { "Receive Maximum", NUMBER },
	[PROPERTY_TOPIC_ALIAS_MAXIMUM] = { "Topic Alias Maximum", NUMBER },
	[PROPERTY_TOPIC_ALIAS] = { "Topic Alias", NUMBER },
	[PROPERTY_USER] = { "User Property", PAIR },
	[PROPERTY_MAXIMUM_PACKET_SIZE] = { "Maximum Packet Size", NUMBER },
};

static json_t *text_json(struct slice text)
{
	return json_stringn(text.size ? (const char *)text.data : "", text.size);
}

static json_t *hex_json(struct slice bytes)
{
	struct buf out;
	json_t *value;

	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < bytes.size; i++)
		buf_format(&out, "%02x", bytes.data[i]);
	value = text_json(buf_slice(&out));
	buf_release(&out);
	return value;
}

static json_t *code_json(uint8_t code)
{
	char text[8];

	snprintf(text, sizeof text, "0x%02x", code);
	return json_string(text);
}

static json_t *property_json(const struct property *p)
{
	const char *name = facts[p->id].name;

	ck_assert_msg(name != NULL, "property 0x%02x", (unsigned)p->id);
	switch (facts[p->id].kind) {
	case PAIR:
		return json_pack("[s, o, o]", name, text_json(p->text), text_json(p->second));
	case BINARY:
		return json_pack("[s, o]", name, hex_json(p->text));
	case TEXT:
		return json_pack("[s, o]", name, text_json(p->text));
	default:
		return json_pack("[s, I]", name, (json_int_t)p->number);
	}
}

static json_t *properties_json(const struct properties *properties)
{
	struct slice rest = properties->raw;
	struct property property;
	json_t *list = json_array();

	while (property_next(&rest, &property))
		json_array_append_new(list, property_json(&property));
	return list;
}

static json_t *connect_json(const struct packet_connect *c)
{
	json_t *fields = json_pack("{s:b, s:i, s:o, s:o}", "clean_start", c->clean_start, "keep_alive", c->keep_alive,
				   "properties", properties_json(&c->properties), "client_id", text_json(c->client_id));

	if (c->has_will)
		json_object_set_new(fields, "will",
				    json_pack("{s:i, s:b, s:o, s:o, s:o}", "qos", c->will.qos, "retain", c->will.retain,
					      "properties", properties_json(&c->will.properties), "topic",
					      text_json(c->will.topic), "payload", hex_json(c->will.payload)));
	if (c->has_username)
		json_object_set_new(fields, "username", text_json(c->username));
	if (c->has_password)
		json_object_set_new(fields, "password", hex_json(c->password));
	return fields;
}

static json_t *publish_json(const struct packet_publish *p)
{
	json_t *fields = json_pack("{s:b, s:i, s:b, s:o, s:o, s:o}", "dup", p->dup, "qos", p->qos, "retain", p->retain,
				   "topic", text_json(p->topic), "properties", properties_json(&p->properties), "payload",
				   hex_json(p->payload));

	if (p->qos)
		json_object_set_new(fields, "id", json_integer(p->id));
	return fields;
}

static json_t *subscriptions_json(struct slice rest)
{
	struct packet_subscription s;
	json_t *list = json_array();

	while (packet_next_subscription(&rest, &s))
		json_array_append_new(list, json_pack("{s:o, s:i, s:b, s:b, s:i}", "filter", text_json(s.filter), "qos",
						      s.qos, "no_local", s.no_local, "retain_as_published",
						      s.retain_as_published, "retain_handling", s.retain_handling));
	return list;
}

static json_t *filters_json(struct slice rest)
{
	struct slice filter;
	json_t *list = json_array();

	while (packet_next_filter(&rest, &filter))
		json_array_append_new(list, text_json(filter));
	return list;
}

static json_t *list_json(const struct packet *p)
{
	json_t *list = p->type == PACKET_SUBSCRIBE ? subscriptions_json(p->filters.list) : filters_json(p->filters.list);

	ck_assert_uint_eq(json_array_size(list), p->filters.count);
	return json_pack("{s:i, s:o, s:o}", "id", p->filters.id, "properties", properties_json(&p->filters.properties),
			 "filters", list);
}

static json_t *reason_json(const struct packet *p)
{
	json_t *fields = json_pack("{s:o, s:o}", "code", code_json(p->reason.code), "properties",
				   properties_json(&p->reason.properties));

	if (p->type != PACKET_DISCONNECT && p->type != PACKET_AUTH)
		json_object_set_new(fields, "id", json_integer(p->reason.id));
	return fields;
}

/* The packet in the form of the vectors. */
static json_t *packet_json(const struct packet *p)
{
	json_t *fields;

	switch (p->type) {
	case PACKET_CONNECT:
		fields = connect_json(&p->connect);
		break;
	case PACKET_PUBLISH:
		fields = publish_json(&p->publish);
		break;
	case PACKET_SUBSCRIBE:
	case PACKET_UNSUBSCRIBE:
		fields = list_json(p);
		break;
	case PACKET_PINGREQ:
		fields = json_object();
		break;
	default:
		fields = reason_json(p);
	}
	json_object_set_new(fields, "type", json_string(packet_name(p->type)));
	return fields;
}

static void check_packet(const json_t *vector, const struct packet *packet, size_t given)
{
	const json_t *size = json_object_get(vector, "size");
	json_t *read = packet_json(packet);
	char *text = json_dumps(read, JSON_COMPACT);

	ck_assert_msg(json_equal(read, json_object_get(vector, "packet")), "%s: read as %s", vector_text(vector, "id"), text);
	ck_assert_uint_eq(packet->size, size ? (size_t)json_integer_value(size) : given);
	free(text);
	json_decref(read);
}

/* Where the standard leaves the class open, the code alone is looked at. */
static void check_fault(const json_t *vector, const struct packet_fault *fault)
{
	const char *expect = vector_text(vector, "expect");
	json_t *code = code_json(fault->code), *one;
	bool found = false;
	size_t index;

	json_array_foreach(json_object_get(vector, "codes"), index, one)
		found = found || json_equal(one, code);
	ck_assert_msg(found, "%s: answered with %s (%s)", vector_text(vector, "id"), json_string_value(code),
		      fault->statement);
	if (strcmp(expect, "malformed") == 0)
		ck_assert_msg(fault->class == FAULT_MALFORMED, "%s: %s", vector_text(vector, "id"), fault->statement);
	else if (strcmp(expect, "protocol-error") == 0)
		ck_assert_msg(fault->class == FAULT_PROTOCOL, "%s: %s", vector_text(vector, "id"), fault->statement);
	json_decref(code);
}

static void ask(const json_t *vector, void *context)
{
	const char *id = vector_text(vector, "id"), *expect = vector_text(vector, "expect");
	struct packet_fault fault = { FAULT_NONE, 0, "" };
	struct packet packet;
	enum packet_result result;
	struct buf bytes;

	(void)context;
	if (strcmp(vector_text(vector, "from"), "client") != 0)
		return;
	buf_init(&bytes, 1 << 20);
	hex_put(&bytes, vector_text(vector, "bytes"));
	result = packet_read(buf_slice(&bytes), LIMIT_PACKET_BYTES, &packet, &fault);
	if (strcmp(expect, "packet") == 0) {
		ck_assert_msg(result == PACKET_READ, "%s: %s", id, fault.statement);
		check_packet(vector, &packet, bytes.size);
	} else if (strcmp(expect, "incomplete") == 0) {
		ck_assert_msg(result == PACKET_NEEDS_MORE && packet.size > bytes.size, "%s", id);
	} else {
		ck_assert_msg(result == PACKET_BROKEN, "%s was read", id);
		check_fault(vector, &fault);
	}
	buf_release(&bytes);
}

START_TEST(packets)
{
	vectors_each("packet", 200, ask, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vectors-packet");
	TCase *tcase = tcase_create("packets");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, packets);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
