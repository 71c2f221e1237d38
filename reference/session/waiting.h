/* Sessions without a connection: how long they last, and when their wills are due. Found by their
 * deadlines in one walk of a list, which is taken only when something is due. */
#ifndef MQTT_AGENT_WAITING_H
#define MQTT_AGENT_WAITING_H

#include "session.h"

/* The connection of a session is gone. It waits for its owner as long as it was asked to, or ends
 * [MQTT-3.1.2-23]; its will is sent when it is due (MQTT 5.0 section 3.1.3.2.2). */
void session_leave(struct session *session);
/* A session that waited has a connection again, or ends. */
void waiting_remove(struct session *session);
/* The session has nothing to wait for any more. */
void waiting_end(struct session *session);
/* Sends wills that are due and ends sessions whose time is over. False when there was nothing. */
bool waiting_settle(struct service *service);

#endif
