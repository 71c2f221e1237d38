/* MQTT 5.0 packets as the suite sees them. This codec is the suite's own: it shares nothing
 * with the broker's, so that one misreading of the standard cannot hide in both. */
#ifndef CONFORMANCE_PACKET_H
#define CONFORMANCE_PACKET_H

#include "slice.h"

#include <stdint.h>

enum packet_type {
	PACKET_WILL, /* no packet: the will inside CONNECT, which has properties of its own */
	PACKET_CONNECT, PACKET_CONNACK, PACKET_PUBLISH, PACKET_PUBACK, PACKET_PUBREC, PACKET_PUBREL, PACKET_PUBCOMP,
	PACKET_SUBSCRIBE, PACKET_SUBACK, PACKET_UNSUBSCRIBE, PACKET_UNSUBACK, PACKET_PINGREQ, PACKET_PINGRESP,
	PACKET_DISCONNECT, PACKET_AUTH,
	PACKET_TYPES
};

enum direction { FROM_CLIENT, FROM_BROKER };

struct will {
	bool present, retain;
	unsigned qos;
	struct slice properties, topic, payload;
};

/* Everything is borrowed from the bytes that were read. What a type does not have is zero. */
struct packet {
	enum packet_type type;
	unsigned char flags;     /* low four bits of the first byte */
	size_t size;             /* the whole packet, bytes */
	uint16_t id;             /* Packet Identifier; 0: none */
	unsigned char code;      /* reason code of CONNACK, PUBACK … PUBCOMP, DISCONNECT, AUTH; 0x00 when left out */
	bool session_present;    /* CONNACK */
	bool dup, retain;        /* PUBLISH */
	unsigned qos;            /* PUBLISH */
	struct slice topic;      /* PUBLISH */
	struct slice payload;    /* PUBLISH */
	struct slice codes;      /* SUBACK, UNSUBACK: a byte a filter */
	struct slice filters;    /* SUBSCRIBE, UNSUBSCRIBE: validated, see filter_next */
	struct slice properties; /* validated, without their length; see property_next */
	bool clean_start;        /* CONNECT, and all that follow */
	uint16_t keep_alive;     /* seconds */
	struct slice client_id;
	struct will will;
	bool has_username, has_password;
	struct slice username, password;
};

const char *packet_name(enum packet_type type); /* "PUBACK" */

/* MQTT 5.0 2.4. code_name: "Not authorized", or "unknown reason code". */
const char *code_name(enum packet_type type, unsigned char code);
/* Whether that type may carry that code at all. */
bool code_legal(enum packet_type type, unsigned char code);

#endif
