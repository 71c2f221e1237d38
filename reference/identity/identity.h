/* Who acts: what one accepted token established (spec chapters 3 and 4). A value without
 * allocations; copied freely. */
#ifndef MQTT_AGENT_IDENTITY_H
#define MQTT_AGENT_IDENTITY_H

#include "slice.h"

#include <stdint.h>

/* The five reserved claims of MQTT.Agent v0.1. */
enum claim { CLAIM_ORG_ID, CLAIM_AGENT_ID, CLAIM_SERVER_ID, CLAIM_TOOL_ID, CLAIM_USER_ID, CLAIM_COUNT };

enum { CLAIM_VALUE_MAX = 128, TOKEN_ID_MAX = 256, ISSUER_MAX = 256, TOKEN_KEY_ID_MAX = 256 }; /* bytes */

const char *claim_name(enum claim claim);
/* CLAIM_COUNT when the name is none of the five. */
enum claim claim_from(struct slice name);
/* [CLM-01] [A-Za-z0-9][A-Za-z0-9._-]{0,127}, the whole of it. */
bool claim_value_valid(struct slice value);

struct identity {
	char claims[CLAIM_COUNT][CLAIM_VALUE_MAX + 1]; /* "" where the token does not have the claim */
	char iss[ISSUER_MAX + 1];
	char kid[TOKEN_KEY_ID_MAX + 1]; /* the issuer's key that signed */
	char jti[TOKEN_ID_MAX + 1];
	int64_t iat_ms; /* Unix time */
	int64_t exp_ms;
};

static inline struct slice identity_claim(const struct identity *id, enum claim claim)
{
	return slice_text(id->claims[claim]);
}

/* The owner of sessions: organisation and principals; issuer, jti and times are not part of it. */
bool identity_same_owner(const struct identity *a, const struct identity *b);

#endif
