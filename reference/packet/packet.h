/* Reads the packets that a client may send (MQTT 5.0 chapter 3). Pure: bytes in; a packet, "more
 * bytes are needed", or the class of error with the reason code that answers it. A packet that was
 * read refers to the bytes it was read from and owns nothing.
 * What is refused here is wrong for every broker; what this broker does not offer (retained messages,
 * shared subscriptions) is read, and answered by the session. */
#ifndef MQTT_AGENT_PACKET_H
#define MQTT_AGENT_PACKET_H

#include "mqtt_limits.h"
#include "property.h"
#include "reason.h"

struct packet_will {
	struct slice topic;
	struct slice payload;
	struct properties properties;
	uint8_t qos; /* 0 to 2 */
	bool retain;
};

struct packet_connect {
	struct slice client_id; /* empty: the server assigns one */
	struct slice username;
	struct slice password;
	struct packet_will will;
	struct properties properties;
	uint16_t keep_alive; /* seconds; 0: none */
	bool clean_start;
	bool has_will, has_username, has_password;
};

struct packet_publish {
	struct slice topic; /* empty only together with a topic alias */
	struct slice payload;
	struct properties properties;
	uint16_t id; /* 0 at QoS 0 */
	uint8_t qos; /* 0 to 2 */
	bool dup, retain;
};

/* SUBSCRIBE and UNSUBSCRIBE: at least one filter, each one valid. */
struct packet_filters {
	uint16_t id;
	struct properties properties;
	struct slice list; /* to be walked by packet_next_subscription, packet_next_filter */
	size_t count;      /* 1 to LIMIT_FILTERS_PER_PACKET */
};

/* PUBACK, PUBREC, PUBREL, PUBCOMP; DISCONNECT and AUTH, where id is 0. */
struct packet_reason {
	uint16_t id;
	uint8_t code; /* one that the packet may carry */
	struct properties properties;
};

struct packet {
	enum packet_type type;
	size_t size; /* bytes of the whole packet */
	union {
		struct packet_connect connect;
		struct packet_publish publish;
		struct packet_filters filters;
		struct packet_reason reason;
	};
};

enum packet_result { PACKET_READ, PACKET_NEEDS_MORE, PACKET_BROKEN };

/* Looks at the front of bytes. limit: bytes that a packet may have, fixed header included.
 *   PACKET_READ        *packet is filled; packet->size bytes are consumed
 *   PACKET_NEEDS_MORE  packet->size is how many bytes must be there before it is worth asking again
 *   PACKET_BROKEN      *fault is filled; nothing that follows can be believed */
enum packet_result packet_read(struct slice bytes, size_t limit, struct packet *packet, struct packet_fault *fault);

/* The type that the first byte names: what a server must know before anything else [MQTT-3.1.0-1]. */
enum packet_type packet_type_of(struct slice bytes);
const char *packet_name(enum packet_type type);

struct packet_subscription {
	struct slice filter;
	uint8_t qos;             /* 0 to 2 */
	uint8_t retain_handling; /* 0 to 2 */
	bool no_local, retain_as_published;
};

/* Takes the next entry off *rest, a list of packet_filters. False at its end. */
bool packet_next_subscription(struct slice *rest, struct packet_subscription *out);
bool packet_next_filter(struct slice *rest, struct slice *filter);

#endif
