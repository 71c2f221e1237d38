/* fixture.json: the digests that tell whether a fixture is the one that was made. */
#ifndef CONFORMANCE_MANIFEST_H
#define CONFORMANCE_MANIFEST_H

#include "crypto.h"

/* SHA-256 of the manifest without its member "digest": compact, members sorted. As the manifest
 * holds the digest of each file, this one covers them all. */
bool manifest_digest(const json_t *manifest, char digest[65]);

/* SHA-256 thumbprint of the public key (RFC 7638), in hex. */
bool manifest_thumbprint(const struct crypto_key *key, char thumbprint[65]);

#endif
