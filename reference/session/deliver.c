/* Delivery: matching, sending, waiting. */
#include "deliver.h"
#include "write.h"

#include <stdlib.h>

/* What tree_match collects: the sessions that are to receive, each once. */
struct round {
	uint64_t number;
	const struct session *from;
	struct session *first;
};

static void visit(void *context, struct subscription *subscription)
{
	struct round *round = context;
	struct session *session = subscription->subscriber;

	if (session->client->state != CLIENT_CONNECTED)
		return;
	if (subscription->no_local && session == round->from) /* [MQTT-3.8.3-3] */
		return;
	if (session->match.round != round->number) {
		session->match.round = round->number;
		session->match.qos = 0;
		buf_clear(&session->match.ids);
		session->match.next = round->first;
		round->first = session;
	}
	if (subscription->qos > session->match.qos)
		session->match.qos = subscription->qos;
	if (subscription->id) /* [MQTT-3.3.4-3, -4] */
		property_put_number(&session->match.ids, PROPERTY_SUBSCRIPTION_ID, subscription->id);
}

static bool id_in_flight(const struct session *session, uint16_t id)
{
	for (unsigned i = 0; i < session->inflight_count; i++)
		if (session->inflight[i] == id)
			return true;
	return false;
}

static bool window_open(const struct session *session)
{
	return session->inflight_count < session->client->window; /* [MQTT-3.3.4-9] */
}

/* There are more ids than places in the window: one is always free. */
static uint16_t take_id(struct session *session)
{
	do
		session->last_id = (uint16_t)(session->last_id == UINT16_MAX ? 1 : session->last_id + 1);
	while (id_in_flight(session, session->last_id));
	session->inflight[session->inflight_count++] = session->last_id;
	return session->last_id;
}

bool delivery_done(struct session *session, uint16_t id)
{
	unsigned i = 0;

	while (i < session->inflight_count && session->inflight[i] != id)
		i++;
	if (i == session->inflight_count)
		return false;
	session->inflight_count--;
	memmove(&session->inflight[i], &session->inflight[i + 1],
		(session->inflight_count - i) * sizeof session->inflight[0]);
	return true;
}

/* A message that is larger than the receiver takes counts as sent [MQTT-3.1.2-25]. */
static void send_now(struct session *session, const struct message *message, uint8_t qos, struct slice ids,
		     enum door door)
{
	struct client *client = session->client;
	int64_t now_ms = session->service->now.monotonic_ms;
	struct request request = { door, message->topic, qos, false, session->service->now.wall_ms };
	struct publish_out out = { message->topic, message->payload, message->properties, ids,
				   message->has_expiry, message_expiry_left(message, now_ms), 0, qos };
	size_t size = publish_size(&out);

	if (!gate_ask(session->service->gate, &session->identity, &request).allowed) /* [SBS-02] */
		return;
	if (size > client->maximum_packet)
		return;
	if (client_backlog(client) + size > LIMIT_BACKLOG_BYTES) {
		client_end(client, REASON_QUOTA, "does not read what it subscribed to");
		return;
	}
	if (qos)
		out.id = take_id(session);
	write_publish(client_stage(client), &out);
}

static void enqueue(struct session *session, struct message *message, uint8_t qos, struct slice ids)
{
	size_t size = sizeof(struct queued) + ids.size + message_size(message);
	struct queued *queued;

	if (session->queue_count == LIMIT_QUEUE_MESSAGES ||
	    client_backlog(session->client) + size > LIMIT_BACKLOG_BYTES) {
		client_end(session->client, REASON_QUOTA, "does not acknowledge what it subscribed to");
		return;
	}
	queued = calloc(1, sizeof *queued + ids.size);
	if (!queued) {
		client_end(session->client, REASON_IMPLEMENTATION, "out of memory");
		return;
	}
	if (ids.size)
		memcpy(queued + 1, ids.data, ids.size);
	queued->subscription_ids = slice_of(queued + 1, ids.size);
	queued->message = message_hold(message);
	queued->qos = qos;
	*session->queue_end = queued;
	session->queue_end = &queued->next;
	session->queue_count++;
	session->queue_bytes += size;
}

void queue_drop_first(struct session *session)
{
	struct queued *queued = session->queue;

	session->queue = queued->next;
	if (!session->queue)
		session->queue_end = &session->queue;
	session->queue_count--;
	session->queue_bytes -= sizeof *queued + queued->subscription_ids.size + message_size(queued->message);
	message_release(queued->message);
	free(queued);
}

/* What must wait is asked when it is sent, at the door of queued delivery. */
static void deliver_to(struct session *session, struct message *message)
{
	uint8_t qos = message->qos < session->match.qos ? message->qos : session->match.qos;
	struct slice ids = buf_slice(&session->match.ids);

	if (session->client->state != CLIENT_CONNECTED)
		return;
	if (session->match.ids.failed)
		client_end(session->client, REASON_IMPLEMENTATION, "out of memory");
	else if (qos && (session->queue || !window_open(session)))
		enqueue(session, message, qos, ids);
	else
		send_now(session, message, qos, ids, DOOR_DELIVER_LIVE);
}

void deliver(struct service *service, struct organisation *organisation, struct message *message,
	     const struct session *from)
{
	struct round round = { ++service->rounds, from, NULL };

	tree_match(organisation->tree, message->topic, visit, &round);
	for (struct session *session = round.first; session; session = session->match.next)
		deliver_to(session, message);
}

void deliver_queued(struct session *session)
{
	int64_t now_ms = session->service->now.monotonic_ms;

	while (session->queue && window_open(session) && session->client->state == CLIENT_CONNECTED) {
		const struct queued *first = session->queue;

		if (!message_expired(first->message, now_ms))
			send_now(session, first->message, first->qos, first->subscription_ids, DOOR_DELIVER_QUEUED);
		queue_drop_first(session);
	}
}
