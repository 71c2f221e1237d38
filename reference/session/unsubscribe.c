/* UNSUBSCRIBE: never denied; nobody is asked whether a client may stop listening. */
#include "handlers.h"
#include "write.h"

void handle_unsubscribe(struct client *client, const struct packet *packet)
{
	struct slice rest = packet->filters.list, filter;
	uint8_t codes[LIMIT_FILTERS_PER_PACKET];
	size_t count = 0, before = client->staged.size;

	while (count < LIMIT_FILTERS_PER_PACKET && packet_next_filter(&rest, &filter))
		codes[count++] = session_unsubscribe(client->session, filter) ? REASON_SUCCESS
									      : REASON_NO_SUBSCRIPTION_EXISTED;
	write_unsuback(client_stage(client), packet->filters.id, slice_of(codes, count));
	client_check_answer(client, before);
}
