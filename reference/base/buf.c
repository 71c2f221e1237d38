/* The growable buffer. One byte more than the capacity is always allocated, so that a
 * terminating NUL has its place even when the content fills the limit. */
#include "buf.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 64 };

void buf_init(struct buf *b, size_t limit)
{
	memset(b, 0, sizeof *b);
	b->limit = limit < SIZE_MAX ? limit : SIZE_MAX - 1;
}

void buf_release(struct buf *b)
{
	free(b->data);
	buf_init(b, b->limit);
}

void buf_clear(struct buf *b)
{
	b->size = 0;
	b->failed = false;
}

static size_t buf_next_capacity(const struct buf *b, size_t needed)
{
	size_t capacity = b->capacity ? b->capacity : FIRST_CAPACITY;

	while (capacity < needed && capacity <= b->limit / 2)
		capacity *= 2;
	return capacity < needed || capacity > b->limit ? b->limit : capacity;
}

/* Room for size more bytes, or the failure that ends this buffer's story. */
static bool buf_reserve(struct buf *b, size_t size)
{
	size_t capacity;
	unsigned char *data;

	if (b->failed || size > b->limit - b->size) {
		b->failed = true;
		return false;
	}
	if (b->data && size <= b->capacity - b->size)
		return true;
	capacity = buf_next_capacity(b, b->size + size);
	data = realloc(b->data, capacity + 1);
	if (!data) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->capacity = capacity;
	return true;
}

void buf_put(struct buf *b, struct slice bytes)
{
	if (!buf_reserve(b, bytes.size) || !bytes.size)
		return;
	memcpy(b->data + b->size, bytes.data, bytes.size);
	b->size += bytes.size;
}

void buf_text(struct buf *b, const char *text)
{
	buf_put(b, slice_text(text));
}

void buf_u8(struct buf *b, uint8_t value)
{
	buf_put(b, slice_of(&value, 1));
}

void buf_u16(struct buf *b, uint16_t value)
{
	const unsigned char bytes[] = { (unsigned char)(value >> 8), (unsigned char)(value & 0xff) };

	buf_put(b, slice_of(bytes, sizeof bytes));
}

void buf_u32(struct buf *b, uint32_t value)
{
	buf_u16(b, (uint16_t)(value >> 16));
	buf_u16(b, (uint16_t)(value & 0xffff));
}

void buf_format(struct buf *b, const char *format, ...)
{
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (size < 0) {
		b->failed = true;
		return;
	}
	if (!buf_reserve(b, (size_t)size))
		return;
	va_start(arguments, format);
	vsnprintf((char *)b->data + b->size, (size_t)size + 1, format, arguments);
	va_end(arguments);
	b->size += (size_t)size;
}

const char *buf_string(struct buf *b)
{
	if (!buf_reserve(b, 0))
		return NULL;
	b->data[b->size] = '\0';
	return (const char *)b->data;
}
