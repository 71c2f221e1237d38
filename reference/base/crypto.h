/* Digests, random bytes, and signature keys that are bound to exactly one JOSE algorithm.
 * Thin over OpenSSL 3's EVP. [AUTH-02]: the algorithm belongs to the key and is enforced
 * at the operation itself; it is never taken from a token's header. */
#ifndef MQTT_AGENT_CRYPTO_H
#define MQTT_AGENT_CRYPTO_H

#include "buf.h"
#include "fault.h"

#include <jansson.h>

enum { SHA256_SIZE = 32 };

enum jose_alg { JOSE_NONE, JOSE_ES256, JOSE_EDDSA, JOSE_PS256, JOSE_RS256 };

const char *jose_alg_name(enum jose_alg alg);
/* "Ed25519" (RFC 9864) and "EdDSA" (RFC 8037) both give JOSE_EDDSA; unknown, "none" and HS*
 * give JOSE_NONE. Case-sensitive. */
enum jose_alg jose_alg_from(struct slice name);

bool sha256(struct slice bytes, unsigned char digest[SHA256_SIZE]);
bool random_bytes(void *out, size_t size);

struct crypto_key; /* one EVP key, one algorithm */

/* A public JWK (RFC 7517; OKP: RFC 8037). alg comes from the JWK's "alg" or, where absent, from
 * kty and crv (RSA without "alg" is refused: it would fit two). Refuses private members,
 * RSA keys outside 2048 to 8192 bits, even or tiny exponents, points off the curve or of small
 * order, short coordinates. */
struct crypto_key *crypto_key_public(const json_t *jwk, struct fault *fault);
/* The name of the first member of a JWK that belongs in no public key, or NULL. Static. */
const char *crypto_jwk_private(const json_t *jwk);
/* A private JWK, or a fresh key pair: for minting only. */
struct crypto_key *crypto_key_private(const json_t *jwk, struct fault *fault);
struct crypto_key *crypto_key_generate(enum jose_alg alg, struct fault *fault);
void crypto_key_free(struct crypto_key *key);

enum jose_alg crypto_key_alg(const struct crypto_key *key);
/* The same public key for the same algorithm? */
bool crypto_key_equal(const struct crypto_key *a, const struct crypto_key *b);
/* JWK of the key, with "kty", "alg" and the key material; private members only on request. New reference. */
json_t *crypto_key_jwk(const struct crypto_key *key, bool with_private);
/* The public key as SubjectPublicKeyInfo PEM, appended to out. */
bool crypto_key_pem(const struct crypto_key *key, struct buf *out);

/* Signature in JWS form (ES256: R||S, 64 bytes; RFC 7518 section 3). */
bool crypto_sign(const struct crypto_key *key, struct slice input, struct buf *signature);
bool crypto_verify(const struct crypto_key *key, struct slice input, struct slice signature);

#endif
