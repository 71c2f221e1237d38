/* The properties of MQTT 5.0 (section 2.2.2), described by one table: identifier, data type, packets
 * that may carry it, whether it may repeat, values that it may have. */
#ifndef MQTT_AGENT_PROPERTY_H
#define MQTT_AGENT_PROPERTY_H

#include "buf.h"
#include "cursor.h"
#include "fault.h"

enum packet_type {
	PACKET_WILL = 0, /* no packet: the will's properties inside CONNECT (3.1.3.2) */
	PACKET_CONNECT = 1,
	PACKET_CONNACK = 2,
	PACKET_PUBLISH = 3,
	PACKET_PUBACK = 4,
	PACKET_PUBREC = 5,
	PACKET_PUBREL = 6,
	PACKET_PUBCOMP = 7,
	PACKET_SUBSCRIBE = 8,
	PACKET_SUBACK = 9,
	PACKET_UNSUBSCRIBE = 10,
	PACKET_UNSUBACK = 11,
	PACKET_PINGREQ = 12,
	PACKET_PINGRESP = 13,
	PACKET_DISCONNECT = 14,
	PACKET_AUTH = 15,
	PACKET_TYPES = 16
};

enum property_id {
	PROPERTY_PAYLOAD_FORMAT = 0x01,
	PROPERTY_MESSAGE_EXPIRY = 0x02, /* seconds */
	PROPERTY_CONTENT_TYPE = 0x03,
	PROPERTY_RESPONSE_TOPIC = 0x08,
	PROPERTY_CORRELATION_DATA = 0x09,
	PROPERTY_SUBSCRIPTION_ID = 0x0B,
	PROPERTY_SESSION_EXPIRY = 0x11, /* seconds */
	PROPERTY_ASSIGNED_CLIENT_ID = 0x12,
	PROPERTY_SERVER_KEEP_ALIVE = 0x13, /* seconds */
	PROPERTY_AUTH_METHOD = 0x15,
	PROPERTY_AUTH_DATA = 0x16,
	PROPERTY_REQUEST_PROBLEM = 0x17,
	PROPERTY_WILL_DELAY = 0x18, /* seconds */
	PROPERTY_REQUEST_RESPONSE = 0x19,
	PROPERTY_RESPONSE_INFORMATION = 0x1A,
	PROPERTY_SERVER_REFERENCE = 0x1C,
	PROPERTY_REASON_STRING = 0x1F,
	PROPERTY_RECEIVE_MAXIMUM = 0x21,
	PROPERTY_TOPIC_ALIAS_MAXIMUM = 0x22,
	PROPERTY_TOPIC_ALIAS = 0x23,
	PROPERTY_MAXIMUM_QOS = 0x24,
	PROPERTY_RETAIN_AVAILABLE = 0x25,
	PROPERTY_USER = 0x26,
	PROPERTY_MAXIMUM_PACKET_SIZE = 0x27, /* bytes */
	PROPERTY_WILDCARD_AVAILABLE = 0x28,
	PROPERTY_SUBSCRIPTION_ID_AVAILABLE = 0x29,
	PROPERTY_SHARED_AVAILABLE = 0x2A,
	PROPERTY_ID_LIMIT = 0x2B
};

/* What is wrong with bytes from a client: the class, the reason code that answers it, and the
 * statement of MQTT 5.0 or the limit that it breaks (static; for the log). */
struct packet_fault {
	enum fault_class class; /* FAULT_MALFORMED, FAULT_PROTOCOL or FAULT_LIMIT */
	uint8_t code;
	const char *statement;
};

/* All three fill *fault and return false. Malformed is answered with 0x81, a protocol error with 0x82. */
bool packet_fault_set(struct packet_fault *fault, enum fault_class class, uint8_t code, const char *statement);
bool packet_malformed(struct packet_fault *fault, const char *statement);
bool packet_protocol_error(struct packet_fault *fault, const char *statement);

/* A property section that was found sound; refers to the packet's bytes. */
struct properties {
	struct slice raw; /* without the length in front */
	uint64_t present; /* bit 1 << id */
};

/* One property as it stands in a section. */
struct property {
	enum property_id id;
	struct slice raw;    /* identifier and value: what is forwarded unaltered */
	uint32_t number;     /* of the numeric types */
	struct slice text;   /* of string and binary data; the name of a pair */
	struct slice second; /* the value of a pair */
};

/* Reads length and section off the cursor. Malformed (0x81): an unknown identifier, one of another
 * packet, a value that is not of its type, a length that does not end exactly. Protocol error
 * (0x82): a repeated property, a value out of range. */
bool properties_read(struct cursor *c, enum packet_type packet, struct properties *out, struct packet_fault *fault);

/* Takes the next property off *rest, a section that properties_read accepted. False at its end. */
bool property_next(struct slice *rest, struct property *out);

static inline bool properties_have(const struct properties *p, enum property_id id)
{
	return (p->present >> id & 1) != 0;
}

/* The number, or the given one where the property is absent. */
uint32_t properties_number(const struct properties *p, enum property_id id, uint32_t absent);
/* The bytes of a string or binary property; empty where it is absent. */
struct slice properties_text(const struct properties *p, enum property_id id);

/* Writers: identifier, then the value in the type that the table gives it. */
void property_put_number(struct buf *out, enum property_id id, uint32_t value);
void property_put_text(struct buf *out, enum property_id id, struct slice text);
void varint_put(struct buf *out, uint32_t value);
size_t varint_size(uint32_t value);

#endif
