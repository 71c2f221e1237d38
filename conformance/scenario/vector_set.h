/* All vectors of the files that can go on the wire, found by id. */
#ifndef CONFORMANCE_VECTOR_SET_H
#define CONFORMANCE_VECTOR_SET_H

#include "buf.h"
#include "registry/registry.h"

enum vector_kind { VECTOR_TOKEN, VECTOR_DECISION, VECTOR_PACKET };

struct vector {
	const struct vector_file *file;
	size_t index;        /* in the file */
	const json_t *value; /* borrowed from the set */
	const char *id;
	const char *rule;    /* the one that it is about; NULL for a packet that stays at home */
	const char *twin;    /* NULL: none */
	enum vector_kind kind;
	bool holds;          /* accepted, allowed or sound; else refused, denied or broken */
	bool wire;
};

struct vector_set {
	json_t **documents;
	size_t document_count;
	struct vector *items;
	size_t count;
};

/* false: malformed JSON, a missing member, a second vector of the same id. set is zero at the start
 * and released by the caller whatever the answer. */
bool vector_set_load(const struct registry *registry, struct vector_set *set, struct fault *fault);
void vector_set_release(struct vector_set *set);

const struct vector *vector_find(const struct vector_set *set, const char *id);
/* The first vector of the wire that is refused and names this one as its twin, or NULL. */
const struct vector *vector_against(const struct vector_set *set, const struct vector *vector);
/* case vector:ID "comment", org, cites. */
void vector_head(const struct vector *vector, const char *org, struct buf *out);
/* A string member; NULL with the fault where it is none. */
const char *vector_text(const struct vector *vector, const char *member, struct fault *fault);
/* "file: $.vectors[3].member: message"; always false. */
bool vector_complain(const struct vector *vector, const char *member, const char *message, struct fault *fault);

#endif
