/* One line to refuse a token: return refuse(refusal, "AUTH-02", "…"). Internal to this folder. */
#ifndef MQTT_AGENT_REFUSE_H
#define MQTT_AGENT_REFUSE_H

#include "token.h"

static inline bool refuse(struct refusal *refusal, const char *rule, const char *why)
{
	refusal->rule = rule;
	refusal->why = why;
	return false;
}

#endif
