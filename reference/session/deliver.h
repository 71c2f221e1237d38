/* From one message to its receivers: each matching session of the organisation once, at the largest
 * QoS that its matching filters were granted (MQTT 5.0 section 3.3.4), and each matching share once. */
#ifndef MQTT_AGENT_DELIVER_H
#define MQTT_AGENT_DELIVER_H

#include "client.h"
#include "organisation.h"

/* from: the publishing session, for No Local. */
void deliver(struct service *service, struct organisation *organisation, struct message *message,
	     const struct session *from);

/* One message for one session. */
struct delivery {
	struct message *message;
	struct slice subscription_ids; /* encoded */
	uint8_t qos;                   /* as it is to be sent; at QoS 0 only who is connected gets it */
	bool retain;                   /* the flag, as it is to be sent */
	enum door door;                /* what the gate is asked when it is sent at once */
};

/* Sent, or kept until it can be. */
void deliver_to(struct session *session, const struct delivery *delivery);

#endif
