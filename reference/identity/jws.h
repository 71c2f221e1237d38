/* A JWS in compact serialization, taken apart and read, not yet believed (RFC 7515). */
#ifndef MQTT_AGENT_JWS_H
#define MQTT_AGENT_JWS_H

#include "buf.h"
#include "crypto.h"
#include "token.h"

enum jws_type {
	JWS_ACCESS_TOKEN, /* typ at+jwt, with or without application/ */
	JWS_UNTYPED       /* typ JWT, or none */
};

struct jws {
	struct slice signed_part; /* header.payload, the bytes as received; part of the token */
	struct buf signature;     /* owned */
	json_t *header;           /* owned, an object */
	json_t *payload;          /* owned, an object */
	enum jws_type type;
	enum jose_alg alg; /* what the header claims: to be compared with the key's, never to be used */
	const char *kid;   /* borrowed from header */
};

/* [AUTH-02] Bounds first, then form, then header. jws is to be released in either case. */
bool jws_read(struct slice token, struct jws *jws, struct refusal *refusal);
void jws_release(struct jws *jws);

#endif
