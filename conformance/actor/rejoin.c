/* Coming back: an actor whose connection a denial, a vehicle or a restart took connects again and takes
 * up the subscriptions that it had been granted. */
#include "actor/play.h"

#include "judge/message.h"

enum { OTHER_OPTIONS = 0x0c, SEND_NO_RETAINED = 0x20 }; /* of MQTT 5.0 3.8.3.1 */

static bool cancelled(const struct play *play, size_t subscribe, const char *filter)
{
	for (size_t i = subscribe + 1; i < play->step; i++) {
		const struct script_step *step = &play->script->steps[i];
		if (step->act != ACT_UNSUBSCRIBE || step->actor != play->script->steps[subscribe].actor)
			continue;
		for (size_t f = 0; f < step->filter_count; f++) {
			if (strcmp(step->filters[f], filter) == 0)
				return true;
		}
	}
	return false;
}

/* As it was, but for the retained messages: the actor has had those. */
static bool subscribe_like(struct play *play, size_t index, struct fault *fault)
{
	const struct script_step *step = &play->script->steps[index];
	const char *filters[SCRIPT_FILTERS_MAX];
	struct buf properties;
	struct filters fields = { .filters = filters };
	fields.options = (unsigned char)((step->filter_options & OTHER_OPTIONS) | SEND_NO_RETAINED | (step->qos & 3));
	for (size_t i = 0; i < step->filter_count; i++) {
		if (!cancelled(play, index, step->filters[i]))
			filters[fields.count++] = step->filters[i];
	}
	if (fields.count == 0)
		return true;
	buf_init(&properties, 16);
	if (step->identifier)
		build_number(&properties, PROPERTY_SUBSCRIPTION_ID, step->identifier);
	fields.properties = buf_slice(&properties);
	bool sent = peer_subscribe(&play->peers[step->actor], &fields, false, fault);
	buf_release(&properties);
	return sent;
}

static bool subscribe_again(struct play *play, size_t actor, struct fault *fault)
{
	for (size_t i = 0; i < play->step; i++) {
		const struct script_step *step = &play->script->steps[i];
		if (step->act == ACT_SUBSCRIBE && step->actor == actor && step_only(step, OUTCOME_GRANTED) &&
		    judge_result(play->run->judge, play->index, i) == RESULT_HELD && !subscribe_like(play, i, fault))
			return false;
	}
	return true;
}

static bool call_again(struct play *play, size_t actor, struct fault *fault)
{
	struct calling calling = { .actor = play_persona(play, actor) };
	calling.clean_start = calling.actor->clean_start && calling.actor->session_expiry_s < 0;
	flow_abandon(&play->peers[actor].flow);
	return peer_call(&play->peers[actor], &calling, fault);
}

static enum rejoin_state fail(struct play *play, size_t actor)
{
	play->rejoins[actor] = REJOIN_GIVEN_UP;
	play->stale[actor] = false;
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
		if (!peer->line && !call_again(play, actor, &fault)) {
			run_fail(play->run, fault.text);
			return fail(play, actor);
		}
	}
	if (peer->state == PEER_CLOSED || (peer->answered && peer->state != PEER_READY))
		return fail(play, actor);
	if (peer->state == PEER_READY && play->rejoins[actor] == REJOIN_CONNECTING) {
		play->rejoins[actor] = REJOIN_SUBSCRIBING;
		if (!peer->session_present && !subscribe_again(play, actor, &fault))
			return fail(play, actor);
	}
	if (peer->state != PEER_READY || peer->unanswered > 0)
		return REJOIN_BUSY;
	play->rejoins[actor] = REJOIN_NOT;
	play->stale[actor] = false;
	return REJOIN_DONE;
}

/* The acts that make no connection of their own and need one. */
static const bool comes_back[ACTS] = {
	[ACT_RENEW] = true, [ACT_PUBLISH] = true, [ACT_RELEASE] = true, [ACT_STREAM] = true, [ACT_SUBSCRIBE] = true,
	[ACT_UNSUBSCRIBE] = true, [ACT_PING] = true, [ACT_IDLE] = true, [ACT_STALL] = true, [ACT_RECEIVE] = true,
	[ACT_NEVER] = true, [ACT_REVOKE] = true, [ACT_LIFT] = true,
};

/* It was accepted once, and what ended its connection was a restart, or what the judge says may end one.
 * A connection that a broker ends without a reason stays ended, for all to see. */
static bool needs_return(const struct play *play, const struct script_step *step)
{
	const struct peer *peer = &play->peers[step->actor];
	if (!comes_back[step->act] || step->if_open || step->vehicle == VEHICLE_PACKED || peer->line || !peer->persona)
		return false;
	return peer->excused || judge_may_rejoin(play->run->judge, play->index, step->actor);
}

bool play_rejoiner(const struct play *play, const struct script_step *step, size_t *actor)
{
	for (size_t i = 0; i < play->script->actor_count; i++) {
		bool due = (i == step->actor && needs_return(play, step)) || (play->stale[i] && play->peers[i].state == PEER_READY);
		if (!due || play->rejoins[i] == REJOIN_GIVEN_UP)
			continue;
		*actor = i;
		return true;
	}
	return false;
}
