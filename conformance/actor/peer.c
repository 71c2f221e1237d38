/* The outgoing half: connecting, sending, leaving. receive.c is the other. */
#include "actor/peer.h"

#include "actor/receive.h"
#include "clock.h"
#include "mint/mint.h"
#include "wire/read.h"

#include <stdio.h>
#include <stdlib.h>

enum { TOKEN_MAX = UINT16_MAX, HELLO_MAX = 1 << 18 };

void peer_init(struct peer *peer)
{
	memset(peer, 0, sizeof *peer);
	peer->script = peer->actor = NOBODY;
	buf_init(&peer->hello, HELLO_MAX);
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

void peer_release(struct peer *peer)
{
	if (peer->run)
		peer_drop(peer);
	if (peer->keep_alive)
		event_free(peer->keep_alive);
	peer->keep_alive = NULL;
	free(peer->assigned_id);
	peer->assigned_id = NULL;
	buf_release(&peer->hello);
}

/* The signature of a token is a secret as long as the token lives: the trace gets dots for all that
 * stands behind header and claims, and for the whole of what has no such parts. */
static void blot_signature(const struct packet *packet, unsigned char *copy, struct slice bytes)
{
	size_t from = 0, dots = 0;
	if (!packet->password.size)
		return;
	for (size_t i = 0; i < packet->password.size && dots < 2; i++) {
		dots += packet->password.data[i] == '.';
		from = dots == 2 ? i + 1 : 0;
	}
	memset(copy + (packet->password.data - bytes.data) + from, '.', packet->password.size - from);
}

static void emit_sent(struct peer *peer, struct slice bytes, const struct packet *packet)
{
	struct moment m;
	struct packet shown;
	struct fault ignored;
	unsigned char *copy = malloc(bytes.size);
	peer->run->sent++;
	if (!copy) {
		run_fail(peer->run, "out of memory");
		return;
	}
	memcpy(copy, bytes.data, bytes.size);
	blot_signature(packet, copy, bytes);
	peer_moment(peer, MOMENT_SENT, &m);
	m.raw = slice_of(copy, bytes.size);
	m.packet = packet_read(m.raw, FROM_CLIENT, &shown, &ignored) == READ_PACKET ? &shown : packet;
	m.token = packet->password;
	run_emit(peer->run, &m);
	free(copy);
}

bool peer_send(struct peer *peer, struct buf *bytes, struct fault *fault)
{
	struct packet packet;
	struct slice raw = buf_slice(bytes);
	if (bytes->failed)
		return fault_set(fault, FAULT_BUG, "a packet could not be built: a field is too long");
	if (packet_read(raw, FROM_CLIENT, &packet, fault) != READ_PACKET || packet.size != raw.size)
		return fault_set(fault, FAULT_BUG, "the suite built a packet that is not well formed");
	if (!peer->line || peer->state == PEER_LEAVING)
		return fault_set(fault, FAULT_UNAVAILABLE, "%.100s has no connection", peer->who);
	if (peer->state == PEER_READY && raw.size > peer->maximum_packet)
		return fault_set(fault, FAULT_LIMIT, "Maximum Packet Size %zu in CONNACK, the packet has %zu bytes",
				 peer->maximum_packet, raw.size);
	if (!line_send(peer->line, raw))
		return fault_set(fault, FAULT_UNAVAILABLE, "%.100s cannot write: the broker does not read", peer->who);
	emit_sent(peer, raw, &packet);
	return true;
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
	buf_release(&peer->hello);
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

static bool mint(struct peer *peer, const struct script_actor *actor, struct buf *token, struct fault *fault)
{
	struct nonce nonce;
	if (!nonce_make(peer->run->salt, peer->run->plan->seed, actor->client_id ? actor->client_id : "", peer->attempt,
			peer->connection, 0, &nonce))
		return fault_set(fault, FAULT_UNAVAILABLE, "no digest can be computed");
	return mint_token(peer->run->fixture, actor->recipe, clock_wall_ms() / 1000, nonce.text + 1, token, fault);
}

static bool build_hello(struct peer *peer, const struct script_actor *actor, struct fault *fault)
{
	const struct target *target = peer->run->target;
	const char *username = actor->username ? actor->username : target->username;
	const char *client_id = peer->assigned_id ? peer->assigned_id : actor->client_id;
	struct buf properties, token;
	buf_init(&properties, UINT16_MAX);
	buf_init(&token, TOKEN_MAX);
	bool credentials = target->token_credentials;
	bool good = !credentials || !actor->password || mint(peer, actor, &token, fault);
	if (actor->session_expiry_s >= 0)
		build_number(&properties, PROPERTY_SESSION_EXPIRY, (uint32_t)actor->session_expiry_s);
	build_number(&properties, PROPERTY_MAXIMUM_PACKET, WIRE_PACKET_MAX);
	struct connect connect = {
		.clean_start = actor->clean_start,
		.keep_alive = (uint16_t)actor->keep_alive_s,
		.properties = buf_slice(&properties),
		.client_id = slice_text(client_id),
		.has_username = credentials && username,
		.has_password = credentials && actor->password,
		.username = slice_text(username),
		.password = buf_slice(&token),
	};
	buf_clear(&peer->hello);
	if (good)
		build_connect(&peer->hello, &connect, NULL);
	buf_release(&properties);
	buf_release(&token);
	return good;
}

bool peer_connect(struct peer *peer, const struct script_actor *actor, struct fault *fault)
{
	struct run *run = peer->run;
	const struct listener *listener = &run->target->listeners[peer->listener];
	const char *name = run->target->server_name ? run->target->server_name : listener->host;
	peer_drop(peer);
	peer->connection = ++run->connections;
	peer->opened = peer->answered = false;
	peer->code = 0;
	peer->inflight = peer->unanswered = peer->pongs = 0;
	peer->packets = 0;
	peer->keep_alive_s = actor->keep_alive_s;
	peer->last_id = (uint16_t)(run->connections * 257u + (unsigned char)run->salt[0] * 31u); /* no two connections count alike */
	peer->how[0] = '\0';
	if (!build_hello(peer, actor, fault))
		return false;
	peer->line = line_open(run->base, &run->addresses[peer->listener], listener->tls ? run->tls : NULL, name,
			       &line_owner, peer, fault);
	peer->state = peer->line ? PEER_OPENING : PEER_CLOSED;
	return peer->line != NULL;
}

static uint16_t next_id(struct peer *peer)
{
	if (++peer->last_id == 0)
		peer->last_id = 1;
	return peer->last_id;
}

static bool send_and_release(struct peer *peer, struct buf *packet, struct fault *fault)
{
	bool sent = peer_send(peer, packet, fault);
	buf_release(packet);
	return sent;
}

bool peer_publish(struct peer *peer, const struct publish *message, struct fault *fault)
{
	struct publish numbered = *message;
	struct buf packet;
	buf_init(&packet, WIRE_PACKET_MAX);
	if (message->qos > 0)
		numbered.id = next_id(peer);
	build_publish(&packet, &numbered, NULL);
	if (!send_and_release(peer, &packet, fault))
		return false;
	peer->inflight += message->qos > 0;
	peer->unanswered += message->qos > 0;
	return true;
}

bool peer_filters(struct peer *peer, enum packet_type type, const char *const *filters, size_t count,
		  unsigned char options, struct fault *fault)
{
	struct filters fields = { .id = next_id(peer), .filters = filters, .count = count, .options = options };
	struct buf packet;
	buf_init(&packet, WIRE_PACKET_MAX);
	build_filters(&packet, type, &fields, NULL);
	if (!send_and_release(peer, &packet, fault))
		return false;
	peer->unanswered++;
	return true;
}

bool peer_ping(struct peer *peer, struct fault *fault)
{
	struct buf packet;
	buf_init(&packet, WIRE_PACKET_MAX);
	build_empty(&packet, PACKET_PINGREQ, NULL);
	peer->ping_us = clock_monotonic_us();
	return send_and_release(peer, &packet, fault);
}

void peer_leave(struct peer *peer)
{
	struct buf packet;
	struct fault ignored;
	if (peer->state != PEER_READY) {
		peer_drop(peer);
		return;
	}
	buf_init(&packet, WIRE_PACKET_MAX);
	build_reason(&packet, PACKET_DISCONNECT, 0x00, slice_of(NULL, 0), NULL);
	if (!send_and_release(peer, &packet, &ignored)) {
		peer_drop(peer);
		return;
	}
	peer->state = PEER_LEAVING;
	line_finish(peer->line);
}
