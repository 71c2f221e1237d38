/* The fixed header, and the table of packet types that stands behind it. */
#include "reader.h"

struct kind {
	const char *name;
	/* NULL: no client sends this type; `refused` is the statement or section that says so */
	bool (*read)(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault);
	const char *refused;
	uint8_t flags;  /* the flags that the type must carry [MQTT-2.1.3-1] */
	bool own_flags; /* its flags have a meaning: the reader looks at them */
};

static const struct kind kinds[PACKET_TYPES] = {
	[PACKET_WILL] = { "RESERVED", NULL, "MQTT 5.0 2.1.2", 0, true },
	[PACKET_CONNECT] = { "CONNECT", read_connect, NULL, 0, false },
	[PACKET_CONNACK] = { "CONNACK", NULL, "MQTT 5.0 2.1.2", 0, false },
	[PACKET_PUBLISH] = { "PUBLISH", read_publish, NULL, 0, true },
	[PACKET_PUBACK] = { "PUBACK", read_reason, NULL, 0, false },
	[PACKET_PUBREC] = { "PUBREC", read_reason, NULL, 0, false },
	[PACKET_PUBREL] = { "PUBREL", read_reason, NULL, 2, false },
	[PACKET_PUBCOMP] = { "PUBCOMP", read_reason, NULL, 0, false },
	[PACKET_SUBSCRIBE] = { "SUBSCRIBE", read_subscribe, NULL, 2, false },
	[PACKET_SUBACK] = { "SUBACK", NULL, "MQTT 5.0 2.1.2", 0, false },
	[PACKET_UNSUBSCRIBE] = { "UNSUBSCRIBE", read_unsubscribe, NULL, 2, false },
	[PACKET_UNSUBACK] = { "UNSUBACK", NULL, "MQTT 5.0 2.1.2", 0, false },
	[PACKET_PINGREQ] = { "PINGREQ", read_nothing, NULL, 0, false },
	[PACKET_PINGRESP] = { "PINGRESP", NULL, "MQTT 5.0 2.1.2", 0, false },
	[PACKET_DISCONNECT] = { "DISCONNECT", read_reason, NULL, 0, false },
	[PACKET_AUTH] = { "AUTH", read_reason, NULL, 0, false },
};

enum packet_type packet_type_of(struct slice bytes)
{
	return bytes.size ? (enum packet_type)(bytes.data[0] >> 4) : PACKET_WILL;
}

const char *packet_name(enum packet_type type)
{
	return (unsigned)type < PACKET_TYPES ? kinds[type].name : "RESERVED";
}

/* What the first byte alone condemns, before a single further byte is waited for. */
static bool first_byte_sound(uint8_t first, struct packet_fault *fault)
{
	const struct kind *kind = &kinds[first >> 4];

	if (first >> 4 == PACKET_WILL)
		return packet_malformed(fault, kind->refused);
	if (!kind->own_flags && (first & 0x0f) != kind->flags)
		return packet_malformed(fault, "MQTT-2.1.3-1");
	if (!kind->read)
		return packet_protocol_error(fault, kind->refused);
	return true;
}

/* The Remaining Length is a varint that may not have arrived as a whole: true when every byte of
 * it that is there says that another one follows. */
static bool length_is_cut(struct slice bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (!(bytes.data[i] & 0x80))
			return false;
	return bytes.size < VARINT_BYTES_MAX;
}

static enum packet_result needs(struct packet *packet, size_t size)
{
	packet->size = size;
	return PACKET_NEEDS_MORE;
}

static bool read_body(struct cursor body, uint8_t first, struct packet *packet, struct packet_fault *fault)
{
	packet->type = (enum packet_type)(first >> 4);
	if (!kinds[packet->type].read(&body, first & 0x0f, packet, fault))
		return false;
	if (body.broken)
		return packet_malformed(fault, body.broken);
	if (body.rest.size)
		return packet_malformed(fault, "MQTT-2.1.4");
	return true;
}

enum packet_result packet_read(struct slice bytes, size_t limit, struct packet *packet, struct packet_fault *fault)
{
	struct cursor header = cursor_of(slice_part(bytes, 1, VARINT_BYTES_MAX));
	size_t remaining, start;

	memset(packet, 0, sizeof *packet);
	if (!bytes.size)
		return needs(packet, 2);
	if (!first_byte_sound(bytes.data[0], fault))
		return PACKET_BROKEN;
	if (length_is_cut(header.rest))
		return needs(packet, bytes.size + 1);
	start = header.rest.size;
	remaining = cursor_varint(&header);
	if (header.broken) {
		packet_malformed(fault, header.broken);
		return PACKET_BROKEN;
	}
	start = 1 + start - header.rest.size;
	if (start + remaining > limit) {
		packet_fault_set(fault, FAULT_LIMIT, REASON_PACKET_TOO_LARGE, "MQTT-3.2.2-15");
		return PACKET_BROKEN;
	}
	packet->size = start + remaining;
	if (bytes.size < packet->size)
		return PACKET_NEEDS_MORE;
	return read_body(cursor_of(slice_part(bytes, start, remaining)), bytes.data[0], packet, fault)
		       ? PACKET_READ
		       : PACKET_BROKEN;
}

/* PINGREQ: the fixed header is all; read_body refuses what follows it. */
bool read_nothing(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault)
{
	(void)body, (void)flags, (void)packet, (void)fault;
	return true;
}
