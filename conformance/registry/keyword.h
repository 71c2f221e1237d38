/* The words of BCP 14 (RFC 2119, RFC 8174): capitals only, whole words. */
#ifndef CONFORMANCE_KEYWORD_H
#define CONFORMANCE_KEYWORD_H

#include "registry/registry.h"

struct keyword {
	const char *word; /* "MUST NOT"; static */
	enum level level;
	size_t offset; /* where it begins, bytes */
};

/* The first word at or behind *offset; *offset moves behind it. false: there is none. Any white
 * space, a line's end too, may stand inside "MUST NOT". */
bool keyword_next(struct slice text, size_t *offset, struct keyword *found);

#endif
