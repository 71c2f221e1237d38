/* Inside session/: one handler a packet type, in the file of its name. Each asks the gate before
 * every effect, and stages its answer. */
#ifndef MQTT_AGENT_HANDLERS_H
#define MQTT_AGENT_HANDLERS_H

#include "client.h"

void handle_connect(struct client *client, const struct packet *packet);
/* The refusal of what was not even a CONNECT that could be read. */
void refuse_connect(struct client *client, uint8_t code, const char *rule, const char *why);
void handle_publish(struct client *client, const struct packet *packet);
void handle_puback(struct client *client, const struct packet *packet);
void handle_pubrec(struct client *client, const struct packet *packet);
void handle_pubrel(struct client *client, const struct packet *packet);
void handle_pubcomp(struct client *client, const struct packet *packet);
void handle_subscribe(struct client *client, const struct packet *packet);
void handle_unsubscribe(struct client *client, const struct packet *packet);
void handle_pingreq(struct client *client, const struct packet *packet);
void handle_disconnect(struct client *client, const struct packet *packet);

#endif
