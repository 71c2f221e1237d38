#include "wire/build.h"

static const unsigned char honest_flags[PACKET_TYPES] = {
	[PACKET_PUBREL] = 2,
	[PACKET_SUBSCRIBE] = 2,
	[PACKET_UNSUBSCRIBE] = 2,
};

enum { BODY_MAX = 2 << 20 };

void build_varint(struct buf *out, uint32_t value, bool overlong)
{
	do {
		uint8_t low = value & 0x7f;
		value >>= 7;
		buf_u8(out, (uint8_t)(low | (value || overlong ? 0x80 : 0)));
	} while (value);
	if (overlong)
		buf_u8(out, 0);
}

static void put_binary(struct buf *out, struct slice bytes)
{
	if (bytes.size > UINT16_MAX)
		out->failed = true;
	buf_u16(out, (uint16_t)bytes.size);
	buf_put(out, bytes);
}

static void put_properties(struct buf *out, struct slice properties)
{
	build_varint(out, (uint32_t)properties.size, false);
	buf_put(out, properties);
}

/* Puts the fixed header before the body; releases the body. */
static void frame(struct buf *out, enum packet_type type, unsigned flags, struct buf *body, const struct lie *lie)
{
	static const struct lie none;
	lie = lie ? lie : &none;
	buf_put(body, lie->trailer);
	if (lie->other_flags)
		flags = lie->flags;
	buf_u8(out, (uint8_t)((unsigned)type << 4 | (flags & 0x0f)));
	build_varint(out, (uint32_t)((int64_t)body->size + lie->length_delta), lie->overlong);
	buf_put(out, buf_slice(body));
	out->failed |= body->failed;
	buf_release(body);
}

void build_number(struct buf *properties, enum property_id id, uint32_t number)
{
	const struct property_fact *fact = property_fact(id);
	buf_u8(properties, (uint8_t)id);
	switch (fact ? fact->kind : KIND_BINARY) {
	case KIND_BYTE:
		buf_u8(properties, (uint8_t)number);
		break;
	case KIND_TWO:
		buf_u16(properties, (uint16_t)number);
		break;
	case KIND_FOUR:
		buf_u32(properties, number);
		break;
	case KIND_VARINT:
		build_varint(properties, number, false);
		break;
	default:
		properties->failed = true;
		break;
	}
}

void build_text(struct buf *properties, enum property_id id, struct slice text)
{
	buf_u8(properties, (uint8_t)id);
	put_binary(properties, text);
}

void build_pair(struct buf *properties, struct slice key, struct slice text)
{
	buf_u8(properties, PROPERTY_USER);
	put_binary(properties, key);
	put_binary(properties, text);
}

static unsigned char connect_flags(const struct connect *c)
{
	unsigned flags = c->clean_start ? 0x02 : 0;
	if (c->will.present)
		flags |= 0x04u | (c->will.qos & 3) << 3 | (c->will.retain ? 0x20u : 0);
	flags |= c->has_password ? 0x40 : 0;
	flags |= c->has_username ? 0x80 : 0;
	return (unsigned char)flags;
}

void build_connect(struct buf *out, const struct connect *fields, const struct lie *lie)
{
	struct buf body;
	buf_init(&body, BODY_MAX);
	put_binary(&body, slice_text("MQTT"));
	buf_u8(&body, 5);
	buf_u8(&body, connect_flags(fields));
	buf_u16(&body, fields->keep_alive);
	put_properties(&body, fields->properties);
	put_binary(&body, fields->client_id);
	if (fields->will.present) {
		put_properties(&body, fields->will.properties);
		put_binary(&body, fields->will.topic);
		put_binary(&body, fields->will.payload);
	}
	if (fields->has_username)
		put_binary(&body, fields->username);
	if (fields->has_password)
		put_binary(&body, fields->password);
	frame(out, PACKET_CONNECT, 0, &body, lie);
}

void build_publish(struct buf *out, const struct publish *fields, const struct lie *lie)
{
	struct buf body;
	buf_init(&body, BODY_MAX);
	put_binary(&body, fields->topic);
	if (fields->qos > 0)
		buf_u16(&body, fields->id);
	put_properties(&body, fields->properties);
	buf_put(&body, fields->payload);
	unsigned flags = (fields->dup ? 8u : 0) | (fields->qos & 3) << 1 | (fields->retain ? 1u : 0);
	frame(out, PACKET_PUBLISH, flags, &body, lie);
}

void build_ack(struct buf *out, enum packet_type type, uint16_t id, unsigned char code, const struct lie *lie)
{
	struct buf body;
	buf_init(&body, BODY_MAX);
	buf_u16(&body, id);
	if (code != 0)
		buf_u8(&body, code);
	frame(out, type, honest_flags[type], &body, lie);
}

void build_filters(struct buf *out, enum packet_type type, const struct filters *fields, const struct lie *lie)
{
	struct buf body;
	buf_init(&body, BODY_MAX);
	buf_u16(&body, fields->id);
	put_properties(&body, fields->properties);
	for (size_t i = 0; i < fields->count; i++) {
		put_binary(&body, slice_text(fields->filters[i]));
		if (type == PACKET_SUBSCRIBE)
			buf_u8(&body, fields->options);
	}
	frame(out, type, honest_flags[type], &body, lie);
}

void build_empty(struct buf *out, enum packet_type type, const struct lie *lie)
{
	struct buf body;
	buf_init(&body, BODY_MAX);
	frame(out, type, honest_flags[type], &body, lie);
}

static void put_reason(struct buf *out, enum packet_type type, unsigned char code, struct slice properties,
		       const struct lie *lie)
{
	struct buf body;
	buf_init(&body, BODY_MAX);
	if (code != 0 || properties.size > 0)
		buf_u8(&body, code);
	if (properties.size > 0)
		put_properties(&body, properties);
	frame(out, type, 0, &body, lie);
}

void build_disconnect(struct buf *out, unsigned char code, struct slice properties, const struct lie *lie)
{
	put_reason(out, PACKET_DISCONNECT, code, properties, lie);
}

void build_auth(struct buf *out, unsigned char code, struct slice properties, const struct lie *lie)
{
	put_reason(out, PACKET_AUTH, code, properties, lie);
}
