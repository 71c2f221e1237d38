/* The course of a step: answer, fence, a ping on another connection, settled. What each act and
 * outcome needs stands in find.h. */
#include "judge/find.h"

#include <stdio.h>

static void begin_fence(struct judge *judge, struct play_state *play)
{
	struct work *w = &play->work;
	fence_plan(play);
	w->late = false;
	w->fencing = true;
	w->phase = PHASE_FENCE;
	bool watches = current_step(play)->act == ACT_NEVER || current_step(play)->act == ACT_RECEIVE;
	if (w->fence_count == 0 && (w->why_no_fence || watches))
		step_end(judge, play, RESULT_UNCLEAR, "a fence",
			 w->why_no_fence ? w->why_no_fence : "no message that could serve as one");
}

/* The connection bears a forbidden will now, or the fence has shown that it was not sent. */
static void note_will(struct play_state *play)
{
	const struct script_step *step = current_step(play);
	struct step_state *state = &play->steps[play->step];
	bool bears = (step->act == ACT_CONNECT || step->act == ACT_RESUME) && message_denied(play->script, play->step);
	if (bears && play->work.answered && play->work.answer.code == 0x00) {
		state->untested = true;
		play->players[step->actor].will = (ptrdiff_t)play->step;
	}
	if (play->work.fencing && play->work.will >= 0)
		play->steps[play->work.will].untested = false;
	for (size_t i = 0; step->act == ACT_NEVER && i < step->message_count; i++)
		play->steps[step->messages[i]].untested = false;
}

static void hold(struct judge *judge, struct play_state *play)
{
	if (!play->work.fencing && !play->work.idle && fence_needed(play)) {
		begin_fence(judge, play);
		if (play->work.phase == PHASE_SETTLED)
			return;
	}
	if (play->work.fencing && !fence_complete(play))
		return;
	note_will(play);
	step_end(judge, play, RESULT_HELD, NULL, NULL);
	if (!play->work.idle)
		manner_judge(judge, play);
}

static void ask_control(struct play_state *play, enum purpose purpose)
{
	play->work.phase = PHASE_CONTROL;
	play->work.purpose = purpose;
}

static void conclude(struct judge *judge, struct play_state *play, const struct finding *f)
{
	static const enum result results[] = {
		[STANDING_BROKEN] = RESULT_BROKEN, [STANDING_UNCLEAR] = RESULT_UNCLEAR, [STANDING_UNFIT] = RESULT_UNFIT,
	};
	char seen[SEEN_MAX + 64];
	seen_now(play, seen);
	if (f->standing == STANDING_HELD)
		hold(judge, play);
	else if (f->standing != STANDING_WAIT)
		step_end(judge, play, results[f->standing], f->expected[0] ? f->expected : NULL,
			 f->seen[0] ? f->seen : seen);
}

void step_settle(struct judge *judge, struct play_state *play)
{
	struct work *w = &play->work;
	if (!phase_active(play))
		return;
	if (w->phase == PHASE_CONTROL && w->purpose == PURPOSE_MISSING && (current_step(play)->by.kind || w->absent))
		return; /* a deadline that the scenario names is over when it is over */
	struct finding f = find(play);
	if (f.life && !w->alive) {
		ask_control(play, PURPOSE_LIFE);
		return;
	}
	conclude(judge, play, &f);
	if ((w->phase == PHASE_ANSWER || w->phase == PHASE_FENCE) && w->late)
		ask_control(play, PURPOSE_MISSING);
}

/* What the fence was to show is unclear, be it the step's own denial or that of an earlier will. */
static void fence_failed(struct judge *judge, struct play_state *play, bool answered)
{
	char seen[SEEN_MAX];
	const char *observer = "the observer";
	ptrdiff_t will = play->work.will;
	for (size_t i = 0; i < play->work.fence_count; i++) {
		if (!play->work.fences[i].back)
			observer = play->script->actors[play->work.fences[i].need.observer].name;
	}
	snprintf(seen, sizeof seen, "no sentinel at %.100s%s", observer,
		 answered ? "" : ", and no answer to a ping on another connection either");
	step_end(judge, play, RESULT_UNCLEAR, "the fence to be completed", seen);
	if (will >= 0 && play->steps[will].result == RESULT_HELD) {
		play->steps[will].result = RESULT_UNCLEAR;
		play->steps[will].sentence = sentence_make(play->script, (size_t)will, "the fence to be completed", seen);
		judge->failed |= !play->steps[will].sentence;
	}
}

void step_control(struct judge *judge, struct play_state *play, bool answered)
{
	struct work *w = &play->work;
	char now[SEEN_MAX + 64], seen[2 * SEEN_MAX];
	if (w->purpose == PURPOSE_LIFE && answered) {
		w->alive = true;
		w->phase = w->fencing ? PHASE_FENCE : PHASE_ANSWER;
		return; /* step_settle goes on from here */
	}
	if (w->fencing && w->purpose == PURPOSE_MISSING) {
		fence_failed(judge, play, answered);
		return;
	}
	struct finding f = find(play);
	seen_now(play, now);
	snprintf(seen, sizeof seen, "%s%s%s", f.seen[0] ? f.seen : now,
		 w->answered && !w->closed && !f.seen[0] ? " and the connection still open" : "",
		 answered ? ", while a ping on another connection was answered" :
			    ", and no answer to a ping on another connection either");
	step_end(judge, play, answered ? RESULT_BROKEN : RESULT_UNCLEAR, f.expected[0] ? f.expected : NULL, seen);
}

/* How an act meets the actor's connection. */
enum needs { NEEDS_OPEN, NEEDS_NONE, OPENS_ONE };

static enum needs needs_of(const struct script_step *step)
{
	static const enum needs acts[ACTS] = {
		[ACT_CONNECT] = OPENS_ONE, [ACT_RESUME] = OPENS_ONE, [ACT_RECEIVE] = NEEDS_NONE,
		[ACT_NEVER] = NEEDS_NONE,  [ACT_SEND] = OPENS_ONE,   [ACT_DROP] = NEEDS_NONE,
		[ACT_REVOKE] = NEEDS_NONE, [ACT_LIFT] = NEEDS_NONE,  [ACT_LOAD] = NEEDS_NONE,
		[ACT_RESTART] = NEEDS_NONE,
	};
	return step->vehicle == VEHICLE_PACKED ? OPENS_ONE : acts[step->act];
}

/* The end that a step waits for may have come before it began. */
static void adopt_end(struct play_state *play)
{
	const struct player *player = &play->players[current_step(play)->actor];
	struct work *w = &play->work;
	w->opened = player->open;
	w->disconnected = player->disconnected && player->open;
	w->disconnect_code = player->disconnect_code;
	if (player->disconnected)
		memcpy(w->ended, player->ended, SEEN_MAX);
	if (player->open || !player->connection || !player->by_broker || !step_has(current_step(play), OUTCOME_CLOSED))
		return;
	w->opened = w->closed = true;
	w->disconnected = player->disconnected;
	w->closed_us = play->times[current_step(play)->actor].closed_us;
	memcpy(w->ended, player->ended, SEEN_MAX);
}

static void absent(struct play_state *play, const struct player *player)
{
	struct work *w = &play->work;
	w->absent = true;
	snprintf(w->seen, sizeof w->seen, "%.200s without a connection (%.100s)",
		 play->script->actors[current_step(play)->actor].name,
		 player->ended[0] ? player->ended : "it never had one");
	ask_control(play, PURPOSE_MISSING);
}

/* An act of its own on a living connection: what it was denied before did not cost that. A hook
 * changes the broker's mind about anybody. */
static void forget_denial(struct play_state *play)
{
	const struct script_step *step = current_step(play);
	bool hook = step->act == ACT_REVOKE || step->act == ACT_LIFT || step->act == ACT_LOAD || step->act == ACT_RESTART;
	bool watches = step->act == ACT_RECEIVE || step->act == ACT_NEVER;
	for (size_t i = 0; i < play->script->actor_count; i++) {
		if (play->players[i].accepted && (hook || (i == step->actor && !watches)))
			play->players[i].denied = false;
	}
	play->players[step->actor].denied |= step_has(step, OUTCOME_DENIED);
}

static const char *unknown_outcome(const struct script_step *step)
{
	for (size_t i = 0; i < step->outcome_count; i++) {
		if (!outcome_expected(step->act, step->outcomes[i]))
			return outcome_name(step->outcomes[i]);
	}
	return NULL;
}

static bool has_to_be_there(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	const struct hearing *hearings = play->hearings[play->step];
	if (step->act == ACT_RECEIVE) {
		for (size_t i = 0; i < (step->empty ? 1 : step->message_count); i++) {
			if (!hearings[i].order)
				return true;
		}
		return false;
	}
	return needs_of(step) == NEEDS_OPEN && !play->work.closed;
}

void step_begin(struct judge *judge, struct play_state *play)
{
	const struct script_step *step = current_step(play);
	struct player *player = &play->players[step->actor];
	const char *unknown = unknown_outcome(step), *lack = lacks(play);
	play->work.will = player->will;
	forget_denial(play);
	if (unknown) {
		step_end(judge, play, RESULT_HARNESS, "an outcome that the judge has a rule for", unknown);
		return;
	}
	play->work.idle = step->if_open && (!player->accepted || player->disconnected);
	if (play->work.idle)
		return;
	if (step->act == ACT_NEVER)
		ledger_look_back(judge, play);
	if (needs_of(step) == OPENS_ONE && (step->act != ACT_SEND || !player->open))
		player->ended[0] = '\0';
	else
		adopt_end(play);
	player->comes_back |= step->act == ACT_DROP && player->accepted && step_of_vehicle(play->script, play->step);
	player->stalled |= step->act == ACT_STALL;
	if (has_to_be_there(play) && !player->accepted)
		absent(play, player);
	else if (lack)
		step_end(judge, play, RESULT_UNFIT, NULL, lack);
}
