/* Probes: lines of a fenced `probes NAME`, the hand-written questions whose answers show that a broker
 * has loaded each rule of a policy. A line is six words:
 *     RULE  agent|user|server|tool NAME  pub|sub  ALLOWED  DENIED */
#ifndef CONFORMANCE_PROBES_H
#define CONFORMANCE_PROBES_H

#include "registry/registry.h"

/* place: of the first line of text. */
bool probes_read(struct registry *registry, struct place place, struct slice org, struct slice text, struct fault *fault);
/* Each probe is of a rule that there is, and asks for what that rule grants to that principal. */
bool probes_check(const struct registry *registry, struct fault *fault);
void probes_release(struct registry *registry);

#endif
