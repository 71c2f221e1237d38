/* The packets that say little more than a reason code: PUBACK, PUBREC, PUBREL, PUBCOMP (MQTT 5.0
 * sections 3.4 to 3.7), DISCONNECT (3.14), AUTH (3.15). The code may be absent, which means 0x00 (in
 * AUTH that is a server's), and so may the properties behind it. */
#include "reader.h"

/* The codes that a client may send in each. */
static const struct {
	const char *statement;
	const char *codes;
	size_t count;
	bool has_id;
} reasons[PACKET_TYPES] = {
	[PACKET_PUBACK] = { "MQTT-3.4.2-1", "\x00\x10\x80\x83\x87\x90\x91\x97\x99", 9, true },
	[PACKET_PUBREC] = { "MQTT-3.5.2-1", "\x00\x10\x80\x83\x87\x90\x91\x97\x99", 9, true },
	[PACKET_PUBREL] = { "MQTT-3.6.2-1", "\x00\x92", 2, true },
	[PACKET_PUBCOMP] = { "MQTT-3.7.2-1", "\x00\x92", 2, true },
	[PACKET_DISCONNECT] = { "MQTT-3.14.2-1", "\x00\x04\x80\x81\x82\x83\x90\x93\x94\x95\x96\x97\x98\x99", 14,
				false },
	[PACKET_AUTH] = { "MQTT-3.15.2-1", "\x18\x19", 2, false },
};

static bool code_known(enum packet_type type, uint8_t code)
{
	return memchr(reasons[type].codes, code, reasons[type].count) != NULL;
}

bool read_reason(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault)
{
	struct packet_reason *reason = &packet->reason;

	(void)flags;
	if (reasons[packet->type].has_id) {
		reason->id = cursor_u16(body);
		if (body->broken)
			return packet_malformed(fault, body->broken);
		if (!reason->id)
			return packet_protocol_error(fault, "MQTT-2.2.1-3");
	}
	if (body->rest.size)
		reason->code = cursor_u8(body);
	if (body->rest.size && !properties_read(body, packet->type, &reason->properties, fault))
		return false;
	if (!code_known(packet->type, reason->code))
		return packet_protocol_error(fault, reasons[packet->type].statement);
	return true;
}
