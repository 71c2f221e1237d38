/* Fences: the sentinels that the judge asked for, as soon as their senders can send. */
#include "actor/play.h"

enum { NEEDS_MAX = 16 };

static bool send_sentinel(struct play *play, size_t message, struct fault *fault)
{
	const struct script_step *step = &play->script->steps[message];
	struct buf payload;
	buf_init(&payload, PAYLOAD_MAX);
	bool sent = play_payload(play, message, play->copies, &payload, fault);
	struct publish again = { .topic = slice_text(step->topic), .qos = step->qos, .payload = buf_slice(&payload) };
	sent = sent && peer_publish(&play->peers[step->actor], &again, fault);
	buf_release(&payload);
	return sent;
}

/* One copy serves every observer that waits for the same message. */
static void repeat(struct play *play, size_t message, const struct fence_need *needs, size_t count)
{
	const size_t sender = play->script->steps[message].actor;
	struct nonce nonce;
	struct fault fault;
	play->copies++;
	if (!nonce_make(play->run->salt, play->run->plan->seed, play->script->id, play->attempt, message, play->copies,
			&nonce)) {
		run_fail(play->run, "no digest can be computed");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct moment m = {
			.kind = MOMENT_FENCE, .script = (ptrdiff_t)play->index, .attempt = play->attempt,
			.actor = (ptrdiff_t)sender, .who = play->script->actors[sender].name,
			.connection = play->peers[sender].connection, .observer = needs[i].observer, .message = message,
			.nonce = nonce.text,
		};
		if (!needs[i].sent && needs[i].message == message)
			run_emit(play->run, &m);
	}
	if (!send_sentinel(play, message, &fault))
		play_refuse(play, &fault);
}

void play_fences(struct play *play)
{
	struct fence_need needs[NEEDS_MAX];
	size_t count = judge_fences(play->run->judge, play->index, needs, NEEDS_MAX);
	for (size_t i = 0; i < count; i++) {
		size_t sender = play->script->steps[needs[i].message].actor;
		struct peer *peer = &play->peers[sender];
		bool away = play->rejoins[sender] != REJOIN_NOT || judge_may_rejoin(play->run->judge, play->index, sender);
		if (needs[i].sent || (away && play_rejoin(play, sender) != REJOIN_DONE))
			continue;
		if (peer->state != PEER_READY || peer->inflight >= peer->receive_maximum)
			continue;
		repeat(play, needs[i].message, needs, count);
		return; /* play_pump comes again: the needs have changed */
	}
}
