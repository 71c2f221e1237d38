/* What stands after `with` and is about a token: it becomes a recipe (mint/mint.h). */
#include "scenario/draft.h"

#include "json.h"
#include "mint/mint.h"
#include "mint/roles.h"
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

/* The fault that another module left, with the place of the value that it is about. */
static bool complain_why(struct draft *d, const struct token *value)
{
	const struct fault why = *d->fault;

	return place_fault(d->c->name, draft_value(d, value), d->fault, "%s", why.text);
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
	if (good && !mint_edit_known(name, content, d->fault)) {
		complain_why(d, &a->values[1]);
		good = false;
	}
	if (good)
		good = add_edit(d, name, content);
	else
		json_decref(content);
	free(name);
	free(text);
	return good;
}

/* Minting takes away what is there; a member that is not there was misspelt. */
static bool member_there(const json_t *recipe, const char *path)
{
	static const char *const always[] = { "header.alg", "header.kid",  "header.typ", "claims.iss", "claims.aud",
					      "claims.iat", "claims.exp", "claims.jti", "claims.sub" };
	bool header = strncmp(path, "header.", 7) == 0;

	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		if (strcmp(path, always[i]) == 0)
			return true;
	return json_object_get(json_object_get(recipe, header ? "header" : "claims"), path + 7) ||
	       (!header && json_object_get(json_object_get(recipe, "times"), path + 7));
}

static bool apply_remove(struct draft *d, const struct attribute *a)
{
	char *path = draft_text(d, &a->values[0], EXPAND_BRACES, NULL);
	bool good = path != NULL;

	if (good && ((strncmp(path, "claims.", 7) != 0 && strncmp(path, "header.", 7) != 0) ||
		     !member_there(d->actor->recipe, path)))
		good = draft_complain(d, draft_value(d, &a->values[0]),
				      "expected \"claims.NAME\" or \"header.NAME\" of a member that the token has");
	good = good && remove_path(d, path);
	free(path);
	return good;
}

static bool apply_key(struct draft *d, const struct attribute *a)
{
	char *role = draft_text(d, &a->values[0], EXPAND_BRACES, NULL);
	json_t *value;
	bool good;

	if (role && !role_find(role)) {
		free(role);
		return draft_complain(d, draft_value(d, &a->values[0]), "expected the role of a key of the fixture");
	}
	value = role ? json_string(role) : NULL;
	good = value && json_object_set(d->actor->recipe, "key", value) == 0;

	json_decref(value);
	if (role && !good)
		list_no_memory(d->fault);
	free(role);
	return good;
}

static bool removals_there(struct draft *d, const struct token *at)
{
	const json_t *removed = json_object_get(d->actor->recipe, "remove");

	for (size_t i = 0; i < json_array_size(removed); i++) {
		const char *path = json_string_value(json_array_get(removed, i));
		if (!member_there(d->actor->recipe, path))
			return place_fault(d->c->name, at, d->fault, "expected a member that the token has in remove, found \"%.100s\"",
					   path);
	}
	return true;
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
	if (!mint_recipe_known(recipe, d->fault)) {
		json_decref(recipe);
		return complain_why(d, value);
	}
	json_decref(d->actor->recipe);
	d->actor->recipe = recipe;
	return removals_there(d, value);
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

/* The entry of authorization_details that allows just this action, made where it is not there. */
static json_t *grant_of(struct draft *d, const char *action)
{
	json_t *claims = part_of(d->actor->recipe, "claims", json_object);
	json_t *details = claims ? part_of(claims, "authorization_details", json_array) : NULL;
	json_t *grant;

	for (size_t i = 0; i < json_array_size(details); i++) {
		grant = json_array_get(details, i);
		const json_t *actions = json_object_get(grant, "actions");
		if (json_array_size(actions) == 1 && strcmp(json_string_value(json_array_get(actions, 0)), action) == 0)
			return grant;
	}
	grant = json_pack("{s:s, s:[s], s:[]}", "type", "mqtt_agent_acl", "actions", action, "topics");
	return details && json_array_append_new(details, grant) == 0 ? grant : NULL;
}

static bool apply_grants(struct draft *d, const struct attribute *a)
{
	const char *action = slice_is(a->values[0].text, "pub") ? "pub" : slice_is(a->values[0].text, "sub") ? "sub" : NULL;
	char *topic = action ? draft_text(d, &a->values[1], EXPAND_SEGMENTS, NULL) : NULL;
	json_t *grant;
	bool good;

	if (!action)
		return draft_complain(d, &a->values[0], "expected pub or sub");
	if (!topic)
		return false;
	grant = grant_of(d, action);
	good = grant && json_array_append_new(json_object_get(grant, "topics"), json_string(topic)) == 0;
	free(topic);
	return good || list_no_memory(d->fault);
}

enum { TOKEN_SCOPES = SCOPE_CAST | SCOPE_CONNECT | SCOPE_RENEW };

const struct attribute_word token_attributes[] = {
	{ "key", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "the role of a key", apply_key },
	{ "iss", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "an issuer, or none", apply_claim_text },
	{ "aud", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "an audience, or none", apply_claim_text },
	{ "sub", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a subject, or none", apply_claim_text },
	{ "exp", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a duration from now, or none", apply_time },
	{ "iat", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a duration from now, or none", apply_time },
	{ "nbf", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a duration from now, or none", apply_time },
	{ "alg", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "an algorithm", apply_alg },
	{ "typ", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a type, or none", apply_header_text },
	{ "kid", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a key id, or none", apply_header_text },
	{ "claim", TOKEN_SCOPES, SUBJECT_ACTOR, 2, 2, true, true, "the name of a claim and its value", apply_any_claim },
	{ "grants", TOKEN_SCOPES, SUBJECT_ACTOR, 2, CASE_ATTRIBUTES_MAX, true, true, "pub or sub and topics",
	  apply_grants },
	{ "remove", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, true, false, "\"claims.NAME\" or \"header.NAME\"", apply_remove },
	{ "edit", TOKEN_SCOPES, SUBJECT_ACTOR, 2, 2, true, true, "the name of an edit and its value", apply_edit },
	{ "token", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "the text of the token, or none", apply_token },
	{ "recipe", TOKEN_SCOPES, SUBJECT_ACTOR, 1, 1, false, false, "a recipe in JSON between single quotes",
	  apply_recipe },
	{ NULL, 0, SUBJECT_ACTOR, 0, 0, false, false, NULL, NULL },
};
