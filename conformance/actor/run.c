/* The run: preflight, scripts many at a time, lone reruns, verdicts. */
#include "actor/play.h"

#include "actor/shuffle.h"
#include "clock.h"
#include "crypto.h"
#include "wire/describe.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { PLAYS_MAX = 128 }; /* open at once, lingering ones counted */

void run_wake(struct run *run)
{
	event_active(run->pump, EV_TIMEOUT, 0);
}

void run_fail(struct run *run, const char *what)
{
	if (!run->failed)
		fault_set(run->fault, FAULT_BUG, "the suite itself failed: %.500s", what);
	run->failed = true;
	run_wake(run);
}

void preflight_release(struct preflight *p)
{
	for (size_t i = 0; i < p->finding_count; i++)
		free(p->findings[i].sentence);
	free(p->findings);
	free(p->clock_warning);
	free(p->problem);
	*p = (struct preflight){ .reached = false };
}

void run_took(struct run *run, size_t script, int64_t us)
{
	struct script *done = run->plan->scripts[script];
	if (us > done->duration_us)
		done->duration_us = us;
}

void run_emit(struct run *run, struct moment *moment)
{
	moment->us = clock_monotonic_us() - run->begin_us;
	trace_moment(run->trace, moment);
	if (!judge_feed(run->judge, moment))
		run_fail(run, "out of memory");
	run_wake(run);
}

void run_stop(struct run *run, const char *why)
{
	struct moment m = { .kind = MOMENT_STOPPED, .script = NOBODY, .actor = NOBODY, .text = why };
	if (run->stage == STAGE_OVER)
		return;
	run->stage = STAGE_OVER;
	run->queue_count = 0;
	run_emit(run, &m);
}

/* Its outcome takes seconds by its nature, of which nobody's processor is used. */
static bool takes_time(const struct script_step *step)
{
	return step->act == ACT_IDLE || step->act == ACT_STREAM || step->by.kind == INSTANT_EXP ||
	       step->by.offset_ms > BUDGET_LEAST_MS;
}

static bool script_takes_time(const struct script *script)
{
	for (size_t i = 0; i < script->step_count; i++) {
		if (takes_time(&script->steps[i]))
			return true;
	}
	return false;
}

/* Counts among the scripts that are done at the same time: not one that only waits for an hour to strike. */
static bool works(const struct play *play)
{
	bool waits = play->stage == PLAY_STEP && takes_time(&play->script->steps[play->step]);
	return play_busy(play) && !waits;
}

bool run_alone(const struct run *run)
{
	for (size_t i = 0; i < run->play_count; i++) {
		if (run->plays[i]->script->alone && play_busy(run->plays[i]))
			return true;
	}
	return false;
}

/* Alone means alone: the others at most listen still. */
static bool all_listen(const struct run *run)
{
	for (size_t i = 0; i < run->play_count; i++) {
		if (run->plays[i]->stage != PLAY_LINGER)
			return false;
	}
	return true;
}

/* Room for one more. */
static bool has_room(const struct run *run)
{
	size_t busy = 0;
	if (run_alone(run))
		return false;
	for (size_t i = 0; i < run->play_count; i++)
		busy += works(run->plays[i]);
	if (run->stage == STAGE_RERUNS)
		return run->play_count == 0;
	return busy < (run->options->jobs ? run->options->jobs : 1) && run->play_count < PLAYS_MAX;
}

/* The Client Identifiers of a script: its actors', and those that a step connects with instead. "": none is held. */
static size_t client_count(const struct script *script)
{
	return script->actor_count + script->step_count;
}

static const char *client(const struct script *script, size_t i)
{
	const struct script_actor *actor = i < script->actor_count ? &script->actors[i] : script->steps[i - script->actor_count].as;
	return actor && actor->client_id ? actor->client_id : "";
}

/* Two scripts that fix the same Client Identifier would take each other's connections over. */
static bool may_begin(const struct run *run, const struct script *script)
{
	if (script->alone && !all_listen(run))
		return false;
	for (size_t i = 0; i < client_count(script); i++) {
		if (*client(script, i) && json_object_get(run->clients, client(script, i)))
			return false;
	}
	return true;
}

static bool hold_clients(struct run *run, const struct script *script)
{
	bool held = true;
	for (size_t i = 0; i < client_count(script); i++) {
		if (*client(script, i))
			held = json_object_set_new_nocheck(run->clients, client(script, i), json_true()) == 0 && held;
	}
	return held;
}

static void free_clients(struct run *run, const struct script *script)
{
	for (size_t i = 0; i < client_count(script); i++)
		json_object_del(run->clients, client(script, i));
}

static void begin_script(struct run *run, size_t at)
{
	size_t index = run->queue[at];
	struct play *play = NULL;
	if (hold_clients(run, run->plan->scripts[index]))
		play = play_new(run, index, run->stage == STAGE_RERUNS ? 2 : 1);
	if (!play) {
		run_fail(run, "out of memory");
		return;
	}
	run->plays[run->play_count++] = play;
	run->queue_count--;
	memmove(&run->queue[at], &run->queue[at + 1], (run->queue_count - at) * sizeof *run->queue);
	play_pump(play);
}

/* Each moment comes by here, so what is asked of each script in the queue must be little. */
static void begin_scripts(struct run *run)
{
	bool room = has_room(run);
	for (size_t i = 0; room && i < run->queue_count && !run->failed;) {
		if (!may_begin(run, run->plan->scripts[run->queue[i]])) {
			i++;
			continue;
		}
		begin_script(run, i);
		room = has_room(run);
	}
}

static const char *waiting_for(const struct run *run)
{
	for (size_t i = 0; i < run->play_count; i++) {
		if (play_busy(run->plays[i]))
			return run->plays[i]->script->id;
	}
	if (run->play_count > 0) /* its observers are still watched */
		return run->plays[0]->script->id;
	return run->stage == STAGE_PREFLIGHT ? "preflight" : NULL;
}

static void report(const struct run *run, const struct script *finished)
{
	if (run->options->progress)
		run->options->progress(run->options->context, finished, run->done, waiting_for(run));
}

static void retire(struct run *run, size_t at)
{
	struct play *play = run->plays[at];
	const struct script *script = play->script;
	bool first = play->attempt == 1;
	if (!first)
		run->unclear = judge_unclear(run->judge, play->index) ? run->unclear + 1 : 0;
	free_clients(run, script);
	play_free(play);
	run->plays[at] = run->plays[--run->play_count];
	run->done += first;
	if (first)
		report(run, script);
}

static void pump_plays(struct run *run)
{
	for (size_t i = 0; i < run->play_count && !run->failed;) {
		struct play *play = run->plays[i];
		play_pump(play);
		if (run->options->stop_on_fail && !play_busy(play) && judge_failed(run->judge, play->index))
			run_stop(run, "a check failed, and the run was to stop there");
		if (run->stage == STAGE_OVER)
			play_close(play);
		if (play->stage == PLAY_DONE)
			retire(run, i);
		else
			i++;
	}
}

static void queue_reruns(struct run *run)
{
	run->stage = STAGE_RERUNS;
	run->silent = 0; /* a broker that only napped gets its second chance */
	for (size_t i = 0; i < run->plan->script_count; i++) {
		if (judge_unclear(run->judge, i))
			run->queue[run->queue_count++] = i;
	}
}

static void next_stage(struct run *run)
{
	if (run->stage == STAGE_SCRIPTS)
		queue_reruns(run);
	begin_scripts(run);
	if (run->queue_count == 0 && run->play_count == 0)
		run->stage = STAGE_OVER;
}

static void conclude_preflight(struct run *run)
{
	const struct preflight *p = &run->result->preflight;
	char why[600];
	int64_t budget = p->round_trip_us * BUDGET_ROUND_TRIPS / 1000;
	if (budget > run->budget_ms)
		run->budget_ms = budget < BUDGET_MOST_MS ? budget : BUDGET_MOST_MS;
	trace_preflight(run->trace, p);
	run->stage = STAGE_SCRIPTS;
	if (!p->reached || !p->good_token_accepted || !p->own_message_back) {
		run->result->unreachable = !p->reached || !run->heard;
		snprintf(why, sizeof why, "preflight: %s", p->problem ? p->problem : "the target did not answer");
		run_stop(run, why);
	}
	questions_block(run);
	preflight_end(run);
}

static void on_pump(evutil_socket_t fd, short what, void *context)
{
	struct run *run = context;
	(void)fd;
	(void)what;
	if (run->stage == STAGE_PREFLIGHT && !run->failed && preflight_poll(run))
		conclude_preflight(run);
	if (run->stage == STAGE_OVER)
		preflight_end(run);
	if (run->stage != STAGE_PREFLIGHT)
		pump_plays(run);
	if (run->stage == STAGE_RERUNS && (run->silent > 0 || run->unclear >= RERUNS_UNCLEAR))
		run->queue_count = 0; /* even alone nothing gets clearer: more of it would only take time */
	if (run->stage == STAGE_SCRIPTS || run->stage == STAGE_RERUNS)
		begin_scripts(run);
	while (run->stage != STAGE_PREFLIGHT && run->stage != STAGE_OVER && !run->failed && run->queue_count == 0 &&
	       run->play_count == 0)
		next_stage(run);
	if (run->failed || (run->stage == STAGE_OVER && run->play_count == 0))
		event_base_loopbreak(run->base);
}

static void on_second(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	report(context, NULL);
}

static void on_interrupt(evutil_socket_t fd, short what, void *context)
{
	struct run *run = context;
	(void)fd;
	(void)what;
	run->result->interrupted = true;
	run_stop(run, "the run was interrupted");
}

/* "main-" and the first algorithm that the target declares. */
static char *helper_key(const struct target *target)
{
	const char *algorithm = target->algorithms && target->algorithms[0] ? target->algorithms[0] : "ES256";
	struct buf role;
	buf_init(&role, 64);
	buf_text(&role, "main-");
	for (const char *c = algorithm; *c; c++)
		buf_u8(&role, (uint8_t)tolower((unsigned char)*c));
	char *copy = role.failed ? NULL : slice_copy(buf_slice(&role));
	buf_release(&role);
	return copy;
}

static bool make_salt(struct run *run)
{
	unsigned char bytes[SALT_SIZE / 2];
	struct buf hex;
	buf_init(&hex, SALT_SIZE);
	bool made = random_bytes(bytes, sizeof bytes);
	hex_encode(slice_of(bytes, sizeof bytes), &hex);
	made = made && hex.size == SALT_SIZE;
	if (made)
		memcpy(run->salt, hex.data, SALT_SIZE);
	buf_release(&hex);
	return made;
}

static bool make_events(struct run *run)
{
	struct timeval second = { .tv_sec = 1 };
	run->base = event_base_new();
	if (!run->base)
		return false;
	run->pump = event_new(run->base, -1, 0, on_pump, run);
	run->second = event_new(run->base, -1, EV_PERSIST, on_second, run);
	run->interrupt = evsignal_new(run->base, SIGINT, on_interrupt, run);
	return run->pump && run->second && run->interrupt && event_add(run->second, &second) == 0 &&
	       event_add(run->interrupt, NULL) == 0;
}

/* *why: the sentence for a host that cannot be found, which is the target's affair, not ours. */
static bool find_listeners(struct run *run, char *why, size_t size)
{
	bool tls = false, loopback = true;
	int64_t deadline = clock_monotonic_us() + LOOKUP_MS * INT64_C(1000); /* for all of them together */
	for (size_t i = 0; i < run->target->listener_count; i++) {
		const struct listener *listener = &run->target->listeners[i];
		struct fault fault;
		tls |= listener->tls;
		if (!address_find(listener->host, listener->port, deadline, &run->addresses[i], &fault))
			snprintf(why, size, "listener %.60s: %.400s", listener->name, fault.text);
		loopback &= run->addresses[i].loopback;
	}
	run->grace_ms = loopback ? GRACE_LOOPBACK_MS : GRACE_ELSEWHERE_MS;
	if (run->target->grace_ms >= 0)
		run->grace_ms = run->target->grace_ms;
	if (tls)
		run->tls = line_tls(run->target->ca_file ? run->target->ca_file : run->fixture->ca_file, run->fault);
	return !tls || run->tls;
}

/* The long ones first, shuffled or not: everything else is done while they wait. */
static void make_queue(struct run *run)
{
	uint64_t state = run->options->order;
	for (int round = 0; round < 2; round++) {
		size_t begin = run->queue_count;
		for (size_t i = 0; i < run->plan->script_count; i++) {
			if (script_open(run->plan->scripts[i]) && script_takes_time(run->plan->scripts[i]) == (round == 0))
				run->queue[run->queue_count++] = i;
		}
		if (run->options->shuffle)
			shuffle(run->queue + begin, run->queue_count - begin, &state);
	}
	for (size_t i = 0; i < run->plan->script_count; i++)
		run->plan->scripts[i]->duration_us = 0;
	run->done = run->plan->script_count - run->queue_count;
}

static bool run_init(struct run *run, char *why, size_t size)
{
	size_t scripts = run->plan->script_count + 1;
	run->begin_us = clock_monotonic_us();
	run->budget_ms = BUDGET_LEAST_MS;
	run->addresses = calloc(run->target->listener_count + 1, sizeof *run->addresses);
	run->plays = calloc(scripts, sizeof *run->plays);
	run->queue = calloc(scripts, sizeof *run->queue);
	run->clients = json_object();
	run->helper_key = helper_key(run->target);
	if (!run->addresses || !run->plays || !run->queue || !run->clients || !run->helper_key || !make_salt(run) || !make_events(run))
		return fault_set(run->fault, FAULT_UNAVAILABLE, "out of memory, entropy or event loop");
	if (!find_listeners(run, why, size))
		return false;
	run->judge = judge_new(run->plan, run->salt);
	if (!run->judge)
		return fault_set(run->fault, FAULT_UNAVAILABLE, "out of memory");
	if (run->options->trace_file)
		run->trace = trace_open(run->options->trace_file, run->plan, run->target, run->fixture, run->salt, run->fault);
	make_queue(run);
	return run->trace || !run->options->trace_file;
}

static void run_release(struct run *run)
{
	preflight_end(run);
	while (run->play_count > 0)
		play_free(run->plays[--run->play_count]);
	if (run->pump)
		event_free(run->pump);
	if (run->second)
		event_free(run->second);
	if (run->interrupt)
		event_free(run->interrupt);
	if (run->base)
		event_base_free(run->base);
	SSL_CTX_free(run->tls);
	judge_free(run->judge);
	free(run->addresses);
	free(run->plays);
	free(run->queue);
	json_decref(run->clients);
	free(run->helper_key);
}

/* From the first connection to the last. */
static void perform(struct run *run, const char *why)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	sigset_t interrupt, mask;
	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigaction(SIGPIPE, &ignore, &before); /* a broker may close while we write */
	if (*why) {
		run->result->unreachable = true;
		run->result->preflight.problem = slice_copy(slice_text(why));
		trace_preflight(run->trace, &run->result->preflight);
		run_stop(run, why);
	} else if (run->options->preflight) {
		preflight_begin(run);
	} else {
		run->stage = STAGE_SCRIPTS;
	}
	run_wake(run);
	sigprocmask(SIG_UNBLOCK, &interrupt, &mask);
	event_base_dispatch(run->base);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	preflight_end(run);
	while (run->play_count > 0)
		play_free(run->plays[--run->play_count]);
	sigaction(SIGPIPE, &before, NULL);
}

bool run_plan(struct plan *plan, const struct target *target, const struct fixture *fixture,
	      const struct run_options *options, struct run_result *result, struct fault *fault)
{
	char why[600] = "";
	struct fault unwritten;
	struct run run = {
		.plan = plan, .target = target, .fixture = fixture, .options = options, .result = result, .fault = fault,
	};
	memset(result, 0, sizeof *result);
	bool good = run_init(&run, why, sizeof why);
	if (good)
		perform(&run, why);
	result->duration_us = clock_monotonic_us() - run.begin_us;
	if (!trace_close(run.trace, result, &unwritten) && good) {
		*fault = unwritten;
		good = false;
	}
	good = good && !run.failed;
	if (good && !judge_finish(run.judge, plan))
		good = fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	run_release(&run);
	return good && (!options->trace_file || run_verify(plan, options->trace_file, fault));
}
