/* Topic Aliases that a broker sets on one connection (MQTT 5.0 3.3.2.3.4): the engine refuses those that
 * it has not offered, the judge reads through them. */
#ifndef CONFORMANCE_ALIAS_H
#define CONFORMANCE_ALIAS_H

#include "wire/packet.h"

enum { ALIAS_BYTES_MAX = 1 << 20 }; /* of all aliased topics of one connection */

struct aliases {
	char **topics; /* by alias; owned */
	size_t room, bytes;
};

/* Zeros are an empty table. */
void aliases_forget(struct aliases *aliases);

/* Takes the alias of a PUBLISH, if it has one, and gives it the topic that it stands for. most: the
 * highest alias that is allowed. NULL: sound; else what is wrong. */
const char *aliases_take(struct aliases *aliases, struct packet *packet, unsigned most);

#endif
