/* The carriers: every vehicle in which the same act can reach a broker, one table. A case that
 * says `carriers DOOR` runs once for each vehicle of that door; the vehicle changes the labelled
 * steps of the door and leaves every other step alone. */
#ifndef CONFORMANCE_CARRIER_H
#define CONFORMANCE_CARRIER_H

#include "scenario/script.h"

struct carrier {
	const char *door, *name;
	enum act act; /* the steps that it changes */
	/* Turns the step into what goes on the wire; twin is the permitted neighbour, the step itself
	 * where it is one. false: out of memory. */
	bool (*lower)(struct script_step *step, const struct script_step *twin);
};

/* The carriers of a door, one by one: index 0, 1, … until NULL. */
const struct carrier *carrier_of(struct slice door, size_t index);

/* The door whose vehicles are the listeners of the target. */
extern const char carrier_listeners[];
/* "publish, subscribe, connect or listeners" */
extern const char carrier_doors[];

#endif
