/* The files compiled into the binary by conformance/embed.cmake: spec/, conformance/cases/, vectors/. */
#ifndef CONFORMANCE_EMBEDDED_H
#define CONFORMANCE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *path; /* relative to the project, e.g. "spec/06-publish.md" */
	const unsigned char *data;
	size_t size; /* bytes */
};

extern const struct embedded_file embedded_files[]; /* sorted by path; ends with path NULL */

#endif
