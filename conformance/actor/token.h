/* The tokens that actors send: minted when they are sent, known by their end, and blotted out of what
 * the trace keeps. */
#ifndef CONFORMANCE_TOKEN_H
#define CONFORMANCE_TOKEN_H

#include "buf.h"
#include "fault.h"
#include "scenario/script.h"

struct run;

enum { TOKEN_MAX = UINT16_MAX }; /* bytes: MQTT gives it two bytes of length */

struct token {
	struct buf text;
	int64_t exp_us; /* on the run's clock, the target's declared skew added; 0: it has no exp */
};

void token_init(struct token *token);
void token_release(struct token *token);

/* A fresh token of the actor's recipe; empty where it sends none, or the target takes none. attempt and
 * serial make its jti another one each time. */
bool token_mint(struct token *token, const struct run *run, const struct script_actor *actor, unsigned attempt,
		unsigned serial, struct fault *fault);

/* Dots over the token's signature wherever the token stands in these bytes: it is a secret as long as
 * the token lives. What has no header and claims before it is blotted out whole. */
void token_blot(struct slice token, unsigned char *bytes, size_t size);

#endif
