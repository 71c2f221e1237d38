/* Topic aliases. A topic has no U+0000, so that its copy is a string. */
#include "alias.h"

#include <stdlib.h>

void aliases_release(struct aliases *aliases)
{
	for (uint32_t i = 0; i < LIMIT_TOPIC_ALIASES; i++)
		free(aliases->topics[i]);
	memset(aliases, 0, sizeof *aliases);
}

struct slice alias_topic(const struct aliases *aliases, uint32_t alias)
{
	if (alias < 1 || alias > LIMIT_TOPIC_ALIASES)
		return slice_of(NULL, 0);
	return slice_text(aliases->topics[alias - 1]);
}

bool alias_set(struct aliases *aliases, uint32_t alias, struct slice topic)
{
	char **place = &aliases->topics[alias - 1];

	aliases->bytes -= alias_topic(aliases, alias).size;
	free(*place);
	*place = aliases->bytes + topic.size <= LIMIT_ALIAS_BYTES ? slice_copy(topic) : NULL;
	if (*place)
		aliases->bytes += topic.size;
	return *place != NULL;
}

uint32_t alias_find(const struct aliases *aliases, struct slice topic)
{
	for (uint32_t alias = 1; alias <= LIMIT_TOPIC_ALIASES; alias++)
		if (slice_equal(alias_topic(aliases, alias), topic))
			return alias;
	return 0;
}

uint32_t alias_unset(const struct aliases *aliases, uint32_t most)
{
	for (uint32_t alias = 1; alias <= LIMIT_TOPIC_ALIASES && alias <= most; alias++)
		if (!aliases->topics[alias - 1])
			return alias;
	return 0;
}
