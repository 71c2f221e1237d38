/* Small parts of the parser: tokens, values, attributes. */
#include "scenario/parser.h"

#include <stdarg.h>
#include <stdio.h>

bool parser_advance(struct parser *p)
{
	p->end = p->lexer.at;
	return lexer_next(&p->lexer, &p->token, p->fault);
}

bool parser_complain(struct parser *p, const struct token *at, const char *format, ...)
{
	char text[480];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return place_fault(p->source->name, at, p->fault, "%s", text);
}

bool parser_expected(struct parser *p, const char *what)
{
	const struct token *t = &p->token;
	const char *kind = token_kind_name(t->kind);

	if (t->kind == TOKEN_END || t->kind == TOKEN_EOF || t->kind >= TOKEN_ARROW)
		return parser_complain(p, t, "expected %s, found %s", what, kind);
	return parser_complain(p, t, "expected %s, found %s \"%.*s\"", what, kind, (int)t->text.size,
			       (const char *)t->text.data);
}

bool parser_take(struct parser *p, enum token_kind kind, const char *what, struct token *token)
{
	if (p->token.kind != kind)
		return parser_expected(p, what);
	*token = p->token;
	return parser_advance(p);
}

bool parser_is(const struct parser *p, const char *word)
{
	return p->token.kind == TOKEN_WORD && slice_is(p->token.text, word);
}

bool parser_word(struct parser *p, const char *word, bool *taken)
{
	*taken = parser_is(p, word);
	return !*taken || parser_advance(p);
}

static bool is_value(enum token_kind kind)
{
	return kind == TOKEN_STRING || kind == TOKEN_RAW || kind == TOKEN_NUMBER || kind == TOKEN_DURATION ||
	       kind == TOKEN_COLUMN || kind == TOKEN_WORD;
}

bool parser_value(struct parser *p, const char *what, struct token *value)
{
	if (!is_value(p->token.kind))
		return parser_expected(p, what);
	*value = p->token;
	if (value->kind == TOKEN_COLUMN) {
		ptrdiff_t column = case_column(p->c, value->text);
		if (column < 0)
			return parser_complain(p, value, "expected a column of the table, found <%.*s>",
					       (int)value->text.size, (const char *)value->text.data);
		p->c->column_used[column] = true;
	}
	return parser_advance(p);
}

const struct rule *parser_rule(struct parser *p, const struct token *at, struct slice id)
{
	const struct rule *rule = registry_rule(p->registry, id);

	if (!rule)
		parser_complain(p, at, "expected the id of a rule of the spec, found \"%.*s\"", (int)id.size,
				(const char *)id.data);
	return rule;
}

static bool unknown_attribute(struct parser *p, unsigned scope)
{
	struct buf what;

	buf_init(&what, 300);
	buf_text(&what, "an attribute: ");
	attribute_list(scope, &what);
	parser_expected(p, what.size > 14 ? buf_string(&what) : "no attribute after this verb");
	buf_release(&what);
	return false;
}

/* Where an attribute goes: the place of an earlier one of the same word, or behind the last.
 * Edits and claims add up. */
static struct attribute *attribute_place(struct attributes *with, const struct attribute_word *word)
{
	for (size_t i = 0; i < with->count; i++)
		if (with->items[i].word == word && !word->name_first)
			return &with->items[i];
	return with->count < CASE_ATTRIBUTES_MAX ? &with->items[with->count++] : NULL;
}

bool parser_attribute(struct parser *p, unsigned scope, struct attributes *with)
{
	const struct attribute_word *word =
		p->token.kind == TOKEN_WORD ? attribute_find(scope, p->token.text) : NULL;
	struct attribute *place = word ? attribute_place(with, word) : NULL;

	if (!word)
		return unknown_attribute(p, scope);
	if (!place)
		return parser_complain(p, &p->token, "more than %d attributes", CASE_ATTRIBUTES_MAX);
	*place = (struct attribute){ .word = word, .at = p->token };
	if (!parser_advance(p))
		return false;
	for (size_t i = 0; i < word->values; i++) {
		if (word->name_first && i == 0 && p->token.kind != TOKEN_WORD)
			return parser_expected(p, word->expects);
		if (!parser_value(p, word->expects, &place->values[place->value_count++]))
			return false;
	}
	return true;
}

bool parser_with(struct parser *p, unsigned scope, struct attributes *with)
{
	bool more;

	if (!parser_word(p, "with", &more))
		return false;
	while (more) {
		if (!parser_attribute(p, scope, with))
			return false;
		more = p->token.kind == TOKEN_COMMA;
		if (more && !parser_advance(p))
			return false;
	}
	return true;
}
