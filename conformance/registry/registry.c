#include "registry/registry.h"

#include "registry/chapter.h"
#include "registry/sources.h"
#include "registry/list.h"
#include "registry/probes.h"

#include <stdlib.h>

const struct rule *registry_rule(const struct registry *registry, struct slice id)
{
	for (size_t i = 0; i < registry->rule_count; i++)
		if (slice_equal(id, slice_text(registry->rules[i].id)))
			return &registry->rules[i];
	return NULL;
}

static bool has_word(const char *list, struct slice word)
{
	struct slice rest = slice_text(list);
	bool more = list != NULL;

	while (more)
		if (slice_equal(slice_word(&rest, ' ', &more), word))
			return true;
	return false;
}

const struct rule *registry_manner(const struct registry *registry, struct slice id)
{
	for (size_t i = 0; i < registry->rule_count; i++)
		if (has_word(registry->rules[i].manner_of, id))
			return &registry->rules[i];
	return NULL;
}

const struct policy_block *registry_policy(const struct registry *registry, struct slice name)
{
	for (size_t i = 0; i < registry->policy_count; i++)
		if (slice_equal(name, slice_text(registry->policies[i].name)))
			return &registry->policies[i];
	return NULL;
}

const char *level_name(enum level level)
{
	static const char *const names[] = { "must", "should", "may" };

	return (size_t)level < sizeof names / sizeof *names ? names[level] : "unknown";
}

static bool add_block(struct registry *registry, const char *file, struct slice text, struct fault *fault)
{
	struct scenario_block *blocks = list_room(registry->blocks, registry->block_count, sizeof *blocks);

	if (!blocks)
		return list_no_memory(fault);
	registry->blocks = blocks;
	blocks += registry->block_count++;
	blocks->place = (struct place){ file, 1 };
	blocks->text = slice_copy(text);
	return blocks->text || list_no_memory(fault);
}

static bool add_vectors(struct registry *registry, const char *file, struct slice text, struct fault *fault)
{
	struct vector_file *vectors = list_room(registry->vectors, registry->vector_count, sizeof *vectors);

	if (!vectors)
		return list_no_memory(fault);
	registry->vectors = vectors;
	vectors += registry->vector_count++;
	vectors->file = file;
	vectors->text = slice_copy(text);
	return vectors->text || list_no_memory(fault);
}

/* The registry's own copy of a path, for places to point to. */
static const char *keep_path(struct registry *registry, const char *path, struct fault *fault)
{
	char **files = list_room(registry->files, registry->file_count, sizeof *files);
	char *copy = files ? slice_copy(slice_text(path)) : NULL;

	if (files)
		registry->files = files;
	if (!copy) {
		list_no_memory(fault);
		return NULL;
	}
	files[registry->file_count++] = copy;
	return copy;
}

static bool read_file(struct registry *registry, const struct source_file *file, struct fault *fault)
{
	const char *path = keep_path(registry, file->path, fault);

	if (!path)
		return false;
	if (strncmp(path, "spec/", 5) == 0)
		return chapter_read(registry, path, file->text, fault);
	if (strncmp(path, "vectors/", 8) == 0)
		return add_vectors(registry, path, file->text, fault);
	return add_block(registry, path, file->text, fault);
}

static bool refer_fault(const struct rule *rule, const char *what, struct slice id, struct fault *fault)
{
	return fault_set(fault, FAULT_PROTOCOL, "%s:%u: %s: %s %.*s", rule->place.file, rule->place.line, rule->id,
			 what, (int)id.size, (const char *)id.data);
}

/* [conventions] A manner is a SHOULD about one or several MUSTs, and a MUST has one manner. */
static bool check_manner(const struct registry *registry, const struct rule *rule, struct fault *fault)
{
	struct slice rest = slice_text(rule->manner_of);
	bool more = rule->manner_of != NULL;

	if (more && rule->level != LEVEL_SHOULD)
		return refer_fault(rule, "expected SHOULD in a rule that is the manner of", rest, fault);
	while (more) {
		struct slice id = slice_word(&rest, ' ', &more);
		const struct rule *must = registry_rule(registry, id);
		if (!must)
			return refer_fault(rule, "is the manner of an unknown rule,", id, fault);
		if (must->level != LEVEL_MUST)
			return refer_fault(rule, "is the manner of a rule that is no MUST,", id, fault);
		if (registry_manner(registry, id) != rule)
			return refer_fault(rule, "is a second manner of", id, fault);
	}
	return true;
}

static bool check_excuse(const struct registry *registry, const struct rule *rule, struct fault *fault)
{
	const struct slice implied = slice_text("implied-by ");
	struct slice rest = slice_text(rule->excuse);
	bool more;

	if (!slice_starts(rest, implied))
		return true;
	rest = slice_part(rest, implied.size, rest.size);
	struct slice id = slice_word(&rest, ':', &more);
	if (!more || !rest.size)
		return refer_fault(rule, "expected \"implied-by ID: reason\", found implied-by", id, fault);
	if (!registry_rule(registry, id) || slice_is(id, rule->id))
		return refer_fault(rule, "is implied by an unknown rule,", id, fault);
	return true;
}

static bool check_registry(const struct registry *registry, struct fault *fault)
{
	if (!registry->rule_count)
		return fault_set(fault, FAULT_UNAVAILABLE, "spec/: no rule was found");
	if (!registry->revision[0])
		return fault_set(fault, FAULT_MALFORMED, "spec/00-conventions.md: expected \"Revision: …\"");
	for (size_t i = 0; i < registry->rule_count; i++)
		if (!check_manner(registry, &registry->rules[i], fault) ||
		    !check_excuse(registry, &registry->rules[i], fault))
			return false;
	return probes_check(registry, fault);
}

struct registry *registry_load(const char *dir, struct fault *fault)
{
	struct registry *registry = calloc(1, sizeof *registry);
	struct source_files files = { NULL, 0 };
	bool good = registry && sources_load(dir, &files, fault);

	if (!registry)
		list_no_memory(fault);
	for (size_t i = 0; good && i < files.count; i++)
		good = read_file(registry, &files.items[i], fault);
	good = good && check_registry(registry, fault);
	if (good && !sources_digest(&files, registry->digest))
		good = fault_set(fault, FAULT_UNAVAILABLE, "cannot compute the registry's digest");
	sources_release(&files);
	if (good)
		return registry;
	registry_free(registry);
	return NULL;
}

static void rule_release(struct rule *rule)
{
	free(rule->id);
	free(rule->area);
	free(rule->title);
	free(rule->class);
	free(rule->sentence);
	free(rule->rationale);
	free(rule->manner_of);
	free(rule->excuse);
}

void registry_free(struct registry *registry)
{
	if (!registry)
		return;
	for (size_t i = 0; i < registry->rule_count; i++)
		rule_release(&registry->rules[i]);
	for (size_t i = 0; i < registry->policy_count; i++) {
		free(registry->policies[i].name);
		json_decref(registry->policies[i].document);
	}
	for (size_t i = 0; i < registry->block_count; i++)
		free(registry->blocks[i].text);
	for (size_t i = 0; i < registry->vector_count; i++)
		free(registry->vectors[i].text);
	for (size_t i = 0; i < registry->file_count; i++)
		free(registry->files[i]);
	probes_release(registry);
	free(registry->rules);
	free(registry->policies);
	free(registry->blocks);
	free(registry->vectors);
	free(registry->files);
	free(registry);
}
