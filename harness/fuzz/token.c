/* The token verifier. First byte even: the rest is a token as it stands. Odd: header and payload, a
 * line each, are signed with the issuer's own key, so that what lies behind the signature is reached. */
#include "base64url.h"
#include "buf.h"
#include "crypto.h"
#include "fuzz.h"
#include "token.h"

#include <stdio.h>
#include <unistd.h>

static const int64_t now_ms = INT64_C(1790000000000);
static struct crypto_key *key;
static struct trust *trust;

static json_t *configuration(const char *keys)
{
	struct fault fault = { FAULT_NONE, "" };
	char text[512];

	snprintf(text, sizeof text,
		 "{\"audience\":\"a\",\"issuers\":[{\"iss\":\"i\",\"jwks\":\"%s\",\"untyped\":true,\"organisations\":{"
		 "\"o\":{\"agent_id\":\"*\",\"user_id\":[\"alice\",\"p.\"],\"server_id\":\"*\",\"tool_id\":\"*\"}}}]}",
		 keys);
	return json_parse(slice_text(text), "configuration", &json_limits_file, &fault);
}

static void load(void)
{
	struct fault fault = { FAULT_NONE, "" };
	char path[] = "/tmp/mqtt-agent-fuzz-XXXXXX";
	int file = mkstemp(path);
	json_t *jwk, *set, *config;

	key = crypto_key_generate(JOSE_EDDSA, &fault);
	jwk = key ? crypto_key_jwk(key, false) : NULL;
	fuzz_need(file >= 0 && jwk && json_object_set_new(jwk, "kid", json_string("k")) == 0);
	set = json_pack("{s:[o]}", "keys", jwk);
	fuzz_need(set && json_dumpfd(set, file, 0) == 0 && close(file) == 0);
	config = configuration(path);
	struct json_at root = json_root(config, "configuration");
	trust = trust_load(&root, &fault);
	fuzz_need(trust != NULL);
	unlink(path);
	json_decref(config);
	json_decref(set);
}

static void sign(struct slice rest, struct buf *token)
{
	struct slice header = fuzz_part(&rest, '\n');
	struct buf signature;

	buf_init(&signature, 64);
	base64url_encode(header, token);
	buf_text(token, ".");
	base64url_encode(rest, token);
	fuzz_need(crypto_sign(key, buf_slice(token), &signature));
	buf_text(token, ".");
	base64url_encode(buf_slice(&signature), token);
	buf_release(&signature);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct identity identity;
	struct refusal refusal;
	struct buf token;

	if (!trust)
		load();
	if (!size)
		return 0;
	buf_init(&token, (size_t)1 << 21);
	if (data[0] & 1)
		sign(slice_of(data + 1, size - 1), &token);
	else
		buf_put(&token, slice_of(data + 1, size - 1));
	if (!token_verify(trust, buf_slice(&token), now_ms, &identity, &refusal))
		fuzz_need(refusal.rule && refusal.why && !identity.claims[CLAIM_ORG_ID][0]);
	buf_release(&token);
	return 0;
}
