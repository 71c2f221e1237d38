/* The broker's decoder: two bytes of limit, then packets, one behind the other. */
#include "fuzz.h"
#include "packet.h"

static void walk_filters(const struct packet *packet)
{
	struct packet_subscription subscription;
	struct slice rest = packet->filters.list, filter;
	size_t count = 0;

	if (packet->type == PACKET_SUBSCRIBE)
		while (packet_next_subscription(&rest, &subscription))
			count++;
	else
		while (packet_next_filter(&rest, &filter))
			count++;
	fuzz_need(count == packet->filters.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size);
	struct packet packet;
	struct packet_fault fault;
	size_t limit;

	if (size < 2)
		return 0;
	limit = (size_t)data[0] << 8 | data[1];
	bytes = slice_part(bytes, 2, size);
	while (bytes.size && packet_read(bytes, limit, &packet, &fault) == PACKET_READ) {
		fuzz_need(packet.size > 0 && packet.size <= bytes.size);
		if (packet.type == PACKET_SUBSCRIBE || packet.type == PACKET_UNSUBSCRIBE)
			walk_filters(&packet);
		bytes = slice_part(bytes, packet.size, bytes.size);
	}
	return 0;
}
