#include "command/open.h"

#include "actor/line.h"
#include "clock.h"
#include "command/previous.h"
#include "crypto.h"

#include <string.h>

static const uint64_t seed_max = 9007199254740991; /* 2^53 - 1: an integer in every JSON reader */

bool open_registry(const struct arguments *arguments, struct opened *opened, struct fault *fault)
{
	opened->registry = registry_load(arguments->values[OPTION_SPEC], fault);
	return opened->registry != NULL;
}

bool open_cases(const struct arguments *arguments, struct opened *opened, struct fault *fault)
{
	if (!open_registry(arguments, opened, fault))
		return false;
	opened->cases = cases_load(opened->registry, fault);
	return opened->cases != NULL;
}

/* Adds the cure to a fault about something that is not there; always gives false. */
static bool advise(struct fault *fault, const char *cure)
{
	struct fault cause = *fault;
	if (cause.class != FAULT_UNAVAILABLE)
		return false;
	return fault_set(fault, cause.class, "%.480s; %s", cause.text, cure);
}

/* Before the run: a wrong file name is no fault of the suite. */
static bool authorities_readable(const struct target *target, struct fault *fault)
{
	struct fault cause = { FAULT_NONE, "" };
	SSL_CTX *tls = target->ca_file ? line_tls(target->ca_file, &cause) : NULL;
	bool readable = tls || !target->ca_file;
	SSL_CTX_free(tls);
	return readable || fault_set(fault, FAULT_PROTOCOL, "$.tls.ca: %.500s", cause.text);
}

bool open_target(const struct arguments *arguments, struct opened *opened, struct fault *fault)
{
	const char *text = arguments->values[OPTION_TARGET];
	if (!text)
		return fault_set(fault, FAULT_PROTOCOL,
				 "--target is missing: name a target file, or mqtts://host:port or mqtt://host:port");
	opened->target = target_load(text, fault);
	if (!opened->target)
		return advise(fault, "a target is a file, mqtts://host:port or mqtt://host:port");
	return authorities_readable(opened->target, fault);
}

bool open_fixture(const struct arguments *arguments, struct opened *opened, struct fault *fault)
{
	const char *dir = arguments->values[OPTION_FIXTURE];
	if (!dir)
		return fault_set(fault, FAULT_PROTOCOL,
				 "--fixture is missing: make one with `fixture make DIR`, load it into the broker as "
				 "DIR/SETUP.md "
				 "says, then give --fixture DIR");
	opened->fixture = fixture_load(dir, fault);
	return opened->fixture != NULL || advise(fault, "a fixture is made with `fixture make DIR`");
}

static bool level_known(const char *level, struct fault *fault)
{
	return !level || strcmp(level, "must") == 0 || strcmp(level, "should") == 0 || strcmp(level, "may") == 0 ||
	       fault_set(fault, FAULT_PROTOCOL, "--level: expected must, should or may, found \"%.40s\"", level);
}

static bool class_known(const struct registry *registry, const char *class, struct fault *fault)
{
	for (size_t i = 0; class && i < registry->rule_count; i++) {
		if (strcmp(registry->rules[i].class, class) == 0)
			return true;
	}
	return !class || fault_set(fault, FAULT_PROTOCOL,
				   "--class: no rule of this draft has the class \"%.40s\"; see `rules`", class);
}

/* Names the options that left nothing over. */
static bool nothing_selected(const struct plan_options *selection, struct fault *fault)
{
	if (fault->class != FAULT_LIMIT)
		return false;
	return fault_set(fault, FAULT_LIMIT, "nothing selected by%s%.80s%s%.80s%s%.40s%s%.40s%s; see `list` and `rules`",
			 selection->select ? " --select " : "", selection->select ? selection->select : "",
			 selection->exclude ? " --exclude " : "", selection->exclude ? selection->exclude : "",
			 selection->class ? " --class " : "", selection->class ? selection->class : "",
			 selection->level ? " --level " : "", selection->level ? selection->level : "",
			 selection->only ? " --failed-from: its scripts are not those of this suite or target" : "");
}

void opened_select(struct opened *opened)
{
	static const char *const alone[] = { "tls" };
	struct plan_options *selection = &opened->selection;
	const struct target *target = opened->target;
	size_t count = target ? target->listener_count : 0;
	selection->listener_count = target ? (count < LISTENER_NAMES_MAX ? count : LISTENER_NAMES_MAX) : 1;
	for (size_t i = 0; i < selection->listener_count; i++)
		opened->listener_names[i] = target ? target->listeners[i].name : alone[0];
	selection->listener_names = opened->listener_names;
	selection->client_id_prefix = target ? target->client_id_prefix : "";
	selection->algorithms = target ? (const char *const *)target->algorithms : NULL;
	selection->classes = target ? (const char *const *)target->classes : NULL;
	for (enum hook_kind kind = 0; target && kind < HOOK_KINDS; kind++)
		opened->hooks[kind] = target_has_hook(target, kind);
	selection->hooks = target ? opened->hooks : NULL;
}

/* A selection of nothing but what the target does not claim would end as "no violation". */
static bool applies(const struct opened *opened, struct fault *fault)
{
	for (size_t i = 0; i < opened->plan->script_count; i++) {
		const struct script *script = opened->plan->scripts[i];
		for (size_t k = 0; k < script->check_count; k++) {
			if (script->checks[k].preset != VERDICT_NA)
				return true;
		}
	}
	return fault_set(fault, FAULT_PROTOCOL,
			 "nothing selected applies to this target: %s; see \"classes\" and \"algorithms\" of its file",
			 opened->plan->scripts[0]->checks[0].preset_why);
}

bool open_plan(const struct arguments *arguments, struct opened *opened, struct fault *fault)
{
	uint32_t chance = 0;
	struct plan_options *selection = &opened->selection;
	selection->select = arguments->values[OPTION_SELECT];
	selection->exclude = arguments->values[OPTION_EXCLUDE];
	selection->class = arguments->values[OPTION_CLASS];
	selection->level = arguments->values[OPTION_LEVEL];
	if (!random_bytes(&chance, sizeof(chance)))
		return fault_set(fault, FAULT_UNAVAILABLE, "no random bytes for a seed; give --seed S");
	if (!arguments_number(arguments, OPTION_SEED, 0, seed_max, chance, &selection->seed, fault) ||
	    !level_known(selection->level, fault) || !class_known(opened->registry, selection->class, fault))
		return false;
	if (arguments->values[OPTION_FAILED_FROM]) {
		opened->failed = previous_failed(arguments->values[OPTION_FAILED_FROM], fault);
		if (!opened->failed)
			return false;
		selection->only = (const char *const *)opened->failed;
	}
	opened_select(opened);
	opened->plan = plan_make(opened->cases, opened->registry, selection, fault);
	if (!opened->plan)
		return nothing_selected(selection, fault);
	return applies(opened, fault);
}

bool open_baseline(const struct arguments *arguments, struct opened *opened, struct fault *fault)
{
	const char *file = arguments->values[OPTION_BASELINE], *fail_on = arguments->values[OPTION_FAIL_ON];

	if (fail_on && strcmp(fail_on, "should") != 0)
		return fault_set(fault, FAULT_PROTOCOL, "--fail-on: expected should, found \"%.40s\"", fail_on);
	if (file)
		opened->baseline = baseline_load(file, opened->registry, opened->plan, clock_wall_ms(), fault);
	return !file || opened->baseline;
}

void opened_release(struct opened *opened)
{
	if (opened->plan)
		plan_free(opened->plan);
	baseline_free(opened->baseline);
	previous_free(opened->failed);
	fixture_free(opened->fixture);
	target_free(opened->target);
	if (opened->cases)
		cases_free(opened->cases);
	if (opened->registry)
		registry_free(opened->registry);
}
