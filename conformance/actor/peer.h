/* A peer: one MQTT client on a line, with the manners that MQTT demands of a client whatever it is
 * up to: acknowledgements, packet identifiers, keep alive, the limits of CONNACK. Everything that
 * it sends and receives becomes a moment. */
#ifndef CONFORMANCE_PEER_H
#define CONFORMANCE_PEER_H

#include "actor/engine.h"
#include "wire/build.h"

enum peer_state { PEER_CLOSED, PEER_OPENING, PEER_GREETING, PEER_READY, PEER_LEAVING };

struct peer {
	struct run *run;
	ptrdiff_t script, actor; /* NOBODY for preflight and control */
	unsigned attempt;
	const char *who; /* borrowed */
	size_t listener;
	enum peer_state state;
	struct line *line;
	unsigned connection;
	struct buf hello;  /* CONNECT, from peer_connect until it is sent */
	bool opened;       /* TCP, and TLS where used */
	bool answered;     /* CONNACK received */
	unsigned char code;
	unsigned char last_code; /* of the last acknowledgement; of SUBACK and UNSUBACK, of the first filter */
	unsigned receive_maximum, inflight; /* our own PUBLISHes of QoS 1 and 2 */
	unsigned unanswered;                /* SUBSCRIBE, UNSUBSCRIBE, PUBLISH of QoS 1 and 2 */
	size_t maximum_packet; /* bytes */
	uint16_t last_id;
	unsigned pongs;
	int64_t ping_us, round_trip_us; /* of the last PINGREQ */
	size_t packets;
	unsigned keep_alive_s;
	char *assigned_id; /* Assigned Client Identifier, used from then on; NULL: none */
	struct event *keep_alive;
	char how[200];     /* how the last connection ended */
	/* Called for each PUBLISH received; NULL: nobody listens. */
	void (*heard)(void *context, const struct packet *packet);
	void *context;
};

/* Fills all but who it is: run, script, attempt, actor, who and listener are the owner's to set. */
void peer_init(struct peer *peer);
void peer_release(struct peer *peer); /* drops the connection */

/* Opens a connection as that actor; the token is minted now. A connection that is still open is
 * dropped first. false with *fault: the suite's own fault. */
bool peer_connect(struct peer *peer, const struct script_actor *actor, struct fault *fault);

/* Each sends one packet, after reading it with our own reader. false with *fault: not sent;
 * FAULT_LIMIT: it is larger than the broker takes, else the suite's own fault. */
bool peer_publish(struct peer *peer, const struct publish *message, struct fault *fault); /* id is chosen here */
bool peer_filters(struct peer *peer, enum packet_type type, const char *const *filters, size_t count,
		  unsigned char options, struct fault *fault);
bool peer_ping(struct peer *peer, struct fault *fault);

void peer_leave(struct peer *peer); /* DISCONNECT 0x00, then closes once it is written */
void peer_drop(struct peer *peer);  /* closes without a word */

#endif
