/* The areas that a class has by the spec, whether or not this draft has a chapter for them: the
 * line "Areas of CLASS: A, B, …" of spec/00-conventions.md. */
#ifndef CONFORMANCE_AREAS_H
#define CONFORMANCE_AREAS_H

#include "fault.h"

#include <stddef.h>

enum { AREAS_MAX = 32, AREA_BYTES = 8 };

struct areas {
	char names[AREAS_MAX][AREA_BYTES];
	size_t count; /* 0: the spec says nothing about the areas of this class */
};

/* spec_dir as in registry_load. false with *fault when the spec cannot be read. */
bool areas_load(const char *spec_dir, const char *class, struct areas *areas, struct fault *fault);

#endif
