/* Between the parts of a peer. */
#ifndef CONFORMANCE_RECEIVE_H
#define CONFORMANCE_RECEIVE_H

#include "actor/peer.h"

/* A line's bytes: takes all whole packets. */
ptrdiff_t peer_bytes(void *context, struct slice bytes);

/* The connection is over: frees the line, tells the judge. */
void peer_ended(struct peer *peer, bool by_broker, const char *how);
/* Validates, writes, notes what it obliges us to, tells the judge. */
bool peer_send(struct peer *peer, const struct parcel *parcel, struct fault *fault);
/* The same for one packet without a token; releases it. */
bool peer_send_packet(struct peer *peer, struct buf *packet, bool dribbled, struct fault *fault);
/* A connection whose first bytes are peer->hello. */
bool peer_open(struct peer *peer, struct fault *fault);
/* A moment with all that the peer knows of itself. */
void peer_moment(const struct peer *peer, enum moment_kind kind, struct moment *moment);
/* Sends what an earlier connection left unacknowledged, as far as Receive Maximum lets it (MQTT-4.4.0-1). */
void peer_resend(struct peer *peer);
void peer_acknowledge(struct peer *peer, enum packet_type type, uint16_t id, unsigned char code);
/* The session of its persona needs ending, or no more. */
void peer_note_session(struct peer *peer);
void peer_forget_session(struct peer *peer);

#endif
