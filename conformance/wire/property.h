/* Properties (MQTT 5.0 2.2.2): one table says which exist, of which kind, and where they belong. */
#ifndef CONFORMANCE_PROPERTY_H
#define CONFORMANCE_PROPERTY_H

#include "wire/packet.h"

enum property_id {
	PROPERTY_PAYLOAD_FORMAT = 0x01, PROPERTY_MESSAGE_EXPIRY = 0x02, PROPERTY_CONTENT_TYPE = 0x03,
	PROPERTY_RESPONSE_TOPIC = 0x08, PROPERTY_CORRELATION = 0x09, PROPERTY_SUBSCRIPTION_ID = 0x0B,
	PROPERTY_SESSION_EXPIRY = 0x11, PROPERTY_ASSIGNED_CLIENT_ID = 0x12, PROPERTY_SERVER_KEEP_ALIVE = 0x13,
	PROPERTY_AUTH_METHOD = 0x15, PROPERTY_AUTH_DATA = 0x16, PROPERTY_REQUEST_PROBLEM = 0x17,
	PROPERTY_WILL_DELAY = 0x18, PROPERTY_REQUEST_RESPONSE = 0x19, PROPERTY_RESPONSE_INFORMATION = 0x1A,
	PROPERTY_SERVER_REFERENCE = 0x1C, PROPERTY_REASON_STRING = 0x1F, PROPERTY_RECEIVE_MAXIMUM = 0x21,
	PROPERTY_ALIAS_MAXIMUM = 0x22, PROPERTY_ALIAS = 0x23, PROPERTY_MAXIMUM_QOS = 0x24,
	PROPERTY_RETAIN_AVAILABLE = 0x25, PROPERTY_USER = 0x26, PROPERTY_MAXIMUM_PACKET = 0x27,
	PROPERTY_WILDCARD_AVAILABLE = 0x28, PROPERTY_SUBSCRIPTION_ID_AVAILABLE = 0x29,
	PROPERTY_SHARED_AVAILABLE = 0x2A
};

enum property_kind { KIND_BYTE, KIND_TWO, KIND_FOUR, KIND_VARINT, KIND_STRING, KIND_BINARY, KIND_PAIR };

struct property_fact {
	enum property_id id;
	const char *name;
	enum property_kind kind;
	uint32_t packets;     /* bit 1 << type for each packet that may carry it; PACKET_WILL is bit 0 */
	uint32_t least, most; /* numbers only: what is outside is a protocol error */
};

/* NULL: no such property. */
const struct property_fact *property_fact(uint32_t id);

struct property {
	const struct property_fact *fact;
	uint32_t number;   /* of the numeric kinds */
	struct slice text; /* string, binary; the value of a pair */
	struct slice key;  /* of a pair */
};

/* Takes the next property off the front of *rest; false at the end. Only for properties that a
 * reader has validated. */
bool property_next(struct slice *rest, struct property *property);
/* The first property of that id; false when there is none. */
bool property_find(struct slice properties, enum property_id id, struct property *property);
/* That number, or what the standard says its absence means. */
uint32_t property_number(struct slice properties, enum property_id id, uint32_t otherwise);

/* Checks every property of a packet: known, in its place, once where once is allowed, values in
 * range. NULL: sound; else what is wrong, and *name the property where one is to blame. */
const char *properties_check(struct slice properties, enum packet_type type, enum direction from, const char **name);

#endif
