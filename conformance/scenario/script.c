#include "scenario/script.h"

#include <stdlib.h>

static void actor_release(struct script_actor *actor)
{
	free(actor->name);
	free(actor->org_id);
	free(actor->claim);
	free(actor->value);
	free(actor->client_id);
	free(actor->username);
	json_decref(actor->recipe);
}

static void step_release(struct script_step *step)
{
	free(step->topic);
	free(step->payload);
	for (size_t i = 0; i < step->filter_count; i++)
		free(step->filters[i]);
}

void script_free(struct script *script)
{
	if (!script)
		return;
	for (size_t i = 0; i < script->actor_count; i++)
		actor_release(&script->actors[i]);
	for (size_t i = 0; i < script->step_count; i++)
		step_release(&script->steps[i]);
	for (size_t i = 0; i < script->check_count; i++)
		free(script->checks[i].sentence);
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
		[VERDICT_INCONCLUSIVE] = "INCONCLUSIVE", [VERDICT_WARN] = "WARN", [VERDICT_PASS] = "PASS",
	};

	return (size_t)verdict < sizeof names / sizeof *names ? names[verdict] : "unknown";
}

const char *act_name(enum act act)
{
	static const char *const names[] = {
		[ACT_CONNECT] = "connects", [ACT_PUBLISH] = "publishes", [ACT_SUBSCRIBE] = "subscribes",
		[ACT_UNSUBSCRIBE] = "unsubscribes", [ACT_PING] = "pings", [ACT_DISCONNECT] = "disconnects",
		[ACT_DROP] = "drops", [ACT_RECEIVE] = "receives", [ACT_NEVER] = "never receives",
	};

	return (size_t)act < sizeof names / sizeof *names ? names[act] : "unknown";
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_NONE] = "-", [OUTCOME_ACCEPTED] = "accepted", [OUTCOME_REFUSED] = "refused",
		[OUTCOME_ALLOWED] = "allowed", [OUTCOME_DENIED] = "denied", [OUTCOME_GRANTED] = "granted",
		[OUTCOME_ALIVE] = "alive", [OUTCOME_CLOSED] = "closed",
	};

	return (size_t)outcome < sizeof names / sizeof *names ? names[outcome] : "unknown";
}
