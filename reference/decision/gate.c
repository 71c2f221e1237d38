/* The gate: find the organisation's policy, decide, record, answer. */
#include "gate.h"

#include <stdlib.h>

enum { CODE_IMPLEMENTATION_SPECIFIC = 0x83, ORGANISATIONS_MAX = 65536 };

struct entry {
	char *org_id;
	struct policy *policy;
};

struct policies {
	struct entry *entries; /* sorted by org_id once all are read */
	size_t count;
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;

	return strcmp(one->org_id, other->org_id);
}

static bool read_entry(const struct json_at *at, struct entry *entry, const char *document, struct fault *fault)
{
	struct fault inner;
	const char *file;
	char *path;

	if (!claim_value_valid(slice_text(at->name)))
		return json_complain(at, fault, "expected an org_id [A-Za-z0-9][A-Za-z0-9._-]{0,127}");
	if (!json_text_at(at, &file, fault))
		return false;
	entry->org_id = slice_copy(slice_text(at->name));
	path = json_beside(document, file);
	if (entry->org_id && path)
		entry->policy = policy_load(path, &inner);
	else
		fault_set(&inner, FAULT_UNAVAILABLE, "out of memory");
	free(path);
	return entry->policy != NULL || json_within(at, &inner, fault);
}

static bool read_entries(const struct json_at *at, struct policies *policies, struct fault *fault)
{
	const char *document = at->parent->name ? at->parent->name : "";
	const char *org_id;
	json_t *value;

	if (!json_is_object(at->value) || json_object_size(at->value) > ORGANISATIONS_MAX)
		return json_expected(at, "an object of organisations and policy files", fault);
	policies->entries = calloc(json_object_size(at->value) + 1, sizeof *policies->entries);
	if (!policies->entries)
		return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	json_object_foreach((json_t *)at->value, org_id, value) {
		struct json_at member = json_member(at, org_id);

		if (!read_entry(&member, &policies->entries[policies->count++], document, fault))
			return false;
	}
	qsort(policies->entries, policies->count, sizeof *policies->entries, compare_entries);
	return true;
}

struct policies *policies_load(const struct json_at *config, struct fault *fault)
{
	struct json_at member = json_member(config, "policies");
	struct policies *policies = calloc(1, sizeof *policies);

	if (!policies) {
		fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
		return NULL;
	}
	if (read_entries(&member, policies, fault))
		return policies;
	policies_free(policies);
	return NULL;
}

void policies_free(struct policies *policies)
{
	if (!policies)
		return;
	for (size_t i = 0; i < policies->count; i++) {
		free(policies->entries[i].org_id);
		policy_free(policies->entries[i].policy);
	}
	free(policies->entries);
	free(policies);
}

static int compare_with_entry(const void *wanted, const void *element)
{
	const struct slice *org_id = wanted;
	const struct entry *entry = element;
	size_t size = strlen(entry->org_id), shorter = size < org_id->size ? size : org_id->size;
	int order = shorter ? memcmp(org_id->data, entry->org_id, shorter) : 0;

	return order ? order : (org_id->size > size) - (org_id->size < size);
}

const struct policy *policies_find(const struct policies *policies, struct slice org_id)
{
	const struct entry *entry =
		bsearch(&org_id, policies->entries, policies->count, sizeof *policies->entries, compare_with_entry);

	return entry ? entry->policy : NULL;
}

/* [ORG-01] The identity's organisation alone chooses the policy. */
struct decision gate_ask(const struct gate *gate, const struct identity *identity, const struct request *request)
{
	struct slice org_id = identity_claim(identity, CLAIM_ORG_ID);
	const struct policy *policy = gate->policies ? policies_find(gate->policies, org_id) : NULL;
	struct decision decision = decide(policy, identity, request);
	const struct gate_entry entry = { identity, request, &decision };

	/* What cannot be recorded does not happen. */
	if (gate->record && !gate->record(gate->context, &entry) && decision.allowed) {
		decision.allowed = false;
		decision.code = CODE_IMPLEMENTATION_SPECIFIC;
		decision.qos = 0;
		decision.rule = NULL;
		decision.why = "unrecorded";
	}
	return decision;
}
