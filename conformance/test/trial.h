/* A trial in one line of words: what happens to an actor, one moment a word.
 *   open, end (by the broker), cut (by the suite), pause:MS (time passes)
 *   connack:87, present:00 (Session Present 1), disconnect:98, auth:00, foreign:00 (AUTH with another method)
 *   puback:87, pubrec:00, pubcomp:92, each @ID for another identifier than 5; suback:0087, unsuback:00, pong
 *   say (the current step's PUBLISH, again in full with another id: say@6), release, subscribe, unsubscribe, ping, bytes
 *   noise (bytes of the broker that are no packet), late (deadline), alive, dead (the control ping), grace, hook:65, hook!137 (cut off) */
#ifndef CONFORMANCE_TRIAL_H
#define CONFORMANCE_TRIAL_H

#include "court.h"

#include <stdlib.h>

struct trial_word {
	char name[16], code[32];
	uint16_t id;
};

static inline struct trial_word trial_word(struct slice text)
{
	struct trial_word w = { .id = 5 };
	char whole[64];
	ck_assert(text.size < sizeof whole);
	memcpy(whole, text.data, text.size);
	whole[text.size] = '\0';
	char *at = strchr(whole, '@'), *code = strpbrk(whole, ":!");
	if (at) {
		w.id = (uint16_t)atoi(at + 1);
		*at = '\0';
	}
	if (code)
		snprintf(w.code, sizeof w.code, "%s", code + 1);
	snprintf(w.name, sizeof w.name, "%.*s", (int)(code ? code - whole + (*code == '!') : 15), whole);
	return w;
}

static inline unsigned char trial_code(const struct trial_word *w)
{
	return (unsigned char)strtoul(w->code, NULL, 16);
}

static inline bool trial_broker_packet(const struct trial_word *w, struct buf *bytes)
{
	static const struct {
		const char *name;
		enum packet_type type;
	} acks[] = { { "puback", PACKET_PUBACK }, { "pubrec", PACKET_PUBREC }, { "pubcomp", PACKET_PUBCOMP } };
	unsigned char codes[SCRIPT_FILTERS_MAX] = { 0 };
	unsigned char pong[] = { 0xD0, 0x00 };
	size_t count = strlen(w->code) / 2;
	for (size_t i = 0; i < sizeof acks / sizeof *acks; i++) {
		if (strcmp(w->name, acks[i].name) == 0)
			build_ack(bytes, acks[i].type, w->id, trial_code(w), NULL);
	}
	for (size_t i = 0; i < count && i < sizeof codes; i++) {
		char digits[3] = { w->code[2 * i], w->code[2 * i + 1], '\0' };
		codes[i] = (unsigned char)strtoul(digits, NULL, 16);
	}
	if (strcmp(w->name, "connack") == 0 || strcmp(w->name, "present") == 0)
		broker_connack(bytes, *w->name == 'p', trial_code(w), slice_of(NULL, 0));
	else if (strcmp(w->name, "disconnect") == 0)
		build_disconnect(bytes, trial_code(w), slice_of(NULL, 0), NULL);
	else if (strcmp(w->name, "suback") == 0 || strcmp(w->name, "unsuback") == 0)
		broker_codes(bytes, *w->name == 's' ? PACKET_SUBACK : PACKET_UNSUBACK, w->id, slice_of(codes, count));
	else if (strcmp(w->name, "pong") == 0)
		buf_put(bytes, slice_of(pong, 2));
	else if (strcmp(w->name, "auth") == 0 || strcmp(w->name, "foreign") == 0) {
		unsigned char auth[] = { 0xF0, 0x06, trial_code(w), 0x04, 0x15, 0x00, 0x01, *w->name == 'a' ? 'M' : 'X' };
		buf_put(bytes, slice_of(auth, sizeof auth));
	}
	return bytes->size > 0;
}

static inline bool trial_own_packet(struct court *c, const struct script_step *s, const struct trial_word *w,
				    struct buf *bytes)
{
	static const char *const any[] = { "a" };
	struct filters filters = { .id = w->id, .filters = s->filter_count ? (const char *const *)s->filters : any,
				   .count = s->filter_count ? s->filter_count : 1 };
	if (strcmp(w->name, "say") == 0)
		compose(c, (size_t)(s - c->hand.steps), 0, w->id, bytes);
	else if (strcmp(w->name, "release") == 0)
		build_ack(bytes, PACKET_PUBREL, w->id, 0x00, NULL);
	else if (strcmp(w->name, "subscribe") == 0)
		build_filters(bytes, PACKET_SUBSCRIBE, &filters, NULL);
	else if (strcmp(w->name, "unsubscribe") == 0)
		build_filters(bytes, PACKET_UNSUBSCRIBE, &filters, NULL);
	else if (strcmp(w->name, "ping") == 0)
		build_empty(bytes, PACKET_PINGREQ, NULL);
	return bytes->size > 0;
}

static inline bool trial_event(struct court *c, size_t actor, const struct trial_word *w)
{
	static const struct {
		const char *name;
		enum moment_kind kind;
		bool flag;
	} simples[] = { { "late", MOMENT_DEADLINE, false }, { "alive", MOMENT_CONTROL, true }, { "dead", MOMENT_CONTROL, false },
			{ "grace", MOMENT_GRACE, false } };
	for (size_t i = 0; i < sizeof simples / sizeof *simples; i++) {
		if (strcmp(w->name, simples[i].name) == 0) {
			simple(c, simples[i].kind, simples[i].flag);
			return true;
		}
	}
	if (strcmp(w->name, "open") == 0)
		opened(c, actor);
	else if (strcmp(w->name, "end") == 0 || strcmp(w->name, "cut") == 0)
		closed(c, actor, *w->name == 'e');
	else if (strcmp(w->name, "pause") == 0)
		c->us += strtoll(w->code, NULL, 10) * 1000;
	else if (strcmp(w->name, "bytes") == 0)
		feed(c, (struct moment){ .kind = MOMENT_SENT, .actor = (ptrdiff_t)actor, .raw = slice_text("\x10\x02") });
	else if (strcmp(w->name, "noise") == 0)
		feed(c, (struct moment){ .kind = MOMENT_WRONG, .actor = (ptrdiff_t)actor, .raw = slice_text("\xff\x01?"), .text = "no packet" });
	else if (strcmp(w->name, "hook") == 0 || strcmp(w->name, "hook!") == 0)
		feed(c, (struct moment){ .kind = MOMENT_HOOK, .actor = NOBODY, .step = c->step, .flag = w->name[4] == '\0',
					 .code = atoi(w->code), .text = "what the hook said" });
	else
		return false;
	return true;
}

/* What happens to the actor while step c->step is under way. */
static inline void happen(struct court *c, size_t actor, const char *words)
{
	struct slice rest = slice_text(words);
	bool more = rest.size > 0;
	while (more) {
		struct trial_word w = trial_word(slice_word(&rest, ' ', &more));
		struct buf bytes;
		if (!*w.name || trial_event(c, actor, &w))
			continue;
		buf_init(&bytes, 4096);
		bool own = trial_own_packet(c, &c->hand.steps[c->step], &w, &bytes);
		ck_assert_msg(own || trial_broker_packet(&w, &bytes), "no such word: %s", w.name);
		packet(c, actor, own ? MOMENT_SENT : MOMENT_RECEIVED, &bytes);
	}
}

#endif
