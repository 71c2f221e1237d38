#include "judge/awaited.h"

#include <stdlib.h>

static const struct {
	enum packet_type answer, asked;
	unsigned qos; /* of a PUBLISH */
	enum awaited_stage stage;
} answers[] = {
	{ PACKET_PUBACK, PACKET_PUBLISH, 1, AWAITED_ANSWER },  { PACKET_PUBREC, PACKET_PUBLISH, 2, AWAITED_ANSWER },
	{ PACKET_PUBCOMP, PACKET_PUBLISH, 2, AWAITED_COMPLETE }, { PACKET_SUBACK, PACKET_SUBSCRIBE, 0, AWAITED_ANSWER },
	{ PACKET_UNSUBACK, PACKET_UNSUBSCRIBE, 0, AWAITED_ANSWER },
};

enum { ANSWERS = sizeof answers / sizeof *answers };

bool awaited_is_answer(enum packet_type type)
{
	for (size_t i = 0; i < ANSWERS; i++) {
		if (answers[i].answer == type)
			return true;
	}
	return false;
}

static struct awaited *find(struct awaited_list *list, enum packet_type type, uint16_t id)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].type == type && list->items[i].id == id)
			return &list->items[i];
	}
	return NULL;
}

static struct awaited *add(struct awaited_list *list, const struct awaited *item)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 8;
		struct awaited *items = realloc(list->items, room * sizeof *items);
		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	list->items[list->count] = *item;
	return &list->items[list->count++];
}

/* A packet sent again takes the place of the first; a PUBREL may belong to an earlier connection. */
bool awaited_sent(struct awaited_list *list, const struct packet *packet)
{
	bool release = packet->type == PACKET_PUBREL;
	bool kept = packet->type == PACKET_SUBSCRIBE || packet->type == PACKET_UNSUBSCRIBE ||
		    (packet->type == PACKET_PUBLISH && packet->qos > 0);
	struct awaited item = {
		.id = packet->id,
		.type = release ? PACKET_PUBLISH : packet->type,
		.qos = release ? 2 : packet->qos,
		.stage = release ? AWAITED_COMPLETE : AWAITED_ANSWER,
	};
	if (!kept && !release)
		return true;
	struct awaited *old = find(list, item.type, item.id);
	if (old)
		*old = item;
	return old || add(list, &item);
}

static void forget(struct awaited_list *list, const struct awaited *item)
{
	size_t at = (size_t)(item - list->items);
	list->count--;
	memmove(&list->items[at], &list->items[at + 1], (list->count - at) * sizeof *item);
}

static bool overtakes(const struct awaited_list *list, const struct awaited *item)
{
	for (const struct awaited *i = list->items; i < item; i++) {
		if (i->type == PACKET_PUBLISH && i->qos == item->qos && i->stage == AWAITED_ANSWER)
			return item->type == PACKET_PUBLISH && item->stage == AWAITED_ANSWER;
	}
	return false;
}

enum answer awaited_answered(struct awaited_list *list, const struct packet *packet)
{
	for (size_t i = 0; i < ANSWERS; i++) {
		struct awaited *item = answers[i].answer == packet->type ? find(list, answers[i].asked, packet->id) : NULL;
		if (!item || item->stage != answers[i].stage || (item->type == PACKET_PUBLISH && item->qos != answers[i].qos))
			continue;
		bool order = overtakes(list, item), partial = packet->type == PACKET_PUBREC && packet->code < 0x80;
		if (partial)
			item->stage = AWAITED_RELEASE;
		else
			forget(list, item);
		if (order)
			return ANSWER_ORDER;
		return partial ? ANSWER_PARTIAL : ANSWER_FINAL;
	}
	return ANSWER_UNASKED;
}

void awaited_release(struct awaited_list *list)
{
	free(list->items);
	*list = (struct awaited_list){ NULL, 0, 0 };
}
