/* Reading the trust of a broker configuration. One fault refuses all of it. */
#include "trust.h"

#include <stdlib.h>

enum { LIFE_DEFAULT_S = 3600, LIFE_MAX_S = 86400 };

static bool out_of_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
}

static bool copy_text(const char *text, char **copy, struct fault *fault)
{
	*copy = slice_copy(slice_text(text));
	return *copy ? true : out_of_memory(fault);
}

/* A list of names, or the text "*". */
static bool read_set(const struct json_at *at, struct name_set *set, struct fault *fault)
{
	if (json_is_string(at->value) && strcmp(json_string_value(at->value), "*") == 0) {
		set->every = true;
		return true;
	}
	if (!json_is_array(at->value))
		return json_expected(at, "\"*\" or a list of names and of prefixes that end in \".\"", fault);
	if (!json_array_at(at, 1, TRUST_NAMES_MAX, fault))
		return false;
	set->names = calloc(json_array_size(at->value), sizeof *set->names);
	if (!set->names)
		return out_of_memory(fault);
	for (size_t i = 0; i < json_array_size(at->value); i++) {
		struct json_at element = json_element(at, i);
		const char *name;

		if (!json_text_at(&element, &name, fault))
			return false;
		if (!claim_value_valid(slice_text(name)))
			return json_expected(&element, "a name [A-Za-z0-9][A-Za-z0-9._-]{0,127}", fault);
		if (!copy_text(name, &set->names[i], fault))
			return false;
		set->count++;
	}
	return true;
}

static bool read_organisation(const struct json_at *at, struct trust_organisation *organisation, struct fault *fault)
{
	static const char *const claims[] = { "agent_id", "server_id", "tool_id", "user_id", NULL };

	if (!claim_value_valid(slice_text(at->name)))
		return json_complain(at, fault, "expected an org_id [A-Za-z0-9][A-Za-z0-9._-]{0,127}");
	if (!json_object_at(at, claims, fault) || !copy_text(at->name, &organisation->org_id, fault))
		return false;
	if (json_object_size(at->value) == 0)
		return json_complain(at, fault, "expected at least one claim that the issuer may assert");
	for (size_t i = 0; claims[i]; i++) {
		struct json_at set = json_member(at, claims[i]);

		if (set.value && !read_set(&set, &organisation->sets[claim_from(slice_text(claims[i]))], fault))
			return false;
	}
	return true;
}

static bool read_organisations(const struct json_at *at, struct trust_issuer *issuer, struct fault *fault)
{
	const char *org_id;
	json_t *value;

	if (!json_is_object(at->value) || json_object_size(at->value) < 1 ||
	    json_object_size(at->value) > TRUST_ORGANISATIONS_MAX)
		return json_expected(at, "an object of 1 to 1024 organisations", fault);
	issuer->organisations = calloc(json_object_size(at->value), sizeof *issuer->organisations);
	if (!issuer->organisations)
		return out_of_memory(fault);
	json_object_foreach((json_t *)at->value, org_id, value) {
		struct json_at organisation = json_member(at, org_id);

		if (!read_organisation(&organisation, &issuer->organisations[issuer->organisation_count++], fault))
			return false;
	}
	return true;
}

static const char *document_name(const struct json_at *at)
{
	while (at->parent)
		at = at->parent;
	return at->name ? at->name : "";
}

static bool read_keys(const struct json_at *at, struct trust_issuer *issuer, struct fault *fault)
{
	const char *file;
	struct fault inner;
	char *path;
	bool good;

	if (!json_text_at(at, &file, fault))
		return false;
	path = json_beside(document_name(at), file);
	good = path ? keyset_load(path, &issuer->keys, &inner) : out_of_memory(&inner);
	free(path);
	return good || json_within(at, &inner, fault);
}

static bool read_issuer(const struct json_at *at, struct trust_issuer *issuer, struct fault *fault)
{
	static const char *const known[] = { "iss", "jwks", "untyped", "organisations", NULL };
	struct json_at iss = json_member(at, "iss"), jwks = json_member(at, "jwks");
	struct json_at untyped = json_member(at, "untyped"), organisations = json_member(at, "organisations");
	const char *name;

	if (!json_object_at(at, known, fault) || !json_text_at(&iss, &name, fault))
		return false;
	if (strlen(name) > ISSUER_MAX)
		return json_expected(&iss, "at most 256 bytes", fault);
	if (untyped.value && !json_bool_at(&untyped, &issuer->untyped, fault))
		return false;
	return copy_text(name, &issuer->iss, fault) && read_organisations(&organisations, issuer, fault) &&
	       read_keys(&jwks, issuer, fault);
}

/* Is there a value that both names, each exact or a prefix, stand for? */
static bool names_meet(struct slice a, struct slice b)
{
	bool a_prefix = a.data[a.size - 1] == '.', b_prefix = b.data[b.size - 1] == '.';

	return slice_equal(a, b) || (a_prefix && slice_starts(b, a)) || (b_prefix && slice_starts(a, b));
}

static bool is_empty(const struct name_set *set)
{
	return !set->every && !set->count;
}

static bool sets_meet(const struct name_set *a, const struct name_set *b)
{
	if (is_empty(a) || is_empty(b))
		return false;
	if (a->every || b->every)
		return true;
	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < b->count; k++)
			if (names_meet(slice_text(a->names[i]), slice_text(b->names[k])))
				return true;
	return false;
}

static bool refuse_overlap(const struct json_at *issuer, const struct trust_organisation *mine,
			   const struct trust_issuer *other, struct fault *fault)
{
	for (size_t i = 0; i < other->organisation_count; i++) {
		const struct trust_organisation *theirs = &other->organisations[i];

		if (strcmp(mine->org_id, theirs->org_id) != 0)
			continue;
		for (int claim = 0; claim < CLAIM_COUNT; claim++)
			if (sets_meet(&mine->sets[claim], &theirs->sets[claim]))
				return json_complain(issuer, fault,
						     "expected issuers that share no name, found two that may both "
						     "assert the same %s in organisation %s",
						     claim_name((enum claim)claim), mine->org_id);
	}
	return true;
}

/* No two issuers with one name, and none that could give out a name of the other's. */
static bool refuse_conflict(const struct json_at *issuer, const struct trust_issuer *a, const struct trust_issuer *b,
			    struct fault *fault)
{
	if (strcmp(a->iss, b->iss) == 0)
		return json_complain(issuer, fault, "expected each iss once, found %.200s twice", a->iss);
	for (size_t i = 0; i < a->organisation_count; i++)
		if (!refuse_overlap(issuer, &a->organisations[i], b, fault))
			return false;
	return true;
}

static bool read_issuers(const struct json_at *at, struct trust *trust, struct fault *fault)
{
	if (!json_array_at(at, 1, TRUST_ISSUERS_MAX, fault))
		return false;
	trust->issuers = calloc(json_array_size(at->value), sizeof *trust->issuers);
	if (!trust->issuers)
		return out_of_memory(fault);
	for (size_t i = 0; i < json_array_size(at->value); i++) {
		struct json_at issuer = json_element(at, i);

		trust->issuer_count++;
		if (!read_issuer(&issuer, &trust->issuers[i], fault))
			return false;
		for (size_t k = 0; k < i; k++)
			if (!refuse_conflict(&issuer, &trust->issuers[k], &trust->issuers[i], fault))
				return false;
	}
	return true;
}

static bool read_trust(const struct json_at *config, struct trust *trust, struct fault *fault)
{
	struct json_at audience = json_member(config, "audience"), life = json_member(config, "max_token_life");
	struct json_at issuers = json_member(config, "issuers");
	const char *name;

	trust->max_life_s = LIFE_DEFAULT_S;
	if (!json_text_at(&audience, &name, fault) || !copy_text(name, &trust->audience, fault))
		return false;
	if (life.value && !json_integer_at(&life, 1, LIFE_MAX_S, &trust->max_life_s, fault))
		return false;
	return read_issuers(&issuers, trust, fault);
}

struct trust *trust_load(const struct json_at *config, struct fault *fault)
{
	struct trust *trust = calloc(1, sizeof *trust);

	if (!trust) {
		out_of_memory(fault);
		return NULL;
	}
	if (read_trust(config, trust, fault))
		return trust;
	trust_free(trust);
	return NULL;
}
