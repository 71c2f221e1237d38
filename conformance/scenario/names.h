/* Actors' names inside strings: a whole segment that is a name, or {name} anywhere, stands for the
 * value that the actor's token claims. `{$self}` and other braces are ordinary text. */
#ifndef CONFORMANCE_NAMES_H
#define CONFORMANCE_NAMES_H

#include "buf.h"
#include "fault.h"

/* What an actor is called on the wire, and whether that is the same in every script; NULL: no such actor. */
struct name_source {
	const char *(*value)(const void *context, struct slice name, bool *fixed);
	const void *context;
};

/* Appends the text with its names replaced; segments false: only {name} counts. *varies (not NULL)
 * becomes true when a name that is unique to the script was put in. false with *unknown: {x} names
 * nobody. */
bool names_expand(const struct name_source *source, struct slice text, bool segments, struct buf *out, bool *varies,
		  struct slice *unknown);

/* Would names_expand put this actor in? */
bool names_mention(struct slice text, struct slice name);

#endif
