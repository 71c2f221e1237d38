#include "actor/token.h"

#include "actor/engine.h"
#include "base64url.h"
#include "clock.h"
#include "json.h"
#include "mint/mint.h"

#include <math.h>

void token_init(struct token *token)
{
	buf_init(&token->text, TOKEN_MAX);
	token->exp_us = 0;
}

void token_release(struct token *token)
{
	buf_release(&token->text);
	token_init(token);
}

/* Milliseconds of Unix time; 0: none that can be read. */
static int64_t exp_of(struct slice token)
{
	static const struct json_limits limits = { 65536, 32 };
	struct slice rest = token;
	struct fault ignored;
	struct buf text;
	bool more;
	int64_t exp_ms = 0;
	slice_word(&rest, '.', &more);
	buf_init(&text, limits.bytes);
	json_t *claims = NULL;
	if (more && base64url_decode(slice_word(&rest, '.', &more), &text))
		claims = json_parse(buf_slice(&text), "token", &limits, &ignored);
	double exp = json_number_value(json_object_get(claims, "exp"));
	if (fabs(exp) < 4e12) /* beyond that nobody waits for it */
		exp_ms = (int64_t)(exp * 1000);
	json_decref(claims);
	buf_release(&text);
	return exp_ms;
}

static int64_t on_clock(const struct run *run, int64_t wall_ms)
{
	int64_t now_us = clock_monotonic_us() - run->begin_us;
	return now_us + (wall_ms - clock_wall_ms() + run->target->clock_skew_ms) * 1000;
}

bool token_mint(struct token *token, const struct run *run, const struct script_actor *actor, unsigned attempt,
		unsigned serial, struct fault *fault)
{
	struct nonce nonce;
	token_release(token);
	if (!run->target->token_credentials || !actor->password)
		return true;
	if (!nonce_make(run->salt, run->plan->seed, actor->client_id ? actor->client_id : "", attempt, serial, 0, &nonce))
		return fault_set(fault, FAULT_UNAVAILABLE, "no digest can be computed");
	if (!mint_token(run->fixture, actor->recipe, clock_wall_ms() / 1000, nonce.text + 1, &token->text, fault))
		return false;
	int64_t exp_ms = exp_of(buf_slice(&token->text));
	if (exp_ms)
		token->exp_us = on_clock(run, exp_ms);
	return true;
}

static size_t signature_at(struct slice token)
{
	size_t dots = 0;
	for (size_t i = 0; i < token.size; i++) {
		dots += token.data[i] == '.';
		if (dots == 2)
			return i + 1;
	}
	return 0;
}

void token_blot(struct slice token, unsigned char *bytes, size_t size)
{
	size_t from = signature_at(token);
	if (token.size == 0)
		return;
	for (size_t at = 0; at + token.size <= size; at++) {
		if (memcmp(bytes + at, token.data, token.size) != 0)
			continue;
		memset(bytes + at + from, '.', token.size - from);
		at += token.size - 1;
	}
}
