/* The token at CONNECT: a signed JWT becomes an identity, or is refused with the rule that
 * refused it (spec chapters 2 and 3; RFC 7515, 7519, 8725, 9068). Pure: the time is an argument. */
#ifndef MQTT_AGENT_TOKEN_H
#define MQTT_AGENT_TOKEN_H

#include "fault.h"
#include "identity.h"
#include "json.h"

/* [AUTH-02] Published limits of a token. */
enum {
	TOKEN_BYTES_MAX = 8192,
	TOKEN_HEADER_BYTES_MAX = 1024,
	TOKEN_JSON_DEPTH_MAX = 16,
	TOKEN_AUDIENCES_MAX = 16,
	TOKEN_SKEW_MS = 30000, /* how far ahead iat and nbf may lie */
};

/* Audience, lifetime, issuers with their key sets and what each may assert. */
struct trust;

/* Reads the members "audience", "max_token_life" (seconds, default 3600) and "issuers" of a broker
 * configuration:
 *   "issuers": [{ "iss": "https://…", "jwks": "file", "untyped": false,
 *                 "organisations": { "seed": { "agent_id": "*", "user_id": ["alice", "partner."] } } }]
 * File names are relative to the document. NULL with *fault: nothing half-loaded. */
struct trust *trust_load(const struct json_at *config, struct fault *fault);
void trust_free(struct trust *trust);
/* Of an identity that was accepted under `before`: would its issuer, key, audience and names be accepted
 * under this trust as well? The key is the same one, not another of its kid. */
bool trust_keeps(const struct trust *trust, const struct trust *before, const struct identity *identity);

/* Why a token was refused: for the record and the log, never for the client. Static strings. */
struct refusal {
	const char *rule; /* profile rule id, e.g. "AUTH-02" */
	const char *why;  /* e.g. "signature does not verify" */
};

/* [AUTH-01] true: *identity is filled. [AUTH-02] false: *refusal is, and *identity is all zero. */
bool token_verify(const struct trust *trust, struct slice token, int64_t now_ms, struct identity *identity,
		  struct refusal *refusal);

#endif
