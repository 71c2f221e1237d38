/* Fitting: what a step needs and the target said in CONNACK that it does not have. */
#ifndef CONFORMANCE_FIT_H
#define CONFORMANCE_FIT_H

#include "actor/peer.h"

/* NULL: the step can be done; else what the target said. Static. */
const char *fit_lacks(const struct peer *peer, const struct script_step *step);

#endif
