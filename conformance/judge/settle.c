/* The rules of the acts: what each outcome needs, looked at anew after every moment. */
#include "judge/state.h"

#include <stdio.h>

enum standing { STANDING_WAIT, STANDING_HELD, STANDING_BROKEN, STANDING_UNCLEAR };

/* life: the standing rests on a connection that closed without a word, which a broker that died
 * would do as well; it counts once the broker has shown life. */
struct finding {
	enum standing standing;
	bool life;
	char expected[SEEN_MAX]; /* "": the usual words of the outcome */
};

static struct finding finding(enum standing standing)
{
	struct finding f = { .standing = standing };
	return f;
}

static struct finding silent(const struct work *work, enum standing standing)
{
	struct finding f = { .standing = standing };
	f.life = !work->disconnected || work->disconnect_code < 0x80;
	return f;
}

static struct finding find_connect(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	unsigned code = w->answer.code;
	if (outcome == OUTCOME_ACCEPTED) {
		if (w->answered)
			return finding(code == 0x00 ? STANDING_HELD : STANDING_BROKEN);
		return w->closed ? silent(w, STANDING_BROKEN) : finding(STANDING_WAIT);
	}
	if (outcome == OUTCOME_REFUSED && w->answered && code < 0x80)
		return finding(STANDING_BROKEN);
	if (!w->closed)
		return finding(STANDING_WAIT);
	if (!w->opened)
		return finding(STANDING_UNCLEAR); /* a port that does not answer has refused no token */
	return w->answered ? finding(STANDING_HELD) : silent(w, STANDING_HELD);
}

static bool ponged(const struct play_state *play)
{
	return play->work.ping && play->players[current_step(play)->actor].pongs >= play->work.ping;
}

static struct finding find_publish(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	bool told = current_step(play)->qos > 0 ? w->answered : ponged(play);
	bool success = current_step(play)->qos > 0 ? w->answer.code < 0x80 : true;
	if (outcome == OUTCOME_DENIED) {
		if (told)
			return finding(success && current_step(play)->qos > 0 ? STANDING_BROKEN : STANDING_HELD);
		return w->closed ? silent(w, STANDING_HELD) : finding(STANDING_WAIT);
	}
	if (outcome == OUTCOME_CLOSED)
		return w->closed ? silent(w, STANDING_HELD) : finding(STANDING_WAIT);
	if (told)
		return finding(success ? STANDING_HELD : STANDING_BROKEN);
	if (w->disconnected)
		return finding(STANDING_BROKEN);
	return w->closed ? silent(w, STANDING_BROKEN) : finding(STANDING_WAIT);
}

/* Every filter but the tested one is granted, and there is one code for each. */
static bool neighbours_stand(const struct script_step *step, const struct work *w, struct finding *f)
{
	if (w->code_count != step->filter_count) {
		f->standing = STANDING_BROKEN;
		snprintf(f->expected, sizeof f->expected, "%zu codes, one for each filter", step->filter_count);
		return false;
	}
	for (size_t i = 0; i < step->filter_count; i++) {
		if (i == step->tested || w->codes[i] <= 0x02)
			continue;
		f->standing = STANDING_BROKEN;
		snprintf(f->expected, sizeof f->expected, "that its neighbour %.200s is granted", step->filters[i]);
		return false;
	}
	return true;
}

static struct finding find_subscribe(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	const struct script_step *step = current_step(play);
	struct finding f = { .standing = STANDING_WAIT };
	if (w->answered) {
		if (!neighbours_stand(step, w, &f))
			return f;
		unsigned code = w->codes[step->tested];
		bool held = outcome == OUTCOME_DENIED ? code >= 0x80 : code <= 0x02;
		return finding(held ? STANDING_HELD : STANDING_BROKEN);
	}
	if (!w->closed)
		return f;
	f = silent(w, STANDING_BROKEN);
	if ((outcome == OUTCOME_DENIED && !f.life) || outcome == OUTCOME_CLOSED)
		f.standing = STANDING_HELD;
	return f;
}

static struct finding find_unsubscribe(const struct play_state *play, enum outcome outcome)
{
	const struct work *w = &play->work;
	(void)outcome;
	if (!w->answered)
		return w->closed ? silent(w, STANDING_BROKEN) : finding(STANDING_WAIT);
	bool held = w->code_count == current_step(play)->filter_count;
	for (size_t i = 0; held && i < w->code_count; i++)
		held = w->codes[i] < 0x80;
	return finding(held ? STANDING_HELD : STANDING_BROKEN);
}

static struct finding find_ping(const struct play_state *play, enum outcome outcome)
{
	bool wants_end = outcome == OUTCOME_CLOSED;
	if (ponged(play))
		return finding(wants_end ? STANDING_BROKEN : STANDING_HELD);
	if (play->work.closed)
		return silent(&play->work, wants_end ? STANDING_HELD : STANDING_BROKEN);
	return finding(STANDING_WAIT);
}

static struct finding find_end(const struct play_state *play, enum outcome outcome)
{
	(void)outcome;
	return finding(play->players[current_step(play)->actor].open ? STANDING_WAIT : STANDING_HELD);
}

static struct finding find_receive(const struct play_state *play, enum outcome outcome)
{
	const struct script_step *step = current_step(play);
	const struct receipt *receipt = receipt_at(play, step->actor, step->messages[0]);
	(void)outcome;
	if (receipt->order)
		return finding(receipt->altered ? STANDING_BROKEN : STANDING_HELD);
	return play->work.closed ? silent(&play->work, STANDING_BROKEN) : finding(STANDING_WAIT);
}

static struct finding find_never(const struct play_state *play, enum outcome outcome)
{
	(void)outcome;
	return finding(play->steps[play->step].violated ? STANDING_BROKEN : STANDING_HELD);
}

static struct finding (*const finders[])(const struct play_state *play, enum outcome outcome) = {
	[ACT_CONNECT] = find_connect,         [ACT_PUBLISH] = find_publish, [ACT_SUBSCRIBE] = find_subscribe,
	[ACT_UNSUBSCRIBE] = find_unsubscribe, [ACT_PING] = find_ping,       [ACT_DISCONNECT] = find_end,
	[ACT_DROP] = find_end,                [ACT_RECEIVE] = find_receive, [ACT_NEVER] = find_never,
};

/* Of several outcomes one is enough; all must have failed before the step is broken. */
static struct finding find(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	size_t count = step->outcome_count ? step->outcome_count : 1;
	struct finding f = finding(STANDING_WAIT), last = f;
	bool waiting = false;
	for (size_t i = 0; i < count; i++) {
		f = finders[step->act](play, step->outcome_count ? step->outcomes[i] : OUTCOME_NONE);
		if (f.standing == STANDING_HELD)
			return f;
		waiting |= f.standing == STANDING_WAIT;
		last = f;
	}
	return waiting ? finding(STANDING_WAIT) : last;
}

static bool needs_fence(const struct script_step *step)
{
	return step->act == ACT_NEVER || (step->act == ACT_PUBLISH && step_has(step, OUTCOME_DENIED));
}

static bool code_wanted(const struct script_step *step, unsigned char code)
{
	for (size_t i = 0; i < step->should_count; i++) {
		if (step->should[i] == code)
			return true;
	}
	return false;
}

static void manner_expected(const struct script_step *step, const char *where, char expected[SEEN_MAX])
{
	size_t used = 0;
	expected[0] = '\0';
	for (size_t i = 0; i < step->should_count && used < SEEN_MAX; i++)
		used += (size_t)snprintf(expected + used, SEEN_MAX - used, "%s0x%02X", i ? " or " : "", step->should[i]);
	if (used < SEEN_MAX)
		snprintf(expected + used, SEEN_MAX - used, " %s", where);
}

static const struct {
	enum act act;
	const char *where;
} manners[] = {
	{ ACT_CONNECT, "in CONNACK and no Reason String" },
	{ ACT_PUBLISH, "in PUBACK on a connection that stays open, or, at QoS 0, silence or such a DISCONNECT" },
	{ ACT_SUBSCRIBE, "in SUBACK" },
};

static bool manner_met(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	const struct work *w = &play->work;
	bool open = !w->closed;
	switch (step->act) {
	case ACT_CONNECT:
		return w->answered && code_wanted(step, w->answer.code) && !w->reason_string;
	case ACT_SUBSCRIBE:
		return w->answered && step->tested < w->code_count && code_wanted(step, w->codes[step->tested]);
	case ACT_PUBLISH:
		if (step->qos > 0)
			return w->answered && code_wanted(step, w->answer.code) && open;
		return w->disconnected ? code_wanted(step, w->disconnect_code) : ponged(play) && open;
	default:
		return true;
	}
}

static void seen_now(const struct play_state *play, char seen[SEEN_MAX + 64])
{
	const struct work *w = &play->work;
	const char *also = w->answered && w->closed ? ", then the connection closed" : "";
	if (w->seen[0])
		snprintf(seen, SEEN_MAX + 64, "%s%s", w->seen, also);
	else if (w->ended[0])
		snprintf(seen, SEEN_MAX + 64, "%s", w->ended);
	else
		snprintf(seen, SEEN_MAX + 64, "no answer");
}

static void judge_manner(struct judge *judge, struct play_state *play)
{
	const struct script_step *step = current_step(play);
	char expected[SEEN_MAX], seen[SEEN_MAX + 64];
	if (step->should_count == 0)
		return;
	play->steps[play->step].manner = MANNER_MET;
	if (manner_met(play))
		return;
	for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
		if (manners[i].act == step->act)
			manner_expected(step, manners[i].where, expected);
	}
	seen_now(play, seen);
	manner_miss(judge, play, expected, seen);
}

static void begin_fence(struct judge *judge, struct play_state *play)
{
	struct work *w = &play->work;
	fence_plan(play);
	w->late = false;
	w->fencing = true;
	w->phase = PHASE_FENCE;
	bool never = current_step(play)->act == ACT_NEVER;
	if (w->fence_count == 0 && (w->why_no_fence || never))
		step_end(judge, play, RESULT_UNCLEAR, "a fence",
			 w->why_no_fence ? w->why_no_fence : "no message that could serve as one");
}

static void hold(struct judge *judge, struct play_state *play)
{
	if (needs_fence(current_step(play)) && !play->work.fencing) {
		begin_fence(judge, play);
		if (play->work.phase == PHASE_SETTLED)
			return;
	}
	if (play->work.fencing && !fence_complete(play))
		return;
	step_end(judge, play, RESULT_HELD, NULL, NULL);
	judge_manner(judge, play);
}

static void ask_control(struct play_state *play, enum purpose purpose)
{
	play->work.phase = PHASE_CONTROL;
	play->work.purpose = purpose;
}

void step_settle(struct judge *judge, struct play_state *play)
{
	struct work *w = &play->work;
	char seen[SEEN_MAX + 64];
	if (w->phase == PHASE_IDLE || w->phase == PHASE_SETTLED)
		return;
	if (w->phase == PHASE_CONTROL && w->purpose == PURPOSE_MISSING && (current_step(play)->by.kind || w->absent))
		return; /* a deadline that the scenario names is over when it is over */
	struct finding f = find(play);
	if (f.life && !w->alive) {
		ask_control(play, PURPOSE_LIFE);
		return;
	}
	seen_now(play, seen);
	if (f.standing == STANDING_HELD)
		hold(judge, play);
	else if (f.standing == STANDING_BROKEN)
		step_end(judge, play, RESULT_BROKEN, f.expected[0] ? f.expected : NULL, seen);
	else if (f.standing == STANDING_UNCLEAR)
		step_end(judge, play, RESULT_UNCLEAR, NULL, seen);
	if ((w->phase == PHASE_ANSWER || w->phase == PHASE_FENCE) && w->late)
		ask_control(play, PURPOSE_MISSING);
}

static void fence_failed(struct judge *judge, struct play_state *play, bool answered)
{
	char seen[SEEN_MAX];
	const char *observer = "the observer";
	for (size_t i = 0; i < play->work.fence_count; i++) {
		if (!play->work.fences[i].back)
			observer = play->script->actors[play->work.fences[i].need.observer].name;
	}
	snprintf(seen, sizeof seen, "no sentinel at %.100s%s", observer,
		 answered ? "" : ", and no answer to a ping on another connection either");
	step_end(judge, play, RESULT_UNCLEAR, "the fence to be completed", seen);
}

void step_control(struct judge *judge, struct play_state *play, bool answered)
{
	struct work *w = &play->work;
	char now[SEEN_MAX + 64], seen[SEEN_MAX + 200];
	if (w->purpose == PURPOSE_LIFE && answered) {
		w->alive = true;
		w->phase = w->fencing ? PHASE_FENCE : PHASE_ANSWER;
		return; /* step_settle goes on from here */
	}
	if (w->fencing && w->purpose == PURPOSE_MISSING) {
		fence_failed(judge, play, answered);
		return;
	}
	seen_now(play, now);
	snprintf(seen, sizeof seen, "%s%s%s", now, w->answered && !w->closed ? " and the connection still open" : "",
		 answered ? ", while a ping on another connection was answered" :
			    ", and no answer to a ping on another connection either");
	step_end(judge, play, answered ? RESULT_BROKEN : RESULT_UNCLEAR, NULL, seen);
}

/* What the target said in CONNACK that it does not have, and this step needs. NULL: nothing. */
static const char *lacks(const struct play_state *play)
{
	const struct script_step *step = current_step(play);
	const struct player *player = &play->players[step->actor];
	if (step->act == ACT_PUBLISH && step->qos > player->maximum_qos)
		return "a lower Maximum QoS in CONNACK";
	if (step->act == ACT_PUBLISH && step->retain && !player->retain_available)
		return "Retain Available 0 in CONNACK";
	for (size_t i = 0; step->act == ACT_SUBSCRIBE && !player->wildcard_available && i < step->filter_count; i++) {
		if (strpbrk(step->filters[i], "#+"))
			return "Wildcard Subscription Available 0 in CONNACK";
	}
	return NULL;
}

static bool needs_connection(const struct script_step *step)
{
	return step->act != ACT_CONNECT && step->act != ACT_RECEIVE && step->act != ACT_NEVER;
}

void step_begin(struct judge *judge, struct play_state *play)
{
	const struct script_step *step = current_step(play);
	struct player *player = &play->players[step->actor];
	struct work *w = &play->work;
	bool received = step->act == ACT_RECEIVE && receipt_at(play, step->actor, step->messages[0])->order;
	player->denied |= step_has(step, OUTCOME_DENIED);
	if (step->act == ACT_CONNECT) {
		player->ended[0] = '\0';
		return;
	}
	if ((needs_connection(step) || (step->act == ACT_RECEIVE && !received)) && !player->accepted) {
		w->absent = true;
		snprintf(w->seen, sizeof w->seen, "%.200s without a connection (%.100s)", play->script->actors[step->actor].name,
			 player->ended[0] ? player->ended : "it never had one");
		ask_control(play, PURPOSE_MISSING);
	} else if (needs_connection(step) && lacks(play)) {
		step_end(judge, play, RESULT_UNFIT, NULL, lacks(play));
	}
}
