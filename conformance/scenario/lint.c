#include "scenario/lint.h"

#include "scenario/carrier.h"
#include "scenario/names.h"

#include <stdlib.h>

struct linter {
	const struct scenario_case *c;
	struct fault *fault;
};

static bool complain(const struct linter *l, const struct token *at, const char *text)
{
	return place_fault(l->c->name, at, l->fault, "%s", text);
}

/* A deny counts only when its permitted neighbour held. */
static bool lint_deny_has_twin(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	if (step->label != LABEL_DENY || step->twin >= 0)
		return true;
	return complain(l, &step->at, "expected a twin above this deny: the permitted act that differs in one thing");
}

static bool lint_label_fits(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	if (step->verb->act == ACT_NEVER)
		return step->label != LABEL_TWIN || complain(l, &step->at, "expected no twin before `never`");
	if (step->label == LABEL_DENY && step->verb->denied == OUTCOME_NONE)
		return complain(l, &step->at, "expected no deny before a verb that cannot be denied");
	if (step->label == LABEL_DENY && case_step_side(step, SIDE_ALLOWS))
		return complain(l, &step->outcome_at, "expected a denial after deny, found an allowance");
	if (step->label == LABEL_TWIN && case_step_side(step, SIDE_DENIES))
		return complain(l, &step->outcome_at, "expected an allowance after twin, found a denial");
	if (step->label == LABEL_TWIN && step->verb->act == ACT_SEND && !step->outcome_count)
		return complain(l, &step->at, "expected an outcome of these bytes, such as -> accepted");
	return true;
}

/* Whatever comes is right: as a check, such a step says nothing. As a precondition it may say that either is lawful. */
static bool lint_outcomes_agree(const struct linter *l, const struct case_step *step, size_t index)
{
	bool present = false, absent = false;

	(void)index;
	for (size_t i = 0; i < step->outcome_count; i++) {
		present = present || step->outcomes[i] == OUTCOME_PRESENT;
		absent = absent || step->outcomes[i] == OUTCOME_ABSENT;
		for (size_t k = 0; k < i; k++)
			if (step->outcomes[i] == step->outcomes[k])
				return complain(l, &step->outcome_at, "expected each outcome once");
	}
	if (!step->rule)
		return true;
	if ((present && absent) || (case_step_side(step, SIDE_ALLOWS) && case_step_side(step, SIDE_DENIES)))
		return complain(l, &step->outcome_at, "expected outcomes that do not contradict each other");
	return true;
}

/* What must be denied is a check, and a check bears a label. */
static bool lint_denial_labelled(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	for (size_t i = 0; i < step->outcome_count; i++)
		if (step->label == LABEL_NONE && step->outcomes[i] != OUTCOME_CLOSED &&
		    outcome_side(step->outcomes[i], step->codes, step->code_count) == SIDE_DENIES)
			return complain(l, &step->at, "expected the label deny before a step that expects a denial");
	return true;
}

static bool means(const struct case_step *step, size_t message)
{
	for (size_t i = 0; i < step->message_count; i++)
		if (step->messages[i] == message)
			return true;
	return false;
}

/* Told is not seen: a twin publish that nobody receives proves nothing about delivery. */
static bool lint_twin_received(const struct linter *l, const struct case_step *step, size_t index)
{
	if (step->label != LABEL_TWIN || step->verb->act != ACT_PUBLISH || step->empty)
		return true;
	for (size_t i = index + 1; i < l->c->step_count; i++)
		if (l->c->steps[i].verb->act == ACT_RECEIVE && means(&l->c->steps[i], index))
			return true;
	return complain(l, &step->at, "expected a step below in which somebody receives what this twin publishes");
}

/* "Nobody sees it" needs somebody who could. */
static bool lint_deny_observed(const struct linter *l, const struct case_step *step, size_t index)
{
	if (step->label != LABEL_DENY || step->verb->act != ACT_PUBLISH)
		return true;
	for (size_t i = 0; i < index; i++)
		if (l->c->steps[i].verb->act == ACT_SUBSCRIBE && l->c->steps[i].label != LABEL_DENY)
			return true;
	return complain(l, &step->at, "expected a subscriber above this denied publish, or nobody could see it leak");
}

/* A fence is a copy of what an observer did receive: without that nobody could tell late from never. */
static bool lint_sentinel(const struct linter *l, const struct case_step *step, size_t index)
{
	if (step->label != LABEL_DENY || step->verb->act != ACT_PUBLISH)
		return true;
	for (size_t i = 0; i < index; i++)
		if (l->c->steps[i].verb->act == ACT_RECEIVE && !l->c->steps[i].empty)
			return true;
	return complain(l, &step->at,
			"expected a sentinel: a step above this denied publish in which a subscriber receives a message");
}

static bool lint_observation(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	if (step->verb->operands != OPERANDS_TEXTS || step->empty || step->message_count == step->value_count)
		return true;
	return complain(l, &step->at, "expected a publish step above with the same text");
}

static bool subscribed(const struct linter *l, size_t actor, size_t before)
{
	for (size_t i = 0; i < before; i++)
		if (l->c->steps[i].verb->act == ACT_SUBSCRIBE && l->c->steps[i].label != LABEL_DENY &&
		    l->c->steps[i].actor == actor)
			return true;
	return false;
}

/* The fence of a `never` is a copy of what the observer did receive. */
static bool lint_never_live(const struct linter *l, const struct case_step *step, size_t index)
{
	if (step->verb->act != ACT_NEVER)
		return true;
	if (!subscribed(l, step->actor, index))
		return complain(l, &step->at, "expected a live path: a step above in which the same actor subscribes");
	for (size_t i = 0; i < index; i++)
		if (l->c->steps[i].verb->act == ACT_RECEIVE && l->c->steps[i].actor == step->actor && !l->c->steps[i].empty)
			return true;
	return complain(l, &step->at, "expected a live path: a step above in which the same actor receives a message");
}

static bool lint_receiver(const struct linter *l, const struct case_step *step, size_t index)
{
	if (step->verb->act != ACT_RECEIVE || subscribed(l, step->actor, index))
		return true;
	return complain(l, &step->at, "expected a step above in which this actor subscribes");
}

static bool holds_back(const struct case_step *step)
{
	for (size_t i = 0; i < step->with.count; i++)
		if (strcmp(step->with.items[i].word->word, "held") == 0)
			return step->verb->act == ACT_PUBLISH && step->label != LABEL_DENY;
	return false;
}

static bool lint_release(const struct linter *l, const struct case_step *step, size_t index)
{
	if (step->verb->act != ACT_RELEASE)
		return true;
	for (size_t i = 0; i < index; i++)
		if (l->c->steps[i].actor == step->actor && holds_back(&l->c->steps[i]))
			return true;
	return complain(l, &step->at, "expected a publish above with `held` of this actor: there is nothing to release");
}

static bool connects(const struct case_step *step, size_t actor)
{
	return step->actor == actor && (step->verb->scope == SCOPE_CONNECT || step->verb->act == ACT_SEND);
}

static bool lint_connected(const struct linter *l, const struct case_step *step, size_t index)
{
	if (connects(step, step->actor) || step->verb->hook)
		return true;
	for (size_t i = 0; i < index; i++)
		if (connects(&l->c->steps[i], step->actor))
			return true;
	return complain(l, &step->at, "expected a step above in which this actor connects");
}

/* An instant that never comes is no deadline. */
static bool instant_comes(const struct linter *l, const struct case_instant *instant, size_t index)
{
	const struct instant *when = &instant->when;

	if (when->kind != INSTANT_EXP && when->kind != INSTANT_CONNECTED && when->kind != INSTANT_CLOSED)
		return true;
	for (size_t i = 0; i <= index; i++)
		if (connects(&l->c->steps[i], when->index))
			return true;
	return complain(l, &instant->at, "expected an instant of an actor that connects above");
}

static bool lint_instants(const struct linter *l, const struct case_step *step, size_t index)
{
	if (step->after.when.kind != INSTANT_NONE && step->verb->act != ACT_RECEIVE && step->verb->act != ACT_IDLE)
		return complain(l, &step->after.at, "expected no `after` but of receives and idles");
	if (step->until.when.kind != INSTANT_NONE && step->verb->act != ACT_STREAM)
		return complain(l, &step->until.at, "expected no `until` but of streams");
	return instant_comes(l, &step->by, index) && instant_comes(l, &step->should_by, index) &&
	       instant_comes(l, &step->after, index) && instant_comes(l, &step->until, index);
}

/* A CONNECT without a will has nothing in it that could be denied but be refused. */
static bool lint_will_denied(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	for (size_t i = 0; i < step->outcome_count; i++)
		if (step->verb->scope == SCOPE_CONNECT && step->outcomes[i] == OUTCOME_DENIED && !case_will(l->c, step))
			return complain(l, &step->outcome_at, "expected refused: there is no will that could be denied");
	return true;
}

static bool lint_alike(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	if (!step->alike || (step->verb->scope == SCOPE_CONNECT && step->label == LABEL_DENY))
		return true;
	return complain(l, &step->alike_at, "expected no `alike` but of a connection that is denied");
}

static bool lint_hook(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	if (!step->verb->hook || case_needs(l->c, slice_text(step->verb->hook)))
		return true;
	return place_fault(l->c->name, &step->at, l->fault, "expected a line `needs %s` above: %s is a hook",
			   step->verb->hook, step->verb->word);
}

/* A MUST and the exact code are two rules, and so two checks. */
static bool lint_manner(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	if (step->should_at.kind == TOKEN_WORD && !step->manner)
		return complain(l, &step->should_at,
				"expected no `should`: this step checks no denial of a rule that has a manner in the spec");
	if (step->label == LABEL_DENY && step->rule && step->rule->manner_of)
		return place_fault(l->c->name, &step->at, l->fault,
				   "expected the rule that is denied: %s is the manner of %s, and its code is `should`",
				   step->rule->id, step->rule->manner_of);
	return true;
}

static bool lint_mark(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	return step->mark.kind != TOKEN_MARK || step->mark_used || complain(l, &step->mark, "a mark that nothing uses");
}

/* {token:scout}, {client:scout} */
static bool bytes_mention(struct slice text, struct slice name)
{
	bool more = true;

	while (more) {
		struct slice field = slice_word(&text, '}', &more), rest = field;
		bool named;
		while (slice_word(&rest, ':', &named).size || named)
			if (named && slice_equal(rest, name))
				return true;
	}
	return false;
}

static bool token_mentions(const struct token *token, struct slice name)
{
	return (token->kind == TOKEN_STRING && names_mention(token->text, name)) ||
	       (token->kind == TOKEN_BYTES && bytes_mention(token->text, name)) ||
	       (token->kind == TOKEN_WORD && slice_equal(token->text, name));
}

static bool attributes_mention(const struct attributes *with, struct slice name)
{
	for (size_t i = 0; i < with->count; i++)
		for (size_t k = 0; k < with->items[i].value_count; k++)
			if (token_mentions(&with->items[i].values[k], name))
				return true;
	return false;
}

static bool values_mention(const struct case_step *step, struct slice name)
{
	for (size_t i = 0; i < step->value_count; i++)
		if (token_mentions(&step->values[i], name))
			return true;
	return false;
}

static bool case_mentions(const struct scenario_case *c, struct slice name)
{
	for (size_t i = 0; i < c->step_count; i++)
		if (attributes_mention(&c->steps[i].with, name) || values_mention(&c->steps[i], name))
			return true;
	for (size_t i = 0; i < c->row_count; i++)
		for (size_t k = 1; k < c->column_count; k++)
			if (token_mentions(&c->rows[i].values[k], name))
				return true;
	for (size_t i = 0; i < c->cast_count; i++)
		if (!slice_equal(c->casts[i].name.text, name) && attributes_mention(&c->casts[i].with, name))
			return true;
	return false;
}

static bool lint_actors(const struct linter *l)
{
	for (size_t i = 0; i < l->c->cast_count; i++)
		if (!l->c->casts[i].used && !case_mentions(l->c, l->c->casts[i].name.text))
			return complain(l, &l->c->casts[i].name, "an actor that no step uses");
	return true;
}

static bool lint_columns(const struct linter *l)
{
	for (size_t i = 1; i < l->c->column_count; i++)
		if (!l->c->column_used[i])
			return complain(l, &l->c->columns[i], "a column that no step uses");
	return true;
}

/* A row that says what another says is the same case twice. */
static bool lint_rows(const struct linter *l)
{
	const struct scenario_case *c = l->c;

	if (c->column_count == 1)
		return complain(l, &c->columns[0], "expected a second column: these rows all say the same");
	for (size_t i = 0; i < c->row_count; i++)
		for (size_t k = 0; k < i; k++) {
			size_t at = 1;
			while (at < c->column_count && slice_equal(c->rows[i].values[at].whole, c->rows[k].values[at].whole))
				at++;
			if (at == c->column_count && at > 1)
				return complain(l, &c->rows[i].values[0], "a row that says what an earlier row says");
		}
	return true;
}

static bool lint_carriers(const struct linter *l)
{
	for (size_t k = 0; k < l->c->carrier_count; k++) {
		bool carried = false;
		for (size_t i = 0; i < l->c->step_count; i++)
			carried = carried || (l->c->steps[i].label != LABEL_NONE &&
					      l->c->steps[i].verb->act == l->c->carriers[k]->act);
		if (!carried)
			return place_fault(l->c->name, &l->c->carrier_at[k], l->fault,
					   "expected a twin or deny step for the carriers of door %s",
					   l->c->carriers[k]->door);
	}
	return true;
}

/* Class core is judged with nothing but an address and the fixture. */
static bool lint_needs(const struct linter *l)
{
	const struct scenario_case *c = l->c;

	for (size_t i = 0; c->needs.size && i < c->step_count; i++) {
		const struct case_step *step = &c->steps[i];
		if (step->rule && (strcmp(step->rule->class, "core") == 0 || strcmp(step->rule->class, "substrate") == 0))
			return place_fault(c->name, &step->at, l->fault,
					   "expected no check of %s in a case with `needs`: class %s is judged without hooks",
					   step->rule->id, step->rule->class);
	}
	return true;
}

static bool uses_hook(const struct scenario_case *c, const char *hook)
{
	for (size_t i = 0; i < c->step_count; i++)
		if (c->steps[i].verb->hook && strcmp(c->steps[i].verb->hook, hook) == 0)
			return true;
	return false;
}

/* `audit` is used by the record; the others by a verb each. */
static bool lint_needs_used(const struct linter *l)
{
	const struct verb *verb;

	for (size_t k = 0; (verb = verb_at(k)); k++)
		if (verb->hook && case_needs(l->c, slice_text(verb->hook)) && !uses_hook(l->c, verb->hook))
			return complain(l, &l->c->needs_at, "a hook that no step uses");
	return true;
}

/* A broker that allows everything must not pass: somewhere in the case something is denied. */
static bool lint_discriminates(const struct linter *l)
{
	if (strcmp(l->c->rules[0]->class, "substrate") == 0)
		return true;
	for (size_t i = 0; i < l->c->step_count; i++)
		if (l->c->steps[i].label == LABEL_DENY || l->c->steps[i].verb->act == ACT_NEVER)
			return true;
	return complain(l, &l->c->at, "expected a deny or a never in a case about identity, or it cannot discriminate");
}

static bool (*const step_lints[])(const struct linter *l, const struct case_step *step, size_t index) = {
	lint_deny_has_twin, lint_label_fits,  lint_outcomes_agree, lint_denial_labelled, lint_twin_received,
	lint_deny_observed, lint_sentinel,    lint_observation,    lint_never_live,      lint_receiver,
	lint_connected,     lint_instants,    lint_will_denied,    lint_alike,           lint_hook,
	lint_manner,        lint_mark,        lint_release,
};

static bool (*const case_lints[])(const struct linter *l) = {
	lint_actors, lint_columns, lint_rows, lint_carriers, lint_needs, lint_needs_used, lint_discriminates,
};

void lint_case(const struct scenario_case *c, struct mistakes *mistakes)
{
	struct fault fault = { FAULT_NONE, "" };
	const struct linter l = { c, &fault };

	for (size_t i = 0; i < c->step_count; i++)
		for (size_t k = 0; k < sizeof step_lints / sizeof *step_lints; k++)
			if (!step_lints[k](&l, &c->steps[i], i))
				mistakes_add(mistakes, c->name, &fault);
	for (size_t k = 0; k < sizeof case_lints / sizeof *case_lints; k++)
		if (!case_lints[k](&l))
			mistakes_add(mistakes, c->name, &fault);
}
