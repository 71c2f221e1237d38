/* Packets of ours that are not answered yet, on one connection, in the order they were sent. */
#ifndef CONFORMANCE_AWAITED_H
#define CONFORMANCE_AWAITED_H

#include "wire/packet.h"

enum awaited_stage {
	AWAITED_ANSWER,  /* PUBACK or PUBREC, SUBACK, UNSUBACK */
	AWAITED_RELEASE, /* PUBREC came; the next move is our PUBREL */
	AWAITED_COMPLETE /* PUBREL is sent: PUBCOMP */
};

struct awaited {
	uint16_t id;
	enum packet_type type; /* PUBLISH, SUBSCRIBE, UNSUBSCRIBE */
	unsigned qos;          /* PUBLISH */
	enum awaited_stage stage;
};

struct awaited_list {
	struct awaited *items; /* owned */
	size_t count, room;
};

enum answer { /* what an acknowledgement is worth */
	ANSWER_FINAL,   /* it ends the life of the packet that it answers */
	ANSWER_PARTIAL, /* PUBREC below 0x80 */
	ANSWER_UNASKED, /* nothing waits for it: another id, another kind, too early, or a second time */
	ANSWER_ORDER    /* [MQTT-4.6.0-2] [MQTT-4.6.0-3] an earlier PUBLISH of its QoS still waits for the like */
};

/* false: out of memory. Packets that nothing answers are not kept. */
bool awaited_sent(struct awaited_list *list, const struct packet *packet);
/* The list forgets what is answered for good. */
enum answer awaited_answered(struct awaited_list *list, const struct packet *packet);
bool awaited_is_answer(enum packet_type type); /* PUBACK, PUBREC, PUBCOMP, SUBACK, UNSUBACK */
void awaited_release(struct awaited_list *list);

#endif
