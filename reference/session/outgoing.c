/* The list of what a session is owed. */
#include "outgoing.h"
#include "deliver.h"
#include "send.h"
#include "session.h"
#include "write.h"

#include <stdlib.h>

void outgoing_init(struct outgoing *outgoing)
{
	outgoing->end = &outgoing->first;
	outgoing->unsent = &outgoing->first;
}

void outgoing_restart(struct outgoing *outgoing)
{
	outgoing->unsent = &outgoing->first;
}

static size_t owed_bytes(const struct owed *owed)
{
	return sizeof *owed + owed->subscription_ids.size + (owed->message ? message_size(owed->message) : 0);
}

static void drop_message(struct outgoing *outgoing, struct owed *owed)
{
	outgoing->bytes -= owed->message ? message_size(owed->message) : 0;
	message_release(owed->message);
	owed->message = NULL;
}

static void owed_remove(struct outgoing *outgoing, struct owed **link)
{
	struct owed *owed = *link;

	drop_message(outgoing, owed);
	*link = owed->next;
	if (outgoing->end == &owed->next)
		outgoing->end = link;
	if (outgoing->unsent == &owed->next)
		outgoing->unsent = link;
	if (owed->id)
		outgoing->inflight--;
	else
		outgoing->waiting--;
	outgoing->bytes -= owed_bytes(owed);
	free(owed);
}

void outgoing_release(struct outgoing *outgoing)
{
	while (outgoing->first)
		owed_remove(outgoing, &outgoing->first);
}

static bool has_room(const struct outgoing *outgoing, size_t bytes)
{
	return outgoing->waiting < LIMIT_QUEUE_MESSAGES && outgoing->bytes + bytes <= LIMIT_QUEUE_BYTES;
}

/* [SUB-21, MQTT-3.3.2-5] Only what was never sent may expire [MQTT-4.3.3-7]. */
static void remove_expired(struct outgoing *outgoing, int64_t now_ms)
{
	struct owed **link = outgoing->unsent;

	while (*link) {
		if (!(*link)->id && message_expired((*link)->message, now_ms))
			owed_remove(outgoing, link);
		else
			link = &(*link)->next;
	}
}

/* [SUB-24] Behind all that is owed already. */
bool outgoing_add(struct outgoing *outgoing, const struct delivery *delivery, int64_t now_ms)
{
	struct message *message = delivery->message;
	struct slice ids = delivery->subscription_ids;
	size_t bytes = sizeof(struct owed) + ids.size + message_size(message);
	struct owed *owed;

	if (!has_room(outgoing, bytes))
		remove_expired(outgoing, now_ms);
	if (!has_room(outgoing, bytes))
		return false;
	owed = calloc(1, sizeof *owed + ids.size);
	if (!owed)
		return false;
	if (ids.size)
		memcpy(owed + 1, ids.data, ids.size);
	owed->subscription_ids = slice_of(owed + 1, ids.size);
	owed->message = message_hold(message);
	owed->qos = delivery->qos;
	owed->retain = delivery->retain;
	*outgoing->end = owed;
	outgoing->end = &owed->next;
	outgoing->waiting++;
	outgoing->bytes += bytes;
	return true;
}

/* Those with an identifier stand in front. */
static bool id_in_use(const struct outgoing *outgoing, uint16_t id)
{
	for (const struct owed *owed = outgoing->first; owed && owed->id; owed = owed->next)
		if (owed->id == id)
			return true;
	return false;
}

/* [MQTT-2.2.1-4] There are more ids than places in the window: one is always free. */
static uint16_t free_id(const struct outgoing *outgoing)
{
	uint16_t id = outgoing->last_id;

	do
		id = (uint16_t)(id == UINT16_MAX ? 1 : id + 1);
	while (id_in_use(outgoing, id));
	return id;
}

/* The places in the window are the receiver's [MQTT-3.3.4-9], and no more than LIMIT_INFLIGHT. */
static bool may_publish(const struct outgoing *outgoing, const struct owed *owed, const struct client *client)
{
	return client->window && (owed->id || outgoing->inflight < LIMIT_INFLIGHT);
}

static void mark_sent(struct outgoing *outgoing, struct owed *owed, uint16_t id)
{
	if (!owed->id) {
		outgoing->inflight++;
		outgoing->waiting--;
		outgoing->last_id = id;
	}
	owed->id = id;
	owed->state = owed->qos == 1 ? SENDER_PUBACK : SENDER_PUBREC;
	outgoing->unsent = &owed->next;
}

static bool publish_next(struct session *session, struct owed *owed, enum door door)
{
	struct outgoing *outgoing = &session->outgoing;
	struct sending sending = { .message = owed->message,
				   .subscription_ids = owed->subscription_ids,
				   .qos = owed->qos,
				   .dup = owed->id != 0,
				   .retain = owed->retain,
				   .door = door };

	if (!may_publish(outgoing, owed, session->client))
		return false;
	sending.id = owed->id ? owed->id : free_id(outgoing);
	switch (send_publish(session->client, &sending)) {
	case SEND_DONE:
		session->client->window--;
		mark_sent(outgoing, owed, sending.id);
		return true;
	case SEND_NEVER:
		owed_remove(outgoing, outgoing->unsent);
		return true;
	default:
		return false;
	}
}

/* False: nothing more can be sent for now. */
static bool send_next(struct session *session, enum door door)
{
	struct outgoing *outgoing = &session->outgoing;
	struct owed *owed = *outgoing->unsent;

	if (!owed || !session_connected(session))
		return false;
	if (!owed->id && message_expired(owed->message, session->service->now.monotonic_ms)) {
		owed_remove(outgoing, outgoing->unsent);
		return true;
	}
	if (owed->state != SENDER_PUBCOMP)
		return publish_next(session, owed, owed->id ? DOOR_DELIVER_QUEUED : door);
	send_ack(session->client, PACKET_PUBREL, owed->id, REASON_SUCCESS);
	outgoing->unsent = &owed->next;
	return true;
}

void outgoing_pump(struct session *session, enum door door)
{
	while (send_next(session, door))
		continue;
}

/* What this connection was not sent yet, it cannot acknowledge. */
static struct owed **find_sent(struct outgoing *outgoing, uint16_t id)
{
	struct owed **link = &outgoing->first;

	while (link != outgoing->unsent && (*link)->id != id)
		link = &(*link)->next;
	return link != outgoing->unsent ? link : NULL;
}

enum sender_answer outgoing_event(struct session *session, uint16_t id, enum sender_event event)
{
	struct outgoing *outgoing = &session->outgoing;
	struct owed **link = find_sent(outgoing, id);
	struct sender_step step = sender_step(link ? (*link)->state : SENDER_FREE, event);

	if (!link)
		return step.answer;
	(*link)->state = step.next;
	if (step.next == SENDER_PUBCOMP)
		drop_message(outgoing, *link);
	if (step.next == SENDER_FREE) {
		owed_remove(outgoing, link);
		client_window_opens(session->client);
	}
	return step.answer;
}
