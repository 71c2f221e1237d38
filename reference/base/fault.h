/* Why something was refused: one class, and one sentence that names the place, the cause and
 * what was expected. Functions that can fail take a `struct fault *` (never NULL) and return
 * false or NULL after filling it. */
#ifndef MQTT_AGENT_FAULT_H
#define MQTT_AGENT_FAULT_H

#include <stdbool.h>

enum fault_class {
	FAULT_NONE,
	FAULT_MALFORMED,   /* the bytes are not in the form they claim */
	FAULT_PROTOCOL,    /* well formed, but not allowed here */
	FAULT_DENIED,      /* refused by identity or authority */
	FAULT_LIMIT,       /* larger than a published limit */
	FAULT_UNAVAILABLE, /* a file, key, socket or memory that is needed is not there */
	FAULT_BUG          /* our own contract is broken */
};

struct fault {
	enum fault_class class;
	char text[1000];
};

/* Fills *fault and returns false, so that a refusal is one line: return fault_set(...). */
bool fault_set(struct fault *fault, enum fault_class class, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

const char *fault_class_name(enum fault_class class);

#endif
