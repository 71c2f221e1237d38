/* The engine's inside: one run, what it shares among its scripts. Not for anybody outside this
 * folder; run.h is the door. */
#ifndef CONFORMANCE_ENGINE_H
#define CONFORMANCE_ENGINE_H

#include "actor/line.h"
#include "actor/run.h"
#include "judge/judge.h"
#include "judge/trace.h"

enum {
	BUDGET_LEAST_MS = 1000, BUDGET_ROUND_TRIPS = 50, BUDGET_MOST_MS = 10000, RERUN_FACTOR = 5,
	PREFLIGHT_MS = 4000, REACH_MS = 4800, QUESTIONS_MS = 4000, SKEW_MS = 2000, CLOCK_SKEW_MS = 2000, LOOKUP_MS = 2000, GRACE_LOOPBACK_MS = 100, GRACE_ELSEWHERE_MS = 500,
	LINGER_LEAST_MS = 500,  /* a script's observers are watched for so long after its last denial */
	CLOSING_MS = 300,       /* for the last DISCONNECTs to be written */
	WILL_LATE_MS = 4000,    /* a delayed will, behind its delay: Mosquitto 2.0 needs up to 2.8 s */
	HOOK_MARGIN_MS = 2000,  /* beyond the time that a hook has: it is killed and says so before that */
	SILENCE_MS = 10000,     /* unanswered control pings, and for so long not a byte: it is gone */
	PACKETS_LEAST = 1000,   /* from the broker on one connection, and for each packet that the run has sent: */
	PACKETS_EACH = 4,
	FLOODS_MAX = 8,         /* connections ended for more than that, before the run is given up */
	RERUNS_UNCLEAR = 3      /* lone reruns in a row that cleared nothing: the rest would clear nothing either */
};

struct play;
struct survey;
struct questions;
struct skew;

enum run_stage { STAGE_PREFLIGHT, STAGE_SCRIPTS, STAGE_RERUNS, STAGE_OVER };

struct run {
	struct plan *plan;
	const struct target *target;
	const struct fixture *fixture;
	const struct run_options *options;
	struct run_result *result;
	struct fault *fault;
	struct event_base *base;
	struct event *pump, *second, *interrupt;
	SSL_CTX *tls;
	struct address *addresses; /* one a listener */
	struct judge *judge;
	struct trace *trace;
	char salt[SALT_SIZE + 1];
	char *helper_key;          /* role of the key that mints for preflight and control */
	enum run_stage stage;
	struct survey *surveys;    /* one a listener; NULL before and after the preflight, as the next two */
	struct questions *questions;
	struct skew *skew;
	int64_t begin_us, budget_ms, grace_ms;
	struct play **plays; /* those under way */
	size_t play_count;
	size_t *queue; /* indices of the scripts still to be begun in this stage */
	size_t queue_count, done;
	json_t *clients; /* the Client Identifiers of the scripts under way, as names */
	unsigned connections, helpers; /* serial numbers */
	unsigned unclear; /* lone reruns in a row that stayed unclear */
	unsigned silent; /* unanswered control pings since a packet, CONNACK apart, was last received */
	unsigned floods; /* connections that brought more packets than they could */
	size_t sent;     /* packets */
	bool heard;      /* a packet was received at all, and last then: */
	int64_t heard_us;
	bool skew_told;  /* the clock was looked at */
	bool failed;     /* harness fault: *fault is filled */
};

/* Stamps the moment, writes it to the trace, feeds the judge, and has everybody look again. */
void run_emit(struct run *run, struct moment *moment);
/* Has the scheduler look at everything, soon, from the loop itself. */
void run_wake(struct run *run);
/* A script that has to be alone is at work. */
bool run_alone(const struct run *run);
/* Nothing further is begun; what is open is closed. */
void run_stop(struct run *run, const char *why);
void run_fail(struct run *run, const char *what);
/* How long a script took; of two attempts the longer one counts. */
void run_took(struct run *run, size_t script, int64_t us);

/* verify.c: judges the trace again; a check on which it differs becomes HARNESS. false with *fault:
 * the trace cannot be judged. */
bool run_verify(struct plan *plan, const char *trace_file, struct fault *fault);

/* preflight.c */
bool preflight_begin(struct run *run);
/* true: it is over, and run->result->preflight is filled. */
bool preflight_poll(struct run *run);
void preflight_end(struct run *run);
/* questions.c: the probes of the spec; skew.c: the clock. Both in the second half of the preflight:
 * begin (false: already reported to the run), poll until true, end (at any time). */
bool questions_begin(struct run *run);
bool questions_poll(struct run *run);
void questions_end(struct run *run);
/* Tells the judge which scripts the findings block. */
void questions_block(struct run *run);
bool skew_begin(struct run *run);
bool skew_poll(struct run *run);
void skew_end(struct run *run);

#endif
