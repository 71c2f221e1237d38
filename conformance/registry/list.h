/* Growing arrays, for what is read once at start: room for one more item at a time. */
#ifndef CONFORMANCE_LIST_H
#define CONFORMANCE_LIST_H

#include "fault.h"

#include <stddef.h>

/* Makes room behind the count items of size bytes each and zeroes that place. Returns the array,
 * perhaps moved, or NULL when out of memory; items is then still valid and owned by the caller. */
void *list_room(void *items, size_t count, size_t size);

/* Fills *fault and returns false: return list_no_memory(fault). */
bool list_no_memory(struct fault *fault);

#endif
