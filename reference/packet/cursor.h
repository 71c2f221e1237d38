/* Reads MQTT's data types (MQTT 5.0 section 1.5) off the front of a slice. Readers never check
 * each call: the first read that finds no bytes, or bytes that are not of its type, sets `broken`
 * to the statement that was broken, gives zero and makes every later read give zero. */
#ifndef MQTT_AGENT_CURSOR_H
#define MQTT_AGENT_CURSOR_H

#include "slice.h"

#include <stdint.h>

enum { VARINT_MAX = 268435455, VARINT_BYTES_MAX = 4 };

struct cursor {
	struct slice rest;
	const char *broken; /* NULL, or e.g. "MQTT-1.5.5-1"; static */
};

static inline struct cursor cursor_of(struct slice bytes)
{
	struct cursor c = { bytes, NULL };
	return c;
}

uint8_t cursor_u8(struct cursor *c);
uint16_t cursor_u16(struct cursor *c);
uint32_t cursor_u32(struct cursor *c);
/* Variable Byte Integer; a longer spelling than needed is broken [MQTT-1.5.5-1]. */
uint32_t cursor_varint(struct cursor *c);
struct slice cursor_bytes(struct cursor *c, size_t size);
/* Two bytes of length, then as many. */
struct slice cursor_binary(struct cursor *c);
/* The same, and UTF-8 without U+0000 [MQTT-1.5.4-1, -2]. */
struct slice cursor_string(struct cursor *c);

/* Says that a statement was broken, unless an earlier one already was. */
void cursor_break(struct cursor *c, const char *statement);

#endif
