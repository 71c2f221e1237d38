/* The sender's part in QoS 1 and QoS 2 (MQTT 5.0 section 4.3) as one pure table: what an
 * acknowledgement does to one packet identifier. outgoing.c holds the messages and obeys it. (The
 * receiver's part needs none: an identifier is held or it is not, incoming.h.) */
#ifndef MQTT_AGENT_FLOW_H
#define MQTT_AGENT_FLOW_H

/* What the sender of a PUBLISH waits for. */
enum sender_state { SENDER_FREE, SENDER_PUBACK, SENDER_PUBREC, SENDER_PUBCOMP, SENDER_STATES };
/* REFUSED: a PUBREC with 0x80 or more. */
enum sender_event { GOT_PUBACK, GOT_PUBREC, GOT_REFUSED, GOT_PUBCOMP, SENDER_EVENTS };
enum sender_answer {
	ANSWER_NOTHING,
	ANSWER_PUBREL,
	ANSWER_UNKNOWN, /* PUBREL with 0x92 */
	ANSWER_ERROR    /* a protocol error: DISCONNECT 0x82 */
};

struct sender_step {
	enum sender_state next; /* SENDER_FREE: the identifier is, and so is its place in the window */
	enum sender_answer answer;
};

struct sender_step sender_step(enum sender_state state, enum sender_event event);

#endif
