/* Receipts: what a `receives` step wants of a PUBLISH, fact by fact, looked at when it comes in, so
 * that no packet has to be kept. */
#include "judge/state.h"

#include "wire/property.h"

#include <stdio.h>
#include <stdlib.h>

bool hearings_init(struct play_state *play)
{
	bool made = true;
	play->hearings = calloc(play->script->step_count ? play->script->step_count : 1, sizeof *play->hearings);
	for (size_t i = 0; play->hearings && i < play->script->step_count && made; i++) {
		if (play->script->steps[i].act != ACT_RECEIVE)
			continue;
		play->hearings[i] = calloc(SCRIPT_TEXTS_MAX, sizeof **play->hearings);
		made = play->hearings[i] != NULL;
	}
	return play->hearings && made;
}

void hearings_clear(struct play_state *play)
{
	for (size_t i = 0; play->hearings && i < play->script->step_count; i++) {
		for (size_t k = 0; play->hearings[i] && k < SCRIPT_TEXTS_MAX; k++) {
			free(play->hearings[i][k].wanted);
			free(play->hearings[i][k].seen);
			play->hearings[i][k] = (struct hearing){ 0 };
		}
	}
}

void hearings_release(struct play_state *play)
{
	hearings_clear(play);
	for (size_t i = 0; play->hearings && i < play->script->step_count; i++)
		free(play->hearings[i]);
	free(play->hearings);
}

/* TEXT, a blank, the nonce, and dots up to payload_size. */
static bool payload_intact(const struct message *message, struct slice payload, const char *nonce)
{
	size_t text = strlen(message->payload), size = text + 1 + NONCE_SIZE;
	if (payload.size != (size > message->payload_size ? size : message->payload_size) ||
	    !slice_is(slice_part(payload, 0, text), message->payload) || payload.data[text] != ' ' ||
	    !slice_is(slice_part(payload, text + 1, NONCE_SIZE), nonce))
		return false;
	for (size_t i = size; i < payload.size; i++) {
		if (payload.data[i] != '.')
			return false;
	}
	return true;
}

bool intact(const struct play_state *play, size_t step, const char *topic, const struct packet *packet, const char *nonce)
{
	struct message message;
	return message_of(play->script, step, &message) && slice_is(packet->topic, topic ? topic : message.topic) &&
	       payload_intact(&message, packet->payload, nonce);
}

typedef bool fact_check(const struct script_message *want, const struct packet *p, struct buf *wanted, struct buf *seen);

static bool number_holds(const char *name, ptrdiff_t want, unsigned is, struct buf *wanted, struct buf *seen)
{
	if (want < 0 || (unsigned)want == is)
		return true;
	buf_format(wanted, "%s %d", name, (int)want);
	buf_format(seen, "%s %u", name, is);
	return false;
}

static bool qos_holds(const struct script_message *want, const struct packet *p, struct buf *wanted, struct buf *seen)
{
	return number_holds("QoS", want->qos, p->qos, wanted, seen);
}

static bool retain_holds(const struct script_message *want, const struct packet *p, struct buf *wanted, struct buf *seen)
{
	return number_holds("RETAIN", want->retain, p->retain, wanted, seen);
}

static bool dup_holds(const struct script_message *want, const struct packet *p, struct buf *wanted, struct buf *seen)
{
	return number_holds("DUP", want->dup, p->dup, wanted, seen);
}

/* That byte, left out, is 0 (MQTT 5.0 3.3.2.3.2). */
static bool format_holds(const struct script_message *want, const struct packet *p, struct buf *wanted, struct buf *seen)
{
	return number_holds("Payload Format Indicator", want->format,
			    property_number(p->properties, PROPERTY_PAYLOAD_FORMAT, 0), wanted, seen);
}

/* What is left of it: never more than was asked for. */
static bool expiry_holds(const struct script_message *want, const struct packet *p, struct buf *wanted, struct buf *seen)
{
	struct property is;
	bool there = property_find(p->properties, PROPERTY_MESSAGE_EXPIRY, &is);
	if (want->expiry_s < 0 || (there && is.number <= want->expiry_s))
		return true;
	buf_format(wanted, "a Message Expiry Interval of at most %lld s", (long long)want->expiry_s);
	if (there)
		buf_format(seen, "one of %lu s", (unsigned long)is.number);
	else
		buf_text(seen, "none");
	return false;
}

static bool text_holds(enum property_id id, const char *want, const struct packet *p, struct buf *wanted, struct buf *seen)
{
	struct property is;
	bool there = property_find(p->properties, id, &is);
	if (!want || (there && slice_is(is.text, want)))
		return true;
	buf_format(wanted, "%s \"%.100s\"", property_fact(id)->name, want);
	buf_text(seen, there ? "another one" : "none");
	return false;
}

static bool content_holds(const struct script_message *want, const struct packet *p, struct buf *wanted, struct buf *seen)
{
	return text_holds(PROPERTY_CONTENT_TYPE, want->content_type, p, wanted, seen);
}

static bool response_holds(const struct script_message *want, const struct packet *p, struct buf *wanted, struct buf *seen)
{
	return text_holds(PROPERTY_RESPONSE_TOPIC, want->response_topic, p, wanted, seen);
}

static bool correlation_holds(const struct script_message *want, const struct packet *p, struct buf *wanted,
			      struct buf *seen)
{
	return text_holds(PROPERTY_CORRELATION, want->correlation, p, wanted, seen);
}

static bool users_hold(const struct script_message *want, const struct packet *p, struct buf *wanted, struct buf *seen)
{
	struct slice rest = p->properties;
	struct property is;
	size_t found = 0;
	while (found < want->user_count && property_next(&rest, &is))
		found += is.fact->id == PROPERTY_USER && slice_is(is.key, want->user[found][0]) &&
			 slice_is(is.text, want->user[found][1]);
	if (found == want->user_count)
		return true;
	buf_format(wanted, "User Property \"%.100s\" \"%.100s\"%s", want->user[found][0], want->user[found][1],
		   found ? " behind the one before it" : "");
	buf_text(seen, "none");
	return false;
}

static size_t count_of(const uint32_t *numbers, size_t count, uint32_t number)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++)
		found += numbers[i] == number;
	return found;
}

/* The Subscription Identifiers, in any order, and no others. */
static bool identifiers_hold(const struct script_message *want, const struct packet *p, struct buf *wanted,
			     struct buf *seen)
{
	uint32_t is[SCRIPT_TEXTS_MAX + 1] = { 0 };
	struct slice rest = p->properties;
	struct property property;
	size_t count = 0;
	while (count <= SCRIPT_TEXTS_MAX && property_next(&rest, &property)) {
		if (property.fact->id == PROPERTY_SUBSCRIPTION_ID)
			is[count++] = property.number;
	}
	bool same = count == want->identifier_count;
	for (size_t i = 0; same && i < count; i++)
		same = count_of(is, count, is[i]) == count_of(want->identifiers, want->identifier_count, is[i]);
	if (want->identifier_count == 0 || same)
		return true;
	buf_text(wanted, "Subscription Identifier");
	for (size_t i = 0; i < want->identifier_count; i++)
		buf_format(wanted, " %lu", (unsigned long)want->identifiers[i]);
	buf_text(seen, count ? "Subscription Identifier" : "none");
	for (size_t i = 0; i < count; i++)
		buf_format(seen, " %lu", (unsigned long)is[i]);
	return false;
}

static fact_check *const facts[] = {
	qos_holds, retain_holds, dup_holds, format_holds, expiry_holds, content_holds, response_holds,
	correlation_holds, users_hold, identifiers_hold,
};

static bool facts_hold(const struct script_message *want, const struct packet *p, struct buf *wanted, struct buf *seen)
{
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		if (!facts[i](want, p, wanted, seen))
			return false;
	}
	return true;
}

/* At QoS 2 a PUBLISH with DUP and the identifier of the last one is that one (MQTT 5.0 4.3.3). */
static bool again(const struct hearing *hearing, const struct packet *p)
{
	return p->qos == 2 && p->dup && hearing->count > 0 && hearing->id == p->id;
}

static bool keep_words(struct hearing *hearing, struct buf *wanted, struct buf *seen, const struct packet *p)
{
	char packet[SEEN_MAX];
	seen_packet(packet, p);
	buf_format(seen, "%s%s", seen->size ? " in " : "", packet);
	free(hearing->wanted);
	free(hearing->seen);
	hearing->wanted = wanted->failed ? NULL : slice_copy(buf_slice(wanted));
	hearing->seen = seen->failed ? NULL : slice_copy(buf_slice(seen));
	return hearing->wanted && hearing->seen;
}

bool hear(struct play_state *play, size_t step, size_t slot, const struct moment *m, const char *nonce)
{
	const struct script_step *s = &play->script->steps[step];
	struct hearing *hearing = &play->hearings[step][slot];
	struct buf wanted, seen;
	buf_init(&wanted, SENTENCE_MAX);
	buf_init(&seen, SENTENCE_MAX);
	bool whole = s->empty || intact(play, s->messages[slot], s->properties.topic, m->packet, nonce);
	bool holds = whole && facts_hold(&s->properties, m->packet, &wanted, &seen);
	if (!whole)
		buf_text(&wanted, "the message, as it was published");
	hearing->count += !again(hearing, m->packet);
	hearing->id = m->packet->id;
	hearing->altered |= !whole;
	if (holds && !hearing->order) {
		hearing->order = play->receipt_count;
		hearing->first_us = m->us;
	}
	bool kept = keep_words(hearing, &wanted, &seen, m->packet);
	buf_release(&wanted);
	buf_release(&seen);
	return kept;
}
