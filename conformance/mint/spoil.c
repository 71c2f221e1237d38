#include "mint/spoil.h"

#include "base64url.h"

enum { SIGNATURE_BYTES_MAX = 1024, ES256_BYTES = 64, INTEGER_BYTES = 32 };

/* Decodes, changes the bytes, encodes. */
static bool with_bytes(struct buf *part, bool (*change)(struct buf *bytes))
{
	struct buf raw;
	buf_init(&raw, SIGNATURE_BYTES_MAX);
	bool done = base64url_decode(buf_slice(part), &raw) && raw.size > 0 && change(&raw) && !raw.failed;
	if (done) {
		buf_clear(part);
		base64url_encode(buf_slice(&raw), part);
	}
	buf_release(&raw);
	return done;
}

static bool flip_bit(struct buf *bytes)
{
	bytes->data[bytes->size - 1] ^= 1;
	return true;
}

static bool flip(struct buf *part)
{
	return with_bytes(part, flip_bit);
}

static bool drop_byte(struct buf *bytes)
{
	bytes->size--;
	return true;
}

static bool shorten(struct buf *part)
{
	return with_bytes(part, drop_byte);
}

/* INTEGER of DER: no leading zeros, but one where the number would look negative. */
static void put_integer(struct buf *out, struct slice number)
{
	while (number.size > 1 && number.data[0] == 0)
		number = slice_part(number, 1, number.size);
	bool sign = number.data[0] & 0x80;
	buf_u8(out, 0x02);
	buf_u8(out, (uint8_t)(number.size + sign));
	if (sign)
		buf_u8(out, 0);
	buf_put(out, number);
}

static bool wrap(struct buf *bytes)
{
	struct buf numbers;
	if (bytes->size != ES256_BYTES)
		return false;
	buf_init(&numbers, SIGNATURE_BYTES_MAX);
	put_integer(&numbers, slice_part(buf_slice(bytes), 0, INTEGER_BYTES));
	put_integer(&numbers, slice_part(buf_slice(bytes), INTEGER_BYTES, INTEGER_BYTES));
	buf_clear(bytes);
	buf_u8(bytes, 0x30);
	buf_u8(bytes, (uint8_t)numbers.size);
	buf_put(bytes, buf_slice(&numbers));
	bool done = !numbers.failed;
	buf_release(&numbers);
	return done;
}

/* The form of X.509 and of most libraries, in place of R and S (RFC 7518 section 3.4). */
static bool to_der(struct buf *part)
{
	return with_bytes(part, wrap);
}

static bool empty(struct buf *part)
{
	buf_clear(part);
	return true;
}

bool spoil_trailing_bits(struct buf *part)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	if (part->size % 4 < 2)
		return false; /* no bits left over */
	unsigned char *last = &part->data[part->size - 1];
	const char *place = strchr(alphabet, *last);
	if (!place || (place - alphabet) % 2 != 0)
		return false;
	*last = (unsigned char)place[1];
	return true;
}

/* '=' up to a multiple of four, as plain base64 would have it; one '=' where none is due. */
static bool pad(struct buf *part)
{
	do
		buf_text(part, "=");
	while (part->size % 4 != 0 && !part->failed);
	return true;
}

static bool insert(struct buf *part, const char *text)
{
	struct buf whole;
	buf_init(&whole, part->limit);
	buf_put(&whole, slice_part(buf_slice(part), 0, part->size / 2));
	buf_text(&whole, text);
	buf_put(&whole, slice_part(buf_slice(part), part->size / 2, part->size));
	buf_release(part);
	*part = whole;
	return true;
}

static bool break_line(struct buf *part)
{
	return insert(part, "\n");
}

static bool break_foreign(struct buf *part)
{
	return insert(part, "!");
}

/* '-' and '_' as the other alphabet of RFC 4648 spells them. */
static bool to_standard(struct buf *part)
{
	bool found = false;
	for (size_t i = 0; i < part->size; i++) {
		unsigned char *c = &part->data[i];
		found = found || *c == '-' || *c == '_';
		*c = (unsigned char)(*c == '-' ? '+' : *c == '_' ? '/' : *c);
	}
	return found;
}

static const struct spoil spoils[] = {
	{ "empty", empty, false },
	{ "flipped", flip, false },
	{ "truncated", shorten, false },
	{ "der", to_der, false },
	{ "padded", pad, true },
	{ "trailing_bits", spoil_trailing_bits, true },
	{ "line_break", break_line, true },
	{ "foreign", break_foreign, true },
	{ "standard_alphabet", to_standard, true },
	{ NULL, NULL, false },
};

const struct spoil *spoil_find(const char *name, bool of_text)
{
	for (const struct spoil *spoil = spoils; spoil->name; spoil++) {
		if (strcmp(spoil->name, name) == 0)
			return of_text && !spoil->of_text ? NULL : spoil;
	}
	return NULL;
}
