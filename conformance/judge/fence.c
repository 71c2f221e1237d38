/* Fences: which messages must come back before "it never arrived" may be believed. */
#include "judge/state.h"

#include <stdio.h>

bool fence_needed(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	bool ends = step->act == ACT_DROP || step_has(step, OUTCOME_CLOSED);
	bool speaks = step->act == ACT_PUBLISH || step->act == ACT_RELEASE || step->act == ACT_STREAM;
	return step->act == ACT_NEVER || (step->act == ACT_RECEIVE && step->count >= 0) ||
	       (speaks && step_has(step, OUTCOME_DENIED)) || (ends && play->work.will >= 0);
}

/* One level at a time; "#" takes the parent too (MQTT 5.0 4.7.1.2). */
static bool filter_matches(const char *filter, const char *topic)
{
	struct slice f = slice_text(filter), t = slice_text(topic);
	bool more_filter = true, more_topic = true;
	if ((*filter == '#' || *filter == '+') && *topic == '$')
		return false;
	while (more_filter && more_topic) {
		struct slice level = slice_word(&f, '/', &more_filter);
		if (slice_is(level, "#"))
			return true;
		struct slice is = slice_word(&t, '/', &more_topic);
		if (!slice_is(level, "+") && !slice_equal(level, is))
			return false;
	}
	return !more_topic && (!more_filter || slice_is(f, "#"));
}

/* Only shared subscriptions of the observer take the topic: a copy of the message may go to another. */
static bool shared_only(const struct play_state *play, size_t observer, const char *topic)
{
	bool shared = false;
	for (size_t i = 0; i < play->script->step_count; i++) {
		const struct script_step *step = &play->script->steps[i];
		if (step->act != ACT_SUBSCRIBE || step->actor != observer || play->steps[i].result != RESULT_HELD)
			continue;
		for (size_t k = 0; k < step->filter_count; k++) {
			const char *filter = step->filters[k], *group = strncmp(filter, "$share/", 7) == 0 ? filter + 7 : NULL;
			const char *tail = group ? strchr(group, '/') : NULL;
			if (!group && filter_matches(filter, topic))
				return false;
			shared |= tail && filter_matches(tail + 1, topic);
		}
	}
	return shared;
}

/* The step under way, or any, says that nobody is to receive it (again). */
static bool forbidden(const struct play_state *play, size_t message)
{
	const struct script_step *step = current_step(play);
	if (step->act == ACT_RELEASE && message_held_back(play->script, play->step) == (ptrdiff_t)message)
		return true;
	for (size_t i = 0; step->act == ACT_NEVER && i < step->message_count; i++) {
		if (step->messages[i] == message)
			return true;
	}
	return message_denied(play->script, message);
}

/* How well a message serves: its sender is there, or comes back without harm; it takes a path of
 * the observer's own. 0: not at all. */
static unsigned worth(const struct play_state *play, size_t observer, size_t message)
{
	const struct player *sender = &play->players[play->script->steps[message].actor];
	bool returns = !sender->open && ((sender->denied && sender->by_broker) || sender->comes_back);
	struct message m;
	bool leaves = sender->open && sender->disconnected && !sender->denied; /* told to go, and not closed yet */
	if (!message_of(play->script, message, &m) || forbidden(play, message) || sender->stalled || leaves ||
	    (!sender->accepted && !returns))
		return 0;
	if (shared_only(play, observer, m.topic))
		return 1;
	return sender->comes_back ? 2 : 3;
}

static bool held_all(const struct play_state *play, const struct script_step *receive)
{
	for (size_t i = 0; i < receive->message_count; i++) {
		if (play->steps[receive->messages[i]].result != RESULT_HELD)
			return false;
	}
	return receive->message_count > 0;
}

/* The best, and of those the last, message that the observer received; else one that it is still to
 * receive by a later step. -1: none, and where *receives, it should have received something. */
static ptrdiff_t pick_message(const struct play_state *play, size_t observer, bool *receives)
{
	ptrdiff_t best = -1, expected = -1;
	unsigned order = 0, value = 1;
	*receives = false;
	for (size_t i = 0; i < play->script->step_count; i++) {
		const struct receipt *receipt = receipt_at(play, observer, i);
		const struct script_step *step = &play->script->steps[i];
		bool awaited = step->act == ACT_RECEIVE && step->actor == observer && held_all(play, step);
		unsigned is = receipt->order ? worth(play, observer, i) : 0;
		*receives |= receipt->order || awaited;
		if (is > value || (is == value && receipt->order > order)) {
			best = (ptrdiff_t)i;
			order = receipt->order;
			value = is;
		}
		if (awaited && play->steps[i].result == RESULT_NONE && worth(play, observer, step->messages[0]) > 0)
			expected = (ptrdiff_t)step->messages[0];
	}
	return best >= 0 ? best : expected;
}

static bool watches(const struct play_state *play, size_t actor)
{
	const struct script_step *step = current_step(play);
	if (step->act == ACT_NEVER || step->act == ACT_RECEIVE)
		return actor == step->actor || (ptrdiff_t)actor == step->among;
	return play->players[actor].accepted && !play->players[actor].stalled;
}

void fence_plan(struct play_state *play)
{
	const struct script_step *step = current_step(play);
	struct work *work = &play->work;
	work->grace_first = (step->act == ACT_DROP || step_has(step, OUTCOME_CLOSED)) && work->will >= 0;
	for (size_t a = 0; a < play->script->actor_count && work->fence_count < FENCES_MAX; a++) {
		bool receives;
		ptrdiff_t message = pick_message(play, a, &receives);
		if (!watches(play, a) || (!receives && step->act != ACT_NEVER && step->act != ACT_RECEIVE))
			continue;
		if (!play->players[a].accepted || play->players[a].stalled)
			work->why_no_fence = "the observer has no connection that it reads from";
		else if (message < 0)
			work->why_no_fence = "no message that the observer received and its sender can send again";
		else
			work->fences[work->fence_count++].need =
				(struct fence_need){ .observer = a, .message = (size_t)message };
	}
}

/* The messages that must not arrive (again). A will, and what no packet carried, gives no proof. */
static bool same_path(const struct play_state *play, size_t message, const struct moment *m)
{
	const struct player *observer = &play->players[m->observer];
	struct message forbidden, sentinel;
	if (!message_of(play->script, message, &forbidden) || !message_of(play->script, m->message, &sentinel))
		return false;
	/* A subscription made since may have a retained copy on its way, in no order with what is live. */
	bool replayed = play->settled_us[message] != INSTANT_UNKNOWN && observer->subscribed_us != INSTANT_UNKNOWN &&
			observer->subscribed_us >= play->settled_us[message];
	return m->connection == play->steps[message].connection && forbidden.qos == sentinel.qos && !replayed;
}

static bool is_proof(const struct play_state *play, const struct moment *m)
{
	const struct script_step *step = current_step(play);
	bool proof = true;
	if (step->act == ACT_PUBLISH || step->act == ACT_STREAM)
		return same_path(play, play->step, m);
	if (step->act == ACT_RELEASE) {
		ptrdiff_t held_back = message_held_back(play->script, play->step);
		return held_back >= 0 && same_path(play, (size_t)held_back, m);
	}
	for (size_t i = 0; i < step->message_count; i++)
		proof &= same_path(play, step->messages[i], m);
	return proof && step->message_count > 0;
}

void fence_sent(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct entry entry = { (size_t)m->script, m->message, m->attempt, true };
	judge->failed |= !ledger_add(judge, m->nonce, &entry);
	for (size_t i = 0; i < play->work.fence_count; i++) {
		struct fence *f = &play->work.fences[i];
		if (f->need.observer != m->observer || f->need.message != m->message)
			continue;
		f->need.sent = true;
		f->proof = is_proof(play, m);
		snprintf(f->nonce, sizeof f->nonce, "%s", m->nonce);
	}
}

bool fence_complete(const struct play_state *play)
{
	const struct work *work = &play->work;
	bool proof = work->fence_count > 0 && !work->grace_first;
	for (size_t i = 0; i < work->fence_count; i++) {
		if (!work->fences[i].back)
			return false;
		proof &= work->fences[i].proof;
	}
	return proof || work->grace;
}

/* A will that is due after a delay is cancelled when its owner comes back (MQTT 5.0 3.1.3.2.2): its
 * sentinel must not be what keeps it away. */
size_t judge_fences(const struct judge *judge, size_t script, struct fence_need *needs, size_t most)
{
	const struct work *work = &judge->plays[script].work;
	size_t count = 0;
	if (work->phase != PHASE_FENCE || (work->grace_first && !work->grace))
		return 0;
	for (; count < work->fence_count && count < most; count++)
		needs[count] = work->fences[count].need;
	return count;
}

int64_t judge_grace_ms(const struct judge *judge, size_t script)
{
	const struct play_state *play = &judge->plays[script];
	int64_t own, will = 0;
	if (!play->begun)
		return 0;
	own = current_step(play)->grace_ms;
	if (play->work.grace_first)
		will = play->script->steps[play->work.will].grace_ms;
	return own > will ? own : will;
}
