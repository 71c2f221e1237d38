/* All cases: the examples of the spec, conformance/cases/, and the vectors written as cases. */
#include "scenario/cases.h"

#include "registry/chapter.h"
#include "registry/list.h"
#include "scenario/bind.h"
#include "scenario/lint.h"

#include <stdlib.h>

/* Binding each row once finds what only shows there: a value of the wrong kind, an unknown organisation. */
static void bind_each_row(const struct registry *registry, const struct scenario_case *c, struct mistakes *mistakes)
{
	size_t rows = c->row_count ? c->row_count : 1;

	for (size_t i = 0; i < rows; i++) {
		struct fault fault = { FAULT_NONE, "" };
		struct binding b = { .row = c->row_count ? &c->rows[i] : NULL, .registry = registry };
		struct script *script = script_bind(c, &b, &fault);
		if (!script)
			mistakes_add(mistakes, c->name, &fault);
		script_free(script);
	}
}

static void unique_id(const struct case_list *list, size_t index, struct mistakes *mistakes)
{
	const struct scenario_case *c = list->items[index];
	struct fault fault;

	for (size_t i = 0; i < index; i++)
		if (strcmp(list->items[i]->id, c->id) == 0 &&
		    !place_fault(c->name, &c->at, &fault, "the id %s is taken by the case at %s:%u", c->id,
				 list->items[i]->name, list->items[i]->at.line))
			mistakes_add(mistakes, c->name, &fault);
}

/* All that is wrong with the text, and what is right with it into the list. */
static void read_source(const struct registry *registry, const struct case_source *source, struct case_list *list,
			struct mistakes *mistakes)
{
	size_t first = list->count;

	cases_parse(registry, source, list, mistakes);
	for (size_t i = first; i < list->count; i++) {
		unique_id(list, i, mistakes);
		lint_case(list->items[i], mistakes);
		bind_each_row(registry, list->items[i], mistakes);
	}
}

static bool add_source(const struct registry *registry, const struct case_source *source, struct case_list *list,
		       struct fault *fault)
{
	struct mistakes mistakes = { NULL, 0, false };
	bool good;

	read_source(registry, source, list, &mistakes);
	good = !mistakes.count && !mistakes.no_memory;
	if (!good)
		mistakes_fault(&mistakes, source->name, fault);
	mistakes_release(&mistakes);
	return good;
}

/* The prose's examples come before the files of edges, as a reader meets them. */
static bool add_blocks(struct case_set *cases, bool of_prose, struct fault *fault)
{
	const struct registry *registry = cases->registry;
	bool good = true;

	for (size_t i = 0; good && i < registry->block_count; i++) {
		const struct scenario_block *block = &registry->blocks[i];
		if ((strncmp(block->place.file, "spec/", 5) == 0) != of_prose)
			continue;
		const struct case_source source = { slice_text(block->text), block->place.file, block->place.line,
						    block->indent, false };
		good = add_source(registry, &source, &cases->list, fault);
	}
	return good;
}

static bool add_vectors(struct case_set *cases, struct fault *fault)
{
	bool good = vectors_compile(cases->registry, &cases->vectors, fault);

	for (size_t i = 0; good && i < cases->vectors.count; i++) {
		const struct vector_text *vector = &cases->vectors.items[i];
		const struct case_source source = { slice_text(vector->text), vector->name, 1, 0, true };
		good = add_source(cases->registry, &source, &cases->list, fault);
		if (good)
			cases->list.items[cases->list.count - 1]->place = vector->place;
	}
	return good;
}

struct case_set *cases_load(const struct registry *registry, struct fault *fault)
{
	struct case_set *cases = calloc(1, sizeof *cases);

	if (!cases) {
		list_no_memory(fault);
		return NULL;
	}
	cases->registry = registry;
	if (add_blocks(cases, true, fault) && add_blocks(cases, false, fault) && add_vectors(cases, fault))
		return cases;
	cases_free(cases);
	return NULL;
}

void cases_free(struct case_set *cases)
{
	if (!cases)
		return;
	case_list_release(&cases->list);
	vector_texts_release(&cases->vectors);
	free(cases);
}

size_t cases_count(const struct case_set *cases)
{
	return cases->list.count;
}

struct case_summary cases_summary(const struct case_set *cases, size_t index)
{
	const struct scenario_case *c = cases->list.items[index];
	const struct case_summary summary = { c->id, c->title, c->text, c->place, c->rule_ids, c->carrier_names,
					      c->attacks };

	return summary;
}

static void nothing_found(const char *name, const char *what, struct mistakes *mistakes)
{
	struct fault fault;

	place_fault(name, &(struct token){ .line = 1, .column = 1 }, &fault, "expected %s", what);
	mistakes_add(mistakes, name, &fault);
}

void scenario_mistakes(const struct registry *registry, struct slice text, const char *name, struct mistakes *mistakes)
{
	const struct case_source source = { text, name, 1, 0, false };
	struct case_list list = { NULL, 0 };

	read_source(registry, &source, &list, mistakes);
	if (!mistakes->count && !list.count)
		nothing_found(name, "a case, found an empty file", mistakes);
	case_list_release(&list);
}

/* The chapter is read apart: the registry may hold it already. */
void chapter_mistakes(const struct registry *registry, struct slice text, const char *name, struct mistakes *mistakes)
{
	struct registry *chapter = calloc(1, sizeof *chapter);
	struct case_list list = { NULL, 0 };
	struct fault fault = { FAULT_NONE, "" };

	if (!chapter) {
		mistakes->no_memory = true;
		return;
	}
	if (!chapter_read(chapter, name, text, &fault))
		mistakes_add(mistakes, name, &fault);
	for (size_t i = 0; i < chapter->block_count; i++) {
		const struct scenario_block *block = &chapter->blocks[i];
		const struct case_source source = { slice_text(block->text), name, block->place.line, block->indent, false };
		read_source(registry, &source, &list, mistakes);
	}
	if (!mistakes->count && !list.count)
		nothing_found(name, "a fenced block `scenario`, found none in this prose", mistakes);
	case_list_release(&list);
	registry_free(chapter);
}

bool scenario_check_text(const struct registry *registry, struct slice text, const char *name, struct fault *fault)
{
	struct mistakes mistakes = { NULL, 0, false };
	bool good;

	scenario_mistakes(registry, text, name, &mistakes);
	good = !mistakes.count && !mistakes.no_memory;
	if (!good)
		mistakes_fault(&mistakes, name, fault);
	mistakes_release(&mistakes);
	return good;
}
