/* Topic names and filters as words: what is one, and what is a share (MQTT 5.0 4.7, 4.8.2).
 * No policy here and no allocation. */
#ifndef MQTT_AGENT_TOPIC_H
#define MQTT_AGENT_TOPIC_H

#include "slice.h"

/* [MQTT-4.7.1-1, 4.7.3-1..3]: 1 to 65,535 bytes of UTF-8 without U+0000, no wildcard. */
bool topic_name_valid(struct slice name);
/* [MQTT-4.7.1-1..3]: wildcards only where they may stand. Not for $share filters: split those first. */
bool topic_filter_valid(struct slice filter);

enum share_form { SHARE_NONE, SHARE_GOOD, SHARE_MALFORMED };
/* $share/{name}/{filter} (MQTT 5.0 4.8.2). *group and *filter are parts of text. "$share" itself,
 * an empty or wildcard name, or a missing or invalid filter is SHARE_MALFORMED [MQTT-4.8.2-1,-2]. */
enum share_form topic_share_split(struct slice text, struct slice *group, struct slice *filter);

#endif
