/* Several runs of one plan, told as one: a check that came to two different verdicts is FLAKY. */
#ifndef CONFORMANCE_REPEAT_H
#define CONFORMANCE_REPEAT_H

#include "actor/run.h"

struct repeats;

/* NULL: out of memory. */
struct repeats *repeats_new(const struct plan *plan);
void repeats_free(struct repeats *repeats);
/* Takes in what a run came to. Of one that was cut short only what was judged counts. false: out of memory. */
bool repeats_add(struct repeats *repeats, const struct plan *plan, const struct run_result *result);
/* Writes the verdicts over all runs into the plan. false: out of memory. */
bool repeats_conclude(const struct repeats *repeats, struct plan *plan);

#endif
