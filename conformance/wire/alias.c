#include "wire/alias.h"

#include "wire/property.h"

#include <stdlib.h>

void aliases_forget(struct aliases *aliases)
{
	for (size_t i = 0; i < aliases->room; i++)
		free(aliases->topics[i]);
	free(aliases->topics);
	*aliases = (struct aliases){ 0 };
}

static bool make_room(struct aliases *aliases, size_t alias)
{
	size_t room = aliases->room ? aliases->room : 8;
	if (alias < aliases->room)
		return true;
	while (room <= alias)
		room *= 2;
	char **topics = realloc(aliases->topics, room * sizeof *topics);
	if (!topics)
		return false;
	memset(topics + aliases->room, 0, (room - aliases->room) * sizeof *topics);
	aliases->topics = topics;
	aliases->room = room;
	return true;
}

static const char *learn(struct aliases *aliases, size_t alias, struct slice topic)
{
	if (!make_room(aliases, alias))
		return "no memory for its Topic Alias";
	char *old = aliases->topics[alias];
	size_t bytes = aliases->bytes + topic.size - (old ? strlen(old) : 0);
	if (bytes > ALIAS_BYTES_MAX)
		return "more bytes of aliased topics than anybody needs";
	char *copy = slice_copy(topic);
	if (!copy)
		return "no memory for its Topic Alias";
	free(old);
	aliases->topics[alias] = copy;
	aliases->bytes = bytes;
	return NULL;
}

const char *aliases_take(struct aliases *aliases, struct packet *packet, unsigned most)
{
	uint32_t alias = property_number(packet->properties, PROPERTY_ALIAS, 0);
	if (alias == 0)
		return NULL;
	if (alias > most) /* [MQTT-3.1.2-26], [MQTT-3.1.2-27] */
		return "a Topic Alias above the Topic Alias Maximum of CONNECT";
	if (packet->topic.size > 0)
		return learn(aliases, alias, packet->topic);
	if (alias >= aliases->room || !aliases->topics[alias])
		return "a Topic Alias that stands for nothing on this connection";
	packet->topic = slice_text(aliases->topics[alias]);
	return NULL;
}
