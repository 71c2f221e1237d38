/* base64url, strict in reading: every byte string has exactly one spelling. */
#include "base64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* 0 to 63, or -1 for a byte outside the alphabet. */
static int sextet(unsigned char letter)
{
	const char *place = letter ? strchr(alphabet, letter) : NULL;

	return place ? (int)(place - alphabet) : -1;
}

/* One to four letters become none to three bytes. The bits that are left over must be zero. */
static bool decode_group(struct slice letters, struct buf *out)
{
	uint32_t bits = 0;
	unsigned count = 0;

	for (size_t i = 0; i < letters.size; i++) {
		int value = sextet(letters.data[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		count += 6;
	}
	while (count >= 8) {
		count -= 8;
		buf_u8(out, (uint8_t)(bits >> count & 0xff));
	}
	return count < 6 && (bits & ((1U << count) - 1)) == 0;
}

bool base64url_decode(struct slice text, struct buf *out)
{
	size_t start = out->size;

	for (size_t i = 0; i < text.size; i += 4) {
		if (!decode_group(slice_part(text, i, 4), out)) {
			out->size = start;
			return false;
		}
	}
	return !out->failed;
}

void base64url_encode(struct slice bytes, struct buf *out)
{
	for (size_t i = 0; i < bytes.size; i += 3) {
		struct slice group = slice_part(bytes, i, 3);
		uint32_t bits = 0;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < group.size ? group.data[k] : 0U);
		for (unsigned k = 0; k <= group.size; k++)
			buf_u8(out, (uint8_t)alphabet[bits >> (18 - 6 * k) & 63]);
	}
}
