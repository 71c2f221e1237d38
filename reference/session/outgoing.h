/* What a session is owed at QoS 1 and 2: one list in the order in which the messages came. Those in
 * front have a packet identifier and wait for their acknowledgements, those behind wait for a place
 * in the window. The list belongs to the session: a new connection begins at its front again, with
 * DUP [MQTT-3.3.1-1, MQTT-4.4.0-1]. Every sending is asked at the gate. */
#ifndef MQTT_AGENT_OUTGOING_H
#define MQTT_AGENT_OUTGOING_H

#include "decide.h"
#include "flow.h"
#include "message.h"

struct delivery;
struct session;

struct owed {
	struct owed *next;
	struct message *message;       /* NULL once the receiver has it: only PUBREL is left */
	struct slice subscription_ids; /* encoded; the bytes stand behind the struct */
	enum sender_state state;       /* SENDER_FREE: never sent */
	uint16_t id;                   /* 0: never sent */
	uint8_t qos;                   /* 1 or 2 */
	bool retain;                   /* the flag that is sent */
};

struct outgoing {
	struct owed *first, **end;
	struct owed **unsent; /* the first that this connection was not sent */
	unsigned inflight;    /* have an identifier */
	size_t waiting;       /* have none */
	size_t bytes;         /* of all of them */
	uint16_t last_id;
};

void outgoing_init(struct outgoing *outgoing);
void outgoing_release(struct outgoing *outgoing);
/* A new connection: nothing was sent on it. */
void outgoing_restart(struct outgoing *outgoing);

/* Appends. False when out of memory or beyond LIMIT_QUEUE_MESSAGES or LIMIT_QUEUE_BYTES. */
bool outgoing_add(struct outgoing *outgoing, const struct delivery *delivery, int64_t now_ms);
/* Sends what its client has room for. door: the one that messages go through which were never sent. */
void outgoing_pump(struct session *session, enum door door);
/* An acknowledgement came. What may follow it is staged. */
enum sender_answer outgoing_event(struct session *session, uint16_t id, enum sender_event event);

#endif
