#include "command/command.h"

#include "actor/run.h"
#include "command/open.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>

int command_fixture_make(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct opened opened = { .registry = NULL };
	const char *dir = arguments->positionals[0];
	int code = EXIT_USAGE;
	if (!open_registry(arguments, &opened, &fault) || !fixture_make(dir, opened.registry, &fault) ||
	    !(opened.fixture = fixture_load(dir, &fault))) {
		command_refuse(&fault);
		goto cleanup;
	}
	printf("%s: digest %s\nload it into the broker: %s/SETUP.md says how\n", dir, opened.fixture->digest, dir);
	code = EXIT_CONFORMANT;
cleanup:
	opened_release(&opened);
	return code;
}

static bool preflight_held(const struct preflight *p)
{
	return p->reached && p->good_token_accepted && p->own_message_back && p->bad_token_refused && !p->problem &&
	       p->finding_count == 0 && !p->clock_warning;
}

static void print_json(const struct opened *opened, json_t *preflight)
{
	json_t *document = json_pack("{s:{s:o, s:s}, s:o, s:o}", "fixture", "dir", text_json(opened->fixture->dir), "digest",
				     opened->fixture->digest, "target",
				     text_json(opened->target ? opened->target->name : NULL), "preflight", preflight);
	json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
}

/* The preflight alone: a run whose plan holds no script. */
static int preflight(const struct opened *opened, bool json)
{
	struct fault fault = { FAULT_NONE, "" };
	struct plan empty = { .scripts = NULL };
	struct run_options options = { .jobs = 1, .preflight = true, .registry = opened->registry };
	struct run_result result = { .interrupted = false };
	struct text_style style = { false, false, NULL };
	int code = EXIT_HARNESS;
	if (!run_plan(&empty, opened->target, opened->fixture, &options, &result, &fault)) {
		command_refuse(&fault);
		goto cleanup;
	}
	json_t *found = report_preflight(&result.preflight);
	if (!json) {
		printf("target %s\n", opened->target->name);
		report_preflight_text(found, &style, stdout);
		json_decref(found);
	} else {
		print_json(opened, found);
	}
	code = preflight_held(&result.preflight) ? EXIT_CONFORMANT : EXIT_INCOMPLETE;
cleanup:
	preflight_release(&result.preflight);
	return code;
}

int command_fixture_check(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct opened opened = { .registry = NULL };
	bool json = arguments->values[OPTION_JSON] != NULL;
	int code = EXIT_USAGE;
	if ((arguments->values[OPTION_TARGET] && !open_target(arguments, &opened, &fault)) ||
	    !open_fixture(arguments, &opened, &fault) || !open_registry(arguments, &opened, &fault)) {
		command_refuse(&fault);
		goto cleanup;
	}
	if (!json)
		printf("%s: unchanged, digest %s\n", opened.fixture->dir, opened.fixture->digest);
	else if (!opened.target)
		print_json(&opened, json_null());
	code = opened.target ? preflight(&opened, json) : EXIT_CONFORMANT;
cleanup:
	opened_release(&opened);
	return code;
}
