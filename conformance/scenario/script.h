/* A script: one case, bound to a row, a carrier, a listener and a seed, so that nothing is left
 * to resolve. The parser and the plan make it; engine and judge only read it. `same`, columns,
 * carriers, names and nonces are all gone: what stands here is what goes on the wire. */
#ifndef CONFORMANCE_SCRIPT_H
#define CONFORMANCE_SCRIPT_H

#include "registry/registry.h"

#include <stdint.h>

enum label { LABEL_NONE, LABEL_TWIN, LABEL_DENY };

enum act {
	ACT_CONNECT,     /* connects: opens a connection; one still open is dropped first */
	ACT_RESUME,      /* resumes: the same with Clean Start 0 */
	ACT_RENEW,       /* renews: AUTH 0x19 with a token of the step's recipe */
	ACT_PUBLISH,     /* publishes TOPIC TEXT; QoS 2 to its PUBCOMP, unless held back */
	ACT_RELEASE,     /* releases: PUBREL for the actor's last PUBLISH that was held back */
	ACT_STREAM,      /* streams TOPIC TEXT: publishes a copy every every_ms until the step is settled */
	ACT_SUBSCRIBE,   /* subscribes FILTER */
	ACT_UNSUBSCRIBE, /* unsubscribes FILTER */
	ACT_PING,        /* pings */
	ACT_IDLE,        /* idles: sends nothing but what its Keep Alive demands */
	ACT_SEND,        /* sends BYTES; opens a connection where none is open, the bytes are then its first */
	ACT_STALL,       /* stalls: reads and sends nothing more on this connection, no PINGREQ either */
	ACT_DISCONNECT,  /* disconnects: DISCONNECT, then close */
	ACT_DROP,        /* drops: closes the socket without a DISCONNECT; held where it is closed already */
	ACT_RECEIVE,     /* receives TEXT: already received, or by the deadline */
	ACT_NEVER,       /* never receives TEXT: proved by a fence */
	ACT_REVOKE,      /* revokes NAME: hook revoke with a cut-off order for that actor's principals */
	ACT_LIFT,        /* lifts NAME: hook revoke with the order that ends it */
	ACT_LOAD,        /* loads NAME: hook policy with that policy block, or a document, in the place of the case's */
	ACT_RESTART,     /* restarts clean | kill: hook restart */
	ACTS
};

enum outcome {
	OUTCOME_NONE,     /* observations: the act itself says what must hold */
	OUTCOME_ACCEPTED, /* connect: CONNACK 0x00. renew: AUTH 0x00. hooks: exit 0. send: CONNACK 0x00 */
	OUTCOME_PRESENT,  /* connect: CONNACK 0x00 with Session Present 1 */
	OUTCOME_ABSENT,   /* connect: CONNACK 0x00 with Session Present 0 */
	OUTCOME_REFUSED,  /* CONNACK >= 0x80, or closed without one; and closed. hooks: exit 65 */
	OUTCOME_ALLOWED,  /* publish: success code (QoS 1, 2) or still open after the barrier (QoS 0) */
	OUTCOME_DENIED,   /* publish: see the table of spec/A1: no success code, no effect anywhere. subscribe: code >= 0x80.
			   * send: an answer to its Packet Identifier with a code >= 0x80, or closed by the broker.
			   * connect with a will: refused, or accepted and the will is never sent */
	OUTCOME_GRANTED,  /* subscribe: code < 0x80 */
	OUTCOME_ALIVE,    /* PINGRESP */
	OUTCOME_ACK,      /* send: an answer to its Packet Identifier, of the codes named or, where none is, below 0x80 */
	OUTCOME_OPEN,     /* idle: still open at the deadline */
	OUTCOME_CLOSED    /* the broker closed the connection */
};

enum {
	SCRIPT_FILTERS_MAX = 8,
	SCRIPT_CODES_MAX = 8,
	SCRIPT_OUTCOMES_MAX = 4,
	SCRIPT_TEXTS_MAX = 8,
	SCRIPT_USERS_MAX = 8
};

/* A point in time, known when the run gets there. */
enum instant_kind {
	INSTANT_NONE,      /* no instant at all */
	INSTANT_BEGIN,     /* the step's own beginning */
	INSTANT_NOW,       /* the script's beginning */
	INSTANT_EXP,       /* exp of the token that the actor last sent */
	INSTANT_CONNECTED, /* the actor's last CONNACK 0x00 */
	INSTANT_CLOSED,    /* the end of the actor's last connection */
	INSTANT_STEP       /* when the marked step was settled */
};

struct instant {
	enum instant_kind kind;
	size_t index;     /* of the actor or the step */
	int64_t offset_ms;
};

/* Properties and flags of an application message: what a publish or will sets, what a receipt must
 * show. On a receipt only what is set here is looked at. */
struct script_message {
	ptrdiff_t qos;           /* receipt; -1: any */
	ptrdiff_t retain;        /* likewise; 0, 1 */
	ptrdiff_t dup;           /* likewise */
	ptrdiff_t format;        /* Payload Format Indicator; -1: none */
	int64_t expiry_s;        /* Message Expiry Interval; -1: none. Receipt: at most this, and there */
	char *content_type, *response_topic, *correlation; /* NULL: none */
	char *topic;             /* receipt: NULL: as published */
	uint32_t identifiers[SCRIPT_TEXTS_MAX]; /* receipt: Subscription Identifiers, in any order, no others */
	size_t identifier_count;
	char *user[SCRIPT_USERS_MAX][2]; /* User Properties in order; receipt: these are among them, in this order */
	size_t user_count;
};

/* Bytes as sent: literals, and what is known only then. */
enum bytes_kind {
	BYTES_LITERAL, /* data */
	BYTES_LENGTH,  /* Remaining Length of all parts behind it up to the next BYTES_LENGTH's fixed header
			* byte or the end; plus delta; overlong: in one byte more than it needs */
	BYTES_TOKEN    /* two bytes of length and the token of the actor */
};

struct bytes_part {
	enum bytes_kind kind;
	unsigned char *data; /* owned */
	size_t size;
	int delta;
	bool overlong;
	size_t actor;
};

struct script_will {
	char *topic, *payload; /* topic NULL: no will. The wire adds a nonce to the payload */
	unsigned qos;
	bool retain;
	int64_t delay_s;       /* -1: no Will Delay Interval */
	struct script_message properties;
};

struct script_actor {
	char *name;      /* as the scenario calls it: "scout" */
	char *org_id;
	char *claim;     /* "agent_id", "user_id", "server_id", "tool_id" */
	char *value;     /* the claim's value: "scout-k3f9x", or as fixed by `with name` */
	char *client_id; /* unique in the run unless fixed by `with client` */
	char *username;  /* NULL: no User Name */
	bool password;   /* false: the token is not sent at all */
	json_t *recipe;  /* the token recipe, as mint_token takes it (mint/mint.h) */
	unsigned keep_alive_s;
	bool clean_start;
	int64_t session_expiry_s;   /* -1: no property */
	unsigned receive_maximum;   /* 0: no property */
	uint32_t maximum_packet;    /* bytes; 0: no property */
	unsigned alias_maximum;     /* 0: no property: no alias is taken */
	ptrdiff_t request_problem, request_response; /* -1: no property */
	char *method;               /* Authentication Method, the token then is its data; NULL: none */
};

/* How the bytes of a step reach the broker. */
enum vehicle {
	VEHICLE_PLAIN,
	VEHICLE_PACKED,  /* on a connection of their own, in one segment with its CONNECT */
	VEHICLE_DRIBBLED /* a byte a segment */
};

struct script_step {
	const char *source; /* the line as written (borrowed from the case) */
	struct place place;
	enum label label;
	size_t actor;
	enum act act;
	enum vehicle vehicle;
	struct script_actor *as;             /* connect, resume, renew: the actor as this step has it, where the step
					      * changes something; NULL: as cast. Owned */
	struct script_will will;             /* connect, resume */
	char *topic;                         /* publish, stream; "": an alias alone */
	unsigned alias;                      /* publish: Topic Alias; 0: none */
	bool held_back;                      /* publish at QoS 2: to the PUBREC and no further */
	bool again;                          /* publish: DUP 1 and the Packet Identifier of the actor's last PUBLISH */
	bool if_open;                        /* held, and nothing sent, when the actor has no connection any more */
	char *payload;                       /* publish, stream: the scenario's text; the wire adds a nonce */
	size_t payload_size;                 /* publish: filled up with "." to this many bytes; 0: not */
	bool empty;                          /* publish, receive, never: a payload of no bytes, without a nonce */
	unsigned qos;                        /* publish, stream; subscribe: requested maximum */
	bool retain;                         /* publish, stream */
	struct script_message properties;    /* publish, stream: as sent; receive: as expected */
	size_t messages[SCRIPT_TEXTS_MAX];   /* receive, never: indices of the publish, stream or connect (its will) steps
					      * meant; receive: received in this order */
	size_t message_count;
	ptrdiff_t count;                     /* receive: exactly so many times, once a fence is complete; -1: at least once */
	ptrdiff_t among;                     /* receive with a count: what this actor got counts, too; -1: nobody */
	int64_t every_ms;                    /* stream */
	struct instant until;                /* stream: its event ends the stream, which then has held; INSTANT_NONE: the outcome does */
	char *filters[SCRIPT_FILTERS_MAX];   /* subscribe, unsubscribe */
	size_t filter_count;
	size_t tested;                       /* which of filters the step speaks of; the others are neighbours and must be granted */
	unsigned char filter_options;        /* subscribe: the byte of MQTT 5.0 3.8.3.1 but for its QoS */
	uint32_t identifier;                 /* subscribe: Subscription Identifier; 0: none */
	struct bytes_part *bytes;            /* send. Owned */
	size_t bytes_count;
	char *breaks;                        /* send: the MQTT statement that the bytes break; NULL: none, they are well-formed */
	unsigned char code;                  /* disconnect: reason code */
	int64_t session_s;                   /* disconnect: Session Expiry Interval; -1: none */
	size_t object;                       /* revoke, lift: the actor meant */
	char *document;                      /* load: the text of a policy; NULL: that of the block in word */
	char *word;                          /* load: policy block. restart: "clean" or "kill" */
	enum outcome outcomes[SCRIPT_OUTCOMES_MAX];
	size_t outcome_count;
	unsigned char codes[SCRIPT_CODES_MAX]; /* the answer's code must be one of these; none: any that fits the outcome */
	size_t code_count;
	unsigned char should[SCRIPT_CODES_MAX]; /* codes that satisfy the manner */
	size_t should_count;
	struct instant by;        /* deadline; INSTANT_NONE: the default budget */
	struct instant should_by; /* later than this, the manner is missed */
	struct instant after;     /* receive, idle, …: what it waits for must not come before this. never: what came
				   * before this is no breach */
	int64_t grace_ms;         /* added to the target's grace of this step's fence; of a connect with a forbidden
				   * will: of the fence after the drop that makes it due */
	ptrdiff_t twin;   /* index of the step that must have held for this one to count; -1: none */
	ptrdiff_t check;  /* index into script.checks; -1: a precondition */
	ptrdiff_t manner; /* index of the SHOULD check on the exact code; -1: none */
	ptrdiff_t alike;  /* index of the check that says: all steps of the run that bear a check of this rule here got
			   * the same code (`alike RULE`); -1: none */
};

enum verdict { /* in the order of the verdict table: the first that applies */
	VERDICT_PENDING, VERDICT_HARNESS, VERDICT_NA, VERDICT_UNTESTED, VERDICT_BLOCKED, VERDICT_FAIL,
	VERDICT_INCONCLUSIVE,
	VERDICT_FLAKY, /* two verdicts of one check in a repeated run: worth no more than inconclusive */
	VERDICT_WARN, VERDICT_PASS
};

struct check { /* the unit of the suite: (case.row, carrier, rule) at one step or several */
	const struct rule *rule;
	bool deny;            /* carried by a deny step or a `never`: one sign of discrimination; else a grant */
	enum verdict preset;  /* N/A or UNTESTED where the plan knows that it cannot be judged; else PENDING */
	char *preset_why;     /* a sentence. Owned; NULL without preset */
	bool known;           /* its failure stands in the baseline */
	enum verdict verdict;
	size_t step;          /* the step that settled it */
	char *sentence;       /* every non-PASS: the step, what was expected, what was seen in which packet. Owned */
};

struct script {
	char *id;          /* "PUB-02.other/row/qos1@tls": case, row when any, carrier, listener */
	char *case_id;     /* "PUB-02.other"; vectors: "vector:decision-pub-other" */
	char *title;
	char *carrier;     /* "qos1", "alone", "-" */
	size_t listener;   /* index into target.listeners */
	bool alone;
	struct script_actor *actors;
	size_t actor_count;
	struct script_step *steps;
	size_t step_count;
	struct check *checks;
	size_t check_count;
	int64_t duration_us; /* from its first step to its last, as the engine found it; 0: it was not run */
};

/* All that is "none" or "any" in a step, an actor, a message. */
void script_step_init(struct script_step *step);
void script_actor_init(struct script_actor *actor);
void script_actor_release(struct script_actor *actor); /* what it owns */
/* Some check of it is to be judged: without one there is no reason to run it. */
bool script_open(const struct script *script);
void check_release(struct check *check); /* what it owns */
void script_steps_release(struct script_step *steps, size_t count); /* what they own, not the array */
void script_free(struct script *script);
const char *verdict_name(enum verdict verdict);
const char *act_name(enum act act);
const char *outcome_name(enum outcome outcome);

#endif
