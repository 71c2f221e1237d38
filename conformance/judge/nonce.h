/* Nonces: what makes each payload of a run unlike every other, so that one that must not arrive
 * is known again wherever it turns up. */
#ifndef CONFORMANCE_NONCE_H
#define CONFORMANCE_NONCE_H

#include "slice.h"

#include <stdint.h>

enum { NONCE_SIZE = 21, SALT_SIZE = 16 }; /* characters: "~" and 20 of [a-z2-7]; 16 hex digits */

struct nonce {
	char text[NONCE_SIZE + 1];
};

/* Salt makes it differ from yesterday's run of the same seed; copy 0 is the message of the step,
 * copy n its n-th repetition as a sentinel. false: no digest to be had. */
bool nonce_make(const char *salt, uint64_t seed, const char *script, unsigned attempt, size_t step, size_t copy,
		struct nonce *nonce);

/* Finds the next run of bytes that has the form of a nonce; *rest is what follows it. */
bool nonce_next(struct slice *rest, struct nonce *found);

#endif
