/* A policy: the set of grants of one organisation (spec chapter 5). Grants only, no order. A rule's
 * further members: max_qos [POL-10] [POL-11], retain [POL-12], share [POL-13], delegated [POL-14]. */
#ifndef MQTT_AGENT_POLICY_H
#define MQTT_AGENT_POLICY_H

#include "fault.h"
#include "identity.h"
#include "json.h"

/* [POL-01] Published limits of a policy document. */
enum {
	POLICY_RULES_MAX = 16384,
	POLICY_TOPIC_MAX = 1024, /* bytes */
	POLICY_LEVELS_MAX = 128,
	POLICY_ID_MAX = 128,    /* bytes */
	POLICY_NAMES_MAX = 1024, /* in one "agents", "users" or "share" list */
	POLICY_GROUP_MAX = 128  /* bytes of a share group's name */
};

enum policy_action { POLICY_PUB = 1, POLICY_SUB = 2 }; /* bits */

struct policy_rule {
	char *id;    /* "" where the document gives none */
	char *topic; /* pattern as written, with {$self} */
	unsigned actions;
	enum claim binding; /* CLAIM_COUNT: applies to every owner */
	char **names;       /* the "agents" or "users" list; NULL: not narrowed */
	size_t name_count;
	unsigned max_qos; /* what the rule grants at most: publishes above it are denied, subscriptions lowered */
	bool no_retain;   /* "retain": false: no retained publishes */
	bool every_group; /* "share": "*" */
	char **groups;    /* "share": groups under which $share/G/F is granted too; NULL: none */
	size_t group_count;
	/* [POL-14] Counts as the user's side of a delegated token alone. This broker refuses such tokens,
	 * so that the rule grants nothing. */
	bool delegated;
};

struct policy {
	struct policy_rule *rules; /* NULL with rule_count 0: everything is denied */
	size_t rule_count;
};

/* One fault refuses the whole document. The returned policy is owned by the caller. */
struct policy *policy_parse(const struct json_at *document, struct fault *fault);
struct policy *policy_load(const char *path, struct fault *fault);
void policy_free(struct policy *policy);

/* [POL-02] Does this rule speak of this owner at all (binding claim present, and named where a list narrows it)? */
bool policy_rule_applies(const struct policy_rule *rule, const struct identity *identity);
/* May the rule's grant be shared under this group? */
bool policy_rule_shares(const struct policy_rule *rule, struct slice group);

#endif
