/* Subscriptions of a session. */
#include "subscriptions.h"
#include "order.h"
#include "organisation.h"
#include "topic.h"

#include <search.h>
#include <stdlib.h>

static int compare_filters(const void *a, const void *b)
{
	return slice_order(*(const struct slice *)a, *(const struct slice *)b);
}

struct held_filter *subscription_find(const struct session *session, struct slice written)
{
	void *found = tfind(&written, &session->subscriptions.index, compare_filters);

	return found ? *(struct held_filter **)found : NULL;
}

bool subscription_fits(const struct session *session, struct slice written)
{
	return subscription_find(session, written) ||
	       (session->subscriptions.count < LIMIT_SUBSCRIPTIONS &&
		session->subscriptions.bytes + written.size <= LIMIT_SUBSCRIPTION_BYTES);
}

static struct held_filter *held_new(struct session *session, struct slice written)
{
	struct held_filter *held = calloc(1, sizeof *held + written.size);

	if (!held)
		return NULL;
	memcpy(held + 1, written.data, written.size);
	held->written = slice_of(held + 1, written.size);
	if (topic_share_split(held->written, &held->group, &held->filter) == SHARE_NONE) {
		held->group = slice_of(NULL, 0);
		held->filter = held->written;
	}
	held->place.subscriber = session;
	held->place.filter = held->filter;
	held->member.subscriber = session;
	return held;
}

static bool enter(struct organisation *organisation, struct held_filter *held)
{
	if (held->group.size)
		return share_join(&organisation->shares, organisation->tree, held->group, held->filter, &held->member);
	return tree_add(organisation->tree, &held->place);
}

static void leave(struct organisation *organisation, struct held_filter *held)
{
	if (held->group.size)
		share_leave(&organisation->shares, organisation->tree, &held->member);
	else
		tree_remove(organisation->tree, &held->place);
}

static struct held_filter *add(struct session *session, struct slice written)
{
	struct subscriptions *subscriptions = &session->subscriptions;
	struct held_filter *held = held_new(session, written);

	if (!held)
		return NULL;
	if (!tsearch(held, &subscriptions->index, compare_filters))
		goto failed;
	if (enter(session->organisation, held)) {
		held->next = subscriptions->first;
		held->link = &subscriptions->first;
		if (held->next)
			held->next->link = &held->next;
		subscriptions->first = held;
		subscriptions->count++;
		subscriptions->bytes += written.size;
		return held;
	}
	tdelete(held, &subscriptions->index, compare_filters);
failed:
	free(held);
	return NULL;
}

/* [SUB-40] */
struct held_filter *subscription_set(struct session *session, const struct packet_subscription *wanted, uint8_t qos,
				     uint32_t id)
{
	struct held_filter *held = subscription_find(session, wanted->filter);

	if (!held)
		held = add(session, wanted->filter);
	if (!held)
		return NULL;
	held->qos = held->place.qos = held->member.qos = qos;
	held->id = held->place.id = held->member.id = id;
	held->place.no_local = wanted->no_local;
	held->place.retain_as_published = held->member.retain_as_published = wanted->retain_as_published;
	return held;
}

void subscription_remove(struct session *session, struct held_filter *held)
{
	struct subscriptions *subscriptions = &session->subscriptions;

	leave(session->organisation, held);
	tdelete(held, &subscriptions->index, compare_filters);
	*held->link = held->next;
	if (held->next)
		held->next->link = held->link;
	subscriptions->count--;
	subscriptions->bytes -= held->written.size;
	free(held);
}

static bool stands(const struct session *session, const struct identity *identity, const struct held_filter *held)
{
	const struct service *service = session->service;
	const struct request request = { .door = DOOR_SUBSCRIBE, .topic = held->filter, .group = held->group,
					 .qos = held->qos, .now_ms = service->now.wall_ms };
	struct decision decision = gate_ask(service->gate, identity, &request);

	return decision.allowed && decision.qos == held->qos;
}

bool subscriptions_stand(const struct session *session, const struct identity *identity)
{
	for (const struct held_filter *held = session->subscriptions.first; held; held = held->next)
		if (!stands(session, identity, held))
			return false;
	return true;
}
