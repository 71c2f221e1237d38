/* publishes, releases, streams */
#include "judge/find.h"

/* On a connection of its own, in one segment with its CONNECT: that one must be accepted. */
static bool greeted_badly(const struct play_state *play)
{
	return current_step(play)->vehicle == VEHICLE_PACKED && play->work.connack && play->work.connack_code != 0x00;
}

static struct finding find_denial(const struct play_state *play)
{
	const struct work *w = &play->work;
	bool asks = current_step(play)->qos > 0;
	if (asks && (w->recorded || (w->answered && w->answer.code < 0x80)))
		return finding(STANDING_BROKEN);
	if (asks ? w->answered : w->ponged)
		return finding(STANDING_HELD);
	return w->closed ? on_end(play, STANDING_HELD) : finding(STANDING_WAIT);
}

static struct finding find_success(const struct play_state *play)
{
	const struct work *w = &play->work;
	const struct script_step *step = current_step(play);
	if (step->held_back && w->recorded)
		return finding(STANDING_HELD);
	if (step->qos > 0 && w->answered)
		return finding(w->answer.code < 0x80 ? STANDING_HELD : STANDING_BROKEN);
	if (step->qos == 0 && w->ponged)
		return finding(STANDING_HELD);
	if (w->disconnected)
		return finding(STANDING_BROKEN);
	return w->closed ? on_end(play, STANDING_BROKEN) : finding(STANDING_WAIT);
}

static struct finding find_ack(const struct play_state *play)
{
	const struct work *w = &play->work;
	if (w->answered || w->recorded)
		return finding(current_step(play)->code_count || w->answer.code < 0x80 ? STANDING_HELD : STANDING_BROKEN);
	return w->closed ? on_end(play, STANDING_BROKEN) : finding(STANDING_WAIT);
}

struct finding find_publish(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	if (greeted_badly(play)) {
		struct finding f = finding(STANDING_BROKEN);
		memcpy(f.expected, "CONNACK 0x00", sizeof "CONNACK 0x00");
		return f;
	}
	switch (outcome) {
	case OUTCOME_DENIED:
		return find_denial(play);
	case OUTCOME_CLOSED:
		return w->closed ? on_end(play, STANDING_HELD) : finding(STANDING_WAIT);
	case OUTCOME_ACK:
		return find_ack(play);
	default:
		return find_success(play);
	}
}

/* PUBCOMP, or the connection ends. */
struct finding find_release(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	if (outcome == OUTCOME_ACK)
		return find_ack(play);
	if (outcome == OUTCOME_ALLOWED) {
		if (w->answered)
			return finding(w->answer.code < 0x80 ? STANDING_HELD : STANDING_BROKEN);
		return w->closed ? on_end(play, STANDING_BROKEN) : finding(STANDING_WAIT);
	}
	if (outcome == OUTCOME_DENIED && w->answered)
		return finding(w->answer.code >= 0x80 ? STANDING_HELD : STANDING_BROKEN);
	return w->closed ? on_end(play, STANDING_HELD) : finding(STANDING_WAIT);
}

/* Its event has come. */
static bool is_over(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	int64_t us;
	return step->until.kind != INSTANT_NONE && play_instant(play, &step->until, &us) && play->now_us >= us;
}

static struct finding find_flow(const struct play_state *play, bool allowed)
{
	const struct work *w = &play->work;
	bool asks = current_step(play)->qos > 0, over = is_over(play);
	struct finding f = finding(STANDING_WAIT);
	if (allowed ? w->answered : w->successes > 0)
		return finding(STANDING_BROKEN);
	if (!allowed && w->answered)
		return finding(STANDING_HELD);
	if (w->closed)
		return on_end(play, over || !allowed ? STANDING_HELD : STANDING_BROKEN);
	if (!over && (!w->late || current_step(play)->until.kind != INSTANT_NONE))
		return f;
	/* At QoS 0 nothing answers: that the broker lives stands for it. */
	f.standing = asks && allowed && w->successes == 0 ? STANDING_BROKEN : STANDING_HELD;
	f.life = !asks;
	return f;
}

struct finding find_stream(const struct play_state *play, enum outcome outcome)
{
	if (outcome == OUTCOME_ALLOWED || outcome == OUTCOME_DENIED)
		return find_flow(play, outcome == OUTCOME_ALLOWED);
	struct finding f = find_idle(play, outcome);
	if (f.standing == STANDING_WAIT && is_over(play))
		f.standing = STANDING_HELD;
	return f;
}
