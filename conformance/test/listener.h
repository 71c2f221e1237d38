/* A court in which analyst (0) listens and scout (1) speaks, and what its trials share. */
#ifndef CONFORMANCE_LISTENER_H
#define CONFORMANCE_LISTENER_H

#include "trial.h"

enum { CARD = 2 }; /* scout's first message; the steps under test follow */

static inline void begin(struct court *c)
{
	hand_begin(&c->hand, "PUB-02.hand", "PUB-02.hand");
	hand_actor(&c->hand, "analyst", "analyst-1");
	hand_actor(&c->hand, "scout", "scout-1");
	hand_check(&c->hand, &rule_pub1, false);
	hand_check(&c->hand, &rule_pub2, true);
	hand_step(&c->hand, (struct script_step){ .source = "analyst connects", .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED } });
	hand_step(&c->hand, (struct script_step){ .source = "scout connects", .actor = 1, .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED } });
	hand_step(&c->hand, (struct script_step){ .source = "scout publishes", .actor = 1, .act = ACT_PUBLISH, .topic = "t",
						  .payload = "one", .qos = 1, .outcomes = { OUTCOME_ALLOWED } });
}

/* Both connected, the first message on its way and acknowledged. */
static inline void proceed(struct court *c)
{
	open_court(c);
	connects(c, 0, 0x00);
	connects(c, 1, 0x00);
	step(c, CARD);
	happen(c, 1, "say puback:00");
	ck_assert_int_eq(judge_result(c->judge, 0, CARD), RESULT_HELD);
}

static inline void says(struct court *c, size_t at)
{
	step(c, at);
	happen(c, 1, "say puback:00");
	ck_assert_int_eq(judge_result(c->judge, 0, at), RESULT_HELD);
}

static inline void deliver_with(struct court *c, size_t message, size_t copy, struct publish fields)
{
	struct buf bytes;
	buf_init(&bytes, 4096);
	compose_with(c, message, copy, fields, &bytes);
	packet(c, 0, MOMENT_RECEIVED, &bytes);
}

static inline void deliver(struct court *c, size_t message)
{
	deliver_with(c, message, 0, (struct publish){ .qos = 0 });
}

static inline void fence_copy(struct court *c, size_t message, unsigned connection)
{
	struct nonce nonce;
	ck_assert(nonce_make(salt, 3, c->hand.script.id, c->attempt, message, 1, &nonce));
	feed(c, (struct moment){ .kind = MOMENT_FENCE, .actor = 1, .connection = connection, .observer = 0, .message = message,
				 .nonce = nonce.text });
}

static inline void returns(struct court *c, size_t message)
{
	deliver_with(c, message, 1, (struct publish){ .qos = 0 });
}

static inline const char *sentence_of(struct court *c, size_t check, enum verdict verdict)
{
	ck_assert(judge_finish(c->judge, &c->plan));
	const char *sentence = c->hand.checks[check].sentence ? c->hand.checks[check].sentence : "";
	ck_assert_msg(c->hand.checks[check].verdict == verdict, "%s: %s", verdict_name(c->hand.checks[check].verdict), sentence);
	return sentence;
}

static inline void says_that(struct court *c, size_t check, enum verdict verdict, const char *words)
{
	const char *sentence = sentence_of(c, check, verdict);
	ck_assert_msg(strstr(sentence, words) != NULL, "\"%s\" lacks \"%s\"", sentence, words);
}

static inline size_t receives(struct court *c, size_t message)
{
	return hand_step(&c->hand, (struct script_step){ .source = "analyst receives", .act = ACT_RECEIVE, .messages = { message },
							 .message_count = 1, .check = 1 });
}

static inline size_t second_message(struct court *c)
{
	return hand_step(&c->hand, (struct script_step){ .source = "scout publishes", .actor = 1, .act = ACT_PUBLISH, .topic = "t",
							 .payload = "two", .qos = 1, .outcomes = { OUTCOME_ALLOWED } });
}

#endif
