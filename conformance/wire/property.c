#include "wire/property.h"

#include "wire/cursor.h"

#define ON(type) (1u << PACKET_##type)

enum {
	MESSAGE = ON(PUBLISH) | ON(WILL),
	HANDSHAKE = ON(CONNECT) | ON(CONNACK),
	ANSWERS = ON(CONNACK) | ON(PUBACK) | ON(PUBREC) | ON(PUBREL) | ON(PUBCOMP) | ON(SUBACK) | ON(UNSUBACK) |
		  ON(DISCONNECT) | ON(AUTH),
	ALL = ANSWERS | ON(CONNECT) | ON(PUBLISH) | ON(WILL) | ON(SUBSCRIBE) | ON(UNSUBSCRIBE)
};

static const struct property_fact facts[] = {
	{ PROPERTY_PAYLOAD_FORMAT, "Payload Format Indicator", KIND_BYTE, MESSAGE, 0, 1 },
	{ PROPERTY_MESSAGE_EXPIRY, "Message Expiry Interval", KIND_FOUR, MESSAGE, 0, UINT32_MAX },
	{ PROPERTY_CONTENT_TYPE, "Content Type", KIND_STRING, MESSAGE, 0, 0 },
	{ PROPERTY_RESPONSE_TOPIC, "Response Topic", KIND_STRING, MESSAGE, 0, 0 },
	{ PROPERTY_CORRELATION, "Correlation Data", KIND_BINARY, MESSAGE, 0, 0 },
	{ PROPERTY_SUBSCRIPTION_ID, "Subscription Identifier", KIND_VARINT, ON(PUBLISH) | ON(SUBSCRIBE), 1, 268435455 },
	{ PROPERTY_SESSION_EXPIRY, "Session Expiry Interval", KIND_FOUR, HANDSHAKE | ON(DISCONNECT), 0, UINT32_MAX },
	{ PROPERTY_ASSIGNED_CLIENT_ID, "Assigned Client Identifier", KIND_STRING, ON(CONNACK), 0, 0 },
	{ PROPERTY_SERVER_KEEP_ALIVE, "Server Keep Alive", KIND_TWO, ON(CONNACK), 0, UINT16_MAX },
	{ PROPERTY_AUTH_METHOD, "Authentication Method", KIND_STRING, HANDSHAKE | ON(AUTH), 0, 0 },
	{ PROPERTY_AUTH_DATA, "Authentication Data", KIND_BINARY, HANDSHAKE | ON(AUTH), 0, 0 },
	{ PROPERTY_REQUEST_PROBLEM, "Request Problem Information", KIND_BYTE, ON(CONNECT), 0, 1 },
	{ PROPERTY_WILL_DELAY, "Will Delay Interval", KIND_FOUR, ON(WILL), 0, UINT32_MAX },
	{ PROPERTY_REQUEST_RESPONSE, "Request Response Information", KIND_BYTE, ON(CONNECT), 0, 1 },
	{ PROPERTY_RESPONSE_INFORMATION, "Response Information", KIND_STRING, ON(CONNACK), 0, 0 },
	{ PROPERTY_SERVER_REFERENCE, "Server Reference", KIND_STRING, ON(CONNACK) | ON(DISCONNECT), 0, 0 },
	{ PROPERTY_REASON_STRING, "Reason String", KIND_STRING, ANSWERS, 0, 0 },
	{ PROPERTY_RECEIVE_MAXIMUM, "Receive Maximum", KIND_TWO, HANDSHAKE, 1, UINT16_MAX },
	{ PROPERTY_ALIAS_MAXIMUM, "Topic Alias Maximum", KIND_TWO, HANDSHAKE, 0, UINT16_MAX },
	{ PROPERTY_ALIAS, "Topic Alias", KIND_TWO, ON(PUBLISH), 1, UINT16_MAX },
	{ PROPERTY_MAXIMUM_QOS, "Maximum QoS", KIND_BYTE, ON(CONNACK), 0, 1 },
	{ PROPERTY_RETAIN_AVAILABLE, "Retain Available", KIND_BYTE, ON(CONNACK), 0, 1 },
	{ PROPERTY_USER, "User Property", KIND_PAIR, ALL, 0, 0 },
	{ PROPERTY_MAXIMUM_PACKET, "Maximum Packet Size", KIND_FOUR, HANDSHAKE, 1, UINT32_MAX },
	{ PROPERTY_WILDCARD_AVAILABLE, "Wildcard Subscription Available", KIND_BYTE, ON(CONNACK), 0, 1 },
	{ PROPERTY_SUBSCRIPTION_ID_AVAILABLE, "Subscription Identifier Available", KIND_BYTE, ON(CONNACK), 0, 1 },
	{ PROPERTY_SHARED_AVAILABLE, "Shared Subscription Available", KIND_BYTE, ON(CONNACK), 0, 1 },
};

const struct property_fact *property_fact(uint32_t id)
{
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		if (facts[i].id == id)
			return &facts[i];
	}
	return NULL;
}

static void take_value(struct cursor *c, struct property *p)
{
	switch (p->fact->kind) {
	case KIND_BYTE:
		p->number = cursor_u8(c);
		break;
	case KIND_TWO:
		p->number = cursor_u16(c);
		break;
	case KIND_FOUR:
		p->number = cursor_u32(c);
		break;
	case KIND_VARINT:
		p->number = cursor_varint(c);
		break;
	case KIND_STRING:
		p->text = cursor_string(c);
		break;
	case KIND_BINARY:
		p->text = cursor_binary(c);
		break;
	case KIND_PAIR:
		p->key = cursor_string(c);
		p->text = cursor_string(c);
		break;
	}
}

bool property_next(struct slice *rest, struct property *property)
{
	struct cursor c = { *rest, false };
	struct property p = { 0 };
	p.fact = rest->size ? property_fact(cursor_varint(&c)) : NULL;
	if (!p.fact)
		return false;
	take_value(&c, &p);
	if (c.failed)
		return false;
	*property = p;
	*rest = c.rest;
	return true;
}

bool property_find(struct slice properties, enum property_id id, struct property *property)
{
	while (property_next(&properties, property)) {
		if (property->fact->id == id)
			return true;
	}
	return false;
}

uint32_t property_number(struct slice properties, enum property_id id, uint32_t otherwise)
{
	struct property p;
	return property_find(properties, id, &p) ? p.number : otherwise;
}

/* Properties that a packet has only when one of the two sides sends it (MQTT 5.0 3.3.4-6, 3.14.2-2, 3.14.2.2.5). */
static const struct {
	enum property_id id;
	enum packet_type type;
	enum direction from;
} one_sided[] = {
	{ PROPERTY_SUBSCRIPTION_ID, PACKET_PUBLISH, FROM_BROKER },
	{ PROPERTY_SESSION_EXPIRY, PACKET_DISCONNECT, FROM_CLIENT },
	{ PROPERTY_SERVER_REFERENCE, PACKET_DISCONNECT, FROM_BROKER },
};

static bool wrong_side(enum property_id id, enum packet_type type, enum direction from)
{
	for (size_t i = 0; i < sizeof one_sided / sizeof *one_sided; i++) {
		if (one_sided[i].id == id && one_sided[i].type == type && one_sided[i].from != from)
			return true;
	}
	return false;
}

static bool seen_has(uint64_t seen, enum property_id id)
{
	return seen & UINT64_C(1) << id;
}

static bool may_repeat(enum property_id id, enum packet_type type, enum direction from)
{
	return id == PROPERTY_USER || (id == PROPERTY_SUBSCRIPTION_ID && type == PACKET_PUBLISH && from == FROM_BROKER);
}

static bool is_number(enum property_kind kind)
{
	return kind <= KIND_VARINT;
}

const char *properties_check(struct slice rest, enum packet_type type, enum direction from, const char **name)
{
	uint64_t seen = 0;
	*name = "";
	while (rest.size > 0) {
		struct property p = { 0 };
		struct cursor c = { rest, false };
		p.fact = property_fact(cursor_varint(&c));
		if (!p.fact)
			return "an unknown property";
		*name = p.fact->name;
		if (!(p.fact->packets & 1u << type))
			return "a property that this packet does not have";
		if (wrong_side(p.fact->id, type, from))
			return "a property that only the other side may send";
		take_value(&c, &p);
		if (c.failed)
			return "a property value that is cut off or not well formed";
		if (is_number(p.fact->kind) && (p.number < p.fact->least || p.number > p.fact->most))
			return "a property value out of range";
		if (seen_has(seen, p.fact->id) && !may_repeat(p.fact->id, type, from))
			return "a property given twice";
		seen |= UINT64_C(1) << p.fact->id;
		rest = c.rest;
	}
	*name = "";
	if (seen_has(seen, PROPERTY_AUTH_DATA) && !seen_has(seen, PROPERTY_AUTH_METHOD))
		return "Authentication Data without Authentication Method";
	return NULL;
}
