#include "command/open.h"

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

bool open_target(const struct arguments *arguments, struct opened *opened, struct fault *fault)
{
	const char *text = arguments->values[OPTION_TARGET];
	if (!text)
		return fault_set(fault, FAULT_PROTOCOL,
				 "--target is missing: name a target file, or mqtts://host:port or mqtt://host:port");
	opened->target = target_load(text, fault);
	return opened->target != NULL || advise(fault, "a target is a file, mqtts://host:port or mqtt://host:port");
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
	return fault_set(fault, FAULT_LIMIT, "nothing selected by%s%.80s%s%.80s%s%.40s%s%.40s; see `list` and `rules`",
			 selection->select ? " --select " : "", selection->select ? selection->select : "",
			 selection->exclude ? " --exclude " : "", selection->exclude ? selection->exclude : "",
			 selection->class ? " --class " : "", selection->class ? selection->class : "",
			 selection->level ? " --level " : "", selection->level ? selection->level : "");
}

void opened_listeners(struct opened *opened)
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
	opened_listeners(opened);
	opened->plan = plan_make(opened->cases, opened->registry, selection, fault);
	return opened->plan != NULL || nothing_selected(selection, fault);
}

void opened_release(struct opened *opened)
{
	if (opened->plan)
		plan_free(opened->plan);
	fixture_free(opened->fixture);
	target_free(opened->target);
	if (opened->cases)
		cases_free(opened->cases);
	if (opened->registry)
		registry_free(opened->registry);
}
