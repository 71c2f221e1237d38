#include "command/command.h"

#include "actor/run.h"
#include "command/open.h"

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

static void line(const char *what, bool held)
{
	printf("  %-20s %s\n", what, held ? "yes" : "NO");
}

static bool preflight_held(const struct preflight *p)
{
	return p->reached && p->good_token_accepted && p->own_message_back && p->bad_token_refused && !p->problem;
}

/* The preflight alone: a run whose plan holds no script. */
static int preflight(const struct opened *opened)
{
	struct fault fault = { FAULT_NONE, "" };
	struct plan empty = { .scripts = NULL };
	struct run_options options = { .jobs = 1, .preflight = true };
	struct run_result result = { .interrupted = false };
	int code = EXIT_HARNESS;
	if (!run_plan(&empty, opened->target, opened->fixture, &options, &result, &fault)) {
		command_refuse(&fault);
		goto cleanup;
	}
	const struct preflight *p = &result.preflight;
	printf("target %s\n", opened->target->name);
	line("reached", p->reached);
	if (p->reached) {
		line("good token accepted", p->good_token_accepted);
		line("own message back", p->own_message_back);
		line("bad token refused", p->bad_token_refused);
		printf("  round trip           %.1f ms\n", (double)p->round_trip_us / 1000.0);
	}
	if (p->problem)
		printf("  %s\n", p->problem);
	code = preflight_held(p) ? EXIT_CONFORMANT : EXIT_INCOMPLETE;
cleanup:
	free(result.preflight.problem);
	return code;
}

int command_fixture_check(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct opened opened = { .registry = NULL };
	int code = EXIT_USAGE;
	if ((arguments->values[OPTION_TARGET] && !open_target(arguments, &opened, &fault)) ||
	    !open_fixture(arguments, &opened, &fault)) {
		command_refuse(&fault);
		goto cleanup;
	}
	printf("%s: unchanged, digest %s\n", opened.fixture->dir, opened.fixture->digest);
	code = opened.target ? preflight(&opened) : EXIT_CONFORMANT;
cleanup:
	opened_release(&opened);
	return code;
}
