#include "scenario/lint.h"

#include "scenario/carrier.h"
#include "scenario/names.h"

#include <stdlib.h>

struct linter {
	const struct scenario_case *c;
	const struct registry *registry;
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
	for (size_t i = 0; i < step->outcome_count; i++) {
		bool allows = outcome_allows(step->outcomes[i]);
		if (step->label == LABEL_DENY && allows)
			return complain(l, &step->outcome_at, "expected a denial after deny, found an allowance");
		if (step->label == LABEL_TWIN && !allows)
			return complain(l, &step->outcome_at, "expected an allowance after twin, found a denial");
		if (step->label == LABEL_NONE && !allows && step->outcomes[i] != OUTCOME_CLOSED)
			return complain(l, &step->at, "expected the label deny before a step that expects a denial");
	}
	return true;
}

/* Told is not seen: a twin publish that nobody receives proves nothing about delivery. */
static bool lint_twin_received(const struct linter *l, const struct case_step *step, size_t index)
{
	if (step->label != LABEL_TWIN || step->verb->act != ACT_PUBLISH)
		return true;
	for (size_t i = index + 1; i < l->c->step_count; i++)
		if (l->c->steps[i].verb->act == ACT_RECEIVE && l->c->steps[i].message == (ptrdiff_t)index)
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

static bool lint_observation(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	if ((step->verb->act != ACT_RECEIVE && step->verb->act != ACT_NEVER) || step->message >= 0)
		return true;
	return complain(l, &step->at, "expected a publish step above with the same text");
}

/* The fence of a `never` is a copy of what the observer did receive. */
static bool lint_never_live(const struct linter *l, const struct case_step *step, size_t index)
{
	if (step->verb->act != ACT_NEVER)
		return true;
	for (size_t i = 0; i < index; i++)
		if (l->c->steps[i].verb->act == ACT_RECEIVE && l->c->steps[i].actor == step->actor)
			return true;
	return complain(l, &step->at, "expected a live path: a step above in which the same actor receives a message");
}

static bool lint_connected(const struct linter *l, const struct case_step *step, size_t index)
{
	if (step->verb->act == ACT_CONNECT)
		return true;
	for (size_t i = 0; i < index; i++)
		if (l->c->steps[i].verb->act == ACT_CONNECT && l->c->steps[i].actor == step->actor)
			return true;
	return complain(l, &step->at, "expected a step above in which this actor connects");
}

/* A MUST and the exact code are two rules, and so two checks. */
static bool lint_manner(const struct linter *l, const struct case_step *step, size_t index)
{
	(void)index;
	if (step->should_count && !step->manner)
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
	return step->mark.kind != TOKEN_MARK || complain(l, &step->mark, "a mark that nothing uses");
}

static bool token_mentions(const struct token *token, struct slice name)
{
	return token->kind == TOKEN_STRING && names_mention(token->text, name);
}

static bool attributes_mention(const struct attributes *with, struct slice name)
{
	for (size_t i = 0; i < with->count; i++)
		for (size_t k = 0; k < with->items[i].value_count; k++)
			if (token_mentions(&with->items[i].values[k], name))
				return true;
	return false;
}

static bool case_mentions(const struct scenario_case *c, struct slice name)
{
	for (size_t i = 0; i < c->step_count; i++)
		if (token_mentions(&c->steps[i].values[0], name) || token_mentions(&c->steps[i].values[1], name))
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

static bool lint_carriers(const struct linter *l)
{
	for (size_t k = 0; k < l->c->carrier_count; k++) {
		bool carried = false;
		for (size_t i = 0; i < l->c->step_count; i++)
			carried = carried || (l->c->steps[i].label != LABEL_NONE &&
					      l->c->steps[i].verb->act == l->c->carriers[k]->act);
		if (!carried)
			return place_fault(l->c->name, &l->c->at, l->fault,
					   "expected a twin or deny step for the carriers of door %s",
					   l->c->carriers[k]->door);
	}
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
	lint_deny_has_twin, lint_label_fits,  lint_twin_received, lint_deny_observed, lint_observation,
	lint_never_live,    lint_connected,   lint_manner,	  lint_mark,
};

static bool (*const case_lints[])(const struct linter *l) = {
	lint_actors,
	lint_columns,
	lint_carriers,
	lint_discriminates,
};

bool lint_case(const struct scenario_case *c, const struct registry *registry, struct fault *fault)
{
	const struct linter l = { c, registry, fault };
	bool good = true;

	for (size_t i = 0; good && i < c->step_count; i++)
		for (size_t k = 0; good && k < sizeof step_lints / sizeof *step_lints; k++)
			good = step_lints[k](&l, &c->steps[i], i);
	for (size_t k = 0; good && k < sizeof case_lints / sizeof *case_lints; k++)
		good = case_lints[k](&l);
	return good;
}
