/* A judge in session, fed by hand: what an engine would tell it, in one call each. */
#ifndef CONFORMANCE_COURT_H
#define CONFORMANCE_COURT_H

#include "broker_packets.h"
#include "hand_script.h"
#include "judge/judge.h"
#include "judge/message.h"
#include "judge/nonce.h"
#include "judge/trace.h"
#include "wire/build.h"
#include "wire/read.h"

#include <check.h>
#include <stdio.h>

static const char salt[] = "0123456789abcdef";

struct court {
	struct hand hand;
	struct script *scripts[1];
	struct plan plan;
	struct judge *judge;
	unsigned connections, actor_connection[3], attempt;
	size_t step;
	int64_t us; /* what every moment is stamped with */
	struct trace *trace; /* NULL: nobody writes it down */
};

static inline void feed(struct court *c, struct moment m)
{
	m.attempt = c->attempt;
	m.us = c->us;
	if (m.actor != NOBODY && !m.who)
		m.who = c->hand.actors[m.actor].name;
	trace_moment(c->trace, &m);
	ck_assert(judge_feed(c->judge, &m));
}

static inline void open_written(struct court *c, struct trace *trace)
{
	c->scripts[0] = &c->hand.script;
	c->plan = (struct plan){ .scripts = c->scripts, .script_count = 1, .seed = 3 };
	c->judge = judge_new(&c->plan, salt);
	c->connections = 0;
	c->attempt = 1;
	c->us = 1000;
	c->trace = trace;
	ck_assert(c->judge != NULL);
	feed(c, (struct moment){ .kind = MOMENT_SCRIPT, .actor = NOBODY });
}

static inline void open_court(struct court *c)
{
	open_written(c, NULL);
}

static inline void close_court(struct court *c)
{
	hand_release(&c->hand);
	judge_free(c->judge);
}

static inline void simple(struct court *c, enum moment_kind kind, bool flag)
{
	feed(c, (struct moment){ .kind = kind, .actor = NOBODY, .flag = flag, .text = "a reason" });
}

static inline void step(struct court *c, size_t at)
{
	c->step = at;
	feed(c, (struct moment){ .kind = MOMENT_STEP, .actor = NOBODY, .step = at });
}

/* Reads the packet back, so that the judge gets what a reader would give it. */
static inline void packet(struct court *c, size_t actor, enum moment_kind kind, struct buf *bytes)
{
	struct packet read;
	struct fault fault = { FAULT_NONE, "" };
	enum direction from = kind == MOMENT_SENT ? FROM_CLIENT : FROM_BROKER;
	ck_assert_msg(packet_read(buf_slice(bytes), from, &read, &fault) == READ_PACKET, "%s", fault.text);
	feed(c, (struct moment){ .kind = kind, .actor = (ptrdiff_t)actor, .who = c->hand.actors[actor].name,
				 .connection = c->actor_connection[actor], .packet = &read, .raw = buf_slice(bytes) });
	buf_release(bytes);
}

static inline void opened(struct court *c, size_t actor)
{
	c->actor_connection[actor] = ++c->connections;
	feed(c, (struct moment){ .kind = MOMENT_OPENED, .actor = (ptrdiff_t)actor, .connection = c->connections });
}

static inline void closed(struct court *c, size_t actor, bool by_broker)
{
	feed(c, (struct moment){ .kind = MOMENT_CLOSED, .actor = (ptrdiff_t)actor, .connection = c->actor_connection[actor],
				 .flag = by_broker, .text = "" });
}

static inline void connack(struct court *c, size_t actor, unsigned char code)
{
	struct buf bytes;
	buf_init(&bytes, 64);
	broker_connack(&bytes, false, code, slice_of(NULL, 0));
	packet(c, actor, MOMENT_RECEIVED, &bytes);
}

/* The step's message in a PUBLISH: copy 0 is its own, any other a sentinel or a copy of a stream. */
static inline void compose_with(struct court *c, size_t step, size_t copy, struct publish fields, struct buf *bytes)
{
	struct nonce nonce;
	struct message message = { .payload = "" };
	char payload[100];
	ck_assert(nonce_make(salt, 3, c->hand.script.id, c->attempt, step, copy, &nonce));
	ck_assert(message_of(&c->hand.script, step, &message));
	snprintf(payload, sizeof payload, "%s %s", message.payload, nonce.text);
	if (!fields.topic.data)
		fields.topic = slice_text(message.topic);
	fields.payload = slice_text(payload);
	build_publish(bytes, &fields, NULL);
}

static inline void compose(struct court *c, size_t step, size_t copy, uint16_t id, struct buf *bytes)
{
	unsigned qos = c->hand.steps[step].qos;
	compose_with(c, step, copy, (struct publish){ .qos = qos, .id = qos ? id : 0 }, bytes);
}

static inline void publish(struct court *c, size_t actor, enum moment_kind kind, size_t message, size_t copy, uint16_t id)
{
	struct buf bytes;
	buf_init(&bytes, 4096);
	compose_with(c, message, copy, (struct publish){ .qos = id ? 1 : 0, .id = id }, &bytes);
	packet(c, actor, kind, &bytes);
}

static inline void ack(struct court *c, size_t actor, uint16_t id, unsigned char code)
{
	struct buf bytes;
	buf_init(&bytes, 64);
	build_ack(&bytes, PACKET_PUBACK, id, code, NULL);
	packet(c, actor, MOMENT_RECEIVED, &bytes);
}

/* The preflight, which belongs to no script, gets its own card back. */
static inline void preflight_message(struct court *c)
{
	struct packet card = { .type = PACKET_PUBLISH, .topic = slice_text("agents/suite/card") };
	struct moment m = { .kind = MOMENT_RECEIVED, .script = NOBODY, .actor = NOBODY, .connection = 90, .packet = &card };
	ck_assert(judge_feed(c->judge, &m));
}

static inline void subscribe(struct court *c, size_t at, struct slice codes)
{
	const struct script_step *s = &c->hand.steps[at];
	struct filters fields = { .id = 9, .filters = (const char *const *)s->filters, .count = s->filter_count };
	struct buf bytes;
	step(c, at);
	buf_init(&bytes, 4096);
	build_filters(&bytes, PACKET_SUBSCRIBE, &fields, NULL);
	packet(c, s->actor, MOMENT_SENT, &bytes);
	broker_codes(&bytes, PACKET_SUBACK, 9, codes);
	packet(c, s->actor, MOMENT_RECEIVED, &bytes);
}

static inline void connects(struct court *c, size_t at, unsigned char code)
{
	size_t actor = c->hand.steps[at].actor;
	step(c, at);
	opened(c, actor);
	connack(c, actor, code);
}

/* The PUB script up to its deny step, everything as it should be. */
static inline void until_denial(struct court *c)
{
	hand_publish(&c->hand, "PUB-02.hand", 1);
	open_court(c);
	connects(c, 0, 0x00);
	subscribe(c, 1, slice_of("\x00", 1));
	connects(c, 2, 0x00);
	step(c, 3);
	publish(c, 1, MOMENT_SENT, 3, 0, 5);
	ack(c, 1, 5, 0x00);
	publish(c, 0, MOMENT_RECEIVED, 3, 0, 0);
	step(c, 4);
	ck_assert_int_eq(judge_result(c->judge, 0, 4), RESULT_HELD);
	step(c, 5);
	publish(c, 1, MOMENT_SENT, 5, 0, 6);
}

static inline void fence_sent(struct court *c, unsigned connection)
{
	struct nonce nonce;
	ck_assert(nonce_make(salt, 3, c->hand.script.id, c->attempt, 3, 1, &nonce));
	feed(c, (struct moment){ .kind = MOMENT_FENCE, .actor = 1, .connection = connection, .observer = 0, .message = 3,
				 .nonce = nonce.text });
	publish(c, 1, MOMENT_SENT, 3, 1, 7);
}

#endif
