/* receives, never receives */
#include "judge/find.h"

#include <stdio.h>

static size_t wanted_count(const struct script_step *step)
{
	return step->empty ? 1 : step->message_count;
}

static struct finding broken(const char *expected, const char *seen)
{
	struct finding f = finding(STANDING_BROKEN);
	snprintf(f.expected, sizeof f.expected, "%s", expected);
	snprintf(f.seen, sizeof f.seen, "%s", seen);
	return f;
}

/* A receipt that lacks something: no other may come, so it is what the step has seen. */
static void say_lack(const struct hearing *hearing, struct finding *f)
{
	if (!hearing->count || hearing->order)
		return;
	snprintf(f->expected, sizeof f->expected, "%s", hearing->wanted ? hearing->wanted : "");
	snprintf(f->seen, sizeof f->seen, "%s", hearing->seen ? hearing->seen : "");
}

static struct finding missing(const struct play_state *play, const struct hearing *hearings, size_t count)
{
	const struct script_step *step = current_step(play);
	struct finding f = play->work.closed ? on_end(play, STANDING_BROKEN) : finding(STANDING_WAIT);
	for (size_t i = 0; i < count; i++) {
		if (hearings[i].altered && !hearings[i].order)
			f.standing = STANDING_BROKEN;
		if (!f.expected[0])
			say_lack(&hearings[i], &f);
	}
	for (size_t i = 0; count > 1 && !f.expected[0] && i < count; i++) {
		struct message message;
		if (!hearings[i].order && message_of(play->script, step->messages[i], &message))
			snprintf(f.expected, sizeof f.expected, "the message \"%.100s\", as it was published", message.payload);
	}
	return f;
}

static struct finding find_order(const struct play_state *play, const struct hearing *hearings, size_t count)
{
	const struct script_step *step = current_step(play);
	char expected[SEEN_MAX], seen[SEEN_MAX];
	for (size_t i = 1; i < count; i++) {
		struct message first, second;
		if (hearings[i - 1].order < hearings[i].order || !message_of(play->script, step->messages[i - 1], &first) ||
		    !message_of(play->script, step->messages[i], &second))
			continue;
		snprintf(expected, sizeof expected, "\"%.100s\" before \"%.100s\"", first.payload, second.payload);
		snprintf(seen, sizeof seen, "the later one first, in %.250s", hearings[i].seen ? hearings[i].seen : "PUBLISH");
		return broken(expected, seen);
	}
	return finding(STANDING_HELD);
}

static struct finding untimely(const struct play_state *play, const struct hearing *hearing, const struct instant *instant,
			       const char *how, int64_t limit, bool known)
{
	char words[WORDS_MAX], expected[SEEN_MAX], seen[SEEN_MAX];
	int64_t us = hearing->first_us, off = us > limit ? us - limit : limit - us;
	instant_words(play->script, instant, words);
	snprintf(expected, sizeof expected, "the message %s %s", how, words);
	if (known)
		snprintf(seen, sizeof seen, "%.250s %lld ms %s that", hearing->seen ? hearing->seen : "PUBLISH",
			 (long long)(off / 1000), us > limit ? "after" : "before");
	else
		snprintf(seen, sizeof seen, "%.250s while that has not come yet", hearing->seen ? hearing->seen : "PUBLISH");
	return broken(expected, seen);
}

static struct finding find_times(const struct play_state *play, const struct hearing *hearings, size_t count)
{
	const struct script_step *step = current_step(play);
	for (size_t i = 0; i < count; i++) {
		int64_t limit = 0;
		bool known = play_instant(play, &step->after, &limit);
		if (step->after.kind != INSTANT_NONE && (!known || hearings[i].first_us < limit))
			return untimely(play, &hearings[i], &step->after, "not before", limit, known);
		if (play_instant(play, &step->by, &limit) && hearings[i].first_us > limit)
			return untimely(play, &hearings[i], &step->by, "by", limit, true);
	}
	return finding(STANDING_HELD);
}

static struct finding find_count(const struct play_state *play, const struct hearing *hearings, size_t count)
{
	const struct script_step *step = current_step(play);
	struct finding f = finding(STANDING_HELD);
	char expected[SEEN_MAX], seen[SEEN_MAX];
	for (size_t i = 0; i < count; i++) {
		if (hearings[i].count < (size_t)step->count)
			f.standing = STANDING_WAIT;
		if (hearings[i].count == (size_t)step->count)
			continue;
		snprintf(expected, sizeof expected, "the message exactly %d times", (int)step->count);
		snprintf(seen, sizeof seen, "it %zu times, last in %.250s", hearings[i].count,
			 hearings[i].seen ? hearings[i].seen : "no packet");
		if (hearings[i].count > (size_t)step->count)
			return broken(expected, seen);
		snprintf(f.expected, sizeof f.expected, "%s", expected);
		snprintf(f.seen, sizeof f.seen, "%s", seen);
	}
	return f;
}

struct finding find_receive(const struct play_state *play, enum outcome outcome)
{
	const struct script_step *step = current_step(play);
	const struct hearing *hearings = play->hearings[play->step];
	size_t count = wanted_count(step);
	struct finding f = finding(STANDING_HELD);
	bool all = true;
	(void)outcome;
	for (size_t i = 0; i < count; i++)
		all &= hearings[i].order > 0;
	if (step->count != 0 && !all)
		return missing(play, hearings, count);
	if (step->count != 0)
		f = find_times(play, hearings, count);
	if (step->count != 0 && f.standing == STANDING_HELD)
		f = find_order(play, hearings, count);
	if (f.standing == STANDING_HELD && step->count >= 0)
		f = find_count(play, hearings, count);
	return f;
}

struct finding find_never(const struct play_state *play, enum outcome outcome)
{
	(void)outcome;
	return finding(play->steps[play->step].violated ? STANDING_BROKEN : STANDING_HELD);
}
