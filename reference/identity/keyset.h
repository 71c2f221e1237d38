/* An issuer's public keys (RFC 7517): each with its kid and its one algorithm. */
#ifndef MQTT_AGENT_KEYSET_H
#define MQTT_AGENT_KEYSET_H

#include "crypto.h"
#include "json.h"

enum { KEYSET_KEYS_MAX = 256 };

struct keyset_key {
	char *kid;
	struct crypto_key *key;
};

struct keyset {
	struct keyset_key *keys;
	size_t count;
};

/* Keys of an unknown kty or crv, and keys for another use than signatures, are skipped. A
 * duplicate kid, a private member, an algorithm that does not fit, or no usable key at all refuses
 * the whole set. On false *keyset is empty. */
bool keyset_parse(const struct json_at *document, struct keyset *keyset, struct fault *fault);
bool keyset_load(const char *path, struct keyset *keyset, struct fault *fault);
void keyset_release(struct keyset *keyset);

/* Exact match, byte for byte; NULL when there is none. */
const struct crypto_key *keyset_find(const struct keyset *keyset, struct slice kid);

#endif
