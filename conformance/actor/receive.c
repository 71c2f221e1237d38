/* The incoming half of a peer: packets out of bytes, and the answers that MQTT owes to each. */
#include "actor/receive.h"

#include "clock.h"
#include "wire/read.h"

#include <stdlib.h>

static void acknowledge(struct peer *peer, enum packet_type type, uint16_t id)
{
	struct buf packet;
	struct fault ignored; /* a connection that is just ending: the judge sees it end */
	buf_init(&packet, WIRE_PACKET_MAX);
	build_ack(&packet, type, id, 0x00, NULL);
	peer_send(peer, &packet, &ignored);
	buf_release(&packet);
}

static void on_keep_alive(evutil_socket_t fd, short what, void *context)
{
	struct peer *peer = context;
	struct fault ignored;
	(void)fd;
	(void)what;
	if (peer->state == PEER_READY)
		peer_ping(peer, &ignored);
}

/* Server Keep Alive wins over our own (MQTT-3.2.2-21); at 6/10 of it we show that we live. */
static void start_keep_alive(struct peer *peer, const struct packet *packet)
{
	uint32_t seconds = property_number(packet->properties, PROPERTY_SERVER_KEEP_ALIVE, peer->keep_alive_s);
	struct timeval interval = { .tv_sec = seconds * 6 / 10, .tv_usec = seconds * 6 % 10 * 100000 };
	if (seconds == 0)
		return;
	if (!peer->keep_alive)
		peer->keep_alive = event_new(peer->run->base, -1, EV_PERSIST, on_keep_alive, peer);
	if (!peer->keep_alive || event_add(peer->keep_alive, &interval) != 0)
		run_fail(peer->run, "out of memory");
}

static void on_connack(struct peer *peer, const struct packet *packet)
{
	struct property assigned;
	peer->answered = true;
	peer->code = packet->code;
	if (packet->code != 0x00 || peer->state != PEER_GREETING)
		return;
	peer->state = PEER_READY;
	peer->receive_maximum = property_number(packet->properties, PROPERTY_RECEIVE_MAXIMUM, UINT16_MAX);
	peer->maximum_packet = property_number(packet->properties, PROPERTY_MAXIMUM_PACKET, UINT32_MAX);
	if (property_find(packet->properties, PROPERTY_ASSIGNED_CLIENT_ID, &assigned)) {
		free(peer->assigned_id);
		peer->assigned_id = slice_copy(assigned.text);
	}
	start_keep_alive(peer, packet);
}

static void on_publish(struct peer *peer, const struct packet *packet)
{
	static const enum packet_type answers[] = { PACKET_WILL, PACKET_PUBACK, PACKET_PUBREC };
	if (packet->qos > 0)
		acknowledge(peer, answers[packet->qos], packet->id);
	if (peer->heard)
		peer->heard(peer->context, packet);
}

static void on_done(struct peer *peer, const struct packet *packet)
{
	bool publish = packet->type != PACKET_SUBACK && packet->type != PACKET_UNSUBACK;
	peer->last_code = packet->codes.size > 0 ? packet->codes.data[0] : packet->code;
	peer->unanswered -= peer->unanswered > 0;
	peer->inflight -= publish && peer->inflight > 0;
}

static void on_pubrec(struct peer *peer, const struct packet *packet)
{
	if (packet->code >= 0x80)
		on_done(peer, packet);
	else
		acknowledge(peer, PACKET_PUBREL, packet->id);
}

static void on_pubrel(struct peer *peer, const struct packet *packet)
{
	acknowledge(peer, PACKET_PUBCOMP, packet->id);
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
	[PACKET_SUBACK] = on_done,     [PACKET_UNSUBACK] = on_done,   [PACKET_PINGRESP] = on_pingresp,
};

static void take_packet(struct peer *peer, const struct packet *packet, struct slice raw)
{
	struct moment m;
	peer->run->heard = true;
	peer->run->heard_us = clock_monotonic_us();
	if (packet->type != PACKET_CONNACK) /* a door that opens onto nothing is no sign of life */
		peer->run->silent = 0;
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
		take_packet(peer, &packet, slice_part(rest, 0, packet.size));
		rest = slice_part(rest, packet.size, rest.size);
	}
	return (ptrdiff_t)(bytes.size - rest.size);
}
