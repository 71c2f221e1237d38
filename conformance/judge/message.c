#include "judge/message.h"

#include <string.h>

static const char *alias_topic(const struct script *script, size_t step)
{
	const struct script_step *alone = &script->steps[step];
	for (size_t i = step; i > 0; i--) {
		const struct script_step *s = &script->steps[i - 1];
		if (s->act == ACT_PUBLISH && s->actor == alone->actor && s->alias == alone->alias && s->topic && *s->topic)
			return s->topic;
	}
	return "";
}

bool message_of(const struct script *script, size_t step, struct message *message)
{
	const struct script_step *s = &script->steps[step];
	bool will = (s->act == ACT_CONNECT || s->act == ACT_RESUME) && s->will.topic;
	bool publish = (s->act == ACT_PUBLISH || s->act == ACT_STREAM) && s->topic && !s->empty;
	if (!will && !publish)
		return false;
	*message = (struct message){
		.topic = will ? s->will.topic : s->topic,
		.payload = will ? s->will.payload : s->payload,
		.payload_size = will ? 0 : s->payload_size,
		.qos = will ? s->will.qos : s->qos,
		.retain = will ? s->will.retain : s->retain,
		.properties = will ? &s->will.properties : &s->properties,
	};
	if (!message->payload)
		message->payload = "";
	if (publish && s->alias && !*s->topic)
		message->topic = alias_topic(script, step);
	return true;
}

bool message_denied(const struct script *script, size_t step)
{
	struct message ignored;
	return message_of(script, step, &ignored) && step_only(&script->steps[step], OUTCOME_DENIED);
}

ptrdiff_t message_held_back(const struct script *script, size_t release)
{
	for (size_t i = release; i > 0; i--) {
		const struct script_step *s = &script->steps[i - 1];
		if (s->act == ACT_PUBLISH && s->held_back && s->actor == script->steps[release].actor)
			return (ptrdiff_t)(i - 1);
	}
	return -1;
}

static bool same_message(const struct script_step *a, const struct script_step *b)
{
	return a->act == ACT_PUBLISH && b->act == ACT_PUBLISH && a->actor == b->actor && a->qos == b->qos && a->topic &&
	       b->topic && strcmp(a->topic, b->topic) == 0 && a->payload && b->payload && strcmp(a->payload, b->payload) == 0;
}

size_t message_origin(const struct script *script, size_t step)
{
	const struct script_step *steps = script->steps;
	for (size_t i = step; steps[step].again && i > 0; i--) {
		if (!steps[i - 1].again && same_message(&steps[i - 1], &steps[step]))
			return i - 1;
	}
	return step;
}

bool step_has(const struct script_step *step, enum outcome outcome)
{
	for (size_t i = 0; i < step->outcome_count; i++) {
		if (step->outcomes[i] == outcome)
			return true;
	}
	return false;
}

bool step_only(const struct script_step *step, enum outcome outcome)
{
	return step->outcome_count == 1 && step->outcomes[0] == outcome;
}

bool step_of_vehicle(const struct script *script, size_t step)
{
	const struct place *at = &script->steps[step].place;
	for (size_t i = 0; i < script->step_count; i++) {
		const struct place *other = &script->steps[i].place;
		bool same_file = at->file == other->file || (at->file && other->file && strcmp(at->file, other->file) == 0);
		if (i != step && same_file && other->line == at->line && script->steps[i].actor == script->steps[step].actor &&
		    script->steps[i].act != script->steps[step].act)
			return true;
	}
	return false;
}
