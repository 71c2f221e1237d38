/* PUBLISH (MQTT 5.0 section 3.3). */
#include "reader.h"
#include "topic.h"

enum { FLAG_RETAIN = 0x01, FLAG_QOS = 0x06, FLAG_DUP = 0x08 };

static bool flags_sound(uint8_t flags, struct packet_fault *fault)
{
	if ((flags & FLAG_QOS) == FLAG_QOS)
		return packet_malformed(fault, "MQTT-3.3.1-4");
	if (flags & FLAG_DUP && !(flags & FLAG_QOS))
		return packet_malformed(fault, "MQTT-3.3.1-2");
	return true;
}

bool response_topic_sound(const struct properties *properties, struct packet_fault *fault)
{
	if (properties_have(properties, PROPERTY_RESPONSE_TOPIC) &&
	    !topic_name_valid(properties_text(properties, PROPERTY_RESPONSE_TOPIC)))
		return packet_protocol_error(fault, "MQTT-3.3.2-14");
	return true;
}

/* [SUB-27] */
static bool topic_sound(const struct packet_publish *publish, struct packet_fault *fault)
{
	if (!publish->topic.size) {
		if (properties_have(&publish->properties, PROPERTY_TOPIC_ALIAS))
			return true;
		return packet_protocol_error(fault, "MQTT 5.0 3.3.2.1");
	}
	if (!topic_name_valid(publish->topic))
		return packet_fault_set(fault, FAULT_PROTOCOL, REASON_TOPIC_INVALID, "MQTT-3.3.2-2");
	return true;
}

bool read_publish(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault)
{
	struct packet_publish *publish = &packet->publish;

	if (!flags_sound(flags, fault))
		return false;
	publish->dup = (flags & FLAG_DUP) != 0;
	publish->retain = (flags & FLAG_RETAIN) != 0;
	publish->qos = (uint8_t)((flags & FLAG_QOS) >> 1);
	publish->topic = cursor_string(body);
	publish->id = publish->qos ? cursor_u16(body) : 0;
	if (!properties_read(body, PACKET_PUBLISH, &publish->properties, fault))
		return false;
	if (publish->qos && !publish->id)
		return packet_protocol_error(fault, "MQTT-2.2.1-3");
	if (properties_have(&publish->properties, PROPERTY_SUBSCRIPTION_ID))
		return packet_protocol_error(fault, "MQTT-3.3.4-6");
	publish->payload = cursor_bytes(body, body->rest.size);
	return topic_sound(publish, fault) && response_topic_sound(&publish->properties, fault);
}
