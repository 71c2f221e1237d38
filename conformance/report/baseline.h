/* The baseline: failures that are known and accepted until a day (schema
 * conformance/baseline.schema.json). It changes no verdict; it only says which failures are no news. */
#ifndef CONFORMANCE_BASELINE_H
#define CONFORMANCE_BASELINE_H

#include "scenario/plan.h"

enum known_state {
	KNOWN_FAILING,   /* a check of it failed, as it says */
	KNOWN_UNJUDGED,  /* none of its checks came to a verdict in this run */
	KNOWN_STALE,     /* they pass: the entry is to be removed */
	KNOWN_EXPIRED    /* its day is over, whatever they do */
};
const char *known_state_name(enum known_state state);

struct known {
	char *rule, *script; /* script NULL: every script */
	char *reason;
	char expires[11]; /* "2027-01-31": the last day, UTC */
	bool expired;
	enum known_state state; /* after baseline_apply */
};

struct baseline {
	struct known *items;
	size_t count;
};

/* Rules must be of the registry, and scripts of the plan unless that was narrowed. today_ms: Unix
 * time. NULL with *fault: file, JSON path, cause. */
struct baseline *baseline_load(const char *file, const struct registry *registry, const struct plan *plan,
			       int64_t today_ms, struct fault *fault);
void baseline_free(struct baseline *baseline);

/* After a run: marks the failed checks that are known, and finds each entry's state. A missed SHOULD
 * counts as the failure of its rule. */
void baseline_apply(struct baseline *baseline, struct plan *plan);
/* Entries that are stale or expired: the caller's exit code 5. */
size_t baseline_overdue(const struct baseline *baseline);

#endif
