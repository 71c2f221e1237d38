/* Is this an Ed25519 public key under which only its owner can sign (RFC 8032 section 5.1)?
 * OpenSSL takes any 32 bytes. Under a point of small order anybody can sign, and one that is not on
 * the curve, or not spelled in the one canonical way, is no key at all [AUTH-02]. */
#ifndef MQTT_AGENT_ED25519_H
#define MQTT_AGENT_ED25519_H

#include <stdbool.h>
#include <stddef.h>

enum { ED25519_KEY_SIZE = 32 };

/* NULL when the key is sound; else what was found in its place, in words. Static. */
const char *ed25519_defect(const unsigned char key[ED25519_KEY_SIZE]);

#endif
