/* A peer's life: its line, and every byte that leaves it. call.c begins connections, speak.c has its
 * packets, receive.c the incoming half. */
#include "actor/peer.h"

#include "actor/receive.h"
#include "wire/read.h"

#include <stdio.h>
#include <stdlib.h>

enum { PARCEL_MAX = 2 * WIRE_PACKET_MAX };

void parcel_init(struct parcel *parcel)
{
	memset(parcel, 0, sizeof *parcel);
	buf_init(&parcel->bytes, PARCEL_MAX);
	buf_init(&parcel->shown, PARCEL_MAX);
}

void parcel_release(struct parcel *parcel)
{
	buf_release(&parcel->bytes);
	buf_release(&parcel->shown);
	parcel_init(parcel);
}

void peer_init(struct peer *peer)
{
	memset(peer, 0, sizeof *peer);
	peer->script = peer->actor = NOBODY;
	peer->limits = (struct limits){ UINT16_MAX, 2, UINT16_MAX, UINT32_MAX, true, true, true, true, true };
	parcel_init(&peer->hello);
	flow_init(&peer->flow);
}

void peer_moment(const struct peer *peer, enum moment_kind kind, struct moment *m)
{
	*m = (struct moment){
		.kind = kind,
		.script = peer->script,
		.attempt = peer->attempt,
		.actor = peer->actor,
		.who = peer->who,
		.connection = peer->connection,
	};
}

void peer_ended(struct peer *peer, bool by_broker, const char *how)
{
	struct moment m;
	line_free(peer->line);
	peer->line = NULL;
	peer->state = PEER_CLOSED;
	parcel_release(&peer->hello);
	if (peer->keep_alive)
		event_del(peer->keep_alive);
	snprintf(peer->how, sizeof peer->how, "%s", how);
	peer_moment(peer, MOMENT_CLOSED, &m);
	m.flag = by_broker;
	m.text = peer->how;
	run_emit(peer->run, &m);
}

void peer_drop(struct peer *peer)
{
	if (peer->line)
		peer_ended(peer, false, "");
}

void peer_lost(struct peer *peer, const char *how)
{
	if (peer->line)
		peer_ended(peer, true, how);
	peer->excused = true;
}

void peer_release(struct peer *peer)
{
	if (peer->run)
		peer_drop(peer);
	if (peer->keep_alive)
		event_free(peer->keep_alive);
	peer->keep_alive = NULL;
	free(peer->assigned_id);
	peer->assigned_id = NULL;
	parcel_release(&peer->hello);
	flow_release(&peer->flow);
}

void peer_note_session(struct peer *peer)
{
	for (size_t i = 0; i < peer->session_count; i++) {
		if (strcmp(peer->sessions[i]->client_id, peer->persona->client_id) == 0) {
			peer->sessions[i] = peer->persona;
			return;
		}
	}
	if (peer->session_count < PEER_SESSIONS_MAX)
		peer->sessions[peer->session_count++] = peer->persona;
}

void peer_forget_session(struct peer *peer)
{
	size_t kept = 0;
	for (size_t i = 0; i < peer->session_count; i++) {
		if (!peer->persona || strcmp(peer->sessions[i]->client_id, peer->persona->client_id) != 0)
			peer->sessions[kept++] = peer->sessions[i];
	}
	peer->session_count = kept;
}

/* What our own reader says of every packet in it. */
static bool well_formed(const struct peer *peer, const struct parcel *parcel, struct fault *fault)
{
	struct slice rest = buf_slice(&parcel->bytes);
	struct packet packet;
	if (parcel->bytes.failed)
		return fault_set(fault, FAULT_BUG, "a packet could not be built: a field is too long");
	while (!parcel->lawless && rest.size > 0) {
		struct fault why = { FAULT_NONE, "it breaks off" };
		if (packet_read(rest, FROM_CLIENT, &packet, &why) != READ_PACKET)
			return fault_set(fault, FAULT_BUG, "the suite would send what is not well formed and was not said to break "
					 "anything: %.400s", why.text);
		if (peer->state == PEER_READY && packet.size > peer->limits.maximum_packet)
			return fault_set(fault, FAULT_LIMIT, "Maximum Packet Size %zu in CONNACK, the packet has %zu bytes",
					 peer->limits.maximum_packet, packet.size);
		rest = slice_part(rest, packet.size, rest.size);
	}
	return true;
}

/* Bytes of a scenario may ask for a Keep Alive that the actor does not keep: what it keeps stands in its cast. */
static void note_connect(struct peer *peer, const struct packet *packet)
{
	uint32_t expiry = property_number(packet->properties, PROPERTY_SESSION_EXPIRY, 0);
	peer->announced = (struct announced){
		.keep_alive_s = peer->calling->keep_alive_s,
		.receive_maximum = property_number(packet->properties, PROPERTY_RECEIVE_MAXIMUM, UINT16_MAX),
		.alias_maximum = property_number(packet->properties, PROPERTY_ALIAS_MAXIMUM, 0),
		.maximum_packet = property_number(packet->properties, PROPERTY_MAXIMUM_PACKET, UINT32_MAX),
		.session = expiry > 0,
		.will = packet->will.present,
	};
}

/* What a packet of ours obliges us and the broker to. */
static void note_sent(struct peer *peer, const struct packet *packet, struct slice raw)
{
	peer->run->sent++;
	if (packet->type == PACKET_CONNECT)
		note_connect(peer, packet);
	bool message = packet->type == PACKET_PUBLISH && packet->qos > 0;
	if (packet->type == PACKET_SUBSCRIBE || packet->type == PACKET_UNSUBSCRIBE || message)
		peer->unanswered++;
	if (message && !flow_sent(&peer->flow, packet, raw))
		run_fail(peer->run, "out of memory");
}

static struct slice token_of(const struct packet *packet)
{
	struct property data;
	if (packet->has_password)
		return packet->password;
	return property_find(packet->properties, PROPERTY_AUTH_DATA, &data) ? data.text : slice_of(NULL, 0);
}

/* Packet by packet; what is none, and all behind it, as bytes. */
static void emit_sent(struct peer *peer, const struct parcel *parcel)
{
	struct slice rest = buf_slice(&parcel->bytes), shown = buf_slice(parcel->shown.size ? &parcel->shown : &parcel->bytes);
	while (shown.size > 0) {
		struct packet packet;
		struct fault ignored;
		struct moment m;
		bool whole = packet_read(shown, FROM_CLIENT, &packet, &ignored) == READ_PACKET;
		size_t size = whole ? packet.size : shown.size;
		bool bears_token = !whole || packet.type == PACKET_CONNECT || packet.type == PACKET_AUTH;
		peer_moment(peer, MOMENT_SENT, &m);
		m.raw = slice_part(shown, 0, size);
		m.packet = whole ? &packet : NULL;
		m.token = whole ? token_of(&packet) : slice_of(NULL, 0);
		m.exp_us = bears_token ? parcel->exp_us : 0;
		if (whole)
			note_sent(peer, &packet, slice_part(rest, 0, size));
		run_emit(peer->run, &m);
		rest = slice_part(rest, size, rest.size);
		shown = slice_part(shown, size, shown.size);
	}
}

bool peer_send(struct peer *peer, const struct parcel *parcel, struct fault *fault)
{
	struct slice bytes = buf_slice(&parcel->bytes);
	if (!well_formed(peer, parcel, fault))
		return false;
	if (!peer->line || peer->state == PEER_LEAVING || peer->state == PEER_OPENING)
		return fault_set(fault, FAULT_UNAVAILABLE, "%.100s has no connection", peer->who);
	if (!(parcel->dribbled ? line_dribble(peer->line, bytes) : line_send(peer->line, bytes)))
		return fault_set(fault, FAULT_UNAVAILABLE, "%.100s cannot write: the broker does not read", peer->who);
	emit_sent(peer, parcel);
	return true;
}

bool peer_send_packet(struct peer *peer, struct buf *packet, bool dribbled, struct fault *fault)
{
	struct parcel parcel = { .bytes = *packet, .dribbled = dribbled };
	bool sent = peer_send(peer, &parcel, fault);
	buf_release(packet);
	return sent;
}

static void on_opened(void *context)
{
	struct peer *peer = context;
	struct moment m;
	struct fault fault;
	peer->state = PEER_GREETING;
	peer->opened = true;
	peer_moment(peer, MOMENT_OPENED, &m);
	run_emit(peer->run, &m);
	if (!peer_send(peer, &peer->hello, &fault))
		run_fail(peer->run, fault.text);
	parcel_release(&peer->hello);
}

static void on_closed(void *context, const char *how)
{
	peer_ended(context, true, how);
}

static void on_finished(void *context)
{
	peer_ended(context, false, "after DISCONNECT");
}

static const struct line_owner line_owner = { on_opened, peer_bytes, on_closed, on_finished };

bool peer_open(struct peer *peer, struct fault *fault)
{
	struct run *run = peer->run;
	const struct listener *listener = &run->target->listeners[peer->listener];
	const char *name = run->target->server_name ? run->target->server_name : listener->host;
	if (!well_formed(peer, &peer->hello, fault))
		return false;
	peer->line = line_open(run->base, &run->addresses[peer->listener], listener->tls ? run->tls : NULL, name,
			       &line_owner, peer, fault);
	peer->state = peer->line ? PEER_OPENING : PEER_CLOSED;
	return peer->line != NULL;
}

void peer_stall(struct peer *peer)
{
	if (!peer->line)
		return;
	peer->stalled = true;
	line_stall(peer->line);
}
