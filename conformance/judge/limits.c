/* What a broker may say in CONNACK that it does not have: what needs it is N/A, not failed. */
#include "judge/state.h"

#include "wire/property.h"

void limits_read(struct limits *limits, const struct packet *connack)
{
	struct slice p = connack->properties;
	*limits = (struct limits){
		.known = true,
		.maximum_qos = property_number(p, PROPERTY_MAXIMUM_QOS, 2),
		.retain = property_number(p, PROPERTY_RETAIN_AVAILABLE, 1),
		.wildcard = property_number(p, PROPERTY_WILDCARD_AVAILABLE, 1),
		.identifiers = property_number(p, PROPERTY_SUBSCRIPTION_ID_AVAILABLE, 1),
		.shared = property_number(p, PROPERTY_SHARED_AVAILABLE, 1),
		.no_sessions = property_number(p, PROPERTY_SESSION_EXPIRY, 1) == 0,
		.keep_alive = property_number(p, PROPERTY_SERVER_KEEP_ALIVE, 0) > 0,
		.alias_maximum = property_number(p, PROPERTY_ALIAS_MAXIMUM, 0),
	};
}

static const char *lacks_message(const struct limits *limits, unsigned qos, bool retain, unsigned alias)
{
	if (qos > limits->maximum_qos)
		return "a lower Maximum QoS in CONNACK";
	if (retain && !limits->retain)
		return "Retain Available 0 in CONNACK";
	return alias > limits->alias_maximum ? "a lower Topic Alias Maximum in CONNACK" : NULL;
}

static const char *lacks_subscribe(const struct limits *limits, const struct script_step *step)
{
	for (size_t i = 0; i < step->filter_count; i++) {
		if (!limits->wildcard && strpbrk(step->filters[i], "#+"))
			return "Wildcard Subscription Available 0 in CONNACK";
		if (!limits->shared && strncmp(step->filters[i], "$share/", 7) == 0)
			return "Shared Subscription Available 0 in CONNACK";
	}
	return step->identifier && !limits->identifiers ? "Subscription Identifiers Available 0 in CONNACK" : NULL;
}

static const char *lacks_session(const struct play_state *play, const struct script_step *step)
{
	const struct limits *own = &play->players[step->actor].limits;
	bool wants = step->act == ACT_RESUME && step_only(step, OUTCOME_PRESENT);
	return wants && own->known && own->no_sessions ? "Session Expiry Interval 0 in CONNACK" : NULL;
}

/* [SUB-10] A deadline that counts from a CONNACK, for the end of who is silent or for the will that comes
 * of it, rests on the Keep Alive of that CONNECT. */
static const char *lacks_patience(const struct play_state *play, const struct script_step *step)
{
	const struct player *silent = &play->players[step->by.index];
	bool awaits_end = step->act == ACT_IDLE ? step_has(step, OUTCOME_CLOSED) : silent->stalled;

	return awaits_end && silent->limits.keep_alive ? "another Server Keep Alive in CONNACK" : NULL;
}

const char *lacks(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	const struct limits *limits = &play->players[step->actor].limits;
	if (!limits->known)
		limits = &play->limits;
	if (!limits->known)
		return NULL;
	switch (step->act) {
	case ACT_CONNECT:
	case ACT_RESUME:
		if (step->will.topic && lacks_message(limits, step->will.qos, step->will.retain, 0))
			return lacks_message(limits, step->will.qos, step->will.retain, 0);
		return lacks_session(play, step);
	case ACT_PUBLISH:
	case ACT_STREAM:
		return lacks_message(limits, step->qos, step->retain, step->alias);
	case ACT_IDLE:
	case ACT_RECEIVE:
		return step->by.kind == INSTANT_CONNECTED ? lacks_patience(play, step) : NULL;
	case ACT_SUBSCRIBE:
		return lacks_subscribe(limits, step);
	default:
		return NULL;
	}
}
