/* From one message to its receivers: each matching session of the organisation once, at the largest
 * QoS that its matching filters were granted (MQTT 5.0 section 3.3.4), within its window and its
 * limits. Every sending is asked at the gate. */
#ifndef MQTT_AGENT_DELIVER_H
#define MQTT_AGENT_DELIVER_H

#include "client.h"
#include "organisation.h"

/* from: the publishing session, for No Local. */
void deliver(struct service *service, struct organisation *organisation, struct message *message,
	     const struct session *from);

/* Sends what waited, as far as the window reaches. */
void deliver_queued(struct session *session);
/* An acknowledgement came; false when nothing with this id was sent. */
bool delivery_done(struct session *session, uint16_t id);

void queue_drop_first(struct session *session);

#endif
