/* Feeding: keeps the players' state and hands to the current step what concerns it. */
#include "judge/state.h"

#include "wire/describe.h"
#include "wire/property.h"
#include "wire/read.h"

#include <stdio.h>
#include <stdlib.h>

static void times_clear(struct play_state *play)
{
	for (size_t i = 0; i < play->script->actor_count; i++)
		instant_actor_init(&play->times[i]);
	for (size_t i = 0; i < play->script->step_count; i++)
		play->settled_us[i] = INSTANT_UNKNOWN;
}

static bool play_init(struct play_state *play, const struct script *script)
{
	play->script = script;
	play->players = calloc(script->actor_count ? script->actor_count : 1, sizeof *play->players);
	play->steps = calloc(script->step_count ? script->step_count : 1, sizeof *play->steps);
	play->receipts = calloc(script->actor_count * script->step_count + 1, sizeof *play->receipts);
	play->times = calloc(script->actor_count ? script->actor_count : 1, sizeof *play->times);
	play->settled_us = calloc(script->step_count ? script->step_count : 1, sizeof *play->settled_us);
	if (play->times && play->settled_us)
		times_clear(play);
	return play->players && play->steps && play->receipts && play->times && play->settled_us;
}

static void steps_clear(struct play_state *play)
{
	for (size_t i = 0; play->steps && i < play->script->step_count; i++) {
		play->steps[i].connection = 0;
		if (play->steps[i].violated)
			continue;
		free(play->steps[i].sentence);
		free(play->steps[i].manner_sentence);
		play->steps[i] = (struct step_state){ 0 };
	}
}

static void play_release(struct play_state *play)
{
	for (size_t i = 0; play->steps && i < play->script->step_count; i++)
		play->steps[i].violated = false;
	steps_clear(play);
	free(play->players);
	free(play->steps);
	free(play->receipts);
	free(play->times);
	free(play->settled_us);
}

struct judge *judge_new(const struct plan *plan, const char *salt)
{
	struct judge *judge = calloc(1, sizeof *judge);
	if (!judge)
		return NULL;
	judge->plan = plan;
	judge->salt = salt;
	judge->index = json_object();
	judge->plays = calloc(plan->script_count ? plan->script_count : 1, sizeof *judge->plays);
	judge->failed = !judge->index || !judge->plays;
	for (size_t i = 0; !judge->failed && i < plan->script_count; i++)
		judge->failed = !play_init(&judge->plays[i], plan->scripts[i]);
	if (judge->failed) {
		judge_free(judge);
		return NULL;
	}
	return judge;
}

void judge_free(struct judge *judge)
{
	if (!judge)
		return;
	for (size_t i = 0; judge->plays && i < judge->plan->script_count; i++) {
		if (judge->plays[i].script)
			play_release(&judge->plays[i]);
	}
	free(judge->plays);
	json_decref(judge->index);
	free(judge->entries);
	free(judge->stopped);
	free(judge);
}

static bool concerns_step(const struct play_state *play, const struct moment *m)
{
	return play->work.phase != PHASE_IDLE && play->work.phase != PHASE_SETTLED && m->actor != NOBODY &&
	       (size_t)m->actor == current_step(play)->actor;
}

static void begin_script(struct judge *judge, struct play_state *play, const struct moment *m)
{
	const struct script *script = play->script;
	steps_clear(play);
	times_clear(play);
	play->begin_us = m->us;
	memset(play->players, 0, script->actor_count * sizeof *play->players);
	memset(play->receipts, 0, script->actor_count * script->step_count * sizeof *play->receipts);
	play->work = (struct work){ .phase = PHASE_IDLE };
	play->receipt_count = 0;
	play->finished = false;
	play->attempt = m->attempt;
	judge->failed |= !ledger_add_script(judge, (size_t)m->script, m->attempt);
}

static void begin_step(struct judge *judge, struct play_state *play, const struct moment *m)
{
	if (m->step >= play->script->step_count)
		return;
	play->step = m->step;
	play->step_us = m->us;
	play->work = (struct work){ .phase = PHASE_ANSWER };
	step_begin(judge, play);
}

static void opened(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	(void)judge;
	*player = (struct player){ .connection = m->connection, .open = true, .denied = player->denied };
	play->times[m->actor].closed_us = INSTANT_UNKNOWN;
	if (concerns_step(play, m))
		play->work.opened = true;
}

static void await(struct player *player, const struct packet *packet)
{
	bool answerable = packet->type == PACKET_SUBSCRIBE || packet->type == PACKET_UNSUBSCRIBE ||
			  (packet->type == PACKET_PUBLISH && packet->qos > 0);
	if (answerable && player->awaited_count < AWAITED_MAX)
		player->awaited[player->awaited_count++] = (struct awaited){ packet->id, packet->type };
}

static const enum packet_type act_packets[] = {
	[ACT_PUBLISH] = PACKET_PUBLISH,
	[ACT_SUBSCRIBE] = PACKET_SUBSCRIBE,
	[ACT_UNSUBSCRIBE] = PACKET_UNSUBSCRIBE,
	[ACT_NEVER] = PACKET_WILL, /* sends nothing; the table ends here */
};

static void sent(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	struct work *work = &play->work;
	(void)judge;
	await(player, m->packet);
	if (m->packet->type == PACKET_CONNECT || m->packet->type == PACKET_AUTH)
		play->times[m->actor].exp_us = m->exp_us ? m->exp_us : INSTANT_UNKNOWN;
	player->pings += m->packet->type == PACKET_PINGREQ;
	if (!concerns_step(play, m) || work->phase != PHASE_ANSWER)
		return;
	const struct script_step *step = current_step(play);
	if (m->packet->type == act_packets[step->act] && !play->steps[play->step].connection) {
		work->id = m->packet->id;
		play->steps[play->step].connection = m->connection;
	}
	bool barrier = step->act == ACT_PING || (step->act == ACT_PUBLISH && play->steps[play->step].connection);
	if (m->packet->type == PACKET_PINGREQ && barrier && !work->ping)
		work->ping = player->pings;
}

/* Answers that end a packet's life, and what they answer. PUBREC and PUBREL end none by themselves. */
static bool answers(const struct packet *answer, enum packet_type asked, bool *final)
{
	*final = true;
	switch (answer->type) {
	case PACKET_PUBREC:
		*final = answer->code >= 0x80;
		return asked == PACKET_PUBLISH;
	case PACKET_PUBACK:
	case PACKET_PUBCOMP:
		return asked == PACKET_PUBLISH;
	case PACKET_SUBACK:
		return asked == PACKET_SUBSCRIBE;
	case PACKET_UNSUBACK:
		return asked == PACKET_UNSUBSCRIBE;
	default:
		return false;
	}
}

static bool is_answer(enum packet_type type)
{
	return type == PACKET_PUBACK || type == PACKET_PUBREC || type == PACKET_PUBCOMP || type == PACKET_SUBACK ||
	       type == PACKET_UNSUBACK;
}

/* NULL: nothing was waiting for this answer. */
static const struct awaited *find_awaited(struct player *player, const struct packet *packet, bool *final)
{
	for (size_t i = 0; i < player->awaited_count; i++) {
		if (player->awaited[i].id == packet->id && answers(packet, player->awaited[i].type, final))
			return &player->awaited[i];
	}
	return NULL;
}

static void forget_awaited(struct player *player, const struct awaited *awaited)
{
	size_t at = (size_t)(awaited - player->awaited);
	player->awaited_count--;
	memmove(&player->awaited[at], &player->awaited[at + 1], (player->awaited_count - at) * sizeof *awaited);
}

static void keep_answer(struct work *work, const struct packet *packet)
{
	struct property reason;
	work->answered = true;
	work->answer = (struct packet){ .type = packet->type, .code = packet->code, .id = packet->id };
	work->code_count = packet->codes.size;
	for (size_t i = 0; i < packet->codes.size && i < sizeof work->codes; i++)
		work->codes[i] = packet->codes.data[i];
	work->reason_string = property_find(packet->properties, PROPERTY_REASON_STRING, &reason);
	seen_packet(work->seen, packet);
}

static void accept_connack(struct player *player, const struct packet *packet)
{
	player->accepted = packet->code == 0x00;
	player->maximum_qos = property_number(packet->properties, PROPERTY_MAXIMUM_QOS, 2);
	player->retain_available = property_number(packet->properties, PROPERTY_RETAIN_AVAILABLE, 1);
	player->wildcard_available = property_number(packet->properties, PROPERTY_WILDCARD_AVAILABLE, 1);
}

static void break_by_packet(struct judge *judge, struct play_state *play, const struct moment *m, const char *how)
{
	char packet[SEEN_MAX], seen[2 * SEEN_MAX];
	if (play->work.phase == PHASE_IDLE || play->work.phase == PHASE_SETTLED)
		return;
	seen_packet(packet, m->packet);
	snprintf(seen, sizeof seen, "%s, %s, received by %s", packet, how, play->script->actors[m->actor].name);
	step_end(judge, play, RESULT_BROKEN, NULL, seen);
}

static void received(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	const struct packet *packet = m->packet;
	bool mine = concerns_step(play, m), final = true;
	player->pongs += packet->type == PACKET_PINGRESP;
	if (packet->type == PACKET_DISCONNECT) {
		seen_packet(player->ended, packet);
		if (mine) {
			play->work.disconnected = true;
			play->work.disconnect_code = packet->code;
			memcpy(play->work.ended, player->ended, SEEN_MAX);
		}
	}
	if (packet->type == PACKET_CONNACK && player->accepted) {
		break_by_packet(judge, play, m, "a second one");
		return;
	}
	if (packet->type == PACKET_CONNACK) {
		accept_connack(player, packet);
		if (player->accepted)
			play->times[m->actor].connected_us = m->us;
		if (mine && current_step(play)->act == ACT_CONNECT)
			keep_answer(&play->work, packet);
	} else if (is_answer(packet->type)) {
		const struct awaited *awaited = find_awaited(player, packet, &final);
		if (!awaited) {
			break_by_packet(judge, play, m, "which nothing asked for");
			return;
		}
		if (mine && final && play->work.id == packet->id)
			keep_answer(&play->work, packet);
		if (final)
			forget_awaited(player, awaited);
	} else if (!player->accepted && packet->type != PACKET_DISCONNECT && packet->type != PACKET_AUTH) {
		break_by_packet(judge, play, m, "before a successful CONNACK");
	}
}

static void wrong(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct buf seen;
	buf_init(&seen, SENTENCE_MAX);
	buf_format(&seen, "bytes that are no MQTT 5 packet (%s), received by %s: ", m->text ? m->text : "",
		   play->script->actors[m->actor].name);
	hex_encode(slice_part(m->raw, 0, 24), &seen);
	buf_text(&seen, m->raw.size > 24 ? "..." : "");
	const char *text = buf_string(&seen);
	judge->failed |= !text;
	if (text && play->work.phase != PHASE_IDLE && play->work.phase != PHASE_SETTLED)
		step_end(judge, play, RESULT_BROKEN, NULL, text);
	buf_release(&seen);
}

static void closed(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	(void)judge;
	if (m->connection < player->connection)
		return;
	player->connection = m->connection;
	if (player->open || play->times[m->actor].closed_us == INSTANT_UNKNOWN)
		play->times[m->actor].closed_us = m->us;
	player->open = player->accepted = false;
	player->by_broker = m->flag;
	if (!player->ended[0])
		snprintf(player->ended, sizeof player->ended, "%s%s%s%s",
			 m->flag ? "the connection closed by the broker" : "the connection closed by the suite",
			 m->text && *m->text ? " (" : "", m->text ? m->text : "", m->text && *m->text ? ")" : "");
	if (concerns_step(play, m) && m->flag && !play->work.closed) {
		play->work.closed = true;
		memcpy(play->work.ended, player->ended, SEEN_MAX);
	}
}

static void fence(struct judge *judge, struct play_state *play, const struct moment *m)
{
	const struct script_step *step = current_step(play);
	struct entry entry = { (size_t)m->script, m->message, m->attempt, true };
	size_t forbidden = step->act == ACT_NEVER ? step->messages[0] : play->step;
	judge->failed |= !ledger_add(judge, m->nonce, &entry);
	for (size_t i = 0; i < play->work.fence_count; i++) {
		struct fence *f = &play->work.fences[i];
		if (f->need.observer != m->observer || f->need.message != m->message)
			continue;
		f->need.sent = true;
		f->proof = m->connection == play->steps[forbidden].connection;
		snprintf(f->nonce, sizeof f->nonce, "%s", m->nonce);
	}
}

static void grace(struct judge *judge, struct play_state *play, const struct moment *m)
{
	(void)judge;
	(void)m;
	play->work.grace = true;
}

static void deadline(struct judge *judge, struct play_state *play, const struct moment *m)
{
	(void)judge;
	(void)m;
	play->work.late = true;
}

static void control(struct judge *judge, struct play_state *play, const struct moment *m)
{
	if (play->work.phase == PHASE_CONTROL)
		step_control(judge, play, m->flag);
}

static void unfit(struct judge *judge, struct play_state *play, const struct moment *m)
{
	if (play->work.phase != PHASE_IDLE && play->work.phase != PHASE_SETTLED)
		step_end(judge, play, RESULT_UNFIT, NULL, m->text ? m->text : "a limit of the target");
}

static void harness(struct judge *judge, struct play_state *play, const struct moment *m)
{
	if (play->work.phase != PHASE_IDLE && play->work.phase != PHASE_SETTLED)
		step_end(judge, play, RESULT_HARNESS, NULL, m->text ? m->text : "a fault of the suite");
}

static void finished(struct judge *judge, struct play_state *play, const struct moment *m)
{
	(void)judge;
	(void)m;
	play->finished = true;
	play->work.phase = PHASE_IDLE;
}

static const struct {
	void (*take)(struct judge *judge, struct play_state *play, const struct moment *m);
	bool of_actor, of_packet;
} takers[MOMENT_KINDS] = {
	[MOMENT_SCRIPT] = { begin_script, false, false }, [MOMENT_STEP] = { begin_step, false, false },
	[MOMENT_OPENED] = { opened, true, false },        [MOMENT_SENT] = { sent, true, true },
	[MOMENT_RECEIVED] = { received, true, true },     [MOMENT_WRONG] = { wrong, true, false },
	[MOMENT_CLOSED] = { closed, true, false },        [MOMENT_FENCE] = { fence, true, false },
	[MOMENT_GRACE] = { grace, false, false },         [MOMENT_DEADLINE] = { deadline, false, false },
	[MOMENT_CONTROL] = { control, false, false },     [MOMENT_UNFIT] = { unfit, false, false },
	[MOMENT_HARNESS] = { harness, false, false },     [MOMENT_FINISHED] = { finished, false, false },
};

static bool well_formed(const struct judge *judge, const struct moment *m)
{
	if (m->script < 0 || (size_t)m->script >= judge->plan->script_count || !takers[m->kind].take)
		return false;
	const struct script *script = judge->plan->scripts[m->script];
	if (takers[m->kind].of_actor && (m->actor < 0 || (size_t)m->actor >= script->actor_count))
		return false;
	if (m->kind == MOMENT_FENCE && (m->observer >= script->actor_count || m->message >= script->step_count || !m->nonce))
		return false;
	return !takers[m->kind].of_packet || m->packet;
}

bool judge_feed(struct judge *judge, const struct moment *m)
{
	if (m->kind == MOMENT_STOPPED && !judge->stopped) {
		judge->stopped = slice_copy(slice_text(m->text));
		judge->failed |= !judge->stopped;
	}
	if (m->kind == MOMENT_RECEIVED || m->kind == MOMENT_WRONG)
		ledger_scan(judge, m);
	if (!well_formed(judge, m))
		return !judge->failed;
	struct play_state *play = &judge->plays[m->script];
	if (m->kind != MOMENT_SCRIPT && m->attempt != play->attempt)
		return !judge->failed; /* a connection of the first attempt, watched for nonces alone */
	takers[m->kind].take(judge, play, m);
	step_settle(judge, play);
	if (play->work.phase == PHASE_SETTLED && play->settled_us[play->step] == INSTANT_UNKNOWN)
		play->settled_us[play->step] = m->us;
	return !judge->failed;
}

enum phase judge_phase(const struct judge *judge, size_t script)
{
	return judge->plays[script].work.phase;
}

enum result judge_result(const struct judge *judge, size_t script, size_t step)
{
	return judge->plays[script].steps[step].result;
}

bool judge_instant(const struct judge *judge, size_t script, const struct instant *instant, int64_t *us)
{
	const struct play_state *play = &judge->plays[script];
	struct instant_facts facts = {
		.script_us = play->begin_us, .step_us = play->step_us, .actors = play->times,
		.actor_count = play->script->actor_count, .settled_us = play->settled_us,
		.step_count = play->script->step_count,
	};
	return instant_resolve(instant, &facts, us);
}

bool judge_may_rejoin(const struct judge *judge, size_t script, size_t actor)
{
	const struct player *player = &judge->plays[script].players[actor];
	return player->connection && !player->open && player->denied && player->by_broker;
}
