/* Retained messages (MQTT 5.0 section 3.3.1.3): the last one on a topic, kept with its author for those who
 * subscribe later. Setting, replacing and clearing are publishes; a replay is a delivery, and whether the
 * author may still say it is asked each time. */
#ifndef MQTT_AGENT_RETAIN_H
#define MQTT_AGENT_RETAIN_H

#include "message.h"
#include "organisation.h"
#include "reason.h"
#include "subscriptions.h"

/* May this message be retained? Success, or the code that refuses the publish: 0x90 for a topic of more
 * levels than LIMIT_FILTER_LEVELS, 0x97 where the organisation has no room. */
enum reason retain_admit(struct service *service, struct organisation *organisation, const struct message *message);
/* Does what the retain flag of a message asks for: an empty payload clears, any other is kept, as far as
 * there is room. */
void retain_apply(struct service *service, struct organisation *organisation, struct message *message);
/* Sends what the filter matches, behind its SUBACK. */
void retain_replay(struct session *session, const struct held_filter *held);
/* Forgets all of an organisation's. */
void retain_release(struct organisation *organisation);

#endif
