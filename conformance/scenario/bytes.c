/* The template of a `sends`: hexadecimal digits, 'text' as it stands, and {fields}. */
#include "scenario/draft.h"

#include "registry/list.h"

#include <ctype.h>
#include <stdlib.h>

enum { TEMPLATE_BYTES_MAX = 1 << 16, LIE_MAX = 1000000 };

struct template {
	struct draft *draft;
	const struct token *token;
	struct slice text;
	size_t at;
	struct script_step *step;
	struct buf literal; /* what goes into the next part */
};

static bool complain(const struct template *t, size_t at, const char *expected)
{
	struct token place = *t->token;

	place.column += (unsigned)at + 2; /* behind x" */
	return draft_complain(t->draft, &place, expected);
}

static int digit(int c)
{
	return isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
}

/* Two hexadecimal digits at this place of a text, or -1. */
static int octet(struct slice text, size_t at)
{
	if (at + 2 > text.size || !isxdigit(text.data[at]) || !isxdigit(text.data[at + 1]))
		return -1;
	return digit(text.data[at]) * 16 + digit(text.data[at + 1]);
}

static bool add_part(struct template *t, struct bytes_part part)
{
	struct bytes_part *parts = list_room(t->step->bytes, t->step->bytes_count, sizeof *parts);

	if (!parts) {
		free(part.data);
		return list_no_memory(t->draft->fault);
	}
	t->step->bytes = parts;
	parts[t->step->bytes_count++] = part;
	return true;
}

static bool flush(struct template *t)
{
	struct bytes_part part = { .kind = BYTES_LITERAL, .size = t->literal.size };

	if (t->literal.failed)
		return complain(t, t->at, "expected fewer bytes");
	if (!t->literal.size)
		return true;
	part.data = (unsigned char *)slice_copy(buf_slice(&t->literal));
	buf_clear(&t->literal);
	return part.data ? add_part(t, part) : list_no_memory(t->draft->fault);
}

/* Pairs of digits and blanks. */
static bool put_octets(struct template *t, struct slice text, size_t base, struct buf *out)
{
	for (size_t i = 0; i < text.size;) {
		int value = octet(text, i);
		if (text.data[i] == ' ') {
			i++;
			continue;
		}
		if (value < 0)
			return complain(t, base + i, "expected two hexadecimal digits");
		buf_u8(out, (uint8_t)value);
		i += 2;
	}
	return true;
}

/* {len}, {len:overlong}, {len:-2} */
static bool field_length(struct template *t, struct slice lie, size_t base)
{
	struct bytes_part part = { .kind = BYTES_LENGTH };
	bool negative = lie.size && lie.data[0] == '-';
	size_t at = negative || (lie.size && lie.data[0] == '+');

	if (slice_is(lie, "overlong")) {
		part.overlong = true;
	} else if (lie.size) {
		if (at == lie.size)
			return complain(t, base, "expected overlong, or a number such as -2");
		for (; at < lie.size; at++) {
			if (!isdigit(lie.data[at]) || part.delta > LIE_MAX)
				return complain(t, base + at, "expected overlong, or a number such as -2");
			part.delta = part.delta * 10 + (lie.data[at] - '0');
		}
		part.delta = negative ? -part.delta : part.delta;
	}
	return flush(t) && add_part(t, part);
}

/* {str:text}, {str: EDA080}: two bytes of length before it. */
static bool field_string(struct template *t, struct slice text, size_t base)
{
	struct buf content;
	bool good = true;

	buf_init(&content, 65535);
	if (text.size && text.data[0] == ' ')
		good = put_octets(t, text, base, &content);
	else
		buf_put(&content, text);
	if (good && content.failed)
		good = complain(t, base, "expected at most 65535 bytes");
	buf_u16(&t->literal, (uint16_t)content.size);
	buf_put(&t->literal, buf_slice(&content));
	buf_release(&content);
	return good;
}

/* {props: 1100000001}: a Variable Byte Integer of length before it. */
static bool field_properties(struct template *t, struct slice text, size_t base)
{
	struct buf content;
	bool good;

	buf_init(&content, TEMPLATE_BYTES_MAX);
	good = put_octets(t, text, base, &content);
	for (size_t left = content.size;; left >>= 7) {
		buf_u8(&t->literal, (uint8_t)((left & 127) | (left > 127 ? 128 : 0)));
		if (left <= 127)
			break;
	}
	buf_put(&t->literal, buf_slice(&content));
	buf_release(&content);
	return good;
}

static bool actor_named(struct template *t, struct slice name, size_t base, size_t *actor)
{
	ptrdiff_t found = name.size ? case_actor(t->draft->c, name) : (ptrdiff_t)t->step->actor;

	if (found < 0)
		return complain(t, base, "expected an actor of the cast");
	*actor = (size_t)found;
	return true;
}

static bool field_token(struct template *t, struct slice name, size_t base)
{
	struct bytes_part part = { .kind = BYTES_TOKEN };

	return actor_named(t, name, base, &part.actor) && flush(t) && add_part(t, part);
}

static bool field_client(struct template *t, struct slice name, size_t base)
{
	size_t actor = 0;

	if (!actor_named(t, name, base, &actor))
		return false;
	struct slice id = slice_text(t->draft->script->actors[actor].client_id);
	buf_u16(&t->literal, (uint16_t)id.size);
	buf_put(&t->literal, id);
	return true;
}

static const struct {
	const char *word;
	bool (*read)(struct template *t, struct slice rest, size_t base);
} fields[] = {
	{ "len", field_length },    { "str", field_string },    { "props", field_properties },
	{ "token", field_token },   { "client", field_client },
};

/* {40|01} */
static bool field_or(struct template *t, struct slice text, size_t base)
{
	int left = octet(text, 0), right = text.size == 5 && text.data[2] == '|' ? octet(text, 3) : -1;

	if (left < 0 || right < 0)
		return complain(t, base, "expected {len}, {str:…}, {props:…}, {token}, {client} or two bytes such as {40|01}");
	buf_u8(&t->literal, (uint8_t)(left | right));
	return true;
}

static bool field(struct template *t)
{
	size_t begin = t->at + 1, end = begin;

	while (end < t->text.size && t->text.data[end] != '}')
		end++;
	if (end == t->text.size)
		return complain(t, t->at, "expected a closing }");
	struct slice inner = slice_part(t->text, begin, end - begin), rest = inner;
	bool more;
	struct slice word = slice_word(&rest, ':', &more);
	t->at = end + 1;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (slice_is(word, fields[i].word))
			return fields[i].read(t, more ? rest : slice_of(NULL, 0), begin + word.size + more);
	return field_or(t, inner, begin);
}

static bool quoted(struct template *t)
{
	size_t begin = t->at + 1, end = begin;

	while (end < t->text.size && t->text.data[end] != '\'')
		end++;
	if (end == t->text.size)
		return complain(t, t->at, "expected a closing '");
	buf_put(&t->literal, slice_part(t->text, begin, end - begin));
	t->at = end + 1;
	return true;
}

static bool element(struct template *t)
{
	int c = t->text.data[t->at], value;

	if (c == ' ') {
		t->at++;
		return true;
	}
	if (c == '{' || c == '\'')
		return c == '{' ? field(t) : quoted(t);
	value = octet(t->text, t->at);
	if (value < 0)
		return complain(t, t->at, "expected two hexadecimal digits, 'text' or a {field}");
	buf_u8(&t->literal, (uint8_t)value);
	t->at += 2;
	return true;
}

bool draft_bytes(struct draft *draft, const struct token *value, struct script_step *step)
{
	struct template t = { .draft = draft, .token = draft_value(draft, value), .step = step };
	bool good = true;

	if (t.token->kind != TOKEN_BYTES)
		return draft_complain(draft, t.token, "expected bytes such as x\"C0 00\"");
	t.text = t.token->text;
	buf_init(&t.literal, TEMPLATE_BYTES_MAX);
	while (good && t.at < t.text.size)
		good = element(&t);
	good = good && flush(&t);
	buf_release(&t.literal);
	if (good && !step->bytes_count)
		return draft_complain(draft, t.token, "expected at least one byte");
	return good;
}
