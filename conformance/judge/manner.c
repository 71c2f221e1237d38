/* Manners: what held, and yet not quite as the step says it should. */
#include "judge/find.h"

#include <stdio.h>

static bool any_code(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	unsigned char code;
	return answer_code(play, &code) && code_among(step->should, step->should_count, code);
}

static bool connack_code(const struct play_state *play)
{
	const struct work *w = &play->work;
	return w->answered && !w->reason_string && any_code(play);
}

static bool ack_code(const struct play_state *play)
{
	const struct work *w = &play->work;
	if (current_step(play)->qos > 0)
		return (w->answered || w->recorded) && !w->closed && any_code(play);
	return w->disconnected ? any_code(play) : w->ponged && !w->closed;
}

static bool suback_code(const struct play_state *play)
{
	return play->work.answered && any_code(play);
}

static bool disconnect_code(const struct play_state *play)
{
	const struct work *w = &play->work;
	const struct script_step *step = current_step(play);
	return w->disconnected && code_among(step->should, step->should_count, w->disconnect_code);
}

static const struct {
	enum act act;
	bool (*met)(const struct play_state *play);
	const char *where;
} manners[] = {
	{ ACT_CONNECT, connack_code, "in CONNACK and no Reason String" },
	{ ACT_RESUME, connack_code, "in CONNACK and no Reason String" },
	{ ACT_RENEW, disconnect_code, "in DISCONNECT" },
	{ ACT_PUBLISH, ack_code,
	  "in PUBACK or PUBREC on a connection that stays open, or, at QoS 0, silence or such a DISCONNECT" },
	{ ACT_RELEASE, any_code, "in PUBCOMP or DISCONNECT" },
	{ ACT_STREAM, any_code, "in an acknowledgement or DISCONNECT" },
	{ ACT_SUBSCRIBE, suback_code, "in SUBACK" },
	{ ACT_UNSUBSCRIBE, suback_code, "in UNSUBACK" },
	{ ACT_PING, disconnect_code, "in DISCONNECT" },
	{ ACT_IDLE, disconnect_code, "in DISCONNECT" },
	{ ACT_SEND, any_code, "in the answer" },
};

static bool code_met(const struct play_state *play, const char **where)
{
	*where = "in the answer";
	for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
		if (manners[i].act != current_step(play)->act)
			continue;
		*where = manners[i].where;
		return manners[i].met(play);
	}
	return true;
}

static int64_t event_us(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	int64_t us = INSTANT_UNKNOWN;
	if (step->act != ACT_RECEIVE)
		return answer_us(play);
	for (size_t i = 0; i < (step->empty ? 1 : step->message_count); i++) {
		if (play->hearings[play->step][i].first_us > us)
			us = play->hearings[play->step][i].first_us;
	}
	return us;
}

static void miss_code(struct judge *judge, struct play_state *play, const char *where)
{
	const struct script_step *step = current_step(play);
	char words[WORDS_MAX], expected[SEEN_MAX], seen[SEEN_MAX + 64];
	codes_words(step->should, step->should_count, words);
	snprintf(expected, sizeof expected, "%s %s", words, where);
	seen_now(play, seen);
	manner_miss(judge, play, expected, seen);
}

static void miss_time(struct judge *judge, struct play_state *play, int64_t late_us)
{
	char words[WORDS_MAX], expected[SEEN_MAX], now[SEEN_MAX + 64], seen[2 * SEEN_MAX];
	instant_words(play->script, &current_step(play)->should_by, words);
	snprintf(expected, sizeof expected, "it by %s", words);
	seen_now(play, now);
	snprintf(seen, sizeof seen, "%s %lld ms after that", now, (long long)(late_us / 1000));
	manner_miss(judge, play, expected, seen);
}

void manner_judge(struct judge *judge, struct play_state *play)
{
	const struct script_step *step = current_step(play);
	const char *where;
	int64_t limit, us = event_us(play);
	if (step->should_count == 0 && step->should_by.kind == INSTANT_NONE)
		return;
	play->steps[play->step].manner = MANNER_MET;
	if (step->should_count > 0 && !code_met(play, &where))
		miss_code(judge, play, where);
	else if (play_instant(play, &step->should_by, &limit) && us > limit)
		miss_time(judge, play, us - limit);
}
