/* A growable byte buffer that gets its maximum at birth.
 * Writers never check each call: the first one that does not fit, or finds no memory, sets
 * `failed`, and everything after it is ignored; the owner looks once at the end. */
#ifndef MQTT_AGENT_BUF_H
#define MQTT_AGENT_BUF_H

#include "slice.h"

#include <stdarg.h>
#include <stdint.h>

struct buf {
	unsigned char *data; /* owned */
	size_t size;         /* bytes in use */
	size_t capacity;
	size_t limit; /* bytes; never grows beyond */
	bool failed;
};

void buf_init(struct buf *b, size_t limit);
void buf_release(struct buf *b); /* frees the bytes; the buffer is empty and usable again */
void buf_clear(struct buf *b);   /* keeps the memory, forgets content and failure */

void buf_put(struct buf *b, struct slice bytes);
void buf_text(struct buf *b, const char *text);
void buf_u8(struct buf *b, uint8_t value);
void buf_u16(struct buf *b, uint16_t value); /* big endian, as everywhere in MQTT */
void buf_u32(struct buf *b, uint32_t value);
void buf_format(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline struct slice buf_slice(const struct buf *b)
{
	return slice_of(b->data, b->size);
}

/* The content with a NUL behind it (not counted), or NULL when the buffer failed. Borrowed. */
const char *buf_string(struct buf *b);

#endif
