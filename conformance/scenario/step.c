/* One step: label, act or `same`, clauses. What it leaves unsaid is in complete.c. */
#include "scenario/parser.h"

#include "registry/list.h"

#include <stdlib.h>

static bool read_text(struct parser *p, struct case_step *step, const char *what)
{
	return parser_value(p, what, &step->values[step->value_count++]);
}

static bool operand_none(struct parser *p, struct case_step *step)
{
	(void)p, (void)step;
	return true;
}

static bool operand_message(struct parser *p, struct case_step *step)
{
	if (!read_text(p, step, "a topic") || !parser_word(p, "empty", &step->empty))
		return false;
	return step->empty || read_text(p, step, "a text, or the word empty");
}

static bool operand_filter(struct parser *p, struct case_step *step)
{
	return read_text(p, step, "a filter");
}

static bool operand_texts(struct parser *p, struct case_step *step)
{
	if (!parser_word(p, "empty", &step->empty))
		return false;
	if (!read_text(p, step, step->empty ? "a topic" : "a text, or the word empty"))
		return false;
	while (!step->empty && (p->token.kind == TOKEN_STRING || p->token.kind == TOKEN_RAW || p->token.kind == TOKEN_COLUMN)) {
		if (step->value_count == SCRIPT_TEXTS_MAX)
			return parser_complain(p, &p->token, "more than %d texts", SCRIPT_TEXTS_MAX);
		if (!read_text(p, step, "a text"))
			return false;
	}
	return true;
}

static bool operand_bytes(struct parser *p, struct case_step *step)
{
	if (p->token.kind != TOKEN_BYTES && p->token.kind != TOKEN_COLUMN)
		return parser_expected(p, "bytes such as x\"C0 00\"");
	return read_text(p, step, "bytes");
}

static bool operand_actor(struct parser *p, struct case_step *step)
{
	return parser_actor(p, &step->object);
}

static bool operand_policy(struct parser *p, struct case_step *step)
{
	struct token name = p->token;
	bool verbatim = name.kind == TOKEN_RAW || name.kind == TOKEN_COLUMN;

	if (!verbatim && (name.kind != TOKEN_WORD || !registry_policy(p->registry, name.text)))
		return parser_expected(p, "the name of a policy block of the spec, or a document in single quotes");
	return read_text(p, step, "the name of a policy block");
}

static bool operand_restart(struct parser *p, struct case_step *step)
{
	if (!parser_is(p, "clean") && !parser_is(p, "kill"))
		return parser_expected(p, "clean or kill");
	return read_text(p, step, "clean or kill");
}

static bool (*const operand_readers[])(struct parser *p, struct case_step *step) = {
	[OPERANDS_NONE] = operand_none,     [OPERANDS_MESSAGE] = operand_message, [OPERANDS_FILTER] = operand_filter,
	[OPERANDS_TEXTS] = operand_texts,   [OPERANDS_BYTES] = operand_bytes,     [OPERANDS_ACTOR] = operand_actor,
	[OPERANDS_POLICY] = operand_policy, [OPERANDS_RESTART] = operand_restart,
};

static bool expected_verb(struct parser *p)
{
	struct buf what;

	buf_init(&what, 400);
	buf_text(&what, "a verb: ");
	verb_list(&what);
	parser_expected(p, buf_string(&what));
	buf_release(&what);
	return false;
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
	if (never)
		step->verb = verb_find(slice_text("never receives"));
	else if (p->token.kind == TOKEN_WORD)
		step->verb = verb_find(p->token.text);
	return step->verb ? parser_advance(p) : expected_verb(p);
}

/* `record marks …` is of a later revision; record is no actor. */
static bool read_later(struct parser *p)
{
	return !parser_is(p, "record") ||
	       parser_complain(p, &p->token, "the record is not part of this revision of the language");
}

static bool read_act(struct parser *p, struct case_step *step)
{
	return read_later(p) && parser_actor(p, &step->actor) && read_verb(p, step) &&
	       operand_readers[step->verb->operands](p, step) && parser_with(p, step->verb->scope, &step->with);
}

static ptrdiff_t last_twin(const struct scenario_case *c)
{
	for (size_t i = c->step_count; i-- > 0;)
		if (c->steps[i].label == LABEL_TWIN)
			return (ptrdiff_t)i;
	return -1;
}

static bool same_to(struct parser *p, struct case_step *step)
{
	const char *what = operands_first(step->verb->operands);

	if (!what)
		return parser_complain(p, &p->token, "the twin %s has no topic or filter to change", step->verb->word);
	return parser_value(p, what, &step->values[0]);
}

/* `same to VALUE`, `same by NAME`, `same with ATTRIBUTE`: the last twin with one thing changed. */
static bool read_same(struct parser *p, struct case_step *step)
{
	ptrdiff_t twin = last_twin(p->c);
	bool to, by, with;

	if (twin < 0)
		return parser_complain(p, &p->token, "expected a twin above `same`");
	const struct case_step *other = &p->c->steps[twin];
	step->actor = other->actor;
	step->verb = other->verb;
	step->object = other->object;
	step->empty = other->empty;
	step->value_count = other->value_count;
	memcpy(step->values, other->values, sizeof step->values);
	step->with = other->with;
	if (!parser_advance(p) || !parser_word(p, "to", &to))
		return false;
	if (to)
		return same_to(p, step);
	if (!parser_word(p, "by", &by))
		return false;
	if (by)
		return parser_actor(p, &step->actor);
	if (!parser_word(p, "with", &with))
		return false;
	return with ? parser_attribute(p, step->verb->scope, &step->with) :
		      parser_expected(p, "to, by or with after same");
}

static bool read_when(struct parser *p, const char *word, struct case_instant *instant)
{
	struct token at = p->token;
	bool there;

	if (!parser_word(p, word, &there))
		return false;
	if (there && instant->when.kind != INSTANT_NONE)
		return parser_complain(p, &at, "a second deadline");
	return !there || parse_instant(p, instant);
}

/* by, after, until: each once, in any order. */
static bool read_whens(struct parser *p, struct case_step *step)
{
	bool more = true;

	while (more) {
		more = parser_is(p, "by") || parser_is(p, "after") || parser_is(p, "until");
		if (!read_when(p, "by", &step->by) || !read_when(p, "after", &step->after) || !read_when(p, "until", &step->until))
			return false;
	}
	return true;
}

/* The codes behind an outcome: the answer has one of them, or it is not that outcome. */
static bool read_codes(struct parser *p, unsigned char *codes, size_t *count, int64_t least)
{
	while (p->token.kind == TOKEN_CODE) {
		if (p->token.number < least)
			return parser_complain(p, &p->token, "expected the reason code of a denial, 0x80 or higher");
		if (*count == SCRIPT_CODES_MAX)
			return parser_complain(p, &p->token, "more than %d codes", SCRIPT_CODES_MAX);
		codes[(*count)++] = (unsigned char)p->token.number;
		if (!parser_advance(p))
			return false;
	}
	return true;
}

static bool expected_outcome(struct parser *p, enum act act)
{
	struct buf what;

	buf_init(&what, 200);
	outcome_list(act, &what);
	parser_expected(p, buf_string(&what));
	buf_release(&what);
	return false;
}

static bool read_outcomes(struct parser *p, struct case_step *step)
{
	bool more = true;

	step->outcome_at = p->token;
	while (more) {
		const struct outcome_word *word =
			p->token.kind == TOKEN_WORD ? outcome_find(step->verb->act, p->token.text) : NULL;
		if (!word)
			return expected_outcome(p, step->verb->act);
		if (step->outcome_count == SCRIPT_OUTCOMES_MAX)
			return parser_complain(p, &p->token, "more than %d outcomes", SCRIPT_OUTCOMES_MAX);
		step->outcomes[step->outcome_count++] = word->outcome;
		if (!parser_advance(p) || !read_codes(p, step->codes, &step->code_count, 0) || !parser_word(p, "or", &more))
			return false;
	}
	return true;
}

static bool read_should(struct parser *p, struct case_step *step)
{
	struct token at = p->token;
	bool should;

	if (!parser_word(p, "should", &should) || !should)
		return !should;
	step->should_at = at;
	if (p->token.kind != TOKEN_CODE && !parser_is(p, "by"))
		return parser_expected(p, "a reason code such as 0x87, or by");
	return read_codes(p, step->should, &step->should_count, 0x80) && read_when(p, "by", &step->should_by);
}

static bool read_alike(struct parser *p, struct case_step *step)
{
	bool alike;

	if (!parser_word(p, "alike", &alike) || !alike)
		return !alike;
	step->alike_at = p->token;
	if (p->token.kind != TOKEN_WORD)
		return parser_expected(p, "the rule that all answers of the run be the same");
	step->alike = parser_rule(p, &step->alike_at, step->alike_at.text);
	return step->alike && parser_cite(p, &step->alike_at, step->alike) && parser_advance(p);
}

static bool read_expectation(struct parser *p, struct case_step *step)
{
	if (p->token.kind != TOKEN_ARROW)
		return true;
	return parser_advance(p) && read_outcomes(p, step) && read_when(p, "by", &step->by) && read_should(p, step) &&
	       read_alike(p, step);
}

static bool read_rule(struct parser *p, struct case_step *step)
{
	struct token at = p->token;

	if (at.kind != TOKEN_RULE)
		return true;
	step->rule = parser_rule(p, &at, at.text);
	return step->rule && parser_advance(p) && parser_cite(p, &at, step->rule);
}

static bool read_mark(struct parser *p, struct case_step *step)
{
	if (p->token.kind != TOKEN_MARK)
		return true;
	for (size_t i = 0; i < p->c->step_count; i++)
		if (p->c->steps[i].mark.kind == TOKEN_MARK && slice_equal(p->c->steps[i].mark.text, p->token.text))
			return parser_complain(p, &p->token, "a second mark of the same name");
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
	return !step->manner || parser_cite(p, &step->at, step->manner);
}

bool parse_step(struct parser *p)
{
	struct case_step step = { .at = p->token, .outcome_at = p->token, .should_at = { .kind = TOKEN_END },
				  .mark = { .kind = TOKEN_END }, .twin = -1 };
	bool good;

	if (!read_label(p, &step))
		return false;
	step.same = parser_is(p, "same");
	good = (step.same ? read_same(p, &step) : read_act(p, &step)) && read_whens(p, &step) &&
	       read_expectation(p, &step) && read_rule(p, &step) && read_mark(p, &step);
	if (!good)
		return false;
	if (p->token.kind != TOKEN_END)
		return parser_expected(p, "an outcome, a [RULE], a @mark or the end of the line");
	step_complete(p, &step);
	return keep_step(p, &step);
}
