/* Finders: where the step under way stands with one of its outcomes, looked at anew after every
 * moment. One table by act (find.c), one file for each family of acts. */
#ifndef CONFORMANCE_FIND_H
#define CONFORMANCE_FIND_H

#include "judge/state.h"

enum standing { STANDING_WAIT, STANDING_HELD, STANDING_BROKEN, STANDING_UNCLEAR, STANDING_UNFIT };

struct finding {
	enum standing standing;
	bool life; /* it rests on silence, which a broker that died would keep as well; it counts once the broker
		    * has shown life */
	char expected[SEEN_MAX], seen[SEEN_MAX]; /* "": the usual words of the outcome; what the step was answered */
};

/* Of all the step's outcomes: one that holds is enough, all must fail. */
struct finding find(const struct play_state *play);
/* The code that a step was answered, in whatever packet it came; false: there was none. */
bool answer_code(const struct play_state *play, unsigned char *code);
/* When that was. INSTANT_UNKNOWN: never. */
int64_t answer_us(const struct play_state *play);
bool code_among(const unsigned char *codes, size_t count, unsigned char code);
/* "0x82 or 0x81" */
void codes_words(const unsigned char *codes, size_t count, char words[WORDS_MAX]);

static inline struct finding finding(enum standing standing)
{
	struct finding f = { .standing = standing };
	return f;
}

/* Rests on the connection having closed: without a word, when no DISCONNECT of 0x80 or higher came. */
static inline struct finding on_end(const struct play_state *play, enum standing standing)
{
	struct finding f = { .standing = standing };
	f.life = !play->work.disconnected || play->work.disconnect_code < 0x80;
	return f;
}

typedef struct finding finder(const struct play_state *play, enum outcome outcome);

finder find_connect, find_renew;                    /* find_connect.c: also resumes */
finder find_publish, find_release, find_stream;     /* find_publish.c */
finder find_subscribe, find_unsubscribe;            /* find_subscribe.c */
finder find_ping, find_idle, find_end, find_stall;  /* find_life.c */
finder find_send, find_hook;                        /* find_send.c */
finder find_receive, find_never;                    /* find_receive.c */

#endif
