/* [SBS-06] UNSUBSCRIBE: never denied; nobody is asked whether a client may stop listening. */
#include "handlers.h"
#include "write.h"

static uint8_t unsubscribe(struct session *session, struct slice filter)
{
	struct held_filter *held = subscription_find(session, filter);

	if (!held)
		return REASON_NO_SUBSCRIPTION_EXISTED;
	subscription_remove(session, held); /* [SUB-37] */
	return REASON_SUCCESS;
}

void handle_unsubscribe(struct client *client, const struct packet *packet)
{
	struct slice rest = packet->filters.list, filter;
	uint8_t codes[LIMIT_FILTERS_PER_PACKET];
	size_t count = 0, before = client->staged.size;

	while (count < LIMIT_FILTERS_PER_PACKET && packet_next_filter(&rest, &filter))
		codes[count++] = unsubscribe(client->session, filter);
	write_unsuback(client_stage(client), packet->filters.id, slice_of(codes, count));
	client_check_answer(client, before);
}
