/* What the targets share. */
#ifndef FUZZ_H
#define FUZZ_H

#include "slice.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A target that cannot even begin is a finding. */
static inline void fuzz_need(bool good)
{
	if (!good)
		abort();
}

/* The part of *rest up to the separator, which is taken too; all of it where there is none. */
static inline struct slice fuzz_part(struct slice *rest, uint8_t separator)
{
	size_t end = 0;
	struct slice part;

	while (end < rest->size && rest->data[end] != separator)
		end++;
	part = slice_part(*rest, 0, end);
	*rest = slice_part(*rest, end < rest->size ? end + 1 : end, rest->size);
	return part;
}

#endif
