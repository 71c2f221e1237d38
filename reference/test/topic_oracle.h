/* Which filter matches which name, level by level as MQTT 5.0 section 4.7 tells it: what the topic tree
 * and the decision, which both do it in ways of their own, are measured by. */
#ifndef MQTT_AGENT_TEST_TOPIC_ORACLE_H
#define MQTT_AGENT_TEST_TOPIC_ORACLE_H

#include "slice.h"

/* `$` at the start is matched by no wildcard [MQTT-4.7.2-1]. */
static inline bool topic_matches(struct slice filter, struct slice name)
{
	bool more_filter = true, more_name = true;

	if (name.size && name.data[0] == '$' && filter.size && (filter.data[0] == '+' || filter.data[0] == '#'))
		return false;
	while (more_filter && more_name) {
		struct slice wanted = slice_word(&filter, '/', &more_filter);
		struct slice level = slice_word(&name, '/', &more_name);

		if (slice_is(wanted, "#"))
			return true;
		if (!slice_is(wanted, "+") && !slice_equal(wanted, level))
			return false;
	}
	if (!more_filter)
		return !more_name;
	/* The name has ended: only `/#` may be left over, which matches the parent level too. */
	return slice_is(filter, "#");
}

#endif
