/* Delivery: who matches, and how each of them gets it. */
#include "deliver.h"
#include "send.h"

/* What tree_match collects: the sessions that are to receive, each once. */
struct round {
	uint64_t number;
	const struct session *from;
	struct session *first;
};

/* [MQTT-4.5.0-1] A session that outlives its connection goes on being owed. */
static bool receives(const struct session *session)
{
	return session->expiry || session_connected(session);
}

static void visit(void *context, struct subscription *subscription)
{
	struct round *round = context;
	struct session *session = subscription->subscriber;

	if (!receives(session))
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

static void send_once(struct session *session, struct message *message, struct slice ids, enum door door)
{
	const struct sending sending = { message, ids, 0, 0, false, door };

	if (session_connected(session))
		send_publish(session->client, &sending);
}

/* A connection whose token has expired may not have been told yet. It gets nothing more; its session
 * does. */
void deliver_to(struct session *session, struct message *message, uint8_t qos, struct slice subscription_ids,
		enum door door)
{
	if (session->client)
		client_tick(session->client);
	if (!qos)
		send_once(session, message, subscription_ids, door);
	else if (!receives(session))
		return;
	else if (outgoing_add(&session->outgoing, message, qos, subscription_ids, session->service->now.monotonic_ms))
		outgoing_pump(session, door);
	else
		session_break(session, REASON_QUOTA, "does not acknowledge what it subscribed to");
}

static void deliver_match(struct session *session, struct message *message)
{
	uint8_t qos = message->qos < session->match.qos ? message->qos : session->match.qos;

	if (session->match.ids.failed)
		session_break(session, REASON_IMPLEMENTATION, "out of memory");
	else
		deliver_to(session, message, qos, buf_slice(&session->match.ids), DOOR_DELIVER_LIVE);
}

void deliver(struct service *service, struct organisation *organisation, struct message *message,
	     const struct session *from)
{
	struct round round = { ++service->rounds, from, NULL };

	tree_match(organisation->tree, message->topic, visit, &round);
	for (struct session *session = round.first; session; session = session->match.next)
		deliver_match(session, message);
}
