/* The acts: what each step puts on the wire. */
#include "actor/compose.h"
#include "actor/fit.h"
#include "actor/template.h"
#include "judge/message.h"
#include "wire/read.h"

enum { TICK_LEAST_MS = 1 };

/* ACT_LATER: not now (an older message waits for its answer, the broker does not read): asked again
 * until it is done or the step is over. */
enum acted { ACT_DONE, ACT_LATER, ACT_FAILED };

/* A connection that ended meanwhile is no fault: the judge has seen it end. */
static enum acted acted(bool sent, const struct peer *peer, const struct fault *fault)
{
	if (sent)
		return ACT_DONE;
	if (fault->class != FAULT_UNAVAILABLE)
		return ACT_FAILED;
	return peer->line ? ACT_LATER : ACT_DONE;
}

static struct peer *peer_of(const struct play *play, const struct script_step *step)
{
	return &play->peers[step->actor];
}

const struct script_actor *play_persona(const struct play *play, size_t actor)
{
	const struct script_actor *persona = play->peers[actor].persona;
	return persona ? persona : &play->script->actors[actor];
}

/* The actor as this step has it. */
static const struct script_actor *caller_of(const struct play *play, const struct script_step *step)
{
	return step->as ? step->as : &play->script->actors[step->actor];
}

static struct filters filters_of(const struct script_step *step, struct buf *properties)
{
	if (step->identifier)
		build_number(properties, PROPERTY_SUBSCRIPTION_ID, step->identifier);
	return (struct filters){
		.properties = buf_slice(properties),
		.filters = (const char *const *)step->filters,
		.count = step->filter_count,
		.options = (unsigned char)(step->filter_options | (step->qos & 3)),
	};
}

/* What rides in the CONNECT's segment: the step's filters, if any, and a PINGREQ. */
static void enclose(struct play *play, const struct script_step *step, struct buf *behind)
{
	struct buf properties;
	buf_init(&properties, 16);
	struct filters filters = filters_of(step, &properties);
	if (step->filter_count > 0)
		peer_enclose_filters(peer_of(play, step), &filters, behind);
	build_empty(behind, PACKET_PINGREQ, NULL);
	buf_release(&properties);
}

static enum acted act_connect(struct play *play, const struct script_step *step, struct fault *fault)
{
	struct composed_will composed;
	struct buf behind;
	buf_init(&behind, WIRE_PACKET_MAX);
	bool called = compose_will(play, play->step, &composed, fault);
	if (step->vehicle == VEHICLE_PACKED)
		enclose(play, step, &behind);
	struct calling calling = {
		.actor = caller_of(play, step),
		.will = composed.will,
		.behind = buf_slice(&behind),
		.dribbled = step->vehicle == VEHICLE_DRIBBLED,
	};
	calling.clean_start = step->act == ACT_CONNECT && calling.actor->clean_start;
	called = called && peer_call(peer_of(play, step), &calling, fault);
	compose_will_release(&composed);
	buf_release(&behind);
	return called ? ACT_DONE : ACT_FAILED;
}

static bool subscribed(const struct play *play, size_t actor)
{
	for (size_t i = 0; i < play->step; i++) {
		if (play->script->steps[i].act == ACT_SUBSCRIBE && play->script->steps[i].actor == actor)
			return true;
	}
	return false;
}

/* On a connection of its own, with a session where the actor has one. At QoS 0 the barrier rides along. */
static bool publish_packed(struct play *play, const struct script_step *step, const struct publish *message,
			   struct fault *fault)
{
	struct peer *peer = peer_of(play, step);
	struct buf behind;
	struct calling calling = { .actor = play_persona(play, step->actor) };
	calling.clean_start = calling.actor->clean_start && calling.actor->session_expiry_s <= 0;
	buf_init(&behind, WIRE_PACKET_MAX);
	peer_drop(peer);
	bool called = peer_enclose_publish(peer, message, &behind);
	if (message->qos == 0)
		build_empty(&behind, PACKET_PINGREQ, NULL);
	calling.behind = buf_slice(&behind);
	play->stale[step->actor] = calling.clean_start && subscribed(play, step->actor);
	called = called && !behind.failed ? peer_call(peer, &calling, fault) :
					    fault_set(fault, FAULT_BUG, "a packet could not be built: a field is too long");
	buf_release(&behind);
	return called;
}

/* At QoS 0 nothing answers a PUBLISH: a PINGREQ behind it is the barrier. */
static enum acted publish(struct play *play, const struct script_step *step, size_t copy, struct fault *fault)
{
	struct peer *peer = peer_of(play, step);
	struct carriage how = {
		.dribbled = step->vehicle == VEHICLE_DRIBBLED, .held_back = step->held_back, .again = step->again,
	};
	struct composed composed;
	bool sent = compose_publish(play, play->step, copy, &composed, fault);
	bool packed = step->vehicle == VEHICLE_PACKED;
	if (sent)
		sent = packed ? publish_packed(play, step, &composed.publish, fault) :
				peer_carry(peer, &composed.publish, &how, fault);
	compose_release(&composed);
	struct fault ignored; /* no barrier, no answer: the judge sees that */
	if (sent && step->act == ACT_PUBLISH && step->qos == 0 && !packed)
		peer_ping(peer, &ignored);
	return acted(sent, peer, fault);
}

static enum acted act_publish(struct play *play, const struct script_step *step, struct fault *fault)
{
	const struct peer *peer = peer_of(play, step);
	bool may = step->again ? peer_may_repeat(peer) : peer_may_publish(peer, step->qos);
	bool waits = step->vehicle != VEHICLE_PACKED && !may;
	return waits ? ACT_LATER : publish(play, step, 0, fault);
}

static enum acted act_stream(struct play *play, const struct script_step *step, struct fault *fault)
{
	struct timeval every = { .tv_sec = step->every_ms / 1000, .tv_usec = step->every_ms % 1000 * 1000 };
	if (step->every_ms < TICK_LEAST_MS)
		every.tv_usec = TICK_LEAST_MS * 1000;
	if (event_add(play->ticker, &every) != 0) {
		fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
		return ACT_FAILED;
	}
	return peer_may_publish(peer_of(play, step), step->qos) ? publish(play, step, 0, fault) : ACT_DONE;
}

/* A copy that cannot go now is left out: the next one comes soon. */
void play_tick(struct play *play)
{
	const struct script_step *step = &play->script->steps[play->step];
	struct peer *peer = peer_of(play, step);
	struct fault fault = { FAULT_NONE, "" };
	struct nonce nonce;
	if (peer->state != PEER_READY || peer->stalled || !peer_may_publish(peer, step->qos))
		return;
	if (!nonce_make(play->run->salt, play->run->plan->seed, play->script->id, play->attempt, play->step, ++play->copies,
			&nonce)) {
		run_fail(play->run, "no digest can be computed");
		return;
	}
	struct moment m = {
		.kind = MOMENT_COPY, .script = (ptrdiff_t)play->index, .attempt = play->attempt, .actor = peer->actor,
		.who = peer->who, .connection = peer->connection, .message = play->step, .nonce = nonce.text,
	};
	run_emit(play->run, &m);
	if (publish(play, step, play->copies, &fault) == ACT_FAILED)
		play_refuse(play, &fault);
}

static enum acted act_release(struct play *play, const struct script_step *step, struct fault *fault)
{
	return acted(peer_complete(peer_of(play, step), fault), peer_of(play, step), fault);
}

static enum acted act_subscribe(struct play *play, const struct script_step *step, struct fault *fault)
{
	struct buf properties;
	buf_init(&properties, 16);
	struct filters filters = filters_of(step, &properties);
	bool sent = peer_subscribe(peer_of(play, step), &filters, step->vehicle == VEHICLE_DRIBBLED, fault);
	buf_release(&properties);
	return acted(sent, peer_of(play, step), fault);
}

static enum acted act_unsubscribe(struct play *play, const struct script_step *step, struct fault *fault)
{
	bool sent = peer_filters(peer_of(play, step), PACKET_UNSUBSCRIBE, (const char *const *)step->filters,
				 step->filter_count, 0, fault);
	return acted(sent, peer_of(play, step), fault);
}

static enum acted act_ping(struct play *play, const struct script_step *step, struct fault *fault)
{
	return acted(peer_ping(peer_of(play, step), fault), peer_of(play, step), fault);
}

static enum acted act_renew(struct play *play, const struct script_step *step, struct fault *fault)
{
	return acted(peer_renew(peer_of(play, step), caller_of(play, step), fault), peer_of(play, step), fault);
}

static bool mint_for_bytes(void *context, size_t actor, struct token *token, struct fault *fault)
{
	const struct play *play = context;
	const struct script_step *step = &play->script->steps[play->step];
	const struct script_actor *who = actor == step->actor ? caller_of(play, step) : &play->script->actors[actor];
	return token_mint(token, play->run, who, play->attempt, ++play->run->connections, fault);
}

/* Whoever is to be alive behind the bytes is asked. */
static enum acted act_send(struct play *play, const struct script_step *step, struct fault *fault)
{
	struct peer *peer = peer_of(play, step);
	struct parcel parcel;
	struct fault ignored; /* no PINGREQ, no answer: the judge sees that */
	if (peer->state == PEER_OPENING)
		return ACT_LATER;
	parcel_init(&parcel);
	parcel.lawless = step->breaks != NULL;
	parcel.dribbled = step->vehicle == VEHICLE_DRIBBLED;
	bool sent = template_build(step->bytes, step->bytes_count, mint_for_bytes, play, &parcel.bytes, &parcel.shown,
				   &parcel.exp_us, fault) &&
		    peer_raw(peer, caller_of(play, step), &parcel, fault);
	parcel_release(&parcel);
	if (sent && step->outcomes[0] == OUTCOME_ALIVE)
		peer_ping(peer, &ignored);
	return acted(sent, peer, fault);
}

static enum acted act_stall(struct play *play, const struct script_step *step, struct fault *fault)
{
	(void)fault;
	peer_stall(peer_of(play, step));
	return ACT_DONE;
}

static enum acted act_disconnect(struct play *play, const struct script_step *step, struct fault *fault)
{
	(void)fault;
	peer_leave_with(peer_of(play, step), step->code, step->session_s);
	return ACT_DONE;
}

static enum acted act_drop(struct play *play, const struct script_step *step, struct fault *fault)
{
	(void)fault;
	peer_drop(peer_of(play, step));
	return ACT_DONE;
}

static enum acted act_hook(struct play *play, const struct script_step *step, struct fault *fault)
{
	return play_hook(play, step, fault) ? ACT_DONE : ACT_FAILED;
}

/* Observations send nothing. */
static enum acted act_watch(struct play *play, const struct script_step *step, struct fault *fault)
{
	(void)play;
	(void)step;
	(void)fault;
	return ACT_DONE;
}

static enum acted (*const acts[ACTS])(struct play *play, const struct script_step *step, struct fault *fault) = {
	[ACT_CONNECT] = act_connect,     [ACT_RESUME] = act_connect,         [ACT_RENEW] = act_renew,
	[ACT_PUBLISH] = act_publish,     [ACT_RELEASE] = act_release,        [ACT_STREAM] = act_stream,
	[ACT_SUBSCRIBE] = act_subscribe, [ACT_UNSUBSCRIBE] = act_unsubscribe, [ACT_PING] = act_ping,
	[ACT_IDLE] = act_watch,          [ACT_SEND] = act_send,              [ACT_STALL] = act_stall,
	[ACT_DISCONNECT] = act_disconnect, [ACT_DROP] = act_drop,            [ACT_RECEIVE] = act_watch,
	[ACT_NEVER] = act_watch,         [ACT_REVOKE] = act_hook,            [ACT_LIFT] = act_hook,
	[ACT_LOAD] = act_hook,           [ACT_RESTART] = act_hook,
};

bool play_forbids(const struct script_step *step)
{
	return step->act == ACT_NEVER || (step->act != ACT_SUBSCRIBE && step_has(step, OUTCOME_DENIED));
}

void play_act(struct play *play)
{
	const struct script_step *step = &play->script->steps[play->step];
	struct fault fault = { FAULT_NONE, "" };
	const char *lacks = fit_lacks(peer_of(play, step), step);
	play->waiting = false;
	if (lacks) {
		play_emit(play, MOMENT_UNFIT, false, lacks);
		return;
	}
	if (step->if_open && !peer_of(play, step)->line)
		return;
	switch (acts[step->act](play, step, &fault)) {
	case ACT_DONE:
		break;
	case ACT_LATER:
		play->waiting = true;
		break;
	case ACT_FAILED:
		play_refuse(play, &fault);
		break;
	}
}
