/* Scripts made by hand, for the trials of judge and engine. */
#ifndef CONFORMANCE_HAND_SCRIPT_H
#define CONFORMANCE_HAND_SCRIPT_H

#include "scenario/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rule rule_pub1 = { .id = "PUB-01", .class = "core", .level = LEVEL_MUST };
static struct rule rule_pub2 = { .id = "PUB-02", .class = "core", .level = LEVEL_MUST };
static struct rule rule_pub3 = { .id = "PUB-03", .class = "core", .level = LEVEL_SHOULD, .manner_of = "PUB-02" };
static struct rule rule_auth1 = { .id = "AUTH-01", .class = "core", .level = LEVEL_MUST };
static struct rule rule_auth2 = { .id = "AUTH-02", .class = "core", .level = LEVEL_MUST };
static struct rule rule_auth3 = { .id = "AUTH-03", .class = "core", .level = LEVEL_SHOULD, .manner_of = "AUTH-02" };
static struct rule rule_sbs1 = { .id = "SBS-01", .class = "core", .level = LEVEL_MUST };
static struct rule rule_sbs2 = { .id = "SBS-02", .class = "core", .level = LEVEL_MUST };
static struct rule rule_sbs3 = { .id = "SBS-03", .class = "core", .level = LEVEL_MUST };
static struct rule rule_sbs5 = { .id = "SBS-05", .class = "core", .level = LEVEL_SHOULD, .manner_of = "SBS-03" };

struct hand { /* one script with everything it points to */
	struct script script;
	struct script_actor actors[3];
	struct script_step steps[12];
	struct check checks[8];
	char id[64];
};

static inline void hand_release(struct hand *hand)
{
	for (size_t i = 0; i < 8; i++)
		free(hand->checks[i].sentence);
}

static inline void hand_actor(struct hand *hand, char *name, char *client_id)
{
	struct script_actor *actor = &hand->actors[hand->script.actor_count++];
	*actor = (struct script_actor){
		.name = name, .org_id = "seed", .claim = "agent_id", .value = client_id, .client_id = client_id,
		.keep_alive_s = 30, .clean_start = true,
	};
	script_actor_init(actor);
}

static inline size_t hand_step(struct hand *hand, struct script_step step)
{
	size_t at = hand->script.step_count++;
	ptrdiff_t twin = step.twin, check = step.check, manner = step.manner;
	script_step_init(&step);
	step.place.line = (unsigned)at + 10;
	step.place.file = "hand";
	if (step.outcomes[0] != OUTCOME_NONE && step.outcome_count == 0)
		step.outcome_count = 1;
	step.twin = twin ? twin : -1;
	step.check = check - 1; /* written from 1 on; 0: none */
	step.manner = manner - 1;
	hand->steps[at] = step;
	return at;
}

static inline void hand_check(struct hand *hand, struct rule *rule, bool deny)
{
	hand->checks[hand->script.check_count++] = (struct check){ .rule = rule, .deny = deny };
}

static inline void hand_begin(struct hand *hand, char *id, char *case_id)
{
	memset(hand, 0, sizeof *hand);
	snprintf(hand->id, sizeof hand->id, "%s", id);
	hand->script = (struct script){ .id = hand->id, .case_id = case_id, .title = "by hand", .carrier = "-" };
	hand->script.actors = hand->actors;
	hand->script.steps = hand->steps;
	hand->script.checks = hand->checks;
}

/* analyst listens; scout says its own, then what is not its own. */
static inline void hand_publish(struct hand *hand, char *id, unsigned qos)
{
	hand_begin(hand, id, "PUB-02.hand");
	hand_actor(hand, "analyst", qos ? "analyst-1" : "analyst-0");
	hand_actor(hand, "scout", qos ? "scout-1" : "scout-0");
	char *own = qos ? "agents/scout-1/card" : "agents/scout-0/card";
	char *foreign = qos ? "agents/analyst-1/card" : "agents/analyst-0/card";
	hand_check(hand, &rule_pub1, false);
	hand_check(hand, &rule_pub2, true);
	hand_check(hand, &rule_pub3, true);
	hand_step(hand, (struct script_step){ .source = "analyst  connects", .actor = 0, .act = ACT_CONNECT,
					      .outcomes = { OUTCOME_ACCEPTED } });
	hand_step(hand, (struct script_step){ .source = "analyst  subscribes \"agents/+/card\"  -> granted", .actor = 0,
					      .act = ACT_SUBSCRIBE, .filters = { "agents/+/card" }, .filter_count = 1,
					      .outcomes = { OUTCOME_GRANTED } });
	hand_step(hand, (struct script_step){ .source = "scout    connects", .actor = 1, .act = ACT_CONNECT,
					      .outcomes = { OUTCOME_ACCEPTED } });
	hand_step(hand, (struct script_step){ .source = "twin     scout publishes  -> allowed", .label = LABEL_TWIN,
					      .actor = 1, .act = ACT_PUBLISH, .topic = own, .payload = "true", .qos = qos,
					      .outcomes = { OUTCOME_ALLOWED }, .check = 1 });
	hand_step(hand, (struct script_step){ .source = "analyst  receives \"true\"", .actor = 0, .act = ACT_RECEIVE,
					      .payload = "true", .messages = { 3 }, .message_count = 1, .check = 1 });
	hand_step(hand, (struct script_step){ .source = "deny     same to \"agents/analyst/card\"  -> denied",
					      .label = LABEL_DENY, .actor = 1, .act = ACT_PUBLISH, .topic = foreign,
					      .payload = "true", .qos = qos, .outcomes = { OUTCOME_DENIED },
					      .should = { 0x87 }, .should_count = 1, .twin = 3, .check = 2, .manner = 3 });
}

/* scout is let in, a forger is not. */
static inline void hand_connect(struct hand *hand)
{
	hand_begin(hand, "AUTH-02.hand", "AUTH-02.hand");
	hand_actor(hand, "scout", "scout-2");
	hand_actor(hand, "forger", "bad-2");
	hand_check(hand, &rule_auth1, false);
	hand_check(hand, &rule_auth2, true);
	hand_check(hand, &rule_auth3, true);
	hand_step(hand, (struct script_step){ .source = "twin scout connects -> accepted", .label = LABEL_TWIN, .actor = 0,
					      .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED }, .check = 1 });
	hand_step(hand, (struct script_step){ .source = "deny forger connects -> refused", .label = LABEL_DENY, .actor = 1,
					      .act = ACT_CONNECT, .outcomes = { OUTCOME_REFUSED }, .should = { 0x86 },
					      .should_count = 1, .check = 2, .manner = 3 });
	hand->steps[1].twin = 0;
}

/* reader may read ops/#, not secret/#; writer-3 writes to both. */
static inline void hand_subscribe(struct hand *hand)
{
	hand_begin(hand, "SBS-02.hand", "SBS-02.hand");
	hand_actor(hand, "reader", "reader-3");
	hand_actor(hand, "writer", "writer-3");
	hand_check(hand, &rule_sbs1, false);
	hand_check(hand, &rule_sbs3, true);
	hand_check(hand, &rule_sbs5, true);
	hand_check(hand, &rule_sbs2, true);
	hand_step(hand, (struct script_step){ .source = "reader connects", .actor = 0, .act = ACT_CONNECT,
					      .outcomes = { OUTCOME_ACCEPTED } });
	hand_step(hand, (struct script_step){ .source = "writer connects", .actor = 1, .act = ACT_CONNECT,
					      .outcomes = { OUTCOME_ACCEPTED } });
	hand_step(hand, (struct script_step){ .source = "twin reader subscribes \"ops/#\" -> granted", .label = LABEL_TWIN,
					      .actor = 0, .act = ACT_SUBSCRIBE, .filters = { "ops/#" }, .filter_count = 1,
					      .outcomes = { OUTCOME_GRANTED }, .check = 1 });
	hand_step(hand, (struct script_step){ .source = "deny same to \"secret/#\" -> denied", .label = LABEL_DENY,
					      .actor = 0, .act = ACT_SUBSCRIBE, .filters = { "ops/1", "secret/#", "ops/2" },
					      .filter_count = 3, .tested = 1, .outcomes = { OUTCOME_DENIED },
					      .should = { 0x87 }, .should_count = 1, .twin = 2, .check = 2, .manner = 3 });
	hand_step(hand, (struct script_step){ .source = "writer publishes \"ops/writer-3\" \"seen\" -> allowed", .actor = 1,
					      .act = ACT_PUBLISH, .topic = "ops/writer-3", .payload = "seen",
					      .outcomes = { OUTCOME_ALLOWED } });
	hand_step(hand, (struct script_step){ .source = "reader receives \"seen\"", .actor = 0, .act = ACT_RECEIVE,
					      .payload = "seen", .messages = { 4 }, .message_count = 1 });
	hand_step(hand, (struct script_step){ .source = "writer publishes \"secret/writer-3\" \"leak\" -> allowed",
					      .actor = 1, .act = ACT_PUBLISH, .topic = "secret/writer-3", .payload = "leak",
					      .outcomes = { OUTCOME_ALLOWED } });
	hand_step(hand, (struct script_step){ .source = "deny reader never receives \"leak\"", .label = LABEL_DENY,
					      .actor = 0, .act = ACT_NEVER, .payload = "leak", .messages = { 6 }, .message_count = 1, .check = 4 });
}

#endif
