/* SUBSCRIBE: each filter is decided by itself, the answer has one code for each [SUB-36, MQTT-3.8.4-6]. */
#include "handlers.h"
#include "retain.h"
#include "topic.h"
#include "tree.h"
#include "write.h"

/* What one filter came to. */
struct outcome {
	uint8_t code; /* for SUBACK */
	bool replay;  /* the retained messages that it matches are sent */
};

/* [SUB-31, MQTT-3.3.1-9, -10, -11] Not to a share [SUB-42]: a late member would get them again. */
static bool wants_replay(const struct packet_subscription *wanted, bool shared, bool is_new)
{
	return !shared && (wanted->retain_handling == 0 || (wanted->retain_handling == 1 && is_new));
}

static struct outcome subscribe(struct session *session, const struct packet_subscription *wanted, uint8_t qos,
				uint32_t id, bool shared)
{
	bool is_new = !subscription_find(session, wanted->filter);

	if (!subscription_fits(session, wanted->filter))
		return (struct outcome){ REASON_QUOTA, false };
	if (!subscription_set(session, wanted, qos, id))
		return (struct outcome){ REASON_IMPLEMENTATION, false };
	return (struct outcome){ qos, wants_replay(wanted, shared, is_new) };
}

/* [SBS-03] A denied filter gets its own code and its neighbours stand; [SBS-05] the code is the
 * decision's. No filter is ever narrowed; its quality of service is what the policy grants. */
static struct outcome answer_filter(struct session *session, const struct packet_subscription *wanted, uint32_t id)
{
	struct request request = { .door = DOOR_SUBSCRIBE, .topic = wanted->filter, .qos = wanted->qos,
				   .now_ms = session->service->now.wall_ms };
	bool shared = topic_share_split(wanted->filter, &request.group, &request.topic) != SHARE_NONE;
	struct decision decision;

	if (!shared)
		request.topic = wanted->filter;
	if (tree_levels(request.topic) > LIMIT_FILTER_LEVELS)
		return (struct outcome){ REASON_FILTER_INVALID, false };
	decision = gate_ask(session->service->gate, &session->identity, &request);
	return decision.allowed ? subscribe(session, wanted, decision.qos, id, shared)
				: (struct outcome){ decision.code, false };
}

static void replay(struct session *session, struct slice list, const bool *wanted)
{
	struct packet_subscription subscription;

	for (size_t i = 0; packet_next_subscription(&list, &subscription); i++) {
		const struct held_filter *held = wanted[i] ? subscription_find(session, subscription.filter) : NULL;

		if (held && session_connected(session))
			retain_replay(session, held);
	}
}

void handle_subscribe(struct client *client, const struct packet *packet)
{
	uint32_t id = properties_number(&packet->filters.properties, PROPERTY_SUBSCRIPTION_ID, 0);
	struct slice rest = packet->filters.list;
	struct packet_subscription wanted;
	uint8_t codes[LIMIT_FILTERS_PER_PACKET];
	bool replays[LIMIT_FILTERS_PER_PACKET];
	size_t count = 0, before = client->staged.size;

	for (; count < LIMIT_FILTERS_PER_PACKET && packet_next_subscription(&rest, &wanted); count++) {
		struct outcome outcome = answer_filter(client->session, &wanted, id);

		codes[count] = outcome.code;
		replays[count] = outcome.replay;
	}
	write_suback(client_stage(client), packet->filters.id, slice_of(codes, count));
	client_check_answer(client, before);
	if (client->state == CLIENT_CONNECTED)
		replay(client->session, packet->filters.list, replays);
}
