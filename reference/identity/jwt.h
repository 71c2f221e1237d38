/* The claims of a token whose signature has been verified (RFC 7519; spec chapters 2 and 3). */
#ifndef MQTT_AGENT_JWT_H
#define MQTT_AGENT_JWT_H

#include "token.h"

/* iss as the payload claims it, for choosing the issuer; NULL when it is no string of 1 to
 * ISSUER_MAX bytes. Borrowed. */
const char *jwt_issuer(const json_t *payload);

/* [AUTH-02] Claims that narrow a token or belong to another kind of token. */
bool jwt_check_kind(const json_t *payload, struct refusal *refusal);
/* [AUTH-02] aud, sub, jti; fills jti. */
bool jwt_read_names(const json_t *payload, const char *audience, struct identity *identity, struct refusal *refusal);
/* [AUTH-02] exp, iat, nbf; fills both times. max_life_s in seconds. */
bool jwt_read_times(const json_t *payload, int64_t max_life_s, int64_t now_ms, struct identity *identity,
		    struct refusal *refusal);
/* [CLM-01] the form of the five reserved claims, [CLM-03] one organisation and one principal; fills them. */
bool jwt_read_principal(const json_t *payload, struct identity *identity, struct refusal *refusal);

#endif
