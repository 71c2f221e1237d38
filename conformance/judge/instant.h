/* Instants: the points in time that a scenario names (spec A1), once a run has got there. Pure: the
 * judge fills the facts from its moments; the engine asks judge_instant (judge/judge.h), so that a
 * deadline is the same time for both, live and in a stored trace. All times are microseconds on the
 * clock of struct moment. */
#ifndef CONFORMANCE_INSTANT_H
#define CONFORMANCE_INSTANT_H

#include "scenario/script.h"

#define INSTANT_UNKNOWN INT64_MIN /* has not happened, or will never: a token without exp */

#define INSTANT_MOST (INT64_MAX / 8)   /* no instant is farther from the run's beginning than twice this */

struct instant_actor {
	int64_t exp_us;       /* of the token that it last sent */
	int64_t connected_us; /* its last CONNACK 0x00 */
	int64_t closed_us;    /* the end of its last connection; unknown while that one is open */
};

struct instant_facts { /* everything borrowed */
	int64_t script_us, step_us; /* when the script and its current step began */
	const struct instant_actor *actors;
	size_t actor_count;
	const int64_t *settled_us; /* of each step */
	size_t step_count;
};

void instant_actor_init(struct instant_actor *actor);

/* false: not known (yet), or there is no such instant (INSTANT_NONE). */
bool instant_resolve(const struct instant *instant, const struct instant_facts *facts, int64_t *us);

#endif
