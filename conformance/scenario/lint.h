/* What a case must be so that its verdicts mean something. Each lint is a load error; all are asked. */
#ifndef CONFORMANCE_LINT_H
#define CONFORMANCE_LINT_H

#include "scenario/case.h"
#include "scenario/mistake.h"

void lint_case(const struct scenario_case *c, struct mistakes *mistakes);

#endif
