/* Reading forward through untrusted bytes: a read past the end gives zeros and sets `failed`,
 * which the reader looks at once at the end. */
#ifndef CONFORMANCE_CURSOR_H
#define CONFORMANCE_CURSOR_H

#include "slice.h"

#include <stdint.h>

struct cursor {
	struct slice rest;
	bool failed;
};

struct slice cursor_take(struct cursor *c, size_t size);
uint8_t cursor_u8(struct cursor *c);
uint16_t cursor_u16(struct cursor *c);
uint32_t cursor_u32(struct cursor *c);
/* Variable byte integer; more than four bytes, or more bytes than needed, fail (MQTT 5.0 1.5.5). */
uint32_t cursor_varint(struct cursor *c);
/* Two bytes of length and that many bytes. */
struct slice cursor_binary(struct cursor *c);
/* The same, and the bytes must be UTF-8 without U+0000 (MQTT 5.0 1.5.4). */
struct slice cursor_string(struct cursor *c);

#endif
