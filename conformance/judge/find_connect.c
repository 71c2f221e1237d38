/* connects, resumes, renews */
#include "judge/find.h"

/* [MQTT-3.2.2-12] [MQTT-3.2.2-13] A will beyond what the broker has, unless it said that it has it. */
static bool will_unfit(const struct play_state *play)
{
	const struct script_will *will = &current_step(play)->will;
	const struct limits *limits = &play->limits;
	unsigned char code = play->work.answer.code;
	if (!will->topic)
		return false;
	return (code == 0x9B && will->qos > 0 && (!limits->known || limits->maximum_qos < will->qos)) ||
	       (code == 0x9A && will->retain && (!limits->known || !limits->retain));
}

static struct finding find_answer(const struct work *w, enum outcome outcome)
{
	bool success = w->answer.code == 0x00, present = w->answer.session_present;
	switch (outcome) {
	case OUTCOME_ACCEPTED:
		return finding(success ? STANDING_HELD : STANDING_BROKEN);
	case OUTCOME_PRESENT:
	case OUTCOME_ABSENT:
		return finding(success && present == (outcome == OUTCOME_PRESENT) ? STANDING_HELD : STANDING_BROKEN);
	case OUTCOME_DENIED: /* accepted: the fence after its end shows whether the will is sent */
		if (success)
			return finding(STANDING_HELD);
		break;
	case OUTCOME_REFUSED:
		if (w->answer.code < 0x80)
			return finding(STANDING_BROKEN);
		break;
	default:
		break;
	}
	return finding(w->closed ? STANDING_HELD : STANDING_WAIT);
}

/* [MQTT-3.1.3-6] A broker need not give names; 0x85 to a client without one says so. */
static bool nameless_unfit(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	const struct script_actor *actor = step->as ? step->as : &play->script->actors[step->actor];
	return play->work.answer.code == 0x85 && !*actor->client_id;
}

struct finding find_connect(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	bool welcome = outcome == OUTCOME_ACCEPTED || outcome == OUTCOME_PRESENT || outcome == OUTCOME_ABSENT;
	if (w->answered)
		return will_unfit(play) || nameless_unfit(play) ? finding(STANDING_UNFIT) : find_answer(w, outcome);
	if (!w->closed)
		return finding(STANDING_WAIT);
	if (!welcome && !w->opened)
		return finding(STANDING_UNCLEAR); /* a port that does not answer has refused no token */
	return on_end(play, welcome ? STANDING_BROKEN : STANDING_HELD);
}

struct finding find_renew(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	bool success = w->answered && w->answer.code == 0x00 && !w->other_method;
	if (outcome == OUTCOME_ACCEPTED) {
		if (w->answered)
			return finding(success ? STANDING_HELD : STANDING_BROKEN);
		return w->closed ? on_end(play, STANDING_BROKEN) : finding(STANDING_WAIT);
	}
	if (w->answered && w->answer.code < 0x80)
		return finding(STANDING_BROKEN);
	return w->closed ? on_end(play, STANDING_HELD) : finding(STANDING_WAIT);
}
