#include "command/command.h"

#include "command/open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool wanted(const struct arguments *arguments, const struct rule *rule)
{
	const char *class = arguments->values[OPTION_CLASS], *level = arguments->values[OPTION_LEVEL];
	return (!class || strcmp(class, rule->class) == 0) && (!level || strcmp(level, level_name(rule->level)) == 0);
}

static json_t *rule_json(const struct rule *rule)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:{s:s, s:i}}", "id", rule->id, "level",
			 level_name(rule->level), "class", rule->class, "chapter", rule->title, "sentence",
			 rule->sentence, "rationale", rule->rationale, "manner_of", rule->manner_of, "excuse",
			 rule->excuse, "place", "file", rule->place.file, "line", (int)rule->place.line);
}

int command_rules(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct opened opened = { .registry = NULL };
	json_t *list = json_array();
	size_t found = 0;
	int code = EXIT_USAGE;
	if (!open_registry(arguments, &opened, &fault)) {
		command_refuse(&fault);
		goto cleanup;
	}
	for (size_t i = 0; i < opened.registry->rule_count; i++) {
		const struct rule *rule = &opened.registry->rules[i];
		if (!wanted(arguments, rule))
			continue;
		found++;
		if (arguments->values[OPTION_JSON])
			json_array_append_new(list, rule_json(rule));
		else
			printf("%-7s %-6s %-9s %s\n", rule->id, level_name(rule->level), rule->class, rule->sentence);
	}
	if (found == 0) {
		command_refuse_text("no rule is of this class and level; see `rules` without options");
		goto cleanup;
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
