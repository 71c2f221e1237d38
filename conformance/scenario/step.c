/* One step: label, act or `same`, clauses; and what follows from what stands before it. */
#include "scenario/parser.h"

#include "registry/list.h"

#include <stdlib.h>

static ptrdiff_t last_twin(const struct scenario_case *c, const enum act *act)
{
	for (size_t i = c->step_count; i-- > 0;)
		if (c->steps[i].label == LABEL_TWIN && (!act || c->steps[i].verb->act == *act))
			return (ptrdiff_t)i;
	return -1;
}

static bool read_actor(struct parser *p, struct case_step *step)
{
	struct token name;

	if (!parser_take(p, TOKEN_WORD, "the name of an actor", &name))
		return false;
	ptrdiff_t actor = case_actor(p->c, name.text);
	if (actor < 0)
		return parser_complain(p, &name, "expected an actor of the cast, found \"%.*s\"", (int)name.text.size,
				       (const char *)name.text.data);
	p->c->casts[actor].used = true;
	step->actor = (size_t)actor;
	return true;
}

static bool read_verb(struct parser *p, struct case_step *step)
{
	bool never;

	if (!parser_word(p, "never", &never))
		return false;
	if (p->token.kind == TOKEN_WORD && verb_later(p->token.text))
		return parser_complain(p, &p->token, "the verb \"%.*s\" is not part of this revision of the language",
				       (int)p->token.text.size, (const char *)p->token.text.data);
	if (never && !parser_is(p, "receives"))
		return parser_expected(p, "receives after never");
	step->verb = never ? &verb_never : p->token.kind == TOKEN_WORD ? verb_find(p->token.text) : NULL;
	if (!step->verb)
		return parser_expected(p, "a verb: connects, publishes, subscribes, unsubscribes, pings, disconnects, "
					  "drops, receives or never receives");
	return parser_advance(p);
}

static unsigned scope_of(const struct verb *verb)
{
	return verb->act == ACT_PUBLISH ? SCOPE_PUBLISH : verb->act == ACT_SUBSCRIBE ? SCOPE_SUBSCRIBE : 0;
}

static bool read_act(struct parser *p, struct case_step *step)
{
	if (!read_actor(p, step) || !read_verb(p, step))
		return false;
	for (size_t i = 0; i < VERB_VALUES_MAX && step->verb->values[i]; i++)
		if (!parser_value(p, step->verb->values[i], &step->values[i]))
			return false;
	return parser_with(p, scope_of(step->verb), &step->with);
}

/* `same to VALUE`, `same by NAME`, `same with ATTRIBUTE`: the last twin with one thing changed. */
static bool read_same(struct parser *p, struct case_step *step)
{
	ptrdiff_t twin = last_twin(p->c, NULL);
	bool to, by, with;

	if (twin < 0)
		return parser_complain(p, &p->token, "expected a twin above `same`");
	const struct case_step *other = &p->c->steps[twin];
	step->actor = other->actor;
	step->verb = other->verb;
	memcpy(step->values, other->values, sizeof step->values);
	step->with = other->with;
	if (!parser_advance(p) || !parser_word(p, "to", &to))
		return false;
	if (to && !step->verb->values[0])
		return parser_complain(p, &p->token, "the twin %s has no topic or filter to change", step->verb->word);
	if (to)
		return parser_value(p, step->verb->values[0], &step->values[0]);
	if (!parser_word(p, "by", &by))
		return false;
	if (by)
		return read_actor(p, step);
	if (!parser_word(p, "with", &with))
		return false;
	return with ? parser_attribute(p, scope_of(step->verb), &step->with) :
		      parser_expected(p, "to, by or with after same");
}

static bool read_deadline(struct parser *p, struct case_step *step)
{
	struct token duration;
	bool by;

	if (parser_is(p, "after"))
		return parser_complain(p, &p->token, "`after` is not part of this revision of the language");
	if (!parser_word(p, "by", &by))
		return false;
	if (!by)
		return true;
	if (step->by_ms)
		return parser_complain(p, &p->token, "a second deadline");
	if (p->token.kind == TOKEN_MARK || p->token.kind == TOKEN_WORD)
		return parser_complain(p, &p->token,
				       "expected a duration; deadlines that begin at a mark or an event are not part of "
				       "this revision");
	if (!parser_take(p, TOKEN_DURATION, "a duration", &duration))
		return false;
	if (duration.number < 1 || duration.number > 3600 * 1000)
		return parser_complain(p, &duration, "expected a duration from 1ms to 3600s");
	step->by_ms = duration.number;
	return true;
}

static bool read_outcomes(struct parser *p, struct case_step *step)
{
	bool more = true;

	step->outcome_at = p->token;
	while (more) {
		enum outcome outcome =
			p->token.kind == TOKEN_WORD ? outcome_find(step->verb->act, p->token.text) : OUTCOME_NONE;
		if (outcome == OUTCOME_NONE)
			return parser_expected(p, outcome_choice(step->verb->act));
		if (step->outcome_count == STEP_OUTCOMES_MAX)
			return parser_complain(p, &p->token, "more than %d outcomes", STEP_OUTCOMES_MAX);
		step->outcomes[step->outcome_count++] = outcome;
		if (!parser_advance(p) || !parser_word(p, "or", &more))
			return false;
	}
	return true;
}

static bool read_should(struct parser *p, struct case_step *step)
{
	bool should;

	step->should_at = p->token;
	if (!parser_word(p, "should", &should))
		return false;
	if (should && p->token.kind != TOKEN_CODE)
		return parser_expected(p, "a reason code such as 0x87");
	while (should && p->token.kind == TOKEN_CODE) {
		if (p->token.number < 0x80)
			return parser_complain(p, &p->token, "expected the reason code of a denial, 0x80 or higher");
		if (step->should_count == SCRIPT_CODES_MAX)
			return parser_complain(p, &p->token, "more than %d codes", SCRIPT_CODES_MAX);
		step->should[step->should_count++] = (unsigned char)p->token.number;
		if (!parser_advance(p))
			return false;
	}
	if (parser_is(p, "alike"))
		return parser_complain(p, &p->token, "`alike` is not part of this revision of the language");
	return true;
}

static bool read_expectation(struct parser *p, struct case_step *step)
{
	if (p->token.kind != TOKEN_ARROW)
		return true;
	return parser_advance(p) && read_outcomes(p, step) && read_deadline(p, step) && read_should(p, step);
}

static bool read_rule(struct parser *p, struct case_step *step)
{
	struct token at = p->token;

	if (at.kind != TOKEN_RULE)
		return true;
	step->rule = parser_rule(p, &at, at.text);
	if (!step->rule || !parser_advance(p))
		return false;
	return case_cite(p->c, step->rule) || parser_complain(p, &at, "more than %d rules in one case", CASE_RULES_MAX);
}

static bool read_mark(struct parser *p, struct case_step *step)
{
	step->mark.kind = TOKEN_END;
	if (p->token.kind != TOKEN_MARK)
		return true;
	step->mark = p->token;
	return parser_advance(p);
}

static bool read_label(struct parser *p, struct case_step *step)
{
	bool twin, deny = false;

	if (!parser_word(p, "twin", &twin) || (!twin && !parser_word(p, "deny", &deny)))
		return false;
	step->label = twin ? LABEL_TWIN : deny ? LABEL_DENY : LABEL_NONE;
	return true;
}

/* The publish step that an observation means by its text: the one that was denied, for `never`,
 * where there is such a one; else the last that was not denied. */
static ptrdiff_t find_message(const struct scenario_case *c, const struct case_step *step)
{
	ptrdiff_t allowed = -1, denied = -1;

	for (size_t i = 0; i < c->step_count; i++) {
		const struct case_step *s = &c->steps[i];
		if (s->verb->act != ACT_PUBLISH || s->values[1].kind != step->values[0].kind ||
		    !slice_equal(s->values[1].text, step->values[0].text))
			continue;
		if (s->label == LABEL_DENY)
			denied = (ptrdiff_t)i;
		else
			allowed = (ptrdiff_t)i;
	}
	return step->verb->act == ACT_NEVER && denied >= 0 ? denied : allowed;
}

/* A step is a check when it is labelled, bears a rule, says never, or observes that what a twin
 * published arrives: without the last, a broker that acknowledges and drops would break no rule. */
static const struct rule *default_rule(const struct scenario_case *c, const struct case_step *step)
{
	const struct case_step *message = step->message >= 0 ? &c->steps[step->message] : NULL;

	if (step->label == LABEL_DENY || step->verb->act == ACT_NEVER)
		return c->rules[0];
	if (step->label == LABEL_TWIN)
		return c->twin_rule ? c->twin_rule : c->rules[0];
	if (step->verb->act == ACT_RECEIVE && message && message->label == LABEL_TWIN)
		return message->rule;
	return NULL;
}

static bool denies(const struct case_step *step)
{
	for (size_t i = 0; i < step->outcome_count; i++)
		if (!outcome_allows(step->outcomes[i]))
			return true;
	return false;
}

/* Everything that a step does not say and that follows from its label, its verb and its case. */
static void settle(struct parser *p, struct case_step *step, bool same)
{
	const struct verb *verb = step->verb;
	enum outcome usual = step->label == LABEL_DENY ? verb->denied : verb->held;
	bool observes = verb->act == ACT_RECEIVE || verb->act == ACT_NEVER;

	if (!step->outcome_count && usual != OUTCOME_NONE)
		step->outcomes[step->outcome_count++] = usual;
	step->twin = step->message = -1;
	if (step->label == LABEL_DENY || verb->act == ACT_NEVER)
		step->twin = last_twin(p->c, same || verb->act == ACT_NEVER ? NULL : &verb->act);
	if (observes)
		step->message = find_message(p->c, step);
	if (!step->rule && p->c->rule_count)
		step->rule = default_rule(p->c, step);
	if (step->rule && denies(step) && verb->manner)
		step->manner = registry_manner(p->registry, slice_text(step->rule->id));
	if (step->manner && !step->should_count)
		step->should[step->should_count++] = verb->manner;
}

static bool keep_step(struct parser *p, struct case_step *step)
{
	struct scenario_case *c = p->c;
	size_t begin = (size_t)(step->at.text.data - p->source->text.data);
	struct case_step *steps = NULL;

	if (c->step_count < CASE_STEPS_MAX)
		steps = list_room(c->steps, c->step_count, sizeof *steps);
	if (!steps)
		return parser_complain(p, &step->at, "more than %d steps, or out of memory", CASE_STEPS_MAX);
	c->steps = steps;
	step->source = slice_copy(slice_part(p->source->text, begin, p->end - begin));
	if (!step->source)
		return list_no_memory(p->fault);
	steps[c->step_count++] = *step;
	if (step->manner && !case_cite(c, step->manner))
		return parser_complain(p, &step->at, "more than %d rules in one case", CASE_RULES_MAX);
	return true;
}

bool parse_step(struct parser *p)
{
	struct case_step step = { .at = p->token, .outcome_at = p->token, .should_at = p->token };
	bool good, same;

	if (!read_label(p, &step))
		return false;
	same = parser_is(p, "same");
	good = (same ? read_same(p, &step) : read_act(p, &step)) && read_deadline(p, &step) &&
	       read_expectation(p, &step) && read_rule(p, &step) && read_mark(p, &step);
	if (!good)
		return false;
	if (p->token.kind != TOKEN_END)
		return parser_expected(p, "an outcome, a [RULE], a @mark or the end of the line");
	settle(p, &step, same);
	return keep_step(p, &step);
}
