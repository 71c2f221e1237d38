/* A packet vector as the text of a case: its bytes on a connection of the organisation `substrate`,
 * or, for a CONNECT, as the first packet of one, with the sender's name and token in it. */
#ifndef CONFORMANCE_VECTOR_PACKET_H
#define CONFORMANCE_VECTOR_PACKET_H

#include "buf.h"
#include "scenario/vector_set.h"

/* The case's lines go to out. false: a member is missing, or what is to come of a sound vector is a
 * refusal, or the reverse. */
bool vector_packet(const struct registry *registry, const struct vector_set *set, const struct vector *vector,
		   struct buf *out, struct fault *fault);

#endif
