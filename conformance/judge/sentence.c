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
	{ ACT_CONNECT, OUTCOME_REFUSED, "CONNACK 0x80 or higher, or none, and the connection closed" },
	{ ACT_CONNECT, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_PUBLISH, OUTCOME_ALLOWED, "a success code on a connection that stays open" },
	{ ACT_PUBLISH, OUTCOME_DENIED, "no success code" },
	{ ACT_SUBSCRIBE, OUTCOME_GRANTED, "a code below 0x80 for each filter" },
	{ ACT_SUBSCRIBE, OUTCOME_DENIED, "a code of 0x80 or higher for the tested filter, and its neighbours granted" },
	{ ACT_UNSUBSCRIBE, OUTCOME_NONE, "UNSUBACK with a code below 0x80 for each filter" },
	{ ACT_PING, OUTCOME_ALIVE, "PINGRESP" },
	{ ACT_PING, OUTCOME_CLOSED, "the connection closed by the broker" },
	{ ACT_DISCONNECT, OUTCOME_NONE, "a connection to end" },
	{ ACT_DROP, OUTCOME_NONE, "a connection to drop" },
	{ ACT_RECEIVE, OUTCOME_NONE, "the message, as it was published" },
	{ ACT_NEVER, OUTCOME_NONE, "that it never arrives" },
};

bool is_precondition(const struct script_step *step)
{
	return step->label == LABEL_NONE && step->check < 0;
}

const char *step_expected(const struct script_step *step)
{
	const char *expected = "its outcome";
	for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
		if (expectations[i].act != step->act)
			continue;
		expected = expectations[i].expected;
		if (expectations[i].outcome == OUTCOME_NONE || step_has(step, expectations[i].outcome))
			break;
	}
	return expected;
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

void step_end(struct judge *judge, struct play_state *play, enum result result, const char *expected, const char *seen)
{
	struct step_state *state = &play->steps[play->step];
	bool shown = state->violated && (!state->by_other || result != RESULT_BROKEN);
	play->work.phase = PHASE_SETTLED;
	state->result = state->violated ? RESULT_BROKEN : result;
	if (result == RESULT_HELD || shown)
		return;
	state->by_other = false;
	if (!expected)
		expected = step_expected(current_step(play));
	replace(judge, &state->sentence, sentence_make(play->script, play->step, expected, seen));
}

/* What the script saw itself goes before what a bystander saw: it can be shown again by itself. */
void step_blame(struct judge *judge, struct play_state *play, size_t step, const char *expected, const char *seen,
		bool by_other)
{
	struct step_state *state = &play->steps[step];
	bool current = step == play->step && play->work.phase != PHASE_IDLE;
	if ((!state->violated && state->result != RESULT_BROKEN) || (state->by_other && !by_other)) {
		replace(judge, &state->sentence, sentence_make(play->script, step, expected, seen));
		state->by_other = by_other;
	}
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
