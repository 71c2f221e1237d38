/* CONNECT (MQTT 5.0 section 3.1). */
#include "reader.h"
#include "topic.h"

enum {
	FLAG_RESERVED = 0x01,
	FLAG_CLEAN_START = 0x02,
	FLAG_WILL = 0x04,
	FLAG_WILL_QOS = 0x18,
	FLAG_WILL_RETAIN = 0x20,
	FLAG_PASSWORD = 0x40,
	FLAG_USERNAME = 0x80
};

/* [SUB-03] */
static bool flags_sound(uint8_t flags, struct packet_fault *fault)
{
	if (flags & FLAG_RESERVED)
		return packet_malformed(fault, "MQTT-3.1.2-3");
	if (!(flags & FLAG_WILL) && flags & FLAG_WILL_QOS)
		return packet_malformed(fault, "MQTT-3.1.2-11");
	if ((flags & FLAG_WILL_QOS) == FLAG_WILL_QOS)
		return packet_malformed(fault, "MQTT-3.1.2-12");
	if (!(flags & FLAG_WILL) && flags & FLAG_WILL_RETAIN)
		return packet_malformed(fault, "MQTT-3.1.2-13");
	return true;
}

/* [SUB-02] Name and level come first: of another version not even the flags mean the same. */
static bool version_sound(struct cursor *body, struct packet_fault *fault)
{
	struct slice name = cursor_string(body);
	uint8_t level = cursor_u8(body);

	if (body->broken)
		return packet_malformed(fault, body->broken);
	if (!slice_is(name, "MQTT"))
		return packet_fault_set(fault, FAULT_PROTOCOL, REASON_VERSION, "MQTT-3.1.2-1");
	if (level != 5)
		return packet_fault_set(fault, FAULT_PROTOCOL, REASON_VERSION, "MQTT-3.1.2-2");
	return true;
}

static bool read_will(struct cursor *body, uint8_t flags, struct packet_will *will, struct packet_fault *fault)
{
	if (!properties_read(body, PACKET_WILL, &will->properties, fault))
		return false;
	will->topic = cursor_string(body);
	will->payload = cursor_binary(body);
	will->qos = (uint8_t)((flags & FLAG_WILL_QOS) >> 3);
	will->retain = (flags & FLAG_WILL_RETAIN) != 0;
	if (body->broken)
		return packet_malformed(fault, body->broken);
	if (!topic_name_valid(will->topic))
		return packet_fault_set(fault, FAULT_PROTOCOL, REASON_TOPIC_INVALID, "MQTT-4.7.3-1");
	return response_topic_sound(&will->properties, fault);
}

static bool read_payload(struct cursor *body, uint8_t flags, struct packet_connect *connect, struct packet_fault *fault)
{
	connect->client_id = cursor_string(body);
	if (connect->has_will && !read_will(body, flags, &connect->will, fault))
		return false;
	if (connect->has_username)
		connect->username = cursor_string(body);
	if (connect->has_password)
		connect->password = cursor_binary(body);
	return true;
}

bool read_connect(struct cursor *body, uint8_t header_flags, struct packet *packet, struct packet_fault *fault)
{
	struct packet_connect *connect = &packet->connect;
	uint8_t flags;

	(void)header_flags;
	if (!version_sound(body, fault))
		return false;
	flags = cursor_u8(body);
	if (!flags_sound(flags, fault))
		return false;
	connect->clean_start = (flags & FLAG_CLEAN_START) != 0;
	connect->has_will = (flags & FLAG_WILL) != 0;
	connect->has_username = (flags & FLAG_USERNAME) != 0;
	connect->has_password = (flags & FLAG_PASSWORD) != 0;
	connect->keep_alive = cursor_u16(body);
	if (!properties_read(body, PACKET_CONNECT, &connect->properties, fault))
		return false;
	if (properties_have(&connect->properties, PROPERTY_AUTH_DATA) &&
	    !properties_have(&connect->properties, PROPERTY_AUTH_METHOD))
		return packet_protocol_error(fault, "MQTT 5.0 3.1.2.11.10");
	return read_payload(body, flags, connect, fault);
}
