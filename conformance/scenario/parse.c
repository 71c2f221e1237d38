/* Cases: the opening line and the headers. Casts, tables and steps have files of their own. */
#include "scenario/parser.h"

#include "registry/list.h"
#include "scenario/carrier.h"

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
	return rule && parser_cite(p, &at, rule);
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
		c->carrier_at[c->carrier_count] = *door;
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

	p->c->needs_at = p->token;
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

static bool is_attack(struct slice word)
{
	return word.size == 3 && word.data[0] == 'N' && isdigit(word.data[1]) && isdigit(word.data[2]);
}

static bool read_attacks(struct parser *p)
{
	struct token row;
	const unsigned char *begin = p->token.text.data;

	if (p->c->attacks.size)
		return parser_complain(p, &p->token, "a second attack; name all rows on one line");
	do {
		if (!parser_take(p, TOKEN_WORD, "a row of the table of attacks, N01", &row))
			return false;
		if (!is_attack(row.text))
			return parser_complain(p, &row, "expected a row of the table of attacks, N01");
		p->c->attacks = slice_of(begin, (size_t)(row.text.data + row.text.size - begin));
	} while (p->token.kind == TOKEN_WORD);
	return true;
}

static bool read_cites(struct parser *p)
{
	while (p->token.kind == TOKEN_WORD || p->token.kind == TOKEN_RULE) {
		struct token at = p->token;
		const struct rule *rule = parser_rule(p, &at, at.text);
		if (!rule || !parser_cite(p, &at, rule) || !parser_advance(p))
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
	{ "attack", read_attacks },
};

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
		return parse_row(p);
	if (header || begins_cast(p)) {
		if (p->stage != STAGE_HEADER)
			return parser_expected(p, p->stage == STAGE_ROWS ? "a row or a step" : "a step or a new case");
		if (!header)
			return parse_cast(p);
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

/* Behind the last statement: what must be there at all, and the text as written. */
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
	case_complete(c);
	return copy_text(p, &c->text, slice_part(p->source->text, begin, p->end - begin)) && name_carriers(p);
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

/* The next case of the text into *c; NULL where it is not one, with the fault. */
static struct scenario_case *next_case(struct parser *p)
{
	if (!parser_is(p, "case")) {
		parser_expected(p, "the word case");
		return NULL;
	}
	p->c = calloc(1, sizeof *p->c);
	if (!p->c) {
		list_no_memory(p->fault);
		return NULL;
	}
	if (read_case(p))
		return p->c;
	case_free(p->c);
	return NULL;
}

static bool keep_case(struct case_list *list, struct scenario_case *c, struct fault *fault)
{
	struct scenario_case **items = list_room(list->items, list->count, sizeof *items);

	if (!items) {
		case_free(c);
		return list_no_memory(fault);
	}
	list->items = items;
	items[list->count++] = c;
	return true;
}

static bool begins_line(const struct parser *p)
{
	const unsigned char *begin = p->source->text.data, *at = p->token.text.data;

	while (at > begin && (at[-1] == ' ' || at[-1] == '\t' || at[-1] == '\r'))
		at--;
	return at == begin || at[-1] == '\n';
}

/* To the next line that begins a case. What follows a mistake inside its case would be misread. */
static void skip_to_case(struct parser *p)
{
	struct fault ignored;

	while (!(p->token.kind == TOKEN_WORD && parser_is(p, "case") && begins_line(p))) {
		if (p->token.kind == TOKEN_EOF && p->lexer.at == p->lexer.text.size)
			return;
		lexer_skip_line(&p->lexer);
		while (lexer_next(&p->lexer, &p->token, &ignored) && p->token.kind == TOKEN_END)
			;
	}
}

void cases_parse(const struct registry *registry, const struct case_source *source, struct case_list *list,
		 struct mistakes *mistakes)
{
	struct fault fault = { FAULT_NONE, "" };
	struct parser p = { .registry = registry, .source = source, .fault = &fault };
	bool good;

	if (!slice_utf8(source->text) && source->text.size) {
		fault_set(&fault, FAULT_MALFORMED, "%s:%u:1: expected UTF-8 without U+0000", source->name, source->line);
		mistakes_add(mistakes, source->name, &fault);
		return;
	}
	lexer_init(&p.lexer, source->text, source->name, source->line, source->indent);
	good = parser_advance(&p);
	while (!good || p.token.kind != TOKEN_EOF) {
		struct scenario_case *c = good ? next_case(&p) : NULL;
		good = c && keep_case(list, c, &fault);
		if (!good) {
			mistakes_add(mistakes, source->name, &fault);
			skip_to_case(&p);
			good = true;
		}
	}
}

void case_list_release(struct case_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		case_free(list->items[i]);
	free(list->items);
	*list = (struct case_list){ NULL, 0 };
}
