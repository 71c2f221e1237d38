/* The judge's inside. Not for anybody outside this folder. */
#ifndef CONFORMANCE_JUDGE_STATE_H
#define CONFORMANCE_JUDGE_STATE_H

#include "buf.h"
#include "judge/awaited.h"
#include "judge/instant.h"
#include "judge/judge.h"
#include "judge/message.h"
#include "judge/nonce.h"
#include "wire/alias.h"

enum { SEEN_MAX = 400, FENCES_MAX = 16, SENTENCE_MAX = 4096, WORDS_MAX = 120 };

struct limits { /* what the broker said of itself in the last CONNACK 0x00 */
	bool known, retain, wildcard, identifiers, shared;
	bool no_sessions; /* Session Expiry Interval 0 */
	bool keep_alive;  /* Server Keep Alive: another one than the CONNECT's */
	unsigned maximum_qos, alias_maximum;
};

struct player { /* an actor, as its packets show it */
	unsigned connection; /* 0: never had one */
	bool open, accepted; /* TCP; CONNACK 0x00 */
	bool denied;         /* has done something that had to be refused, and nothing else since */
	bool by_broker;      /* who closed its last connection */
	bool raw;            /* bytes went out on it that are no packet: answers belong to nothing */
	bool stalled;        /* reads no more */
	bool comes_back;     /* its last connection was dropped by a vehicle, not by the scenario */
	bool disconnected;   /* DISCONNECT received */
	unsigned char disconnect_code;
	struct limits limits;
	unsigned pings, pongs;
	struct awaited_list awaited;
	struct aliases aliases; /* of the broker */
	int64_t subscribed_us; /* its last SUBACK */
	ptrdiff_t will;        /* connect step whose forbidden will this connection bears; -1: none */
	char ended[SEEN_MAX];  /* how its last connection ended, in words */
};

struct receipt { /* what an actor received of one message */
	unsigned order;  /* of the first; 0: nothing; later receipts have higher numbers */
	bool altered;    /* topic or payload of the first were not as published */
	int64_t last_us;
	char *last;      /* the last one in words. Owned */
};

struct hearing { /* what a receive step wants of one message, and got */
	unsigned order;    /* of the first receipt with all that is wanted; 0: none */
	int64_t first_us;  /* when that came */
	size_t count;      /* receipts, wanting or not */
	uint16_t id;       /* of the last one at QoS 2: sent again with DUP it is the same */
	bool altered;      /* another topic or payload: no later receipt mends that */
	char *wanted, *seen; /* of the last receipt: what it lacked, and it. Owned */
};

enum manner { MANNER_NONE, MANNER_MET, MANNER_MISSED };
enum { TOLD_NOTHING = -2, TOLD_NO_CODE = -1 }; /* step_state.told: else the reason code */

/* What a step's sentence rests on, by weight. What the script saw itself goes before what a bystander saw: it can
 * be shown again by itself. A delivery goes before an answer, whichever the loop heard of first: between two
 * connections there is no order, and the sentence must not be left to chance. */
enum evidence { EVIDENCE_NONE, EVIDENCE_BYSTANDER, EVIDENCE_ANSWER, EVIDENCE_DELIVERY };

struct step_state {
	enum result result;
	bool violated; /* a forbidden nonce was seen, whatever the step itself came to */
	enum evidence evidence;
	bool untested; /* its forbidden will was accepted, and no fence has shown yet that it stays away */
	enum manner manner;
	int told;      /* what a connect was answered */
	char *sentence, *manner_sentence; /* owned; NULL: nothing to say */
	unsigned connection;              /* a publish: the connection it went out on */
	int64_t begin_us;
};

struct fence {
	struct fence_need need;
	char nonce[NONCE_SIZE + 1];
	bool proof, back; /* proof: same connection and QoS as the message that must not arrive */
};

enum purpose { PURPOSE_MISSING, PURPOSE_LIFE };

struct work { /* what the current step has seen */
	enum phase phase;
	enum purpose purpose; /* of the control ping */
	bool opened;          /* its connection is up */
	bool connack;         /* CONNACK received; code: */
	unsigned char connack_code;
	uint16_t id;          /* of the packet whose answer counts; 0: none yet */
	unsigned ping;        /* ordinal of the PINGREQ whose answer counts */
	size_t asked;         /* sends: filters in the packet */
	bool recorded;        /* PUBREC below 0x80 */
	bool answered;        /* finally */
	struct packet answer; /* type, id, code, session_present alone */
	unsigned char codes[SCRIPT_FILTERS_MAX + 1];
	size_t code_count;
	size_t successes;     /* stream: copies that were acknowledged */
	bool reason_string, other_method;
	char seen[SEEN_MAX];  /* the answer in words */
	bool ponged;
	bool disconnected;    /* DISCONNECT received */
	unsigned char disconnect_code;
	bool closed;          /* by the broker, within this step or before it */
	char ended[SEEN_MAX]; /* how, in words */
	bool hooked, hook_sound; /* a hook ended; by itself */
	int hook_status;
	int64_t told_us, ponged_us, closed_us; /* the last answer, the PINGRESP, the end */
	bool alive;           /* the control ping was answered */
	bool late;            /* the deadline of the phase is over */
	bool absent;          /* the actor had no connection to begin with */
	bool idle;            /* nothing was sent, for want of a connection, and need not be */
	bool fencing;         /* the fence has begun */
	ptrdiff_t will;       /* connect step whose forbidden will is due when this step ends its connection; -1 */
	bool grace_first;     /* its sentinels must not come before the grace is over */
	bool grace;
	struct fence fences[FENCES_MAX];
	size_t fence_count;
	const char *why_no_fence;
};

struct play_state { /* one script */
	const struct script *script;
	unsigned attempt; /* 0: never began */
	bool finished, begun; /* begun: a step was */
	size_t step;
	struct work work;
	int64_t begin_us, step_us, now_us; /* of the script, of the current step, of the last moment */
	struct limits limits;          /* the last that any of its actors was told */
	struct instant_actor *times;   /* actor_count */
	int64_t *settled_us;           /* step_count */
	struct player *players;        /* actor_count */
	struct step_state *steps;      /* step_count */
	struct receipt *receipts;      /* actor_count * step_count */
	struct hearing **hearings;     /* step_count; NULL where a step is no receive. Owned */
	unsigned receipt_count;
	char *stopped; /* why it is not run; NULL: nothing stops it */
};

struct entry { /* of the ledger: what a nonce stands for */
	size_t script, step;
	unsigned attempt;
	bool sentinel;
};

struct judge {
	const struct plan *plan;
	const char *salt;
	struct play_state *plays;
	json_t *index; /* nonce -> index into entries */
	struct entry *entries;
	size_t entry_count, entry_room;
	bool delivered; /* the preflight, or whoever belongs to no script, received a message */
	char *stopped; /* why nothing further was run; NULL: nothing stopped it */
	bool failed;   /* out of memory */
};

static inline const struct script_step *current_step(const struct play_state *play)
{
	return &play->script->steps[play->step];
}

static inline struct receipt *receipt_at(const struct play_state *play, size_t actor, size_t message)
{
	return &play->receipts[actor * play->script->step_count + message];
}

static inline bool phase_active(const struct play_state *play)
{
	return play->work.phase != PHASE_IDLE && play->work.phase != PHASE_SETTLED;
}

/* The moment is of the actor of the step under way. */
static inline bool concerns_step(const struct play_state *play, const struct moment *m)
{
	return phase_active(play) && m->actor != NOBODY && (size_t)m->actor == current_step(play)->actor;
}

/* Neither label nor check: what later steps stand on. */
bool is_precondition(const struct script_step *step);
bool play_instant(const struct play_state *play, const struct instant *instant, int64_t *us);

/* player.c: what becomes of an actor, and of the step it is at */
void player_reset(struct player *player);
void player_release(struct player *player);
void take_opened(struct judge *judge, struct play_state *play, const struct moment *m);
void take_sent(struct judge *judge, struct play_state *play, const struct moment *m);
void take_received(struct judge *judge, struct play_state *play, const struct moment *m);
void take_wrong(struct judge *judge, struct play_state *play, const struct moment *m);
void take_closed(struct judge *judge, struct play_state *play, const struct moment *m);

/* ledger.c */
bool ledger_add(struct judge *judge, const char *nonce, const struct entry *entry);
bool ledger_add_script(struct judge *judge, size_t script, unsigned attempt);
/* Looks for known nonces in bytes that somebody received. */
void ledger_scan(struct judge *judge, const struct moment *moment);
/* A PUBLISH without payload bears no nonce: whether a step waits for it or forbids it. */
void ledger_empty(struct judge *judge, struct play_state *play, const struct moment *moment);
/* A `never` that begins: what came before it, and after the instant that it names. */
void ledger_look_back(struct judge *judge, struct play_state *play);

/* receipt.c: what a receive step wants of a PUBLISH */
bool hearings_init(struct play_state *play);
void hearings_clear(struct play_state *play);
void hearings_release(struct play_state *play);
bool hear(struct play_state *play, size_t step, size_t slot, const struct moment *m, const char *nonce);
/* The message as its step published it, with that nonce. */
bool intact(const struct play_state *play, size_t step, const char *topic, const struct packet *packet, const char *nonce);

/* settle.c: the current step after something happened to it */
void step_begin(struct judge *judge, struct play_state *play);
void step_settle(struct judge *judge, struct play_state *play);
void step_control(struct judge *judge, struct play_state *play, bool answered);

/* limits.c: what the target said that it does not have and this step needs; NULL: nothing */
const char *lacks(const struct play_state *play);
void limits_read(struct limits *limits, const struct packet *connack);

/* fence.c */
bool fence_needed(const struct play_state *play);
void fence_plan(struct play_state *play);
bool fence_complete(const struct play_state *play);
void fence_sent(struct judge *judge, struct play_state *play, const struct moment *m);

/* manner.c: whether what held, held in the manner that the step asks for */
void manner_judge(struct judge *judge, struct play_state *play);

/* alike.c: the checks of `alike`, over the whole run */
void alike_finish(const struct judge *judge);
/* finish.c: the worst of a check's steps is the check. text may be NULL. */
void check_worsen(struct check *check, enum verdict verdict, size_t step, const char *before, const char *text);

/* sentence.c: `CASE line N "source": expected …, saw …` */
void step_end(struct judge *judge, struct play_state *play, enum result result, const char *expected, const char *seen);
/* The broker did what no step allows; the step under way, or else the last one, is broken by it. */
void step_spoil(struct judge *judge, struct play_state *play, const char *seen);
void step_blame(struct judge *judge, struct play_state *play, size_t step, const char *expected, const char *seen,
		bool by_other);
void manner_miss(struct judge *judge, struct play_state *play, const char *expected, const char *seen);
char *sentence_make(const struct script *script, size_t step, const char *expected, const char *seen);
void step_expected(const struct script_step *step, char words[SEEN_MAX]); /* all its outcomes */
/* The outcome of an act that names none. */
enum outcome outcome_usual(enum act act);
/* NULL: the judge has no rule for that outcome of that act. */
const char *outcome_expected(enum act act, enum outcome outcome);
void seen_packet(char seen[SEEN_MAX], const struct packet *packet);
/* What the step was answered so far, in words. */
void seen_now(const struct play_state *play, char seen[SEEN_MAX + 64]);
void instant_words(const struct script *script, const struct instant *instant, char words[WORDS_MAX]);

#endif
