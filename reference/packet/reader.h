/* Inside packet/: one reader a packet type, called by packet.c with the bytes behind the fixed
 * header. true: *packet is filled. false: *fault is. */
#ifndef MQTT_AGENT_PACKET_READER_H
#define MQTT_AGENT_PACKET_READER_H

#include "packet.h"

bool read_connect(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault);
bool read_publish(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault);
bool read_subscribe(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault);
bool read_unsubscribe(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault);
bool read_reason(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault);
bool read_nothing(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault);

/* What PUBLISH and the will have in common: topic of the answer without wildcards [MQTT-3.3.2-14]. */
bool response_topic_sound(const struct properties *properties, struct packet_fault *fault);

#endif
