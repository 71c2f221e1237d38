/* The ledger: every nonce of the run, and who may not see it. It outlives the scripts: a forbidden
 * nonce that turns up after its script was done fails its check all the same [PUB-02] [SBS-02]. */
#include "judge/state.h"

#include <stdio.h>
#include <stdlib.h>

bool ledger_add(struct judge *judge, const char *nonce, const struct entry *entry)
{
	if (judge->entry_count == judge->entry_room) {
		size_t room = judge->entry_room ? 2 * judge->entry_room : 64;
		struct entry *entries = realloc(judge->entries, room * sizeof *entries);
		if (!entries)
			return false;
		judge->entries = entries;
		judge->entry_room = room;
	}
	judge->entries[judge->entry_count] = *entry;
	return json_object_set_new(judge->index, nonce, json_integer((json_int_t)judge->entry_count++)) == 0;
}

bool ledger_add_script(struct judge *judge, size_t index, unsigned attempt)
{
	const struct script *script = judge->plan->scripts[index];
	bool added = true;
	for (size_t i = 0; i < script->step_count && added; i++) {
		struct nonce nonce;
		struct message message;
		struct entry entry = { index, i, attempt, false };
		if (message_of(script, i, &message))
			added = nonce_make(judge->salt, judge->plan->seed, script->id, attempt, i, 0, &nonce) &&
				ledger_add(judge, nonce.text, &entry);
	}
	return added;
}

static bool means(const struct script_step *step, size_t message, size_t *slot)
{
	for (*slot = 0; *slot < step->message_count; (*slot)++) {
		if (step->messages[*slot] == message)
			return true;
	}
	return false;
}

/* The message came to one of its own script's actors. */
static void note_receipt(struct judge *judge, struct play_state *play, const struct entry *entry, const struct moment *m,
			 const char *nonce)
{
	struct receipt *receipt = receipt_at(play, (size_t)m->actor, entry->step);
	char words[SEEN_MAX];
	size_t slot;
	if (!m->packet || m->packet->type != PACKET_PUBLISH)
		return;
	play->receipt_count++;
	if (!receipt->order) {
		receipt->order = play->receipt_count;
		receipt->altered = !intact(play, entry->step, NULL, m->packet, nonce);
	}
	receipt->last_us = m->us;
	seen_packet(words, m->packet);
	free(receipt->last);
	receipt->last = slice_copy(slice_text(words));
	judge->failed |= !receipt->last;
	for (size_t i = 0; i < play->script->step_count; i++) {
		const struct script_step *step = &play->script->steps[i];
		if (step->act == ACT_RECEIVE && (step->actor == (size_t)m->actor || step->among == m->actor) && means(step, entry->step, &slot))
			judge->failed |= !hear(play, i, slot, m, nonce);
	}
}

static void note_sentinel(struct play_state *play, const struct moment *m, const char *nonce)
{
	for (size_t i = 0; i < play->work.fence_count; i++) {
		struct fence *f = &play->work.fences[i];
		if (f->need.observer == (size_t)m->actor && strcmp(f->nonce, nonce) == 0)
			f->back |= m->packet && m->packet->type == PACKET_PUBLISH;
	}
}

static void blame(struct judge *judge, struct play_state *play, size_t step, const struct moment *m, const char *expected)
{
	char packet[SEEN_MAX] = "bytes that are no packet", seen[2 * SEEN_MAX];
	bool own = m->script != NOBODY && &judge->plays[m->script] == play;
	if (m->packet)
		seen_packet(packet, m->packet);
	snprintf(seen, sizeof seen, "%s%s%s%s receive it in %s", m->who ? m->who : "a connection",
		 own || m->script == NOBODY ? "" : " (of ", own || m->script == NOBODY ? "" : judge->plan->scripts[m->script]->id,
		 own || m->script == NOBODY ? "" : ")", packet);
	step_blame(judge, play, step, expected, seen, !own);
}

/* A `never ... after` speaks of what comes later than that instant alone. */
static bool too_early_to_matter(const struct play_state *play, const struct script_step *never, int64_t us)
{
	int64_t after;
	return never->after.kind != INSTANT_NONE && (!play_instant(play, &never->after, &after) || us <= after);
}

static bool released_in_vain(const struct play_state *play, size_t step, size_t message)
{
	return play->script->steps[step].act == ACT_RELEASE && step_only(&play->script->steps[step], OUTCOME_DENIED) &&
	       play->steps[step].begin_us != INSTANT_UNKNOWN && message_held_back(play->script, step) == (ptrdiff_t)message;
}

static void check_forbidden(struct judge *judge, const struct entry *entry, const struct moment *m)
{
	struct play_state *play = &judge->plays[entry->script];
	size_t slot;
	if (message_denied(play->script, entry->step))
		blame(judge, play, entry->step, m, "that nobody receives it");
	for (size_t i = 0; i < play->script->step_count; i++) {
		const struct script_step *step = &play->script->steps[i];
		if (step->act == ACT_NEVER && means(step, entry->step, &slot) && m->script == (ptrdiff_t)entry->script &&
		    m->actor == (ptrdiff_t)step->actor && !too_early_to_matter(play, step, m->us))
			blame(judge, play, i, m, "that it never arrives");
		else if (released_in_vain(play, i, entry->step))
			blame(judge, play, i, m, "that nobody receives it");
	}
}

void ledger_look_back(struct judge *judge, struct play_state *play)
{
	const struct script_step *step = current_step(play);
	char seen[2 * SEEN_MAX];
	for (size_t i = 0; i < step->message_count && step->after.kind != INSTANT_NONE; i++) {
		const struct receipt *receipt = receipt_at(play, step->actor, step->messages[i]);
		if (!receipt->order || too_early_to_matter(play, step, receipt->last_us))
			continue;
		snprintf(seen, sizeof seen, "%s receive it in %s", play->script->actors[step->actor].name,
			 receipt->last ? receipt->last : "PUBLISH");
		step_blame(judge, play, play->step, "that it never arrives", seen, false);
		return;
	}
}

void ledger_empty(struct judge *judge, struct play_state *play, const struct moment *m)
{
	play->receipt_count++;
	for (size_t i = 0; i < play->script->step_count; i++) {
		const struct script_step *step = &play->script->steps[i];
		const char *topic = step->properties.topic ? step->properties.topic : step->topic;
		if (!step->empty || step->actor != (size_t)m->actor || !topic || !slice_is(m->packet->topic, topic))
			continue;
		if (step->act == ACT_RECEIVE)
			judge->failed |= !hear(play, i, 0, m, NULL);
		else if (step->act == ACT_NEVER && !too_early_to_matter(play, step, m->us))
			blame(judge, play, i, m, "that it never arrives");
	}
}

void ledger_scan(struct judge *judge, const struct moment *m)
{
	struct slice rest = m->raw;
	struct nonce nonce;
	while (nonce_next(&rest, &nonce)) {
		const json_t *at = json_object_get(judge->index, nonce.text);
		if (!at)
			continue;
		const struct entry *entry = &judge->entries[json_integer_value(at)];
		struct play_state *play = &judge->plays[entry->script];
		bool own = m->script == (ptrdiff_t)entry->script && m->attempt == entry->attempt && m->actor >= 0 &&
			   (size_t)m->actor < play->script->actor_count && m->attempt == play->attempt;
		if (own && entry->sentinel)
			note_sentinel(play, m, nonce.text);
		else if (own)
			note_receipt(judge, play, entry, m, nonce.text);
		if (!entry->sentinel)
			check_forbidden(judge, entry, m);
	}
}
