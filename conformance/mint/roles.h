/* The keys and issuers of a fixture, one table each. Used by make.c and fixture.c. */
#ifndef CONFORMANCE_ROLES_H
#define CONFORMANCE_ROLES_H

#include "crypto.h"

enum { ISSUER_MAIN, ISSUER_SECOND, ISSUER_COUNT };

struct issuer {
	const char *folder; /* below issuers/ */
	const char *iss;
};

struct role {
	const char *role;
	enum jose_alg alg;
	const char *kid;
	int issuer;      /* in whose name it signs */
	bool published;  /* in that issuer's key set */
	const char *use; /* "sig" or "enc" */
};

extern const struct issuer fixture_issuers[ISSUER_COUNT];
extern const struct role fixture_roles[]; /* ends with role NULL */
extern const char fixture_audience[];

/* NULL: no fixture has such a key. */
const struct role *role_find(const char *name);

enum { FIXTURE_TOKEN_LIFE_S = 3600, FIXTURE_FILE_MAX = 1 << 20 };

#endif
