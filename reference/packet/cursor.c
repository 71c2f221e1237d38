/* Reading of MQTT's data types. */
#include "cursor.h"

/* [MQTT-2.1.4]: what a length promises beyond the packet's end is not there. */
static const char *const beyond_end = "MQTT-2.1.4";

void cursor_break(struct cursor *c, const char *statement)
{
	if (!c->broken)
		c->broken = statement;
	c->rest.size = 0;
}

struct slice cursor_bytes(struct cursor *c, size_t size)
{
	struct slice taken = slice_of(NULL, 0);

	if (size > c->rest.size) {
		cursor_break(c, beyond_end);
		return taken;
	}
	taken = slice_part(c->rest, 0, size);
	c->rest = slice_part(c->rest, size, c->rest.size);
	return taken;
}

/* Big endian, as everywhere in MQTT. */
static uint32_t cursor_number(struct cursor *c, size_t size)
{
	struct slice bytes = cursor_bytes(c, size);
	uint32_t value = 0;

	for (size_t i = 0; i < bytes.size; i++)
		value = value << 8 | bytes.data[i];
	return value;
}

uint8_t cursor_u8(struct cursor *c)
{
	return (uint8_t)cursor_number(c, 1);
}

uint16_t cursor_u16(struct cursor *c)
{
	return (uint16_t)cursor_number(c, 2);
}

uint32_t cursor_u32(struct cursor *c)
{
	return cursor_number(c, 4);
}

uint32_t cursor_varint(struct cursor *c)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < VARINT_BYTES_MAX; i++) {
		uint8_t byte = cursor_u8(c);

		if (c->broken)
			return 0;
		value |= (uint32_t)(byte & 0x7f) << (7 * i);
		if (byte & 0x80)
			continue;
		if (!byte && i) /* a last byte of zero adds nothing: one spelling a number */
			break;
		return value;
	}
	cursor_break(c, "MQTT-1.5.5-1");
	return 0;
}

struct slice cursor_binary(struct cursor *c)
{
	return cursor_bytes(c, cursor_u16(c));
}

struct slice cursor_string(struct cursor *c)
{
	struct slice text = cursor_binary(c);

	if (c->broken || slice_utf8(text))
		return text;
	cursor_break(c, "MQTT-1.5.4-1");
	return slice_of(NULL, 0);
}
