/* What a step does not say: its usual outcome, the twin it stands against, the messages it means, the
 * rule it checks. */
#include "scenario/parser.h"

/* A resumed session is a connection like another; what is no request of its own is measured against
 * any twin. */
static bool same_family(const struct case_step *a, const struct case_step *b)
{
	return a->verb->act == b->verb->act || (a->verb->scope == SCOPE_CONNECT && b->verb->scope == SCOPE_CONNECT);
}

static bool any_twin_serves(const struct case_step *step)
{
	switch (step->verb->act) {
	case ACT_CONNECT:
	case ACT_RESUME:
	case ACT_PUBLISH:
	case ACT_SUBSCRIBE:
		return step->same;
	default:
		return true;
	}
}

static ptrdiff_t twin_above(const struct scenario_case *c, const struct case_step *step)
{
	ptrdiff_t any = -1;

	for (size_t i = 0; i < c->step_count; i++)
		if (c->steps[i].label == LABEL_TWIN)
			any = (ptrdiff_t)i;
	if (step->same || step->verb->act == ACT_NEVER)
		return any;
	for (size_t i = c->step_count; i-- > 0;)
		if (c->steps[i].label == LABEL_TWIN && same_family(&c->steps[i], step))
			return (ptrdiff_t)i;
	return any_twin_serves(step) ? any : -1;
}

/* A PUBLISH that is sent again is no other message. */
static bool sent_again(const struct case_step *step)
{
	for (size_t i = 0; i < step->with.count; i++)
		if (strcmp(step->with.items[i].word->word, "again") == 0)
			return true;
	return false;
}

/* The step that an observation means by a text: the one that was denied, for `never`, where there is
 * such a one; else the last that was not denied. */
static ptrdiff_t find_message(const struct scenario_case *c, const struct case_step *step, const struct token *text)
{
	ptrdiff_t allowed = -1, denied = -1;

	for (size_t i = 0; i < c->step_count; i++) {
		const struct token *message = case_message(c, &c->steps[i]);
		if (!message || sent_again(&c->steps[i]) || message->kind != text->kind || !slice_equal(message->text, text->text))
			continue;
		if (c->steps[i].label == LABEL_DENY)
			denied = (ptrdiff_t)i;
		else
			allowed = (ptrdiff_t)i;
	}
	return step->verb->act == ACT_NEVER && denied >= 0 ? denied : allowed;
}

/* A text that nobody sends leaves message_count short of value_count; the linter says so. */
static void find_messages(const struct scenario_case *c, struct case_step *step)
{
	if (step->verb->operands != OPERANDS_TEXTS || step->empty)
		return;
	for (size_t i = 0; i < step->value_count; i++) {
		ptrdiff_t message = find_message(c, step, &step->values[i]);
		if (message >= 0)
			step->messages[step->message_count++] = (size_t)message;
	}
}

/* A step is a check when it is labelled, bears a rule, says never, or observes that what a twin
 * published arrives: without the last, a broker that acknowledges and drops would break no rule. */
static const struct rule *default_rule(const struct scenario_case *c, const struct case_step *step)
{
	const struct case_step *message = step->message_count ? &c->steps[step->messages[0]] : NULL;

	if (step->label == LABEL_DENY || step->verb->act == ACT_NEVER)
		return c->rules[0];
	if (step->label == LABEL_TWIN)
		return c->twin_rule ? c->twin_rule : c->rules[0];
	if (step->verb->act == ACT_RECEIVE && message && message->label == LABEL_TWIN)
		return message->rule;
	return NULL;
}

/* The code that its denial should have where the step does not say. */
static unsigned char usual_manner(const struct case_step *step)
{
	for (size_t i = 0; i < step->outcome_count; i++) {
		const struct outcome_word *word = outcome_of(step->verb->act, step->outcomes[i]);
		if (word && word->manner)
			return word->manner;
	}
	return 0;
}

void step_complete(struct parser *p, struct case_step *step)
{
	const struct verb *verb = step->verb;
	enum outcome usual = step->label == LABEL_DENY ? verb->denied : verb->held;
	bool should = step->should_at.kind == TOKEN_WORD;
	unsigned char manner;

	if (!step->outcome_count && usual != OUTCOME_NONE && step->until.when.kind == INSTANT_NONE)
		step->outcomes[step->outcome_count++] = usual;
	if (step->label == LABEL_DENY || verb->act == ACT_NEVER)
		step->twin = twin_above(p->c, step);
	find_messages(p->c, step);
	if (!step->rule && p->c->rule_count)
		step->rule = default_rule(p->c, step);
	manner = usual_manner(step);
	if (step->rule && case_step_side(step, SIDE_DENIES) && (manner || should))
		step->manner = registry_manner(p->registry, slice_text(step->rule->id));
	if (step->manner && !should && !step->code_count)
		step->should[step->should_count++] = manner;
}

/* A twin below serves a deny that has none above: it is the neighbour all the same. */
void case_complete(struct scenario_case *c)
{
	for (size_t i = 0; i < c->step_count; i++) {
		struct case_step *step = &c->steps[i];
		if (step->label != LABEL_DENY || step->twin >= 0)
			continue;
		for (size_t k = i + 1; k < c->step_count && step->twin < 0; k++)
			if (c->steps[k].label == LABEL_TWIN && same_family(&c->steps[k], step))
				step->twin = (ptrdiff_t)k;
	}
}
