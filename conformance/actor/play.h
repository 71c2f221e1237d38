/* A play: one script under way. It does what the steps say and waits until the judge calls a step
 * settled; it judges nothing itself. */
#ifndef CONFORMANCE_PLAY_H
#define CONFORMANCE_PLAY_H

#include "actor/control.h"
#include "actor/peer.h"

enum play_stage {
	PLAY_NEXT,    /* between two steps */
	PLAY_REJOIN,  /* an actor that lost its connection comes back before the next step */
	PLAY_STEP,    /* the judge has not settled the current step */
	PLAY_UNDOING, /* all steps are done; what hooks did is undone, one after the other */
	PLAY_LINGER,  /* observers are watched a little longer, and others may be at work */
	PLAY_CLEANING, /* retained messages are cleared, sessions ended */
	PLAY_CLOSING, /* the last DISCONNECTs are being written */
	PLAY_DONE
};

enum rejoin { REJOIN_NOT, REJOIN_CONNECTING, REJOIN_SUBSCRIBING, REJOIN_GIVEN_UP /* for this step */ };

struct deed { /* of a hook, to be undone */
	enum { DEED_REVOKED, DEED_LOADED } kind;
	size_t actor;   /* revoked: who; loaded: whose organisation */
	size_t carrier; /* who sent the order, where it went over MQTT */
};

enum visit { VISIT_NOT, VISIT_CALLING, VISIT_CLEARED, VISIT_OVER };

struct play {
	struct run *run;
	size_t index; /* of the script in the plan */
	const struct script *script;
	unsigned attempt;
	enum play_stage stage;
	size_t step; /* the current one, or the next */
	enum phase seen; /* the phase that was last acted upon */
	struct peer *peers;    /* one an actor */
	enum rejoin *rejoins;  /* one an actor */
	bool *stale;           /* one an actor: a packed step took its connection and with it its subscriptions */
	size_t rejoiner;       /* PLAY_REJOIN: which actor */
	struct event *deadline, *grace, *ticker /* of a stream */;
	struct control control;
	size_t copies;  /* sentinels and copies of streams sent so far */
	bool waiting;   /* the step's act could not be done yet */
	bool timeless;  /* the step's deadline rests on what has not happened yet; its budget runs meanwhile */
	size_t unsaid;  /* bytes of a dribbled step that were still to go at its last deadline; 0: all are out */
	int64_t forbidden_us; /* monotonic: when the last thing that must not arrive was sent; 0: nothing was */
	int64_t begin_us; /* monotonic */
	bool late;      /* the time for the stage is over; PLAY_STEP has the judge for that */
	struct hook *hook;   /* running; NULL: none */
	uint16_t order_id;   /* of an order that went over MQTT and is not answered yet; 0: none */
	size_t order_carrier;
	int64_t order_s;     /* Unix time of the newest order, seconds */
	struct deed *deeds;  /* the oldest first; one a step at most */
	size_t deed_count;
	enum visit *visits;  /* one an actor: PLAY_CLEANING */
};

/* NULL: out of memory. */
struct play *play_new(struct run *run, size_t index, unsigned attempt);
void play_free(struct play *play); /* drops its connections */
/* Goes on as far as it can without waiting. */
void play_pump(struct play *play);
/* Ends it wherever it is; it will be PLAY_DONE soon. */
void play_close(struct play *play);
static inline bool play_busy(const struct play *play)
{
	return play->stage < PLAY_LINGER;
}

/* Inside the folder: play.c and its helpers. */
int64_t play_budget_ms(const struct play *play);
void play_arm(struct event *timer, int64_t ms);
void play_emit(struct play *play, enum moment_kind kind, bool flag, const char *text);
/* A fault on sending: N/A when the packet is larger than the broker takes, else HARNESS. */
void play_refuse(struct play *play, const struct fault *fault);

/* acts.c: whether the step speaks of something that must not arrive, so that its observers are watched
 * a little longer; what the step sends; a further copy of the current stream. */
bool play_forbids(const struct script_step *step);
void play_act(struct play *play);
void play_tick(struct play *play);
/* The actor as it was last accepted, or as cast. */
const struct script_actor *play_persona(const struct play *play, size_t actor);

/* hooking.c: revoke, lift, load, restart. */
bool play_hook(struct play *play, const struct script_step *step, struct fault *fault);
/* Looks for the answer to an order that went over MQTT. */
void play_watch_order(struct play *play);
/* Begins to undo the newest deed, unless one is being undone; false: nothing is left. */
bool play_undo(struct play *play);

/* sentinel.c: sends the sentinels that the judge wants and that can be sent now. */
void play_fences(struct play *play);

/* rejoin.c */
enum rejoin_state { REJOIN_BUSY, REJOIN_DONE, REJOIN_FAILED };
enum rejoin_state play_rejoin(struct play *play, size_t actor);
/* Somebody has to come back before this step; false: nobody. */
bool play_rejoiner(const struct play *play, const struct script_step *step, size_t *actor);

/* cleanup.c: goes on with it; true: over. */
bool play_clean(struct play *play);

#endif
