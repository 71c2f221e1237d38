/* What a peer says on an open connection. */
#include "actor/peer.h"

#include "actor/receive.h"
#include "clock.h"
#include "wire/read.h"

static uint16_t next_id(struct peer *peer)
{
	do {
		if (++peer->last_id == 0)
			peer->last_id = 1;
	} while (flow_find(&peer->flow, peer->last_id));
	return peer->last_id;
}

bool peer_may_publish(const struct peer *peer, unsigned qos)
{
	if (qos == 0)
		return true;
	return !flow_owed(&peer->flow) && peer->flow.inflight < peer->limits.receive_maximum;
}

static void note_published(struct peer *peer, const struct publish *message, bool held_back)
{
	if (message->qos == 0)
		return;
	struct sending *sending = flow_find(&peer->flow, message->id);
	peer->published_id = message->id;
	if (!held_back)
		return;
	peer->held_id = message->id;
	if (sending)
		sending->held_back = true;
}

bool peer_carry(struct peer *peer, const struct publish *message, const struct carriage *how, struct fault *fault)
{
	struct publish numbered = *message;
	struct buf packet;
	if (how->again && (!peer->published_id || message->qos == 0))
		return fault_set(fault, FAULT_BUG, "%.100s has published nothing that could be sent again", peer->who);
	if (message->qos > 0)
		numbered.id = how->again ? peer->published_id : next_id(peer);
	numbered.dup = message->dup || how->again;
	buf_init(&packet, WIRE_PACKET_MAX);
	build_publish(&packet, &numbered, NULL);
	if (!peer_send_packet(peer, &packet, how->dribbled, fault))
		return false;
	note_published(peer, &numbered, how->held_back);
	return true;
}

bool peer_publish(struct peer *peer, const struct publish *message, struct fault *fault)
{
	static const struct carriage plain;
	uint16_t published = peer->published_id;
	bool sent = peer_carry(peer, message, &plain, fault);
	peer->published_id = published;
	return sent;
}

/* [MQTT-4.3.3-6] Once PUBREL is sent, the PUBLISH is not sent again. */
bool peer_may_repeat(const struct peer *peer)
{
	const struct sending *sending = flow_find(&peer->flow, peer->published_id);
	return !sending || sending->stage != SENDING_RELEASE;
}

bool peer_complete(struct peer *peer, struct fault *fault)
{
	struct buf packet;
	struct sending *sending = flow_find(&peer->flow, peer->held_id);
	if (!peer->held_id)
		return fault_set(fault, FAULT_BUG, "%.100s has held nothing back", peer->who);
	if (sending) {
		sending->stage = SENDING_RELEASE;
		sending->held_back = false;
		sending->here = true;
	}
	buf_init(&packet, WIRE_PACKET_MAX);
	build_ack(&packet, PACKET_PUBREL, peer->held_id, 0x00, NULL);
	return peer_send_packet(peer, &packet, false, fault);
}

static void build_subscribe(struct peer *peer, enum packet_type type, const struct filters *fields, struct buf *packet)
{
	struct filters numbered = *fields;
	numbered.id = next_id(peer);
	build_filters(packet, type, &numbered, NULL);
}

bool peer_subscribe(struct peer *peer, const struct filters *fields, bool dribbled, struct fault *fault)
{
	struct buf packet;
	buf_init(&packet, WIRE_PACKET_MAX);
	build_subscribe(peer, PACKET_SUBSCRIBE, fields, &packet);
	return peer_send_packet(peer, &packet, dribbled, fault);
}

bool peer_filters(struct peer *peer, enum packet_type type, const char *const *filters, size_t count,
		  unsigned char options, struct fault *fault)
{
	struct filters fields = { .filters = filters, .count = count, .options = options };
	struct buf packet;
	buf_init(&packet, WIRE_PACKET_MAX);
	build_subscribe(peer, type, &fields, &packet);
	return peer_send_packet(peer, &packet, false, fault);
}

bool peer_enclose_publish(struct peer *peer, const struct publish *message, struct buf *bytes)
{
	struct publish numbered = *message;
	if (message->qos > 0)
		numbered.id = peer->published_id = next_id(peer);
	build_publish(bytes, &numbered, NULL);
	return !bytes->failed;
}

void peer_enclose_filters(struct peer *peer, const struct filters *fields, struct buf *bytes)
{
	build_subscribe(peer, PACKET_SUBSCRIBE, fields, bytes);
}

bool peer_renew(struct peer *peer, const struct script_actor *actor, struct fault *fault)
{
	static const char default_method[] = "OAUTH2-JWT";
	const char *method = actor->method ? actor->method : default_method;
	struct buf properties;
	struct parcel parcel;
	struct token token;
	token_init(&token);
	parcel_init(&parcel);
	buf_init(&properties, 2 * UINT16_MAX);
	bool sent = token_mint(&token, peer->run, actor, peer->attempt, ++peer->run->connections, fault);
	build_text(&properties, PROPERTY_AUTH_METHOD, slice_text(method));
	if (token.text.size > 0)
		build_text(&properties, PROPERTY_AUTH_DATA, buf_slice(&token.text));
	build_auth(&parcel.bytes, 0x19, buf_slice(&properties), NULL);
	buf_put(&parcel.shown, buf_slice(&parcel.bytes));
	parcel.bytes.failed |= properties.failed || parcel.shown.failed;
	if (sent && !parcel.bytes.failed)
		token_blot(buf_slice(&token.text), parcel.shown.data, parcel.shown.size);
	parcel.exp_us = token.exp_us;
	sent = sent && peer_send(peer, &parcel, fault);
	token_release(&token);
	parcel_release(&parcel);
	buf_release(&properties);
	return sent;
}

bool peer_ping(struct peer *peer, struct fault *fault)
{
	struct buf packet;
	buf_init(&packet, WIRE_PACKET_MAX);
	build_empty(&packet, PACKET_PINGREQ, NULL);
	peer->ping_us = clock_monotonic_us();
	return peer_send_packet(peer, &packet, false, fault);
}

void peer_acknowledge(struct peer *peer, enum packet_type type, uint16_t id, unsigned char code)
{
	struct buf packet;
	struct fault ignored; /* a connection that is just ending: the judge sees it end */
	buf_init(&packet, WIRE_PACKET_MAX);
	build_ack(&packet, type, id, code, NULL);
	peer_send_packet(peer, &packet, false, &ignored);
}

/* [MQTT-3.3.1-1] DUP is the one bit in which a PUBLISH that is sent again differs. */
static bool resend_one(struct peer *peer, struct sending *sending)
{
	struct parcel parcel;
	struct fault ignored;
	parcel_init(&parcel);
	buf_put(&parcel.bytes, buf_slice(&sending->packet));
	if (!parcel.bytes.failed && parcel.bytes.size > 0)
		parcel.bytes.data[0] |= 0x08;
	bool held_back = sending->held_back;
	uint16_t id = sending->id;
	bool sent = peer_send(peer, &parcel, &ignored);
	parcel_release(&parcel);
	sending = flow_find(&peer->flow, id);
	if (sending)
		sending->held_back = held_back;
	return sent;
}

void peer_resend(struct peer *peer)
{
	struct sending *owed;
	while (peer->state == PEER_READY && (owed = flow_owed(&peer->flow))) {
		if (owed->stage == SENDING_PUBLISH) {
			if (peer->flow.inflight >= peer->limits.receive_maximum || !resend_one(peer, owed))
				return;
			continue;
		}
		flow_resent(&peer->flow, owed);
		peer_acknowledge(peer, PACKET_PUBREL, owed->id, 0x00);
	}
}

void peer_leave_with(struct peer *peer, unsigned char code, int64_t session_s)
{
	struct buf packet, properties;
	struct fault ignored;
	if (peer->state != PEER_READY) {
		peer_drop(peer);
		return;
	}
	buf_init(&packet, WIRE_PACKET_MAX);
	buf_init(&properties, 16);
	if (session_s >= 0)
		build_number(&properties, PROPERTY_SESSION_EXPIRY, (uint32_t)session_s);
	build_disconnect(&packet, code, buf_slice(&properties), NULL);
	buf_release(&properties);
	if (!peer_send_packet(peer, &packet, false, &ignored)) {
		peer_drop(peer);
		return;
	}
	if (session_s == 0)
		peer_forget_session(peer);
	peer->state = PEER_LEAVING;
	line_finish(peer->line);
}

void peer_leave(struct peer *peer)
{
	peer_leave_with(peer, 0x00, -1);
}
