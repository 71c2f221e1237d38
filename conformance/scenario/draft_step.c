/* A step of a case as a step of the script: values, properties, instants, checks. */
#include "registry/list.h"
#include "scenario/draft.h"

#include <stdlib.h>

enum { STREAM_EVERY_MS = 100 };

static bool bind_message(struct draft *d, const struct case_step *from)
{
	struct script_step *step = d->step;

	step->empty = from->empty;
	step->topic = draft_text(d, &from->values[0], EXPAND_SEGMENTS, NULL);
	if (step->topic && step->empty)
		step->payload = slice_copy(slice_text(""));
	else if (step->topic)
		step->payload = draft_text(d, &from->values[1], EXPAND_BRACES, NULL);
	return step->payload != NULL;
}

static bool bind_filter(struct draft *d, const struct case_step *from)
{
	d->step->filters[0] = draft_text(d, &from->values[0], EXPAND_SEGMENTS, NULL);
	d->step->filter_count = 1;
	return d->step->filters[0] != NULL;
}

/* A message of no bytes is known by its topic alone. */
static bool bind_texts(struct draft *d, const struct case_step *from)
{
	struct script_step *step = d->step;

	step->empty = from->empty;
	if (step->empty)
		return draft_replace(d, &step->properties.topic, &from->values[0], NULL);
	step->payload = draft_text(d, &from->values[0], EXPAND_BRACES, NULL);
	step->message_count = from->message_count;
	memcpy(step->messages, from->messages, sizeof step->messages);
	return step->payload != NULL;
}

static bool bind_bytes(struct draft *d, const struct case_step *from)
{
	return draft_bytes(d, &from->values[0], d->step);
}

static bool bind_object(struct draft *d, const struct case_step *from)
{
	d->step->object = from->object;
	return true;
}

static bool bind_word(struct draft *d, const struct case_step *from)
{
	d->step->word = slice_copy(from->values[0].text);
	return d->step->word || list_no_memory(d->fault);
}

/* A document of the case's own is loaded as it stands, sound or not. */
static bool bind_policy(struct draft *d, const struct case_step *from)
{
	if (from->values[0].kind == TOKEN_WORD)
		return bind_word(d, from);
	d->step->document = draft_text(d, &from->values[0], EXPAND_BRACES, NULL);
	return d->step->document != NULL;
}

static bool bind_nothing(struct draft *d, const struct case_step *from)
{
	(void)d, (void)from;
	return true;
}

static bool (*const operand_binders[])(struct draft *d, const struct case_step *from) = {
	[OPERANDS_NONE] = bind_nothing, [OPERANDS_MESSAGE] = bind_message, [OPERANDS_FILTER] = bind_filter,
	[OPERANDS_TEXTS] = bind_texts,  [OPERANDS_BYTES] = bind_bytes,     [OPERANDS_ACTOR] = bind_object,
	[OPERANDS_POLICY] = bind_policy,  [OPERANDS_RESTART] = bind_word,
};

/* The wills that the cast gives its actor, those of the original first. */
static bool apply_wills(struct draft *d, const struct cast *cast)
{
	bool good = cast->original < 0 || apply_wills(d, &d->c->casts[cast->original]);

	for (size_t i = 0; good && i < cast->with.count; i++)
		if (cast->with.items[i].word->subject == SUBJECT_WILL)
			good = cast->with.items[i].word->apply(d, &cast->with.items[i]);
	return good;
}

/* What a step changes about its actor holds for this step. */
static bool apply_attribute(struct draft *d, const struct attribute *a)
{
	struct script_step *step = d->step;

	if (a->word->subject == SUBJECT_ACTOR && !step->as) {
		step->as = actor_copy(&d->script->actors[step->actor]);
		if (!step->as)
			return list_no_memory(d->fault);
	}
	d->actor = step->as;
	return a->word->apply(d, a);
}

static bool apply_attributes(struct draft *d, const struct case_step *from)
{
	const struct attribute *of_will = NULL;

	if (from->verb->scope == SCOPE_CONNECT && !apply_wills(d, &d->c->casts[from->actor]))
		return false;
	for (size_t i = 0; i < from->with.count; i++) {
		const struct attribute *a = &from->with.items[i];
		of_will = a->word->subject == SUBJECT_WILL ? a : of_will;
		if (!apply_attribute(d, a))
			return false;
	}
	if (of_will && !d->step->will.topic)
		return draft_complain(d, &of_will->at, "expected a will for this attribute: `will TOPIC TEXT`");
	return true;
}

ptrdiff_t draft_check(struct draft *draft, const struct rule *rule, bool deny)
{
	struct script *s = draft->script;
	struct check *checks;
	size_t i;

	for (i = 0; i < s->check_count && s->checks[i].rule != rule; i++)
		;
	if (i == s->check_count) {
		checks = list_room(s->checks, s->check_count, sizeof *checks);
		if (!checks)
			return -1;
		s->checks = checks;
		s->checks[s->check_count++] = (struct check){ .rule = rule, .verdict = VERDICT_PENDING };
	}
	s->checks[i].deny = s->checks[i].deny || deny;
	return (ptrdiff_t)i;
}

static bool bind_checks(struct draft *d, const struct case_step *from)
{
	bool deny = from->label == LABEL_DENY || from->verb->act == ACT_NEVER;

	if (from->rule && (d->step->check = draft_check(d, from->rule, deny)) < 0)
		return list_no_memory(d->fault);
	if (from->manner && (d->step->manner = draft_check(d, from->manner, deny)) < 0)
		return list_no_memory(d->fault);
	if (from->alike && (d->step->alike = draft_check(d, from->alike, deny)) < 0)
		return list_no_memory(d->fault);
	return true;
}

/* What ends a connection holds also where the CONNECT before it was lawfully refused: one of its outcomes says so. */
static bool may_be_away(const struct draft *d, const struct case_step *from)
{
	const struct case_step *step = from;

	if (from->verb->act != ACT_DISCONNECT && from->verb->act != ACT_STALL)
		return false;
	while (step > d->c->steps) {
		step--;
		if (step->actor == from->actor && step->verb->scope == SCOPE_CONNECT)
			return case_step_side(step, SIDE_DENIES);
	}
	return false;
}

bool draft_step(struct draft *d, const struct case_step *from, struct script_step *step)
{
	d->step = step;
	step->source = from->source;
	step->place = (struct place){ d->c->name, from->at.line };
	step->label = from->label;
	step->actor = from->actor;
	step->act = from->verb->act;
	step->qos = 1;
	step->every_ms = step->act == ACT_STREAM ? STREAM_EVERY_MS : 0;
	script_step_init(step);
	step->twin = from->twin;
	step->if_open = may_be_away(d, from);
	step->by = from->by.when;
	step->should_by = from->should_by.when;
	step->after = from->after.when;
	step->until = from->until.when;
	step->outcome_count = from->outcome_count;
	memcpy(step->outcomes, from->outcomes, sizeof step->outcomes);
	step->code_count = from->code_count;
	memcpy(step->codes, from->codes, sizeof step->codes);
	step->should_count = from->should_count;
	memcpy(step->should, from->should, sizeof step->should);
	return operand_binders[from->verb->operands](d, from) && bind_checks(d, from) && apply_attributes(d, from);
}
