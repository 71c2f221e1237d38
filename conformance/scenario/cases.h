/* The inside of struct case_set, for the plan. */
#ifndef CONFORMANCE_CASES_H
#define CONFORMANCE_CASES_H

#include "scenario/parse.h"
#include "scenario/plan.h"
#include "scenario/vector.h"

struct case_set {
	const struct registry *registry; /* borrowed */
	struct case_list list;
	struct vector_texts vectors; /* what the vectors' cases borrow from */
};

#endif
