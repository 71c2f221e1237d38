/* A borrowed run of bytes: not owned, not terminated, valid as long as what it points into.
 * Everything that comes from the network or a file is read through slices. */
#ifndef MQTT_AGENT_SLICE_H
#define MQTT_AGENT_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const unsigned char *data; /* NULL only where size is 0 */
	size_t size;               /* bytes */
};

/* The bytes of a C string, without its terminator. NULL gives the empty slice. */
static inline struct slice slice_text(const char *text)
{
	struct slice s = { (const unsigned char *)text, text ? strlen(text) : 0 };
	return s;
}

static inline struct slice slice_of(const void *data, size_t size)
{
	struct slice s = { data, size };
	return s;
}

/* Byte for byte; never folds case, normalises or trims. [CLM-02] */
static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool slice_is(struct slice a, const char *text)
{
	return slice_equal(a, slice_text(text));
}

static inline bool slice_starts(struct slice a, struct slice prefix)
{
	return a.size >= prefix.size && (prefix.size == 0 || memcmp(a.data, prefix.data, prefix.size) == 0);
}

/* The part of a from offset on, at most size bytes; clipped to a, never past it. */
struct slice slice_part(struct slice a, size_t offset, size_t size);

/* Takes the bytes up to the next separator off the front of *rest and returns them; *rest is
 * what follows the separator. *more is false when no separator was left (the last word). */
struct slice slice_word(struct slice *rest, unsigned char separator, bool *more);

/* True when the bytes are well-formed UTF-8 without U+0000 (MQTT 5.0 1.5.4, RFC 3629). */
bool slice_utf8(struct slice a);

/* A heap copy with a terminating NUL, or NULL when out of memory. The caller frees it. */
char *slice_copy(struct slice a);

#endif
