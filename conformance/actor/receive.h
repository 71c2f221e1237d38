/* Between the two halves of a peer. */
#ifndef CONFORMANCE_RECEIVE_H
#define CONFORMANCE_RECEIVE_H

#include "actor/peer.h"

/* A line's bytes: takes all whole packets. */
ptrdiff_t peer_bytes(void *context, struct slice bytes);

/* The connection is over: frees the line, tells the judge. */
void peer_ended(struct peer *peer, bool by_broker, const char *how);
bool peer_send(struct peer *peer, struct buf *bytes, struct fault *fault);
/* A moment with all that the peer knows of itself. */
void peer_moment(const struct peer *peer, enum moment_kind kind, struct moment *moment);

#endif
