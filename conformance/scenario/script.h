/* A script: one case, bound to a row, a carrier, a listener and a seed, so that nothing is left
 * to resolve. The parser and the plan make it; engine and judge only read it. `same`, columns,
 * carriers, names and nonces are all gone: what stands here is what goes on the wire. */
#ifndef CONFORMANCE_SCRIPT_H
#define CONFORMANCE_SCRIPT_H

#include "registry/registry.h"

#include <stdint.h>

enum label { LABEL_NONE, LABEL_TWIN, LABEL_DENY };

enum act {
	ACT_CONNECT,     /* connects */
	ACT_PUBLISH,     /* publishes TOPIC TEXT */
	ACT_SUBSCRIBE,   /* subscribes FILTER */
	ACT_UNSUBSCRIBE, /* unsubscribes FILTER */
	ACT_PING,        /* pings */
	ACT_DISCONNECT,  /* disconnects: DISCONNECT 0x00, then close */
	ACT_DROP,        /* drops: closes the socket without a DISCONNECT */
	ACT_RECEIVE,     /* receives TEXT: already received, or by the deadline */
	ACT_NEVER        /* never receives TEXT: proved by a fence */
};

enum outcome {
	OUTCOME_NONE,     /* observations: the act itself says what must hold */
	OUTCOME_ACCEPTED, /* CONNACK 0x00 */
	OUTCOME_REFUSED,  /* CONNACK >= 0x80, or closed without one */
	OUTCOME_ALLOWED,  /* publish: success code (QoS 1) or still open after the barrier (QoS 0) */
	OUTCOME_DENIED,   /* publish: see the table of spec/A1: no success code, no effect anywhere. subscribe: code >= 0x80 */
	OUTCOME_GRANTED,  /* subscribe: code < 0x80 */
	OUTCOME_ALIVE,    /* PINGRESP */
	OUTCOME_CLOSED    /* the broker closed the connection */
};

enum { SCRIPT_FILTERS_MAX = 8, SCRIPT_CODES_MAX = 8 };

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
	uint32_t session_expiry_s;
};

struct script_step {
	const char *source; /* the line as written (borrowed from the case) */
	struct place place;
	enum label label;
	size_t actor;
	enum act act;
	char *topic;                         /* ACT_PUBLISH */
	char *payload;                       /* ACT_PUBLISH, RECEIVE, NEVER: the scenario's text; the wire adds a nonce */
	size_t message;                      /* ACT_RECEIVE, NEVER: index of the publish step meant */
	unsigned qos;                        /* ACT_PUBLISH; ACT_SUBSCRIBE: requested maximum */
	bool retain;
	char *filters[SCRIPT_FILTERS_MAX];   /* ACT_SUBSCRIBE, UNSUBSCRIBE */
	size_t filter_count;
	size_t tested;                       /* which of filters the step speaks of; the others are neighbours and must be granted */
	enum outcome outcomes[4];
	size_t outcome_count;
	unsigned char should[SCRIPT_CODES_MAX]; /* codes that satisfy the manner */
	size_t should_count;
	int64_t by_ms;   /* deadline after the step's begin; 0: the default budget */
	ptrdiff_t twin;  /* index of the step that must have held for this one to count; -1: none */
	ptrdiff_t check; /* index into script.checks; -1: a precondition */
	ptrdiff_t manner; /* index of the SHOULD check on the exact code; -1: none */
};

enum verdict { /* in the order of the verdict table: the first that applies */
	VERDICT_PENDING, VERDICT_HARNESS, VERDICT_NA, VERDICT_UNTESTED, VERDICT_BLOCKED, VERDICT_FAIL,
	VERDICT_INCONCLUSIVE, VERDICT_WARN, VERDICT_PASS
};

struct check { /* the unit of the suite: (case.row, carrier, rule) at one step or several */
	const struct rule *rule;
	bool deny;            /* carried by a deny step or a `never`: one sign of discrimination; else a grant */
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
};

void script_free(struct script *script);
const char *verdict_name(enum verdict verdict);
const char *act_name(enum act act);
const char *outcome_name(enum outcome outcome);

#endif
