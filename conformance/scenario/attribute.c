/* What stands after `with`: attributes of actors become recipes (mint/mint.h) and fields of
 * CONNECT, those of steps become fields of the packet. */
#include "scenario/draft.h"

#include "json.h"
#include "registry/list.h"

#include <stdlib.h>

enum { RECIPE_DEPTH_MAX = 64 }; /* deeper than any broker may take: recipes go over its limit on purpose */

/* The object or array of that name in the recipe, made where it is not there. Borrowed; NULL: no memory. */
static json_t *part_of(json_t *recipe, const char *name, json_t *(*make)(void))
{
	json_t *part = json_object_get(recipe, name);

	if (part || json_object_set_new(recipe, name, make()) != 0)
		return part;
	return json_object_get(recipe, name);
}

/* Takes value. */
static bool set_member(struct draft *d, const char *part, const char *name, json_t *value)
{
	json_t *object = part_of(d->actor->recipe, part, json_object);

	if (object && value && json_object_set_new(object, name, value) == 0)
		return true;
	return list_no_memory(d->fault);
}

static void drop_member(struct draft *d, const char *part, const char *name)
{
	json_object_del(json_object_get(d->actor->recipe, part), name);
}

/* A member that is set again is no longer removed. */
static void keep_again(struct draft *d, const char *path)
{
	json_t *removed = json_object_get(d->actor->recipe, "remove");

	for (size_t i = json_array_size(removed); i-- > 0;)
		if (strcmp(json_string_value(json_array_get(removed, i)), path) == 0)
			json_array_remove(removed, i);
}

static bool remove_path(struct draft *d, const char *path)
{
	json_t *removed = part_of(d->actor->recipe, "remove", json_array);

	return (removed && json_array_append_new(removed, json_string(path)) == 0) || list_no_memory(d->fault);
}

/* "claims.exp" or "header.kid" in a buffer of the caller. */
static const char *path_of(struct buf *path, const char *part, struct slice name)
{
	buf_clear(path);
	buf_format(path, "%s.", part);
	buf_put(path, name);
	return buf_string(path);
}

/* Sets or, for none, removes a text member of the header or the claims. */
static bool apply_member(struct draft *d, const char *part, struct slice name, const struct token *value)
{
	struct buf path;
	bool good = false;

	buf_init(&path, 300);
	const char *text = path_of(&path, part, name);
	const char *member = text ? text + strlen(part) + 1 : NULL;
	if (!text) {
		list_no_memory(d->fault);
	} else if (draft_none(d, value)) {
		good = remove_path(d, text);
	} else if (draft_value(d, value)->kind == TOKEN_NUMBER) {
		keep_again(d, text);
		good = set_member(d, part, member, json_integer(draft_value(d, value)->number));
	} else {
		char *content = draft_text(d, value, EXPAND_SEGMENTS, NULL);
		keep_again(d, text);
		good = content && set_member(d, part, member, json_string(content));
		free(content);
	}
	buf_release(&path);
	return good;
}

static bool apply_claim_text(struct draft *d, const struct attribute *a)
{
	return apply_member(d, "claims", slice_text(a->word->word), &a->values[0]);
}

static bool apply_header_text(struct draft *d, const struct attribute *a)
{
	return apply_member(d, "header", slice_text(a->word->word), &a->values[0]);
}

static bool apply_any_claim(struct draft *d, const struct attribute *a)
{
	return apply_member(d, "claims", a->values[0].text, &a->values[1]);
}

/* exp, iat, nbf: seconds from now, written as integers when the token is minted. */
static bool apply_time(struct draft *d, const struct attribute *a)
{
	const char *name = a->word->word;
	const int64_t most = (int64_t)999999999 * 1000;
	struct buf path;
	int64_t ms = 0;
	bool good;

	buf_init(&path, 32);
	const char *text = path_of(&path, "claims", slice_text(name));
	if (!text) {
		good = list_no_memory(d->fault);
	} else if (draft_none(d, &a->values[0])) {
		drop_member(d, "times", name);
		good = remove_path(d, text);
	} else if (!draft_number(d, &a->values[0], TOKEN_DURATION, -most, most, &ms)) {
		good = false;
	} else if (ms % 1000) {
		good = draft_complain(d, draft_value(d, &a->values[0]), "expected whole seconds in a claim");
	} else {
		keep_again(d, text);
		good = set_member(d, "times", name, json_integer(ms / 1000));
	}
	buf_release(&path);
	return good;
}

static bool add_edit(struct draft *d, const char *name, json_t *value)
{
	json_t *edits = part_of(d->actor->recipe, "edits", json_array), *edit = json_object();
	bool good = edits && edit && value && json_object_set(edit, name, value) == 0 &&
		    json_array_append(edits, edit) == 0;

	json_decref(edit);
	json_decref(value);
	return good || list_no_memory(d->fault);
}

static bool apply_alg(struct draft *d, const struct attribute *a)
{
	const struct token *value = draft_value(d, &a->values[0]);

	if (slice_is(value->text, "none"))
		return add_edit(d, "alg_none", json_true());
	return apply_header_text(d, a);
}

static bool apply_edit(struct draft *d, const struct attribute *a)
{
	const struct token *value = draft_value(d, &a->values[1]);
	char *name = slice_copy(a->values[0].text), *text = NULL;
	json_t *content = NULL;
	bool good = name != NULL || list_no_memory(d->fault);

	if (value->kind == TOKEN_NUMBER)
		content = json_integer(value->number);
	else if (value->kind == TOKEN_WORD && slice_is(value->text, "true"))
		content = json_true();
	else if (good && (good = (text = draft_text(d, value, EXPAND_BRACES, NULL)) != NULL))
		content = json_string(text);
	if (good)
		good = add_edit(d, name, content);
	else
		json_decref(content);
	free(name);
	free(text);
	return good;
}

static bool apply_remove(struct draft *d, const struct attribute *a)
{
	char *path = draft_text(d, &a->values[0], EXPAND_BRACES, NULL);
	bool good = path != NULL;

	if (good && strncmp(path, "claims.", 7) != 0 && strncmp(path, "header.", 7) != 0)
		good = draft_complain(d, draft_value(d, &a->values[0]), "expected \"claims.NAME\" or \"header.NAME\"");
	good = good && remove_path(d, path);
	free(path);
	return good;
}

static bool apply_key(struct draft *d, const struct attribute *a)
{
	char *role = draft_text(d, &a->values[0], EXPAND_BRACES, NULL);
	json_t *value = role ? json_string(role) : NULL;
	bool good = value && json_object_set(d->actor->recipe, "key", value) == 0;

	json_decref(value);
	if (role && !good)
		list_no_memory(d->fault);
	free(role);
	return good;
}

/* The whole recipe; what stands before it in the cast is gone, what stands behind changes it. */
static bool apply_recipe(struct draft *d, const struct attribute *a)
{
	const struct json_limits limits = { (size_t)1 << 20, RECIPE_DEPTH_MAX };
	const struct token *value = draft_value(d, &a->values[0]);
	json_t *recipe;

	if (value->kind != TOKEN_RAW)
		return draft_complain(d, value, "expected a recipe in JSON between single quotes");
	recipe = json_parse(value->text, "the recipe", &limits, d->fault);
	if (!recipe)
		return place_fault(d->c->name, value, d->fault, "expected a recipe in JSON; it is malformed");
	if (!json_is_object(recipe)) {
		json_decref(recipe);
		return draft_complain(d, value, "expected a recipe that is a JSON object");
	}
	json_decref(d->actor->recipe);
	d->actor->recipe = recipe;
	return true;
}

static bool replace_text(struct draft *d, char **place, const struct token *value, bool *varies)
{
	char *text = draft_text(d, value, EXPAND_SEGMENTS, varies);

	if (!text)
		return false;
	free(*place);
	*place = text;
	return true;
}

/* A Client Identifier that is the same in every script touches more than the script's own names. */
static bool apply_client(struct draft *d, const struct attribute *a)
{
	bool varies = false;

	if (!replace_text(d, &d->actor->client_id, &a->values[0], &varies))
		return false;
	if (!varies && d->actor->client_id[0])
		d->script->alone = true;
	return true;
}

static bool apply_username(struct draft *d, const struct attribute *a)
{
	if (!draft_none(d, &a->values[0]))
		return replace_text(d, &d->actor->username, &a->values[0], NULL);
	free(d->actor->username);
	d->actor->username = NULL;
	return true;
}

static bool apply_token(struct draft *d, const struct attribute *a)
{
	char *text = NULL;
	bool good;

	d->actor->password = !draft_none(d, &a->values[0]);
	if (!d->actor->password)
		return true;
	text = draft_text(d, &a->values[0], EXPAND_BRACES, NULL);
	good = text && add_edit(d, "replace", json_string(text));
	free(text);
	return good;
}

static bool apply_keepalive(struct draft *d, const struct attribute *a)
{
	int64_t ms = 0;

	if (!draft_number(d, &a->values[0], TOKEN_DURATION, 0, 65535 * (int64_t)1000, &ms))
		return false;
	d->actor->keep_alive_s = (unsigned)(ms / 1000);
	return ms % 1000 == 0 || draft_complain(d, draft_value(d, &a->values[0]), "expected whole seconds");
}

/* name and org: bind.c has used them before any other attribute. */
static bool apply_nothing(struct draft *d, const struct attribute *a)
{
	(void)d, (void)a;
	return true;
}

static bool apply_qos(struct draft *d, const struct attribute *a)
{
	int64_t qos = 0;

	if (!draft_number(d, &a->values[0], TOKEN_NUMBER, 0, 1, &qos))
		return false;
	d->step->qos = (unsigned)qos;
	return true;
}

static bool apply_retain(struct draft *d, const struct attribute *a)
{
	(void)a;
	d->step->retain = true;
	return true;
}

static const struct attribute_word words[] = {
	{ "name", SCOPE_CAST, 1, false, "the name in the token", apply_nothing },
	{ "org", SCOPE_CAST, 1, false, "the name of a policy block", apply_nothing },
	{ "client", SCOPE_CAST, 1, false, "a Client Identifier", apply_client },
	{ "username", SCOPE_CAST, 1, false, "a User Name, or none", apply_username },
	{ "key", SCOPE_CAST, 1, false, "the role of a key", apply_key },
	{ "iss", SCOPE_CAST, 1, false, "an issuer, or none", apply_claim_text },
	{ "aud", SCOPE_CAST, 1, false, "an audience, or none", apply_claim_text },
	{ "sub", SCOPE_CAST, 1, false, "a subject, or none", apply_claim_text },
	{ "exp", SCOPE_CAST, 1, false, "a duration from now, or none", apply_time },
	{ "iat", SCOPE_CAST, 1, false, "a duration from now, or none", apply_time },
	{ "nbf", SCOPE_CAST, 1, false, "a duration from now, or none", apply_time },
	{ "alg", SCOPE_CAST, 1, false, "an algorithm", apply_alg },
	{ "typ", SCOPE_CAST, 1, false, "a type, or none", apply_header_text },
	{ "kid", SCOPE_CAST, 1, false, "a key id, or none", apply_header_text },
	{ "claim", SCOPE_CAST, 2, true, "the name of a claim and its value", apply_any_claim },
	{ "remove", SCOPE_CAST, 1, false, "\"claims.NAME\" or \"header.NAME\"", apply_remove },
	{ "edit", SCOPE_CAST, 2, true, "the name of an edit and its value", apply_edit },
	{ "token", SCOPE_CAST, 1, false, "the text of the token, or none", apply_token },
	{ "keepalive", SCOPE_CAST, 1, false, "a duration", apply_keepalive },
	{ "recipe", SCOPE_CAST, 1, false, "a recipe in JSON between single quotes", apply_recipe },
	{ "qos", SCOPE_PUBLISH | SCOPE_SUBSCRIBE, 1, false, "0 or 1", apply_qos },
	{ "retain", SCOPE_PUBLISH, 0, false, "", apply_retain },
};

const struct attribute_word *attribute_find(unsigned scope, struct slice word)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if ((words[i].scopes & scope) && slice_is(word, words[i].word))
			return &words[i];
	return NULL;
}

void attribute_list(unsigned scope, struct buf *out)
{
	const char *gap = "";

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!(words[i].scopes & scope))
			continue;
		buf_format(out, "%s%s", gap, words[i].word);
		gap = ", ";
	}
}
