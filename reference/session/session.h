/* A session: what one owner has under one client id. It outlives its connection as long as its
 * owner asked for (Session Expiry Interval), and then waits for the next one. */
#ifndef MQTT_AGENT_SESSION_H
#define MQTT_AGENT_SESSION_H

#include "incoming.h"
#include "mqtt_limits.h"
#include "outgoing.h"
#include "packet.h"
#include "service.h"
#include "subscriptions.h"

struct organisation;
struct owner;

struct session {
	struct service *service;
	struct organisation *organisation;
	struct owner *owner;
	struct identity identity; /* of the last accepted token: owner, and what is asked at the gate */
	struct slice client_id;   /* owned */
	struct session *next;     /* another owner's, same organisation and client id */
	struct client *client;    /* the connection; NULL: it waits for one */
	uint32_t expiry;          /* seconds that it outlives its connection */
	struct author *author;    /* of what it publishes: the identity, shared with its messages */
	struct message *will;     /* NULL: none */
	uint32_t will_delay;      /* seconds */
	struct {
		struct session *next, **link; /* link NULL: it does not wait */
		int64_t end_ms, will_ms;      /* monotonic */
	} waiting;

	struct subscriptions subscriptions;

	struct outgoing outgoing;
	struct incoming incoming;

	/* What the running delivery found (deliver.c). */
	struct {
		uint64_t round;
		struct session *next;
		struct buf ids; /* encoded Subscription Identifiers of all matching filters */
		uint8_t qos;
		bool retain; /* some of them want the flag as it was published */
	} match;
};

/* A session without a connection. NULL when out of memory. An empty client_id gets one assigned. One
 * that gets no connection after all is ended. */
struct session *session_new(struct service *service, const struct identity *identity, struct slice client_id);
/* Gives it its connection. A will that was waiting for its delay is not sent [MQTT-3.1.3-9]. */
void session_join(struct session *session, struct client *client, const struct identity *identity);
/* Takes its subscriptions out of the tree, sends its will if it has one and the gate allows, frees. */
void session_end(struct session *session);
/* It lost something that it was owed: it ends with this turn, its connection with this code, so that
 * its owner finds Session Present 0 and not a gap. */
void session_break(struct session *session, enum reason code, const char *why);
/* It has a connection that takes packets. */
bool session_connected(const struct session *session);

#endif
