#include "judge/find.h"

#include <stdio.h>

static finder *const finders[ACTS] = {
	[ACT_CONNECT] = find_connect,     [ACT_RESUME] = find_connect,       [ACT_RENEW] = find_renew,
	[ACT_PUBLISH] = find_publish,     [ACT_RELEASE] = find_release,      [ACT_STREAM] = find_stream,
	[ACT_SUBSCRIBE] = find_subscribe, [ACT_UNSUBSCRIBE] = find_unsubscribe, [ACT_PING] = find_ping,
	[ACT_IDLE] = find_idle,           [ACT_SEND] = find_send,            [ACT_STALL] = find_stall,
	[ACT_DISCONNECT] = find_end,      [ACT_DROP] = find_end,             [ACT_RECEIVE] = find_receive,
	[ACT_NEVER] = find_never,         [ACT_REVOKE] = find_hook,          [ACT_LIFT] = find_hook,
	[ACT_LOAD] = find_hook,           [ACT_RESTART] = find_hook,
};

bool code_among(const unsigned char *codes, size_t count, unsigned char code)
{
	for (size_t i = 0; i < count; i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}

void codes_words(const unsigned char *codes, size_t count, char words[WORDS_MAX])
{
	size_t used = 0;
	words[0] = '\0';
	for (size_t i = 0; i < count && used < WORDS_MAX; i++)
		used += (size_t)snprintf(words + used, WORDS_MAX - used, "%s0x%02X", i ? " or " : "", codes[i]);
}

/* A SUBACK has a code for each filter; where an answer and the end both came, the answer of its own
 * kind goes first, but for a step that asks for the end. */
bool answer_code(const struct play_state *play, unsigned char *code)
{
	const struct script_step *step = current_step(play);
	const struct work *w = &play->work;
	bool refused = (w->answered || w->recorded) && w->answer.code >= 0x80;
	if (w->code_count > 0 && w->answered && step->tested < w->code_count)
		*code = w->codes[step->tested];
	else if (refused || ((w->answered || w->recorded) && !w->disconnected))
		*code = w->answer.code;
	else if (w->disconnected)
		*code = w->disconnect_code;
	else
		return false;
	return true;
}

int64_t answer_us(const struct play_state *play)
{
	const struct work *w = &play->work;
	bool ends = step_has(current_step(play), OUTCOME_CLOSED) || step_has(current_step(play), OUTCOME_REFUSED);
	if (w->closed && (ends || (!w->answered && !w->ponged)))
		return w->closed_us;
	if (w->answered || w->recorded || w->hooked)
		return w->told_us;
	return w->ponged ? w->ponged_us : INSTANT_UNKNOWN;
}

/* Exact codes speak of the outcomes that can bear one of them: `accepted or refused 0x87` says
 * nothing about how it is accepted. */
static bool codes_apply(const struct script_step *step, enum outcome outcome)
{
	static const bool success[] = {
		[OUTCOME_ACCEPTED] = true, [OUTCOME_PRESENT] = true, [OUTCOME_ABSENT] = true,
		[OUTCOME_ALLOWED] = true,  [OUTCOME_GRANTED] = true, [OUTCOME_CLOSED] = false,
	};
	bool bears = outcome != OUTCOME_ALIVE && outcome != OUTCOME_OPEN && step->code_count > 0;
	for (size_t i = 0; bears && i < step->code_count; i++) {
		if (outcome == OUTCOME_ACK || (step->codes[i] < 0x80) == success[outcome])
			return true;
	}
	return false;
}

static void check_codes(const struct play_state *play, enum outcome outcome, struct finding *f)
{
	const struct script_step *step = current_step(play);
	char words[WORDS_MAX];
	unsigned char code;
	if (!codes_apply(step, outcome) || (answer_code(play, &code) && code_among(step->codes, step->code_count, code)))
		return;
	codes_words(step->codes, step->code_count, words);
	f->standing = STANDING_BROKEN;
	snprintf(f->expected, sizeof f->expected, "%s, with the code %s", outcome_expected(step->act, outcome), words);
}

static void miss(struct finding *f, const struct play_state *play, const struct instant *instant, const char *how,
		 int64_t us, int64_t limit)
{
	char words[WORDS_MAX], now[SEEN_MAX + 64], usual[SEEN_MAX];
	int64_t off = us > limit ? us - limit : limit - us;
	instant_words(play->script, instant, words);
	step_expected(current_step(play), usual);
	seen_now(play, now);
	f->standing = STANDING_BROKEN;
	snprintf(f->expected, sizeof f->expected, "%.250s %s %s", usual, how, words);
	snprintf(f->seen, sizeof f->seen, "%.300s %lld ms %s that", now, (long long)(off / 1000),
		 us > limit ? "after" : "before");
}

/* A deadline is over when it is over, and what must not come before its time has not come well. */
static void check_times(const struct play_state *play, struct finding *f)
{
	const struct script_step *step = current_step(play);
	int64_t us = answer_us(play), limit;
	if (us == INSTANT_UNKNOWN || step->act == ACT_RECEIVE || step->act == ACT_NEVER)
		return;
	if (play_instant(play, &step->by, &limit) && us > limit)
		miss(f, play, &step->by, "by", us, limit);
	else if (play_instant(play, &step->after, &limit) && us < limit)
		miss(f, play, &step->after, "not before", us, limit);
}

static struct finding find_one(const struct play_state *play, enum outcome outcome)
{
	struct finding f = finders[current_step(play)->act](play, outcome);
	if (f.standing == STANDING_HELD)
		check_codes(play, outcome, &f);
	if (f.standing == STANDING_HELD)
		check_times(play, &f);
	return f;
}

struct finding find(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	struct finding last = finding(STANDING_WAIT), waiting = last;
	bool waits = false;
	if (play->work.idle)
		return finding(STANDING_HELD);
	for (size_t i = 0; i == 0 || i < step->outcome_count; i++) {
		last = find_one(play, step->outcome_count ? step->outcomes[i] : outcome_usual(step->act));
		if (last.standing == STANDING_HELD || last.standing == STANDING_UNFIT)
			return last;
		if (last.standing == STANDING_WAIT)
			waiting = last;
		waits |= last.standing == STANDING_WAIT;
	}
	return waits ? waiting : last;
}
