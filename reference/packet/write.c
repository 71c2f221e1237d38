/* The server's packets, written. */
#include "write.h"

enum { CONNACK_PROPERTIES_MAX = 1024, EXPIRY_SIZE = 5, ALIAS_SIZE = 3 };
enum { FLAG_RETAIN = 0x01, FLAG_PUBREL = 0x02, FLAG_DUP = 0x08 };

static void header_put(struct buf *out, enum packet_type type, unsigned flags, size_t remaining)
{
	buf_u8(out, (uint8_t)((unsigned)type << 4 | flags));
	varint_put(out, (uint32_t)remaining);
}

/* Absent properties have defaults that say the same: QoS 2, retained messages, wildcards, subscription
 * identifiers and shared subscriptions are there (3.2.2.3.4, .5, .11, .12, .13). */
void write_connack(struct buf *out, const struct connack *connack)
{
	struct buf properties;

	buf_init(&properties, CONNACK_PROPERTIES_MAX);
	if (connack->has_session_expiry)
		property_put_number(&properties, PROPERTY_SESSION_EXPIRY, connack->session_expiry);
	property_put_number(&properties, PROPERTY_RECEIVE_MAXIMUM, connack->receive_maximum);
	property_put_number(&properties, PROPERTY_MAXIMUM_PACKET_SIZE, connack->maximum_packet_size);
	if (connack->assigned_client_id.size)
		property_put_text(&properties, PROPERTY_ASSIGNED_CLIENT_ID, connack->assigned_client_id);
	property_put_number(&properties, PROPERTY_TOPIC_ALIAS_MAXIMUM, connack->topic_alias_maximum);
	if (connack->server_keep_alive)
		property_put_number(&properties, PROPERTY_SERVER_KEEP_ALIVE, connack->server_keep_alive);
	header_put(out, PACKET_CONNACK, 0, 2 + varint_size((uint32_t)properties.size) + properties.size);
	buf_u8(out, connack->session_present);
	buf_u8(out, 0); /* success */
	varint_put(out, (uint32_t)properties.size);
	buf_put(out, buf_slice(&properties));
	out->failed = out->failed || properties.failed;
	buf_release(&properties);
}

void write_connack_refusal(struct buf *out, uint8_t code)
{
	header_put(out, PACKET_CONNACK, 0, 3);
	buf_u8(out, 0);
	buf_u8(out, code);
	buf_u8(out, 0);
}

static size_t publish_properties_size(const struct publish_out *p)
{
	return (p->has_expiry ? EXPIRY_SIZE : 0U) + (p->topic_alias ? ALIAS_SIZE : 0U) + p->properties.size +
	       p->subscription_ids.size;
}

static size_t publish_remaining(const struct publish_out *p)
{
	size_t properties = publish_properties_size(p);

	return 2 + p->topic.size + (p->qos ? 2U : 0U) + varint_size((uint32_t)properties) + properties +
	       p->payload.size;
}

size_t publish_size(const struct publish_out *p)
{
	size_t remaining = publish_remaining(p);

	return 1 + varint_size((uint32_t)remaining) + remaining;
}

void write_publish(struct buf *out, const struct publish_out *p)
{
	header_put(out, PACKET_PUBLISH, (unsigned)p->qos << 1 | (p->dup ? FLAG_DUP : 0) | (p->retain ? FLAG_RETAIN : 0),
		   publish_remaining(p));
	buf_u16(out, (uint16_t)p->topic.size);
	buf_put(out, p->topic);
	if (p->qos)
		buf_u16(out, p->id);
	varint_put(out, (uint32_t)publish_properties_size(p));
	if (p->has_expiry)
		property_put_number(out, PROPERTY_MESSAGE_EXPIRY, p->expiry);
	if (p->topic_alias)
		property_put_number(out, PROPERTY_TOPIC_ALIAS, p->topic_alias);
	buf_put(out, p->properties);
	buf_put(out, p->subscription_ids);
	buf_put(out, p->payload);
}

/* 0x00 without properties is the packet without a code (3.4.2.1). */
void write_ack(struct buf *out, enum packet_type type, uint16_t id, uint8_t code)
{
	header_put(out, type, type == PACKET_PUBREL ? FLAG_PUBREL : 0, code ? 3 : 2);
	buf_u16(out, id);
	if (code)
		buf_u8(out, code);
}

static void write_codes(struct buf *out, enum packet_type type, uint16_t id, struct slice codes)
{
	header_put(out, type, 0, 3 + codes.size);
	buf_u16(out, id);
	buf_u8(out, 0); /* no properties */
	buf_put(out, codes);
}

void write_suback(struct buf *out, uint16_t id, struct slice codes)
{
	write_codes(out, PACKET_SUBACK, id, codes);
}

void write_unsuback(struct buf *out, uint16_t id, struct slice codes)
{
	write_codes(out, PACKET_UNSUBACK, id, codes);
}

void write_pingresp(struct buf *out)
{
	header_put(out, PACKET_PINGRESP, 0, 0);
}

void write_disconnect(struct buf *out, uint8_t code)
{
	header_put(out, PACKET_DISCONNECT, 0, 1);
	buf_u8(out, code);
}
