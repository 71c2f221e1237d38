/* Flow: what a client owes and is owed, as far as MQTT has it remember: its own messages of QoS 1 and 2
 * until their last acknowledgement, the QoS 2 messages that it has taken and not yet seen released, and
 * the Topic Aliases of the broker (MQTT 5.0 4.1, 4.3, 4.9, 3.3.2.3.4). It sends nothing itself. */
#ifndef CONFORMANCE_FLOW_H
#define CONFORMANCE_FLOW_H

#include "buf.h"
#include "wire/alias.h"

enum { FLOW_IDS = 65536 };

enum sending_stage {
	SENDING_PUBLISH, /* no PUBACK or PUBREC yet */
	SENDING_HELD,    /* PUBREC has come; PUBREL waits for the scenario */
	SENDING_RELEASE  /* PUBREL is sent */
};

struct sending { /* a PUBLISH of ours */
	uint16_t id;
	unsigned qos;
	enum sending_stage stage;
	bool held_back;
	bool here;    /* its current stage was sent on this connection */
	bool counted; /* against the broker's Receive Maximum, likewise */
	struct buf packet; /* as sent, to be sent again */
};

struct flow {
	struct sending *sendings; /* in the order of their sending */
	size_t count, room;
	unsigned inflight;        /* those that count */
	unsigned char *receiving; /* a bit for each id of an inbound QoS 2 message; NULL: none yet */
	unsigned receiving_count; /* those of this connection; never more than the broker knows of */
	struct aliases aliases;
};

void flow_init(struct flow *flow);
void flow_release(struct flow *flow);
/* A new connection: aliases are gone, nothing has been sent on it yet. */
void flow_connect(struct flow *flow);
/* The broker has no session: what an earlier connection left is forgotten. */
void flow_forget(struct flow *flow);

/* Messages that the broker has not taken yet are given up: one of them may be what it ended the connection for. */
void flow_abandon(struct flow *flow);

/* NULL: none. */
struct sending *flow_find(const struct flow *flow, uint16_t id);
/* Notes a PUBLISH of QoS 1 or 2 that is being sent, for the first time or again. false: out of memory. */
bool flow_sent(struct flow *flow, const struct packet *packet, struct slice raw);
/* The stage of a message that was left behind is being sent again on this connection. */
void flow_resent(struct flow *flow, struct sending *sending);
/* The next that an earlier connection left behind and that this one owes; NULL: none. */
struct sending *flow_owed(const struct flow *flow);
/* The last acknowledgement has come. */
void flow_done(struct flow *flow, struct sending *sending);

/* An inbound QoS 2 PUBLISH, its PUBREL. false: out of memory. */
bool flow_receiving(struct flow *flow, uint16_t id);
bool flow_released(struct flow *flow, uint16_t id); /* false: there was none */

#endif
