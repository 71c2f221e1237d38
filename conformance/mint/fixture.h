/* The fixture: what a vendor loads once, and the keys that mint tokens for it. Layout in
 * spec/A3-fixture.md: fixture.json, issuers/, organisations/, tls/, settings.md, SETUP.md, secret/. */
#ifndef CONFORMANCE_FIXTURE_H
#define CONFORMANCE_FIXTURE_H

#include "crypto.h"
#include "registry/registry.h"

struct fixture_key {
	char *role; /* "main-es256", "main-eddsa", "main-ps256", "main-rs256", "second-es256", "attacker-es256", … */
	char *kid;
	char *iss;              /* the issuer in whose name the key signs */
	struct crypto_key *key; /* with its private part */
};

struct fixture {
	char *dir;
	char *audience;
	char *issuer_main, *issuer_second; /* iss values */
	int64_t max_token_life_s;
	char *ca_file; /* dir/tls/ca.pem */
	struct fixture_key *keys;
	size_t key_count;
	char digest[65];
};

/* Writes a new fixture into dir (which must not exist or be empty); secret/ is 0700. */
bool fixture_make(const char *dir, const struct registry *registry, struct fault *fault);
/* Refuses a missing or changed file (the digest in fixture.json covers every file but secret/). */
struct fixture *fixture_load(const char *dir, struct fault *fault);
void fixture_free(struct fixture *fixture);
const struct fixture_key *fixture_key(const struct fixture *fixture, const char *role);

#endif
