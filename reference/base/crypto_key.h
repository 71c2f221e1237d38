/* What a key is inside: shared by crypto.c (operations) and jwk.c (form), by nobody else. */
#ifndef MQTT_AGENT_CRYPTO_KEY_H
#define MQTT_AGENT_CRYPTO_KEY_H

#include "crypto.h"

#include <openssl/evp.h>

enum {
	RSA_BITS_MIN = 2048, /* RFC 7518 sections 3.3 and 3.5 */
	RSA_BITS_MAX = 8192, /* larger keys make one verification a burden */
	EC_COORDINATE_SIZE = 32
};

struct crypto_key {
	enum jose_alg alg;
	EVP_PKEY *pkey; /* owned */
};

/* Takes pkey over. NULL (and pkey freed) when pkey is NULL or there is no memory. */
struct crypto_key *crypto_key_wrap(enum jose_alg alg, EVP_PKEY *pkey);

#endif
