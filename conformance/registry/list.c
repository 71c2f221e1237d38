#include "registry/list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *list_room(void *items, size_t count, size_t size)
{
	unsigned char *grown = items;

	if ((count & (count - 1)) == 0) { /* 0, 1, 2, 4, … are full */
		size_t room = count ? count * 2 : 1;
		if (room < count || room > SIZE_MAX / size)
			return NULL;
		grown = realloc(items, room * size);
		if (!grown)
			return NULL;
	}
	memset(grown + count * size, 0, size);
	return grown;
}

bool list_no_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
}
