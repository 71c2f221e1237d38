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
	char text[560];
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
	return (kind >= TOKEN_WORD && kind <= TOKEN_CODE) || kind == TOKEN_COLUMN;
}

static bool use_column(struct parser *p, const struct token *value)
{
	ptrdiff_t column = case_column(p->c, value->text);

	if (column < 0)
		return parser_complain(p, value, "expected a column of the table, found <%.*s>",
				       (int)value->text.size, (const char *)value->text.data);
	p->c->column_used[column] = true;
	return true;
}

/* `now + 30s` is the duration 30s in a claim, which is written relative to now anyway. */
static bool take_now(struct parser *p, struct token *value)
{
	int sign = p->token.kind == TOKEN_MINUS ? -1 : 1;
	struct token offset;

	value->kind = TOKEN_DURATION;
	value->number = 0;
	if (p->token.kind != TOKEN_PLUS && p->token.kind != TOKEN_MINUS)
		return true;
	if (!parser_advance(p) || !parser_take(p, TOKEN_DURATION, "a duration", &offset))
		return false;
	value->number = sign * offset.number;
	return true;
}

bool parser_value(struct parser *p, const char *what, struct token *value)
{
	if (!is_value(p->token.kind))
		return parser_expected(p, what);
	*value = p->token;
	if (value->kind == TOKEN_COLUMN && !use_column(p, value))
		return false;
	if (!parser_advance(p))
		return false;
	return value->kind == TOKEN_WORD && slice_is(value->text, "now") ? take_now(p, value) : true;
}

bool parser_actor(struct parser *p, size_t *actor)
{
	struct token name;

	if (!parser_take(p, TOKEN_WORD, "the name of an actor", &name))
		return false;
	ptrdiff_t found = case_actor(p->c, name.text);
	if (found < 0)
		return parser_complain(p, &name, "expected an actor of the cast, found \"%.*s\"", (int)name.text.size,
				       (const char *)name.text.data);
	p->c->casts[found].used = true;
	*actor = (size_t)found;
	return true;
}

bool parser_cite(struct parser *p, const struct token *at, const struct rule *rule)
{
	return case_cite(p->c, rule) || parser_complain(p, at, "more than %d rules in one case", CASE_RULES_MAX);
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

	buf_init(&what, 1000);
	buf_text(&what, "an attribute: ");
	attribute_list(scope, &what);
	parser_expected(p, what.size > 14 ? buf_string(&what) : "no attribute after this verb");
	buf_release(&what);
	return false;
}

/* Where an attribute goes: the place of an earlier one of the same word, or behind the last. */
static struct attribute *attribute_place(struct attributes *with, const struct attribute_word *word)
{
	for (size_t i = 0; i < with->count; i++)
		if (with->items[i].word == word && !word->adds)
			return &with->items[i];
	return with->count < CASE_ATTRIBUTES_MAX ? &with->items[with->count++] : NULL;
}

static bool add_attribute(struct parser *p, const struct attribute *attribute, struct attributes *with)
{
	struct attribute *place = attribute_place(with, attribute->word);

	if (!place)
		return parser_complain(p, &attribute->at, "more than %d attributes", CASE_ATTRIBUTES_MAX);
	*place = *attribute;
	return true;
}

static bool read_attribute_value(struct parser *p, struct attribute *a)
{
	if (a->word->name_first && a->value_count == 0 && p->token.kind != TOKEN_WORD)
		return parser_expected(p, a->word->expects);
	return parser_value(p, a->word->expects, &a->values[a->value_count++]);
}

bool parser_attribute(struct parser *p, unsigned scope, struct attributes *with)
{
	struct attribute a = { .at = p->token };
	size_t count;

	a.word = p->token.kind == TOKEN_WORD ? attribute_find(scope, p->token.text) : NULL;
	if (!a.word)
		return unknown_attribute(p, scope);
	if (!parser_advance(p))
		return false;
	for (count = 0; count < a.word->least; count++)
		if (!read_attribute_value(p, &a))
			return false;
	if (count == 0 && a.word->most > 0 && is_value(p->token.kind) && p->token.kind != TOKEN_WORD &&
	    !read_attribute_value(p, &a))
		return false;
	if (!add_attribute(p, &a, with))
		return false;
	/* More than two values are so many attributes with the same first value. */
	for (; count >= 2 && count < a.word->most && is_value(p->token.kind) && p->token.kind != TOKEN_WORD; count++)
		if (!parser_value(p, a.word->expects, &a.values[1]) || !add_attribute(p, &a, with))
			return false;
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
