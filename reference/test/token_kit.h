/* For tests of tokens: keys, a folder with their sets, and the signing of any header and claims. */
#ifndef TOKEN_KIT_H
#define TOKEN_KIT_H

#include "base64url.h"
#include "crypto.h"
#include "token.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { KIT_NOW_S = 1800000000 };

struct kit_key {
	const char *kid;
	enum jose_alg alg;
	struct crypto_key *key;
};

static inline json_t *kit_json(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, JSON_DECODE_ANY, &error);

	ck_assert_msg(value != NULL, "%s: %s", text, error.text);
	return value;
}

static inline void kit_generate(struct kit_key *key)
{
	struct fault fault;

	key->key = crypto_key_generate(key->alg, &fault);
	ck_assert_msg(key->key != NULL, "%s", fault.text);
}

/* The public JWK with its kid. */
static inline json_t *kit_jwk(const struct kit_key *key)
{
	json_t *jwk = crypto_key_jwk(key->key, false);

	json_object_set_new(jwk, "kid", json_string(key->kid));
	return jwk;
}

static inline void kit_write(const char *dir, const char *name, const json_t *value)
{
	char path[300];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	ck_assert_int_eq(json_dump_file(value, path, 0), 0);
}

static inline void kit_remove(const char *dir, const char *name)
{
	char path[300];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	unlink(path);
}

static inline struct trust *kit_trust(const char *dir, const char *config, struct fault *fault)
{
	char name[300];
	json_t *value = kit_json(config);
	struct json_at root;
	struct trust *trust;

	snprintf(name, sizeof name, "%s/broker.json", dir);
	root = json_root(value, name);
	trust = trust_load(&root, fault);
	json_decref(value);
	return trust;
}

/* header.payload.signature, from the two texts as they are. */
static inline void kit_sign(const struct crypto_key *key, const char *header, const char *payload, struct buf *token)
{
	struct buf signature;

	buf_init(&signature, 2000);
	buf_clear(token);
	base64url_encode(slice_text(header), token);
	buf_text(token, ".");
	base64url_encode(slice_text(payload), token);
	ck_assert(crypto_sign(key, buf_slice(token), &signature));
	buf_text(token, ".");
	base64url_encode(buf_slice(&signature), token);
	ck_assert(!token->failed);
	buf_release(&signature);
}

/* Sets the members of patch in object; the value "-" takes a member away. */
static inline void kit_patch(json_t *object, const char *patch)
{
	json_t *changes = kit_json(patch), *value;
	const char *name;

	json_object_foreach(changes, name, value) {
		if (json_is_string(value) && strcmp(json_string_value(value), "-") == 0)
			json_object_del(object, name);
		else
			json_object_set(object, name, value);
	}
	json_decref(changes);
}

/* A good token of scout in seed, valid at KIT_NOW_S, with both patches applied. */
static inline void kit_mint(const struct kit_key *key, const char *header_patch, const char *claims_patch,
			    struct buf *token)
{
	json_t *header = json_pack("{s:s, s:s, s:s}", "alg", jose_alg_name(key->alg), "kid", key->kid, "typ", "at+jwt");
	json_t *claims = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i}", "iss", "https://main.issuer.test",
				   "aud", "mqtt://broker.test", "sub", "scout", "jti", "t1", "org_id", "seed",
				   "agent_id", "scout", "iat", KIT_NOW_S - 10, "exp", KIT_NOW_S + 300);
	char *header_text, *claims_text;

	kit_patch(header, header_patch);
	kit_patch(claims, claims_patch);
	header_text = json_dumps(header, JSON_COMPACT);
	claims_text = json_dumps(claims, JSON_COMPACT);
	kit_sign(key->key, header_text, claims_text, token);
	free(header_text);
	free(claims_text);
	json_decref(header);
	json_decref(claims);
}

#endif
