/* Writes the packets that the server sends (MQTT 5.0 chapter 3), each appended whole to a buffer.
 * Nothing is decided here. */
#ifndef MQTT_AGENT_WRITE_H
#define MQTT_AGENT_WRITE_H

#include "property.h"

/* A success CONNACK: what this server has and has not, and where it does not do as it was asked. */
struct connack {
	bool session_present;
	bool has_session_expiry;
	uint32_t session_expiry;     /* seconds */
	uint16_t server_keep_alive;  /* seconds; 0: the client's own holds */
	uint16_t topic_alias_maximum;
	struct slice assigned_client_id; /* empty: the client brought its own */
	uint16_t receive_maximum;
	uint32_t maximum_packet_size; /* bytes */
};

void write_connack(struct buf *out, const struct connack *connack);
/* A refusal: the code and nothing else, Session Present 0 [MQTT-3.2.2-6]. */
void write_connack_refusal(struct buf *out, uint8_t code);

struct publish_out {
	struct slice topic; /* empty: the alias stands for it */
	struct slice payload;
	struct slice properties;       /* a section, forwarded as it is */
	struct slice subscription_ids; /* encoded properties, put behind it */
	bool has_expiry;
	uint32_t expiry;      /* seconds that are left */
	uint16_t topic_alias; /* 0: none */
	uint16_t id;          /* ignored at QoS 0 */
	uint8_t qos;          /* 0 to 2 */
	bool dup;
	bool retain;
};

/* Bytes of the whole packet. */
size_t publish_size(const struct publish_out *publish);
void write_publish(struct buf *out, const struct publish_out *publish);

/* PUBACK, PUBREC, PUBREL or PUBCOMP. */
void write_ack(struct buf *out, enum packet_type type, uint16_t id, uint8_t code);
/* One code a filter, in the order of the request [MQTT-3.8.4-6]. */
void write_suback(struct buf *out, uint16_t id, struct slice codes);
void write_unsuback(struct buf *out, uint16_t id, struct slice codes);
void write_pingresp(struct buf *out);
void write_disconnect(struct buf *out, uint8_t code);

#endif
