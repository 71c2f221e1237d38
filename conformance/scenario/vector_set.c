#include "scenario/vector_set.h"

#include "json.h"
#include "registry/list.h"

#include <stdlib.h>

enum { VECTOR_DEPTH_MAX = 64 };

/* The kinds that go on the wire, and what each expects. */
static const struct kind {
	const char *name;
	enum vector_kind kind;
	bool wire; /* also where the vector does not say */
	const char *holds, *fails[4];
} kinds[] = {
	{ "token", VECTOR_TOKEN, true, "accepted", { "refused" } },
	{ "claims", VECTOR_TOKEN, true, "accepted", { "refused" } },
	{ "decision", VECTOR_DECISION, false, "allow", { "deny" } },
	{ "containment", VECTOR_DECISION, false, "allow", { "deny" } },
	{ "packet", VECTOR_PACKET, false, "packet", { "malformed", "protocol-error", "refused", "incomplete" } },
};

bool vector_complain(const struct vector *vector, const char *member, const char *message, struct fault *fault)
{
	return fault_set(fault, FAULT_MALFORMED, "%s: $.vectors[%zu].%s: %s", vector->file->file, vector->index, member,
			 message);
}

const char *vector_text(const struct vector *vector, const char *member, struct fault *fault)
{
	const char *text = json_string_value(json_object_get(vector->value, member));

	if (!text)
		vector_complain(vector, member, "expected a string", fault);
	return text;
}

/* attack N01 N07, where the vector names any. */
static void put_attacks(const json_t *rows, struct buf *out)
{
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const char *row = json_string_value(json_array_get(rows, i));
		buf_format(out, "%s %s%s", i ? "" : "  attack  ", row ? row : "?", i + 1 < json_array_size(rows) ? "" : "\n");
	}
}

void vector_head(const struct vector *v, const char *org, struct buf *out)
{
	const char *comment = json_string_value(json_object_get(v->value, "comment"));

	buf_format(out, "case vector:%s \"", v->id);
	for (const char *c = comment ? comment : v->id; *c; c++)
		buf_u8(out, (uint8_t)(*c == '"' ? '\'' : (unsigned char)*c < 0x20 ? ' ' : *c));
	buf_format(out, "\"\n  org      %s\n  cites    %s\n", org, v->rule);
	put_attacks(json_object_get(v->value, "attack"), out);
}

const struct vector *vector_find(const struct vector_set *set, const char *id)
{
	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->items[i].id, id) == 0)
			return &set->items[i];
	return NULL;
}

const struct vector *vector_against(const struct vector_set *set, const struct vector *vector)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct vector *v = &set->items[i];
		if (v->wire && !v->holds && v->twin && strcmp(v->twin, vector->id) == 0)
			return v;
	}
	return NULL;
}

static bool read_expect(struct vector *v, const struct kind *kind, struct fault *fault)
{
	static const char *const expected[] = {
		[VECTOR_TOKEN] = "expected \"accepted\" or \"refused\"",
		[VECTOR_DECISION] = "expected \"allow\" or \"deny\"",
		[VECTOR_PACKET] = "expected \"packet\", \"incomplete\", \"malformed\", \"protocol-error\" or \"refused\"",
	};
	const char *expect = vector_text(v, "expect", fault);

	if (!expect)
		return false;
	v->holds = strcmp(expect, kind->holds) == 0;
	for (size_t i = 0; i < sizeof kind->fails / sizeof *kind->fails && !v->holds && kind->fails[i]; i++)
		if (strcmp(expect, kind->fails[i]) == 0)
			return true;
	return v->holds || vector_complain(v, "expect", expected[kind->kind], fault);
}

static bool read_vector(struct vector_set *set, struct vector *v, const struct kind *kind, struct fault *fault)
{
	const json_t *wire = json_object_get(v->value, "wire");

	if (!json_is_object(v->value))
		return vector_complain(v, "id", "expected an object with an id", fault);
	v->id = vector_text(v, "id", fault);
	if (!v->id)
		return false;
	if (vector_find(set, v->id))
		return vector_complain(v, "id", "expected an id that no other vector has", fault);
	v->kind = kind->kind;
	v->twin = json_string_value(json_object_get(v->value, "twin"));
	v->wire = wire ? json_is_true(wire) || json_is_object(wire) : kind->wire;
	if ((v->wire || v->kind != VECTOR_PACKET) && !(v->rule = vector_text(v, "rule", fault)))
		return false;
	return read_expect(v, kind, fault);
}

/* Claims are on the wire what a token says that is sound otherwise: they get the recipe of one. */
static bool give_recipe(const struct vector *v, struct fault *fault)
{
	json_t *value = (json_t *)v->value, *claims = json_object_get(value, "claims"), *recipe = NULL;
	const char *text = json_string_value(json_object_get(value, "text"));
	size_t size = text ? strlen(text) : 0;

	if (!json_is_object(claims) && size < 3)
		return vector_complain(v, "claims", "expected claims, or a text with at least one", fault);
	if (claims)
		recipe = json_pack("{s:s, s:{s:s}}", "key", "main-es256", "claims", "sub", "subject");
	else
		recipe = json_pack("{s:s, s:{s:s}, s:[{s:s%}]}", "key", "main-es256", "claims", "sub", "subject", "edits",
				   "payload_tail", text + 1, size - 2);
	if (claims && json_object_update(json_object_get(recipe, "claims"), claims) != 0) {
		json_decref(recipe);
		return list_no_memory(fault);
	}
	return json_object_set_new(value, "recipe", recipe) == 0 || list_no_memory(fault);
}

static bool add_vector(struct vector_set *set, struct vector *v, const struct kind *kind, struct fault *fault)
{
	struct vector *items;

	if (!read_vector(set, v, kind, fault))
		return false;
	if (strcmp(kind->name, "claims") == 0 && v->wire && !give_recipe(v, fault))
		return false;
	items = list_room(set->items, set->count, sizeof *items);
	if (!items)
		return list_no_memory(fault);
	set->items = items;
	items[set->count++] = *v;
	return true;
}

static bool read_document(struct vector_set *set, const struct vector_file *file, const json_t *document,
			  struct fault *fault)
{
	const char *name = json_string_value(json_object_get(document, "kind"));
	const json_t *vectors = json_object_get(document, "vectors");
	const struct kind *kind = NULL;
	bool good = true;

	for (size_t i = 0; name && i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(name, kinds[i].name) == 0)
			kind = &kinds[i];
	if (!name || !json_is_array(vectors))
		return fault_set(fault, FAULT_MALFORMED, "%s: $: expected the members \"kind\" and \"vectors\"",
				 file->file);
	for (size_t i = 0; good && kind && i < json_array_size(vectors); i++) {
		struct vector v = { .file = file, .index = i, .value = json_array_get(vectors, i) };
		good = add_vector(set, &v, kind, fault);
	}
	return good;
}

bool vector_set_load(const struct registry *registry, struct vector_set *set, struct fault *fault)
{
	const struct json_limits limits = { (size_t)4 << 20, VECTOR_DEPTH_MAX };

	for (size_t i = 0; i < registry->vector_count; i++) {
		const struct vector_file *file = &registry->vectors[i];
		json_t **documents = list_room(set->documents, set->document_count, sizeof *documents);
		if (!documents)
			return list_no_memory(fault);
		set->documents = documents;
		json_t *document = json_parse(slice_text(file->text), file->file, &limits, fault);
		if (!document)
			return false;
		documents[set->document_count++] = document;
		if (!read_document(set, file, document, fault))
			return false;
	}
	return true;
}

void vector_set_release(struct vector_set *set)
{
	for (size_t i = 0; i < set->document_count; i++)
		json_decref(set->documents[i]);
	free(set->documents);
	free(set->items);
	*set = (struct vector_set){ .items = NULL };
}
