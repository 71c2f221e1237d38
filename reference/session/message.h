/* An application message on its way from a PUBLISH or a will to its receivers: one copy, counted
 * references. */
#ifndef MQTT_AGENT_MESSAGE_H
#define MQTT_AGENT_MESSAGE_H

#include "property.h"

struct message {
	size_t references;
	struct slice topic, payload;
	/* The properties that are forwarded: unaltered and in order [MQTT-3.3.2-17, -18]; without the
	 * expiry, which is counted down, and without what belongs to the sender's connection. */
	struct slice properties;
	int64_t arrived_ms; /* monotonic */
	uint32_t expiry;    /* seconds from its arrival */
	bool has_expiry;
	uint8_t qos; /* 0 or 1, as published */
};

/* Copies everything. NULL when out of memory. The caller holds the first reference. */
struct message *message_new(struct slice topic, struct slice payload, const struct properties *properties, uint8_t qos,
			    int64_t now_ms);
struct message *message_hold(struct message *message);
void message_release(struct message *message); /* NULL is taken */

/* [MQTT-3.3.2-5] */
bool message_expired(const struct message *message, int64_t now_ms);
/* Seconds that are left [MQTT-3.3.2-6]. */
uint32_t message_expiry_left(const struct message *message, int64_t now_ms);
/* Bytes, for accounting. */
size_t message_size(const struct message *message);

#endif
