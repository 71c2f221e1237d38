/* The order in which scripts are begun: another for each seed, and for one seed the same everywhere. */
#ifndef CONFORMANCE_SHUFFLE_H
#define CONFORMANCE_SHUFFLE_H

#include <stddef.h>
#include <stdint.h>

/* Shuffles `count` indices in place. *state: the seed at first, then what the next call goes on with. */
void shuffle(size_t *queue, size_t count, uint64_t *state);

#endif
