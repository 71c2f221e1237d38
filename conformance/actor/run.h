/* One run: every script of a plan against one target, on one event loop, many at a time. Each
 * packet and each step becomes an event; the judge settles checks from events alone, live and
 * again from a stored trace. */
#ifndef CONFORMANCE_RUN_H
#define CONFORMANCE_RUN_H

#include "actor/target.h"
#include "mint/fixture.h"
#include "scenario/plan.h"

struct run_options {
	unsigned jobs;          /* scripts at the same time; one that only waits for its deadline does not count */
	bool preflight;
	bool stop_on_fail;
	bool shuffle;           /* scripts are begun, those that take seconds before the others, in an order that comes from: */
	uint64_t order;
	const struct registry *registry; /* whose probes the preflight asks; NULL: it asks none */
	const char *trace_file; /* JSON lines; NULL: none */
	/* Called when a script is finished and, with script NULL, about once a second; for progress. */
	void (*progress)(void *context, const struct script *finished, size_t done, const char *waiting_for);
	void *context;
};

enum finding_kind {
	FINDING_REFUSED, /* what a rule grants was refused */
	FINDING_ALLOWED, /* what no rule grants was allowed: the cases will fail */
	FINDING_SILENT   /* no answer in time */
};

struct finding { /* a probe of the fixture that was not answered as it should */
	enum finding_kind kind;
	const char *org, *rule; /* borrowed from the registry */
	bool subscribe;         /* the action that it is about; else publish */
	bool blocks;            /* the cases of the organisation are BLOCKED by it */
	char *sentence;         /* owned */
};

struct preflight { /* goes into the report */
	bool reached;             /* TCP, and TLS where used */
	bool good_token_accepted;
	bool own_message_back;
	bool bad_token_refused;   /* false: "does not authenticate"; the run goes on */
	int64_t round_trip_us;
	int64_t clock_offset_ms;  /* the smallest that explains which tokens were taken; whole seconds */
	char *problem;            /* one sentence; NULL: none. Owned, as all below */
	bool clock_known;         /* false: the broker did not show it, and the offset says nothing */
	char *clock_warning;      /* one sentence when the offset is larger than the target file tolerates */
	size_t probes, probes_held;
	struct finding *findings;
	size_t finding_count;
};

void preflight_release(struct preflight *preflight); /* what it owns */

struct run_result {
	struct preflight preflight;
	bool interrupted;
	bool unreachable; /* exit 3, within 5 s */
	int64_t duration_us;
};

/* SIGINT ends the run, with `interrupted`. A caller who does more than one thing blocks it: it is let in
 * while the loop turns, and one that came before or in between counts then.
 *
 * Fills the verdicts of all checks in the plan, then applies the rules that need the whole run:
 * nonce ledger, lone rerun, discrimination. false with *fault only for a harness fault. */
bool run_plan(struct plan *plan, const struct target *target, const struct fixture *fixture,
	      const struct run_options *options, struct run_result *result, struct fault *fault);

/* The same judge over a stored trace: fills the verdicts of the plan's checks again. */
bool judge_trace(struct plan *plan, const char *trace_file, struct run_result *result, struct fault *fault);

#endif
