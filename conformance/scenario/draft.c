#include "scenario/draft.h"

#include "crypto.h"
#include "registry/list.h"
#include "scenario/names.h"

#include <inttypes.h>
#include <stdlib.h>

enum { TEXT_MAX = 16384 };

bool draft_complain(const struct draft *draft, const struct token *at, const char *text)
{
	return place_fault(draft->c->name, at, draft->fault, "%s", text);
}

const struct token *draft_value(const struct draft *draft, const struct token *value)
{
	ptrdiff_t column = value->kind == TOKEN_COLUMN ? case_column(draft->c, value->text) : -1;

	return column >= 0 && draft->row ? &draft->row->values[column] : value;
}

bool draft_none(const struct draft *draft, const struct token *value)
{
	value = draft_value(draft, value);
	return value->kind == TOKEN_WORD && slice_is(value->text, "none");
}

/* Casts and script actors stand in the same order. */
static const char *actor_value(const void *context, struct slice name, bool *fixed)
{
	const struct draft *draft = context;
	ptrdiff_t actor = case_actor(draft->c, name);

	if (actor < 0)
		return NULL;
	*fixed = draft->fixed[actor];
	return draft->script->actors[actor].value;
}

static char *expand(const struct draft *draft, const struct token *at, bool segments, bool *varies)
{
	const struct name_source source = { actor_value, draft };
	struct slice unknown = { NULL, 0 };
	struct buf text;
	char *copy = NULL;

	buf_init(&text, TEXT_MAX);
	if (!names_expand(&source, at->text, segments, &text, varies, &unknown))
		place_fault(draft->c->name, at, draft->fault, "expected an actor of the cast in braces, found {%.*s}",
			    (int)unknown.size, (const char *)unknown.data);
	else if (text.failed)
		draft_complain(draft, at, "the text is too long");
	else if (!(copy = slice_copy(buf_slice(&text))))
		list_no_memory(draft->fault);
	buf_release(&text);
	return copy;
}

char *draft_text(const struct draft *draft, const struct token *value, enum expansion expansion, bool *varies)
{
	char *copy;

	value = draft_value(draft, value);
	if (value->kind == TOKEN_STRING)
		return expand(draft, value, expansion == EXPAND_SEGMENTS, varies);
	if (value->kind != TOKEN_RAW && value->kind != TOKEN_WORD) {
		draft_complain(draft, value, "expected a text");
		return NULL;
	}
	copy = slice_copy(value->text);
	if (!copy)
		list_no_memory(draft->fault);
	return copy;
}

bool draft_replace(struct draft *draft, char **place, const struct token *value, bool *varies)
{
	char *text = draft_text(draft, value, EXPAND_SEGMENTS, varies);

	if (!text)
		return false;
	free(*place);
	*place = text;
	return true;
}

char *draft_take(struct buf *text, struct fault *fault)
{
	char *copy = text->failed ? NULL : slice_copy(buf_slice(text));

	if (!copy)
		list_no_memory(fault);
	buf_release(text);
	return copy;
}

bool draft_number(const struct draft *draft, const struct token *value, enum token_kind kind, int64_t least,
		  int64_t most, int64_t *number)
{
	value = draft_value(draft, value);
	if (value->kind != kind)
		return draft_complain(draft, value,
				      kind == TOKEN_NUMBER ? "expected a number" :
				      kind == TOKEN_CODE   ? "expected a reason code such as 0x87" :
							     "expected a duration such as 30s");
	if (value->number < least || value->number > most)
		return place_fault(draft->c->name, value, draft->fault,
				   "expected a value from %" PRId64 " to %" PRId64 "%s", least, most,
				   kind == TOKEN_DURATION ? " ms" : "");
	*number = value->number;
	return true;
}

bool draft_random(const struct draft *draft, const char *purpose, struct slice name, size_t count, struct buf *out)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char digest[SHA256_SIZE];
	struct buf all;
	bool good;

	buf_init(&all, TEXT_MAX);
	buf_format(&all, "%" PRIu64 "\n%s\n%s\n", draft->seed, draft->script->id, purpose);
	buf_put(&all, name);
	good = !all.failed && sha256(buf_slice(&all), digest);
	for (size_t i = 0; good && i < count && i < SHA256_SIZE; i++)
		buf_u8(out, (uint8_t)letters[digest[i] & 31]);
	buf_release(&all);
	return good || list_no_memory(draft->fault);
}
