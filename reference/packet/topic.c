/* Topics as words: what is a name, what is a filter. */
#include "topic.h"

enum { TOPIC_MAX = 65535 }; /* bytes; what a two-byte length can say (MQTT 5.0 1.5.4) */

static bool contains(struct slice text, unsigned char letter)
{
	return text.size && memchr(text.data, letter, text.size) != NULL;
}

static bool is_topic_text(struct slice text)
{
	return text.size >= 1 && text.size <= TOPIC_MAX && slice_utf8(text);
}

bool topic_name_valid(struct slice name)
{
	return is_topic_text(name) && !contains(name, '+') && !contains(name, '#');
}

/* [SUB-35] A wildcard fills its level, and `#` stands only in the last one. */
static bool level_valid(struct slice level, bool last)
{
	if (contains(level, '#'))
		return level.size == 1 && last;
	return !contains(level, '+') || level.size == 1;
}

bool topic_filter_valid(struct slice filter)
{
	bool more = true;

	if (!is_topic_text(filter))
		return false;
	while (more) {
		struct slice level = slice_word(&filter, '/', &more);

		if (!level_valid(level, !more))
			return false;
	}
	return true;
}

enum share_form topic_share_split(struct slice text, struct slice *group, struct slice *filter)
{
	bool more, more_group;
	struct slice rest = text;

	if (!slice_is(slice_word(&rest, '/', &more), "$share"))
		return SHARE_NONE;
	*group = slice_word(&rest, '/', &more_group);
	*filter = rest;
	if (!more || !more_group || !group->size || !slice_utf8(*group) || contains(*group, '+') ||
	    contains(*group, '#') || !topic_filter_valid(rest))
		return SHARE_MALFORMED;
	return SHARE_GOOD;
}
