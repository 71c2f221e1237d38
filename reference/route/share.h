/* Shared subscriptions of one organisation (MQTT 5.0 section 4.8.2): the members of one group under one
 * filter take turns. A group stands in the topic tree as one subscription; who of its members is next is
 * asked here. It knows no session and never asks about permission. */
#ifndef MQTT_AGENT_SHARE_H
#define MQTT_AGENT_SHARE_H

#include "tree.h"

struct share;

/* One member's part in a share. Memory belongs to the caller and stays as long as it is a member. */
struct share_member {
	void *subscriber;
	uint32_t id; /* Subscription Identifier, 0: none */
	uint8_t qos; /* granted */
	bool retain_as_published;

	/* the share's own */
	struct share *share;
	struct share_member *next, **link;
};

/* All shares of an organisation. Zero at its birth; empty when every member has left. */
struct shares {
	void *index; /* tsearch root */
};

/* Joins the share of group and filter, which is founded, and put into the tree, by its first member. False
 * when out of memory: nothing has changed. */
bool share_join(struct shares *shares, struct tree *tree, struct slice group, struct slice filter,
		struct share_member *member);
/* Leaves; the last member's share ends with it. */
void share_leave(struct shares *shares, struct tree *tree, struct share_member *member);

/* The member whose turn it is, of those that `fits` says yes to; NULL: of none. It goes to the end of the
 * line. */
struct share_member *share_next(struct share *share, bool (*fits)(const struct share_member *member));

#endif
