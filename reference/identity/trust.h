/* Whom the broker believes, and how far: its audience, its issuers, and for each issuer and
 * organisation the names that it may give out. Internal; token.h is the public door. */
#ifndef MQTT_AGENT_TRUST_H
#define MQTT_AGENT_TRUST_H

#include "keyset.h"
#include "token.h"

enum {
	TRUST_ISSUERS_MAX = 64,
	TRUST_ORGANISATIONS_MAX = 1024, /* of one issuer */
	TRUST_NAMES_MAX = 1024          /* in one list */
};

/* The values that one issuer may assert for one claim in one organisation. */
struct name_set {
	bool every;   /* written "*" */
	char **names; /* exact names, and prefixes, which end in "."; NULL: none */
	size_t count;
};

struct trust_organisation {
	char *org_id;
	struct name_set sets[CLAIM_COUNT]; /* that of CLAIM_ORG_ID is unused */
};

struct trust_issuer {
	char *iss;
	bool untyped; /* tokens with typ JWT, or without typ, are accepted too */
	struct keyset keys;
	struct trust_organisation *organisations;
	size_t organisation_count;
};

struct trust {
	char *audience;
	int64_t max_life_s;
	struct trust_issuer *issuers;
	size_t issuer_count;
};

/* Exact, byte for byte; NULL when there is none. */
const struct trust_issuer *trust_find(const struct trust *trust, const char *iss);
/* Has the issuer been given every claim that the identity carries? */
bool trust_issuer_may(const struct trust_issuer *issuer, const struct identity *identity);

#endif
