/* Structured log lines in logfmt: key=value pairs, the first three always time, level and event.
 *     time=2026-11-23T20:00:00.123Z level=info event=connect org_id=seed agent_id=scout client=c1
 * A value that is more than letters, digits and a few signs stands in quotes, with \" \\ and \xNN
 * (whatever is not printable ASCII), so that no name from the network forges a line; a long one ends
 * in "...". A line is at most 4096 bytes; a pair that does not fit is left out, and the line says
 * cut=yes.
 *
 * Whoever reads the log cannot hold the broker up: a line that cannot be written at once is lost, and
 * the next one that can is preceded by `event=log lost=N`. */
#ifndef MQTT_AGENT_LOG_H
#define MQTT_AGENT_LOG_H

#include "slice.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log {
	enum log_level level; /* lines above it are not written */
	int fd;
	unsigned long lost; /* lines since the last that was written; starts at 0 */
};

struct log_pair {
	const char *key; /* NULL ends the list */
	struct slice value;
};

void log_event(struct log *log, enum log_level level, const char *event, const struct log_pair *pairs);

#endif
