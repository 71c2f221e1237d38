/* The actors: what their packets show of them, and what of it the current step has waited for. */
#include "judge/state.h"

#include "wire/describe.h"
#include "wire/property.h"
#include "wire/read.h"

#include <stdio.h>

void player_reset(struct player *player)
{
	player_release(player);
	*player = (struct player){ .will = -1, .subscribed_us = INSTANT_UNKNOWN };
}

void player_release(struct player *player)
{
	aliases_forget(&player->aliases);
	awaited_release(&player->awaited);
}

void take_opened(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	struct player next = { .connection = m->connection, .open = true, .denied = player->denied, .will = -1,
			       .limits = player->limits, .subscribed_us = INSTANT_UNKNOWN };
	(void)judge;
	player_release(player);
	*player = next;
	play->times[m->actor].closed_us = INSTANT_UNKNOWN;
	if (concerns_step(play, m))
		play->work.opened = true;
}

static const enum packet_type act_packets[ACTS] = {
	[ACT_PUBLISH] = PACKET_PUBLISH, [ACT_STREAM] = PACKET_PUBLISH,           [ACT_RELEASE] = PACKET_PUBREL,
	[ACT_SUBSCRIBE] = PACKET_SUBSCRIBE, [ACT_UNSUBSCRIBE] = PACKET_UNSUBSCRIBE,
};

static bool pings_behind(const struct script_step *step, const struct step_state *state)
{
	return step->act == ACT_PING || step->act == ACT_SEND || (step->act == ACT_PUBLISH && state->connection);
}

static size_t filters_of(const struct packet *packet)
{
	struct slice rest = packet->filters, filter;
	unsigned char options;
	size_t count = 0;
	while (filter_next(&rest, packet->type, &filter, &options))
		count++;
	return count;
}

static void sent_in_step(struct play_state *play, const struct moment *m)
{
	const struct script_step *step = current_step(play);
	struct step_state *state = &play->steps[play->step];
	struct work *work = &play->work;
	enum packet_type wanted = act_packets[step->act];
	bool first = !state->connection || step->act == ACT_STREAM;
	bool counts = (wanted != PACKET_WILL && m->packet->type == wanted && first) ||
		      (step->act == ACT_SEND && m->packet->id);
	if (counts) {
		work->id = m->packet->id;
		work->asked = step->act == ACT_SEND ? filters_of(m->packet) : 0;
		state->connection = m->connection;
	}
	if (m->packet->type == PACKET_PINGREQ && pings_behind(step, state) && !work->ping)
		work->ping = play->players[m->actor].pings;
}

void take_sent(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	bool token = !m->packet || m->packet->type == PACKET_CONNECT || m->packet->type == PACKET_AUTH;
	if (token && (m->packet || m->exp_us))
		play->times[m->actor].exp_us = m->exp_us ? m->exp_us : INSTANT_UNKNOWN;
	player->raw |= !m->packet;
	if (!m->packet)
		return;
	judge->failed |= !awaited_sent(&player->awaited, m->packet);
	player->pings += m->packet->type == PACKET_PINGREQ;
	if (m->packet->type == PACKET_DISCONNECT && m->packet->code == 0x00)
		player->will = -1; /* [MQTT-3.14.4-3] it is discarded */
	if (concerns_step(play, m) && play->work.phase == PHASE_ANSWER)
		sent_in_step(play, m);
}

static void keep_answer(struct work *work, const struct moment *m)
{
	const struct packet *packet = m->packet;
	struct property reason;
	work->answer = (struct packet){ .type = packet->type, .code = packet->code, .id = packet->id,
					.session_present = packet->session_present };
	work->code_count = packet->codes.size;
	for (size_t i = 0; i < packet->codes.size && i < sizeof work->codes; i++)
		work->codes[i] = packet->codes.data[i];
	work->reason_string = property_find(packet->properties, PROPERTY_REASON_STRING, &reason);
	work->told_us = m->us;
	seen_packet(work->seen, packet);
}

static void spoil(struct judge *judge, struct play_state *play, const struct moment *m, const char *how)
{
	char packet[SEEN_MAX], seen[2 * SEEN_MAX];
	seen_packet(packet, m->packet);
	snprintf(seen, sizeof seen, "%s, %s, received by %s", packet, how, play->script->actors[m->actor].name);
	step_spoil(judge, play, seen);
}

/* Acts whose answer is a CONNACK; a packed PUBLISH only needs one. */
static bool greets(const struct script_step *step)
{
	return step->act == ACT_CONNECT || step->act == ACT_RESUME || step->act == ACT_SEND;
}

static void received_connack(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	if (player->accepted) {
		spoil(judge, play, m, "a second one");
		return;
	}
	player->accepted = m->packet->code == 0x00;
	if (player->accepted) {
		limits_read(&player->limits, m->packet);
		play->limits = player->limits;
		play->times[m->actor].connected_us = m->us;
	}
	if (!concerns_step(play, m))
		return;
	play->work.connack = true;
	play->work.connack_code = m->packet->code;
	if (greets(current_step(play))) {
		keep_answer(&play->work, m);
		play->work.answered = true;
	}
}

static void stream_answer(struct work *work, const struct moment *m)
{
	if (m->packet->code < 0x80) {
		work->successes++;
	} else if (!work->answered) {
		keep_answer(work, m);
		work->answered = true;
	}
}

static void take_answer(struct play_state *play, const struct moment *m, enum answer worth)
{
	struct work *work = &play->work;
	if (current_step(play)->act == ACT_STREAM) {
		if (worth == ANSWER_FINAL)
			stream_answer(work, m);
		return;
	}
	if (work->id != m->packet->id || work->answered)
		return;
	keep_answer(work, m);
	work->recorded |= worth == ANSWER_PARTIAL;
	work->answered = worth == ANSWER_FINAL;
}

static void received_answer(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	enum answer worth = awaited_answered(&player->awaited, m->packet);
	bool mine = concerns_step(play, m);
	if (m->packet->type == PACKET_SUBACK)
		player->subscribed_us = m->us;
	if (worth == ANSWER_UNASKED && player->raw) {
		if (mine && !play->work.answered) {
			keep_answer(&play->work, m);
			play->work.answered = true;
		}
		return;
	}
	if (worth == ANSWER_UNASKED)
		spoil(judge, play, m, "which nothing asked for");
	else if (worth == ANSWER_ORDER)
		spoil(judge, play, m, "before the answer to an earlier PUBLISH");
	else if (mine)
		take_answer(play, m, worth);
}

static bool expects_auth(const struct script_step *step)
{
	return greets(step) || step->act == ACT_RENEW;
}

/* Success is AUTH 0x00 with the method of the connection. */
static void received_auth(struct judge *judge, struct play_state *play, const struct moment *m)
{
	const char *method = play->script->actors[m->actor].method;
	struct property given = { .fact = NULL };
	if (!concerns_step(play, m) || !expects_auth(current_step(play))) {
		spoil(judge, play, m, "which nothing asked for");
		return;
	}
	if (current_step(play)->act != ACT_RENEW || m->packet->code == 0x18)
		return;
	keep_answer(&play->work, m);
	play->work.answered = true;
	play->work.other_method = method && (!property_find(m->packet->properties, PROPERTY_AUTH_METHOD, &given) ||
					     !slice_is(given.text, method));
}

static void received_disconnect(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	struct work *work = &play->work;
	(void)judge;
	seen_packet(player->ended, m->packet);
	player->disconnected = true;
	player->disconnect_code = m->packet->code;
	if (!concerns_step(play, m))
		return;
	work->disconnected = true;
	work->disconnect_code = m->packet->code;
	memcpy(work->ended, player->ended, SEEN_MAX);
}

static void received_pong(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	struct work *work = &play->work;
	if (++player->pongs > player->pings && !player->raw)
		spoil(judge, play, m, "which nothing asked for");
	else if (concerns_step(play, m) && work->ping && player->pongs >= work->ping && !work->ponged) {
		work->ponged = true;
		work->ponged_us = m->us;
	}
}

static void received_publish(struct judge *judge, struct play_state *play, const struct moment *m)
{
	if (m->packet->payload.size == 0)
		ledger_empty(judge, play, m);
}

void take_received(struct judge *judge, struct play_state *play, const struct moment *m)
{
	enum packet_type type = m->packet->type;
	bool greeting = type == PACKET_CONNACK || type == PACKET_DISCONNECT || type == PACKET_AUTH;
	if (!greeting && !play->players[m->actor].accepted)
		spoil(judge, play, m, "without a successful CONNACK before it");
	else if (type == PACKET_CONNACK)
		received_connack(judge, play, m);
	else if (awaited_is_answer(type))
		received_answer(judge, play, m);
	else if (type == PACKET_AUTH)
		received_auth(judge, play, m);
	else if (type == PACKET_DISCONNECT)
		received_disconnect(judge, play, m);
	else if (type == PACKET_PINGRESP)
		received_pong(judge, play, m);
	else if (type == PACKET_PUBLISH)
		received_publish(judge, play, m);
}

/* A CONNACK of MQTT 3.1.1 that refuses, with one of its return codes: how a broker of both versions answers
 * a protocol that it does not know [SUB-02]. */
static bool refused_in_311(const struct player *player, struct slice raw)
{
	return player->raw && !player->accepted && raw.size == 4 && raw.data[0] == 0x20 && raw.data[1] == 2 &&
	       raw.data[2] == 0 && raw.data[3] >= 1 && raw.data[3] <= 5;
}

static void take_311(struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	struct work *work = &play->work;
	player->disconnected = true;
	snprintf(player->ended, sizeof player->ended, "a CONNACK of MQTT 3.1.1 with return code %u", m->raw.data[3]);
	if (!concerns_step(play, m))
		return;
	memcpy(work->seen, player->ended, SEEN_MAX);
	work->answered = true;
	work->answer = (struct packet){ .type = PACKET_CONNACK, .code = 0x84 };
	work->told_us = m->us;
}

void take_wrong(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct buf seen;
	if (refused_in_311(&play->players[m->actor], m->raw)) {
		take_311(play, m);
		return;
	}
	buf_init(&seen, SENTENCE_MAX);
	buf_format(&seen, "bytes that are no MQTT 5 packet (%s), received by %s: ", m->text ? m->text : "",
		   play->script->actors[m->actor].name);
	hex_encode(slice_part(m->raw, 0, 24), &seen);
	buf_text(&seen, m->raw.size > 24 ? "..." : "");
	const char *text = buf_string(&seen);
	judge->failed |= !text;
	if (text)
		step_spoil(judge, play, text);
	buf_release(&seen);
}

static void end_words(struct player *player, const struct moment *m)
{
	bool text = m->text && *m->text;
	if (!player->ended[0])
		snprintf(player->ended, sizeof player->ended, "%s%s%s%s",
			 m->flag ? "the connection closed by the broker" : "the connection closed by the suite",
			 text ? " (" : "", text ? m->text : "", text ? ")" : "");
}

void take_closed(struct judge *judge, struct play_state *play, const struct moment *m)
{
	struct player *player = &play->players[m->actor];
	struct work *work = &play->work;
	(void)judge;
	if (m->connection < player->connection)
		return;
	player->connection = m->connection;
	if (player->open || play->times[m->actor].closed_us == INSTANT_UNKNOWN)
		play->times[m->actor].closed_us = m->us;
	player->open = player->accepted = false;
	player->by_broker = m->flag || player->disconnected;
	end_words(player, m);
	if (concerns_step(play, m) && player->by_broker && !work->closed) {
		work->closed = true;
		work->closed_us = m->us;
		memcpy(work->ended, player->ended, SEEN_MAX);
	}
}
