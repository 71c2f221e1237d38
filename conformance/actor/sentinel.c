/* Fences: the sentinels that the judge asked for, as soon as their senders can send. */
#include "actor/compose.h"
#include "judge/message.h"

enum { NEEDS_MAX = 16 };

static bool send_sentinel(struct play *play, size_t index, struct fault *fault)
{
	struct message message;
	struct buf payload;
	if (!message_of(play->script, index, &message))
		return fault_set(fault, FAULT_BUG, "a step without a message cannot be repeated");
	buf_init(&payload, PAYLOAD_MAX);
	bool sent = compose_payload(play, index, play->copies, &payload, fault);
	struct publish again = { .topic = slice_text(message.topic), .qos = message.qos, .payload = buf_slice(&payload) };
	sent = sent && peer_publish(&play->peers[play->script->steps[index].actor], &again, fault);
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
	if (!send_sentinel(play, message, &fault) && fault.class != FAULT_UNAVAILABLE)
		play_refuse(play, &fault);
}

void play_fences(struct play *play)
{
	struct fence_need needs[NEEDS_MAX];
	size_t count = judge_fences(play->run->judge, play->index, needs, NEEDS_MAX);
	for (size_t i = 0; i < count; i++) {
		size_t sender = play->script->steps[needs[i].message].actor;
		struct peer *peer = &play->peers[sender];
		struct message message = { .qos = 0 };
		bool away = play->rejoins[sender] != REJOIN_NOT || judge_may_rejoin(play->run->judge, play->index, sender);
		message_of(play->script, needs[i].message, &message);
		if (needs[i].sent || (away && play_rejoin(play, sender) != REJOIN_DONE))
			continue;
		if (peer->state != PEER_READY || !peer_may_publish(peer, message.qos))
			continue;
		repeat(play, needs[i].message, needs, count);
		return; /* play_pump comes again: the needs have changed */
	}
}
