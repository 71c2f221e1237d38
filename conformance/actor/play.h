/* A play: one script under way. It does what the steps say and waits until the judge calls a step
 * settled; it judges nothing itself. */
#ifndef CONFORMANCE_PLAY_H
#define CONFORMANCE_PLAY_H

#include "actor/control.h"
#include "actor/peer.h"

enum play_stage {
	PLAY_NEXT,    /* between two steps */
	PLAY_REJOIN,  /* an actor that a denial cut off comes back before its next step */
	PLAY_STEP,    /* the judge has not settled the current step */
	PLAY_LINGER,  /* all steps are done; observers are watched a little longer */
	PLAY_CLOSING, /* the last DISCONNECTs are being written */
	PLAY_DONE
};

enum rejoin { REJOIN_NOT, REJOIN_CONNECTING, REJOIN_SUBSCRIBING, REJOIN_GIVEN_UP /* for this step */ };

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
	struct event *deadline, *grace;
	struct control control;
	size_t copies;  /* sentinels sent so far */
	bool forbidden; /* something that must not arrive has been sent */
	int64_t begin_us; /* monotonic */
	bool late;      /* the time for PLAY_REJOIN, PLAY_LINGER or PLAY_CLOSING is over */
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
 * a little longer; and what the step sends. */
bool play_forbids(const struct script_step *step);
void play_act(struct play *play, const struct script_step *step);
/* Clears what the script retained. */
void play_clear_retained(struct play *play);
/* The text of a message and its nonce (judge/nonce.h). */
enum { PAYLOAD_MAX = 1 << 19 };
bool play_payload(const struct play *play, size_t step, size_t copy, struct buf *payload, struct fault *fault);
/* sentinel.c: sends the sentinels that the judge wants and that can be sent now. */
void play_fences(struct play *play);
/* rejoin.c */
enum rejoin_state { REJOIN_BUSY, REJOIN_DONE, REJOIN_FAILED };
enum rejoin_state play_rejoin(struct play *play, size_t actor);

#endif
