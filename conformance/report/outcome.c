#include "report/outcome.h"

#include <string.h>

/* Larger decides over smaller; see verdict_worse. */
static const int weights[VERDICT_COUNT] = {
	[VERDICT_NA] = 0,           [VERDICT_PASS] = 1,     [VERDICT_WARN] = 2,
	[VERDICT_PENDING] = 3,      [VERDICT_UNTESTED] = 4, [VERDICT_BLOCKED] = 5,
	[VERDICT_INCONCLUSIVE] = 6, [VERDICT_FLAKY] = 6,    [VERDICT_HARNESS] = 7,
	[VERDICT_FAIL] = 8,
};

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
	return weights[a] >= weights[b] ? a : b;
}

bool verdict_open(enum verdict verdict)
{
	return weights[verdict] >= weights[VERDICT_PENDING] && verdict != VERDICT_FAIL;
}

bool target_declares(const struct target *target, const char *class)
{
	for (size_t i = 0; target->classes[i]; i++) {
		if (strcmp(target->classes[i], class) == 0)
			return true;
	}
	return false;
}

static bool has_must(const struct plan *plan, const char *class)
{
	for (size_t i = 0; i < plan->script_count; i++) {
		const struct script *script = plan->scripts[i];
		for (size_t k = 0; k < script->check_count; k++) {
			const struct rule *rule = script->checks[k].rule;
			if (rule->level == LEVEL_MUST && strcmp(rule->class, class) == 0)
				return true;
		}
	}
	return false;
}

struct tally tally_plan(const struct plan *plan, const struct target *target)
{
	struct tally tally = { .emitted = 0 };
	for (size_t i = 0; i < plan->script_count; i++) {
		const struct script *script = plan->scripts[i];
		for (size_t k = 0; k < script->check_count; k++) {
			const struct check *check = &script->checks[k];
			bool must = check->rule->level == LEVEL_MUST;
			tally.counts[check->verdict]++;
			tally.emitted += check->verdict != VERDICT_PENDING;
			tally.failed += must && check->verdict == VERDICT_FAIL && !check->known;
			tally.warned += check->verdict == VERDICT_WARN && !check->known;
			tally.known += check->known;
			tally.open +=
				must && verdict_open(check->verdict) && target_declares(target, check->rule->class);
		}
	}
	for (size_t i = 0; target->classes[i] && !plan->narrowed; i++)
		tally.unjudged += !has_must(plan, target->classes[i]);
	return tally;
}

enum exit_code outcome_exit(const struct tally *tally, const struct run_result *result, bool stopped, size_t overdue)
{
	bool cut_short = result->interrupted || result->unreachable;
	if (tally->failed > 0)
		return EXIT_VIOLATION;
	if (tally->counts[VERDICT_HARNESS] > 0 || (tally->counts[VERDICT_PENDING] > 0 && !cut_short && !stopped))
		return EXIT_HARNESS;
	if (tally->open > 0 || tally->unjudged > 0 || tally->counts[VERDICT_PENDING] > 0 || cut_short)
		return EXIT_INCOMPLETE;
	return overdue > 0 ? EXIT_STALE : EXIT_CONFORMANT;
}

const char *outcome_word(enum exit_code code)
{
	static const char *const words[] = { "no violation", "violation", "usage", "incomplete", "harness fault",
					     "stale baseline" };
	return words[code];
}
