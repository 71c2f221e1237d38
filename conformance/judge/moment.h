/* A moment: one thing that happened in a run. The engine makes them, the trace keeps them, the
 * judge settles everything from them and from nothing else. (libevent owns the word "event".) */
#ifndef CONFORMANCE_MOMENT_H
#define CONFORMANCE_MOMENT_H

#include "wire/packet.h"

#include <stdint.h>

enum moment_kind {
	MOMENT_SCRIPT,   /* a script begins; attempt 2 is the lone rerun */
	MOMENT_STEP,     /* step `step` begins */
	MOMENT_OPENED,   /* the actor's connection is open, TLS included */
	MOMENT_SENT,     /* packet; NULL where raw, the bytes of an ACT_SEND, are no packet of ours */
	MOMENT_RECEIVED, /* packet */
	MOMENT_WRONG,    /* raw: bytes from the broker that are no packet, text: why; the engine closes */
	MOMENT_CLOSED,   /* flag: by the broker (else by the engine); text: how */
	MOMENT_FENCE,    /* about to send `message` again with `nonce`, to come back at `observer` */
	MOMENT_COPY,     /* about to publish one more copy of the stream step `message`, with `nonce` */
	MOMENT_HOOK,     /* a hook ended: code is its exit status, flag: it ended by itself and in time; text: evidence */
	MOMENT_GRACE,    /* the grace after a fence that rests on another publisher is over */
	MOMENT_DEADLINE, /* the budget of the current phase is used up */
	MOMENT_CONTROL,  /* a ping on another connection: flag: it was answered */
	MOMENT_UNFIT,    /* text: what the target said it cannot do and this step needs */
	MOMENT_HARNESS,  /* text: what the suite itself did wrong or lacked */
	MOMENT_FINISHED, /* the script is at its end; its connections may stay open for a while */
	MOMENT_STOPPED,  /* text: why nothing further is run: preflight, unreachable, interrupted;
			  * with a script: why that one is not */
	MOMENT_KINDS
};

enum { NOBODY = -1 };

struct moment {
	enum moment_kind kind;
	int64_t us;             /* since the run began */
	ptrdiff_t script;       /* index into the plan; NOBODY: preflight and control connections, the run */
	unsigned attempt;       /* 1, or 2 in the lone rerun */
	ptrdiff_t actor;        /* index into the script's actors; NOBODY */
	const char *who;        /* the actor's name, "control", "preflight …"; NULL: nobody */
	unsigned connection;    /* serial number in the run; 0: none */
	size_t step;            /* MOMENT_STEP, MOMENT_HOOK */
	size_t observer;        /* MOMENT_FENCE: actor */
	size_t message;         /* MOMENT_FENCE, MOMENT_COPY: the step whose message it is (judge/message.h) */
	const char *nonce;      /* MOMENT_FENCE, MOMENT_COPY */
	bool flag;
	int code;               /* MOMENT_HOOK */
	int64_t exp_us;         /* SENT CONNECT or AUTH: when its token ends, on the clock of us; 0: it has no exp */
	const char *text;
	struct slice raw;            /* of packet, or what was wrong; a token's signature is blotted out */
	const struct packet *packet; /* NULL: none */
	struct slice token;          /* CONNECT sent: as sent, for the trace to decode; not stored */
};

const char *moment_name(enum moment_kind kind); /* "sent" */
/* What `flag` is called in a trace: "by_broker". NULL: that kind has none. */
const char *moment_flag(enum moment_kind kind);

#endif
