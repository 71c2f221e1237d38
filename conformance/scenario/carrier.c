#include "scenario/carrier.h"

#include "registry/list.h"
#include "scenario/draft.h"

#include <ctype.h>
#include <stdlib.h>

enum {
	KEPT_SESSION_S = 60, WILL_DELAY_S = 1, CARRIER_ALIAS = 1, CARRIER_IDENTIFIER = 7,
	WILL_LATE_MS = 4000 /* slow timers: Mosquitto 2.0 sends a will of 1 s up to 3.8 s after the fall */
};

/* Steps still speak of each other by their indices as written; carrier_expand translates at the end. */
struct expansion_run {
	struct script *script;     /* steps as written; those that were moved are empty */
	struct script_step *steps; /* as sent */
	size_t count;
	size_t *place;  /* where each step as written went */
	bool *keeps;    /* one an actor: its session must outlive its connection */
	bool no_memory;
};

/* Room for one more step; a place that nobody looks at when there is none. */
static struct script_step *add(struct expansion_run *run, struct script_step *spare)
{
	struct script_step *steps = run->no_memory ? NULL : list_room(run->steps, run->count, sizeof *steps);

	if (!steps) {
		run->no_memory = true;
		return spare;
	}
	run->steps = steps;
	return &steps[run->count++];
}

/* The step itself goes on. Valid until the next one. */
static struct script_step *move(struct expansion_run *run, size_t index)
{
	struct script_step spare, *step = add(run, &spare);

	if (step == &spare)
		return &run->script->steps[index];
	*step = run->script->steps[index];
	memset(&run->script->steps[index], 0, sizeof *step);
	run->place[index] = run->count - 1;
	return step;
}

/* A step that is not written, for the actor and in the name of the step that was added last. */
static struct script_step blank(const struct expansion_run *run, enum act act, enum outcome outcome)
{
	struct script_step step = { .act = act, .qos = 1, .outcomes = { outcome } };

	script_step_init(&step);
	step.outcome_count = outcome != OUTCOME_NONE;
	if (run->count) {
		step.source = run->steps[run->count - 1].source;
		step.place = run->steps[run->count - 1].place;
		step.actor = run->steps[run->count - 1].actor;
	}
	return step;
}

static void follow(struct expansion_run *run, const struct script_step *step)
{
	struct script_step spare, *place = add(run, &spare);

	*place = *step;
	if (place == &spare)
		script_steps_release(place, 1);
}

static char *copy(struct expansion_run *run, const char *text)
{
	char *result = slice_copy(slice_text(text));

	run->no_memory = run->no_memory || !result;
	return result;
}

static bool denied(const struct script_step *step)
{
	return step->label == LABEL_DENY;
}

static void expand_qos0(struct expansion_run *run, size_t index)
{
	move(run, index)->qos = 0;
}

static void expand_qos1(struct expansion_run *run, size_t index)
{
	move(run, index)->qos = 1;
}

static void expand_qos2(struct expansion_run *run, size_t index)
{
	move(run, index)->qos = 2;
}

/* What looks like a retransmission is decided like a first sending. */
static void expand_qos1_dup(struct expansion_run *run, size_t index)
{
	struct script_step *step = move(run, index);

	step->qos = 1;
	step->properties.dup = 1;
}

/* The step in which this actor last asked for something that was granted, up to this place; NULL. */
static const struct script_step *last_subscription(const struct expansion_run *run, size_t actor)
{
	for (size_t i = run->count; i-- > 0;)
		if (run->steps[i].act == ACT_SUBSCRIBE && run->steps[i].actor == actor && !denied(&run->steps[i]))
			return &run->steps[i];
	return NULL;
}

static bool means(const struct script_step *step, size_t message)
{
	for (size_t i = 0; i < step->message_count; i++)
		if (step->messages[i] == message)
			return true;
	return false;
}

/* A fresh subscription finds whatever was retained: it must not find this. */
static void look_again(struct expansion_run *run, const struct script_step *deny, size_t index, size_t observer)
{
	const struct script_step *before = last_subscription(run, observer);
	struct script_step subscribe = blank(run, ACT_SUBSCRIBE, OUTCOME_GRANTED);
	struct script_step never = blank(run, ACT_NEVER, OUTCOME_NONE);

	if (!before)
		return;
	subscribe.actor = never.actor = observer;
	subscribe.qos = before->qos;
	subscribe.filters[0] = copy(run, before->filters[before->tested]);
	subscribe.filter_count = subscribe.filters[0] != NULL;
	never.payload = copy(run, deny->payload);
	never.messages[0] = index;
	never.message_count = 1;
	never.check = deny->check;
	never.twin = deny->twin;
	follow(run, &subscribe);
	follow(run, &never);
}

static void expand_retain(struct expansion_run *run, size_t index)
{
	struct script_step *step = move(run, index);
	const struct script_step deny = *step;
	size_t twin = step->twin >= 0 ? (size_t)step->twin : index, asked = run->count;

	step->retain = true;
	if (!denied(step))
		return;
	for (size_t i = 0; i < asked && !run->no_memory; i++) {
		bool again = false;
		if (run->steps[i].act != ACT_RECEIVE || !means(&run->steps[i], twin))
			continue;
		for (size_t k = 0; k < i; k++)
			again = again || (run->steps[k].act == ACT_RECEIVE && means(&run->steps[k], twin) &&
					  run->steps[k].actor == run->steps[i].actor);
		if (!again)
			look_again(run, &deny, index, run->steps[i].actor);
	}
}

/* The message becomes the will of a connection that then falls. */
static struct script_step *into_will(struct expansion_run *run, size_t index)
{
	struct script_step *step = move(run, index);

	step->will.topic = step->topic;
	step->will.payload = step->payload;
	step->topic = step->payload = NULL;
	step->will.qos = step->qos;
	step->will.retain = step->retain;
	step->will.properties = step->properties;
	step->properties = blank(run, ACT_CONNECT, OUTCOME_NONE).properties;
	step->act = ACT_CONNECT;
	for (size_t i = 0; i < step->outcome_count; i++)
		if (step->outcomes[i] == OUTCOME_ALLOWED)
			step->outcomes[i] = OUTCOME_ACCEPTED;
	return step;
}

/* The connection is cut, where it is still there. */
static void fall(struct expansion_run *run)
{
	struct script_step drop = blank(run, ACT_DROP, OUTCOME_NONE);

	drop.if_open = true;
	follow(run, &drop);
}

static void expand_will(struct expansion_run *run, size_t index)
{
	into_will(run, index);
	fall(run);
}

static void expand_delayed_will(struct expansion_run *run, size_t index)
{
	struct script_step *step = into_will(run, index);

	step->will.delay_s = WILL_DELAY_S;
	step->grace_ms = WILL_DELAY_S * 1000 + WILL_LATE_MS;
	step->as = actor_copy(&run->script->actors[step->actor]);
	if (step->as)
		step->as->session_expiry_s = KEPT_SESSION_S;
	run->no_memory = run->no_memory || !step->as;
	fall(run);
}

/* The second PUBLISH names no topic: after a denial the alias means the denied topic or
 * nothing, and never what it meant before. */
static void expand_alias(struct expansion_run *run, size_t index)
{
	struct script_step *first = move(run, index), second;

	first->alias = CARRIER_ALIAS;
	second = blank(run, ACT_PUBLISH, denied(first) ? OUTCOME_DENIED : OUTCOME_ALLOWED);
	second.label = first->label;
	second.twin = first->twin;
	second.check = first->check;
	second.qos = first->qos;
	second.alias = CARRIER_ALIAS;
	second.topic = copy(run, "");
	second.payload = copy(run, first->payload);
	if (denied(first)) {
		second.if_open = true;
		second.outcomes[second.outcome_count++] = OUTCOME_CLOSED;
	}
	follow(run, &second);
}

/* The connection falls and its session is taken up again. */
static void fall_and_resume(struct expansion_run *run)
{
	struct script_step resume = blank(run, ACT_RESUME, OUTCOME_PRESENT);

	fall(run);
	run->keeps[resume.actor] = true;
	for (size_t i = run->count; i-- > 0;) {
		const struct script_step *before = &run->steps[i];
		if (before->actor != resume.actor || (before->act != ACT_CONNECT && before->act != ACT_RESUME))
			continue;
		resume.as = before->as ? actor_copy(before->as) : NULL;
		run->no_memory = run->no_memory || (before->as && !resume.as);
		break;
	}
	follow(run, &resume);
}

/* Half a QoS 2 exchange, a fall, and the other half; what was denied is tried again instead. */
static void expand_resumed_qos2(struct expansion_run *run, size_t index)
{
	struct script_step *step = move(run, index), rest;

	step->qos = 2;
	step->held_back = true;
	rest = blank(run, denied(step) ? ACT_PUBLISH : ACT_RELEASE, denied(step) ? OUTCOME_DENIED : OUTCOME_ALLOWED);
	rest.label = step->label;
	rest.check = step->check;
	rest.twin = step->twin;
	if (denied(step)) {
		rest.qos = 2;
		rest.again = rest.held_back = true;
		rest.topic = copy(run, step->topic);
		rest.payload = copy(run, step->payload);
	}
	fall_and_resume(run);
	follow(run, &rest);
}

static void expand_packed(struct expansion_run *run, size_t index)
{
	move(run, index)->vehicle = VEHICLE_PACKED;
}

static void expand_dribbled(struct expansion_run *run, size_t index)
{
	move(run, index)->vehicle = VEHICLE_DRIBBLED;
}

static void expand_plain(struct expansion_run *run, size_t index)
{
	move(run, index);
}

/* A filter that the same actor is granted: the twin's, or another of its own anywhere in the case. NULL. */
static const char *neighbour_of(const struct expansion_run *run, const struct script_step *step)
{
	const struct script_step *lists[] = { run->steps, run->script->steps };
	const size_t counts[] = { run->count, run->script->step_count };

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < counts[k]; i++) {
			const struct script_step *other = &lists[k][i];
			if (other->act == ACT_SUBSCRIBE && other->actor == step->actor && other->filter_count && !denied(other))
				return other->filters[other->tested];
		}
	return NULL;
}

/* [SBS-03] The tested filter between two that are granted: neither may lend the other its answer. Who is
 * granted nothing in the case asks alone. */
static void expand_second_of_three(struct expansion_run *run, size_t index)
{
	struct script_step *step = move(run, index);
	const char *neighbour = neighbour_of(run, step);

	if (!neighbour)
		return;
	char *before = copy(run, neighbour), *after = copy(run, neighbour);
	step->filters[1] = step->filters[0];
	step->filters[0] = before;
	step->filters[2] = after;
	step->filter_count = 3;
	step->tested = 1;
}

/* A group of the script's own: in one that others use too, they would get what was not to arrive here. */
static void put_group(struct buf *filter, const struct script_actor *actor)
{
	buf_text(filter, "$share/g");
	for (const char *c = actor->client_id; c && *c; c++)
		if (isalnum((unsigned char)*c))
			buf_u8(filter, (uint8_t)*c);
	buf_text(filter, "/");
}

/* Only the denied filter: no rule of the core grants a share, so the twin stays what it is. */
static void expand_share(struct expansion_run *run, size_t index)
{
	struct script_step *step = move(run, index);
	struct buf filter;

	if (!denied(step) || strncmp(step->filters[0], "$share/", 7) == 0)
		return;
	buf_init(&filter, 65536);
	put_group(&filter, &run->script->actors[step->actor]);
	buf_text(&filter, step->filters[0]);
	char *shared = filter.failed ? NULL : copy(run, buf_string(&filter));
	run->no_memory = run->no_memory || !shared;
	if (shared) {
		free(step->filters[0]);
		step->filters[0] = shared;
	}
	buf_release(&filter);
}

static void expand_identifier(struct expansion_run *run, size_t index)
{
	move(run, index)->identifier = CARRIER_IDENTIFIER;
}

static void expand_resumed(struct expansion_run *run, size_t index)
{
	move(run, index);
	fall_and_resume(run);
}

static const struct carrier carriers[] = {
	{ "publish", "qos0", ACT_PUBLISH, "at QoS 0", expand_qos0 },
	{ "publish", "qos1", ACT_PUBLISH, "at QoS 1", expand_qos1 },
	{ "publish", "qos2", ACT_PUBLISH, "at QoS 2", expand_qos2 },
	{ "publish", "qos1-dup", ACT_PUBLISH, "at QoS 1 with DUP set on the first sending", expand_qos1_dup },
	{ "publish", "retain", ACT_PUBLISH, "retained, and looked for by fresh subscriptions", expand_retain },
	{ "publish", "will", ACT_PUBLISH, "as the will of a connection that then falls", expand_will },
	{ "publish", "delayed-will", ACT_PUBLISH, "as a will that waits a second", expand_delayed_will },
	{ "publish", "alias", ACT_PUBLISH, "with a Topic Alias, then by the alias alone", expand_alias },
	{ "publish", "resumed-qos2", ACT_PUBLISH, "half at QoS 2, the rest in the resumed session", expand_resumed_qos2 },
	{ "publish", "packed", ACT_PUBLISH, "in one segment with its CONNECT", expand_packed },
	{ "publish", "dribbled", ACT_PUBLISH, "a byte a segment", expand_dribbled },
	{ "subscribe", "alone", ACT_SUBSCRIBE, "as written", expand_plain },
	{ "subscribe", "second-of-three", ACT_SUBSCRIBE, "between two filters that are granted", expand_second_of_three },
	{ "subscribe", "qos0", ACT_SUBSCRIBE, "with a maximum of QoS 0", expand_qos0 },
	{ "subscribe", "share", ACT_SUBSCRIBE, "the denied filter as $share/GROUP/FILTER", expand_share },
	{ "subscribe", "identifier", ACT_SUBSCRIBE, "with a Subscription Identifier", expand_identifier },
	{ "subscribe", "resumed", ACT_SUBSCRIBE, "then fallen and resumed", expand_resumed },
	{ "subscribe", "dribbled", ACT_SUBSCRIBE, "a byte a segment", expand_dribbled },
	{ "connect", "plain", ACT_CONNECT, "as written", expand_plain },
	{ "connect", "packed", ACT_CONNECT, "in one segment with what follows", expand_packed },
	{ "connect", "dribbled", ACT_CONNECT, "a byte a segment", expand_dribbled },
};

const char carrier_listeners[] = "listeners";
const char carrier_doors[] = "a door: publish, subscribe, connect or listeners";

const struct carrier *carrier_at(size_t index)
{
	return index < sizeof carriers / sizeof *carriers ? &carriers[index] : NULL;
}

const struct carrier *carrier_of(struct slice door, size_t index)
{
	for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
		if (slice_is(door, carriers[i].door) && index-- == 0)
			return &carriers[i];
	return NULL;
}

/* From indices as written to those as sent. */
static void translate(const struct expansion_run *run, struct script_step *step)
{
	struct instant *instants[] = { &step->by, &step->should_by, &step->after, &step->until };

	if (step->twin >= 0)
		step->twin = (ptrdiff_t)run->place[step->twin];
	for (size_t i = 0; i < step->message_count; i++)
		step->messages[i] = run->place[step->messages[i]];
	for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
		if (instants[i]->kind == INSTANT_STEP)
			instants[i]->index = run->place[instants[i]->index];
}

static void keep_session(struct script_actor *actor)
{
	if (actor->session_expiry_s < KEPT_SESSION_S)
		actor->session_expiry_s = KEPT_SESSION_S;
}

/* The steps as sent take the place of those as written, which are empty by now. */
static void take_over(struct expansion_run *run)
{
	struct script *s = run->script;

	for (size_t i = 0; i < run->count; i++) {
		translate(run, &run->steps[i]);
		if (run->keeps[run->steps[i].actor] && run->steps[i].as)
			keep_session(run->steps[i].as);
	}
	for (size_t i = 0; i < s->actor_count; i++)
		if (run->keeps[i])
			keep_session(&s->actors[i]);
}

bool carrier_expand(const struct carrier *carrier, struct script *script)
{
	struct expansion_run run = { .script = script };
	size_t written = script->step_count;

	run.place = calloc(written + 1, sizeof *run.place);
	run.keeps = calloc(script->actor_count + 1, sizeof *run.keeps);
	run.no_memory = !run.place || !run.keeps;
	for (size_t i = 0; !run.no_memory && i < written; i++) {
		bool carried = script->steps[i].label != LABEL_NONE && script->steps[i].act == carrier->act;
		(carried ? carrier->expand : expand_plain)(&run, i);
	}
	if (!run.no_memory)
		take_over(&run);
	else
		script_steps_release(script->steps, written); /* those that were not moved */
	if (run.steps) {
		free(script->steps);
		script->steps = run.steps;
		script->step_count = run.count;
	}
	free(run.place);
	free(run.keeps);
	return !run.no_memory;
}
