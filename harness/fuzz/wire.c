/* The suite's decoder: first byte: which side speaks; then packets. */
#include "fuzz.h"
#include "wire/property.h"
#include "wire/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes;
	struct packet packet;
	struct fault fault = { FAULT_NONE, "" };

	if (!size)
		return 0;
	bytes = slice_part(slice_of(data, size), 1, size);
	while (bytes.size &&
	       packet_read(bytes, data[0] & 1 ? FROM_CLIENT : FROM_BROKER, &packet, &fault) == READ_PACKET) {
		struct slice rest = packet.filters, filter;
		unsigned char options;
		fuzz_need(packet.size > 0 && packet.size <= bytes.size);
		while (rest.size && filter_next(&rest, packet.type, &filter, &options))
			;
		bytes = slice_part(bytes, packet.size, bytes.size);
	}
	return 0;
}
