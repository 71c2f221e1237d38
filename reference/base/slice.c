/* Borrowed bytes: cutting, splitting, and the UTF-8 that MQTT allows. */
#include "slice.h"

#include <stdint.h>
#include <stdlib.h>

struct slice slice_part(struct slice a, size_t offset, size_t size)
{
	struct slice part = { NULL, 0 };

	if (offset >= a.size)
		return part;
	part.data = a.data + offset;
	part.size = size < a.size - offset ? size : a.size - offset;
	return part;
}

struct slice slice_word(struct slice *rest, unsigned char separator, bool *more)
{
	const unsigned char *end = rest->size ? memchr(rest->data, separator, rest->size) : NULL;
	struct slice word = *rest;

	*more = end != NULL;
	if (end) {
		word.size = (size_t)(end - rest->data);
		*rest = slice_of(end + 1, rest->size - word.size - 1);
	} else {
		*rest = slice_of(NULL, 0);
	}
	return word;
}

/* One row for each form of a multi-byte sequence (RFC 3629 section 4): how the first byte is
 * recognised, how many continuation bytes follow, and the least code point that may be written
 * in so many bytes (anything less is an overlong form). */
struct utf8_form {
	unsigned char mask, lead, more;
	unsigned long least;
};

static const struct utf8_form utf8_forms[] = {
	{ 0x80, 0x00, 0, 0x1 }, /* U+0000 is one below the least, and so refused */
	{ 0xe0, 0xc0, 1, 0x80 },
	{ 0xf0, 0xe0, 2, 0x800 },
	{ 0xf8, 0xf0, 3, 0x10000 },
};

static const struct utf8_form *utf8_form_of(unsigned char lead)
{
	for (size_t i = 0; i < sizeof utf8_forms / sizeof *utf8_forms; i++)
		if ((lead & utf8_forms[i].mask) == utf8_forms[i].lead)
			return &utf8_forms[i];
	return NULL;
}

/* The length of the well-formed character at the front of a, or 0. */
static size_t utf8_character(struct slice a)
{
	const struct utf8_form *form = utf8_form_of(a.data[0]);
	unsigned long point;

	if (!form || a.size <= form->more)
		return 0;
	point = a.data[0] & (unsigned long)(unsigned char)~form->mask;
	for (size_t i = 1; i <= form->more; i++) {
		if ((a.data[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (a.data[i] & 0x3fUL);
	}
	if (point < form->least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	return form->more + (size_t)1;
}

bool slice_utf8(struct slice a)
{
	while (a.size) {
		size_t size = utf8_character(a);

		if (!size)
			return false;
		a = slice_of(a.data + size, a.size - size);
	}
	return true;
}

char *slice_copy(struct slice a)
{
	char *copy = a.size == SIZE_MAX ? NULL : malloc(a.size + 1);

	if (!copy)
		return NULL;
	if (a.size)
		memcpy(copy, a.data, a.size);
	copy[a.size] = '\0';
	return copy;
}
