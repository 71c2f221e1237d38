/* A session: what one owner has under one client id. In this version it ends with its connection
 * (Session Expiry Interval 0 is announced). */
#ifndef MQTT_AGENT_SESSION_H
#define MQTT_AGENT_SESSION_H

#include "mqtt_limits.h"
#include "message.h"
#include "packet.h"
#include "service.h"

struct organisation;
struct subscription;

/* A QoS 1 message that waits for a place in the receiver's window. */
struct queued {
	struct queued *next;
	struct message *message;
	struct slice subscription_ids; /* encoded; the bytes stand behind the struct */
	uint8_t qos;
};

struct session {
	struct service *service;
	struct organisation *organisation;
	struct identity identity; /* of the last accepted token: owner, and what is asked at the gate */
	struct slice client_id;   /* owned */
	struct session *next;     /* another owner's, same organisation and client id */
	struct client *client;    /* the connection */
	struct message *will;     /* NULL: none */

	void *subscriptions; /* tsearch root: filter -> struct subscription */
	size_t subscription_count;

	struct queued *queue, **queue_end;
	size_t queue_count, queue_bytes;

	uint16_t inflight[LIMIT_INFLIGHT]; /* packet ids that wait for their PUBACK */
	unsigned inflight_count;
	uint16_t last_id;

	/* What the running delivery found (deliver.c). */
	struct {
		uint64_t round;
		struct session *next;
		struct buf ids; /* encoded Subscription Identifiers of all matching filters */
		uint8_t qos;
	} match;
};

/* NULL when out of memory. An empty client_id gets one assigned. */
struct session *session_new(struct client *client, const struct identity *identity, struct slice client_id);
/* Takes its subscriptions out of the tree, sends its will if it has one and the gate allows, frees. */
void session_end(struct session *session);

bool session_subscribed(const struct session *session, struct slice filter);
/* Adds, or replaces the one with the same filter [MQTT-3.8.4-3]. False when out of memory. */
bool session_subscribe(struct session *session, const struct packet_subscription *wanted, uint8_t qos, uint32_t id);
/* False when there was none. */
bool session_unsubscribe(struct session *session, struct slice filter);

#endif
