/* The broker: connections of net, clients of session, and the turn between them. */
#ifndef MQTT_AGENT_BROKER_H
#define MQTT_AGENT_BROKER_H

#include "config.h"

#include <stdio.h>

#define MQTT_AGENT_VERSION "0.2.0"

struct broker;

/* What a turn does between staging and writing: make durable what was staged. False: it could not,
 * and nothing of the turn may leave. */
struct broker_commit {
	bool (*run)(void *context); /* NULL: nothing is configured that would keep anything */
	void *context;
};

/* config is borrowed for the broker's life, and renewed from its file on SIGHUP: all of it or nothing. NULL
 * with *fault. */
struct broker *broker_new(struct config *config, const struct broker_commit *commit, struct fault *fault);
/* Opens the listeners and says so, a line for each: "listening NAME ADDRESS PORT tls|plaintext", then
 * "ready". */
bool broker_listen(struct broker *broker, FILE *out, struct fault *fault);
/* Takes turns until SIGTERM or SIGINT; then every client was told (0x8B) and is gone. */
void broker_run(struct broker *broker);
void broker_free(struct broker *broker); /* NULL is taken */

#endif
