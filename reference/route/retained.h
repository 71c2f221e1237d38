/* The retained messages of one organisation: at most one a topic (MQTT 5.0 section 3.3.1.3), found by
 * the filters that match it, bounded in number and bytes. It never asks who may have them. */
#ifndef MQTT_AGENT_RETAINED_H
#define MQTT_AGENT_RETAINED_H

#include "slice.h"

struct retained;
struct retained_node;

/* One retained message. Memory and topic belong to the caller and stay where they are as long as it is
 * held. */
struct kept {
	struct slice topic; /* a topic name */
	size_t size;        /* bytes that it counts for; its place in the tree is added to them */

	/* the store's own: node is NULL in one that it does not hold */
	struct retained_node *node;
	struct kept *next, **link; /* of all */
	struct kept *next_found;
};

/* NULL when out of memory. */
struct retained *retained_new(size_t most_messages, size_t most_bytes);
/* It must hold nothing any more. NULL is taken. */
void retained_free(struct retained *retained);

/* Is there room for a message of so many bytes on this topic, in place of what is there? Every level of
 * the topic counts as well. */
bool retained_has_room(const struct retained *retained, struct slice topic, size_t size);
/* Holds it in place of what was there, which *replaced gets back (NULL: nothing). False when out of
 * memory: nothing has changed. There must be room. */
bool retained_put(struct retained *retained, struct kept *kept, struct kept **replaced);
void retained_remove(struct retained *retained, struct kept *kept);
/* The one on this topic, or NULL. */
struct kept *retained_find(const struct retained *retained, struct slice topic);

/* All whose topics the filter matches [MQTT-4.7.2-1], in no particular order, linked by next_found. The
 * list stands until the next call, also while members of it are removed one after the other. */
struct kept *retained_match(struct retained *retained, struct slice filter);

/* All there are, linked by next. */
struct kept *retained_all(const struct retained *retained);
size_t retained_count(const struct retained *retained);

#endif
