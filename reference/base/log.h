/* Structured log lines on standard error: time, level, event, then key=value pairs.
 *     2026-11-23T20:00:00.123Z info connect org=seed agent_id=scout client=c1 decision=allow
 * Values are quoted and escaped where needed, so that no name from the network forges a line. */
#ifndef MQTT_AGENT_LOG_H
#define MQTT_AGENT_LOG_H

#include "slice.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log {
	enum log_level level; /* lines above it are not written */
	int fd;
};

struct log_pair {
	const char *key; /* NULL ends the list */
	struct slice value;
};

void log_event(const struct log *log, enum log_level level, const char *event, const struct log_pair *pairs);

#endif
