/* Packets in words, for verdict sentences, and as JSON, for the trace. */
#ifndef CONFORMANCE_DESCRIBE_H
#define CONFORMANCE_DESCRIBE_H

#include "buf.h"
#include "wire/packet.h"

#include <jansson.h>

/* "PUBACK 0x87 Not authorized (packet id 3)"; never more than about 300 bytes. Bytes from the
 * network are escaped, so that no broker writes its own lines into a report. */
void packet_describe(const struct packet *packet, struct buf *out);

/* At most most bytes of text, with \xHH for all that is not printable ASCII, and an ellipsis. */
void text_escape(struct slice text, size_t most, struct buf *out);

/* Every field by its name. Password and Authentication Data are never shown: only how long they were.
 * New reference, or NULL when out of memory. Bytes that are no UTF-8 stand as "hex:…". */
json_t *packet_json(const struct packet *packet);

void hex_encode(struct slice bytes, struct buf *out);
bool hex_decode(struct slice text, struct buf *out); /* lower-case pairs only */

#endif
