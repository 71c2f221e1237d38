/* The one decision: may this identity do this now? Pure: neither clock nor I/O, everything that
 * can deny is an argument. Called by the gate alone. */
#ifndef MQTT_AGENT_DECIDE_H
#define MQTT_AGENT_DECIDE_H

#include "policy.h"

/* The eight doors. */
enum door {
	DOOR_CONNECT,
	DOOR_WILL_ACCEPT,
	DOOR_WILL_SEND,
	DOOR_PUBLISH,
	DOOR_SUBSCRIBE,
	DOOR_DELIVER_LIVE,
	DOOR_DELIVER_RETAINED,
	DOOR_DELIVER_QUEUED,
	DOOR_COUNT
};

const char *door_name(enum door door);

struct request {
	enum door door;
	struct slice topic; /* a topic name; for DOOR_SUBSCRIBE the filter without $share/{group}/; empty for DOOR_CONNECT */
	unsigned qos; /* of the message as it passes this door; for DOOR_SUBSCRIBE the most that is asked for */
	bool retain;
	int64_t now_ms;     /* Unix time */
	struct slice group; /* of $share/{group}/; empty: not shared */
	/* At a door of delivery: asked of the message's author, whether what it published may still be
	 * said; not of the receiver. The author's rights count, not whether its token has ended since. */
	bool of_author;
};

struct decision {
	bool allowed;
	unsigned char code; /* MQTT 5 reason code to answer with; 0x00 where allowed */
	unsigned char qos;  /* that is granted: for DOOR_SUBSCRIBE perhaps less than was asked for */
	const char *rule;   /* id of a granting policy rule, borrowed from the policy; "" where it has none; NULL where denied */
	const char *why;    /* profile rule id that denied, or "unrecorded"; NULL where allowed. Static. */
};

/* policy NULL: the organisation has none, everything is denied. */
struct decision decide(const struct policy *policy, const struct identity *identity, const struct request *request);

/* [PUB-01] Does the pattern cover this topic for this identity, segment by segment, {$self} equal to the claim? */
bool pattern_covers_topic(const struct policy_rule *rule, const struct identity *identity, struct slice topic);
/* [SBS-04] Is every topic that the filter can match covered by this one rule's pattern? */
bool pattern_contains_filter(const struct policy_rule *rule, const struct identity *identity, struct slice filter);

#endif
