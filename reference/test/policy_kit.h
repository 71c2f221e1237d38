/* For tests of policies and decisions: documents from text, identities from names. */
#ifndef POLICY_KIT_H
#define POLICY_KIT_H

#include "decide.h"
#include "policy.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define DOCUMENT(rules) "{\"version\":\"2.1\",\"default\":\"deny\",\"rules\":[" rules "]}"

enum { KIT_NOW_MS = 1000000 };

static inline struct policy *kit_policy(const char *text, struct fault *fault)
{
	json_t *value = json_parse(slice_text(text), "p.json", &json_limits_file, fault);
	struct json_at root = json_root(value, "p.json");
	struct policy *policy = value ? policy_parse(&root, fault) : NULL;

	json_decref(value);
	return policy;
}

static inline struct policy *kit_good_policy(const char *text)
{
	struct fault fault = { FAULT_NONE, "" };
	struct policy *policy = kit_policy(text, &fault);

	ck_assert_msg(policy != NULL, "%s", fault.text);
	return policy;
}

/* An identity of one principal, valid until KIT_NOW_MS + 1 s. */
static inline struct identity kit_identity(const char *org_id, enum claim claim, const char *value)
{
	struct identity id;

	memset(&id, 0, sizeof id);
	snprintf(id.claims[CLAIM_ORG_ID], sizeof id.claims[0], "%s", org_id);
	snprintf(id.claims[claim], sizeof id.claims[0], "%s", value);
	id.exp_ms = KIT_NOW_MS + 1000;
	return id;
}

static inline struct decision kit_ask(const struct policy *policy, const struct identity *id, enum door door,
					      const char *topic)
{
	const struct request request = { .door = door, .topic = slice_text(topic), .qos = 1, .now_ms = KIT_NOW_MS };

	return decide(policy, id, &request);
}

#endif
