/* Two judgements of one run, live and from the trace, must be one. */
#include "actor/play.h"

#include <stdlib.h>

struct judgement {
	enum verdict verdict;
	char *sentence;
};

static size_t count_checks(const struct plan *plan)
{
	size_t count = 0;
	for (size_t i = 0; i < plan->script_count; i++)
		count += plan->scripts[i]->check_count;
	return count;
}

static bool same(const struct judgement *live, const struct check *check)
{
	const char *a = live->sentence ? live->sentence : "", *b = check->sentence ? check->sentence : "";
	return live->verdict == check->verdict && strcmp(a, b) == 0;
}

static bool differ(struct check *check, const struct judgement *live)
{
	struct buf words;
	buf_init(&words, 1 << 16);
	buf_format(&words, "the live run says %s (%s), its trace says %s (%s)", verdict_name(live->verdict),
		   live->sentence ? live->sentence : "", verdict_name(check->verdict), check->sentence ? check->sentence : "");
	free(check->sentence);
	check->sentence = words.failed ? NULL : slice_copy(buf_slice(&words));
	check->verdict = VERDICT_HARNESS;
	buf_release(&words);
	return check->sentence != NULL;
}

/* Takes the sentences over: the judge of the trace writes its own. */
static void remember(const struct plan *plan, struct judgement *live)
{
	for (size_t i = 0; i < plan->script_count; i++) {
		for (size_t c = 0; c < plan->scripts[i]->check_count; c++) {
			struct check *check = &plan->scripts[i]->checks[c];
			*live++ = (struct judgement){ check->verdict, check->sentence };
			check->sentence = NULL;
		}
	}
}

static bool compare(struct plan *plan, const struct judgement *live)
{
	bool good = true;
	for (size_t i = 0; i < plan->script_count; i++) {
		for (size_t c = 0; c < plan->scripts[i]->check_count; c++, live++) {
			if (!same(live, &plan->scripts[i]->checks[c]))
				good &= differ(&plan->scripts[i]->checks[c], live);
		}
	}
	return good;
}

bool run_verify(struct plan *plan, const char *trace_file, struct fault *fault)
{
	size_t count = count_checks(plan);
	struct run_result again = { .duration_us = 0 };
	struct judgement *live = calloc(count + 1, sizeof *live);
	if (!live)
		return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	remember(plan, live);
	bool good = judge_trace(plan, trace_file, &again, fault);
	if (good && !compare(plan, live))
		good = fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	for (size_t i = 0; i < count; i++)
		free(live[i].sentence);
	free(live);
	preflight_release(&again.preflight);
	return good;
}
