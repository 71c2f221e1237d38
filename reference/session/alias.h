/* Topic aliases of one connection in one direction (MQTT 5.0 section 3.3.2.3.4): a number from 1 on
 * for a topic. They end with the connection. */
#ifndef MQTT_AGENT_ALIAS_H
#define MQTT_AGENT_ALIAS_H

#include "mqtt_limits.h"
#include "slice.h"

#include <stdint.h>

struct aliases {
	char *topics[LIMIT_TOPIC_ALIASES]; /* owned; NULL: unset. That of alias n is [n - 1] */
	size_t bytes;
};

void aliases_release(struct aliases *aliases);

/* Empty where the alias is unset or out of range. Borrowed until it is set anew. */
struct slice alias_topic(const struct aliases *aliases, uint32_t alias);
/* False when out of memory or beyond LIMIT_ALIAS_BYTES; the alias is unset then, so that an older
 * topic never answers for a newer one. */
bool alias_set(struct aliases *aliases, uint32_t alias, struct slice topic);

/* The alias of a topic, 0 where it has none. */
uint32_t alias_find(const struct aliases *aliases, struct slice topic);
/* The first unset alias up to most, 0 where there is none. */
uint32_t alias_unset(const struct aliases *aliases, uint32_t most);

#endif
