/* What is wrong with a text: every mistake with its place, so that an author mends a file at one go. */
#ifndef CONFORMANCE_MISTAKE_H
#define CONFORMANCE_MISTAKE_H

#include "fault.h"

#include <stddef.h>

enum { MISTAKES_MAX = 200 }; /* more help nobody; the rest is left out */

struct mistake {
	unsigned line, column; /* 1-based; 0: of no place. Prose has lines alone */
	char *text;            /* "expected …", without the place. Owned */
};

struct mistakes {
	struct mistake *items; /* in the order of their places. Owned, like the texts */
	size_t count;
	bool no_memory;
};

/* Takes over a fault "name:line:column: text" of the file called name; the same one twice is kept once. */
void mistakes_add(struct mistakes *mistakes, const char *name, const struct fault *fault);
/* The first as a fault again. Always false. */
bool mistakes_fault(const struct mistakes *mistakes, const char *name, struct fault *fault);
void mistakes_release(struct mistakes *mistakes);

#endif
