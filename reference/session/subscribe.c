/* SUBSCRIBE: each filter is decided by itself, the answer has one code for each [MQTT-3.8.4-6]. */
#include "handlers.h"
#include "topic.h"
#include "tree.h"
#include "write.h"

static uint8_t subscribe(struct session *session, const struct packet_subscription *wanted, uint32_t id)
{
	if (!session_may_subscribe(session, wanted->filter))
		return REASON_QUOTA;
	if (!session_subscribe(session, wanted, wanted->qos, id))
		return REASON_IMPLEMENTATION;
	return wanted->qos;
}

/* [SBS-03] A denied filter gets its own code and its neighbours stand; [SBS-05] the code is the
 * decision's. No filter is ever narrowed. */
static uint8_t answer_filter(struct session *session, const struct packet_subscription *wanted, uint32_t id)
{
	struct request request = { .door = DOOR_SUBSCRIBE, .topic = wanted->filter, .qos = wanted->qos,
				   .now_ms = session->service->now.wall_ms };
	struct slice group, filter;
	struct decision decision;

	if (topic_share_split(wanted->filter, &group, &filter) != SHARE_NONE)
		return REASON_SHARED_UNSUPPORTED;
	if (tree_levels(wanted->filter) > LIMIT_FILTER_LEVELS)
		return REASON_FILTER_INVALID;
	decision = gate_ask(session->service->gate, &session->identity, &request);
	return decision.allowed ? subscribe(session, wanted, id) : decision.code;
}

void handle_subscribe(struct client *client, const struct packet *packet)
{
	uint32_t id = properties_number(&packet->filters.properties, PROPERTY_SUBSCRIPTION_ID, 0);
	struct slice rest = packet->filters.list;
	struct packet_subscription wanted;
	uint8_t codes[LIMIT_FILTERS_PER_PACKET];
	size_t count = 0, before = client->staged.size;

	while (count < LIMIT_FILTERS_PER_PACKET && packet_next_subscription(&rest, &wanted))
		codes[count++] = answer_filter(client->session, &wanted, id);
	write_suback(client_stage(client), packet->filters.id, slice_of(codes, count));
	client_check_answer(client, before);
}
