/* Sentences: every non-PASS names the step, what was expected, and what was seen. */
#include "judge/state.h"

#include "wire/describe.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
	enum act act;
	enum outcome outcome;
	const char *expected;
} expectations[] = {
	{ ACT_CONNECT, OUTCOME_ACCEPTED, "CONNACK 0x00" },
	{ ACT_CONNECT, OUTCOME_PRESENT, "CONNACK 0x00 with Session Present 1" },
	{ ACT_CONNECT, OUTCOME_ABSENT, "CONNACK 0x00 with Session Present 0" },
	{ ACT_CONNECT, OUTCOME_REFUSED, "CONNACK 0x80 or higher, or none, and the connection closed" },
	{ ACT_CONNECT, OUTCOME_DENIED, "CONNACK 0x80 or higher and the connection closed, or CONNACK 0x00 and the will never sent" },
	{ ACT_CONNECT, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_RENEW, OUTCOME_ACCEPTED, "AUTH 0x00 with the method of the connection" },
	{ ACT_RENEW, OUTCOME_REFUSED, "no AUTH 0x00, and the connection closed by the broker" },
	{ ACT_RENEW, OUTCOME_CLOSED, "no AUTH 0x00, and the connection closed by the broker" },
	{ ACT_PUBLISH, OUTCOME_ALLOWED, "a success code on a connection that stays open" },
	{ ACT_PUBLISH, OUTCOME_DENIED, "no success code" },
	{ ACT_PUBLISH, OUTCOME_ACK, "an acknowledgement" },
	{ ACT_PUBLISH, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_RELEASE, OUTCOME_ALLOWED, "PUBCOMP below 0x80" },
	{ ACT_RELEASE, OUTCOME_DENIED, "PUBCOMP 0x80 or higher, or the connection closed by the broker" },
	{ ACT_RELEASE, OUTCOME_ACK, "PUBCOMP" },
	{ ACT_RELEASE, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_STREAM, OUTCOME_ALLOWED, "a success code for each copy on a connection that stays open" },
	{ ACT_STREAM, OUTCOME_DENIED, "no success code for any copy" },
	{ ACT_STREAM, OUTCOME_OPEN, "the connection still open" },
	{ ACT_STREAM, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_SUBSCRIBE, OUTCOME_GRANTED, "a code below 0x80 for each filter" },
	{ ACT_SUBSCRIBE, OUTCOME_DENIED, "a code of 0x80 or higher for the tested filter, and its neighbours granted" },
	{ ACT_SUBSCRIBE, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_UNSUBSCRIBE, OUTCOME_NONE, "UNSUBACK with a code below 0x80 for each filter" },
	{ ACT_UNSUBSCRIBE, OUTCOME_GRANTED, "UNSUBACK with a code below 0x80 for each filter" },
	{ ACT_UNSUBSCRIBE, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_PING, OUTCOME_ALIVE, "PINGRESP" },
	{ ACT_PING, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_IDLE, OUTCOME_OPEN, "the connection still open" },
	{ ACT_IDLE, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_SEND, OUTCOME_ACCEPTED, "CONNACK 0x00" },
	{ ACT_SEND, OUTCOME_REFUSED, "CONNACK 0x80 or higher, or none, and the connection closed" },
	{ ACT_SEND, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_SEND, OUTCOME_DENIED, "an answer with a code of 0x80 or higher, or the connection closed by the broker" },
	{ ACT_SEND, OUTCOME_ACK, "an acknowledgement of it" },
	{ ACT_SEND, OUTCOME_ALIVE, "PINGRESP to a PINGREQ behind it" },
	{ ACT_STALL, OUTCOME_NONE, "a connection to stall" },
	{ ACT_DISCONNECT, OUTCOME_NONE, "a connection to end" },
	{ ACT_DROP, OUTCOME_NONE, "a connection to drop" },
	{ ACT_RECEIVE, OUTCOME_NONE, "the message, as it was published" },
	{ ACT_NEVER, OUTCOME_NONE, "that it never arrives" },
	{ ACT_REVOKE, OUTCOME_ACCEPTED, "the order in force" },
	{ ACT_REVOKE, OUTCOME_REFUSED, "the order refused" },
	{ ACT_LIFT, OUTCOME_ACCEPTED, "the order in force" },
	{ ACT_LIFT, OUTCOME_REFUSED, "the order refused" },
	{ ACT_LOAD, OUTCOME_ACCEPTED, "the policy in force" },
	{ ACT_LOAD, OUTCOME_REFUSED, "the policy refused" },
	{ ACT_RESTART, OUTCOME_ACCEPTED, "the broker back" },
};

enum { EXPECTATIONS = sizeof expectations / sizeof *expectations };

/* `resumes` is `connects` without Clean Start. */
static enum act table_act(enum act act)
{
	return act == ACT_RESUME ? ACT_CONNECT : act;
}

enum outcome outcome_usual(enum act act)
{
	static const enum outcome usual[ACTS] = {
		[ACT_CONNECT] = OUTCOME_ACCEPTED,  [ACT_RESUME] = OUTCOME_ACCEPTED, [ACT_RENEW] = OUTCOME_ACCEPTED,
		[ACT_PUBLISH] = OUTCOME_ALLOWED,   [ACT_RELEASE] = OUTCOME_ALLOWED, [ACT_STREAM] = OUTCOME_ALLOWED,
		[ACT_SUBSCRIBE] = OUTCOME_GRANTED, [ACT_PING] = OUTCOME_ALIVE,      [ACT_IDLE] = OUTCOME_OPEN,
		[ACT_REVOKE] = OUTCOME_ACCEPTED,   [ACT_LIFT] = OUTCOME_ACCEPTED,   [ACT_LOAD] = OUTCOME_ACCEPTED,
		[ACT_RESTART] = OUTCOME_ACCEPTED,
	};
	return (unsigned)act < ACTS ? usual[act] : OUTCOME_NONE;
}

const char *outcome_expected(enum act act, enum outcome outcome)
{
	for (size_t i = 0; i < EXPECTATIONS; i++) {
		if (expectations[i].act == table_act(act) && expectations[i].outcome == outcome)
			return expectations[i].expected;
	}
	return NULL;
}

void step_expected(const struct script_step *step, char words[SEEN_MAX])
{
	size_t used = 0;
	snprintf(words, SEEN_MAX, "its outcome");
	for (size_t i = 0; (i == 0 || i < step->outcome_count) && used < SEEN_MAX; i++) {
		enum outcome outcome = step->outcome_count ? step->outcomes[i] : outcome_usual(step->act);
		const char *expected = outcome_expected(step->act, outcome);
		if (expected)
			used += (size_t)snprintf(words + used, SEEN_MAX - used, "%s%s", used ? "; or " : "", expected);
	}
}

bool is_precondition(const struct script_step *step)
{
	return step->label == LABEL_NONE && step->check < 0;
}

void seen_packet(char seen[SEEN_MAX], const struct packet *packet)
{
	struct buf words;
	buf_init(&words, SENTENCE_MAX);
	packet_describe(packet, &words);
	const char *text = buf_string(&words);
	snprintf(seen, SEEN_MAX, "%s", text ? text : packet_name(packet->type));
	buf_release(&words);
}

void seen_now(const struct play_state *play, char seen[SEEN_MAX + 64])
{
	const struct work *w = &play->work;
	const char *also = (w->answered || w->recorded) && w->closed ? ", then the connection closed" : "";
	if (w->seen[0])
		snprintf(seen, SEEN_MAX + 64, "%s%s", w->seen, also);
	else if (w->ended[0])
		snprintf(seen, SEEN_MAX + 64, "%s", w->ended);
	else
		snprintf(seen, SEEN_MAX + 64, w->ponged ? "PINGRESP" : "no answer");
}

static void put_duration(char *words, size_t size, int64_t ms)
{
	uint64_t magnitude = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
	const char *sign = ms < 0 ? " -" : " +";
	if (ms == 0)
		return;
	if (magnitude % 1000 == 0)
		snprintf(words, size, "%s %llu s", sign, (unsigned long long)(magnitude / 1000));
	else
		snprintf(words, size, "%s %llu ms", sign, (unsigned long long)magnitude);
}

void instant_words(const struct script *script, const struct instant *instant, char words[WORDS_MAX])
{
	static const char *const events[] = { [INSTANT_EXP] = "exp", [INSTANT_CONNECTED] = "connected", [INSTANT_CLOSED] = "closed" };
	bool of_actor = instant->kind == INSTANT_EXP || instant->kind == INSTANT_CONNECTED || instant->kind == INSTANT_CLOSED;
	if (of_actor && instant->index < script->actor_count)
		snprintf(words, WORDS_MAX, "%.60s.%s", script->actors[instant->index].name, events[instant->kind]);
	else if (instant->kind == INSTANT_STEP && instant->index < script->step_count)
		snprintf(words, WORDS_MAX, "the end of line %u", script->steps[instant->index].place.line);
	else
		snprintf(words, WORDS_MAX, "%s", instant->kind == INSTANT_NOW ? "the case's beginning" : "the step's beginning");
	size_t used = strlen(words);
	put_duration(words + used, WORDS_MAX - used, instant->offset_ms);
}

/* The line as written, without the blanks that line up its columns. */
static void put_source(struct buf *out, const char *source)
{
	struct slice rest = slice_text(source);
	bool more = rest.size > 0, first = true;
	while (more) {
		struct slice word = slice_word(&rest, ' ', &more);
		if (word.size == 0)
			continue;
		buf_text(out, first ? "" : " ");
		buf_put(out, word);
		first = false;
	}
}

char *sentence_make(const struct script *script, size_t step, const char *expected, const char *seen)
{
	struct buf words;
	buf_init(&words, SENTENCE_MAX);
	buf_format(&words, "%s line %u \"", script->case_id, script->steps[step].place.line);
	put_source(&words, script->steps[step].source);
	buf_format(&words, "\": expected %s, saw %s", expected, seen);
	char *sentence = words.failed ? NULL : slice_copy(buf_slice(&words));
	buf_release(&words);
	return sentence;
}

static void replace(struct judge *judge, char **text, char *with)
{
	free(*text);
	*text = with;
	judge->failed |= !with;
}

/* The first sentence of its weight stays. */
static void say(struct judge *judge, struct play_state *play, size_t step, enum evidence evidence, const char *expected,
		const char *seen)
{
	struct step_state *state = &play->steps[step];
	if (state->sentence && evidence <= state->evidence)
		return;
	replace(judge, &state->sentence, sentence_make(play->script, step, expected, seen));
	state->evidence = evidence;
}

void step_end(struct judge *judge, struct play_state *play, enum result result, const char *expected, const char *seen)
{
	struct step_state *state = &play->steps[play->step];
	const struct work *w = &play->work;
	char usual[SEEN_MAX];
	play->work.phase = PHASE_SETTLED;
	state->result = state->violated ? RESULT_BROKEN : result;
	state->told = w->connack ? w->connack_code : w->closed ? TOLD_NO_CODE : TOLD_NOTHING;
	if (result == RESULT_HELD)
		return;
	step_expected(current_step(play), usual);
	say(judge, play, play->step, result == RESULT_BROKEN ? EVIDENCE_ANSWER : EVIDENCE_NONE, expected ? expected : usual, seen);
}

/* Also when the step has held: a second acknowledgement comes right behind the first. */
void step_spoil(struct judge *judge, struct play_state *play, const char *seen)
{
	struct step_state *state = &play->steps[play->step];
	char expected[SEEN_MAX];
	if (phase_active(play)) {
		step_end(judge, play, RESULT_BROKEN, NULL, seen);
	} else if (play->begun && state->result == RESULT_HELD) {
		state->result = RESULT_BROKEN;
		step_expected(current_step(play), expected);
		say(judge, play, play->step, EVIDENCE_ANSWER, expected, seen);
	}
}

void step_blame(struct judge *judge, struct play_state *play, size_t step, const char *expected, const char *seen,
		bool by_other)
{
	struct step_state *state = &play->steps[step];
	bool current = step == play->step && play->work.phase != PHASE_IDLE;
	say(judge, play, step, by_other ? EVIDENCE_BYSTANDER : EVIDENCE_DELIVERY, expected, seen);
	state->violated = true;
	if (current || state->result != RESULT_NONE)
		state->result = RESULT_BROKEN;
	if (current && !by_other)
		play->work.phase = PHASE_SETTLED;
}

void manner_miss(struct judge *judge, struct play_state *play, const char *expected, const char *seen)
{
	struct step_state *state = &play->steps[play->step];
	state->manner = MANNER_MISSED;
	replace(judge, &state->manner_sentence, sentence_make(play->script, play->step, expected, seen));
}
