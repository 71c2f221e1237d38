#include "actor/compose.h"

#include "judge/message.h"

static bool make_nonce(const struct play *play, size_t step, size_t copy, struct nonce *nonce, struct fault *fault)
{
	return nonce_make(play->run->salt, play->run->plan->seed, play->script->id, play->attempt, step, copy, nonce) ||
	       fault_set(fault, FAULT_UNAVAILABLE, "no digest can be computed");
}

bool compose_payload(const struct play *play, size_t step, size_t copy, struct buf *payload, struct fault *fault)
{
	struct nonce nonce;
	struct message message;
	if (!message_of(play->script, step, &message))
		return true;
	if (!make_nonce(play, step, copy, &nonce, fault))
		return false;
	buf_text(payload, message.payload);
	buf_text(payload, " ");
	buf_text(payload, nonce.text);
	while (payload->size < message.payload_size && !payload->failed)
		buf_u8(payload, '.');
	return !payload->failed || fault_set(fault, FAULT_LIMIT, "a payload of more than %d bytes", PAYLOAD_MAX);
}

void compose_properties(const struct script_message *m, struct buf *properties)
{
	static const struct slice nothing;
	const struct {
		enum property_id id;
		struct slice text;
		bool there;
	} texts[] = {
		{ PROPERTY_CONTENT_TYPE, m->content_type ? slice_text(m->content_type) : nothing, m->content_type },
		{ PROPERTY_RESPONSE_TOPIC, m->response_topic ? slice_text(m->response_topic) : nothing, m->response_topic },
		{ PROPERTY_CORRELATION, m->correlation ? slice_text(m->correlation) : nothing, m->correlation },
	};
	if (m->format >= 0)
		build_number(properties, PROPERTY_PAYLOAD_FORMAT, (uint32_t)m->format);
	if (m->expiry_s >= 0)
		build_number(properties, PROPERTY_MESSAGE_EXPIRY, (uint32_t)m->expiry_s);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (texts[i].there)
			build_text(properties, texts[i].id, texts[i].text);
	}
	for (size_t i = 0; i < m->user_count; i++)
		build_pair(properties, slice_text(m->user[i][0]), slice_text(m->user[i][1]));
}

bool compose_publish(const struct play *play, size_t step, size_t copy, struct composed *c, struct fault *fault)
{
	const struct script_step *s = &play->script->steps[step];
	buf_init(&c->payload, PAYLOAD_MAX);
	buf_init(&c->properties, PAYLOAD_MAX);
	if (s->alias)
		build_number(&c->properties, PROPERTY_ALIAS, s->alias);
	compose_properties(&s->properties, &c->properties);
	bool composed = compose_payload(play, message_origin(play->script, step), copy, &c->payload, fault);
	c->publish = (struct publish){
		.dup = s->properties.dup == 1,
		.retain = s->retain,
		.qos = s->qos,
		.topic = slice_text(s->topic),
		.properties = buf_slice(&c->properties),
		.payload = buf_slice(&c->payload),
	};
	if (c->properties.failed)
		return fault_set(fault, FAULT_BUG, "properties of more than %d bytes", PAYLOAD_MAX);
	return composed;
}

void compose_release(struct composed *c)
{
	buf_release(&c->payload);
	buf_release(&c->properties);
}

bool compose_will(const struct play *play, size_t step, struct composed_will *c, struct fault *fault)
{
	const struct script_will *w = &play->script->steps[step].will;
	buf_init(&c->payload, UINT16_MAX);
	buf_init(&c->properties, UINT16_MAX);
	c->will = (struct will){ .present = w->topic != NULL };
	if (!w->topic)
		return true;
	if (w->delay_s >= 0)
		build_number(&c->properties, PROPERTY_WILL_DELAY, (uint32_t)w->delay_s);
	compose_properties(&w->properties, &c->properties);
	bool composed = compose_payload(play, step, 0, &c->payload, fault);
	c->will.retain = w->retain;
	c->will.qos = w->qos;
	c->will.topic = slice_text(w->topic);
	c->will.properties = buf_slice(&c->properties);
	c->will.payload = buf_slice(&c->payload);
	if (c->properties.failed)
		return fault_set(fault, FAULT_BUG, "will properties of more than %d bytes", UINT16_MAX);
	return composed;
}

void compose_will_release(struct composed_will *c)
{
	buf_release(&c->payload);
	buf_release(&c->properties);
}
