/* What the log says of clients and decisions. A token, or a part of one, is never logged. */
#ifndef MQTT_AGENT_JOURNAL_H
#define MQTT_AGENT_JOURNAL_H

#include "client.h"

/* The gate's recorder; context is a struct log. Allowed at debug, denied at info. Always true. */
bool journal_decision(void *context, const struct gate_entry *entry);

/* A message was delivered and could not be retained. */
void journal_not_retained(const struct service *service, const char *org_id, struct slice topic);
void journal_accepted(const struct client *client);
/* rule: the profile rule or MQTT statement; why: in words. */
void journal_refused(const struct client *client, uint8_t code, const char *rule, const char *why);
/* code 0: no DISCONNECT was sent. */
void journal_closed(const struct client *client, uint8_t code, const char *why);

#endif
