/* Instants: the only form in which time appears in a scenario. */
#include "scenario/parser.h"

enum { INSTANT_MS_MAX = 3600 * 1000 };

static const struct {
	const char *word;
	enum instant_kind kind;
} events[] = { { "exp", INSTANT_EXP }, { "closed", INSTANT_CLOSED }, { "connected", INSTANT_CONNECTED } };

static const char wanted[] = "a duration, now, a @mark, or NAME.exp, NAME.closed, NAME.connected";

/* The step of that mark, which is then in use; -1: no step above has it. */
static ptrdiff_t marked(struct scenario_case *c, struct slice mark)
{
	for (size_t i = c->step_count; i-- > 0;) {
		if (c->steps[i].mark.kind != TOKEN_MARK || !slice_equal(c->steps[i].mark.text, mark))
			continue;
		c->steps[i].mark_used = true;
		return (ptrdiff_t)i;
	}
	return -1;
}

static bool read_mark(struct parser *p, struct case_instant *instant)
{
	ptrdiff_t step = marked(p->c, p->token.text);

	if (step < 0)
		return parser_complain(p, &p->token, "expected the mark of a step above, found @%.*s",
				       (int)p->token.text.size, (const char *)p->token.text.data);
	instant->when.kind = INSTANT_STEP;
	instant->when.index = (size_t)step;
	return parser_advance(p);
}

/* scout.exp */
static bool read_event(struct parser *p, struct case_instant *instant)
{
	struct slice event = p->token.text, name;
	bool more;

	name = slice_word(&event, '.', &more);
	ptrdiff_t actor = case_actor(p->c, name);
	if (!more)
		return parser_expected(p, wanted);
	if (actor < 0)
		return parser_complain(p, &p->token, "expected an actor of the cast before the dot, found \"%.*s\"",
				       (int)name.size, (const char *)name.data);
	p->c->casts[actor].used = true;
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		if (!slice_is(event, events[i].word))
			continue;
		instant->when.kind = events[i].kind;
		instant->when.index = (size_t)actor;
		return parser_advance(p);
	}
	return parser_complain(p, &p->token, "expected exp, closed or connected behind the dot, found \"%.*s\"",
			       (int)event.size, (const char *)event.data);
}

static bool read_offset(struct parser *p, struct case_instant *instant)
{
	int sign = p->token.kind == TOKEN_MINUS ? -1 : 1;
	struct token offset;

	if (p->token.kind != TOKEN_PLUS && p->token.kind != TOKEN_MINUS)
		return true;
	if (!parser_advance(p) || !parser_take(p, TOKEN_DURATION, "a duration", &offset))
		return false;
	if (offset.number < 0 || offset.number > INSTANT_MS_MAX)
		return parser_complain(p, &offset, "expected a duration from 0s to 3600s");
	instant->when.offset_ms = sign * offset.number;
	return true;
}

bool parse_instant(struct parser *p, struct case_instant *instant)
{
	instant->at = p->token;
	instant->when = (struct instant){ .kind = INSTANT_NONE };
	if (p->token.kind == TOKEN_DURATION) {
		if (p->token.number < 1 || p->token.number > INSTANT_MS_MAX)
			return parser_complain(p, &p->token, "expected a duration from 1ms to 3600s");
		instant->when.kind = INSTANT_BEGIN;
		instant->when.offset_ms = p->token.number;
		return parser_advance(p);
	}
	if (p->token.kind == TOKEN_MARK)
		return read_mark(p, instant) && read_offset(p, instant);
	if (p->token.kind != TOKEN_WORD)
		return parser_expected(p, wanted);
	if (!slice_is(p->token.text, "now"))
		return read_event(p, instant) && read_offset(p, instant);
	instant->when.kind = INSTANT_NOW;
	return parser_advance(p) && read_offset(p, instant);
}
