/* Damage to a part of a token in base64url: the same bytes in another spelling, or other bytes.
 * Used by edits.c. */
#ifndef CONFORMANCE_SPOIL_H
#define CONFORMANCE_SPOIL_H

#include "buf.h"

struct spoil {
	const char *name;
	bool (*change)(struct buf *part); /* false: there is nothing to change in this way */
	bool of_text; /* for header and claims too, where the damaged text is what gets signed: a lenient decoder
		       * finds the right bytes and a signature that verifies */
};

/* NULL: no damage of this name. of_text: one for header or claims. */
const struct spoil *spoil_find(const char *name, bool of_text);

/* [AUTH-04] Sets an unused bit of the last character (RFC 4648 section 3.5). */
bool spoil_trailing_bits(struct buf *part);

#endif
