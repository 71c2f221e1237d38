#include "mint/fixture.h"

#include "files/files.h"
#include "json.h"
#include "mint/manifest.h"
#include "mint/roles.h"

#include <stdlib.h>

enum { KEYS_MAX = 64, FILES_MAX = 256 };

bool manifest_digest(const json_t *manifest, char digest[65])
{
	json_t *copy = json_copy((json_t *)manifest); /* shallow: only the member is taken out */
	char *text = NULL;
	if (copy) {
		json_object_del(copy, "digest");
		text = json_dumps(copy, JSON_COMPACT | JSON_SORT_KEYS);
	}
	bool done = text && hex_digest(slice_text(text), digest);
	free(text);
	json_decref(copy);
	return done;
}

bool manifest_thumbprint(const struct crypto_key *key, char thumbprint[65])
{
	static const char *const members[] = { "crv", "e", "kty", "n", "x", "y", NULL };
	json_t *jwk = crypto_key_jwk(key, false), *required = json_object();
	for (size_t i = 0; jwk && required && members[i]; i++) {
		json_t *value = json_object_get(jwk, members[i]);
		if (value)
			json_object_set(required, members[i], value);
	}
	char *text = jwk && required ? json_dumps(required, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	bool done = text && hex_digest(slice_text(text), thumbprint);
	free(text);
	json_decref(required);
	json_decref(jwk);
	return done;
}

static bool no_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_UNAVAILABLE, "out of memory while reading the fixture");
}

static bool text_at(const struct json_at *object, const char *name, char **copy, struct fault *fault)
{
	const char *text = NULL;
	struct json_at at = json_member(object, name);
	if (!json_text_at(&at, &text, fault))
		return false;
	*copy = slice_copy(slice_text(text));
	return *copy || no_memory(fault);
}

/* Below the fixture and nowhere else: no absolute name, no "..". */
static bool name_safe(const char *name)
{
	return name[0] != '\0' && name[0] != '/' && !strstr(name, "..");
}

static bool file_unchanged(const char *dir, const char *name, const char *expected, struct fault *fault)
{
	struct buf b;
	char digest[65];
	if (!name_safe(name))
		return fault_set(fault, FAULT_MALFORMED,
				 "%s/fixture.json: $.files: \"%.100s\" is no name below the fixture", dir, name);
	buf_init(&b, FIXTURE_FILE_MAX);
	char *path = path_join(dir, name);
	bool done = path ? file_read(path, FIXTURE_FILE_MAX, &b, fault) : no_memory(fault);
	done = done && (hex_digest(buf_slice(&b), digest) || no_memory(fault));
	if (done && (!expected || strcmp(digest, expected) != 0))
		done = fault_set(
			fault, FAULT_DENIED,
			"%s: changed since the fixture was made; put the file back, or make a new fixture and load it "
			"into the broker again",
			path);
	free(path);
	buf_release(&b);
	return done;
}

static bool files_unchanged(const struct json_at *root, const char *dir, struct fault *fault)
{
	struct json_at at = json_member(root, "files");
	const char *name;
	json_t *digest;
	if (!json_is_object(at.value) || json_object_size(at.value) > FILES_MAX)
		return json_expected(&at, "an object: file names and their SHA-256", fault);
	json_object_foreach((json_t *)at.value, name, digest)
	{
		if (!file_unchanged(dir, name, json_string_value(digest), fault))
			return false;
	}
	return true;
}

static bool digest_unchanged(const struct json_at *root, struct fixture *fixture, struct fault *fault)
{
	const char *text = NULL;
	struct json_at at = json_member(root, "digest");
	if (!json_text_at(&at, &text, fault))
		return false;
	if (!manifest_digest(root->value, fixture->digest))
		return no_memory(fault);
	return strcmp(text, fixture->digest) == 0 ||
	       json_complain(&at, fault, "fixture.json was changed since it was made; make a new fixture");
}

static bool secret_key(const char *dir, const char *thumbprint, struct fixture_key *key, struct fault *fault)
{
	char name[128], found[65];
	snprintf(name, sizeof(name), "secret/%.100s.json", key->role);
	if (!name_safe(name) || strchr(key->role, '/'))
		return fault_set(fault, FAULT_MALFORMED, "%s/fixture.json: \"%.100s\" is no key role", dir, key->role);
	char *path = path_join(dir, name);
	json_t *jwk = path ? json_read_file(path, &json_limits_file, fault) : NULL;
	struct fault cause = { FAULT_NONE, "" };
	key->key = jwk ? crypto_key_private(jwk, &cause) : NULL;
	if (jwk && !key->key)
		fault_set(fault, cause.class, "%.200s: %.390s", path, cause.text);
	bool done = key->key && (manifest_thumbprint(key->key, found) || no_memory(fault));
	if (!path)
		no_memory(fault);
	if (done && strcmp(found, thumbprint) != 0)
		done = fault_set(fault, FAULT_DENIED, "%s: not the key that fixture.json names; make a new fixture",
				 path);
	json_decref(jwk);
	free(path);
	return done;
}

static bool key_at(const struct json_at *at, struct fixture *fixture, struct fault *fault)
{
	static const char *const known[] = { "role", "kid", "iss", "thumbprint", NULL };
	struct fixture_key *key = &fixture->keys[fixture->key_count++]; /* from here on fixture_free releases it */
	struct json_at thumbprint = json_member(at, "thumbprint");
	const char *text = NULL;
	return json_object_at(at, known, fault) && text_at(at, "role", &key->role, fault) &&
	       text_at(at, "kid", &key->kid, fault) && text_at(at, "iss", &key->iss, fault) &&
	       json_text_at(&thumbprint, &text, fault) && secret_key(fixture->dir, text, key, fault);
}

static bool keys_at(const struct json_at *root, struct fixture *fixture, struct fault *fault)
{
	struct json_at at = json_member(root, "keys");
	if (!json_array_at(&at, 1, KEYS_MAX, fault))
		return false;
	fixture->keys = calloc(json_array_size(at.value), sizeof(*fixture->keys));
	if (!fixture->keys)
		return no_memory(fault);
	for (size_t i = 0; i < json_array_size(at.value); i++) {
		struct json_at element = json_element(&at, i);
		if (!key_at(&element, fixture, fault))
			return false;
	}
	return true;
}

static bool issuers_at(const struct json_at *root, struct fixture *fixture, struct fault *fault)
{
	struct json_at at = json_member(root, "issuers");
	if (!json_array_at(&at, ISSUER_TOKENS, ISSUER_TOKENS, fault))
		return false;
	struct json_at first = json_element(&at, ISSUER_MAIN), second = json_element(&at, ISSUER_SECOND);
	return text_at(&first, "iss", &fixture->issuer_main, fault) &&
	       text_at(&second, "iss", &fixture->issuer_second, fault);
}

static bool manifest_read(const json_t *manifest, const char *path, struct fixture *fixture, struct fault *fault)
{
	static const char *const known[] = { "suite",   "profile",       "made_at", "audience", "max_token_life",
					     "issuers", "revocation", "organisations", "keys",    "files",    "digest",
					     NULL };
	struct json_at root = json_root(manifest, path);
	struct json_at life = json_member(&root, "max_token_life");
	return json_object_at(&root, known, fault) && digest_unchanged(&root, fixture, fault) &&
	       text_at(&root, "audience", &fixture->audience, fault) &&
	       json_integer_at(&life, 1, INT32_MAX, &fixture->max_token_life_s, fault) &&
	       issuers_at(&root, fixture, fault) && files_unchanged(&root, fixture->dir, fault) &&
	       keys_at(&root, fixture, fault);
}

struct fixture *fixture_load(const char *dir, struct fault *fault)
{
	bool done = false;
	json_t *manifest = NULL;
	char *path = path_join(dir, "fixture.json");
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	if (!path || !fixture) {
		no_memory(fault);
		goto cleanup;
	}
	fixture->dir = slice_copy(slice_text(dir));
	fixture->ca_file = path_join(dir, "tls/ca.pem");
	if (!fixture->dir || !fixture->ca_file) {
		no_memory(fault);
		goto cleanup;
	}
	manifest = json_read_file(path, &json_limits_file, fault);
	done = manifest && manifest_read(manifest, path, fixture, fault);
cleanup:
	json_decref(manifest);
	free(path);
	if (!done) {
		fixture_free(fixture);
		fixture = NULL;
	}
	return fixture;
}

void fixture_free(struct fixture *fixture)
{
	if (!fixture)
		return;
	for (size_t i = 0; i < fixture->key_count; i++) {
		free(fixture->keys[i].role);
		free(fixture->keys[i].kid);
		free(fixture->keys[i].iss);
		crypto_key_free(fixture->keys[i].key);
	}
	free(fixture->keys);
	free(fixture->dir);
	free(fixture->audience);
	free(fixture->issuer_main);
	free(fixture->issuer_second);
	free(fixture->ca_file);
	free(fixture);
}

const struct fixture_key *fixture_key(const struct fixture *fixture, const char *role)
{
	for (size_t i = 0; i < fixture->key_count; i++) {
		if (strcmp(fixture->keys[i].role, role) == 0)
			return &fixture->keys[i];
	}
	return NULL;
}
