/* Feeding: keeps the players' state and hands to the current step what concerns it. */
#include "judge/state.h"

#include <stdio.h>
#include <stdlib.h>

static void times_clear(struct play_state *play)
{
	for (size_t i = 0; i < play->script->actor_count; i++)
		instant_actor_init(&play->times[i]);
	for (size_t i = 0; i < play->script->step_count; i++)
		play->settled_us[i] = INSTANT_UNKNOWN;
}

static void receipts_clear(struct play_state *play)
{
	for (size_t i = 0; play->receipts && i < play->script->actor_count * play->script->step_count; i++) {
		free(play->receipts[i].last);
		play->receipts[i] = (struct receipt){ 0 };
	}
}

/* What was violated stays so, whatever a second attempt comes to. */
static void steps_clear(struct play_state *play)
{
	for (size_t i = 0; play->steps && i < play->script->step_count; i++) {
		struct step_state *state = &play->steps[i];
		state->connection = 0;
		state->begin_us = INSTANT_UNKNOWN;
		if (state->violated)
			continue;
		free(state->sentence);
		free(state->manner_sentence);
		*state = (struct step_state){ .told = TOLD_NOTHING, .begin_us = INSTANT_UNKNOWN };
	}
}

static void players_clear(struct play_state *play)
{
	for (size_t i = 0; play->players && i < play->script->actor_count; i++)
		player_reset(&play->players[i]);
}

static void play_clear(struct play_state *play)
{
	steps_clear(play);
	times_clear(play);
	players_clear(play);
	receipts_clear(play);
	hearings_clear(play);
	play->work = (struct work){ .phase = PHASE_IDLE, .will = -1 };
	play->limits = (struct limits){ .known = false };
	play->receipt_count = 0;
	play->finished = play->begun = false;
}

static bool play_init(struct play_state *play, const struct script *script)
{
	play->script = script;
	play->players = calloc(script->actor_count ? script->actor_count : 1, sizeof *play->players);
	play->steps = calloc(script->step_count ? script->step_count : 1, sizeof *play->steps);
	play->receipts = calloc(script->actor_count * script->step_count + 1, sizeof *play->receipts);
	play->times = calloc(script->actor_count ? script->actor_count : 1, sizeof *play->times);
	play->settled_us = calloc(script->step_count ? script->step_count : 1, sizeof *play->settled_us);
	bool made = hearings_init(play) && play->players && play->steps && play->receipts && play->times && play->settled_us;
	if (made)
		play_clear(play);
	return made;
}

static void play_release(struct play_state *play)
{
	for (size_t i = 0; play->steps && i < play->script->step_count; i++)
		play->steps[i].violated = false;
	steps_clear(play);
	players_clear(play);
	receipts_clear(play);
	hearings_release(play);
	free(play->players);
	free(play->steps);
	free(play->receipts);
	free(play->stopped);
	free(play->times);
	free(play->settled_us);
}

struct judge *judge_new(const struct plan *plan, const char *salt)
{
	struct judge *judge = calloc(1, sizeof *judge);
	if (!judge)
		return NULL;
	judge->plan = plan;
	judge->salt = salt;
	judge->index = json_object();
	judge->plays = calloc(plan->script_count ? plan->script_count : 1, sizeof *judge->plays);
	judge->failed = !judge->index || !judge->plays;
	for (size_t i = 0; !judge->failed && i < plan->script_count; i++)
		judge->failed = !play_init(&judge->plays[i], plan->scripts[i]);
	if (judge->failed) {
		judge_free(judge);
		return NULL;
	}
	return judge;
}

void judge_free(struct judge *judge)
{
	if (!judge)
		return;
	for (size_t i = 0; judge->plays && i < judge->plan->script_count; i++) {
		if (judge->plays[i].script)
			play_release(&judge->plays[i]);
	}
	free(judge->plays);
	json_decref(judge->index);
	free(judge->entries);
	free(judge->stopped);
	free(judge);
}

static void begin_script(struct judge *judge, struct play_state *play, const struct moment *m)
{
	play_clear(play);
	play->begin_us = m->us;
	play->attempt = m->attempt;
	judge->failed |= !ledger_add_script(judge, (size_t)m->script, m->attempt);
}

static void begin_step(struct judge *judge, struct play_state *play, const struct moment *m)
{
	if (m->step >= play->script->step_count)
		return;
	play->step = m->step;
	play->step_us = m->us;
	play->begun = true;
	play->steps[m->step].begin_us = m->us;
	play->work = (struct work){ .phase = PHASE_ANSWER, .will = -1 };
	step_begin(judge, play);
}

static void fence(struct judge *judge, struct play_state *play, const struct moment *m)
{
	fence_sent(judge, play, m);
}

static void copy(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct entry entry = { (size_t)m->script, m->message, m->attempt, false };
	(void)play;
	judge->failed |= !ledger_add(judge, m->nonce, &entry);
}

/* Of the step under way alone: an answer that comes later says nothing about the next one. */
static void hook(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct work *work = &play->work;
	(void)judge;
	if (!phase_active(play) || m->step != play->step)
		return;
	work->hooked = true;
	work->hook_status = m->code;
	work->hook_sound = m->flag;
	work->told_us = m->us;
	snprintf(work->seen, sizeof work->seen, "%.380s", m->text && *m->text ? m->text : "a hook without a word");
}

static void grace(struct judge *judge, struct play_state *play, const struct moment *m)
{
	(void)judge;
	(void)m;
	play->work.grace = true;
}

static void deadline(struct judge *judge, struct play_state *play, const struct moment *m)
{
	(void)judge;
	(void)m;
	play->work.late = true;
}

static void control(struct judge *judge, struct play_state *play, const struct moment *m)
{
	if (play->work.phase == PHASE_CONTROL)
		step_control(judge, play, m->flag);
}

static void unfit(struct judge *judge, struct play_state *play, const struct moment *m)
{
	if (phase_active(play))
		step_end(judge, play, RESULT_UNFIT, NULL, m->text ? m->text : "a limit of the target");
}

static void harness(struct judge *judge, struct play_state *play, const struct moment *m)
{
	if (phase_active(play))
		step_end(judge, play, RESULT_HARNESS, NULL, m->text ? m->text : "a fault of the suite");
}

static void finished(struct judge *judge, struct play_state *play, const struct moment *m)
{
	(void)judge;
	(void)m;
	play->finished = true;
	play->work.phase = PHASE_IDLE;
}

static const struct {
	void (*take)(struct judge *judge, struct play_state *play, const struct moment *m);
	bool of_actor, of_packet;
} takers[MOMENT_KINDS] = {
	[MOMENT_SCRIPT] = { begin_script, false, false }, [MOMENT_STEP] = { begin_step, false, false },
	[MOMENT_OPENED] = { take_opened, true, false },   [MOMENT_SENT] = { take_sent, true, false },
	[MOMENT_RECEIVED] = { take_received, true, true }, [MOMENT_WRONG] = { take_wrong, true, false },
	[MOMENT_CLOSED] = { take_closed, true, false },   [MOMENT_FENCE] = { fence, true, false },
	[MOMENT_COPY] = { copy, true, false },            [MOMENT_HOOK] = { hook, false, false },
	[MOMENT_GRACE] = { grace, false, false },         [MOMENT_DEADLINE] = { deadline, false, false },
	[MOMENT_CONTROL] = { control, false, false },     [MOMENT_UNFIT] = { unfit, false, false },
	[MOMENT_HARNESS] = { harness, false, false },     [MOMENT_FINISHED] = { finished, false, false },
};

static bool well_formed(const struct judge *judge, const struct moment *m)
{
	if (m->script < 0 || (size_t)m->script >= judge->plan->script_count || !takers[m->kind].take)
		return false;
	const struct script *script = judge->plan->scripts[m->script];
	if (takers[m->kind].of_actor && (m->actor < 0 || (size_t)m->actor >= script->actor_count))
		return false;
	bool names = m->kind == MOMENT_FENCE || m->kind == MOMENT_COPY;
	if (names && (m->observer >= script->actor_count || m->message >= script->step_count || !m->nonce))
		return false;
	return !takers[m->kind].of_packet || m->packet;
}

/* One script, or everything. */
static void stop(struct judge *judge, const struct moment *m)
{
	bool one = m->script >= 0 && (size_t)m->script < judge->plan->script_count;
	char **why = one ? &judge->plays[m->script].stopped : &judge->stopped;
	if (*why || (m->script != NOBODY && !one))
		return;
	*why = slice_copy(slice_text(m->text));
	judge->failed |= !*why;
}

/* A PUBLISH by its alias alone is read with the topic that the alias stands for. */
static void read_alias(struct judge *judge, const struct moment *m, struct packet *resolved)
{
	struct play_state *play = &judge->plays[m->script];
	*resolved = *m->packet;
	if (resolved->type == PACKET_PUBLISH && m->attempt == play->attempt)
		aliases_take(&play->players[m->actor].aliases, resolved, UINT16_MAX);
}

bool judge_feed(struct judge *judge, const struct moment *fed)
{
	struct moment resolved = *fed;
	const struct moment *m = &resolved;
	struct packet packet;
	if (m->kind == MOMENT_RECEIVED && well_formed(judge, m)) {
		read_alias(judge, m, &packet);
		resolved.packet = &packet;
	}
	if (m->kind == MOMENT_STOPPED)
		stop(judge, m);
	judge->delivered |= m->kind == MOMENT_RECEIVED && m->script == NOBODY && m->packet &&
			    m->packet->type == PACKET_PUBLISH;
	if (m->kind == MOMENT_RECEIVED || m->kind == MOMENT_WRONG)
		ledger_scan(judge, m);
	if (!well_formed(judge, m))
		return !judge->failed;
	struct play_state *play = &judge->plays[m->script];
	if (m->kind != MOMENT_SCRIPT && m->attempt != play->attempt)
		return !judge->failed; /* a connection of the first attempt, watched for nonces alone */
	play->now_us = m->us;
	takers[m->kind].take(judge, play, m);
	step_settle(judge, play);
	if (play->work.phase == PHASE_SETTLED && play->settled_us[play->step] == INSTANT_UNKNOWN)
		play->settled_us[play->step] = m->us;
	return !judge->failed;
}

enum phase judge_phase(const struct judge *judge, size_t script)
{
	return judge->plays[script].work.phase;
}

enum result judge_result(const struct judge *judge, size_t script, size_t step)
{
	return judge->plays[script].steps[step].result;
}

bool play_instant(const struct play_state *play, const struct instant *instant, int64_t *us)
{
	struct instant_facts facts = {
		.script_us = play->begin_us, .step_us = play->step_us, .actors = play->times,
		.actor_count = play->script->actor_count, .settled_us = play->settled_us,
		.step_count = play->script->step_count,
	};
	return instant_resolve(instant, &facts, us);
}

bool judge_instant(const struct judge *judge, size_t script, const struct instant *instant, int64_t *us)
{
	return play_instant(&judge->plays[script], instant, us);
}

bool judge_may_rejoin(const struct judge *judge, size_t script, size_t actor)
{
	const struct player *player = &judge->plays[script].players[actor];
	bool lost = player->disconnected || (!player->open && player->by_broker);
	return player->connection && ((player->denied && lost) || (player->comes_back && !player->open));
}
