/* Half-received messages. */
#include "incoming.h"
#include "mqtt_limits.h"

#include <stdlib.h>

static struct held **find(struct incoming *incoming, uint16_t id)
{
	struct held **link = &incoming->first;

	while (*link && (*link)->id != id)
		link = &(*link)->next;
	return link;
}

static const struct held *look(const struct incoming *incoming, uint16_t id)
{
	const struct held *held = incoming->first;

	while (held && held->id != id)
		held = held->next;
	return held;
}

static void count(struct incoming *incoming, struct held *held)
{
	if (!held->counted)
		incoming->counted++;
	held->counted = true;
}

void incoming_restart(struct incoming *incoming)
{
	for (struct held *held = incoming->first; held; held = held->next)
		held->counted = false;
	incoming->counted = 0;
}

void incoming_release(struct incoming *incoming)
{
	while (incoming->first)
		message_release(incoming_take(incoming, incoming->first->id));
}

bool incoming_holds(const struct incoming *incoming, uint16_t id)
{
	return look(incoming, id) != NULL;
}

bool incoming_may_come(const struct incoming *incoming, uint16_t id)
{
	const struct held *held = look(incoming, id);

	return incoming->counted < LIMIT_RECEIVE_MAXIMUM || (held && held->counted);
}

enum reason incoming_hold(struct incoming *incoming, uint16_t id, struct message *message)
{
	struct held **link = find(incoming, id);

	if (!*link) {
		if (incoming->count == LIMIT_HELD_MESSAGES ||
		    incoming->bytes + message_size(message) > LIMIT_HELD_BYTES)
			return REASON_QUOTA;
		*link = calloc(1, sizeof **link);
		if (!*link)
			return REASON_IMPLEMENTATION;
		(*link)->id = id;
		(*link)->message = message_hold(message);
		incoming->count++;
		incoming->bytes += message_size(message);
	}
	count(incoming, *link);
	return REASON_SUCCESS;
}

struct message *incoming_take(struct incoming *incoming, uint16_t id)
{
	struct held **link = find(incoming, id), *held = *link;
	struct message *message = held ? held->message : NULL;

	if (!held)
		return NULL;
	*link = held->next;
	incoming->count--;
	incoming->counted -= held->counted;
	incoming->bytes -= message_size(message);
	free(held);
	return message;
}
