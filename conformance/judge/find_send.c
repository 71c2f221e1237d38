/* sends, and what hooks do */
#include "judge/find.h"

#include <stdio.h>

static struct finding find_sent_end(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	if (outcome == OUTCOME_REFUSED && w->answered && w->answer.code < 0x80)
		return finding(STANDING_BROKEN);
	if (!w->closed)
		return finding(STANDING_WAIT);
	if (!w->opened)
		return finding(STANDING_UNCLEAR);
	return w->answered && w->answer.code >= 0x80 ? finding(STANDING_HELD) : on_end(play, STANDING_HELD);
}

/* One code for each filter of the packet, where that was well-formed. */
static bool answered_all(const struct work *w)
{
	return w->answer.code < 0x80 && (w->asked == 0 || w->code_count == w->asked);
}

static struct finding find_sent_denied(const struct play_state *play)
{
	const struct work *w = &play->work;
	unsigned char code;
	if (w->answered || w->recorded)
		return finding(answer_code(play, &code) && code >= 0x80 ? STANDING_HELD : STANDING_BROKEN);
	return w->closed ? on_end(play, STANDING_HELD) : finding(STANDING_WAIT);
}

struct finding find_send(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	bool told = outcome == OUTCOME_ALIVE ? w->ponged : w->answered || w->recorded;
	bool any = outcome == OUTCOME_ALIVE || (outcome == OUTCOME_ACK && current_step(play)->code_count > 0);
	bool greeted = w->answer.type == PACKET_CONNACK && w->answer.code == 0x00;
	if (outcome == OUTCOME_CLOSED || outcome == OUTCOME_REFUSED)
		return find_sent_end(play, outcome);
	if (outcome == OUTCOME_DENIED)
		return find_sent_denied(play);
	if (told && outcome == OUTCOME_ACCEPTED)
		return finding(greeted ? STANDING_HELD : STANDING_BROKEN);
	if (told)
		return finding(any || answered_all(w) ? STANDING_HELD : STANDING_BROKEN);
	return w->closed ? on_end(play, STANDING_BROKEN) : finding(STANDING_WAIT);
}

enum { HOOK_DONE = 0, HOOK_REFUSED = 65 }; /* hook/hook.h: exit codes that mean something */

/* A hook that neither says "in force" nor "refused" leaves unclear what the broker did. An order
 * that went over MQTT is reported in the same words. */
struct finding find_hook(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	bool done = w->hook_status == HOOK_DONE;
	if (!w->hooked)
		return finding(STANDING_WAIT);
	if (!w->hook_sound || (!done && w->hook_status != HOOK_REFUSED))
		return finding(STANDING_UNCLEAR);
	return finding(done == (outcome == OUTCOME_ACCEPTED) ? STANDING_HELD : STANDING_BROKEN);
}
