/* From one message to its receivers: each matching session of the organisation once, at the largest
 * QoS that its matching filters were granted (MQTT 5.0 section 3.3.4). */
#ifndef MQTT_AGENT_DELIVER_H
#define MQTT_AGENT_DELIVER_H

#include "client.h"
#include "organisation.h"

/* from: the publishing session, for No Local. */
void deliver(struct service *service, struct organisation *organisation, struct message *message,
	     const struct session *from);

/* One message for one session: sent, or kept until it can be. qos: as it is to be sent; at QoS 0 only
 * who is connected gets it. door: what the gate is asked when it is sent at once. */
void deliver_to(struct session *session, struct message *message, uint8_t qos, struct slice subscription_ids,
		enum door door);

#endif
