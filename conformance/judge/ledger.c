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
		struct entry entry = { index, i, attempt, false };
		if (script->steps[i].act == ACT_PUBLISH)
			added = nonce_make(judge->salt, judge->plan->seed, script->id, attempt, i, 0, &nonce) &&
				ledger_add(judge, nonce.text, &entry);
	}
	return added;
}

static bool intact(const struct script_step *step, const struct packet *packet, const char *nonce)
{
	size_t text = strlen(step->payload ? step->payload : "");
	return slice_is(packet->topic, step->topic) && packet->payload.size == text + 1 + NONCE_SIZE &&
	       slice_is(slice_part(packet->payload, 0, text), step->payload ? step->payload : "") &&
	       packet->payload.data[text] == ' ' && slice_is(slice_part(packet->payload, text + 1, NONCE_SIZE), nonce);
}

/* The message came to one of its own script's actors. */
static void note_receipt(struct play_state *play, const struct entry *entry, const struct moment *m, const char *nonce)
{
	struct receipt *receipt = receipt_at(play, (size_t)m->actor, entry->step);
	if (!m->packet || m->packet->type != PACKET_PUBLISH || receipt->order)
		return;
	receipt->order = ++play->receipt_count;
	receipt->altered = !intact(&play->script->steps[entry->step], m->packet, nonce);
}

static void note_sentinel(struct play_state *play, const struct moment *m, const char *nonce)
{
	for (size_t i = 0; i < play->work.fence_count; i++) {
		struct fence *f = &play->work.fences[i];
		if (f->need.observer == (size_t)m->actor && strcmp(f->nonce, nonce) == 0)
			f->back = m->packet && m->packet->type == PACKET_PUBLISH;
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

static void check_forbidden(struct judge *judge, const struct entry *entry, const struct moment *m)
{
	struct play_state *play = &judge->plays[entry->script];
	if (message_denied(play->script, entry->step))
		blame(judge, play, entry->step, m, "that nobody receives it");
	for (size_t i = 0; i < play->script->step_count; i++) {
		const struct script_step *step = &play->script->steps[i];
		if (step->act == ACT_NEVER && step->messages[0] == entry->step && m->script == (ptrdiff_t)entry->script &&
		    m->actor == (ptrdiff_t)step->actor)
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
			note_receipt(play, entry, m, nonce.text);
		if (!entry->sentinel)
			check_forbidden(judge, entry, m);
	}
}
