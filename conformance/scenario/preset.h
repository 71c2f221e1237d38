/* Verdicts that the plan knows before the run: what no run against this target can tell. */
#ifndef CONFORMANCE_PRESET_H
#define CONFORMANCE_PRESET_H

#include "crypto.h"
#include "scenario/case.h"
#include "scenario/plan.h"

/* Fills preset and preset_why of each check: N/A for a class or an algorithm that the target does not
 * declare, UNTESTED for a hook that it lacks, in this order. false: out of memory. */
bool script_preset(struct script *script, const struct scenario_case *c, const struct plan_options *options);

/* algorithms NULL-terminated; NULL: all are. JOSE_NONE always is. */
bool algorithm_declared(enum jose_alg alg, const char *const *algorithms);

#endif
