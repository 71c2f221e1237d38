/* What stands after `with` and is about a message, a subscription or another step. On `receives` the
 * same words are facts that must hold. */
#include "scenario/draft.h"

#include "registry/list.h"

#include <stdlib.h>

enum { IDENTIFIER_MAX = 268435455, SIZE_MAX_BYTES = 16 << 20 };

/* Properties go to the will where the step connects. */
static struct script_message *message_of(struct draft *d)
{
	bool will = d->step->act == ACT_CONNECT || d->step->act == ACT_RESUME;

	return will ? &d->step->will.properties : &d->step->properties;
}

static bool number(struct draft *d, const struct attribute *a, int64_t least, int64_t most, int64_t *result)
{
	return draft_number(d, &a->values[0], TOKEN_NUMBER, least, most, result);
}

static bool duration(struct draft *d, const struct attribute *a, int64_t least, int64_t most, int64_t *ms)
{
	return draft_number(d, &a->values[0], TOKEN_DURATION, least, most, ms);
}

static bool whole_seconds(struct draft *d, const struct attribute *a, int64_t *s)
{
	int64_t ms = 0;

	if (!duration(d, a, 0, (int64_t)UINT32_MAX * 1000, &ms))
		return false;
	*s = ms / 1000;
	return ms % 1000 == 0 || draft_complain(d, draft_value(d, &a->values[0]), "expected whole seconds");
}

/* A flag of the packet: alone, or with the 0 or 1 that it has. */
static bool flag(struct draft *d, const struct attribute *a, bool *result)
{
	int64_t value = 1;

	if (a->value_count && !number(d, a, 0, 1, &value))
		return false;
	*result = value == 1;
	return true;
}

static bool apply_qos(struct draft *d, const struct attribute *a)
{
	int64_t qos = 0;

	if (!number(d, a, 0, 2, &qos))
		return false;
	d->step->qos = (unsigned)qos;
	if (d->step->act == ACT_RECEIVE)
		d->step->properties.qos = (ptrdiff_t)qos;
	return true;
}

static bool apply_retain(struct draft *d, const struct attribute *a)
{
	bool set = false;

	if (!flag(d, a, &set))
		return false;
	if (d->step->act == ACT_RECEIVE)
		d->step->properties.retain = set;
	else
		d->step->retain = set;
	return true;
}

static bool apply_dup(struct draft *d, const struct attribute *a)
{
	bool set = false;

	if (!flag(d, a, &set))
		return false;
	d->step->properties.dup = set;
	return true;
}

static bool apply_alias(struct draft *d, const struct attribute *a)
{
	int64_t alias = 0;

	if (!number(d, a, 1, 65535, &alias))
		return false;
	d->step->alias = (unsigned)alias;
	return true;
}

static bool apply_size(struct draft *d, const struct attribute *a)
{
	int64_t size = 0;

	if (!number(d, a, 1, SIZE_MAX_BYTES, &size))
		return false;
	d->step->payload_size = (size_t)size;
	return true;
}

static bool apply_held(struct draft *d, const struct attribute *a)
{
	d->step->qos = 2;
	return flag(d, a, &d->step->held_back);
}

static bool apply_again(struct draft *d, const struct attribute *a)
{
	return flag(d, a, &d->step->again);
}

static bool apply_every(struct draft *d, const struct attribute *a)
{
	return duration(d, a, 1, 60000, &d->step->every_ms);
}

static bool apply_user(struct draft *d, const struct attribute *a)
{
	struct script_message *m = message_of(d);

	if (m->user_count == SCRIPT_USERS_MAX)
		return draft_complain(d, &a->at, "more User Properties than a step may have");
	m->user[m->user_count][0] = draft_text(d, &a->values[0], EXPAND_BRACES, NULL);
	m->user[m->user_count][1] = draft_text(d, &a->values[1], EXPAND_BRACES, NULL);
	m->user_count++;
	return m->user[m->user_count - 1][0] && m->user[m->user_count - 1][1];
}

static bool apply_expiry(struct draft *d, const struct attribute *a)
{
	return whole_seconds(d, a, &message_of(d)->expiry_s);
}

static bool apply_content(struct draft *d, const struct attribute *a)
{
	return draft_replace(d, &message_of(d)->content_type, &a->values[0], NULL);
}

static bool apply_response(struct draft *d, const struct attribute *a)
{
	return draft_replace(d, &message_of(d)->response_topic, &a->values[0], NULL);
}

static bool apply_correlation(struct draft *d, const struct attribute *a)
{
	return draft_replace(d, &message_of(d)->correlation, &a->values[0], NULL);
}

static bool apply_format(struct draft *d, const struct attribute *a)
{
	int64_t format = 0;

	if (!number(d, a, 0, 1, &format))
		return false;
	message_of(d)->format = (ptrdiff_t)format;
	return true;
}

static bool apply_topic(struct draft *d, const struct attribute *a)
{
	return draft_replace(d, &d->step->properties.topic, &a->values[0], NULL);
}

static bool apply_subscription(struct draft *d, const struct attribute *a)
{
	struct script_message *m = &d->step->properties;
	int64_t identifier = 0;

	if (m->identifier_count == SCRIPT_TEXTS_MAX)
		return draft_complain(d, &a->at, "more Subscription Identifiers than a step may have");
	if (!number(d, a, 1, IDENTIFIER_MAX, &identifier))
		return false;
	m->identifiers[m->identifier_count++] = (uint32_t)identifier;
	return true;
}

static bool apply_count(struct draft *d, const struct attribute *a)
{
	int64_t count = 0;

	if (!number(d, a, 1, 1000, &count))
		return false;
	d->step->count = (ptrdiff_t)count;
	return true;
}

static bool apply_among(struct draft *d, const struct attribute *a)
{
	const struct token *value = draft_value(d, &a->values[0]);
	ptrdiff_t other = value->kind == TOKEN_WORD ? case_actor(d->c, value->text) : -1;

	if (other < 0 || (size_t)other == d->step->actor)
		return draft_complain(d, value, "expected another actor of the cast");
	d->step->among = other;
	return true;
}

static bool apply_identifier(struct draft *d, const struct attribute *a)
{
	int64_t identifier = 0;

	if (!number(d, a, 1, IDENTIFIER_MAX, &identifier))
		return false;
	d->step->identifier = (uint32_t)identifier;
	return true;
}

/* A field of the Subscription Options, MQTT 5.0 3.8.3.1. */
static bool option(struct draft *d, unsigned shift, unsigned mask, int64_t value)
{
	unsigned options = d->step->filter_options & ~(mask << shift);

	d->step->filter_options = (unsigned char)(options | (unsigned)value << shift);
	return true;
}

static bool apply_no_local(struct draft *d, const struct attribute *a)
{
	bool set = false;

	return flag(d, a, &set) && option(d, 2, 1, set);
}

static bool apply_as_published(struct draft *d, const struct attribute *a)
{
	bool set = false;

	return flag(d, a, &set) && option(d, 3, 1, set);
}

static bool apply_handling(struct draft *d, const struct attribute *a)
{
	int64_t handling = 0;

	return number(d, a, 0, 2, &handling) && option(d, 4, 3, handling);
}

static bool apply_breaks(struct draft *d, const struct attribute *a)
{
	return draft_replace(d, &d->step->breaks, &a->values[0], NULL);
}

static bool apply_code(struct draft *d, const struct attribute *a)
{
	int64_t code = 0;

	if (!draft_number(d, &a->values[0], TOKEN_CODE, 0, 255, &code))
		return false;
	d->step->code = (unsigned char)code;
	return true;
}

static bool apply_end_session(struct draft *d, const struct attribute *a)
{
	return whole_seconds(d, a, &d->step->session_s);
}

static bool apply_will(struct draft *d, const struct attribute *a)
{
	struct script_will *will = &d->step->will;
	char *payload = draft_text(d, &a->values[1], EXPAND_BRACES, NULL);

	if (!payload)
		return false;
	free(will->payload);
	will->payload = payload;
	return draft_replace(d, &will->topic, &a->values[0], NULL);
}

static bool apply_will_qos(struct draft *d, const struct attribute *a)
{
	int64_t qos = 0;

	if (!number(d, a, 0, 2, &qos))
		return false;
	d->step->will.qos = (unsigned)qos;
	return true;
}

static bool apply_will_retain(struct draft *d, const struct attribute *a)
{
	return flag(d, a, &d->step->will.retain);
}

static bool apply_delay(struct draft *d, const struct attribute *a)
{
	return whole_seconds(d, a, &d->step->will.delay_s);
}

enum {
	SENT = SCOPE_PUBLISH | SCOPE_STREAM,
	WILL = SCOPE_CAST | SCOPE_CONNECT,
	PROPERTY = SCOPE_PUBLISH | SCOPE_STREAM | SCOPE_RECEIVE,
	QOS = SCOPE_PUBLISH | SCOPE_STREAM | SCOPE_SUBSCRIBE | SCOPE_RECEIVE
};

/* Properties stand twice: of a message, and of a will. */
const struct attribute_word step_attributes[] = {
	{ "will", WILL, SUBJECT_WILL, 2, 2, false, false, "a topic and a text", apply_will },
	{ "will-qos", WILL, SUBJECT_WILL, 1, 1, false, false, "0, 1 or 2", apply_will_qos },
	{ "will-retain", WILL, SUBJECT_WILL, 0, 1, false, false, "0 or 1", apply_will_retain },
	{ "delay", WILL, SUBJECT_WILL, 1, 1, false, false, "a duration", apply_delay },
	{ "user", WILL, SUBJECT_WILL, 2, 2, true, false, "a name and a value", apply_user },
	{ "expiry", WILL, SUBJECT_WILL, 1, 1, false, false, "a duration", apply_expiry },
	{ "content", WILL, SUBJECT_WILL, 1, 1, false, false, "a content type", apply_content },
	{ "response", WILL, SUBJECT_WILL, 1, 1, false, false, "a topic", apply_response },
	{ "correlation", WILL, SUBJECT_WILL, 1, 1, false, false, "a text", apply_correlation },
	{ "format", WILL, SUBJECT_WILL, 1, 1, false, false, "0 or 1", apply_format },
	{ "qos", QOS, SUBJECT_STEP, 1, 1, false, false, "0, 1 or 2", apply_qos },
	{ "retain", PROPERTY, SUBJECT_STEP, 0, 1, false, false, "0 or 1", apply_retain },
	{ "dup", SCOPE_PUBLISH | SCOPE_RECEIVE, SUBJECT_STEP, 0, 1, false, false, "0 or 1", apply_dup },
	{ "alias", SCOPE_PUBLISH, SUBJECT_STEP, 1, 1, false, false, "a number", apply_alias },
	{ "size", SENT, SUBJECT_STEP, 1, 1, false, false, "a number of bytes", apply_size },
	{ "held", SCOPE_PUBLISH, SUBJECT_STEP, 0, 1, false, false, "0 or 1", apply_held },
	{ "again", SCOPE_PUBLISH, SUBJECT_STEP, 0, 1, false, false, "0 or 1", apply_again },
	{ "every", SCOPE_STREAM, SUBJECT_STEP, 1, 1, false, false, "a duration", apply_every },
	{ "user", PROPERTY, SUBJECT_STEP, 2, 2, true, false, "a name and a value", apply_user },
	{ "expiry", PROPERTY, SUBJECT_STEP, 1, 1, false, false, "a duration", apply_expiry },
	{ "content", PROPERTY, SUBJECT_STEP, 1, 1, false, false, "a content type", apply_content },
	{ "response", PROPERTY, SUBJECT_STEP, 1, 1, false, false, "a topic", apply_response },
	{ "correlation", PROPERTY, SUBJECT_STEP, 1, 1, false, false, "a text", apply_correlation },
	{ "format", PROPERTY, SUBJECT_STEP, 1, 1, false, false, "0 or 1", apply_format },
	{ "topic", SCOPE_RECEIVE, SUBJECT_STEP, 1, 1, false, false, "a topic", apply_topic },
	{ "subscription", SCOPE_RECEIVE, SUBJECT_STEP, 1, 1, true, false, "a Subscription Identifier", apply_subscription },
	{ "count", SCOPE_RECEIVE, SUBJECT_STEP, 1, 1, false, false, "a number", apply_count },
	{ "among", SCOPE_RECEIVE, SUBJECT_STEP, 1, 1, false, false, "another actor", apply_among },
	{ "identifier", SCOPE_SUBSCRIBE, SUBJECT_STEP, 1, 1, false, false, "a Subscription Identifier", apply_identifier },
	{ "no-local", SCOPE_SUBSCRIBE, SUBJECT_STEP, 0, 1, false, false, "0 or 1", apply_no_local },
	{ "as-published", SCOPE_SUBSCRIBE, SUBJECT_STEP, 0, 1, false, false, "0 or 1", apply_as_published },
	{ "handling", SCOPE_SUBSCRIBE, SUBJECT_STEP, 1, 1, false, false, "0, 1 or 2", apply_handling },
	{ "breaks", SCOPE_SEND, SUBJECT_STEP, 1, 1, false, false, "the MQTT statement that the bytes break", apply_breaks },
	{ "code", SCOPE_DISCONNECT, SUBJECT_STEP, 1, 1, false, false, "a reason code such as 0x04", apply_code },
	{ "session", SCOPE_DISCONNECT, SUBJECT_STEP, 1, 1, false, false, "a duration", apply_end_session },
	{ NULL, 0, SUBJECT_STEP, 0, 0, false, false, NULL, NULL },
};
