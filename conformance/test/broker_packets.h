/* The broker's side of the wire, for scripted peers: packets of less than 128 bytes. */
#ifndef CONFORMANCE_TEST_BROKER_PACKETS_H
#define CONFORMANCE_TEST_BROKER_PACKETS_H

#include "buf.h"
#include "wire/packet.h"

#include <stdlib.h>

/* First byte and both lengths; size: of what lies between the length and the properties, and behind them. */
static inline void broker_frame(struct buf *out, enum packet_type type, size_t size, struct slice properties)
{
	if (size + 1 + properties.size > 127)
		abort();
	buf_u8(out, (uint8_t)((unsigned)type << 4));
	buf_u8(out, (uint8_t)(size + 1 + properties.size));
}

static inline void broker_connack(struct buf *out, bool session_present, unsigned char code, struct slice properties)
{
	broker_frame(out, PACKET_CONNACK, 2, properties);
	buf_u8(out, session_present);
	buf_u8(out, code);
	buf_u8(out, (uint8_t)properties.size);
	buf_put(out, properties);
}

/* SUBACK, UNSUBACK */
static inline void broker_codes(struct buf *out, enum packet_type type, uint16_t id, struct slice codes)
{
	broker_frame(out, type, 2 + codes.size, slice_of(NULL, 0));
	buf_u16(out, id);
	buf_u8(out, 0);
	buf_put(out, codes);
}

#endif
