#include "actor/flow.h"

#include "wire/read.h"

#include <stdlib.h>

void flow_init(struct flow *flow)
{
	memset(flow, 0, sizeof *flow);
}

static void remove_at(struct flow *flow, size_t at)
{
	flow->inflight -= flow->sendings[at].counted;
	buf_release(&flow->sendings[at].packet);
	flow->count--;
	memmove(&flow->sendings[at], &flow->sendings[at + 1], (flow->count - at) * sizeof *flow->sendings);
}

void flow_release(struct flow *flow)
{
	while (flow->count > 0)
		remove_at(flow, flow->count - 1);
	aliases_forget(&flow->aliases);
	free(flow->sendings);
	free(flow->receiving);
	flow_init(flow);
}

void flow_connect(struct flow *flow)
{
	aliases_forget(&flow->aliases);
	for (size_t i = 0; i < flow->count; i++)
		flow->sendings[i].here = flow->sendings[i].counted = false;
	flow->inflight = flow->receiving_count = 0;
}

void flow_forget(struct flow *flow)
{
	for (size_t i = flow->count; i-- > 0;) {
		if (!flow->sendings[i].here)
			remove_at(flow, i);
	}
	free(flow->receiving);
	flow->receiving = NULL;
	flow->receiving_count = 0;
}

void flow_abandon(struct flow *flow)
{
	for (size_t i = flow->count; i-- > 0;) {
		if (flow->sendings[i].stage == SENDING_PUBLISH)
			remove_at(flow, i);
	}
}

struct sending *flow_find(const struct flow *flow, uint16_t id)
{
	for (size_t i = 0; i < flow->count; i++) {
		if (flow->sendings[i].id == id)
			return &flow->sendings[i];
	}
	return NULL;
}

static struct sending *add(struct flow *flow, uint16_t id)
{
	if (flow->count == flow->room) {
		size_t room = flow->room ? 2 * flow->room : 8;
		struct sending *sendings = realloc(flow->sendings, room * sizeof *sendings);
		if (!sendings)
			return NULL;
		flow->sendings = sendings;
		flow->room = room;
	}
	struct sending *sending = &flow->sendings[flow->count++];
	*sending = (struct sending){ .id = id };
	buf_init(&sending->packet, WIRE_PACKET_MAX);
	return sending;
}

static void count_in(struct flow *flow, struct sending *sending)
{
	flow->inflight += !sending->counted;
	sending->counted = sending->here = true;
}

bool flow_sent(struct flow *flow, const struct packet *packet, struct slice raw)
{
	struct sending *sending = flow_find(flow, packet->id);
	if (!sending)
		sending = add(flow, packet->id);
	if (!sending)
		return false;
	sending->qos = packet->qos;
	sending->stage = SENDING_PUBLISH;
	sending->held_back = false;
	count_in(flow, sending);
	buf_clear(&sending->packet);
	buf_put(&sending->packet, raw);
	return !sending->packet.failed;
}

/* MQTT 5.0 4.9: a PUBREL that is sent again takes nothing of the quota. */
void flow_resent(struct flow *flow, struct sending *sending)
{
	if (sending->stage == SENDING_PUBLISH)
		count_in(flow, sending);
	sending->here = true;
}

struct sending *flow_owed(const struct flow *flow)
{
	for (size_t i = 0; i < flow->count; i++) {
		if (!flow->sendings[i].here && flow->sendings[i].stage != SENDING_HELD)
			return &flow->sendings[i];
	}
	return NULL;
}

void flow_done(struct flow *flow, struct sending *sending)
{
	remove_at(flow, (size_t)(sending - flow->sendings));
}

bool flow_receiving(struct flow *flow, uint16_t id)
{
	if (!flow->receiving)
		flow->receiving = calloc(FLOW_IDS / 8, 1);
	if (!flow->receiving)
		return false;
	unsigned char bit = (unsigned char)(1u << id % 8);
	flow->receiving_count += !(flow->receiving[id / 8] & bit);
	flow->receiving[id / 8] |= bit;
	return true;
}

bool flow_released(struct flow *flow, uint16_t id)
{
	unsigned char bit = (unsigned char)(1u << id % 8);
	if (!flow->receiving || !(flow->receiving[id / 8] & bit))
		return false;
	flow->receiving[id / 8] = (unsigned char)(flow->receiving[id / 8] & ~bit);
	flow->receiving_count -= flow->receiving_count > 0;
	return true;
}
