/* An order of byte strings, for search trees: by bytes, the shorter first. */
#ifndef MQTT_AGENT_ORDER_H
#define MQTT_AGENT_ORDER_H

#include "slice.h"

static inline int slice_order(struct slice a, struct slice b)
{
	size_t shorter = a.size < b.size ? a.size : b.size;
	int order = shorter ? memcmp(a.data, b.data, shorter) : 0;

	return order ? order : (a.size > b.size) - (a.size < b.size);
}

#endif
