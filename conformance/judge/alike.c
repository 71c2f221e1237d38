/* `alike`: the answers that must be the same wherever they are given, compared over the
 * whole run once all of it is known. */
#include "judge/state.h"

#include "wire/packet.h"

#include <stdio.h>
#include <stdlib.h>

enum { ANSWERS = 257, NO_CODE = 256 }; /* a reason code each, and closed without one */

struct poll { /* of the steps that say `alike` of one rule */
	size_t votes[ANSWERS];
	size_t first[ANSWERS]; /* which of them came first, in plan order */
	size_t count;
};

static const struct rule *alike_rule(const struct script *script, size_t step)
{
	ptrdiff_t check = script->steps[step].alike;
	return check >= 0 && (size_t)check < script->check_count ? script->checks[check].rule : NULL;
}

/* -1: the step did not come to the refusal that is to be compared. */
static int answer_of(const struct play_state *play, size_t step)
{
	const struct step_state *state = &play->steps[step];
	if (state->result != RESULT_HELD || state->told == TOLD_NOTHING)
		return -1;
	return state->told == TOLD_NO_CODE ? NO_CODE : state->told;
}

static void collect(const struct judge *judge, const struct rule *rule, struct poll *poll)
{
	for (size_t i = 0; i < judge->plan->script_count; i++) {
		const struct script *script = judge->plan->scripts[i];
		for (size_t k = 0; k < script->step_count; k++) {
			int answer = alike_rule(script, k) == rule ? answer_of(&judge->plays[i], k) : -1;
			if (answer < 0)
				continue;
			if (poll->votes[answer]++ == 0)
				poll->first[answer] = poll->count;
			poll->count++;
		}
	}
}

/* Of two that are equally common the one that came first. */
static int winner(const struct poll *poll)
{
	int best = 0;
	for (int i = 1; i < ANSWERS; i++) {
		if (poll->votes[i] > poll->votes[best] ||
		    (poll->votes[i] > 0 && poll->votes[i] == poll->votes[best] && poll->first[i] < poll->first[best]))
			best = i;
	}
	return best;
}

static void answer_words(int answer, char words[WORDS_MAX])
{
	if (answer == NO_CODE)
		snprintf(words, WORDS_MAX, "the connection closed without a code");
	else
		snprintf(words, WORDS_MAX, "CONNACK 0x%02X %.60s", (unsigned)answer,
			 code_name(PACKET_CONNACK, (unsigned char)answer));
}

static void judge_step(const struct judge *judge, size_t at, size_t step, const struct poll *poll, int common)
{
	struct script *script = judge->plan->scripts[at];
	struct check *check = &script->checks[script->steps[step].alike];
	int answer = answer_of(&judge->plays[at], step);
	char is[WORDS_MAX], usual[WORDS_MAX], expected[SEEN_MAX];
	if (answer < 0 || answer == common) {
		check_worsen(check, answer < 0 ? VERDICT_BLOCKED : VERDICT_PASS, step, "",
			     "the step was not refused, so there is no answer to compare");
		return;
	}
	answer_words(answer, is);
	answer_words(common, usual);
	snprintf(expected, sizeof expected, "the answer of most such steps in this run, %s (%zu of %zu)", usual,
		 poll->votes[common], poll->count);
	char *sentence = sentence_make(script, step, expected, is);
	check_worsen(check, check->rule->level == LEVEL_MUST ? VERDICT_FAIL : VERDICT_WARN, step, "", sentence);
	free(sentence);
}

static void judge_rule(const struct judge *judge, const struct rule *rule)
{
	struct poll poll = { .count = 0 };
	collect(judge, rule, &poll);
	int common = winner(&poll);
	for (size_t i = 0; i < judge->plan->script_count; i++) {
		for (size_t k = 0; k < judge->plan->scripts[i]->step_count; k++) {
			if (alike_rule(judge->plan->scripts[i], k) == rule)
				judge_step(judge, i, k, &poll, common);
		}
	}
}

/* The rule was judged at an earlier step of the plan. */
static bool met_before(const struct plan *plan, size_t at, size_t step, const struct rule *rule)
{
	for (size_t i = 0; i <= at; i++) {
		for (size_t k = 0; k < (i == at ? step : plan->scripts[i]->step_count); k++) {
			if (alike_rule(plan->scripts[i], k) == rule)
				return true;
		}
	}
	return false;
}

void alike_finish(const struct judge *judge)
{
	const struct plan *plan = judge->plan;
	for (size_t i = 0; i < plan->script_count; i++) {
		for (size_t k = 0; k < plan->scripts[i]->step_count; k++) {
			const struct rule *rule = alike_rule(plan->scripts[i], k);
			if (rule && !met_before(plan, i, k, rule))
				judge_rule(judge, rule);
		}
	}
}
