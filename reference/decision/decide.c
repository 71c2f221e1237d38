/* The one decision. What it depends on is in its arguments; what each door asks is in one table. */
#include "decide.h"

#include "topic.h"

enum { CODE_SUCCESS = 0x00, CODE_NOT_AUTHORIZED = 0x87 };
enum { WILL_GRACE_MS = 5000 }; /* an expired connection is ended within this time */

/* What a door asks for, and which profile rule speaks when it stays shut. Delivery is decided by
 * the right to subscribe, for the concrete topic. */
static const struct {
	const char *name;
	unsigned action; /* 0: any rule at all */
	const char *why;
} doors[DOOR_COUNT] = {
	[DOOR_CONNECT] = { "connect", 0, "POL-01" },
	[DOOR_WILL_ACCEPT] = { "will-accept", POLICY_PUB, "WIL-01" },
	[DOOR_WILL_SEND] = { "will-send", POLICY_PUB, "WIL-01" },
	[DOOR_PUBLISH] = { "publish", POLICY_PUB, "PUB-02" },
	[DOOR_SUBSCRIBE] = { "subscribe", POLICY_SUB, "SBS-03" },
	[DOOR_DELIVER_LIVE] = { "deliver-live", POLICY_SUB, "SBS-02" },
	[DOOR_DELIVER_RETAINED] = { "deliver-retained", POLICY_SUB, "SBS-02" },
	[DOOR_DELIVER_QUEUED] = { "deliver-queued", POLICY_SUB, "SBS-02" },
};

const char *door_name(enum door door)
{
	return (unsigned)door < DOOR_COUNT ? doors[door].name : "unknown";
}

static struct decision deny(const char *why)
{
	struct decision decision = { false, CODE_NOT_AUTHORIZED, 0, NULL, why };

	return decision;
}

/* A rule that covers a subscription grants no more than its own quality of service. */
static unsigned granted_qos(const struct policy_rule *rule, const struct request *request)
{
	return rule->max_qos < request->qos ? rule->max_qos : request->qos;
}

static struct decision allow(const struct policy_rule *rule, const struct request *request)
{
	struct decision decision = { true, CODE_SUCCESS, (unsigned char)granted_qos(rule, request), rule->id, NULL };

	return decision;
}

/* A will is the one thing that may come of a token after its end: it tells that the connection has
 * ended. [WIL-04] A few seconds later it tells its own owner's presence [WIL-05] and nothing else, so that nobody
 * leaves behind what will speak for him when he no longer may. */
static bool is_overdue(const struct identity *identity, const struct request *request)
{
	return request->door == DOOR_WILL_SEND && request->now_ms > identity->exp_ms + WILL_GRACE_MS;
}

/* [AUTH-02] A token is valid before its exp, and an identity no longer than its token. What was said
 * in time stays said: that its author's token has ended takes back no message, only an author's right
 * that has ended does. */
static bool is_expired(const struct identity *identity, const struct request *request)
{
	return request->door != DOOR_WILL_SEND && !request->of_author && request->now_ms >= identity->exp_ms;
}

static bool rule_names_self(const struct policy_rule *rule)
{
	struct slice rest = slice_text(rule->topic);
	bool more = true, found = false;

	while (more && !found)
		found = slice_is(slice_word(&rest, '/', &more), "{$self}");
	return found;
}

static unsigned action_asked(const struct request *request)
{
	return request->of_author ? POLICY_PUB : doors[request->door].action;
}

/* A subscription is lowered to what the rule allows; a message above it does not pass. */
static bool terms_hold(const struct policy_rule *rule, const struct request *request)
{
	if (request->group.size && !policy_rule_shares(rule, request->group))
		return false;
	if (request->door == DOOR_SUBSCRIBE)
		return true;
	return request->qos <= rule->max_qos &&
	       !(request->retain && rule->no_retain && action_asked(request) == POLICY_PUB);
}

/* [AUTH-01] CONNECT asks for no topic: there it is enough that some rule applies to the owner. */
static bool topic_fits(const struct request *request)
{
	if (request->door == DOOR_CONNECT)
		return true;
	return request->door == DOOR_SUBSCRIBE ? topic_filter_valid(request->topic) : topic_name_valid(request->topic);
}

static bool rule_grants(const struct policy_rule *rule, const struct identity *identity,
			const struct request *request)
{
	if (!policy_rule_applies(rule, identity))
		return false;
	if (request->door == DOOR_CONNECT)
		return true;
	if (!(rule->actions & action_asked(request)) || !terms_hold(rule, request))
		return false;
	if (is_overdue(identity, request) && !rule_names_self(rule))
		return false;
	if (request->door == DOOR_SUBSCRIBE)
		return pattern_contains_filter(rule, identity, request->topic);
	return pattern_covers_topic(rule, identity, request->topic);
}

/* [POL-15] A policy is a set: of several rules that grant, the same one answers whatever their order: the one
 * that grants most, and of those the one whose id comes first. */
static bool answers_before(const struct policy_rule *rule, const struct policy_rule *other,
			   const struct request *request)
{
	unsigned qos = granted_qos(rule, request), other_qos = other ? granted_qos(other, request) : 0;

	if (!other || qos != other_qos)
		return !other || qos > other_qos;
	if (!other->id[0] || !rule->id[0])
		return !other->id[0];
	return strcmp(rule->id, other->id) < 0;
}

struct decision decide(const struct policy *policy, const struct identity *identity, const struct request *request)
{
	const struct policy_rule *granting = NULL;

	if ((unsigned)request->door >= DOOR_COUNT)
		return deny("POL-01");
	if (is_expired(identity, request))
		return deny("AUTH-02");
	if (!policy || !topic_fits(request))
		return deny(doors[request->door].why);
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];

		if (answers_before(rule, granting, request) && rule_grants(rule, identity, request))
			granting = rule;
	}
	return granting ? allow(granting, request) :
			  deny(is_overdue(identity, request) ? "WIL-04" : doors[request->door].why);
}
