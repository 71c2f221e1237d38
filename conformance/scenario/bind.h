/* From a case to a script: the row's values, the carrier's vehicle, the names of this run. */
#ifndef CONFORMANCE_BIND_H
#define CONFORMANCE_BIND_H

#include "scenario/case.h"

#include <stdint.h>

struct binding {
	const struct row *row;          /* NULL: the case has no table */
	const struct carrier *carrier;  /* NULL: "-" */
	size_t listener;
	const char *listener_name;      /* put into the id; NULL: the target has one listener */
	uint64_t seed;
	const char *client_id_prefix;   /* "" when none */
	const char *const *algorithms;  /* the target's, NULL-terminated; NULL: all four */
	const struct registry *registry;
};

/* NULL with *fault, which names the place in the case or its table. Owned by the caller. */
struct script *script_bind(const struct scenario_case *c, const struct binding *binding, struct fault *fault);

#endif
