/* The door: which issuer, which key, does the signature verify; then, and only then, the claims. */
#include "crypto.h"
#include "jws.h"
#include "jwt.h"
#include "refuse.h"
#include "trust.h"

/* The unverified iss chooses among our own issuers and does nothing else. The key is looked for
 * in that issuer's set alone, and its own algorithm is the one that verifies. */
static const struct trust_issuer *verified_issuer(const struct trust *trust, const struct jws *jws,
						  struct refusal *refusal)
{
	const char *iss = jwt_issuer(jws->payload);
	const struct trust_issuer *issuer = iss ? trust_find(trust, iss) : NULL;
	const struct crypto_key *key = issuer ? keyset_find(&issuer->keys, slice_text(jws->kid)) : NULL;

	if (!issuer)
		refuse(refusal, "AUTH-02", "iss is not a configured issuer");
	else if (!key)
		refuse(refusal, "AUTH-02", "kid is not in the issuer's key set");
	else if (crypto_key_alg(key) != jws->alg)
		refuse(refusal, "AUTH-02", "alg is not the one bound to the key");
	else if (!crypto_verify(key, jws->signed_part, buf_slice(&jws->signature)))
		refuse(refusal, "AUTH-02", "signature does not verify");
	else
		return issuer;
	return NULL;
}

static bool read_claims(const struct trust *trust, const struct trust_issuer *issuer, const struct jws *jws,
			int64_t now_ms, struct identity *identity, struct refusal *refusal)
{
	if (jws->type == JWS_UNTYPED && !issuer->untyped)
		return refuse(refusal, "AUTH-02", "typ is not at+jwt");
	if (!jwt_check_kind(jws->payload, refusal) ||
	    !jwt_read_names(jws->payload, trust->audience, identity, refusal) ||
	    !jwt_read_times(jws->payload, trust->max_life_s, now_ms, identity, refusal) ||
	    !jwt_read_principal(jws->payload, identity, refusal))
		return false;
	if (!trust_issuer_may(issuer, identity))
		return refuse(refusal, "AUTH-02", "the issuer may not assert this name in this organisation");
	memcpy(identity->iss, issuer->iss, strlen(issuer->iss) + 1);
	memcpy(identity->kid, jws->kid, strlen(jws->kid) + 1);
	return true;
}

bool token_verify(const struct trust *trust, struct slice token, int64_t now_ms, struct identity *identity,
		  struct refusal *refusal)
{
	const struct trust_issuer *issuer = NULL;
	struct jws jws;
	bool good = false;

	memset(identity, 0, sizeof *identity);
	memset(refusal, 0, sizeof *refusal);
	if (jws_read(token, &jws, refusal))
		issuer = verified_issuer(trust, &jws, refusal);
	if (issuer)
		good = read_claims(trust, issuer, &jws, now_ms, identity, refusal);
	if (!good)
		memset(identity, 0, sizeof *identity);
	jws_release(&jws);
	return good;
}
