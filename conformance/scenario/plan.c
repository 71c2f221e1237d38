#include "scenario/plan.h"

#include "registry/list.h"
#include "scenario/bind.h"
#include "scenario/cases.h"
#include "scenario/preset.h"

#include <fnmatch.h>
#include <stdlib.h>

/* Areas whose cases run on every listener of a target [TLS-01]. */
static const char *const listener_areas[] = { "TLS", "AUTH", "PUB", "SBS", "ORG" };

struct planner {
	const struct registry *registry;
	const struct plan_options *options;
	struct plan *plan;
	struct fault *fault;
};

static bool matches(const char *glob, const char *text)
{
	return fnmatch(glob, text, 0) == 0;
}

static bool on_every_listener(const struct scenario_case *c)
{
	for (size_t i = 0; i < sizeof listener_areas / sizeof *listener_areas; i++)
		if (strcmp(c->rules[0]->area, listener_areas[i]) == 0)
			return true;
	return c->every_listener;
}

/* By its case, its own id, or a rule that one of its checks judges. */
static bool script_selected(const struct script *s, const char *glob)
{
	if (!glob || matches(glob, s->case_id) || matches(glob, s->id))
		return true;
	for (size_t i = 0; i < s->check_count; i++)
		if (matches(glob, s->checks[i].rule->id))
			return true;
	return false;
}

static bool check_wanted(const struct plan_options *o, const struct rule *rule)
{
	return !(o->exclude && matches(o->exclude, rule->id)) && !(o->class && strcmp(o->class, rule->class) != 0) &&
	       !(o->level && strcmp(o->level, level_name(rule->level)) != 0);
}

/* Steps point to checks by index, and a check that goes moves those behind it. */
static void drop_check(struct script *s, size_t index)
{
	const ptrdiff_t gone = (ptrdiff_t)index;

	check_release(&s->checks[index]);
	memmove(&s->checks[index], &s->checks[index + 1], (s->check_count - index - 1) * sizeof *s->checks);
	s->check_count--;
	for (size_t i = 0; i < s->step_count; i++) {
		struct script_step *step = &s->steps[i];
		step->check = step->check == gone ? -1 : step->check - (step->check > gone);
		step->manner = step->manner == gone ? -1 : step->manner - (step->manner > gone);
		step->alike = step->alike == gone ? -1 : step->alike - (step->alike > gone);
	}
}

static bool listed(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

/* false: nothing of the script is wanted. */
static bool narrow(struct script *s, const struct plan_options *o)
{
	if (!script_selected(s, o->select) || (o->only && !listed(o->only, s->id)))
		return false;
	if (o->exclude && (matches(o->exclude, s->case_id) || matches(o->exclude, s->id)))
		return false;
	for (size_t i = s->check_count; i-- > 0;)
		if (!check_wanted(o, s->checks[i].rule))
			drop_check(s, i);
	return s->check_count > 0;
}

static bool add_script(struct planner *p, const struct scenario_case *c, const struct binding *binding)
{
	struct plan *plan = p->plan;
	struct script **scripts, *script = script_bind(c, binding, p->fault);

	if (!script)
		return false;
	if (!narrow(script, p->options)) {
		script_free(script);
		return true;
	}
	scripts = script_preset(script, c, p->options) ? list_room(plan->scripts, plan->script_count, sizeof *scripts) : NULL;
	if (!scripts) {
		script_free(script);
		return list_no_memory(p->fault);
	}
	plan->scripts = scripts;
	scripts[plan->script_count++] = script;
	plan->check_count += script->check_count;
	return true;
}

/* Every row and every carrier of a case on one listener. */
static bool add_case(struct planner *p, const struct scenario_case *c, size_t listener)
{
	const struct plan_options *o = p->options;
	size_t rows = c->row_count ? c->row_count : 1, carriers = c->carrier_count ? c->carrier_count : 1;
	bool good = true;

	for (size_t i = 0; good && i < rows * carriers; i++) {
		const struct binding binding = {
			.row = c->row_count ? &c->rows[i / carriers] : NULL,
			.carrier = c->carrier_count ? c->carriers[i % carriers] : NULL,
			.listener = listener,
			.listener_name = o->listener_count > 1 ? o->listener_names[listener] : NULL,
			.seed = o->seed,
			.client_id_prefix = o->client_id_prefix,
			.algorithms = o->algorithms,
			.registry = p->registry,
		};
		good = add_script(p, c, &binding);
	}
	return good;
}

static bool add_cases(struct planner *p, const struct case_set *cases)
{
	size_t listeners = p->options->listener_count ? p->options->listener_count : 1;
	bool good = true;

	for (size_t i = 0; good && i < cases->list.count; i++)
		for (size_t k = 0; good && k < listeners; k++)
			if (k == 0 || on_every_listener(cases->list.items[i]))
				good = add_case(p, cases->list.items[i], k);
	return good;
}

struct plan *plan_make(const struct case_set *cases, const struct registry *registry,
		       const struct plan_options *options, struct fault *fault)
{
	struct planner p = { registry, options, calloc(1, sizeof *p.plan), fault };

	if (!p.plan) {
		list_no_memory(fault);
		return NULL;
	}
	p.plan->seed = options->seed;
	p.plan->narrowed = options->select || options->exclude || options->class || options->level || options->only;
	if (add_cases(&p, cases)) {
		if (p.plan->check_count)
			return p.plan;
		fault_set(fault, FAULT_LIMIT, "nothing selected: no case, script or rule matches");
	}
	plan_free(p.plan);
	return NULL;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < plan->script_count; i++)
		script_free(plan->scripts[i]);
	free(plan->scripts);
	free(plan);
}
