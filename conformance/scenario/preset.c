#include "scenario/preset.h"

#include "hook/hook.h"

#include <stdio.h>
#include <strings.h>

enum { WHY_MAX = 200 };

bool algorithm_declared(enum jose_alg alg, const char *const *algorithms)
{
	if (alg == JOSE_NONE || !algorithms)
		return true;
	for (; *algorithms; algorithms++)
		if (jose_alg_from(slice_text(*algorithms)) == alg)
			return true;
	return false;
}

/* The algorithm that a key role ends with: main-es256. JOSE_NONE: none that is known. */
static enum jose_alg role_alg(const char *role)
{
	static const enum jose_alg algs[] = { JOSE_ES256, JOSE_EDDSA, JOSE_PS256, JOSE_RS256 };
	const char *dash = role ? strrchr(role, '-') : NULL;

	for (size_t i = 0; dash && i < sizeof algs / sizeof *algs; i++)
		if (strcasecmp(dash + 1, jose_alg_name(algs[i])) == 0)
			return algs[i];
	return JOSE_NONE;
}

/* Of an actor who is to be accepted with an algorithm that the target has not; JOSE_NONE: there is none. */
static enum jose_alg undeclared_algorithm(const struct script *script, const char *const *algorithms)
{
	for (size_t i = 0; i < script->step_count; i++) {
		const struct script_step *step = &script->steps[i];
		const char *key = json_string_value(json_object_get(script->actors[step->actor].recipe, "key"));
		if (step->act == ACT_CONNECT && step->label != LABEL_DENY &&
		    !algorithm_declared(role_alg(key), algorithms))
			return role_alg(key);
	}
	return JOSE_NONE;
}

static bool names_hook(struct slice needs, const char *hook)
{
	size_t size = strlen(hook);
	for (size_t i = 0; i + size <= needs.size; i++) {
		bool begins = i == 0 || needs.data[i - 1] <= ' ', ends = i + size == needs.size || needs.data[i + size] <= ' ';
		if (begins && ends && slice_is(slice_part(needs, i, size), hook))
			return true;
	}
	return false;
}

/* The first hook that the case needs and the target lacks; NULL: none. */
static const char *missing_hook(struct slice needs, const bool *hooks)
{
	for (enum hook_kind kind = 0; hooks && kind < HOOK_KINDS; kind++)
		if (!hooks[kind] && names_hook(needs, hook_name(kind)))
			return hook_name(kind);
	return NULL;
}

static bool class_declared(const char *class, const char *const *classes)
{
	if (!classes)
		return true;
	for (; *classes; classes++)
		if (strcmp(*classes, class) == 0)
			return true;
	return false;
}

static bool set(struct check *check, enum verdict verdict, const char *why)
{
	check->preset = verdict;
	check->preset_why = slice_copy(slice_text(why));
	return check->preset_why != NULL;
}

bool script_preset(struct script *script, const struct scenario_case *c, const struct plan_options *options)
{
	enum jose_alg alg = undeclared_algorithm(script, options->algorithms);
	const char *hook = missing_hook(c->needs, options->hooks);
	char why[WHY_MAX];
	bool good = true;
	for (size_t i = 0; good && i < script->check_count; i++) {
		struct check *check = &script->checks[i];
		if (!class_declared(check->rule->class, options->classes)) {
			snprintf(why, sizeof why, "the target does not declare the class %.60s", check->rule->class);
			good = set(check, VERDICT_NA, why);
		} else if (alg != JOSE_NONE) {
			snprintf(why, sizeof why, "the target does not declare the algorithm %s", jose_alg_name(alg));
			good = set(check, VERDICT_NA, why);
		} else if (hook) {
			snprintf(why, sizeof why, "needs the hook %s, which the target file does not have", hook);
			good = set(check, VERDICT_UNTESTED, why);
		}
	}
	return good;
}
