#include "scenario/script.h"

#include <stdlib.h>

static void message_init(struct script_message *message)
{
	message->qos = message->retain = message->dup = message->format = -1;
	message->expiry_s = -1;
}

void script_step_init(struct script_step *step)
{
	step->count = step->among = step->twin = step->check = step->manner = step->alike = -1;
	step->session_s = step->will.delay_s = -1;
	message_init(&step->properties);
	message_init(&step->will.properties);
}

void script_actor_init(struct script_actor *actor)
{
	actor->session_expiry_s = actor->request_problem = actor->request_response = -1;
}

static void message_release(struct script_message *message)
{
	free(message->content_type);
	free(message->response_topic);
	free(message->correlation);
	free(message->topic);
	for (size_t i = 0; i < message->user_count; i++) {
		free(message->user[i][0]);
		free(message->user[i][1]);
	}
}

void script_actor_release(struct script_actor *actor)
{
	free(actor->name);
	free(actor->org_id);
	free(actor->claim);
	free(actor->value);
	free(actor->client_id);
	free(actor->username);
	free(actor->method);
	json_decref(actor->recipe);
}

static void step_release(struct script_step *step)
{
	free(step->topic);
	free(step->payload);
	free(step->breaks);
	free(step->document);
	free(step->word);
	free(step->will.topic);
	free(step->will.payload);
	message_release(&step->properties);
	message_release(&step->will.properties);
	for (size_t i = 0; i < step->bytes_count; i++)
		free(step->bytes[i].data);
	free(step->bytes);
	if (step->as)
		script_actor_release(step->as);
	free(step->as);
	for (size_t i = 0; i < step->filter_count; i++)
		free(step->filters[i]);
}

void check_release(struct check *check)
{
	free(check->sentence);
	free(check->preset_why);
}

bool script_open(const struct script *script)
{
	for (size_t i = 0; i < script->check_count; i++) {
		if (script->checks[i].preset == VERDICT_PENDING)
			return true;
	}
	return false;
}

void script_steps_release(struct script_step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		step_release(&steps[i]);
}

void script_free(struct script *script)
{
	if (!script)
		return;
	for (size_t i = 0; i < script->actor_count; i++)
		script_actor_release(&script->actors[i]);
	script_steps_release(script->steps, script->step_count);
	for (size_t i = 0; i < script->check_count; i++)
		check_release(&script->checks[i]);
	free(script->id);
	free(script->case_id);
	free(script->title);
	free(script->carrier);
	free(script->actors);
	free(script->steps);
	free(script->checks);
	free(script);
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_PENDING] = "PENDING", [VERDICT_HARNESS] = "HARNESS", [VERDICT_NA] = "N/A",
		[VERDICT_UNTESTED] = "UNTESTED", [VERDICT_BLOCKED] = "BLOCKED", [VERDICT_FAIL] = "FAIL",
		[VERDICT_INCONCLUSIVE] = "INCONCLUSIVE", [VERDICT_FLAKY] = "FLAKY", [VERDICT_WARN] = "WARN", [VERDICT_PASS] = "PASS",
	};

	return (size_t)verdict < sizeof names / sizeof *names ? names[verdict] : "unknown";
}

const char *act_name(enum act act)
{
	static const char *const names[] = {
		[ACT_CONNECT] = "connects", [ACT_RESUME] = "resumes", [ACT_RENEW] = "renews", [ACT_PUBLISH] = "publishes",
		[ACT_RELEASE] = "releases", [ACT_STREAM] = "streams", [ACT_SUBSCRIBE] = "subscribes",
		[ACT_UNSUBSCRIBE] = "unsubscribes", [ACT_PING] = "pings", [ACT_IDLE] = "idles", [ACT_SEND] = "sends",
		[ACT_STALL] = "stalls", [ACT_DISCONNECT] = "disconnects", [ACT_DROP] = "drops", [ACT_RECEIVE] = "receives",
		[ACT_NEVER] = "never receives", [ACT_REVOKE] = "revokes", [ACT_LIFT] = "lifts", [ACT_LOAD] = "loads",
		[ACT_RESTART] = "restarts",
	};

	return (size_t)act < sizeof names / sizeof *names ? names[act] : "unknown";
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_NONE] = "-", [OUTCOME_ACCEPTED] = "accepted", [OUTCOME_PRESENT] = "present",
		[OUTCOME_ABSENT] = "absent", [OUTCOME_REFUSED] = "refused", [OUTCOME_ALLOWED] = "allowed",
		[OUTCOME_DENIED] = "denied", [OUTCOME_GRANTED] = "granted", [OUTCOME_ALIVE] = "alive",
		[OUTCOME_ACK] = "ack", [OUTCOME_OPEN] = "open", [OUTCOME_CLOSED] = "closed",
	};

	return (size_t)outcome < sizeof names / sizeof *names ? names[outcome] : "unknown";
}
