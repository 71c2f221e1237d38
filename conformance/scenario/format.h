/* The one way to write a scenario: indents, columns, blanks. Pure; what a text says does not change. */
#ifndef CONFORMANCE_FORMAT_H
#define CONFORMANCE_FORMAT_H

#include "buf.h"
#include "fault.h"

/* Appends the text in its canonical form, which is its own canonical form. Only tokens are looked at: a
 * text with other mistakes is aligned all the same. false: a byte that begins nothing, an open string,
 * no memory; *fault says where. */
bool scenario_format(struct slice text, const char *name, struct buf *out, struct fault *fault);

#endif
