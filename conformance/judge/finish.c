/* Verdicts: from what each step came to, to what each check is worth. The order is that of the
 * verdict table of spec/A1; a violation that was seen outranks everything that hindered others. */
#include "judge/state.h"

#include <stdio.h>
#include <stdlib.h>

static const enum verdict of_result[] = {
	[RESULT_NONE] = VERDICT_BLOCKED,   [RESULT_HELD] = VERDICT_PASS, [RESULT_BROKEN] = VERDICT_FAIL,
	[RESULT_UNCLEAR] = VERDICT_INCONCLUSIVE, [RESULT_UNFIT] = VERDICT_NA, [RESULT_HARNESS] = VERDICT_HARNESS,
};

static bool held(const struct play_state *play, size_t step)
{
	return play->steps[step].result == RESULT_HELD && !play->steps[step].violated;
}

/* The first precondition before `until` that did not hold; -1: none. */
static ptrdiff_t broken_precondition(const struct play_state *play, size_t until)
{
	for (size_t i = 0; i < until; i++) {
		enum result result = play->steps[i].result;
		if (is_precondition(&play->script->steps[i]) && result != RESULT_HELD && result != RESULT_NONE)
			return (ptrdiff_t)i;
	}
	return -1;
}

/* A message of the observation that was not sent as it should be; for `never`, that was not sent at
 * all; of a release, the one that the broker should have taken half of. -1: none. */
static ptrdiff_t unsent_message(const struct play_state *play, size_t step)
{
	const struct script_step *s = &play->script->steps[step];
	ptrdiff_t half = s->act == ACT_RELEASE ? message_held_back(play->script, step) : -1;
	if (half >= 0 && play->steps[half].result != RESULT_HELD)
		return half;
	for (size_t i = 0; i < s->message_count; i++) {
		enum result result = play->steps[s->messages[i]].result;
		if ((s->act == ACT_RECEIVE && result != RESULT_HELD) || (s->act == ACT_NEVER && result == RESULT_NONE))
			return (ptrdiff_t)s->messages[i];
	}
	return -1;
}

/* A step that marks an instant which this one is measured by, and that was never begun. -1: none. */
static ptrdiff_t unreached_instant(const struct play_state *play, size_t step)
{
	const struct script_step *s = &play->script->steps[step];
	const struct instant *instants[] = { &s->by, &s->should_by, &s->after, &s->until };
	for (size_t i = 0; i < sizeof instants / sizeof *instants; i++) {
		bool marked = instants[i]->kind == INSTANT_STEP && instants[i]->index < step;
		if (marked && play->steps[instants[i]->index].result == RESULT_NONE)
			return (ptrdiff_t)instants[i]->index;
	}
	return -1;
}

bool judge_wants(const struct judge *judge, size_t script, size_t step)
{
	const struct play_state *play = &judge->plays[script];
	const struct script_step *s = &play->script->steps[step];
	if (judge->stopped || play->stopped || broken_precondition(play, step) >= 0)
		return false;
	if (unsent_message(play, step) >= 0 || unreached_instant(play, step) >= 0)
		return false;
	return s->twin < 0 || (size_t)s->twin > step || held(play, (size_t)s->twin);
}

/* A message that a living broker did not deliver is clear enough: what is unclear for want of it
 * stays so. */
bool judge_unclear(const struct judge *judge, size_t script)
{
	const struct play_state *play = &judge->plays[script];
	bool unclear = false;
	for (size_t i = 0; i < play->script->step_count; i++) {
		if (play->script->steps[i].act == ACT_RECEIVE && play->steps[i].result == RESULT_BROKEN)
			return false;
		unclear |= play->steps[i].result == RESULT_UNCLEAR;
	}
	return unclear;
}

bool judge_failed(const struct judge *judge, size_t script)
{
	const struct play_state *play = &judge->plays[script];
	for (size_t i = 0; i < play->script->step_count; i++) {
		ptrdiff_t check = play->script->steps[i].check;
		if (check >= 0 && play->script->checks[check].rule->level == LEVEL_MUST &&
		    (play->steps[i].result == RESULT_BROKEN || play->steps[i].violated))
			return true;
	}
	return false;
}

static unsigned rank(enum verdict verdict)
{
	return verdict == VERDICT_FAIL ? 0 : (unsigned)verdict;
}

void check_worsen(struct check *check, enum verdict verdict, size_t step, const char *before, const char *text)
{
	struct buf words;
	if (check->verdict != VERDICT_PENDING && check->verdict == check->preset)
		return;
	if (check->verdict != VERDICT_PENDING && rank(verdict) >= rank(check->verdict))
		return;
	check->verdict = verdict;
	check->step = step;
	free(check->sentence);
	check->sentence = NULL;
	if (verdict == VERDICT_PASS)
		return;
	buf_init(&words, 2 * SENTENCE_MAX);
	buf_format(&words, "%s%s", before, text ? text : "no more is known");
	check->sentence = words.failed ? NULL : slice_copy(buf_slice(&words));
	buf_release(&words);
}

/* Why a step was never begun. */
static const char *hindrance(const struct judge *judge, const struct play_state *play, size_t step, const char **before)
{
	const struct script_step *s = &play->script->steps[step];
	ptrdiff_t first = broken_precondition(play, step);
	*before = "";
	if (first >= 0) {
		*before = "a precondition did not hold: ";
		return play->steps[first].sentence;
	}
	if (s->twin >= 0 && !held(play, (size_t)s->twin) && play->steps[s->twin].result != RESULT_NONE) {
		*before = "its twin did not hold: ";
		return play->steps[s->twin].sentence;
	}
	ptrdiff_t unsent = unsent_message(play, step);
	if (unsent >= 0 && play->steps[unsent].result != RESULT_NONE) {
		*before = "the message was not published: ";
		return play->steps[unsent].sentence;
	}
	if (play->stopped)
		return play->stopped;
	return judge->stopped ? judge->stopped : "the step was never reached";
}

/* The step was not run because something before it needs what the target does not have. */
static bool needs_too_much(const struct play_state *play, size_t step)
{
	const struct script_step *s = &play->script->steps[step];
	ptrdiff_t first = broken_precondition(play, step);
	ptrdiff_t unsent = unsent_message(play, step);
	return (first >= 0 && play->steps[first].result == RESULT_UNFIT) ||
	       (s->twin >= 0 && play->steps[s->twin].result == RESULT_UNFIT) ||
	       (unsent >= 0 && play->steps[unsent].result == RESULT_UNFIT);
}

/* A twin above is asked before its denial is begun; one below, when the case is over. */
static bool twin_below_failed(const struct play_state *play, size_t step)
{
	ptrdiff_t twin = play->script->steps[step].twin;
	return twin > (ptrdiff_t)step && !held(play, (size_t)twin);
}

static void take_step(const struct judge *judge, const struct play_state *play, size_t step, struct check *check)
{
	const struct step_state *state = &play->steps[step];
	enum verdict verdict = state->violated ? VERDICT_FAIL : of_result[state->result];
	const char *before = "", *text = state->sentence;
	ptrdiff_t first = broken_precondition(play, play->script->step_count);
	if (verdict == VERDICT_FAIL && check->rule->level != LEVEL_MUST)
		verdict = VERDICT_WARN;
	if (verdict == VERDICT_INCONCLUSIVE && judge->stopped && play->attempt == 1) {
		verdict = VERDICT_BLOCKED; /* inconclusive is only what a lone rerun did not clear either */
		text = judge->stopped;
	} else if (verdict == VERDICT_BLOCKED) {
		text = hindrance(judge, play, step, &before);
		verdict = needs_too_much(play, step) ? VERDICT_NA : VERDICT_BLOCKED;
	} else if (twin_below_failed(play, step)) {
		verdict = needs_too_much(play, step) ? VERDICT_NA : VERDICT_BLOCKED;
		before = "its twin did not hold: ";
		text = play->steps[play->script->steps[step].twin].sentence;
	} else if (verdict == VERDICT_PASS && first >= 0) {
		verdict = VERDICT_BLOCKED;
		before = "a later step of the case did not hold: ";
		text = play->steps[first].sentence;
	} else if (verdict == VERDICT_PASS && state->untested) {
		verdict = VERDICT_BLOCKED; /* accepted, and nobody looked whether it is sent */
		text = "its will was accepted and never put to the test: the connection was not dropped under a fence";
	}
	check_worsen(check, verdict, step, before, text);
}

static bool grants(const struct script_step *step)
{
	static const enum outcome granted[] = { OUTCOME_ACCEPTED, OUTCOME_PRESENT, OUTCOME_ABSENT, OUTCOME_ALLOWED,
						OUTCOME_GRANTED };
	for (size_t i = 0; i < sizeof granted / sizeof *granted; i++) {
		if (step_has(step, granted[i]))
			return true;
	}
	return step->act == ACT_RECEIVE && step->count != 0;
}

/* NULL: the script told an open door from a closed one. A `never` alone shows that only where
 * nobody had to be told: a message that no path leads to stays away by itself. */
static const char *indiscriminate(const struct play_state *play)
{
	bool granted = false, told = false, told_held = false, never_held = false, leaked = false;
	for (size_t i = 0; i < play->script->step_count; i++) {
		const struct script_step *step = &play->script->steps[i];
		bool never = step->act == ACT_NEVER, deny = !never && step->label == LABEL_DENY;
		granted |= !never && !deny && grants(step) && held(play, i);
		told |= deny;
		told_held |= deny && held(play, i);
		never_held |= never && held(play, i);
		leaked |= play->steps[i].violated || (never && play->steps[i].result == RESULT_BROKEN);
	}
	if (leaked)
		return "did not discriminate: what was denied in this case was delivered";
	if (!granted)
		return "did not discriminate: no grant was honoured in this case";
	return (told ? told_held : never_held) ? NULL : "did not discriminate: no denial held in this case";
}

/* A broker that takes every good token and delivers nothing tells nobody from a closed door: where the
 * run has messages that must arrive, one of them has to, be it the preflight's own. */
static bool delivers_nothing(const struct judge *judge)
{
	bool wanted = false, tried = !judge->stopped;
	for (size_t i = 0; i < judge->plan->script_count && !judge->delivered; i++) {
		const struct play_state *play = &judge->plays[i];
		for (size_t k = 0; k < play->script->step_count; k++) {
			if (play->script->steps[k].act != ACT_RECEIVE || !script_open(play->script))
				continue;
			if (held(play, k))
				return false;
			wanted = true;
			tried |= play->steps[k].result != RESULT_NONE;
		}
	}
	return wanted && tried && !judge->delivered;
}

static void discriminate(const struct play_state *play, struct check *check, bool deaf)
{
	const char *why = deaf ? "did not discriminate: no message was delivered in the whole run" : indiscriminate(play);
	if (strcmp(check->rule->class, "substrate") == 0)
		why = NULL;
	if (why && check->verdict == VERDICT_PASS)
		check_worsen(check, VERDICT_BLOCKED, check->step, "", why);
}

static void take_manner(const struct play_state *play, size_t step, struct script *script)
{
	const struct script_step *s = &script->steps[step];
	struct check *manner = &script->checks[s->manner];
	const struct check *must = s->check >= 0 ? &script->checks[s->check] : NULL;
	char text[200];
	if (must && must->verdict != VERDICT_PASS) {
		snprintf(text, sizeof text, "%s, whose manner it is, did not pass", must->rule->id);
		check_worsen(manner, must->verdict == VERDICT_NA ? VERDICT_NA : VERDICT_BLOCKED, step, "", text);
	} else if (play->steps[step].manner == MANNER_MISSED) {
		check_worsen(manner, VERDICT_WARN, step, "", play->steps[step].manner_sentence);
	} else {
		check_worsen(manner, VERDICT_PASS, step, "", NULL);
	}
}

/* What the plan knew before the run stands; no step changes it. */
static void take_presets(struct script *script)
{
	for (size_t c = 0; c < script->check_count; c++) {
		if (script->checks[c].preset != VERDICT_PENDING)
			check_worsen(&script->checks[c], script->checks[c].preset, 0, "", script->checks[c].preset_why);
	}
}

/* A check that rests on `alike` alone is for alike_finish. */
static bool is_alike(const struct script *script, size_t check)
{
	for (size_t i = 0; i < script->step_count; i++) {
		if (script->steps[i].alike == (ptrdiff_t)check)
			return true;
	}
	return false;
}

static bool all_said(const struct script *script)
{
	for (size_t c = 0; c < script->check_count; c++) {
		if (script->checks[c].verdict != VERDICT_PASS && !script->checks[c].sentence)
			return false;
	}
	return true;
}

static void finish_script(const struct judge *judge, const struct play_state *play, struct script *script)
{
	for (size_t c = 0; c < script->check_count; c++) {
		script->checks[c].verdict = VERDICT_PENDING;
		free(script->checks[c].sentence);
		script->checks[c].sentence = NULL;
	}
	take_presets(script);
	for (size_t i = 0; i < script->step_count; i++) {
		if (script->steps[i].check >= 0)
			take_step(judge, play, i, &script->checks[script->steps[i].check]);
	}
}

static void finish_rest(const struct play_state *play, struct script *script, bool deaf)
{
	for (size_t c = 0; c < script->check_count; c++)
		discriminate(play, &script->checks[c], deaf);
	for (size_t i = 0; i < script->step_count; i++) {
		if (script->steps[i].manner >= 0)
			take_manner(play, i, script);
	}
	for (size_t c = 0; c < script->check_count; c++) {
		if (script->checks[c].verdict == VERDICT_PENDING && !is_alike(script, c))
			check_worsen(&script->checks[c], VERDICT_HARNESS, 0, "", "no step of the script carries this check");
	}
}

bool judge_finish(const struct judge *judge, struct plan *plan)
{
	bool finished = !judge->failed, deaf = delivers_nothing(judge);
	for (size_t i = 0; i < plan->script_count && finished; i++)
		finish_script(judge, &judge->plays[i], plan->scripts[i]);
	if (finished)
		alike_finish(judge);
	for (size_t i = 0; i < plan->script_count && finished; i++) {
		finish_rest(&judge->plays[i], plan->scripts[i], deaf);
		finished = all_said(plan->scripts[i]);
	}
	return finished;
}
