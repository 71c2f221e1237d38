#include "judge/instant.h"

void instant_actor_init(struct instant_actor *actor)
{
	actor->exp_us = actor->connected_us = actor->closed_us = INSTANT_UNKNOWN;
}

static int64_t of_actor(const struct instant *instant, const struct instant_facts *facts)
{
	if (instant->index >= facts->actor_count)
		return INSTANT_UNKNOWN;
	const struct instant_actor *actor = &facts->actors[instant->index];
	switch (instant->kind) {
	case INSTANT_EXP:
		return actor->exp_us;
	case INSTANT_CONNECTED:
		return actor->connected_us;
	default:
		return actor->closed_us;
	}
}

static int64_t base_of(const struct instant *instant, const struct instant_facts *facts)
{
	switch (instant->kind) {
	case INSTANT_BEGIN:
		return facts->step_us;
	case INSTANT_NOW:
		return facts->script_us;
	case INSTANT_EXP:
	case INSTANT_CONNECTED:
	case INSTANT_CLOSED:
		return of_actor(instant, facts);
	case INSTANT_STEP:
		return instant->index < facts->step_count ? facts->settled_us[instant->index] : INSTANT_UNKNOWN;
	default:
		return INSTANT_UNKNOWN;
	}
}

/* Times may come from a trace that nobody vouches for: they are clipped, never wrapped around. */
static int64_t add_ms(int64_t us, int64_t ms)
{
	if (ms > INSTANT_MOST / 1000 || us > INSTANT_MOST)
		return INSTANT_MOST;
	if (ms < -INSTANT_MOST / 1000 || us < -INSTANT_MOST)
		return -INSTANT_MOST;
	return us + ms * 1000;
}

bool instant_resolve(const struct instant *instant, const struct instant_facts *facts, int64_t *us)
{
	int64_t base = base_of(instant, facts);
	if (base == INSTANT_UNKNOWN)
		return false;
	*us = add_ms(base, instant->offset_ms);
	return true;
}
