/* The small spec of plan_texts.h as loaded, and plans made from it. */
#ifndef CONFORMANCE_TEST_PLAN_WORLD_H
#define CONFORMANCE_TEST_PLAN_WORLD_H

#include "plan_texts.h"
#include "scenario/plan.h"
#include "tree.h"

static struct tree tree;
static struct registry *registry;
static struct case_set *cases;
static const char *const names[] = { "tls", "plain" };

static void setup(void)
{
	struct fault fault = { FAULT_NONE, "" };

	tree_init(&tree);
	tree_put(&tree, "spec", "01-small.md", SMALL_SPEC);
	tree_put(&tree, "conformance/cases", "a.scenario", cases_text);
	tree_put(&tree, "vectors/token", "a.json", vectors_text);
	tree_put(&tree, "vectors/decision", "a.json", decisions_text);
	registry = registry_load(tree.dir, &fault);
	ck_assert_msg(registry != NULL, "%s", fault.text);
	cases = cases_load(registry, &fault);
	ck_assert_msg(cases != NULL, "%s", fault.text);
}

static void teardown(void)
{
	cases_free(cases);
	registry_free(registry);
	tree_remove(&tree);
}

static struct plan *make(struct plan_options options)
{
	struct fault fault = { FAULT_NONE, "" };

	if (!options.listener_count)
		options.listener_count = 1;
	options.listener_names = names;
	options.client_id_prefix = options.client_id_prefix ? options.client_id_prefix : "";
	struct plan *plan = plan_make(cases, registry, &options, &fault);
	ck_assert_msg(plan != NULL, "%s", fault.text);
	return plan;
}

static struct script *find(const struct plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->script_count; i++)
		if (strcmp(plan->scripts[i]->id, id) == 0)
			return plan->scripts[i];
	ck_abort_msg("no script %s", id);
	return NULL;
}

#endif
