#include "command/command.h"

#include "command/open.h"

#include <stdio.h>

static json_t *script_json(const struct script *script)
{
	json_t *checks = json_array();
	for (size_t i = 0; i < script->check_count; i++)
		json_array_append_new(checks, json_pack("{s:s, s:s, s:b}", "rule", script->checks[i].rule->id, "level",
							level_name(script->checks[i].rule->level), "deny",
							script->checks[i].deny));
	return json_pack("{s:s, s:s, s:o}", "script", script->id, "case", script->case_id, "checks", checks);
}

static json_t *plan_json(const struct plan *plan)
{
	json_t *scripts = json_array();
	for (size_t i = 0; i < plan->script_count; i++)
		json_array_append_new(scripts, script_json(plan->scripts[i]));
	return json_pack("{s:I, s:b, s:I, s:o}", "seed", (json_int_t)plan->seed, "narrowed", plan->narrowed, "checks",
			 (json_int_t)plan->check_count, "scripts", scripts);
}

static void script_lines(const struct script *script, bool verbose)
{
	printf("%-52s", script->id);
	for (size_t i = 0; i < script->check_count; i++)
		printf(" %s", script->checks[i].rule->id);
	putchar('\n');
	for (size_t i = 0; verbose && i < script->step_count; i++)
		printf("    %s\n", script->steps[i].source ? script->steps[i].source : "");
}

int command_plan(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct opened opened = { .registry = NULL };
	int code = EXIT_USAGE;
	if (!open_cases(arguments, &opened, &fault) ||
	    (arguments->values[OPTION_TARGET] && !open_target(arguments, &opened, &fault)) ||
	    !open_plan(arguments, &opened, &fault)) {
		command_refuse(&fault);
		goto cleanup;
	}
	if (arguments->values[OPTION_JSON]) {
		json_t *document = plan_json(opened.plan);
		json_dumpf(document, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(document);
	} else {
		for (size_t i = 0; i < opened.plan->script_count; i++)
			script_lines(opened.plan->scripts[i], arguments->values[OPTION_VERBOSE] != NULL);
		printf("%zu checks in %zu scripts\n", opened.plan->check_count, opened.plan->script_count);
	}
	code = EXIT_CONFORMANT;
cleanup:
	opened_release(&opened);
	return code;
}
