/* The will of a session (MQTT 5.0 section 3.1.2.5): kept from CONNECT on, deleted by a normal end,
 * and decided again when it is sent: what was lawful at CONNECT may not be by then. */
#ifndef MQTT_AGENT_WILL_H
#define MQTT_AGENT_WILL_H

#include "packet.h"
#include "session.h"

/* Makes the message. NULL when out of memory. */
struct message *will_message(const struct packet_will *will, int64_t now_ms);
void will_cancel(struct session *session);
/* Sends it, if there is one and the gate allows; it is gone afterwards. */
void will_send(struct session *session);

#endif
