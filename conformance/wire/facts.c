/* The protocol's facts: packet names and reason codes (MQTT 5.0 2.1.2 and 2.4). */
#include "wire/packet.h"

#define ON(type) (1u << PACKET_##type)

enum {
	ACKS = ON(PUBACK) | ON(PUBREC),
	RELEASES = ON(PUBREL) | ON(PUBCOMP),
	GRANTS = ON(SUBACK) | ON(UNSUBACK)
};

static const char *const names[PACKET_TYPES] = {
	[PACKET_WILL] = "will",          [PACKET_CONNECT] = "CONNECT",       [PACKET_CONNACK] = "CONNACK",
	[PACKET_PUBLISH] = "PUBLISH",    [PACKET_PUBACK] = "PUBACK",         [PACKET_PUBREC] = "PUBREC",
	[PACKET_PUBREL] = "PUBREL",      [PACKET_PUBCOMP] = "PUBCOMP",       [PACKET_SUBSCRIBE] = "SUBSCRIBE",
	[PACKET_SUBACK] = "SUBACK",      [PACKET_UNSUBSCRIBE] = "UNSUBSCRIBE", [PACKET_UNSUBACK] = "UNSUBACK",
	[PACKET_PINGREQ] = "PINGREQ",    [PACKET_PINGRESP] = "PINGRESP",     [PACKET_DISCONNECT] = "DISCONNECT",
	[PACKET_AUTH] = "AUTH",
};

static const struct {
	unsigned char code;
	unsigned packets;
	const char *name;
} codes[] = {
	{ 0x00, ON(CONNACK) | ACKS | RELEASES | ON(UNSUBACK) | ON(AUTH), "Success" },
	{ 0x00, ON(DISCONNECT), "Normal disconnection" },
	{ 0x00, ON(SUBACK), "Granted QoS 0" },
	{ 0x01, ON(SUBACK), "Granted QoS 1" },
	{ 0x02, ON(SUBACK), "Granted QoS 2" },
	{ 0x04, ON(DISCONNECT), "Disconnect with Will Message" },
	{ 0x10, ACKS, "No matching subscribers" },
	{ 0x11, ON(UNSUBACK), "No subscription existed" },
	{ 0x18, ON(AUTH), "Continue authentication" },
	{ 0x19, ON(AUTH), "Re-authenticate" },
	{ 0x80, ON(CONNACK) | ACKS | GRANTS | ON(DISCONNECT), "Unspecified error" },
	{ 0x81, ON(CONNACK) | ON(DISCONNECT), "Malformed Packet" },
	{ 0x82, ON(CONNACK) | ON(DISCONNECT), "Protocol Error" },
	{ 0x83, ON(CONNACK) | ACKS | GRANTS | ON(DISCONNECT), "Implementation specific error" },
	{ 0x84, ON(CONNACK), "Unsupported Protocol Version" },
	{ 0x85, ON(CONNACK), "Client Identifier not valid" },
	{ 0x86, ON(CONNACK), "Bad User Name or Password" },
	{ 0x87, ON(CONNACK) | ACKS | GRANTS | ON(DISCONNECT), "Not authorized" },
	{ 0x88, ON(CONNACK), "Server unavailable" },
	{ 0x89, ON(CONNACK) | ON(DISCONNECT), "Server busy" },
	{ 0x8A, ON(CONNACK), "Banned" },
	{ 0x8B, ON(DISCONNECT), "Server shutting down" },
	{ 0x8C, ON(CONNACK) | ON(DISCONNECT), "Bad authentication method" },
	{ 0x8D, ON(DISCONNECT), "Keep Alive timeout" },
	{ 0x8E, ON(DISCONNECT), "Session taken over" },
	{ 0x8F, GRANTS | ON(DISCONNECT), "Topic Filter invalid" },
	{ 0x90, ON(CONNACK) | ACKS | ON(DISCONNECT), "Topic Name invalid" },
	{ 0x91, ACKS | GRANTS, "Packet Identifier in use" },
	{ 0x92, RELEASES, "Packet Identifier not found" },
	{ 0x93, ON(DISCONNECT), "Receive Maximum exceeded" },
	{ 0x94, ON(DISCONNECT), "Topic Alias invalid" },
	{ 0x95, ON(CONNACK) | ON(DISCONNECT), "Packet too large" },
	{ 0x96, ON(DISCONNECT), "Message rate too high" },
	{ 0x97, ON(CONNACK) | ACKS | ON(SUBACK) | ON(DISCONNECT), "Quota exceeded" },
	{ 0x98, ON(DISCONNECT), "Administrative action" },
	{ 0x99, ON(CONNACK) | ACKS | ON(DISCONNECT), "Payload format invalid" },
	{ 0x9A, ON(CONNACK) | ON(DISCONNECT), "Retain not supported" },
	{ 0x9B, ON(CONNACK) | ON(DISCONNECT), "QoS not supported" },
	{ 0x9C, ON(CONNACK) | ON(DISCONNECT), "Use another server" },
	{ 0x9D, ON(CONNACK) | ON(DISCONNECT), "Server moved" },
	{ 0x9E, ON(SUBACK) | ON(DISCONNECT), "Shared Subscriptions not supported" },
	{ 0x9F, ON(CONNACK) | ON(DISCONNECT), "Connection rate exceeded" },
	{ 0xA0, ON(DISCONNECT), "Maximum connect time" },
	{ 0xA1, ON(SUBACK) | ON(DISCONNECT), "Subscription Identifiers not supported" },
	{ 0xA2, ON(SUBACK) | ON(DISCONNECT), "Wildcard Subscriptions not supported" },
};

const char *packet_name(enum packet_type type)
{
	return (unsigned)type < PACKET_TYPES ? names[type] : "unknown packet";
}

const char *code_name(enum packet_type type, unsigned char code)
{
	const char *name = "unknown reason code";
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (codes[i].code != code)
			continue;
		name = codes[i].name;
		if (codes[i].packets & 1u << type)
			break;
	}
	return name;
}

bool code_legal(enum packet_type type, unsigned char code)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (codes[i].code == code && (codes[i].packets & 1u << type))
			return true;
	}
	return false;
}
