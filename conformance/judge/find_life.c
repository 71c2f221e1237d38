/* pings, idles, stalls, disconnects, drops */
#include "judge/find.h"

struct finding find_ping(const struct play_state *play, enum outcome outcome)
{
	bool wants_end = outcome == OUTCOME_CLOSED;
	if (play->work.ponged)
		return finding(wants_end ? STANDING_BROKEN : STANDING_HELD);
	if (play->work.closed)
		return on_end(play, wants_end ? STANDING_HELD : STANDING_BROKEN);
	return finding(STANDING_WAIT);
}

/* `open` holds at the deadline; that the socket stands says little unless the broker lives. */
struct finding find_idle(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	struct finding f = finding(STANDING_WAIT);
	if (w->closed)
		return on_end(play, outcome == OUTCOME_CLOSED ? STANDING_HELD : STANDING_BROKEN);
	if (outcome == OUTCOME_OPEN && w->late) {
		f.standing = w->disconnected ? STANDING_BROKEN : STANDING_HELD;
		f.life = true;
	}
	return f;
}

/* For a sentinel it may have come back meanwhile. */
struct finding find_end(const struct play_state *play, enum outcome outcome)
{
	bool open = play->players[current_step(play)->actor].open && !play->work.fencing;
	(void)outcome;
	return finding(open ? STANDING_WAIT : STANDING_HELD);
}

struct finding find_stall(const struct play_state *play, enum outcome outcome)
{
	(void)play;
	(void)outcome;
	return finding(STANDING_HELD);
}
