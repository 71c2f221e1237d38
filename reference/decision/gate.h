/* The gate: the only caller of decide. It picks the organisation's policy, asks, and writes what
 * was decided to the recorder before the answer goes back, so that no effect is unrecorded. */
#ifndef MQTT_AGENT_GATE_H
#define MQTT_AGENT_GATE_H

#include "decide.h"

struct policies; /* organisation -> policy */

/* The member "policies" of a broker configuration: { "seed": "organisations/seed.json", … }; file
 * names are relative to the document. An organisation that is not named has no policy: deny all. */
struct policies *policies_load(const struct json_at *config, struct fault *fault);
void policies_free(struct policies *policies);
const struct policy *policies_find(const struct policies *policies, struct slice org_id);

struct gate_entry {
	const struct identity *identity;
	const struct request *request;
	const struct decision *decision;
};

struct gate {
	const struct policies *policies; /* borrowed */
	/* Called for every decision, before its effect; false turns the decision into a denial (0x83,
	 * fail closed). NULL: no recorder. */
	bool (*record)(void *context, const struct gate_entry *entry);
	void *context;
};

struct decision gate_ask(const struct gate *gate, const struct identity *identity, const struct request *request);

#endif
