/* QoS 2 messages that were half received: acknowledged with PUBREC, not yet released by PUBREL. They
 * belong to the session and outlive the connection. A message is delivered when it is released and
 * not before, so that it is decided again then. */
#ifndef MQTT_AGENT_INCOMING_H
#define MQTT_AGENT_INCOMING_H

#include "message.h"
#include "reason.h"

struct held {
	struct held *next;
	struct message *message;
	uint16_t id;
	bool counted; /* against Receive Maximum, on this connection */
};

struct incoming {
	struct held *first;
	unsigned count;
	unsigned counted;
	size_t bytes;
};

/* A new connection has a Receive Maximum of its own (MQTT 5.0 section 4.9). */
void incoming_restart(struct incoming *incoming);
void incoming_release(struct incoming *incoming);

bool incoming_holds(const struct incoming *incoming, uint16_t id);
/* May one more PUBLISH with this identifier come, by the Receive Maximum of this connection? */
bool incoming_may_come(const struct incoming *incoming, uint16_t id);

/* Takes a message in, or counts one that has come again. Success, 0x83 (out of memory) or 0x97 (more
 * than a session may hold). */
enum reason incoming_hold(struct incoming *incoming, uint16_t id, struct message *message);
/* Hands over the message that was held, or NULL. */
struct message *incoming_take(struct incoming *incoming, uint16_t id);

#endif
