#include "registry/probes.h"

#include "buf.h"
#include "registry/list.h"

#include <stdlib.h>

enum { WORDS = 6, CLAIM_MAX = 32 };

static bool complain(struct place place, const char *what, struct fault *fault)
{
	return fault_set(fault, FAULT_MALFORMED, "%s:%u: %s", place.file, place.line, what);
}

/* The words of a line; false: there are not just so many. */
static bool split(struct slice line, struct slice words[WORDS])
{
	size_t count = 0;
	bool more = line.size > 0;
	while (more) {
		struct slice word = slice_word(&line, ' ', &more);
		if (word.size == 0)
			continue;
		if (count == WORDS)
			return false;
		words[count++] = word;
	}
	return count == WORDS;
}

static char *claim_of(struct slice kind)
{
	static const char *const kinds[] = { "agent", "user", "server", "tool" };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct buf claim;
		if (!slice_is(kind, kinds[i]))
			continue;
		buf_init(&claim, CLAIM_MAX);
		buf_format(&claim, "%s_id", kinds[i]);
		char *copy = slice_copy(buf_slice(&claim));
		buf_release(&claim);
		return copy;
	}
	return NULL;
}

static bool read_line(struct registry *registry, struct place place, struct slice org, struct slice line, struct fault *fault)
{
	struct slice words[WORDS];
	if (!split(line, words))
		return complain(place, "expected six words: rule, kind of principal, name, pub or sub, what is allowed, what is not", fault);
	if (!slice_is(words[3], "pub") && !slice_is(words[3], "sub"))
		return complain(place, "expected pub or sub as the fourth word", fault);
	struct probe *probes = list_room(registry->probes, registry->probe_count, sizeof *probes);
	if (!probes)
		return list_no_memory(fault);
	registry->probes = probes;
	struct probe *probe = &probes[registry->probe_count++];
	*probe = (struct probe){
		.org = slice_copy(org), .rule = slice_copy(words[0]), .claim = claim_of(words[1]),
		.name = slice_copy(words[2]), .subscribe = slice_is(words[3], "sub"),
		.allowed = slice_copy(words[4]), .denied = slice_copy(words[5]), .place = place,
	};
	if (!probe->claim)
		return complain(place, "expected agent, user, server or tool as the second word", fault);
	return (probe->org && probe->rule && probe->name && probe->allowed && probe->denied) || list_no_memory(fault);
}

bool probes_read(struct registry *registry, struct place place, struct slice org, struct slice text, struct fault *fault)
{
	bool more = true, good = true;
	for (; good && more; place.line++) {
		struct slice line = slice_word(&text, '\n', &more);
		good = line.size == 0 || read_line(registry, place, org, line, fault);
	}
	return good;
}

static const json_t *rule_of(const struct registry *registry, const struct probe *probe)
{
	const struct policy_block *policy = registry_policy(registry, slice_text(probe->org));
	const json_t *rules = policy ? json_object_get(policy->document, "rules") : NULL, *rule;
	size_t i;
	json_array_foreach(rules, i, rule)
	{
		const char *id = json_string_value(json_object_get(rule, "id"));
		if (id && strcmp(id, probe->rule) == 0)
			return rule;
	}
	return NULL;
}

static bool lists(const json_t *names, const char *name)
{
	const json_t *one;
	size_t i;
	json_array_foreach(names, i, one)
	{
		if (json_is_string(one) && strcmp(json_string_value(one), name) == 0)
			return true;
	}
	return !names;
}

/* Whether rule and principal belong together; what the patterns cover is for the broker to say. */
static bool applies(const json_t *rule, const struct probe *probe)
{
	const char *binding = json_string_value(json_object_get(rule, "binding"));
	const json_t *names = json_object_get(rule, strcmp(probe->claim, "user_id") == 0 ? "users" : "agents");
	return (!binding || strcmp(binding, probe->claim) == 0) && lists(names, probe->name);
}

bool probes_check(const struct registry *registry, struct fault *fault)
{
	for (size_t i = 0; i < registry->probe_count; i++) {
		const struct probe *probe = &registry->probes[i];
		const json_t *rule = rule_of(registry, probe);
		const char *action = rule ? json_string_value(json_object_get(rule, "action")) : NULL;
		if (!action)
			return complain(probe->place, "a probe of a rule that this policy does not have", fault);
		if (!strstr(action, probe->subscribe ? "sub" : "pub"))
			return complain(probe->place, "a probe of an action that the rule does not grant", fault);
		if (!applies(rule, probe))
			return complain(probe->place, "a probe by a principal that the rule does not apply to", fault);
	}
	return true;
}

void probes_release(struct registry *registry)
{
	for (size_t i = 0; i < registry->probe_count; i++) {
		struct probe *probe = &registry->probes[i];
		free(probe->org);
		free(probe->rule);
		free(probe->claim);
		free(probe->name);
		free(probe->allowed);
		free(probe->denied);
	}
	free(registry->probes);
}
