/* Vectors on the wire: token vectors become CONNECTs, decision and containment vectors PUBLISHes
 * and SUBSCRIBEs, each written as scenario text, so that there is one parser, one set of lints and
 * one thing to show. Nothing is evaluated here: what must come of it stands in the vector. */
#ifndef CONFORMANCE_VECTOR_H
#define CONFORMANCE_VECTOR_H

#include "registry/registry.h"

struct vector_text {
	char *name;         /* "vectors/token/lifetime.json#token-expired": for messages. Owned */
	char *text;         /* one case, called vector:ID. Owned */
	struct place place; /* of the vector's id in its file */
};

struct vector_texts {
	struct vector_text *items;
	size_t count;
};

/* Token vectors go on the wire unless they say "wire": false, the others only with "wire": true. A
 * vector that cannot be judged (a refusal without its permitted twin, an allowance that no refusal
 * stands against, a publish that nobody observes) is a fault. texts is released by the caller
 * whatever the answer. */
bool vectors_compile(const struct registry *registry, struct vector_texts *texts, struct fault *fault);
void vector_texts_release(struct vector_texts *texts);

#endif
