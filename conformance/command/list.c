#include "command/command.h"

#include "command/open.h"

#include <stdio.h>
#include <string.h>

static bool narrowed(const struct arguments *arguments)
{
	return arguments->values[OPTION_SELECT] || arguments->values[OPTION_EXCLUDE] ||
	       arguments->values[OPTION_CLASS] || arguments->values[OPTION_LEVEL];
}

/* Asks the plan, so that `list` and `run` never disagree about what an option selects. */
static bool planned(const struct plan *plan, const char *case_id)
{
	for (size_t i = 0; i < plan->script_count; i++) {
		if (strcmp(plan->scripts[i]->case_id, case_id) == 0)
			return true;
	}
	return false;
}

static json_t *case_json(const struct case_summary *one)
{
	json_t *rules = json_array();
	for (size_t i = 0; one->rules[i]; i++)
		json_array_append_new(rules, json_string(one->rules[i]));
	return json_pack("{s:s, s:s?, s:s, s:o, s:{s:s?, s:i}}", "id", one->id, "title", one->title, "carriers",
			 one->carriers, "rules", rules, "place", "file", one->place.file, "line", (int)one->place.line);
}

static void case_line(const struct case_summary *one)
{
	printf("%-32s %-22s ", one->id, one->carriers);
	for (size_t i = 0; one->rules[i]; i++)
		printf("%s%s", i ? " " : "", one->rules[i]);
	printf("  %s\n", one->title ? one->title : "");
}

int command_list(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct opened opened = { .registry = NULL };
	json_t *list = json_array();
	int code = EXIT_USAGE;
	if (!open_cases(arguments, &opened, &fault) ||
	    (narrowed(arguments) && !open_plan(arguments, &opened, &fault))) {
		command_refuse(&fault);
		goto cleanup;
	}
	for (size_t i = 0; i < cases_count(opened.cases); i++) {
		struct case_summary one = cases_summary(opened.cases, i);
		if (opened.plan && !planned(opened.plan, one.id))
			continue;
		if (arguments->values[OPTION_JSON])
			json_array_append_new(list, case_json(&one));
		else
			case_line(&one);
	}
	if (arguments->values[OPTION_JSON]) {
		json_dumpf(list, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	code = EXIT_CONFORMANT;
cleanup:
	json_decref(list);
	opened_release(&opened);
	return code;
}
