/* subscribes, unsubscribes */
#include "judge/find.h"

#include <stdio.h>

/* Every filter but the tested one is granted, and there is one code for each. */
static bool neighbours_stand(const struct script_step *step, const struct work *w, struct finding *f)
{
	if (w->code_count != step->filter_count) {
		f->standing = STANDING_BROKEN;
		snprintf(f->expected, sizeof f->expected, "%zu codes, one for each filter", step->filter_count);
		return false;
	}
	for (size_t i = 0; i < step->filter_count; i++) {
		if (i == step->tested || w->codes[i] <= 0x02)
			continue;
		f->standing = STANDING_BROKEN;
		snprintf(f->expected, sizeof f->expected, "that its neighbour %.200s is granted", step->filters[i]);
		return false;
	}
	return true;
}

struct finding find_subscribe(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	const struct script_step *step = current_step(play);
	struct finding f = { .standing = STANDING_WAIT };
	if (w->answered && outcome != OUTCOME_CLOSED) {
		if (!neighbours_stand(step, w, &f))
			return f;
		unsigned code = w->codes[step->tested];
		bool held = outcome == OUTCOME_DENIED ? code >= 0x80 : code <= 0x02;
		return finding(held ? STANDING_HELD : STANDING_BROKEN);
	}
	if (!w->closed)
		return f;
	f = on_end(play, STANDING_BROKEN);
	if ((outcome == OUTCOME_DENIED && !f.life) || outcome == OUTCOME_CLOSED)
		f.standing = STANDING_HELD;
	return f;
}

struct finding find_unsubscribe(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	if (outcome == OUTCOME_CLOSED)
		return w->closed ? on_end(play, STANDING_HELD) : finding(STANDING_WAIT);
	if (!w->answered)
		return w->closed ? on_end(play, STANDING_BROKEN) : finding(STANDING_WAIT);
	bool held = w->code_count == current_step(play)->filter_count;
	for (size_t i = 0; held && i < w->code_count; i++)
		held = w->codes[i] < 0x80;
	return finding(held ? STANDING_HELD : STANDING_BROKEN);
}
