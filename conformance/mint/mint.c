#include "mint/mint.h"

#include "mint/edits.h"

#include <stdlib.h>

enum { TOKEN_LIFE_S = 300 };

static const char default_key[] = "main-es256";

static bool no_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_UNAVAILABLE, "out of memory while minting a token");
}

/* The members of an object are set over those of another; the recipe may leave the object out. */
static bool merge(const struct json_at *from, json_t *into, struct fault *fault)
{
	return !from->value || json_object_update(into, (json_t *)from->value) == 0 || no_memory(fault);
}

static bool key_at(const struct json_at *recipe, struct draft *draft, struct fault *fault)
{
	struct json_at at = json_member(recipe, "key");
	const char *role = at.value ? json_string_value(at.value) : default_key;
	draft->key = fixture_key(draft->fixture, role);
	return draft->key || json_complain(recipe, fault, "the fixture has no key \"%.100s\"", role);
}

static bool header_at(const struct json_at *recipe, struct draft *draft, struct fault *fault)
{
	struct json_at at = json_member(recipe, "header");
	draft->header = json_pack("{s:s, s:s, s:s}", "alg", jose_alg_name(crypto_key_alg(draft->key->key)), "kid",
				  draft->key->kid, "typ", "at+jwt");
	return draft->header ? merge(&at, draft->header, fault) : no_memory(fault);
}

static bool times_at(const struct json_at *recipe, json_t *claims, int64_t now_s, struct fault *fault)
{
	struct json_at at = json_member(recipe, "times");
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)at.value, name, value)
	{
		if (json_object_set_new(claims, name, json_integer(now_s + json_integer_value(value))) != 0)
			return no_memory(fault);
	}
	return true;
}

/* The one principal; of a delegated token the user; a placeholder where there is none, so that
 * the missing principal stays the token's only fault. */
static const char *subject_of(const json_t *claims)
{
	static const char *const names[] = { "user_id", "agent_id", "server_id", "tool_id", NULL };
	for (size_t i = 0; names[i]; i++) {
		const char *value = json_string_value(json_object_get(claims, names[i]));
		if (value && value[0] != '\0')
			return value;
	}
	return "nobody";
}

static bool fill(json_t *claims, const char *name, json_t *value)
{
	if (json_object_get(claims, name)) {
		json_decref(value);
		return true;
	}
	return json_object_set_new(claims, name, value) == 0;
}

static json_t *claims_at(const struct json_at *recipe, const struct draft *draft, int64_t now_s, const char *nonce,
			 struct fault *fault)
{
	struct json_at at = json_member(recipe, "claims");
	json_t *claims = json_object();
	if (!claims || !merge(&at, claims, fault) || !times_at(recipe, claims, now_s, fault)) {
		json_decref(claims);
		return NULL;
	}
	fill(claims, "iat", json_integer(now_s));
	const json_t *iat = json_object_get(claims, "iat");
	int64_t begin = json_is_integer(iat) ? json_integer_value(iat) : now_s;
	if (!fill(claims, "iss", json_string(draft->key->iss)) ||
	    !fill(claims, "aud", json_string(draft->fixture->audience)) ||
	    !fill(claims, "exp", json_integer(begin + TOKEN_LIFE_S)) || !fill(claims, "jti", json_string(nonce)) ||
	    !fill(claims, "sub", json_string(subject_of(claims)))) {
		no_memory(fault);
		json_decref(claims);
		return NULL;
	}
	return claims;
}

static bool removals_at(const struct json_at *recipe, json_t *header, json_t *claims, struct fault *fault)
{
	struct json_at at = json_member(recipe, "remove");
	for (size_t i = 0; i < json_array_size(at.value); i++) {
		struct json_at element = json_element(&at, i);
		const char *path = json_string_value(element.value), *name = strchr(path, '.') + 1;
		if (json_object_del(path[0] == 'c' ? claims : header, name) != 0)
			return json_expected(&element, "claims.NAME or header.NAME of a member that is there", fault);
	}
	return true;
}

static bool texts(struct draft *draft, const json_t *claims, struct fault *fault)
{
	char *head = json_dumps(draft->header, JSON_COMPACT);
	char *payload = json_dumps(claims, JSON_COMPACT);
	buf_text(&draft->head, head);
	buf_text(&draft->payload, payload);
	bool done = head && payload ? draft_sign(draft, fault) : no_memory(fault);
	free(head);
	free(payload);
	return done;
}

static bool edits_at(const struct json_at *recipe, struct draft *draft, struct fault *fault)
{
	struct json_at at = json_member(recipe, "edits");
	for (size_t i = 0; i < json_array_size(at.value); i++) {
		struct json_at element = json_element(&at, i);
		if (!draft_edit(draft, &element, fault))
			return false;
	}
	return true;
}

static void draft_init(struct draft *draft, const struct fixture *fixture)
{
	memset(draft, 0, sizeof(*draft));
	draft->fixture = fixture;
	draft->signing = SIGN_KEY;
	buf_init(&draft->head, MINTED_BYTES_MAX);
	buf_init(&draft->payload, MINTED_BYTES_MAX);
	buf_init(&draft->token, MINTED_BYTES_MAX);
	for (size_t i = 0; i < 3; i++)
		buf_init(&draft->parts[i], MINTED_BYTES_MAX);
}

static void draft_release(struct draft *draft)
{
	json_decref(draft->header);
	crypto_key_free(draft->signer);
	buf_release(&draft->head);
	buf_release(&draft->payload);
	buf_release(&draft->token);
	for (size_t i = 0; i < 3; i++)
		buf_release(&draft->parts[i]);
}

bool mint_token(const struct fixture *fixture, const json_t *recipe, int64_t now_s, const char *nonce, struct buf *out,
		struct fault *fault)
{
	struct json_at root = json_root(recipe, "recipe");
	struct draft draft;
	json_t *claims = NULL;
	if (!mint_recipe_known(recipe, fault))
		return false;
	draft_init(&draft, fixture);
	bool done = key_at(&root, &draft, fault) && header_at(&root, &draft, fault);
	if (done) {
		claims = claims_at(&root, &draft, now_s, nonce, fault);
		done = claims && removals_at(&root, draft.header, claims, fault) && texts(&draft, claims, fault) &&
		       edits_at(&root, &draft, fault);
	}
	if (done) {
		draft_join(&draft);
		buf_put(out, buf_slice(&draft.token));
		if (draft.token.failed || out->failed)
			done = fault_set(fault, FAULT_LIMIT, "recipe: the token does not fit into %zu bytes",
					 out->limit);
	}
	json_decref(claims);
	draft_release(&draft);
	return done;
}
