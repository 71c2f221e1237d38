#include "scenario/case.h"

#include <stdlib.h>

void case_free(struct scenario_case *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->step_count; i++)
		free(c->steps[i].source);
	free(c->id);
	free(c->title);
	free(c->text);
	free(c->carrier_names);
	free(c->casts);
	free(c->rows);
	free(c->steps);
	free(c);
}

ptrdiff_t case_actor(const struct scenario_case *c, struct slice name)
{
	for (size_t i = 0; i < c->cast_count; i++)
		if (slice_equal(c->casts[i].name.text, name))
			return (ptrdiff_t)i;
	return -1;
}

ptrdiff_t case_column(const struct scenario_case *c, struct slice name)
{
	for (size_t i = 0; i < c->column_count; i++)
		if (slice_equal(c->columns[i].text, name))
			return (ptrdiff_t)i;
	return -1;
}

bool case_cite(struct scenario_case *c, const struct rule *rule)
{
	for (size_t i = 0; i < c->rule_count; i++)
		if (c->rules[i] == rule)
			return true;
	if (c->rule_count == CASE_RULES_MAX)
		return false;
	c->rules[c->rule_count] = rule;
	c->rule_ids[c->rule_count++] = rule->id;
	return true;
}

bool case_needs(const struct scenario_case *c, struct slice hook)
{
	struct slice rest = c->needs;
	bool more = true;

	while (more && rest.size)
		if (slice_equal(slice_word(&rest, ' ', &more), hook))
			return true;
	return false;
}

const struct attribute *cast_attribute(const struct scenario_case *c, const struct cast *cast, const char *word)
{
	for (;;) {
		for (size_t i = 0; i < cast->with.count; i++)
			if (strcmp(cast->with.items[i].word->word, word) == 0)
				return &cast->with.items[i];
		if (cast->original < 0)
			return NULL;
		cast = &c->casts[cast->original];
	}
}

const struct attribute *case_will(const struct scenario_case *c, const struct case_step *step)
{
	if (step->verb->scope != SCOPE_CONNECT)
		return NULL;
	for (size_t i = 0; i < step->with.count; i++)
		if (strcmp(step->with.items[i].word->word, "will") == 0)
			return &step->with.items[i];
	return cast_attribute(c, &c->casts[step->actor], "will");
}

const struct token *case_message(const struct scenario_case *c, const struct case_step *step)
{
	const struct attribute *will = case_will(c, step);

	if (will)
		return &will->values[1];
	return step->verb->operands == OPERANDS_MESSAGE && !step->empty ? &step->values[1] : NULL;
}

bool case_step_side(const struct case_step *step, enum outcome_side side)
{
	for (size_t i = 0; i < step->outcome_count; i++)
		if (outcome_side(step->outcomes[i], step->codes, step->code_count) == side)
			return true;
	return false;
}
