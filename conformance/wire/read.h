/* Reading packets out of a byte stream that nobody vouches for. */
#ifndef CONFORMANCE_READ_H
#define CONFORMANCE_READ_H

#include "fault.h"
#include "wire/packet.h"

enum { WIRE_PACKET_MAX = 1 << 20 }; /* bytes, header included; CONNECT announces it as Maximum Packet Size */

enum read_result {
	READ_PACKET, /* *packet is filled, packet->size bytes are consumed */
	READ_MORE,   /* not a whole packet yet */
	READ_WRONG   /* *fault says what is wrong; nothing behind it can be trusted */
};

/* Reads the first packet of bytes, as sent by `from`. Fault classes: FAULT_MALFORMED,
 * FAULT_PROTOCOL (a type that this side never sends, a value out of range), FAULT_LIMIT.
 * Reason codes are not judged here: see code_legal. */
enum read_result packet_read(struct slice bytes, enum direction from, struct packet *packet, struct fault *fault);

/* Walks packet.filters of a SUBSCRIBE (options filled) or UNSUBSCRIBE; false at the end. */
bool filter_next(struct slice *rest, enum packet_type type, struct slice *filter, unsigned char *options);

#endif
