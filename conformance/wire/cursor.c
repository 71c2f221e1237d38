#include "wire/cursor.h"

struct slice cursor_take(struct cursor *c, size_t size)
{
	struct slice taken = slice_part(c->rest, 0, size);
	if (c->failed || taken.size != size) {
		c->failed = true;
		return slice_of(NULL, 0);
	}
	c->rest = slice_part(c->rest, size, c->rest.size);
	return taken;
}

uint8_t cursor_u8(struct cursor *c)
{
	struct slice s = cursor_take(c, 1);
	return s.size ? s.data[0] : 0;
}

uint16_t cursor_u16(struct cursor *c)
{
	struct slice s = cursor_take(c, 2);
	if (s.size == 0)
		return 0;
	return (uint16_t)((unsigned)s.data[0] << 8 | s.data[1]);
}

uint32_t cursor_u32(struct cursor *c)
{
	uint32_t high = cursor_u16(c);
	return high << 16 | cursor_u16(c);
}

uint32_t cursor_varint(struct cursor *c)
{
	uint32_t value = 0;
	for (unsigned i = 0; i < 4; i++) {
		uint8_t byte = cursor_u8(c);
		value |= (uint32_t)(byte & 0x7f) << (7 * i);
		if (byte & 0x80)
			continue;
		if (i > 0 && byte == 0)
			break; /* a shorter form exists */
		return value;
	}
	c->failed = true;
	return 0;
}

struct slice cursor_binary(struct cursor *c)
{
	return cursor_take(c, cursor_u16(c));
}

struct slice cursor_string(struct cursor *c)
{
	struct slice s = cursor_binary(c);
	if (!slice_utf8(s))
		c->failed = true;
	return s;
}
