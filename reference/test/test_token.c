/* identity/token: which tokens become an identity, and by which rule the others are refused. */
#include "token_kit.h"

static struct {
	char dir[64];
	struct kit_key es, ed, ps, rs, second, attacker, untyped;
	struct trust *trust;
} kit = {
	.dir = "/tmp/test-token-XXXXXX",
	.es = { "main-es256", JOSE_ES256, NULL },
	.ed = { "main-eddsa", JOSE_EDDSA, NULL },
	.ps = { "main-ps256", JOSE_PS256, NULL },
	.rs = { "main-rs256", JOSE_RS256, NULL },
	.second = { "second", JOSE_ES256, NULL },
	.attacker = { "main-es256", JOSE_ES256, NULL },
	.untyped = { "untyped", JOSE_EDDSA, NULL },
};

static const char config[] =
	"{\"audience\":\"mqtt://broker.test\",\"max_token_life\":3600,\"issuers\":["
	"{\"iss\":\"https://main.issuer.test\",\"jwks\":\"main.json\",\"organisations\":{"
	"\"seed\":{\"agent_id\":\"*\",\"server_id\":\"*\",\"tool_id\":\"*\",\"user_id\":\"*\"},"
	"\"mixed\":{\"agent_id\":[\"one\",\"main.\"]}}},"
	"{\"iss\":\"https://second.issuer.test\",\"jwks\":\"second.json\",\"organisations\":{"
	"\"mixed\":{\"agent_id\":[\"two\",\"partner.\"],\"user_id\":\"*\"}}},"
	"{\"iss\":\"https://untyped.issuer.test\",\"jwks\":\"untyped.json\",\"untyped\":true,\"organisations\":{"
	"\"old\":{\"agent_id\":\"*\"}}}]}";

static void setup(void)
{
	struct kit_key *keys[] = { &kit.es, &kit.ed, &kit.ps, &kit.rs, &kit.second, &kit.attacker, &kit.untyped };
	struct fault fault = { FAULT_NONE, "" };
	json_t *set;

	ck_assert_ptr_nonnull(mkdtemp(kit.dir));
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		kit_generate(keys[i]);
	set = json_pack("{s:[o,o,o,o]}", "keys", kit_jwk(&kit.es), kit_jwk(&kit.ed), kit_jwk(&kit.ps), kit_jwk(&kit.rs));
	kit_write(kit.dir, "main.json", set);
	json_decref(set);
	set = json_pack("{s:[o]}", "keys", kit_jwk(&kit.second));
	kit_write(kit.dir, "second.json", set);
	json_decref(set);
	set = json_pack("{s:[o]}", "keys", kit_jwk(&kit.untyped));
	kit_write(kit.dir, "untyped.json", set);
	json_decref(set);
	kit.trust = kit_trust(kit.dir, config, &fault);
	ck_assert_msg(kit.trust != NULL, "%s", fault.text);
}

static void teardown(void)
{
	struct kit_key *keys[] = { &kit.es, &kit.ed, &kit.ps, &kit.rs, &kit.second, &kit.attacker, &kit.untyped };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		crypto_key_free(keys[i]->key);
	trust_free(kit.trust);
	kit_remove(kit.dir, "main.json");
	kit_remove(kit.dir, "second.json");
	kit_remove(kit.dir, "untyped.json");
	rmdir(kit.dir);
}

/* Verifies; a refused token must leave an identity of zeroes and a reason, an accepted one none. */
static bool verify_at(struct slice token, int64_t now_ms, struct identity *identity, struct refusal *refusal)
{
	static const struct identity nobody;
	bool good;

	memset(identity, 0x55, sizeof *identity);
	good = token_verify(kit.trust, token, now_ms, identity, refusal);
	ck_assert(good == (refusal->rule == NULL));
	ck_assert(good == (refusal->why == NULL));
	ck_assert(good || memcmp(identity, &nobody, sizeof nobody) == 0);
	return good;
}

static bool verify(struct slice token, struct refusal *refusal)
{
	struct identity identity;

	return verify_at(token, (int64_t)KIT_NOW_S * 1000, &identity, refusal);
}

START_TEST(good_token_fills_the_identity)
{
	const struct kit_key *keys[] = { &kit.es, &kit.ed, &kit.ps, &kit.rs };
	struct refusal refusal;
	struct identity id;
	struct buf token;

	buf_init(&token, 20000);
	kit_mint(keys[_i], "{}", "{}", &token);
	ck_assert_msg(verify_at(buf_slice(&token), (int64_t)KIT_NOW_S * 1000, &id, &refusal), "%s", refusal.why);
	ck_assert_str_eq(id.claims[CLAIM_ORG_ID], "seed");
	ck_assert_str_eq(id.claims[CLAIM_AGENT_ID], "scout");
	ck_assert_str_eq(id.claims[CLAIM_USER_ID], "");
	ck_assert_str_eq(id.iss, "https://main.issuer.test");
	ck_assert_str_eq(id.jti, "t1");
	ck_assert_int_eq(id.iat_ms, (KIT_NOW_S - 10LL) * 1000);
	ck_assert_int_eq(id.exp_ms, (KIT_NOW_S + 300LL) * 1000);
	buf_release(&token);
}
END_TEST

#define A128 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* One change to a good token each. rule NULL: still good. */
static const struct {
	const char *header, *claims, *rule;
} rows[] = {
	/* header */
	{ "{\"typ\":\"AT+JWT\"}", "{}", NULL },
	{ "{\"typ\":\"application/at+jwt\"}", "{}", NULL },
	{ "{\"typ\":\"JWT\"}", "{}", "AUTH-02" },
	{ "{\"typ\":\"-\"}", "{}", "AUTH-02" },
	{ "{\"typ\":\"secevent+jwt\"}", "{}", "AUTH-02" },
	{ "{\"typ\":\"dpop+jwt\"}", "{}", "AUTH-02" },
	{ "{\"typ\":\"JOSE\"}", "{}", "AUTH-02" },
	{ "{\"typ\":\"at+jwt \"}", "{}", "AUTH-02" },
	{ "{\"typ\":null}", "{}", "AUTH-02" },
	{ "{\"typ\":[\"at+jwt\"]}", "{}", "AUTH-02" },
	{ "{\"alg\":\"none\"}", "{}", "AUTH-02" },
	{ "{\"alg\":\"nOnE\"}", "{}", "AUTH-02" },
	{ "{\"alg\":\"HS256\"}", "{}", "AUTH-02" },
	{ "{\"alg\":\"ES384\"}", "{}", "AUTH-02" },
	{ "{\"alg\":\"es256\"}", "{}", "AUTH-02" },
	{ "{\"alg\":\"EdDSA\"}", "{}", "AUTH-02" },
	{ "{\"alg\":\"-\"}", "{}", "AUTH-02" },
	{ "{\"alg\":null}", "{}", "AUTH-02" },
	{ "{\"alg\":[\"ES256\"]}", "{}", "AUTH-02" },
	{ "{\"kid\":\"-\"}", "{}", "AUTH-02" },
	{ "{\"kid\":\"\"}", "{}", "AUTH-02" },
	{ "{\"kid\":7}", "{}", "AUTH-02" },
	{ "{\"kid\":\"main-ES256\"}", "{}", "AUTH-02" },
	{ "{\"kid\":\"main-es256 \"}", "{}", "AUTH-02" },
	{ "{\"kid\":\"main-eddsa\"}", "{}", "AUTH-02" },
	{ "{\"kid\":\"second\"}", "{}", "AUTH-02" },
	{ "{\"kid\":\"../main.json\"}", "{}", "AUTH-02" },
	{ "{\"crit\":[\"exp\"]}", "{}", "AUTH-02" },
	{ "{\"crit\":[]}", "{}", "AUTH-02" },
	{ "{\"b64\":true}", "{}", "AUTH-02" },
	{ "{\"jku\":\"https://main.issuer.test/jwks\"}", "{}", "AUTH-02" },
	{ "{\"jwk\":{}}", "{}", "AUTH-02" },
	{ "{\"x5u\":\"https://main.issuer.test\"}", "{}", "AUTH-02" },
	{ "{\"x5c\":[]}", "{}", "AUTH-02" },
	{ "{\"cty\":\"JWT\"}", "{}", "AUTH-02" },
	{ "{\"x5t\":\"ignored\",\"other\":1}", "{}", NULL },
	/* iss, aud, sub, jti */
	{ "{}", "{\"iss\":\"-\"}", "AUTH-02" },
	{ "{}", "{\"iss\":\"https://main.issuer.test/\"}", "AUTH-02" },
	{ "{}", "{\"iss\":\"HTTPS://main.issuer.test\"}", "AUTH-02" },
	{ "{}", "{\"iss\":[\"https://main.issuer.test\"]}", "AUTH-02" },
	{ "{}", "{\"iss\":\"https://second.issuer.test\"}", "AUTH-02" },
	{ "{}", "{\"aud\":\"-\"}", "AUTH-02" },
	{ "{}", "{\"aud\":[\"mqtt://broker.test\"]}", NULL },
	{ "{}", "{\"aud\":[]}", "AUTH-02" },
	{ "{}", "{\"aud\":[\"mqtt://broker.test\",\"mqtt://other.test\"]}", "AUTH-02" },
	{ "{}", "{\"aud\":[\"mqtt://broker.test\",1]}", "AUTH-02" },
	{ "{}", "{\"aud\":[[\"mqtt://broker.test\"]]}", "AUTH-02" },
	{ "{}", "{\"aud\":\"mqtt://other.test\"}", "AUTH-02" },
	{ "{}", "{\"aud\":\"mqtt://broker.test/\"}", "AUTH-02" },
	{ "{}", "{\"sub\":\"-\"}", "AUTH-02" },
	{ "{}", "{\"sub\":\"\"}", "AUTH-02" },
	{ "{}", "{\"sub\":1}", "AUTH-02" },
	{ "{}", "{\"jti\":\"-\"}", "AUTH-02" },
	{ "{}", "{\"jti\":\"\"}", "AUTH-02" },
	{ "{}", "{\"jti\":5}", "AUTH-02" },
	{ "{}", "{\"jti\":\"" A128 A128 "\"}", NULL },
	{ "{}", "{\"jti\":\"" A128 A128 "a\"}", "AUTH-02" },
	/* dates: now is 1800000000 */
	{ "{}", "{\"exp\":\"-\"}", "AUTH-02" },
	{ "{}", "{\"exp\":\"1800000300\"}", "AUTH-02" },
	{ "{}", "{\"exp\":null}", "AUTH-02" },
	{ "{}", "{\"exp\":true}", "AUTH-02" },
	{ "{}", "{\"exp\":1800000000}", "AUTH-02" },
	{ "{}", "{\"exp\":1800000001}", NULL },
	{ "{}", "{\"exp\":1800000000.9}", "AUTH-02" },
	{ "{}", "{\"exp\":1800000001.1}", NULL },
	{ "{}", "{\"exp\":-1}", "AUTH-02" },
	{ "{}", "{\"exp\":9007199254740991,\"iat\":0}", "AUTH-02" },
	{ "{}", "{\"exp\":9007199254740992}", "AUTH-02" },
	{ "{}", "{\"exp\":1e300}", "AUTH-02" },
	{ "{}", "{\"iat\":\"-\"}", "AUTH-02" },
	{ "{}", "{\"iat\":\"1800000000\"}", "AUTH-02" },
	{ "{}", "{\"iat\":1800000030}", NULL },
	{ "{}", "{\"iat\":1800000030.5}", "AUTH-02" },
	{ "{}", "{\"iat\":1800000031}", "AUTH-02" },
	{ "{}", "{\"iat\":1799996700}", NULL },      /* 3600 s before exp */
	{ "{}", "{\"iat\":1799996699}", "AUTH-02" }, /* 3601 */
	{ "{}", "{\"iat\":1799996699.5}", "AUTH-02" },
	{ "{}", "{\"nbf\":1800000030}", NULL },
	{ "{}", "{\"nbf\":1800000031}", "AUTH-02" },
	{ "{}", "{\"nbf\":1800000030.1}", "AUTH-02" },
	{ "{}", "{\"nbf\":\"0\"}", "AUTH-02" },
	{ "{}", "{\"nbf\":null}", "AUTH-02" },
	{ "{}", "{\"nbf\":-0.5}", "AUTH-02" },
	/* claims that narrow, and other kinds of tokens */
	{ "{}", "{\"act\":{\"sub\":\"scout\"}}", "AUTH-02" },
	{ "{}", "{\"authorization_details\":[]}", "AUTH-02" },
	{ "{}", "{\"cnf\":{}}", "AUTH-02" },
	{ "{}", "{\"events\":{}}", "AUTH-02" },
	{ "{}", "{\"at_hash\":\"x\"}", "AUTH-02" },
	{ "{}", "{\"act\":null}", "AUTH-02" },
	{ "{}", "{\"scope\":\"anything\",\"client_id\":\"c\",\"other\":{\"agent_id\":\"x\"}}", NULL },
	/* principals */
	{ "{}", "{\"org_id\":\"-\"}", "CLM-03" },
	{ "{}", "{\"org_id\":\"\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\"-\"}", "CLM-03" },
	{ "{}", "{\"agent_id\":\"-\",\"user_id\":\"alice\"}", NULL },
	{ "{}", "{\"agent_id\":\"-\",\"server_id\":\"s\"}", NULL },
	{ "{}", "{\"agent_id\":\"-\",\"tool_id\":\"t\"}", NULL },
	{ "{}", "{\"server_id\":\"s\"}", "CLM-03" },
	{ "{}", "{\"agent_id\":\"-\",\"server_id\":\"s\",\"tool_id\":\"t\"}", "CLM-03" },
	{ "{}", "{\"user_id\":\"alice\"}", "CLM-03" },
	{ "{}", "{\"agent_id\":\"" A128 "\"}", NULL },
	{ "{}", "{\"agent_id\":\"" A128 "a\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\"null\"}", NULL },
	{ "{}", "{\"agent_id\":\"a.b_c-D9\"}", NULL },
	{ "{}", "{\"agent_id\":\"scout\\n\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\" scout\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\"#\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\"+\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\"a/b\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\"$SYS\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\"{$self}\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\".a\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\"a*\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":\"sc\xc3\xb6ut\"}", "CLM-01" },
	{ "{}", "{\"agent_id\":null}", "CLM-01" },
	{ "{}", "{\"agent_id\":7}", "CLM-01" },
	{ "{}", "{\"agent_id\":[\"scout\"]}", "CLM-01" },
	{ "{}", "{\"user_id\":null}", "CLM-01" },
	/* what the issuer may assert */
	{ "{}", "{\"org_id\":\"other\"}", "AUTH-02" },
	{ "{}", "{\"org_id\":\"Seed\"}", "AUTH-02" },
	{ "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"one\"}", NULL },
	{ "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"onE\"}", "AUTH-02" },
	{ "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"one.more\"}", "AUTH-02" },
	{ "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"main.x\"}", NULL },
	{ "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"mainx\"}", "AUTH-02" },
	{ "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"main\"}", "AUTH-02" },
	{ "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"two\"}", "AUTH-02" },
	{ "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"-\",\"user_id\":\"one\"}", "AUTH-02" },
};

START_TEST(one_change)
{
	struct refusal refusal;
	struct buf token;
	bool good;

	buf_init(&token, 20000);
	kit_mint(&kit.es, rows[_i].header, rows[_i].claims, &token);
	good = verify(buf_slice(&token), &refusal);
	ck_assert_msg(good == (rows[_i].rule == NULL), "%s %s: %s", rows[_i].header, rows[_i].claims,
		      good ? "accepted" : refusal.why);
	if (rows[_i].rule)
		ck_assert_msg(strcmp(refusal.rule, rows[_i].rule) == 0, "%s %s: %s", rows[_i].header, rows[_i].claims,
			      refusal.rule);
	buf_release(&token);
}
END_TEST

START_TEST(keys_and_algorithms_do_not_mix)
{
	struct kit_key forged = kit.rs;
	struct refusal refusal;
	struct buf token;

	buf_init(&token, 20000);
	kit_mint(&kit.attacker, "{}", "{}", &token);
	ck_assert(!verify(buf_slice(&token), &refusal));
	ck_assert_str_eq(refusal.why, "signature does not verify");
	kit_mint(&forged, "{\"alg\":\"PS256\"}", "{}", &token);
	ck_assert(!verify(buf_slice(&token), &refusal));
	kit_mint(&forged, "{\"alg\":\"PS256\",\"kid\":\"main-ps256\"}", "{}", &token);
	ck_assert(!verify(buf_slice(&token), &refusal));
	kit_mint(&kit.ed, "{\"alg\":\"Ed25519\"}", "{}", &token);
	ck_assert(verify(buf_slice(&token), &refusal));
	kit_mint(&kit.second, "{}", "{}", &token); /* a real key, of another issuer */
	ck_assert(!verify(buf_slice(&token), &refusal));
	buf_release(&token);
}
END_TEST

START_TEST(second_and_untyped_issuers)
{
	static const struct {
		bool untyped;
		const char *header, *claims;
		bool good;
	} tries[] = {
		{ false, "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"two\"}", true },
		{ false, "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"partner.x\"}", true },
		{ false, "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"one\"}", false },
		{ false, "{}", "{\"org_id\":\"seed\",\"agent_id\":\"scout\"}", false },
		{ false, "{}", "{\"org_id\":\"mixed\",\"agent_id\":\"-\",\"tool_id\":\"two\"}", false },
		{ true, "{}", "{}", true },
		{ true, "{\"typ\":\"-\"}", "{}", true },
		{ true, "{\"typ\":\"JWT\"}", "{}", true },
		{ true, "{\"typ\":\"jwt\"}", "{}", true },
		{ true, "{\"typ\":\"secevent+jwt\"}", "{}", false },
		{ true, "{\"typ\":\"-\"}", "{\"events\":{}}", false },
	};
	struct refusal refusal;
	char claims[400];
	struct buf token;

	buf_init(&token, 20000);
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		const char *rest = strlen(tries[i].claims) > 2 ? tries[i].claims + 1 : "\"x\":1}";

		snprintf(claims, sizeof claims, "{\"iss\":\"https://%s.issuer.test\"%s,%s",
			 tries[i].untyped ? "untyped" : "second", tries[i].untyped ? ",\"org_id\":\"old\"" : "", rest);
		kit_mint(tries[i].untyped ? &kit.untyped : &kit.second, tries[i].header, claims, &token);
		ck_assert_msg(verify(buf_slice(&token), &refusal) == tries[i].good, "try %zu", i);
	}
	buf_release(&token);
}
END_TEST

/* Headers and payloads as text, signed by a good key. */
static const struct {
	const char *header, *payload;
} texts[] = {
	{ "{\"alg\":\"none\",\"alg\":\"ES256\",\"kid\":\"main-es256\",\"typ\":\"at+jwt\"}", NULL },
	{ "{\"alg\":\"ES256\",\"\\u0061lg\":\"ES256\",\"kid\":\"main-es256\",\"typ\":\"at+jwt\"}", NULL },
	{ "[]", NULL },
	{ "\"ES256\"", NULL },
	{ "", NULL },
	{ "{\"alg\":\"ES256\",\"kid\":\"main-es256\",\"typ\":\"at+jwt\"}x", NULL },
	{ "\xef\xbb\xbf{\"alg\":\"ES256\",\"kid\":\"main-es256\",\"typ\":\"at+jwt\"}", NULL },
	{ NULL, "" },
	{ NULL, "[]" },
	{ NULL, "null" },
	{ NULL, "{\"iss\":\"https://main.issuer.test\",\"agent_id\":\"scout\",\"agent_id\":\"analyst\"}" },
	{ NULL, "{\"iss\":\"https://main.issuer.test\",\"agent_id\":\"\xff\"}" },
	{ NULL, "{\"iss\":\"https://main.issuer.test\"" },
	{ NULL, "{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}" }, /* 17 deep */
};

START_TEST(broken_texts)
{
	const char *header = "{\"alg\":\"ES256\",\"kid\":\"main-es256\",\"typ\":\"at+jwt\"}";
	const char *payload = "{\"iss\":\"https://main.issuer.test\",\"aud\":\"mqtt://broker.test\",\"sub\":\"scout\","
			      "\"jti\":\"t\",\"org_id\":\"seed\",\"agent_id\":\"scout\",\"iat\":1800000000,"
			      "\"exp\":1800000300}";
	struct refusal refusal;
	struct buf token;

	buf_init(&token, 20000);
	kit_sign(kit.es.key, header, payload, &token);
	ck_assert_msg(verify(buf_slice(&token), &refusal), "%s", refusal.why);
	kit_sign(kit.es.key, texts[_i].header ? texts[_i].header : header,
		 texts[_i].payload ? texts[_i].payload : payload, &token);
	ck_assert(!verify(buf_slice(&token), &refusal));
	ck_assert_str_eq(refusal.rule, "AUTH-02");
	buf_release(&token);
}
END_TEST

static bool verify_text(struct buf *text)
{
	struct refusal refusal;
	bool good = verify(buf_slice(text), &refusal);

	buf_release(text);
	return good;
}

/* What can be done to a finished token without any key. */
START_TEST(compact_form_is_strict)
{
	struct buf token, other;
	struct slice whole;

	buf_init(&token, 20000);
	buf_init(&other, 20000);
	kit_mint(&kit.ed, "{}", "{}", &token);
	whole = buf_slice(&token);
	for (size_t i = 0; i < whole.size; i++) { /* every single byte counts */
		struct refusal refusal;

		token.data[i] ^= 1;
		ck_assert_msg(!verify(whole, &refusal), "byte %zu", i);
		token.data[i] ^= 1;
		ck_assert(!verify(slice_part(whole, 0, i), &refusal));
	}
	static const char *const after[] = { "=", "\n", " ", ".", "..", ".e30", "A", "%00" };
	static const char *const before[] = { " ", "Bearer ", ".", "e30." };

	for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
		buf_put(&other, whole);
		buf_text(&other, after[i]);
		ck_assert(!verify_text(&other));
	}
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		buf_text(&other, before[i]);
		buf_put(&other, whole);
		ck_assert(!verify_text(&other));
	}
	buf_put(&other, whole);
	buf_u8(&other, 0);
	ck_assert(!verify_text(&other));
	buf_text(&other, "{\"payload\":\"e30\",\"signatures\":[]}");
	ck_assert(!verify_text(&other));
	ck_assert(!verify_text(&other)); /* the empty token */
	buf_release(&token);
}
END_TEST

/* The published limits hold at their edge: the largest is good, one more is refused. */
START_TEST(sizes)
{
	struct refusal refusal;
	struct buf token, patch;
	bool was_good = false;

	buf_init(&token, 20000);
	buf_init(&patch, 20000);
	for (size_t size = 930; size < 990; size++) { /* header: 1024 bytes of JSON */
		buf_clear(&patch);
		buf_format(&patch, "{\"x\":\"%0*d\"}", (int)size, 0);
		kit_mint(&kit.ed, buf_string(&patch), "{}", &token);
		size_t header = (size_t)((unsigned char *)memchr(token.data, '.', token.size) - token.data) * 3 / 4;

		ck_assert(verify(buf_slice(&token), &refusal) == (header <= TOKEN_HEADER_BYTES_MAX));
		was_good = was_good || header == TOKEN_HEADER_BYTES_MAX;
	}
	ck_assert(was_good);
	for (size_t size = 5500; size < 6100; size += 1) { /* the whole token: 8192 bytes */
		buf_clear(&patch);
		buf_format(&patch, "{\"x\":\"%0*d\"}", (int)size, 0);
		kit_mint(&kit.ed, "{}", buf_string(&patch), &token);
		ck_assert(verify(buf_slice(&token), &refusal) == (token.size <= TOKEN_BYTES_MAX));
	}
	buf_release(&token);
	buf_release(&patch);
}
END_TEST

START_TEST(owners)
{
	struct refusal refusal;
	struct identity a, b;
	struct buf token;
	int64_t now_ms = (int64_t)KIT_NOW_S * 1000;

	buf_init(&token, 20000);
	kit_mint(&kit.es, "{}", "{}", &token);
	ck_assert(verify_at(buf_slice(&token), now_ms, &a, &refusal));
	kit_mint(&kit.ps, "{}", "{\"jti\":\"t2\",\"sub\":\"x\",\"exp\":1800000100}", &token);
	ck_assert(verify_at(buf_slice(&token), now_ms, &b, &refusal));
	ck_assert(identity_same_owner(&a, &b));
	kit_mint(&kit.es, "{}", "{\"agent_id\":\"-\",\"tool_id\":\"scout\"}", &token);
	ck_assert(verify_at(buf_slice(&token), now_ms, &b, &refusal));
	ck_assert(!identity_same_owner(&a, &b));
	/* the same token, later */
	kit_mint(&kit.es, "{}", "{}", &token);
	ck_assert(verify_at(buf_slice(&token), now_ms + 299999, &b, &refusal));
	ck_assert(!verify_at(buf_slice(&token), now_ms + 300000, &b, &refusal));
	ck_assert_str_eq(refusal.why, "expired");
	buf_release(&token);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("token");
	TCase *tcase = tcase_create("token");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, setup, teardown);
	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, good_token_fills_the_identity, 0, 4);
	tcase_add_loop_test(tcase, one_change, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(tcase, keys_and_algorithms_do_not_mix);
	tcase_add_test(tcase, second_and_untyped_issuers);
	tcase_add_loop_test(tcase, broken_texts, 0, (int)(sizeof texts / sizeof *texts));
	tcase_add_test(tcase, compact_form_is_strict);
	tcase_add_test(tcase, sizes);
	tcase_add_test(tcase, owners);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
