/* What a session has subscribed to: each filter once, as it was written, in the topic tree by itself or as a
 * member of a share (MQTT 5.0 sections 3.8 and 4.8.2). */
#ifndef MQTT_AGENT_SUBSCRIPTIONS_H
#define MQTT_AGENT_SUBSCRIPTIONS_H

#include "packet.h"
#include "share.h"

#include <stdbool.h>

struct session;
struct identity;

struct held_filter {
	struct slice written; /* first, so that a key can stand in for it; the bytes stand behind the struct */
	struct slice group;   /* part of it; empty: not shared */
	struct slice filter;  /* part of it: what is matched */
	uint8_t qos;          /* granted */
	uint32_t id;          /* Subscription Identifier, 0: none */
	struct subscription place;  /* where it is not shared */
	struct share_member member; /* where it is */
	struct held_filter *next, **link;
};

struct subscriptions {
	void *index; /* tsearch root */
	struct held_filter *first;
	size_t count, bytes; /* of the filters */
};

/* The one that was written like this, or NULL. */
struct held_filter *subscription_find(const struct session *session, struct slice written);
/* Is there room for one more like this, or is it there already? LIMIT_SUBSCRIPTIONS and its bytes. */
bool subscription_fits(const struct session *session, struct slice written);
/* Adds, or replaces the one that was written alike [MQTT-3.8.4-3]. NULL when out of memory. */
struct held_filter *subscription_set(struct session *session, const struct packet_subscription *wanted, uint8_t qos,
				     uint32_t id);
void subscription_remove(struct session *session, struct held_filter *held);

/* Is every one of them still granted to this identity, at the quality of service that it was granted? */
bool subscriptions_stand(const struct session *session, const struct identity *identity);

#endif
