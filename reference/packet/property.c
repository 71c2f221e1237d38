/* The property table and what reads and writes by it. */
#include "property.h"
#include "reason.h"

enum property_type { TYPE_NONE, TYPE_BYTE, TYPE_U16, TYPE_U32, TYPE_VARINT, TYPE_STRING, TYPE_BINARY, TYPE_PAIR };

enum {
	/* sets of packets, by bit */
	IN_WILL = 1 << PACKET_WILL,
	IN_CONNECT = 1 << PACKET_CONNECT,
	IN_CONNACK = 1 << PACKET_CONNACK,
	IN_PUBLISH = 1 << PACKET_PUBLISH,
	IN_SUBSCRIBE = 1 << PACKET_SUBSCRIBE,
	IN_DISCONNECT = 1 << PACKET_DISCONNECT,
	IN_AUTH = 1 << PACKET_AUTH,
	IN_ACKS = 1 << PACKET_PUBACK | 1 << PACKET_PUBREC | 1 << PACKET_PUBREL | 1 << PACKET_PUBCOMP |
		  1 << PACKET_SUBACK | 1 << PACKET_UNSUBACK,
	IN_ALL = IN_WILL | IN_CONNECT | IN_CONNACK | IN_PUBLISH | IN_SUBSCRIBE | 1 << PACKET_UNSUBSCRIBE |
		 IN_DISCONNECT | IN_AUTH | IN_ACKS,
};

struct property_rule {
	enum property_type type;
	unsigned packets;
	unsigned repeats; /* packets in which it may stand more than once */
	uint32_t least, most; /* of the numeric types */
	const char *range;    /* the statement or section that the range comes from */
};

/* MQTT 5.0 table 2-4, and the ranges of the sections that describe each property. */
static const struct property_rule rules[PROPERTY_ID_LIMIT] = {
	[PROPERTY_PAYLOAD_FORMAT] = { TYPE_BYTE, IN_PUBLISH | IN_WILL, 0, 0, 1, "MQTT 5.0 3.3.2.3.2" },
	[PROPERTY_MESSAGE_EXPIRY] = { TYPE_U32, IN_PUBLISH | IN_WILL, 0, 0, UINT32_MAX, "" },
	[PROPERTY_CONTENT_TYPE] = { TYPE_STRING, IN_PUBLISH | IN_WILL, 0, 0, 0, "" },
	[PROPERTY_RESPONSE_TOPIC] = { TYPE_STRING, IN_PUBLISH | IN_WILL, 0, 0, 0, "" },
	[PROPERTY_CORRELATION_DATA] = { TYPE_BINARY, IN_PUBLISH | IN_WILL, 0, 0, 0, "" },
	[PROPERTY_SUBSCRIPTION_ID] = { TYPE_VARINT, IN_PUBLISH | IN_SUBSCRIBE, IN_PUBLISH, 1, VARINT_MAX,
				       "MQTT 5.0 3.8.2.1.2" },
	[PROPERTY_SESSION_EXPIRY] = { TYPE_U32, IN_CONNECT | IN_CONNACK | IN_DISCONNECT, 0, 0, UINT32_MAX, "" },
	[PROPERTY_ASSIGNED_CLIENT_ID] = { TYPE_STRING, IN_CONNACK, 0, 0, 0, "" },
	[PROPERTY_SERVER_KEEP_ALIVE] = { TYPE_U16, IN_CONNACK, 0, 0, UINT16_MAX, "" },
	[PROPERTY_AUTH_METHOD] = { TYPE_STRING, IN_CONNECT | IN_CONNACK | IN_AUTH, 0, 0, 0, "" },
	[PROPERTY_AUTH_DATA] = { TYPE_BINARY, IN_CONNECT | IN_CONNACK | IN_AUTH, 0, 0, 0, "" },
	[PROPERTY_REQUEST_PROBLEM] = { TYPE_BYTE, IN_CONNECT, 0, 0, 1, "MQTT 5.0 3.1.2.11.7" },
	[PROPERTY_WILL_DELAY] = { TYPE_U32, IN_WILL, 0, 0, UINT32_MAX, "" },
	[PROPERTY_REQUEST_RESPONSE] = { TYPE_BYTE, IN_CONNECT, 0, 0, 1, "MQTT 5.0 3.1.2.11.6" },
	[PROPERTY_RESPONSE_INFORMATION] = { TYPE_STRING, IN_CONNACK, 0, 0, 0, "" },
	[PROPERTY_SERVER_REFERENCE] = { TYPE_STRING, IN_CONNACK | IN_DISCONNECT, 0, 0, 0, "" },
	[PROPERTY_REASON_STRING] = { TYPE_STRING, IN_CONNACK | IN_ACKS | IN_DISCONNECT | IN_AUTH, 0, 0, 0, "" },
	[PROPERTY_RECEIVE_MAXIMUM] = { TYPE_U16, IN_CONNECT | IN_CONNACK, 0, 1, UINT16_MAX, "MQTT 5.0 3.1.2.11.3" },
	[PROPERTY_TOPIC_ALIAS_MAXIMUM] = { TYPE_U16, IN_CONNECT | IN_CONNACK, 0, 0, UINT16_MAX, "" },
	/* zero is read: it is answered with a code of its own, 0x94 [MQTT-3.3.2-8] */
	[PROPERTY_TOPIC_ALIAS] = { TYPE_U16, IN_PUBLISH, 0, 0, UINT16_MAX, "" },
	[PROPERTY_MAXIMUM_QOS] = { TYPE_BYTE, IN_CONNACK, 0, 0, 1, "MQTT 5.0 3.2.2.3.4" },
	[PROPERTY_RETAIN_AVAILABLE] = { TYPE_BYTE, IN_CONNACK, 0, 0, 1, "MQTT 5.0 3.2.2.3.5" },
	[PROPERTY_USER] = { TYPE_PAIR, IN_ALL, IN_ALL, 0, 0, "" },
	[PROPERTY_MAXIMUM_PACKET_SIZE] = { TYPE_U32, IN_CONNECT | IN_CONNACK, 0, 1, UINT32_MAX, "MQTT 5.0 3.1.2.11.4" },
	[PROPERTY_WILDCARD_AVAILABLE] = { TYPE_BYTE, IN_CONNACK, 0, 0, 1, "MQTT 5.0 3.2.2.3.11" },
	[PROPERTY_SUBSCRIPTION_ID_AVAILABLE] = { TYPE_BYTE, IN_CONNACK, 0, 0, 1, "MQTT 5.0 3.2.2.3.12" },
	[PROPERTY_SHARED_AVAILABLE] = { TYPE_BYTE, IN_CONNACK, 0, 0, 1, "MQTT 5.0 3.2.2.3.13" },
};

bool packet_fault_set(struct packet_fault *fault, enum fault_class class, uint8_t code, const char *statement)
{
	fault->class = class;
	fault->code = code;
	fault->statement = statement;
	return false;
}

bool packet_malformed(struct packet_fault *fault, const char *statement)
{
	return packet_fault_set(fault, FAULT_MALFORMED, REASON_MALFORMED, statement);
}

bool packet_protocol_error(struct packet_fault *fault, const char *statement)
{
	return packet_fault_set(fault, FAULT_PROTOCOL, REASON_PROTOCOL_ERROR, statement);
}

static const struct property_rule *rule_of(uint32_t id)
{
	return id < PROPERTY_ID_LIMIT && rules[id].type != TYPE_NONE ? &rules[id] : NULL;
}

static void read_value(struct cursor *c, enum property_type type, struct property *out)
{
	switch (type) {
	case TYPE_BYTE:
		out->number = cursor_u8(c);
		break;
	case TYPE_U16:
		out->number = cursor_u16(c);
		break;
	case TYPE_U32:
		out->number = cursor_u32(c);
		break;
	case TYPE_VARINT:
		out->number = cursor_varint(c);
		break;
	case TYPE_BINARY:
		out->text = cursor_binary(c);
		break;
	case TYPE_PAIR:
		out->text = cursor_string(c);
		out->second = cursor_string(c);
		break;
	default:
		out->text = cursor_string(c);
	}
}

/* One property off the cursor; breaks it where the identifier is none. Gives its rule. */
static const struct property_rule *read_property(struct cursor *c, struct property *out)
{
	struct slice start = c->rest;
	uint32_t id = cursor_varint(c);
	const struct property_rule *rule = rule_of(id);

	memset(out, 0, sizeof *out);
	if (!rule) {
		cursor_break(c, "MQTT 5.0 2.2.2.2");
		return NULL;
	}
	out->id = (enum property_id)id;
	read_value(c, rule->type, out);
	out->raw = slice_part(start, 0, start.size - c->rest.size);
	return c->broken ? NULL : rule;
}

static bool allowed_here(const struct property_rule *rule, const struct property *p, enum packet_type packet,
			 const struct properties *before, struct packet_fault *fault)
{
	if (!(rule->packets >> packet & 1))
		return packet_malformed(fault, "MQTT 5.0 2.2.2.2");
	if (!(rule->repeats >> packet & 1) && properties_have(before, p->id))
		return packet_protocol_error(fault, "MQTT 5.0 2.2.2.2");
	if (p->number < rule->least || (rule->most && p->number > rule->most))
		return packet_protocol_error(fault, rule->range);
	return true;
}

bool properties_read(struct cursor *c, enum packet_type packet, struct properties *out, struct packet_fault *fault)
{
	uint32_t size = cursor_varint(c);
	struct cursor section = cursor_of(cursor_bytes(c, size));

	out->present = 0;
	out->raw = section.rest;
	if (c->broken)
		return packet_malformed(fault, c->broken);
	while (section.rest.size) {
		struct property property;
		const struct property_rule *rule = read_property(&section, &property);

		if (!rule)
			return packet_malformed(fault, section.broken);
		if (!allowed_here(rule, &property, packet, out, fault))
			return false;
		out->present |= UINT64_C(1) << property.id;
	}
	return true;
}

bool property_next(struct slice *rest, struct property *out)
{
	struct cursor c = cursor_of(*rest);

	if (!rest->size || !read_property(&c, out))
		return false;
	*rest = c.rest;
	return true;
}

static bool properties_find(const struct properties *p, enum property_id id, struct property *out)
{
	struct slice rest = p->raw;

	if (!properties_have(p, id))
		return false;
	while (property_next(&rest, out))
		if (out->id == id)
			return true;
	return false;
}

uint32_t properties_number(const struct properties *p, enum property_id id, uint32_t absent)
{
	struct property found;

	return properties_find(p, id, &found) ? found.number : absent;
}

struct slice properties_text(const struct properties *p, enum property_id id)
{
	struct property found;

	return properties_find(p, id, &found) ? found.text : slice_of(NULL, 0);
}

void varint_put(struct buf *out, uint32_t value)
{
	do {
		uint8_t byte = value & 0x7f;

		value >>= 7;
		buf_u8(out, (uint8_t)(value ? byte | 0x80 : byte));
	} while (value);
}

size_t varint_size(uint32_t value)
{
	size_t size = 1;

	while (value >>= 7)
		size++;
	return size;
}

void property_put_number(struct buf *out, enum property_id id, uint32_t value)
{
	buf_u8(out, (uint8_t)id);
	switch (rules[id].type) {
	case TYPE_BYTE:
		buf_u8(out, (uint8_t)value);
		break;
	case TYPE_U16:
		buf_u16(out, (uint16_t)value);
		break;
	case TYPE_VARINT:
		varint_put(out, value);
		break;
	default:
		buf_u32(out, value);
	}
}

void property_put_text(struct buf *out, enum property_id id, struct slice text)
{
	buf_u8(out, (uint8_t)id);
	buf_u16(out, (uint16_t)text.size);
	buf_put(out, text);
}
