/* Connect rates. */
#include "rate.h"
#include "mqtt_limits.h"

/* The address without the port behind its last colon. */
static struct slice address_of(struct slice peer)
{
	size_t size = peer.size;

	while (size && peer.data[size - 1] != ':')
		size--;
	return size ? slice_of(peer.data, size - 1) : peer;
}

/* FNV-1a */
static uint32_t place_of(struct slice address)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < address.size; i++)
		hash = (hash ^ address.data[i]) * 16777619U;
	return hash % RATE_PLACES;
}

bool rate_take(struct rate *rate, struct slice peer, int64_t now_ms)
{
	uint32_t place = place_of(address_of(peer));
	int64_t second = now_ms / 1000;

	if (rate->places[place].second != second) {
		rate->places[place].second = second;
		rate->places[place].count = 0;
	}
	if (rate->places[place].count == LIMIT_CONNECT_RATE)
		return false;
	rate->places[place].count++;
	return true;
}
