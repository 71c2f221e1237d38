/* Verdicts summed up. Used by the report and by the commands' exit codes. */
#ifndef CONFORMANCE_OUTCOME_H
#define CONFORMANCE_OUTCOME_H

#include "actor/run.h"

enum { VERDICT_COUNT = VERDICT_PASS + 1 };

/* The exit codes of the suite; where several apply: usage > violation > harness > incomplete > stale. */
enum exit_code {
	EXIT_CONFORMANT = 0, /* nothing failed; the class summary says how much that is worth */
	EXIT_VIOLATION = 1,  /* a check of a MUST rule failed */
	EXIT_USAGE = 2,      /* bad option or file, nothing selected: before anything ran */
	EXIT_INCOMPLETE = 3, /* a MUST of a declared class was not judged; unreachable; interrupted */
	EXIT_HARNESS = 4,    /* the suite itself went wrong */
	EXIT_STALE = 5       /* the baseline has an entry that passes, or whose day is over */
};

/* Of two verdicts the one that decides for a rule: FAIL, HARNESS, INCONCLUSIVE or FLAKY, BLOCKED, UNTESTED,
 * PENDING, WARN, PASS, N/A. */
enum verdict verdict_worse(enum verdict a, enum verdict b);

/* True for HARNESS, INCONCLUSIVE, FLAKY, BLOCKED, UNTESTED and PENDING: no answer was found. */
bool verdict_open(enum verdict verdict);

bool target_declares(const struct target *target, const char *class);

struct tally {
	size_t counts[VERDICT_COUNT];
	size_t emitted; /* checks with a verdict; the plan's check_count when the run is whole */
	size_t failed;  /* of MUST rules, those in the baseline left out */
	size_t warned;  /* WARN, likewise */
	size_t known;   /* FAIL and WARN that stand in the baseline */
	size_t open;    /* of MUST rules of declared classes */
	size_t unjudged; /* declared classes that a plan which nobody narrowed has no MUST check of */
};

struct tally tally_plan(const struct plan *plan, const struct target *target);

/* result may say that the run was cut short; stopped: by --stop-on-fail; overdue: entries of the
 * baseline that are stale or expired. */
enum exit_code outcome_exit(const struct tally *tally, const struct run_result *result, bool stopped, size_t overdue);
const char *outcome_word(enum exit_code code); /* "no violation", "violation", … */

#endif
