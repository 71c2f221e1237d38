/* The judge's inside. Not for anybody outside this folder. */
#ifndef CONFORMANCE_JUDGE_STATE_H
#define CONFORMANCE_JUDGE_STATE_H

#include "buf.h"
#include "judge/instant.h"
#include "judge/judge.h"
#include "judge/message.h"
#include "judge/nonce.h"

enum { SEEN_MAX = 400, AWAITED_MAX = 32, FENCES_MAX = 16, SENTENCE_MAX = 4096 };

struct awaited { /* a packet of ours that is not answered yet */
	uint16_t id;
	enum packet_type type;
};

struct player { /* an actor, as its packets show it */
	unsigned connection; /* 0: never had one */
	bool open, accepted; /* TCP; CONNACK 0x00 */
	bool denied;         /* has done something that had to be refused */
	bool by_broker;      /* who closed its last connection */
	unsigned maximum_qos;
	bool retain_available, wildcard_available;
	unsigned pings, pongs;
	struct awaited awaited[AWAITED_MAX];
	size_t awaited_count;
	char ended[SEEN_MAX]; /* how its last connection ended, in words */
};

struct receipt { /* what an actor received of one message */
	unsigned order;  /* 0: nothing; later receipts have higher numbers */
	bool altered;    /* topic or payload were not as published */
};

enum manner { MANNER_NONE, MANNER_MET, MANNER_MISSED };

struct step_state {
	enum result result;
	bool violated; /* a forbidden nonce was seen, whatever the step itself came to */
	bool by_other; /* all that the sentence rests on was seen by another script */
	enum manner manner;
	char *sentence, *manner_sentence; /* owned; NULL: nothing to say */
	unsigned connection;              /* a publish: the connection it went out on */
};

struct fence {
	struct fence_need need;
	char nonce[NONCE_SIZE + 1];
	bool proof, back; /* proof: same connection as the message that must not arrive */
};

enum purpose { PURPOSE_MISSING, PURPOSE_LIFE };

struct work { /* what the current step has seen */
	enum phase phase;
	enum purpose purpose; /* of the control ping */
	bool opened;          /* its connection came up */
	uint16_t id;          /* of the packet whose answer counts; 0: none yet */
	unsigned ping;        /* ordinal of the PINGREQ whose answer counts */
	bool answered;
	struct packet answer; /* type, id and code alone */
	unsigned char codes[SCRIPT_FILTERS_MAX + 1];
	size_t code_count;
	bool reason_string;
	char seen[SEEN_MAX]; /* the answer in words */
	bool disconnected;   /* DISCONNECT received */
	unsigned char disconnect_code;
	bool closed;         /* by the broker, within this step */
	char ended[SEEN_MAX]; /* how, in words */
	bool alive;          /* the control ping was answered */
	bool late;           /* the deadline of the phase is over */
	bool absent;         /* the actor had no connection to begin with */
	bool fencing;        /* the fence has begun */
	bool grace;
	struct fence fences[FENCES_MAX];
	size_t fence_count;
	const char *why_no_fence;
};

struct play_state { /* one script */
	const struct script *script;
	unsigned attempt; /* 0: never began */
	bool finished;
	size_t step;
	struct work work;
	int64_t begin_us, step_us;    /* of the script, of the current step */
	struct instant_actor *times;  /* actor_count */
	int64_t *settled_us;          /* step_count */
	struct player *players;    /* actor_count */
	struct step_state *steps;  /* step_count */
	struct receipt *receipts;  /* actor_count * step_count */
	unsigned receipt_count;
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

/* Neither label nor check: what later steps stand on. */
bool is_precondition(const struct script_step *step);

/* ledger.c */
bool ledger_add(struct judge *judge, const char *nonce, const struct entry *entry);
bool ledger_add_script(struct judge *judge, size_t script, unsigned attempt);
/* Looks for known nonces in bytes that somebody received. */
void ledger_scan(struct judge *judge, const struct moment *moment);

/* settle.c: the current step after something happened to it */
void step_begin(struct judge *judge, struct play_state *play);
void step_settle(struct judge *judge, struct play_state *play);
void step_control(struct judge *judge, struct play_state *play, bool answered);

/* fence.c */
void fence_plan(struct play_state *play);
bool fence_complete(const struct play_state *play);

/* sentence.c: `CASE line N "source": expected …, saw …` */
void step_end(struct judge *judge, struct play_state *play, enum result result, const char *expected, const char *seen);
void step_blame(struct judge *judge, struct play_state *play, size_t step, const char *expected, const char *seen,
		bool by_other);
void manner_miss(struct judge *judge, struct play_state *play, const char *expected, const char *seen);
char *sentence_make(const struct script *script, size_t step, const char *expected, const char *seen);
const char *step_expected(const struct script_step *step);
void seen_packet(char seen[SEEN_MAX], const struct packet *packet);

#endif
