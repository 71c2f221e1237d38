/* One chapter of the prose: its rules, policies and scenarios, added to a registry. */
#ifndef CONFORMANCE_CHAPTER_H
#define CONFORMANCE_CHAPTER_H

#include "registry/registry.h"

/* file is kept in places, so it must live as long as the registry. */
bool chapter_read(struct registry *registry, const char *file, struct slice text, struct fault *fault);

/* "PUB-02": two to eight capitals or digits, the first a capital, then a hyphen and two digits. */
bool rule_id_valid(struct slice id);

#endif
