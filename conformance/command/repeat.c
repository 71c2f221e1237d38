#include "command/repeat.h"

#include "report/outcome.h"

#include <stdio.h>
#include <stdlib.h>

struct history { /* of one check */
	unsigned counts[VERDICT_COUNT];
	enum verdict worst; /* of those that were counted */
	size_t step;
	char *sentence; /* of the first check with the worst verdict; NULL: it had none */
	int64_t duration_us;
};

struct repeats {
	struct history *checks;
	size_t count;
};

struct repeats *repeats_new(const struct plan *plan)
{
	struct repeats *repeats = calloc(1, sizeof *repeats);
	if (!repeats)
		return NULL;
	repeats->count = plan->check_count;
	repeats->checks = calloc(plan->check_count + 1, sizeof *repeats->checks);
	if (repeats->checks)
		return repeats;
	free(repeats);
	return NULL;
}

void repeats_free(struct repeats *repeats)
{
	for (size_t i = 0; repeats && i < repeats->count; i++)
		free(repeats->checks[i].sentence);
	if (repeats)
		free(repeats->checks);
	free(repeats);
}

static unsigned total(const struct history *history)
{
	unsigned sum = 0;
	for (int v = 0; v < VERDICT_COUNT; v++)
		sum += history->counts[v];
	return sum;
}

static bool take(struct history *history, const struct script *script, const struct check *check, bool cut_short)
{
	if (script->duration_us > history->duration_us)
		history->duration_us = script->duration_us;
	if (cut_short && verdict_open(check->verdict))
		return true;
	bool worse = total(history) == 0 || verdict_worse(history->worst, check->verdict) != history->worst;
	history->counts[check->verdict]++;
	if (!worse)
		return true;
	free(history->sentence);
	history->sentence = check->sentence ? slice_copy(slice_text(check->sentence)) : NULL;
	history->worst = check->verdict;
	history->step = check->step;
	return history->sentence || !check->sentence;
}

bool repeats_add(struct repeats *repeats, const struct plan *plan, const struct run_result *result)
{
	struct history *history = repeats->checks;
	bool cut_short = result->interrupted || result->unreachable, good = true;
	for (size_t i = 0; good && i < plan->script_count; i++) {
		for (size_t k = 0; good && k < plan->scripts[i]->check_count; k++)
			good = take(history++, plan->scripts[i], &plan->scripts[i]->checks[k], cut_short);
	}
	return good;
}

/* "19 PASS and 1 FAIL in 20 runs; FAIL: …" */
static char *flaky_words(const struct history *history)
{
	struct buf words;
	size_t kinds = 0;
	buf_init(&words, 1 << 16);
	for (int v = VERDICT_COUNT - 1; v >= 0; v--) {
		if (history->counts[v] > 0)
			buf_format(&words, "%s%u %s", kinds++ ? " and " : "", history->counts[v], verdict_name((enum verdict)v));
	}
	buf_format(&words, " in %u runs", total(history));
	if (history->sentence)
		buf_format(&words, "; %s: %s", verdict_name(history->worst), history->sentence);
	char *copy = words.failed ? NULL : slice_copy(buf_slice(&words));
	buf_release(&words);
	return copy;
}

static bool conclude(const struct history *history, struct script *script, struct check *check)
{
	bool flaky = total(history) != history->counts[history->worst];
	script->duration_us = history->duration_us;
	if (total(history) == 0)
		return true; /* every run was cut short before it: the last one's word stands */
	free(check->sentence);
	check->verdict = flaky ? VERDICT_FLAKY : history->worst;
	check->step = history->step;
	check->sentence = flaky ? flaky_words(history) : history->sentence ? slice_copy(slice_text(history->sentence)) : NULL;
	return check->sentence || (!flaky && !history->sentence);
}

bool repeats_conclude(const struct repeats *repeats, struct plan *plan)
{
	const struct history *history = repeats->checks;
	bool good = true;
	for (size_t i = 0; good && i < plan->script_count; i++) {
		for (size_t k = 0; good && k < plan->scripts[i]->check_count; k++)
			good = conclude(history++, plan->scripts[i], &plan->scripts[i]->checks[k]);
	}
	return good;
}
