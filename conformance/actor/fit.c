#include "actor/fit.h"

static const char *publish_lacks(const struct limits *limits, const struct script_step *step)
{
	if (step->qos > limits->maximum_qos)
		return "a lower Maximum QoS in CONNACK";
	if (step->retain && !limits->retain)
		return "Retain Available 0 in CONNACK";
	if (step->alias > limits->alias_maximum)
		return "a lower Topic Alias Maximum in CONNACK";
	return NULL;
}

static const char *subscribe_lacks(const struct limits *limits, const struct script_step *step)
{
	if (step->identifier && !limits->identifiers)
		return "Subscription Identifier Available 0 in CONNACK";
	for (size_t i = 0; i < step->filter_count; i++) {
		if (!limits->wildcard && strpbrk(step->filters[i], "#+"))
			return "Wildcard Subscription Available 0 in CONNACK";
		if (!limits->shared && strncmp(step->filters[i], "$share/", 7) == 0)
			return "Shared Subscription Available 0 in CONNACK";
	}
	return NULL;
}

/* A message that is held back takes a place for as long as the scenario wants. */
static bool blocked_by_held(const struct flow *flow, const struct limits *limits)
{
	size_t held = 0;
	for (size_t i = 0; i < flow->count; i++)
		held += flow->sendings[i].stage == SENDING_HELD && flow->sendings[i].counted;
	return held >= limits->receive_maximum;
}

const char *fit_lacks(const struct peer *peer, const struct script_step *step)
{
	const struct limits *limits = &peer->limits;
	const char *lacks = NULL;
	if (step->act == ACT_PUBLISH || step->act == ACT_STREAM)
		lacks = publish_lacks(limits, step);
	if (step->act == ACT_SUBSCRIBE)
		lacks = subscribe_lacks(limits, step);
	if (!lacks && step->act == ACT_PUBLISH && step->qos > 0 && !step->again && blocked_by_held(&peer->flow, limits))
		lacks = "a Receive Maximum in CONNACK that a message held back uses up";
	if (step->act == ACT_RESUME && !limits->sessions)
		lacks = "Session Expiry Interval 0 in CONNACK";
	return lacks;
}
