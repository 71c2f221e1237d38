/* Coming back: an actor that a denial lawfully disconnected connects again and takes up the
 * subscriptions that it had been granted. */
#include "actor/play.h"

static bool subscribe_again(struct play *play, size_t actor, struct fault *fault)
{
	for (size_t i = 0; i < play->script->step_count; i++) {
		const struct script_step *step = &play->script->steps[i];
		if (step->act != ACT_SUBSCRIBE || step->actor != actor || step->outcome_count != 1 ||
		    step->outcomes[0] != OUTCOME_GRANTED ||
		    judge_result(play->run->judge, play->index, i) != RESULT_HELD)
			continue;
		if (!peer_filters(&play->peers[actor], PACKET_SUBSCRIBE, (const char *const *)step->filters,
				  step->filter_count, (unsigned char)(step->qos & 3), fault))
			return false;
	}
	return true;
}

static enum rejoin_state fail(struct play *play, size_t actor)
{
	play->rejoins[actor] = REJOIN_GIVEN_UP;
	return REJOIN_FAILED;
}

enum rejoin_state play_rejoin(struct play *play, size_t actor)
{
	struct peer *peer = &play->peers[actor];
	struct fault fault;
	if (play->rejoins[actor] == REJOIN_GIVEN_UP)
		return REJOIN_FAILED;
	if (play->rejoins[actor] == REJOIN_NOT) {
		play->rejoins[actor] = REJOIN_CONNECTING;
		if (!peer_connect(peer, &play->script->actors[actor], &fault)) {
			run_fail(play->run, fault.text);
			return fail(play, actor);
		}
	}
	if (peer->state == PEER_CLOSED || (peer->answered && peer->state != PEER_READY))
		return fail(play, actor);
	if (peer->state == PEER_READY && play->rejoins[actor] == REJOIN_CONNECTING) {
		play->rejoins[actor] = REJOIN_SUBSCRIBING;
		if (!subscribe_again(play, actor, &fault))
			return fail(play, actor);
	}
	if (peer->state != PEER_READY || peer->unanswered > 0)
		return REJOIN_BUSY;
	play->rejoins[actor] = REJOIN_NOT;
	return REJOIN_DONE;
}
