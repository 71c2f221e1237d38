/* The acts: what each step puts on the wire. */
#include "actor/play.h"

static bool act_connect(struct play *play, const struct script_step *step, struct fault *fault)
{
	return peer_connect(&play->peers[step->actor], &play->script->actors[step->actor], fault);
}

bool play_payload(const struct play *play, size_t step, size_t copy, struct buf *payload, struct fault *fault)
{
	struct nonce nonce;
	const char *text = play->script->steps[step].payload;
	if (!nonce_make(play->run->salt, play->run->plan->seed, play->script->id, play->attempt, step, copy, &nonce))
		return fault_set(fault, FAULT_UNAVAILABLE, "no digest can be computed");
	buf_text(payload, text ? text : "");
	buf_text(payload, " ");
	buf_text(payload, nonce.text);
	return true;
}

/* At QoS 0 nothing answers a PUBLISH: a PINGREQ behind it is the barrier. */
static bool act_publish(struct play *play, const struct script_step *step, struct fault *fault)
{
	struct buf payload;
	buf_init(&payload, PAYLOAD_MAX);
	bool sent = play_payload(play, play->step, 0, &payload, fault);
	struct publish message = {
		.topic = slice_text(step->topic),
		.qos = step->qos,
		.retain = step->retain,
		.payload = buf_slice(&payload),
	};
	sent = sent && peer_publish(&play->peers[step->actor], &message, fault);
	buf_release(&payload);
	return sent && (step->qos > 0 || peer_ping(&play->peers[step->actor], fault));
}

static bool act_subscribe(struct play *play, const struct script_step *step, struct fault *fault)
{
	return peer_filters(&play->peers[step->actor], PACKET_SUBSCRIBE, (const char *const *)step->filters,
			    step->filter_count, (unsigned char)(step->qos & 3), fault);
}

static bool act_unsubscribe(struct play *play, const struct script_step *step, struct fault *fault)
{
	return peer_filters(&play->peers[step->actor], PACKET_UNSUBSCRIBE, (const char *const *)step->filters,
			    step->filter_count, 0, fault);
}

static bool act_ping(struct play *play, const struct script_step *step, struct fault *fault)
{
	return peer_ping(&play->peers[step->actor], fault);
}

static bool act_disconnect(struct play *play, const struct script_step *step, struct fault *fault)
{
	(void)fault;
	peer_leave(&play->peers[step->actor]);
	return true;
}

static bool act_drop(struct play *play, const struct script_step *step, struct fault *fault)
{
	(void)fault;
	peer_drop(&play->peers[step->actor]);
	return true;
}

/* Observations send nothing. */
static bool act_watch(struct play *play, const struct script_step *step, struct fault *fault)
{
	(void)play;
	(void)step;
	(void)fault;
	return true;
}

static bool (*const acts[])(struct play *play, const struct script_step *step, struct fault *fault) = {
	[ACT_CONNECT] = act_connect,         [ACT_PUBLISH] = act_publish, [ACT_SUBSCRIBE] = act_subscribe,
	[ACT_UNSUBSCRIBE] = act_unsubscribe, [ACT_PING] = act_ping,       [ACT_DISCONNECT] = act_disconnect,
	[ACT_DROP] = act_drop,               [ACT_RECEIVE] = act_watch,   [ACT_NEVER] = act_watch,
};

bool play_forbids(const struct script_step *step)
{
	for (size_t i = 0; i < step->outcome_count; i++) {
		if (step->act == ACT_PUBLISH && step->outcomes[i] == OUTCOME_DENIED)
			return true;
	}
	return step->act == ACT_NEVER;
}

void play_act(struct play *play, const struct script_step *step)
{
	struct fault fault = { FAULT_NONE, "" };
	if (!acts[step->act](play, step, &fault))
		play_refuse(play, &fault);
}

void play_clear_retained(struct play *play)
{
	for (size_t i = 0; i < play->script->step_count; i++) {
		const struct script_step *step = &play->script->steps[i];
		struct fault ignored;
		struct publish empty = { .retain = true, .topic = slice_text(step->topic) };
		if (step->act == ACT_PUBLISH && step->retain && play->peers[step->actor].state == PEER_READY &&
		    judge_result(play->run->judge, play->index, i) == RESULT_HELD)
			peer_publish(&play->peers[step->actor], &empty, &ignored);
	}
}
