/* Fences: which messages must come back before "it never arrived" may be believed. */
#include "judge/state.h"

/* Its sender can repeat it: it is connected, or may come back after a denial. */
static bool repeatable(const struct play_state *play, size_t message)
{
	const struct player *sender = &play->players[play->script->steps[message].actor];
	return sender->accepted || (!sender->open && sender->denied && sender->by_broker);
}

/* The last message that the observer received and that can be repeated; else one that it is still
 * to receive by a later step. -1: none, and where *receives, it should have received something. */
static ptrdiff_t pick_message(const struct play_state *play, size_t observer, bool *receives)
{
	ptrdiff_t best = -1, expected = -1;
	unsigned order = 0;
	*receives = false;
	for (size_t i = 0; i < play->script->step_count; i++) {
		const struct receipt *receipt = receipt_at(play, observer, i);
		const struct script_step *step = &play->script->steps[i];
		bool awaited = step->act == ACT_RECEIVE && step->actor == observer &&
			       play->steps[step->messages[0]].result == RESULT_HELD;
		*receives |= receipt->order || awaited;
		if (receipt->order > order && repeatable(play, i)) {
			best = (ptrdiff_t)i;
			order = receipt->order;
		}
		if (awaited && play->steps[i].result == RESULT_NONE && repeatable(play, step->messages[0]))
			expected = (ptrdiff_t)step->messages[0];
	}
	return best >= 0 ? best : expected;
}

void fence_plan(struct play_state *play)
{
	const struct script_step *step = current_step(play);
	struct work *work = &play->work;
	for (size_t a = 0; a < play->script->actor_count && work->fence_count < FENCES_MAX; a++) {
		bool receives, wanted = step->act == ACT_NEVER ? a == step->actor : play->players[a].accepted;
		ptrdiff_t message = pick_message(play, a, &receives);
		if (!wanted || (!receives && step->act != ACT_NEVER))
			continue;
		if (!play->players[a].accepted)
			work->why_no_fence = "the observer has no connection";
		else if (message < 0)
			work->why_no_fence = "no message that the observer received and its sender can send again";
		else
			work->fences[work->fence_count++].need =
				(struct fence_need){ .observer = a, .message = (size_t)message };
	}
}

bool fence_complete(const struct play_state *play)
{
	const struct work *work = &play->work;
	bool proof = work->fence_count > 0;
	for (size_t i = 0; i < work->fence_count; i++) {
		if (!work->fences[i].back)
			return false;
		proof &= work->fences[i].proof;
	}
	return proof || work->grace;
}

size_t judge_fences(const struct judge *judge, size_t script, struct fence_need *needs, size_t most)
{
	const struct work *work = &judge->plays[script].work;
	size_t count = 0;
	for (; work->phase == PHASE_FENCE && count < work->fence_count && count < most; count++)
		needs[count] = work->fences[count].need;
	return count;
}
