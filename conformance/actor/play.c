#include "actor/play.h"

#include "clock.h"
#include "hook/hook.h"

#include <stdlib.h>

/* Among many scripts a byte a segment takes its time, and no answer is due before the last of them is
 * out. It ends: each time there must be fewer left. */
static bool still_speaking(struct play *play)
{
	const struct script_step *step = &play->script->steps[play->step];
	const struct line *line = play->peers[step->actor].line;
	size_t left = line ? line_dribbling(line) : 0;

	if (step->by.kind || left >= play->unsaid)
		return false;
	play->unsaid = left;
	play_arm(play->deadline, play_budget_ms(play));
	return true;
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
	struct play *play = context;
	(void)fd;
	(void)what;
	if (play->stage == PLAY_STEP && still_speaking(play))
		return;
	if (play->stage == PLAY_STEP)
		play_emit(play, MOMENT_DEADLINE, false, NULL);
	else
		play->late = true;
	run_wake(play->run);
}

static void on_grace(evutil_socket_t fd, short what, void *context)
{
	struct play *play = context;
	(void)fd;
	(void)what;
	if (play->stage == PLAY_STEP)
		play_emit(play, MOMENT_GRACE, false, NULL);
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
	struct play *play = context;
	(void)fd;
	(void)what;
	if (play->stage == PLAY_STEP && judge_phase(play->run->judge, play->index) == PHASE_ANSWER)
		play_tick(play);
	run_wake(play->run);
}

static bool peers_init(struct play *play)
{
	size_t count = play->script->actor_count;
	play->peers = calloc(count + 1, sizeof *play->peers);
	play->rejoins = calloc(count + 1, sizeof *play->rejoins);
	play->stale = calloc(count + 1, sizeof *play->stale);
	play->visits = calloc(count + 1, sizeof *play->visits);
	play->deeds = calloc(play->script->step_count + 1, sizeof *play->deeds);
	for (size_t i = 0; play->peers && i < count; i++) {
		peer_init(&play->peers[i]);
		play->peers[i].run = play->run;
		play->peers[i].script = (ptrdiff_t)play->index;
		play->peers[i].attempt = play->attempt;
		play->peers[i].actor = (ptrdiff_t)i;
		play->peers[i].who = play->script->actors[i].name;
		play->peers[i].listener = play->script->listener;
	}
	return play->peers && play->rejoins && play->stale && play->visits && play->deeds;
}

struct play *play_new(struct run *run, size_t index, unsigned attempt)
{
	struct play *play = calloc(1, sizeof *play);
	if (!play)
		return NULL;
	play->run = run;
	play->index = index;
	play->script = run->plan->scripts[index];
	play->attempt = attempt;
	play->begin_us = clock_monotonic_us();
	play->deadline = event_new(run->base, -1, 0, on_deadline, play);
	play->grace = event_new(run->base, -1, 0, on_grace, play);
	play->ticker = event_new(run->base, -1, EV_PERSIST, on_tick, play);
	if (!peers_init(play) || !play->deadline || !play->grace || !play->ticker) {
		play_free(play);
		return NULL;
	}
	play_emit(play, MOMENT_SCRIPT, false, NULL);
	return play;
}

void play_free(struct play *play)
{
	if (!play)
		return;
	control_end(&play->control);
	hook_free(play->hook);
	for (size_t i = 0; play->peers && i < play->script->actor_count; i++)
		peer_release(&play->peers[i]);
	if (play->deadline)
		event_free(play->deadline);
	if (play->grace)
		event_free(play->grace);
	if (play->ticker)
		event_free(play->ticker);
	free(play->peers);
	free(play->rejoins);
	free(play->stale);
	free(play->visits);
	free(play->deeds);
	free(play);
}

void play_emit(struct play *play, enum moment_kind kind, bool flag, const char *text)
{
	struct moment m = {
		.kind = kind, .script = (ptrdiff_t)play->index, .attempt = play->attempt, .actor = NOBODY, .step = play->step,
		.flag = flag, .text = text,
	};
	run_emit(play->run, &m);
}

void play_refuse(struct play *play, const struct fault *fault)
{
	play_emit(play, fault->class == FAULT_LIMIT ? MOMENT_UNFIT : MOMENT_HARNESS, false, fault->text);
}

void play_arm(struct event *timer, int64_t ms)
{
	struct timeval time = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
	event_add(timer, &time);
}

int64_t play_budget_ms(const struct play *play)
{
	return play->run->budget_ms * (play->attempt > 1 ? RERUN_FACTOR : 1);
}

static void pass_to(struct play *play, enum play_stage stage)
{
	event_del(play->deadline);
	event_del(play->grace);
	event_del(play->ticker);
	control_end(&play->control);
	play->stage = stage;
	play->late = play->waiting = play->timeless = false;
}

static void begin_step(struct play *play)
{
	const struct script_step *step = &play->script->steps[play->step];
	pass_to(play, PLAY_STEP);
	play->seen = PHASE_IDLE;
	memset(play->rejoins, 0, play->script->actor_count * sizeof *play->rejoins);
	play_emit(play, MOMENT_STEP, false, NULL);
	/* Nothing answers a stall: to the judge it has held at once. */
	if (judge_phase(play->run->judge, play->index) == PHASE_ANSWER || step->act == ACT_STALL)
		play_act(play);
}

/* What a broker lets through after all, it may let through late. */
static int64_t linger_ms(const struct play *play)
{
	int64_t linger = play->run->grace_ms > LINGER_LEAST_MS ? play->run->grace_ms : LINGER_LEAST_MS;
	int64_t watched = (clock_monotonic_us() - play->forbidden_us) / 1000;
	return watched < linger ? linger - watched : 0;
}

static void begin_undoing(struct play *play)
{
	pass_to(play, PLAY_UNDOING);
	play_arm(play->deadline, (int64_t)play->deed_count * (HOOK_MS + HOOK_MARGIN_MS) + play_budget_ms(play));
}

/* The next step that is still worth doing, or the end. */
static void next_step(struct play *play)
{
	const struct judge *judge = play->run->judge;
	while (play->step < play->script->step_count && !judge_wants(judge, play->index, play->step))
		play->step++;
	if (play->step == play->script->step_count) {
		run_took(play->run, play->index, clock_monotonic_us() - play->begin_us);
		play_emit(play, MOMENT_FINISHED, false, NULL);
		begin_undoing(play);
		return;
	}
	if (!play_rejoiner(play, &play->script->steps[play->step], &play->rejoiner)) {
		begin_step(play);
		return;
	}
	pass_to(play, PLAY_REJOIN);
	play_arm(play->deadline, play_budget_ms(play));
}

/* Without a connection the judge says so. */
static void wait_rejoin(struct play *play)
{
	if (play_rejoin(play, play->rejoiner) == REJOIN_BUSY && !play->late)
		return;
	if (play->late)
		play->rejoins[play->rejoiner] = REJOIN_GIVEN_UP;
	play->stage = PLAY_NEXT;
}

static bool is_hook(const struct script_step *step)
{
	return step->act == ACT_REVOKE || step->act == ACT_LIFT || step->act == ACT_LOAD || step->act == ACT_RESTART;
}

/* A will that waits takes so much longer to come, and some timers are slow. */
static int64_t will_delay_ms(const struct script *script, const struct script_step *step)
{
	int64_t longest_s = 0;
	for (size_t i = 0; step->act == ACT_RECEIVE && i < step->message_count; i++) {
		const struct script_will *will = &script->steps[step->messages[i]].will;
		if (will->topic && will->delay_s > longest_s)
			longest_s = will->delay_s;
	}
	return longest_s > 0 ? longest_s * 1000 + WILL_LATE_MS : 0;
}

/* How long the step's answer may take. What a scenario names is not stretched in a lone rerun. */
static int64_t answer_ms(struct play *play)
{
	const struct script_step *step = &play->script->steps[play->step];
	int64_t us, now_us = clock_monotonic_us() - play->run->begin_us;
	play->timeless = false;
	if (is_hook(step) && play->hook)
		return HOOK_MS + HOOK_MARGIN_MS; /* it ends by itself before that */
	if (!step->by.kind)
		return play_budget_ms(play) + will_delay_ms(play->script, step);
	play->timeless = !judge_instant(play->run->judge, play->index, &step->by, &us);
	if (play->timeless)
		return play_budget_ms(play);
	return us > now_us ? (us - now_us + 999) / 1000 : 0;
}

static void begin_phase(struct play *play, enum phase phase)
{
	int64_t budget = play_budget_ms(play), grace = play->run->grace_ms;
	event_del(play->deadline);
	play->unsaid = 0;
	if (play_forbids(&play->script->steps[play->step]))
		play->forbidden_us = clock_monotonic_us();
	if (phase == PHASE_ANSWER) {
		bool dribbled = play->script->steps[play->step].vehicle == VEHICLE_DRIBBLED;
		play->unsaid = dribbled ? SIZE_MAX : 0;
		play_arm(play->deadline, answer_ms(play));
	}
	grace += judge_grace_ms(play->run->judge, play->index);
	if (phase == PHASE_FENCE) {
		play_arm(play->deadline, budget + grace);
		play_arm(play->grace, grace);
	}
	if (phase == PHASE_CONTROL)
		control_begin(&play->control, play->run, play->script->listener, budget);
	else
		control_end(&play->control);
	play->seen = phase;
}

/* Nothing ever came, or nothing for long, or two rounds of scripts in a row ended so. */
static bool gone(const struct run *run)
{
	return !run->heard || run->silent > 2 * run->options->jobs ||
	       clock_monotonic_us() - run->heard_us > SILENCE_MS * INT64_C(1000);
}

static void watch_control(struct play *play)
{
	struct run *run = play->run;
	enum control_state state = control_poll(&play->control);
	if (state == CONTROL_WAIT)
		return;
	control_end(&play->control);
	play_emit(play, MOMENT_CONTROL, state == CONTROL_ANSWERED, NULL);
	if (state == CONTROL_ANSWERED)
		return;
	run->silent++;
	if (gone(run)) {
		run->result->unreachable = true;
		run_stop(run, "the target is unreachable or silent: it answered no ping on a fresh connection");
	}
}

/* The deadline has got its date: from now on it counts. */
static void wait_for_instant(struct play *play)
{
	int64_t ms = answer_ms(play);
	if (!play->timeless)
		play_arm(play->deadline, ms);
}

static void follow_step(struct play *play)
{
	enum phase phase = judge_phase(play->run->judge, play->index);
	if (phase == PHASE_SETTLED) {
		hook_free(play->hook); /* it took too long for the judge */
		play->hook = NULL;
		play->order_id = 0;
		play->step++;
		pass_to(play, PLAY_NEXT);
		return;
	}
	if (phase == PHASE_ANSWER && play->waiting)
		play_act(play);
	if (play->order_id)
		play_watch_order(play);
	if (phase != play->seen)
		begin_phase(play, phase);
	else if (phase == PHASE_ANSWER && play->timeless)
		wait_for_instant(play);
	if (phase == PHASE_FENCE)
		play_fences(play);
	if (phase == PHASE_CONTROL && play->control.active)
		watch_control(play);
}

static bool all_closed(const struct play *play)
{
	for (size_t i = 0; i < play->script->actor_count; i++) {
		if (play->peers[i].line)
			return false;
	}
	return true;
}

/* Hooks end by themselves, each in its time; orders over MQTT have the budget. */
void play_close(struct play *play)
{
	play->forbidden_us = 0;
	if (play->stage < PLAY_UNDOING) {
		hook_free(play->hook);
		play->hook = NULL;
		play->order_id = 0;
		begin_undoing(play);
		run_wake(play->run);
	} else if (play->stage == PLAY_LINGER && !play->late) {
		play->late = true;
		run_wake(play->run);
	}
}

/* An order is in force for tokens of its own second too: nobody else is to be hit by it. */
static bool order_over(struct play *play)
{
	int64_t left_ms = (play->order_s + 1) * 1000 - clock_wall_ms();
	struct timeval wait = { .tv_sec = left_ms / 1000, .tv_usec = left_ms % 1000 * 1000 };
	if (play->order_s == 0 || left_ms <= 0)
		return true;
	event_add(play->ticker, &wait);
	return false;
}

static void undo(struct play *play)
{
	bool busy = play_undo(play);
	if (!play->late && (busy || !order_over(play)))
		return;
	pass_to(play, PLAY_LINGER);
	play_arm(play->deadline, linger_ms(play));
	run_wake(play->run); /* others may have waited for this one */
}

/* Not under the policy of a script that is alone at work: it may forbid to clean up. */
static void linger(struct play *play)
{
	if (!play->late || run_alone(play->run))
		return;
	pass_to(play, PLAY_CLEANING);
	play_arm(play->deadline, play_budget_ms(play));
}

static void clean(struct play *play)
{
	if (!play_clean(play) && !play->late)
		return;
	for (size_t i = 0; i < play->script->actor_count; i++) {
		if (play->peers[i].state != PEER_LEAVING)
			peer_drop(&play->peers[i]);
	}
	pass_to(play, PLAY_CLOSING);
	play_arm(play->deadline, CLOSING_MS);
}

static void close_or_wait(struct play *play)
{
	if (play->stage == PLAY_UNDOING)
		undo(play);
	else if (play->stage == PLAY_LINGER)
		linger(play);
	else if (play->stage == PLAY_CLEANING)
		clean(play);
	else if (play->stage == PLAY_CLOSING && (play->late || all_closed(play)))
		pass_to(play, PLAY_DONE);
}

/* The judge may have changed its mind with every moment: go on until nothing moves. */
void play_pump(struct play *play)
{
	enum play_stage stage;
	enum phase seen;
	size_t step, copies;
	do {
		stage = play->stage;
		step = play->step;
		seen = play->seen;
		copies = play->copies;
		if (stage == PLAY_NEXT)
			next_step(play);
		else if (stage == PLAY_REJOIN)
			wait_rejoin(play);
		else if (stage == PLAY_STEP)
			follow_step(play);
		else
			close_or_wait(play);
	} while (!play->run->failed &&
		 (play->stage != stage || play->step != step || play->seen != seen || play->copies != copies));
}
