#include "actor/shuffle.h"

/* A next number from a seed (splitmix64): the same order for the same seed, everywhere. */
static uint64_t next_number(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

void shuffle(size_t *queue, size_t count, uint64_t *state)
{
	for (size_t left = count; left > 1; left--) {
		size_t at = (size_t)(next_number(state) % left), other = queue[left - 1];
		queue[left - 1] = queue[at];
		queue[at] = other;
	}
}
