/* Delivery: who matches, and how each of them gets it. */
#include "deliver.h"
#include "retain.h"
#include "send.h"
#include "share.h"

/* What tree_match collects: the sessions that are to receive, each once, however many of its filters
 * match [DLV-04]. */
struct round {
	uint64_t number;
	struct message *message;
	const struct session *from;
	struct session *first;
};

/* [SUB-12, MQTT-4.5.0-1] A session that outlives its connection goes on being owed. */
static bool receives(const struct session *session)
{
	return session->expiry || session_connected(session);
}

static uint8_t smaller(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

static bool takes_now(const struct share_member *member)
{
	const struct session *session = member->subscriber;

	return session_connected(session) && session->client->window;
}

static bool is_connected(const struct share_member *member)
{
	return session_connected(member->subscriber);
}

static bool takes_later(const struct share_member *member)
{
	return receives(member->subscriber);
}

/* [SUB-41] One member. Who can take it at once goes before who is busy, and who is busy before who is
 * away. A message that was sent to one member is that member's, also when it comes again [MQTT-4.8.2-4, -5]. */
static void deliver_share(struct share *share, struct message *message)
{
	const struct share_member *member = share_next(share, takes_now);
	struct delivery delivery = { .message = message, .door = DOOR_DELIVER_LIVE };
	struct buf id;

	if (!member)
		member = share_next(share, is_connected);
	if (!member)
		member = share_next(share, takes_later);
	if (!member)
		return;
	buf_init(&id, VARINT_BYTES_MAX + 1);
	if (member->id)
		property_put_number(&id, PROPERTY_SUBSCRIPTION_ID, member->id);
	delivery.subscription_ids = buf_slice(&id);
	delivery.qos = smaller(message->qos, member->qos);
	delivery.retain = message->retain && member->retain_as_published;
	deliver_to(member->subscriber, &delivery);
	buf_release(&id);
}

static void visit(void *context, struct subscription *subscription)
{
	struct round *round = context;
	struct session *session = subscription->subscriber;

	if (subscription->share) {
		deliver_share(subscription->share, round->message);
		return;
	}
	if (!receives(session))
		return;
	if (subscription->no_local && session == round->from) /* [SUB-38, MQTT-3.8.3-3] */
		return;
	if (session->match.round != round->number) {
		session->match.round = round->number;
		session->match.qos = 0;
		session->match.retain = false;
		buf_clear(&session->match.ids);
		session->match.next = round->first;
		round->first = session;
	}
	if (subscription->qos > session->match.qos)
		session->match.qos = subscription->qos;
	session->match.retain = session->match.retain || subscription->retain_as_published;
	if (subscription->id) /* [SUB-39, MQTT-3.3.4-3, -4] */
		property_put_number(&session->match.ids, PROPERTY_SUBSCRIPTION_ID, subscription->id);
}

static void send_once(struct session *session, const struct delivery *delivery)
{
	const struct sending sending = { .message = delivery->message,
					 .subscription_ids = delivery->subscription_ids,
					 .retain = delivery->retain,
					 .door = delivery->door };

	if (session_connected(session))
		send_publish(session->client, &sending);
}

/* A connection whose token has expired may not have been told yet. It gets nothing more; its session
 * does. */
void deliver_to(struct session *session, const struct delivery *delivery)
{
	if (session->client)
		client_tick(session->client);
	if (!delivery->qos)
		send_once(session, delivery);
	else if (!receives(session))
		return;
	else if (outgoing_add(&session->outgoing, delivery, session->service->now.monotonic_ms))
		outgoing_pump(session, delivery->door);
	else
		session_break(session, REASON_QUOTA, "does not acknowledge what it subscribed to");
}

/* [SUB-23] At the lower quality of service; [SUB-32, MQTT-3.3.1-12, -13] with RETAIN where it was asked for. */
static void deliver_match(struct session *session, struct message *message)
{
	const struct delivery delivery = { .message = message,
					   .subscription_ids = buf_slice(&session->match.ids),
					   .qos = smaller(message->qos, session->match.qos),
					   .retain = message->retain && session->match.retain,
					   .door = DOOR_DELIVER_LIVE };

	if (session->match.ids.failed)
		session_break(session, REASON_IMPLEMENTATION, "out of memory");
	else
		deliver_to(session, &delivery);
}

void deliver(struct service *service, struct organisation *organisation, struct message *message,
	     const struct session *from)
{
	struct round round = { ++service->rounds, message, from, NULL };

	retain_apply(service, organisation, message);
	tree_match(organisation->tree, message->topic, visit, &round);
	for (struct session *session = round.first; session; session = session->match.next)
		deliver_match(session, message);
}
