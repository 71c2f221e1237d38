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
