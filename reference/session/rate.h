/* How many CONNECT packets came from one address in the running second. A table of fixed size: addresses
 * that fall on the same place share its budget, so that no flood of them takes memory. */
#ifndef MQTT_AGENT_RATE_H
#define MQTT_AGENT_RATE_H

#include "slice.h"

#include <stdint.h>

enum { RATE_PLACES = 1024 };

struct rate {
	struct {
		int64_t second;
		unsigned count;
	} places[RATE_PLACES];
};

/* Counts one; false when it is more than LIMIT_CONNECT_RATE in this second. peer: address:port. */
bool rate_take(struct rate *rate, struct slice peer, int64_t now_ms);

#endif
