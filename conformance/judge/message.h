/* Messages: what a step puts on its way to others. A publish, each copy of a stream, and the will of
 * a connect or resume are messages alike: the judge knows them by their nonce, and a fence may send
 * any of them again as a plain PUBLISH. Pure. */
#ifndef CONFORMANCE_MESSAGE_H
#define CONFORMANCE_MESSAGE_H

#include "scenario/script.h"

struct message { /* borrowed from the script */
	const char *topic;   /* where it goes: of an alias alone, the topic last put on it */
	const char *payload; /* never NULL; the wire adds a blank, the nonce, and what payload_size asks for */
	size_t payload_size; /* bytes in all, filled up with "."; 0: as long as it comes */
	unsigned qos;
	bool retain;
	const struct script_message *properties;
};

/* false: the step has no message, or an empty one, which bears no nonce. */
bool message_of(const struct script *script, size_t step, struct message *message);
/* It is forbidden to everybody: `denied` is the only outcome of the step that sends it. */
bool message_denied(const struct script *script, size_t step);
/* The publish that a release step completes: the actor's last one before it that was held back; -1: none. */
ptrdiff_t message_held_back(const struct script *script, size_t release);

/* The step whose message this one sends: itself, or for `again` the actor's publish that it repeats. */
size_t message_origin(const struct script *script, size_t step);

/* Of the step's outcomes: among them, the only one. */
bool step_has(const struct script_step *step, enum outcome outcome);
bool step_only(const struct script_step *step, enum outcome outcome);
/* The step is one of several that a vehicle made out of one line: an actor that it dropped comes back. */
bool step_of_vehicle(const struct script *script, size_t step);

#endif
