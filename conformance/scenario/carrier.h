/* The carriers: every vehicle in which the same act can reach a broker, one table. A case that
 * says `carriers DOOR` runs once for each vehicle of that door. A vehicle turns each labelled step of
 * the door into ordinary steps and leaves every other step alone, so that engine and judge know acts
 * and nothing of carriers. */
#ifndef CONFORMANCE_CARRIER_H
#define CONFORMANCE_CARRIER_H

#include "scenario/script.h"

struct expansion_run; /* carrier.c: a script on its way from steps as written to steps as sent */

struct carrier {
	const char *door, *name;
	enum act act; /* the steps that it changes */
	const char *summary; /* what it does to them, for the listing */
	/* Adds what goes on the wire in the place of the step of that index. */
	void (*expand)(struct expansion_run *run, size_t index);
};

/* The carriers of a door, one by one: index 0, 1, … until NULL. */
const struct carrier *carrier_of(struct slice door, size_t index);
/* All carriers, whatever the door. */
const struct carrier *carrier_at(size_t index);

/* Puts every labelled step of the carrier's act into its vehicle. Indices (twins, messages, marks) follow
 * their steps; the check stays on the step that carries the act. false: out of memory. */
bool carrier_expand(const struct carrier *carrier, struct script *script);

/* The door whose vehicles are the listeners of the target. */
extern const char carrier_listeners[];
/* "publish, subscribe, connect or listeners" */
extern const char carrier_doors[];

#endif
