/* The files that the registry is made of: spec/, conformance/cases/ and vectors/, as compiled into
 * the binary or as they stand in an author's checkout. */
#ifndef CONFORMANCE_SOURCES_H
#define CONFORMANCE_SOURCES_H

#include "fault.h"
#include "slice.h"

struct source_file {
	char *path;        /* relative to the project: "spec/06-publish.md". Owned */
	struct slice text; /* the whole content */
	char *owned;       /* the memory of text where it was read from disk; NULL: compiled in */
};

struct source_files {
	struct source_file *items; /* in byte order of their paths */
	size_t count;
};

enum { SOURCE_FILE_MAX = 4 << 20 }; /* bytes; the longest file that is read */

/* dir NULL: the embedded files. Otherwise dir/spec, dir/conformance/cases and dir/vectors; a
 * missing folder is an empty one, an unreadable file is a fault. files is zero at the start and
 * is to be released whatever the answer. */
bool sources_load(const char *dir, struct source_files *files, struct fault *fault);
void sources_release(struct source_files *files);

/* SHA-256 in hex over one line a file, "<SHA-256 of the content>  <path>", in path order: what
 * `sha256sum FILES | sha256sum` prints. */
bool sources_digest(const struct source_files *files, char digest[65]);

#endif
