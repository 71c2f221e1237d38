/* The topic tree of one organisation: filters as paths of levels, subscriptions at their ends
 * (MQTT 5.0 section 4.7). It finds who asked for a topic, and never asks who may have it. */
#ifndef MQTT_AGENT_TREE_H
#define MQTT_AGENT_TREE_H

#include "slice.h"

#include <stdint.h>

struct tree;
struct tree_node;

/* One filter of one subscriber. Memory and filter belong to the caller and stay where they are as
 * long as the tree holds the subscription. */
struct subscription {
	void *subscriber;
	struct slice filter;
	uint32_t id; /* Subscription Identifier, 0: none */
	uint8_t qos; /* granted */
	bool no_local;
	bool retain_as_published;
	struct share *share; /* not NULL: this one stands for the members of a share (share.h) */

	/* the tree's own: NULL in a subscription that it does not hold */
	struct tree_node *node;
	struct subscription *next, **link;
};

/* NULL when out of memory. */
struct tree *tree_new(void);
/* The tree must hold no subscription any more. */
void tree_free(struct tree *tree);

/* Levels of a filter: how deep it stands in the tree. */
size_t tree_levels(struct slice filter);

/* Adds a subscription with a valid filter; the same subscriber is added once for each filter, which
 * is the caller's care. False when out of memory: nothing has changed. */
bool tree_add(struct tree *tree, struct subscription *subscription);
void tree_remove(struct tree *tree, struct subscription *subscription);

/* Calls visit for each subscription whose filter matches the topic name, in no particular order.
 * visit must not change the tree. */
void tree_match(const struct tree *tree, struct slice topic, void (*visit)(void *context, struct subscription *),
		void *context);

#endif
