/* What a case must be so that its verdicts mean something. Each lint is a load error. */
#ifndef CONFORMANCE_LINT_H
#define CONFORMANCE_LINT_H

#include "scenario/case.h"

bool lint_case(const struct scenario_case *c, const struct registry *registry, struct fault *fault);

#endif
