/* The broker is left as it was found: what a script retained is cleared by those who retained it, and
 * the sessions that it began are ended. An actor that is away comes back once for that. */
#include "actor/play.h"

#include "judge/message.h"

/* It is, or may be, retained under the step's topic. What a broker refused as it should is not. */
static bool retained(const struct play *play, size_t index, struct message *message)
{
	enum result result = judge_result(play->run->judge, play->index, index);
	bool refused = result == RESULT_HELD && step_only(&play->script->steps[index], OUTCOME_DENIED);
	bool sent = result == RESULT_HELD || result == RESULT_BROKEN || result == RESULT_UNCLEAR;
	return sent && !refused && message_of(play->script, index, message) && message->retain;
}

static bool has_retained(const struct play *play, size_t actor)
{
	struct message message;
	for (size_t i = 0; i < play->script->step_count; i++) {
		if (play->script->steps[i].actor == actor && retained(play, i, &message))
			return true;
	}
	return false;
}

static void clear_retained(struct play *play, size_t actor)
{
	for (size_t i = 0; i < play->script->step_count; i++) {
		struct message message;
		struct fault ignored; /* a connection that ends now has cleared what it could */
		if (play->script->steps[i].actor != actor || !retained(play, i, &message))
			continue;
		struct publish empty = { .retain = true, .topic = slice_text(message.topic) };
		peer_publish(&play->peers[actor], &empty, &ignored);
	}
}

static bool session_left(const struct peer *peer)
{
	for (size_t i = 0; i < peer->session_count; i++) {
		if (peer->persona && strcmp(peer->sessions[i]->client_id, peer->persona->client_id) == 0)
			return true;
	}
	return false;
}

static void leave(struct play *play, size_t actor)
{
	struct peer *peer = &play->peers[actor];
	if (play->visits[actor] != VISIT_CLEARED)
		clear_retained(play, actor);
	play->visits[actor] = VISIT_CLEARED;
	peer_leave_with(peer, 0x00, session_left(peer) ? 0 : -1);
}

/* As the one whose session is left; else as the one who was here last. With its session there comes no
 * will any more that still waits for its delay. */
static bool call(struct play *play, size_t actor)
{
	struct peer *peer = &play->peers[actor];
	struct calling calling = { .actor = peer->session_count ? peer->sessions[0] : peer->persona };
	struct fault ignored;
	bool needed = peer->session_count || (play->visits[actor] != VISIT_CLEARED && has_retained(play, actor));
	if (!needed || !calling.actor || play->run->result->unreachable)
		return false;
	calling.clean_start = peer->session_count == 0;
	flow_abandon(&peer->flow);
	return peer_call(peer, &calling, &ignored);
}

/* It did not get in: its session is not ours to end. */
static void give_up(struct peer *peer)
{
	peer_drop(peer);
	if (peer->session_count == 0)
		return;
	peer->session_count--;
	memmove(&peer->sessions[0], &peer->sessions[1], peer->session_count * sizeof *peer->sessions);
}

/* true: nothing is left to do for this actor. */
static bool visit(struct play *play, size_t actor)
{
	struct peer *peer = &play->peers[actor];
	bool calling = play->visits[actor] == VISIT_CALLING;
	if (play->visits[actor] == VISIT_OVER || peer->state == PEER_LEAVING)
		return play->visits[actor] == VISIT_OVER;
	if (peer->state == PEER_READY && !peer->stalled) {
		leave(play, actor);
		return false;
	}
	if (calling && peer->line && !(peer->answered && peer->state != PEER_READY))
		return false;
	if (calling)
		give_up(peer);
	peer_drop(peer);
	bool cleared = play->visits[actor] == VISIT_CLEARED || calling;
	if (cleared && peer->session_count == 0) {
		play->visits[actor] = VISIT_OVER;
		return true;
	}
	if (!call(play, actor)) {
		play->visits[actor] = VISIT_OVER;
		return true;
	}
	play->visits[actor] = VISIT_CALLING;
	return false;
}

bool play_clean(struct play *play)
{
	bool over = true;
	for (size_t i = 0; i < play->script->actor_count; i++)
		over &= visit(play, i);
	return over;
}
