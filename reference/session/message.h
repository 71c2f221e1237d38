/* An application message on its way from a PUBLISH or a will to its receivers: one copy, counted
 * references. */
#ifndef MQTT_AGENT_MESSAGE_H
#define MQTT_AGENT_MESSAGE_H

#include "identity.h"
#include "property.h"

/* Who published a message, shared by all that one token published. Asked at the gate, it has the rights that
 * the policy in force gives it; what was said is not unsaid by the end of the token. */
struct author {
	size_t references;
	struct identity identity;
};

/* NULL when out of memory. The caller holds the first reference. */
struct author *author_new(const struct identity *identity);
void author_release(struct author *author); /* NULL is taken */

struct message {
	size_t references;
	struct author *author; /* NULL: the broker itself */
	struct slice topic, payload;
	/* The properties that are forwarded: unaltered and in order [MQTT-3.3.2-17, -18]; without the
	 * expiry, which is counted down, and without what belongs to the sender's connection. */
	struct slice properties;
	int64_t arrived_ms; /* monotonic */
	uint32_t expiry;    /* seconds from its arrival */
	bool has_expiry;
	bool retain; /* as published */
	uint8_t qos; /* 0 or 1, as published */
};

/* Copies everything. NULL when out of memory. The caller holds the first reference. */
struct message *message_new(struct slice topic, struct slice payload, const struct properties *properties, uint8_t qos,
			    int64_t now_ms);
/* Says who published it, and whether with the retain flag. */
void message_sign(struct message *message, struct author *author, bool retain);
struct message *message_hold(struct message *message);
void message_release(struct message *message); /* NULL is taken */

/* [MQTT-3.3.2-5] */
bool message_expired(const struct message *message, int64_t now_ms);
/* Seconds that are left [MQTT-3.3.2-6]. */
uint32_t message_expiry_left(const struct message *message, int64_t now_ms);
/* Bytes, for accounting. */
size_t message_size(const struct message *message);

#endif
