/* Plain text out of Markdown, with the lines it came from: thin over libcmark. */
#ifndef CONFORMANCE_PROSE_H
#define CONFORMANCE_PROSE_H

#include "buf.h"

#include <cmark.h>

enum { PROSE_PARAGRAPH_MAX = 16384 }; /* bytes of plain text in one paragraph */

/* The same run of inline text twice, byte for byte at the same offsets. */
struct prose {
	struct buf plain;  /* as a reader sees it, line ends turned into spaces */
	struct buf masked; /* code spans blanked out, line ends kept: for key words and lines */
};

void prose_init(struct prose *prose);
void prose_release(struct prose *prose);

/* Appends the inlines from node to the last of its siblings. */
void prose_inlines(struct prose *prose, cmark_node *node);
/* Appends the inlines inside a paragraph, heading, strong or emphasised text. */
void prose_inside(struct prose *prose, cmark_node *block);

/* How many line ends stand before this offset. */
unsigned prose_lines(const struct prose *prose, size_t offset);

/* Without the white space at both ends. */
struct slice prose_trim(struct slice text);

#endif
