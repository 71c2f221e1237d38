/* Sessions: birth, subscriptions, end. */
#include "session.h"
#include "deliver.h"
#include "order.h"
#include "organisation.h"

#include "crypto.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>

enum { ASSIGNED_BYTES = 16 };

static int compare_filters(const void *a, const void *b)
{
	return slice_order(((const struct subscription *)a)->filter, ((const struct subscription *)b)->filter);
}

/* [MQTT-3.1.3-6] An id that nobody guesses, so that nobody takes the session over by it. */
static char *assigned_id(void)
{
	unsigned char bytes[ASSIGNED_BYTES];
	struct buf text;
	char *id = NULL;

	if (!random_bytes(bytes, sizeof bytes))
		return NULL;
	buf_init(&text, 64);
	buf_text(&text, "auto-");
	for (size_t i = 0; i < sizeof bytes; i++)
		buf_format(&text, "%02x", (unsigned)bytes[i]);
	if (!text.failed)
		id = slice_copy(buf_slice(&text));
	buf_release(&text);
	return id;
}

static bool session_name(struct session *session, struct slice client_id)
{
	char *copy = client_id.size ? slice_copy(client_id) : assigned_id();

	if (!copy)
		return false;
	session->client_id = slice_of(copy, client_id.size ? client_id.size : strlen(copy));
	return true;
}

static void session_free(struct session *session)
{
	while (session->queue)
		queue_drop_first(session);
	message_release(session->will);
	buf_release(&session->match.ids);
	free((void *)(uintptr_t)session->client_id.data);
	free(session);
}

struct session *session_new(struct client *client, const struct identity *identity, struct slice client_id)
{
	struct session *session = calloc(1, sizeof *session);
	struct service *service = client->service;

	if (!session)
		return NULL;
	session->service = service;
	session->client = client;
	session->identity = *identity;
	session->queue_end = &session->queue;
	buf_init(&session->match.ids, LIMIT_SUBSCRIPTIONS * (1 + VARINT_BYTES_MAX));
	if (!session_name(session, client_id))
		goto failed;
	session->organisation = organisation_enter(service, identity_claim(identity, CLAIM_ORG_ID));
	if (!session->organisation)
		goto failed;
	if (organisation_add_session(session->organisation, session))
		return session;
	organisation_leave(service, session->organisation);
failed:
	session_free(session);
	return NULL;
}

static struct subscription *subscription_find(const struct session *session, struct slice filter)
{
	struct subscription key = { .filter = filter };
	void *found = tfind(&key, &session->subscriptions, compare_filters);

	return found ? *(struct subscription **)found : NULL;
}

bool session_subscribed(const struct session *session, struct slice filter)
{
	return subscription_find(session, filter) != NULL;
}

static struct subscription *subscription_new(struct session *session, struct slice filter)
{
	struct subscription *subscription = calloc(1, sizeof *subscription + filter.size);

	if (!subscription)
		return NULL;
	memcpy(subscription + 1, filter.data, filter.size);
	subscription->filter = slice_of(subscription + 1, filter.size);
	subscription->subscriber = session;
	return subscription;
}

static struct subscription *subscription_add(struct session *session, struct slice filter)
{
	struct subscription *subscription = subscription_new(session, filter);

	if (!subscription)
		return NULL;
	if (!tsearch(subscription, &session->subscriptions, compare_filters))
		goto failed;
	if (tree_add(session->organisation->tree, subscription)) {
		session->subscription_count++;
		return subscription;
	}
	tdelete(subscription, &session->subscriptions, compare_filters);
failed:
	free(subscription);
	return NULL;
}

static void subscription_remove(struct session *session, struct subscription *subscription)
{
	tree_remove(session->organisation->tree, subscription);
	tdelete(subscription, &session->subscriptions, compare_filters);
	session->subscription_count--;
	free(subscription);
}

bool session_subscribe(struct session *session, const struct packet_subscription *wanted, uint8_t qos, uint32_t id)
{
	struct subscription *subscription = subscription_find(session, wanted->filter);

	if (!subscription)
		subscription = subscription_add(session, wanted->filter);
	if (!subscription)
		return false;
	subscription->qos = qos;
	subscription->id = id;
	subscription->no_local = wanted->no_local;
	return true;
}

bool session_unsubscribe(struct session *session, struct slice filter)
{
	struct subscription *subscription = subscription_find(session, filter);

	if (!subscription)
		return false;
	subscription_remove(session, subscription);
	return true;
}

/* The will is decided anew when it is due: what was lawful at CONNECT may not be now. */
static void send_will(struct session *session)
{
	struct message *will = session->will;
	struct request request = { DOOR_WILL_SEND, slice_of(NULL, 0), 0, false, session->service->now.wall_ms };

	if (!will)
		return;
	request.topic = will->topic;
	request.qos = will->qos;
	will->arrived_ms = session->service->now.monotonic_ms; /* its expiry counts from now (3.1.3.2.4) */
	if (gate_ask(session->service->gate, &session->identity, &request).allowed)
		deliver(session->service, session->organisation, will, session);
}

void session_end(struct session *session)
{
	struct service *service = session->service;
	struct organisation *organisation = session->organisation;

	session->client->session = NULL;
	organisation_remove_session(organisation, session);
	while (session->subscriptions)
		subscription_remove(session, *(struct subscription **)session->subscriptions);
	send_will(session);
	session_free(session);
	organisation_leave(service, organisation);
}
