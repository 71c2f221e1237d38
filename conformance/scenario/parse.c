/* Cases: the opening line, headers, cast and table. Steps are in step.c. */
#include "scenario/parser.h"

#include "registry/list.h"
#include "scenario/carrier.h"
#include "scenario/lint.h"

#include <ctype.h>
#include <stdlib.h>

static bool end_of_line(struct parser *p, const char *what)
{
	return p->token.kind == TOKEN_END ? parser_advance(p) : parser_expected(p, what);
}

static bool copy_text(struct parser *p, char **place, struct slice text)
{
	*place = slice_copy(text);
	return *place || list_no_memory(p->fault);
}

static bool cite(struct parser *p, const struct token *at, const struct rule *rule)
{
	return case_cite(p->c, rule) || parser_complain(p, at, "more than %d rules in one case", CASE_RULES_MAX);
}

/* PUB-02.other, or vector:ID in text that was compiled from vectors. */
static bool read_case_id(struct parser *p)
{
	struct token at = p->token;
	struct slice rest = at.text;
	bool more;

	if (p->token.kind != TOKEN_WORD)
		return parser_expected(p, "the id of a case, RULE.NAME");
	if (!copy_text(p, &p->c->id, at.text) || !parser_advance(p))
		return false;
	if (p->source->vectors)
		return true;
	struct slice id = slice_word(&rest, '.', &more);
	if (!more || !rest.size)
		return parser_complain(p, &at, "expected the id of a case, RULE.NAME, found \"%s\"", p->c->id);
	for (size_t i = 0; i < rest.size; i++)
		if (!islower(rest.data[i]) && !isdigit(rest.data[i]) && rest.data[i] != '-')
			return parser_complain(p, &at,
					       "expected small letters, digits and hyphens behind the dot of \"%s\"",
					       p->c->id);
	const struct rule *rule = parser_rule(p, &at, id);
	return rule && cite(p, &at, rule);
}

static bool read_org(struct parser *p)
{
	struct token name;

	if (p->c->org.size)
		return parser_complain(p, &p->token, "a second org; an actor elsewhere is cast `with org`");
	if (!parser_take(p, TOKEN_WORD, "the name of a policy block", &name))
		return false;
	if (!registry_policy(p->registry, name.text))
		return parser_complain(p, &name, "expected the name of a policy block of the spec, found \"%.*s\"",
				       (int)name.text.size, (const char *)name.text.data);
	p->c->org = name.text;
	return true;
}

static bool add_door(struct parser *p, const struct token *door)
{
	struct scenario_case *c = p->c;
	const struct carrier *carrier;

	if (slice_is(door->text, carrier_listeners)) {
		c->every_listener = true;
		return true;
	}
	if (!carrier_of(door->text, 0))
		return parser_complain(p, door, "expected %s, found \"%.*s\"", carrier_doors, (int)door->text.size,
				       (const char *)door->text.data);
	for (size_t i = 0; (carrier = carrier_of(door->text, i)); i++) {
		for (size_t k = 0; k < c->carrier_count; k++)
			if (c->carriers[k] == carrier)
				return parser_complain(p, door, "a door that was named before");
		if (c->carrier_count == CASE_CARRIERS_MAX)
			return parser_complain(p, door, "more than %d carriers", CASE_CARRIERS_MAX);
		c->carriers[c->carrier_count++] = carrier;
	}
	return true;
}

static bool read_carriers(struct parser *p)
{
	struct token door;

	do {
		if (!parser_take(p, TOKEN_WORD, carrier_doors, &door) || !add_door(p, &door))
			return false;
	} while (p->token.kind == TOKEN_WORD);
	return true;
}

static bool read_needs(struct parser *p)
{
	struct token hook;
	const unsigned char *begin = p->token.text.data;

	if (p->c->needs.size)
		return parser_complain(p, &p->token, "a second needs; name all hooks on one line");
	do {
		if (!parser_take(p, TOKEN_WORD, "a hook: revoke, policy, audit or restart", &hook))
			return false;
		if (!slice_is(hook.text, "revoke") && !slice_is(hook.text, "policy") && !slice_is(hook.text, "audit") &&
		    !slice_is(hook.text, "restart"))
			return parser_complain(p, &hook, "expected a hook: revoke, policy, audit or restart");
		p->c->needs = slice_of(begin, (size_t)(hook.text.data + hook.text.size - begin));
	} while (p->token.kind == TOKEN_WORD);
	return true;
}

static bool read_cites(struct parser *p)
{
	while (p->token.kind == TOKEN_WORD || p->token.kind == TOKEN_RULE) {
		struct token at = p->token;
		const struct rule *rule = parser_rule(p, &at, at.text);
		if (!rule || !cite(p, &at, rule) || !parser_advance(p))
			return false;
		if (at.kind != TOKEN_RULE)
			continue;
		if (p->c->twin_rule)
			return parser_complain(p, &at, "a second rule in brackets; one is what the twins check");
		p->c->twin_rule = rule;
	}
	return p->token.kind == TOKEN_END || parser_expected(p, "the id of a rule");
}

static bool read_alone(struct parser *p)
{
	p->c->alone = true;
	return true;
}

static bool read_rows(struct parser *p)
{
	if (p->stage != STAGE_HEADER)
		return parser_complain(p, &p->token, "a second table");
	p->stage = STAGE_ROWS;
	return true;
}

static const struct header {
	const char *word;
	bool (*read)(struct parser *p);
} headers[] = {
	{ "org", read_org },	 { "carriers", read_carriers }, { "needs", read_needs },
	{ "cites", read_cites }, { "alone", read_alone },	{ "rows", read_rows },
};

static bool actor_name_valid(struct slice name)
{
	for (size_t i = 0; i < name.size; i++)
		if (!islower(name.data[i]) && (i == 0 || (!isdigit(name.data[i]) && name.data[i] != '-')))
			return false;
	return !word_reserved(name);
}

/* "scout", or "scout, analyst": the names are added to the cast, *first is the index of the first. */
static bool read_names(struct parser *p, size_t *first)
{
	struct scenario_case *c = p->c;
	bool more = true;

	*first = c->cast_count;
	while (more) {
		struct token name;
		struct cast *casts;
		if (!parser_take(p, TOKEN_WORD, "the name of an actor", &name))
			return false;
		if (!actor_name_valid(name.text))
			return parser_complain(p, &name,
					       "expected a name in small letters that is no word of the language");
		if (case_actor(c, name.text) >= 0)
			return parser_complain(p, &name, "a second actor of the same name");
		casts = c->cast_count < CASE_CASTS_MAX ? list_room(c->casts, c->cast_count, sizeof *casts) : NULL;
		if (!casts)
			return parser_complain(p, &name, "more than %d actors, or out of memory", CASE_CASTS_MAX);
		c->casts = casts;
		casts[c->cast_count++] = (struct cast){ .name = name, .original = -1 };
		more = p->token.kind == TOKEN_COMMA;
		if (more && !parser_advance(p))
			return false;
	}
	return true;
}

/* agent, agents, …, or the name of an actor that is copied. */
static bool read_kind(struct parser *p, size_t first, bool plural)
{
	struct scenario_case *c = p->c;
	bool is_plural = plural;
	const char *claim = p->token.kind == TOKEN_WORD ? kind_claim(p->token.text, &is_plural) : NULL;
	ptrdiff_t original = p->token.kind == TOKEN_WORD && !claim ? case_actor(c, p->token.text) : -1;

	if ((!claim && (original < 0 || original >= (ptrdiff_t)first)) || is_plural != plural)
		return parser_expected(p, plural ? "agents, users, servers, tools or an earlier actor" :
						   "agent, user, server, tool or an earlier actor");
	for (size_t i = first; i < c->cast_count; i++) {
		c->casts[i].claim = claim ? claim : c->casts[original].claim;
		c->casts[i].original = original;
	}
	if (original >= 0)
		c->casts[original].used = true;
	return parser_advance(p);
}

static bool read_cast(struct parser *p)
{
	struct scenario_case *c = p->c;
	struct attributes with = { .count = 0 };
	size_t first;

	if (!read_names(p, &first))
		return false;
	bool plural = parser_is(p, "are");
	if (!plural && !parser_is(p, "is"))
		return parser_expected(p, "is or are");
	if (plural != (c->cast_count - first > 1))
		return parser_expected(p, plural ? "is after one name" : "are after several names");
	if (!parser_advance(p) || !read_kind(p, first, plural))
		return false;
	if (parser_is(p, "for"))
		return parser_complain(p, &p->token, "delegated actors (`for`) are not part of this revision");
	if (!parser_with(p, SCOPE_CAST, &with))
		return false;
	for (size_t i = first; i < c->cast_count; i++)
		c->casts[i].with = with;
	return true;
}

static bool read_columns(struct parser *p, struct token *values, size_t count)
{
	struct scenario_case *c = p->c;

	for (size_t i = 0; i < count; i++) {
		if (values[i].kind != TOKEN_WORD)
			return parser_complain(p, &values[i], "expected the name of a column");
		if (case_column(c, values[i].text) >= 0)
			return parser_complain(p, &values[i], "a second column of the same name");
		c->columns[c->column_count++] = values[i];
	}
	return true;
}

static bool add_row(struct parser *p, const struct token *values, size_t count, const struct token *at)
{
	struct scenario_case *c = p->c;
	struct row *rows = c->row_count < CASE_ROWS_MAX ? list_room(c->rows, c->row_count, sizeof *rows) : NULL;

	if (!rows)
		return parser_complain(p, at, "more than %d rows, or out of memory", CASE_ROWS_MAX);
	c->rows = rows;
	if (count != c->column_count)
		return parser_complain(p, at, "expected %zu values, as many as there are columns, found %zu",
				       c->column_count, count);
	if (values[0].kind != TOKEN_WORD)
		return parser_complain(p, &values[0], "expected the name of the row");
	for (size_t i = 0; i < c->row_count; i++)
		if (slice_equal(rows[i].values[0].text, values[0].text))
			return parser_complain(p, &values[0], "a second row of the same name");
	memcpy(rows[c->row_count++].values, values, count * sizeof *values);
	return true;
}

static bool read_row(struct parser *p)
{
	struct token values[CASE_COLUMNS_MAX], at = p->token;
	size_t count = 0;

	if (p->stage != STAGE_ROWS)
		return parser_complain(p, &at, "expected the word rows above a table");
	if (!parser_advance(p))
		return false;
	while (p->token.kind != TOKEN_END) {
		struct token bar;
		if (count == CASE_COLUMNS_MAX)
			return parser_complain(p, &p->token, "more than %d columns", CASE_COLUMNS_MAX);
		if (p->token.kind == TOKEN_COLUMN)
			return parser_expected(p, "a value of the table");
		if (!parser_value(p, "a value of the table", &values[count++]) ||
		    !parser_take(p, TOKEN_BAR, "a bar behind the value", &bar))
			return false;
	}
	if (count == 0)
		return parser_expected(p, "a value of the table");
	return p->c->column_count ? add_row(p, values, count, &at) : read_columns(p, values, count);
}

/* What a line is shows in its first two tokens; the lexer is small enough to look ahead with a copy. */
static bool begins_cast(const struct parser *p)
{
	struct lexer ahead = p->lexer;
	struct token second;
	struct fault ignored;

	if (!lexer_next(&ahead, &second, &ignored))
		return false;
	return second.kind == TOKEN_COMMA ||
	       (second.kind == TOKEN_WORD && (slice_is(second.text, "is") || slice_is(second.text, "are")));
}

static const struct header *begins_header(const struct parser *p)
{
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		if (parser_is(p, headers[i].word))
			return &headers[i];
	return NULL;
}

static bool read_statement(struct parser *p)
{
	const struct header *header = begins_header(p);

	if (p->token.kind == TOKEN_BAR)
		return read_row(p);
	if (header || begins_cast(p)) {
		if (p->stage != STAGE_HEADER)
			return parser_expected(p, p->stage == STAGE_ROWS ? "a row or a step" : "a step or a new case");
		if (!header)
			return read_cast(p);
		return parser_advance(p) && header->read(p);
	}
	if (p->token.kind != TOKEN_WORD)
		return parser_expected(p, "a header, a cast, a row or a step");
	p->stage = STAGE_STEPS;
	return parse_step(p);
}

static bool name_carriers(struct parser *p)
{
	struct buf names;
	bool good;

	buf_init(&names, 1024);
	for (size_t i = 0; i < p->c->carrier_count; i++)
		buf_format(&names, "%s%s", i ? " " : "", p->c->carriers[i]->name);
	buf_text(&names, names.size ? "" : "-");
	good = !names.failed && copy_text(p, &p->c->carrier_names, buf_slice(&names));
	buf_release(&names);
	return good;
}

/* Behind the last statement: what must be there at all, the text as written, and the lints. */
static bool finish_case(struct parser *p, size_t begin)
{
	struct scenario_case *c = p->c;

	if (!c->org.size)
		return parser_complain(p, &c->at, "expected a line `org NAME` in this case");
	if (!c->rule_count)
		return parser_complain(p, &c->at, "expected a line `cites RULE` in this case");
	if (c->column_count && !c->row_count)
		return parser_complain(p, &c->at, "expected a row below the columns of the table");
	if (!c->step_count)
		return parser_complain(p, &c->at, "expected a step in this case");
	return copy_text(p, &c->text, slice_part(p->source->text, begin, p->end - begin)) && name_carriers(p) &&
	       lint_case(c, p->registry, p->fault);
}

static bool read_case(struct parser *p)
{
	size_t begin = (size_t)(p->token.text.data - p->source->text.data);
	struct token title;

	p->c->at = p->token;
	p->c->name = p->source->name;
	p->c->place = (struct place){ p->source->name, p->token.line };
	p->stage = STAGE_HEADER;
	if (!parser_advance(p) || !read_case_id(p) ||
	    !parser_take(p, TOKEN_STRING, "the title of the case in quotes", &title))
		return false;
	if (!copy_text(p, &p->c->title, title.text) || !end_of_line(p, "the end of the line behind the title"))
		return false;
	while (p->token.kind != TOKEN_EOF && !parser_is(p, "case"))
		if (!read_statement(p) || !end_of_line(p, "the end of the line"))
			return false;
	return finish_case(p, begin);
}

static bool add_case(struct parser *p, struct case_list *list)
{
	struct scenario_case **items = list_room(list->items, list->count, sizeof *items);

	if (items)
		list->items = items;
	p->c = calloc(1, sizeof *p->c);
	if (!items || !p->c) {
		free(p->c);
		return list_no_memory(p->fault);
	}
	items[list->count++] = p->c;
	return read_case(p);
}

bool cases_parse(const struct registry *registry, const struct case_source *source, struct case_list *list,
		 struct fault *fault)
{
	struct parser p = { .registry = registry, .source = source, .fault = fault };

	if (!slice_utf8(source->text) && source->text.size)
		return fault_set(fault, FAULT_MALFORMED, "%s:%u:1: expected UTF-8 without U+0000", source->name,
				 source->line);
	lexer_init(&p.lexer, source->text, source->name, source->line, source->indent);
	if (!parser_advance(&p))
		return false;
	while (p.token.kind != TOKEN_EOF) {
		if (!parser_is(&p, "case"))
			return parser_expected(&p, "the word case");
		if (!add_case(&p, list))
			return false;
	}
	return true;
}

void case_list_release(struct case_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		case_free(list->items[i]);
	free(list->items);
	*list = (struct case_list){ NULL, 0 };
}
