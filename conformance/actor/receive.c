/* The incoming half of a peer: packets out of bytes, and the answers that MQTT owes to each. */
#include "actor/receive.h"

#include "clock.h"
#include "wire/read.h"

#include <stdlib.h>

static void on_keep_alive(evutil_socket_t fd, short what, void *context)
{
	struct peer *peer = context;
	struct fault ignored;
	(void)fd;
	(void)what;
	if (peer->state == PEER_READY && !peer->stalled)
		peer_ping(peer, &ignored);
}

/* Server Keep Alive wins over our own (MQTT-3.2.2-21); at 6/10 of it we show that we live. */
static void start_keep_alive(struct peer *peer, const struct packet *packet)
{
	uint32_t seconds = property_number(packet->properties, PROPERTY_SERVER_KEEP_ALIVE, peer->announced.keep_alive_s);
	struct timeval interval = { .tv_sec = seconds * 6 / 10, .tv_usec = seconds * 6 % 10 * 100000 };
	if (seconds == 0)
		return;
	if (!peer->keep_alive)
		peer->keep_alive = event_new(peer->run->base, -1, EV_PERSIST, on_keep_alive, peer);
	if (!peer->keep_alive || event_add(peer->keep_alive, &interval) != 0)
		run_fail(peer->run, "out of memory");
}

static void take_limits(struct peer *peer, const struct packet *packet)
{
	struct slice said = packet->properties;
	peer->limits = (struct limits){
		.receive_maximum = property_number(said, PROPERTY_RECEIVE_MAXIMUM, UINT16_MAX),
		.maximum_qos = property_number(said, PROPERTY_MAXIMUM_QOS, 2),
		.alias_maximum = property_number(said, PROPERTY_ALIAS_MAXIMUM, 0),
		.maximum_packet = property_number(said, PROPERTY_MAXIMUM_PACKET, UINT32_MAX),
		.retain = property_number(said, PROPERTY_RETAIN_AVAILABLE, 1),
		.wildcard = property_number(said, PROPERTY_WILDCARD_AVAILABLE, 1),
		.shared = property_number(said, PROPERTY_SHARED_AVAILABLE, 1),
		.identifiers = property_number(said, PROPERTY_SUBSCRIPTION_ID_AVAILABLE, 1),
		.sessions = !peer->announced.session || property_number(said, PROPERTY_SESSION_EXPIRY, 1) > 0,
	};
}

static void on_connack(struct peer *peer, const struct packet *packet)
{
	struct property assigned;
	peer->answered = true;
	peer->code = packet->code;
	if (packet->code != 0x00 || peer->state != PEER_GREETING)
		return;
	peer->state = PEER_READY;
	peer->session_present = packet->session_present;
	peer->persona = peer->calling;
	take_limits(peer, packet);
	if (property_find(packet->properties, PROPERTY_ASSIGNED_CLIENT_ID, &assigned)) {
		free(peer->assigned_id);
		peer->assigned_id = slice_copy(assigned.text);
	}
	if (peer->announced.session && peer->limits.sessions)
		peer_note_session(peer);
	start_keep_alive(peer, packet);
	if (!packet->session_present)
		flow_forget(&peer->flow);
	peer_resend(peer);
}

static void on_publish(struct peer *peer, const struct packet *packet)
{
	static const enum packet_type answers[] = { PACKET_WILL, PACKET_PUBACK, PACKET_PUBREC };
	if (packet->qos > 0)
		peer_acknowledge(peer, answers[packet->qos], packet->id, 0x00);
	if (peer->heard)
		peer->heard(peer->context, packet);
}

static void on_answered(struct peer *peer, const struct packet *packet)
{
	peer->last_ack = packet->id;
	peer->last_code = packet->codes.size > 0 ? packet->codes.data[0] : packet->code;
	peer->unanswered -= peer->unanswered > 0;
}

/* The last acknowledgement of a message of ours; the next one may have waited for it. */
static void finish(struct peer *peer, struct sending *sending, const struct packet *packet)
{
	if (sending->counted)
		on_answered(peer, packet);
	flow_done(&peer->flow, sending);
	peer_resend(peer);
}

/* PUBACK and PUBCOMP. */
static void on_done(struct peer *peer, const struct packet *packet)
{
	struct sending *sending = flow_find(&peer->flow, packet->id);
	if (sending && sending->qos == (packet->type == PACKET_PUBACK ? 1u : 2u))
		finish(peer, sending, packet);
}

/* [MQTT-4.3.3-4] PUBREL follows a PUBREC below 0x80, unless the scenario holds it back. */
static void on_pubrec(struct peer *peer, const struct packet *packet)
{
	struct sending *sending = flow_find(&peer->flow, packet->id);
	if (!sending || sending->qos != 2) {
		if (packet->code < 0x80)
			peer_acknowledge(peer, PACKET_PUBREL, packet->id, 0x92);
	} else if (packet->code >= 0x80) {
		finish(peer, sending, packet);
	} else if (sending->held_back) {
		sending->stage = SENDING_HELD;
	} else {
		sending->stage = SENDING_RELEASE;
		peer_acknowledge(peer, PACKET_PUBREL, packet->id, 0x00);
	}
}

static void on_pubrel(struct peer *peer, const struct packet *packet)
{
	bool known = flow_released(&peer->flow, packet->id);
	peer_acknowledge(peer, PACKET_PUBCOMP, packet->id, known ? 0x00 : 0x92);
}

static void on_pingresp(struct peer *peer, const struct packet *packet)
{
	(void)packet;
	peer->pongs++;
	peer->round_trip_us = clock_monotonic_us() - peer->ping_us;
}

static void (*const manners[PACKET_TYPES])(struct peer *peer, const struct packet *packet) = {
	[PACKET_CONNACK] = on_connack, [PACKET_PUBLISH] = on_publish, [PACKET_PUBACK] = on_done,
	[PACKET_PUBREC] = on_pubrec,   [PACKET_PUBREL] = on_pubrel,   [PACKET_PUBCOMP] = on_done,
	[PACKET_SUBACK] = on_answered, [PACKET_UNSUBACK] = on_answered, [PACKET_PINGRESP] = on_pingresp,
};

/* [MQTT-3.3.4-9] All that came in one piece left the broker before it could have seen an answer. */
static const char *too_many(struct peer *peer, const struct packet *packet)
{
	if (packet->qos == 2 && !flow_receiving(&peer->flow, packet->id))
		return "no memory for it";
	peer->fresh += packet->qos == 1;
	bool more = packet->qos > 0 && peer->fresh + peer->flow.receiving_count > peer->announced.receive_maximum;
	return more ? "more unacknowledged messages than the Receive Maximum of CONNECT" : NULL;
}

/* What is well formed and yet not what we said that we take; NULL: nothing. */
static const char *overstepped(struct peer *peer, const struct packet *packet)
{
	if (packet->size > peer->announced.maximum_packet) /* [MQTT-3.1.2-24] */
		return "a packet larger than the Maximum Packet Size of CONNECT";
	if (packet->type != PACKET_PUBLISH)
		return NULL;
	struct packet resolved = *packet; /* the moment shows it as it came */
	const char *alias = aliases_take(&peer->flow.aliases, &resolved, peer->announced.alias_maximum);
	return alias ? alias : too_many(peer, packet);
}

/* [MQTT-3.2.2-12], [MQTT-3.2.2-13]: the one limit that a broker can state only by refusing what needs more. */
static void refuse_will(struct peer *peer, const struct packet *packet)
{
	struct moment m;
	bool unfit = packet->type == PACKET_CONNACK && peer->announced.will && !peer->answered &&
		     (packet->code == 0x9A || packet->code == 0x9B);
	if (!unfit || peer->script == NOBODY)
		return;
	peer_moment(peer, MOMENT_UNFIT, &m);
	m.text = packet->code == 0x9A ? "Retain not supported (CONNACK 0x9A), and the will asks for it" :
					"QoS not supported (CONNACK 0x9B), and the will asks for it";
	run_emit(peer->run, &m);
}

static void take_packet(struct peer *peer, const struct packet *packet, struct slice raw)
{
	struct moment m;
	peer->run->heard = true;
	peer->run->heard_us = clock_monotonic_us();
	if (packet->type != PACKET_CONNACK) /* a door that opens onto nothing is no sign of life */
		peer->run->silent = 0;
	refuse_will(peer, packet);
	peer_moment(peer, MOMENT_RECEIVED, &m);
	m.packet = packet;
	m.raw = raw;
	run_emit(peer->run, &m);
	if (manners[packet->type] && (peer->state == PEER_READY || packet->type == PACKET_CONNACK))
		manners[packet->type](peer, packet);
}

/* What cannot be read ends the connection: nothing behind it can be trusted. */
static ptrdiff_t give_up(struct peer *peer, struct slice rest, const char *why)
{
	struct moment m;
	peer_moment(peer, MOMENT_WRONG, &m);
	m.raw = slice_part(rest, 0, TRACE_RAW_MAX);
	m.text = why;
	peer->run->heard = true;
	run_emit(peer->run, &m);
	peer_ended(peer, false, why);
	return LINE_GONE;
}

static ptrdiff_t give_up_flood(struct peer *peer, struct slice rest)
{
	give_up(peer, rest, "a flood: far more packets on one connection than this run has sent");
	if (++peer->run->floods >= FLOODS_MAX)
		run_stop(peer->run, "the target floods connection after connection");
	return LINE_GONE;
}

ptrdiff_t peer_bytes(void *context, struct slice bytes)
{
	struct peer *peer = context;
	struct slice rest = bytes;
	peer->fresh = 0;
	while (rest.size > 0) {
		struct packet packet;
		struct fault fault = { FAULT_NONE, "" };
		enum read_result result = packet_read(rest, FROM_BROKER, &packet, &fault);
		if (result == READ_MORE)
			break;
		if (result == READ_WRONG)
			return give_up(peer, rest, fault.text);
		if (++peer->packets > PACKETS_LEAST + PACKETS_EACH * peer->run->sent)
			return give_up_flood(peer, rest);
		const char *wrong = overstepped(peer, &packet);
		if (wrong)
			return give_up(peer, slice_part(rest, 0, packet.size), wrong);
		take_packet(peer, &packet, slice_part(rest, 0, packet.size));
		rest = slice_part(rest, packet.size, rest.size);
	}
	return (ptrdiff_t)(bytes.size - rest.size);
}
