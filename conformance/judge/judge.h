/* The judge: a state machine over moments. Live, the engine feeds it and asks what the current
 * step still wants; later, the same judge reads a stored trace. It does no I/O, has no clock and
 * decides nothing from anything but the plan and the moments. */
#ifndef CONFORMANCE_JUDGE_H
#define CONFORMANCE_JUDGE_H

#include "judge/moment.h"
#include "scenario/plan.h"

enum phase { /* what the current step of a script waits for */
	PHASE_IDLE,    /* no step has begun */
	PHASE_ANSWER,  /* packets from the broker */
	PHASE_FENCE,   /* the sentinels of judge_fences, and a grace where judge_wants_grace */
	PHASE_CONTROL, /* a ping on another connection: does the broker live? */
	PHASE_SETTLED
};

enum result { RESULT_NONE, RESULT_HELD, RESULT_BROKEN, RESULT_UNCLEAR, RESULT_UNFIT, RESULT_HARNESS };

struct judge;

/* Borrows the plan, whose scripts must outlive the judge. NULL: out of memory. */
struct judge *judge_new(const struct plan *plan, const char *salt);
void judge_free(struct judge *judge);

/* false: out of memory; the judge is of no further use. */
bool judge_feed(struct judge *judge, const struct moment *moment);

enum phase judge_phase(const struct judge *judge, size_t script);
enum result judge_result(const struct judge *judge, size_t script, size_t step);
/* The step is still worth doing: nothing it rests on broke. */
bool judge_wants(const struct judge *judge, size_t script, size_t step);
/* Some step got no clear answer: worth the lone rerun. */
bool judge_unclear(const struct judge *judge, size_t script);
/* A check of the script has failed already. */
bool judge_failed(const struct judge *judge, size_t script);
/* The actor lost its connection to a denial, as the broker may do, or to the vehicle of its step: it may
 * come back before an act other than connects and resumes, and for a sentinel. */
bool judge_may_rejoin(const struct judge *judge, size_t script, size_t actor);

/* The script's instant on the clock of the moments; false: it is not known yet. For deadlines. */
bool judge_instant(const struct judge *judge, size_t script, const struct instant *instant, int64_t *us);

struct fence_need {
	size_t observer; /* actor that is to receive the sentinel */
	size_t message;  /* step whose message (judge/message.h) is sent again, as a plain PUBLISH without retain */
	bool sent;
};
/* What the fence of the current step consists of; returns how many are written. */
size_t judge_fences(const struct judge *judge, size_t script, struct fence_need *needs, size_t most);

/* Milliseconds that the fence of the current step adds to the target's grace. */
int64_t judge_grace_ms(const struct judge *judge, size_t script);

/* Fills verdict, step and sentence of every check of the plan the judge was made with. */
bool judge_finish(const struct judge *judge, struct plan *plan);

#endif
