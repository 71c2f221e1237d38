/* What an issuer may say, asked at run time, and the release of it all. Reading: trust_load.c. */
#include "trust.h"

#include <stdlib.h>

const struct trust_issuer *trust_find(const struct trust *trust, const char *iss)
{
	for (size_t i = 0; i < trust->issuer_count; i++)
		if (strcmp(trust->issuers[i].iss, iss) == 0)
			return &trust->issuers[i];
	return NULL;
}

static bool set_holds(const struct name_set *set, struct slice value)
{
	if (set->every)
		return true;
	for (size_t i = 0; i < set->count; i++) {
		struct slice name = slice_text(set->names[i]);
		bool prefix = name.data[name.size - 1] == '.';

		if (prefix ? slice_starts(value, name) : slice_equal(value, name))
			return true;
	}
	return false;
}

static const struct trust_organisation *find_organisation(const struct trust_issuer *issuer, struct slice org_id)
{
	for (size_t i = 0; i < issuer->organisation_count; i++)
		if (slice_is(org_id, issuer->organisations[i].org_id))
			return &issuer->organisations[i];
	return NULL;
}

bool trust_issuer_may(const struct trust_issuer *issuer, const struct identity *identity)
{
	const struct trust_organisation *organisation =
		find_organisation(issuer, identity_claim(identity, CLAIM_ORG_ID));

	if (!organisation)
		return false;
	for (int claim = CLAIM_ORG_ID + 1; claim < CLAIM_COUNT; claim++) {
		struct slice value = identity_claim(identity, (enum claim)claim);

		if (value.size && !set_holds(&organisation->sets[claim], value))
			return false;
	}
	return true;
}

static bool same_key(const struct trust_issuer *a, const struct trust_issuer *b, struct slice kid)
{
	const struct crypto_key *one = keyset_find(&a->keys, kid), *other = keyset_find(&b->keys, kid);

	return one && other && crypto_key_equal(one, other);
}

bool trust_keeps(const struct trust *trust, const struct trust *before, const struct identity *identity)
{
	const struct trust_issuer *issuer = trust_find(trust, identity->iss);
	const struct trust_issuer *earlier = trust_find(before, identity->iss);

	return issuer && earlier && strcmp(trust->audience, before->audience) == 0 &&
	       same_key(issuer, earlier, slice_text(identity->kid)) && trust_issuer_may(issuer, identity);
}

static void organisation_release(struct trust_organisation *organisation)
{
	for (int claim = 0; claim < CLAIM_COUNT; claim++) {
		struct name_set *set = &organisation->sets[claim];

		for (size_t i = 0; i < set->count; i++)
			free(set->names[i]);
		free(set->names);
	}
	free(organisation->org_id);
}

static void issuer_release(struct trust_issuer *issuer)
{
	for (size_t i = 0; i < issuer->organisation_count; i++)
		organisation_release(&issuer->organisations[i]);
	free(issuer->organisations);
	keyset_release(&issuer->keys);
	free(issuer->iss);
}

void trust_free(struct trust *trust)
{
	if (!trust)
		return;
	for (size_t i = 0; i < trust->issuer_count; i++)
		issuer_release(&trust->issuers[i]);
	free(trust->issuers);
	free(trust->audience);
	free(trust);
}
