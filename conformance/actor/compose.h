/* Composing: what a script says of a message, as fields of packets. */
#ifndef CONFORMANCE_COMPOSE_H
#define CONFORMANCE_COMPOSE_H

#include "actor/play.h"

enum { PAYLOAD_MAX = 1 << 19 };

/* The text of a message, and its nonce (judge/nonce.h): copy 0 is the step's own. A message that is
 * meant to be empty stays so. */
bool compose_payload(const struct play *play, size_t step, size_t copy, struct buf *payload, struct fault *fault);
/* Appends the properties that are set. */
void compose_properties(const struct script_message *message, struct buf *properties);

struct composed { /* owns what publish borrows */
	struct publish publish;
	struct buf payload, properties;
};
/* A publish step's packet, or another copy of it. false with *fault; release it all the same. */
bool compose_publish(const struct play *play, size_t step, size_t copy, struct composed *composed, struct fault *fault);
void compose_release(struct composed *composed);

struct composed_will {
	struct will will;
	struct buf payload, properties;
};
/* Likewise; will.present false where the step has none. */
bool compose_will(const struct play *play, size_t step, struct composed_will *composed, struct fault *fault);
void compose_will_release(struct composed_will *composed);

#endif
