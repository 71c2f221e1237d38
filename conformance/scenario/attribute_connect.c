/* What stands after `with` and is about an actor's CONNECT. */
#include "scenario/draft.h"

#include "registry/list.h"

#include <stdlib.h>

/* A bare name stands for that actor's Client Identifier. */
static bool apply_client(struct draft *d, const struct attribute *a)
{
	const struct token *value = draft_value(d, &a->values[0]);
	ptrdiff_t other = value->kind == TOKEN_WORD ? case_actor(d->c, value->text) : -1;
	char *copy;

	if (value->kind == TOKEN_WORD && other < 0)
		return draft_complain(d, value, "expected a Client Identifier in quotes, or an actor of the cast");
	if (other < 0)
		return draft_replace(d, &d->actor->client_id, value, NULL);
	copy = slice_copy(slice_text(d->script->actors[other].client_id));
	free(d->actor->client_id);
	d->actor->client_id = copy;
	return copy || list_no_memory(d->fault);
}

static bool apply_username(struct draft *d, const struct attribute *a)
{
	if (!draft_none(d, &a->values[0]))
		return draft_replace(d, &d->actor->username, &a->values[0], NULL);
	free(d->actor->username);
	d->actor->username = NULL;
	return true;
}

/* Whole seconds of a CONNECT property or field. */
static bool seconds(struct draft *d, const struct attribute *a, int64_t most, int64_t *result)
{
	int64_t ms = 0;

	if (!draft_number(d, &a->values[0], TOKEN_DURATION, 0, most * 1000, &ms))
		return false;
	*result = ms / 1000;
	return ms % 1000 == 0 || draft_complain(d, draft_value(d, &a->values[0]), "expected whole seconds");
}

static bool apply_keepalive(struct draft *d, const struct attribute *a)
{
	int64_t s = 0;

	if (!seconds(d, a, 65535, &s))
		return false;
	d->actor->keep_alive_s = (unsigned)s;
	return true;
}

static bool apply_session(struct draft *d, const struct attribute *a)
{
	return seconds(d, a, UINT32_MAX, &d->actor->session_expiry_s);
}

static bool apply_clean(struct draft *d, const struct attribute *a)
{
	int64_t clean = 0;

	if (!draft_number(d, &a->values[0], TOKEN_NUMBER, 0, 1, &clean))
		return false;
	d->actor->clean_start = clean == 1;
	return true;
}

static bool apply_receive_maximum(struct draft *d, const struct attribute *a)
{
	int64_t number = 0;

	if (!draft_number(d, &a->values[0], TOKEN_NUMBER, 1, 65535, &number))
		return false;
	d->actor->receive_maximum = (unsigned)number;
	return true;
}

static bool apply_maximum_packet(struct draft *d, const struct attribute *a)
{
	int64_t number = 0;

	if (!draft_number(d, &a->values[0], TOKEN_NUMBER, 1, UINT32_MAX, &number))
		return false;
	d->actor->maximum_packet = (uint32_t)number;
	return true;
}

static bool apply_alias_maximum(struct draft *d, const struct attribute *a)
{
	int64_t number = 0;

	if (!draft_number(d, &a->values[0], TOKEN_NUMBER, 0, 65535, &number))
		return false;
	d->actor->alias_maximum = (unsigned)number;
	return true;
}

static bool apply_flag(struct draft *d, const struct attribute *a, ptrdiff_t *place)
{
	int64_t flag = 0;

	if (!draft_number(d, &a->values[0], TOKEN_NUMBER, 0, 1, &flag))
		return false;
	*place = (ptrdiff_t)flag;
	return true;
}

static bool apply_problem(struct draft *d, const struct attribute *a)
{
	return apply_flag(d, a, &d->actor->request_problem);
}

static bool apply_response_info(struct draft *d, const struct attribute *a)
{
	return apply_flag(d, a, &d->actor->request_response);
}

static bool apply_method(struct draft *d, const struct attribute *a)
{
	return draft_replace(d, &d->actor->method, &a->values[0], NULL);
}

/* name and org: the actors have used them before any other attribute. */
static bool apply_nothing(struct draft *d, const struct attribute *a)
{
	(void)d, (void)a;
	return true;
}

enum { FIELD_SCOPES = SCOPE_CAST | SCOPE_CONNECT };

const struct attribute_word connect_attributes[] = {
	{ "name", SCOPE_CAST, SUBJECT_ACTOR, 1, 1, false, false, "the name in the token", apply_nothing },
	{ "org", SCOPE_CAST, SUBJECT_ACTOR, 1, 1, false, false, "the name of a policy block", apply_nothing },
	{ "client", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a Client Identifier, or an actor", apply_client },
	{ "username", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a User Name, or none", apply_username },
	{ "keepalive", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a duration", apply_keepalive },
	{ "session", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a duration", apply_session },
	{ "clean", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "0 or 1", apply_clean },
	{ "receive-maximum", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a number", apply_receive_maximum },
	{ "maximum-packet", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a number of bytes", apply_maximum_packet },
	{ "alias-maximum", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a number", apply_alias_maximum },
	{ "problem", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "0 or 1", apply_problem },
	{ "response-info", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "0 or 1", apply_response_info },
	{ "method", FIELD_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "an Authentication Method", apply_method },
	{ NULL, 0, SUBJECT_ACTOR, 0, 0, false, false, NULL, NULL },
};
