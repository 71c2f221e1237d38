/* A peer: one MQTT client on a line, with the manners that MQTT demands of a client whatever it is
 * up to: acknowledgements, packet identifiers, keep alive, the limits of CONNACK, what a session is owed.
 * Everything that it sends and receives becomes a moment. */
#ifndef CONFORMANCE_PEER_H
#define CONFORMANCE_PEER_H

#include "actor/engine.h"
#include "actor/flow.h"
#include "actor/token.h"
#include "wire/build.h"

enum peer_state { PEER_CLOSED, PEER_OPENING, PEER_GREETING, PEER_READY, PEER_LEAVING };

enum { PEER_SESSIONS_MAX = 8 };

struct limits { /* what CONNACK said, or what its silence means */
	unsigned receive_maximum, maximum_qos, alias_maximum;
	size_t maximum_packet; /* bytes */
	bool retain, wildcard, shared, identifiers;
	bool sessions; /* false: Session Expiry Interval 0 where CONNECT asked for more */
};

struct announced { /* what the last CONNECT said */
	unsigned keep_alive_s, receive_maximum, alias_maximum;
	size_t maximum_packet;
	bool session; /* that is to outlive the connection */
	bool will;
};

struct parcel { /* bytes on their way */
	struct buf bytes;
	struct buf shown; /* the same, as the trace may keep them */
	int64_t exp_us;   /* end of the token in them; 0: none */
	bool lawless;     /* malformed on purpose: not validated */
	bool dribbled;    /* a byte a segment */
};
void parcel_init(struct parcel *parcel);
void parcel_release(struct parcel *parcel);

struct peer {
	struct run *run;
	ptrdiff_t script, actor; /* NOBODY for preflight and control */
	unsigned attempt;
	const char *who; /* borrowed */
	size_t listener;
	enum peer_state state;
	struct line *line;
	unsigned connection;
	struct parcel hello; /* the connection's first bytes, until they are sent */
	bool opened;         /* TCP, and TLS where used */
	bool answered;       /* CONNACK received */
	unsigned char code;
	bool session_present;
	struct limits limits; /* of the last connection that had any */
	struct announced announced;
	struct flow flow;
	unsigned fresh;      /* QoS 1 messages among the bytes that are just being taken */
	unsigned unanswered; /* SUBSCRIBE, UNSUBSCRIBE, PUBLISH of QoS 1 and 2, of this connection */
	uint16_t last_id;
	uint16_t published_id, held_id; /* of the last peer_carry at QoS 1 or 2; of the last one held back; 0: none */
	uint16_t last_ack;       /* the Packet Identifier that was last acknowledged for good */
	unsigned char last_code; /* and how; of SUBACK and UNSUBACK, for the first filter */
	unsigned pongs;
	int64_t ping_us, round_trip_us; /* of the last PINGREQ */
	size_t packets;
	bool stalled;        /* reads and sends nothing more */
	bool excused;        /* a restart of the broker ended the last connection */
	char *assigned_id;   /* Assigned Client Identifier, used from then on; NULL: none */
	struct event *keep_alive;
	const struct script_actor *calling;  /* whose CONNECT this connection began with. Borrowed */
	const struct script_actor *persona;  /* as which it was last accepted; NULL: never. Borrowed */
	const struct script_actor *sessions[PEER_SESSIONS_MAX]; /* those whose sessions may still be there */
	size_t session_count;
	char how[200];     /* how the last connection ended */
	/* Called for each PUBLISH received; NULL: nobody listens. */
	void (*heard)(void *context, const struct packet *packet);
	void *context;
};

/* Fills all but who it is: run, script, attempt, actor, who and listener are the owner's to set. */
void peer_init(struct peer *peer);
void peer_release(struct peer *peer); /* drops the connection */

struct calling { /* how a connection begins. Everything borrowed, strings during the call only */
	const struct script_actor *actor; /* must outlive the peer */
	bool clean_start;
	struct will will;     /* as it goes on the wire; present false: none */
	struct slice behind;  /* packets in the CONNECT's own segment */
	bool dribbled;
};

/* Opens a connection; the token is minted now. A connection that is still open is dropped first.
 * false with *fault: the suite's own fault. */
bool peer_call(struct peer *peer, const struct calling *calling, struct fault *fault);
bool peer_connect(struct peer *peer, const struct script_actor *actor, struct fault *fault); /* as cast */
/* These bytes, whatever they are; on a new connection where none is open. Takes the parcel over. */
bool peer_raw(struct peer *peer, const struct script_actor *actor, struct parcel *parcel, struct fault *fault);

struct carriage { /* how a PUBLISH travels */
	bool dribbled;
	bool held_back; /* QoS 2: no PUBREL before peer_complete */
	bool again;     /* DUP 1 and the Packet Identifier of the last one */
};

/* A PUBLISH of that QoS may be sent now: nothing older is owed, and Receive Maximum leaves room. */
bool peer_may_publish(const struct peer *peer, unsigned qos);
bool peer_may_repeat(const struct peer *peer); /* carriage.again, likewise */

/* Each sends one packet, after reading it with our own reader. false with *fault: not sent;
 * FAULT_LIMIT: it is larger than the broker takes; FAULT_UNAVAILABLE: there is no connection, or the
 * broker does not read; else the suite's own fault. */
/* The identifier is chosen here. What peer_publish sends is no message that carriage.again speaks of. */
bool peer_publish(struct peer *peer, const struct publish *message, struct fault *fault);
bool peer_carry(struct peer *peer, const struct publish *message, const struct carriage *how, struct fault *fault);
bool peer_complete(struct peer *peer, struct fault *fault); /* PUBREL of the one last held back */
bool peer_filters(struct peer *peer, enum packet_type type, const char *const *filters, size_t count,
		  unsigned char options, struct fault *fault);
bool peer_subscribe(struct peer *peer, const struct filters *fields, bool dribbled, struct fault *fault);
bool peer_renew(struct peer *peer, const struct script_actor *actor, struct fault *fault); /* AUTH 0x19 */
bool peer_ping(struct peer *peer, struct fault *fault);
/* Packets for calling.behind: the same, appended to bytes instead of sent. */
bool peer_enclose_publish(struct peer *peer, const struct publish *message, struct buf *bytes);
void peer_enclose_filters(struct peer *peer, const struct filters *fields, struct buf *bytes);

void peer_stall(struct peer *peer);
void peer_leave(struct peer *peer); /* DISCONNECT 0x00, then closes once it is written */
void peer_leave_with(struct peer *peer, unsigned char code, int64_t session_s /* -1: none */);
void peer_drop(struct peer *peer);  /* closes without a word */
/* Its connection is over for a reason that lies with the broker, whether we have seen it or not. */
void peer_lost(struct peer *peer, const char *how);

#endif
