/* Reading a JWK set: strict about keys that could be used, indifferent to those that could not. */
#include "keyset.h"

#include <stdlib.h>

enum { KID_MAX = 256 /* bytes */ };

/* Also of a key that is going to be skipped: whoever publishes one secret is not to be believed. */
static bool refuse_private(const struct json_at *jwk, struct fault *fault)
{
	const char *name = crypto_jwk_private(jwk->value);
	struct json_at member;

	if (!name)
		return true;
	member = json_member(jwk, name);
	return json_complain(&member, fault, "expected public keys only, found a private member");
}

/* A kid twice would let two keys answer for one token, usable or not. */
static bool refuse_same_kid(const struct json_at *keys, size_t index, struct fault *fault)
{
	struct json_at jwk = json_element(keys, index), kid = json_member(&jwk, "kid");

	for (size_t i = 0; kid.value && i < index; i++)
		if (json_equal(kid.value, json_object_get(json_array_get(keys->value, i), "kid")))
			return json_complain(&kid, fault, "expected each kid once, found that of $.keys[%zu] again", i);
	return true;
}

/* The value of a member that must be a string where it is there at all; "" where it is not. */
static bool optional_text(const struct json_at *jwk, const char *name, const char **text, struct fault *fault)
{
	struct json_at member = json_member(jwk, name);

	*text = "";
	return !member.value || json_text_at(&member, text, fault);
}

static bool ops_allow(const struct json_at *jwk, bool *usable, struct fault *fault)
{
	struct json_at ops = json_member(jwk, "key_ops");
	bool verify = false;

	if (!ops.value)
		return true;
	if (!json_array_at(&ops, 1, 16, fault))
		return false;
	for (size_t i = 0; i < json_array_size(ops.value); i++) {
		struct json_at op = json_element(&ops, i);
		const char *name;

		if (!json_text_at(&op, &name, fault))
			return false;
		verify = verify || strcmp(name, "verify") == 0;
	}
	*usable = *usable && verify;
	return true;
}

/* Does this key concern us? RFC 7517 section 5 has keys of unknown kinds ignored; a key that
 * names one of our algorithms concerns us whatever else it says. */
static bool is_usable(const struct json_at *jwk, bool *usable, struct fault *fault)
{
	const char *kty, *crv, *alg, *use;
	struct json_at kind = json_member(jwk, "kty");

	if (!json_text_at(&kind, &kty, fault) || !optional_text(jwk, "crv", &crv, fault) ||
	    !optional_text(jwk, "alg", &alg, fault) || !optional_text(jwk, "use", &use, fault))
		return false;
	*usable = strcmp(kty, "RSA") == 0 || (strcmp(kty, "EC") == 0 && strcmp(crv, "P-256") == 0) ||
		  (strcmp(kty, "OKP") == 0 && strcmp(crv, "Ed25519") == 0) ||
		  jose_alg_from(slice_text(alg)) != JOSE_NONE;
	if (*use && strcmp(use, "sig") != 0)
		*usable = false;
	return ops_allow(jwk, usable, fault);
}

static bool add_key(const struct json_at *jwk, struct keyset *keyset, struct fault *fault)
{
	struct keyset_key *entry = &keyset->keys[keyset->count];
	struct json_at kid = json_member(jwk, "kid");
	struct fault inner;
	const char *name;

	if (!json_text_at(&kid, &name, fault))
		return false;
	if (strlen(name) > KID_MAX)
		return json_expected(&kid, "at most 256 bytes", fault);
	entry->key = crypto_key_public(jwk->value, &inner);
	if (!entry->key)
		return json_complain(jwk, fault, "%s", inner.text);
	entry->kid = slice_copy(slice_text(name));
	keyset->count++;
	return entry->kid ? true : fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
}

static bool read_keys(const struct json_at *keys, struct keyset *keyset, struct fault *fault)
{
	for (size_t i = 0; i < json_array_size(keys->value); i++) {
		struct json_at jwk = json_element(keys, i);
		bool usable = false;

		if (!json_is_object(jwk.value))
			return json_expected(&jwk, "an object", fault);
		if (!refuse_private(&jwk, fault) || !refuse_same_kid(keys, i, fault) ||
		    !is_usable(&jwk, &usable, fault))
			return false;
		if (usable && !add_key(&jwk, keyset, fault))
			return false;
	}
	return keyset->count ? true : json_complain(keys, fault, "expected at least one usable key, found none");
}

bool keyset_parse(const struct json_at *document, struct keyset *keyset, struct fault *fault)
{
	struct json_at keys;

	memset(keyset, 0, sizeof *keyset);
	/* Other members of the set are ignored, as RFC 7517 section 5 has it. */
	if (!json_is_object(document->value))
		return json_expected(document, "an object", fault);
	keys = json_member(document, "keys");
	if (!json_array_at(&keys, 1, KEYSET_KEYS_MAX, fault))
		return false;
	keyset->keys = calloc(json_array_size(keys.value), sizeof *keyset->keys);
	if (!keyset->keys)
		return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	if (read_keys(&keys, keyset, fault))
		return true;
	keyset_release(keyset);
	return false;
}

bool keyset_load(const char *path, struct keyset *keyset, struct fault *fault)
{
	json_t *value = json_read_file(path, &json_limits_file, fault);
	struct json_at document = json_root(value, path);
	bool good;

	memset(keyset, 0, sizeof *keyset);
	good = value && keyset_parse(&document, keyset, fault);
	json_decref(value);
	return good;
}

void keyset_release(struct keyset *keyset)
{
	for (size_t i = 0; i < keyset->count; i++) {
		free(keyset->keys[i].kid);
		crypto_key_free(keyset->keys[i].key);
	}
	free(keyset->keys);
	memset(keyset, 0, sizeof *keyset);
}

const struct crypto_key *keyset_find(const struct keyset *keyset, struct slice kid)
{
	for (size_t i = 0; i < keyset->count; i++)
		if (slice_is(kid, keyset->keys[i].kid))
			return keyset->keys[i].key;
	return NULL;
}
