/* One packet for one client: asked at the gate, no larger than the client takes, and no more than it
 * reads. */
#ifndef MQTT_AGENT_SEND_H
#define MQTT_AGENT_SEND_H

#include "client.h"
#include "decide.h"

struct sending {
	const struct message *message;
	struct slice subscription_ids; /* encoded */
	uint8_t qos;
	uint16_t id; /* ignored at QoS 0 */
	bool dup;
	bool retain;
	enum door door;
};

enum send_result {
	SEND_DONE,
	SEND_NEVER, /* denied [SBS-02], or larger than the client takes, which counts as sent [MQTT-3.1.2-25] */
	SEND_ENDED  /* the client does not read: it was ended */
};

/* May its author still say this? Asked of the policy in force for what was kept before it is sent. */
bool message_may_be_said(const struct service *service, const struct message *message, enum door door);

enum send_result send_publish(struct client *client, const struct sending *sending);
/* PUBACK, PUBREC, PUBREL or PUBCOMP. */
void send_ack(struct client *client, enum packet_type type, uint16_t id, uint8_t code);

#endif
