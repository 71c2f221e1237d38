/* identity/trust and keyset: which configurations and key sets are refused, and with what words. */
#include "keyset.h"
#include "token_kit.h"

static struct {
	char dir[64];
	struct kit_key es, ed, rs;
} kit = {
	.dir = "/tmp/test-trust-XXXXXX",
	.es = { "es", JOSE_ES256, NULL },
	.ed = { "ed", JOSE_EDDSA, NULL },
	.rs = { "rs", JOSE_RS256, NULL },
};

static void setup(void)
{
	json_t *set;

	ck_assert_ptr_nonnull(mkdtemp(kit.dir));
	kit_generate(&kit.es);
	kit_generate(&kit.ed);
	kit_generate(&kit.rs);
	set = json_pack("{s:[o]}", "keys", kit_jwk(&kit.es));
	kit_write(kit.dir, "keys.json", set);
	json_decref(set);
}

static void teardown(void)
{
	crypto_key_free(kit.es.key);
	crypto_key_free(kit.ed.key);
	crypto_key_free(kit.rs.key);
	kit_remove(kit.dir, "keys.json");
	rmdir(kit.dir);
}

#define ISSUER(name, organisations) \
	"{\"iss\":\"" name "\",\"jwks\":\"keys.json\",\"organisations\":" organisations "}"
#define ONE(members) "{\"audience\":\"a\",\"issuers\":[{" members "}]}"
#define TWO(first, second) "{\"audience\":\"a\",\"issuers\":[" ISSUER("one", first) "," ISSUER("two", second) "]}"

/* Behind the file name; an empty text means that the configuration is good. */
static const struct {
	const char *config, *expected;
} rows[] = {
	{ "{\"audience\":\"a\",\"issuers\":[" ISSUER("one", "{\"o\":{\"agent_id\":\"*\"}}") "],\"other\":1}", "" },
	{ "{}", "$.audience: expected a non-empty string, found nothing" },
	{ "{\"audience\":\"a\"}", "$.issuers: expected an array of 1 to 64 elements, found nothing" },
	{ "{\"audience\":\"a\",\"issuers\":[]}", "$.issuers: expected an array of 1 to 64 elements, found an array of 0" },
	{ "{\"audience\":\"a\",\"max_token_life\":0}", "$.max_token_life: expected an integer from 1 to 86400, found 0" },
	{ ONE("\"iss\":\"one\",\"x\":1"), "$.issuers[0].x: unknown member, expected only iss, jwks, untyped, organisations" },
	{ ONE("\"jwks\":\"keys.json\""), "$.issuers[0].iss: expected a non-empty string, found nothing" },
	{ ONE("\"iss\":\"one\",\"untyped\":1"), "$.issuers[0].untyped: expected true or false, found 1" },
	{ ONE("\"iss\":\"one\",\"jwks\":\"keys.json\""), "$.issuers[0].organisations: expected an object of 1 to 1024 organisations, found nothing" },
	{ ONE("\"iss\":\"one\",\"organisations\":{}"), "$.issuers[0].organisations: expected an object of 1 to 1024 organisations, found an object" },
	{ ONE("\"iss\":\"one\",\"organisations\":{\"a/b\":{}}"), "$.issuers[0].organisations[\"a/b\"]: expected an org_id [A-Za-z0-9][A-Za-z0-9._-]{0,127}" },
	{ ONE("\"iss\":\"one\",\"organisations\":{\"o\":{}}"), "$.issuers[0].organisations.o: expected at least one claim that the issuer may assert" },
	{ ONE("\"iss\":\"one\",\"organisations\":{\"o\":{\"org_id\":\"*\"}}"), "$.issuers[0].organisations.o.org_id: unknown member, expected only agent_id, server_id, tool_id, user_id" },
	{ ONE("\"iss\":\"one\",\"organisations\":{\"o\":{\"agent_id\":\"scout\"}}"), "$.issuers[0].organisations.o.agent_id: expected \"*\" or a list of names and of prefixes that end in \".\", found \"scout\"" },
	{ ONE("\"iss\":\"one\",\"organisations\":{\"o\":{\"agent_id\":[]}}"), "$.issuers[0].organisations.o.agent_id: expected an array of 1 to 1024 elements, found an array of 0" },
	{ ONE("\"iss\":\"one\",\"organisations\":{\"o\":{\"agent_id\":[\"a\",\"*\"]}}"), "$.issuers[0].organisations.o.agent_id[1]: expected a name [A-Za-z0-9][A-Za-z0-9._-]{0,127}, found \"*\"" },
	{ ONE("\"iss\":\"one\",\"organisations\":{\"o\":{\"agent_id\":\"*\"}}"), "$.issuers[0].jwks: expected a non-empty string, found nothing" },
	{ TWO("{\"o\":{\"agent_id\":\"*\"}}", "{\"p\":{\"agent_id\":\"*\"}}"), "" },
	{ TWO("{\"o\":{\"agent_id\":\"*\"}}", "{\"o\":{\"user_id\":\"*\"}}"), "" },
	{ TWO("{\"o\":{\"agent_id\":[\"a\"]}}", "{\"o\":{\"agent_id\":[\"b\",\"a.\"]}}"), "" },
	{ TWO("{\"o\":{\"agent_id\":[\"a.\"]}}", "{\"o\":{\"agent_id\":[\"b.\",\"ab.\"]}}"), "" },
	{ TWO("{\"o\":{\"agent_id\":\"*\"}}", "{\"o\":{\"agent_id\":\"*\"}}"), "$.issuers[1]: expected issuers that share no name, found two that may both assert the same agent_id in organisation o" },
	{ TWO("{\"o\":{\"agent_id\":\"*\"}}", "{\"x\":{\"agent_id\":\"*\"},\"o\":{\"agent_id\":[\"a\"]}}"), "$.issuers[1]: expected issuers that share no name, found two that may both assert the same agent_id in organisation o" },
	{ TWO("{\"o\":{\"tool_id\":[\"a\",\"b\"]}}", "{\"o\":{\"tool_id\":[\"c\",\"b\"]}}"), "$.issuers[1]: expected issuers that share no name, found two that may both assert the same tool_id in organisation o" },
	{ TWO("{\"o\":{\"agent_id\":[\"a.\"]}}", "{\"o\":{\"agent_id\":[\"a.b\"]}}"), "$.issuers[1]: expected issuers that share no name, found two that may both assert the same agent_id in organisation o" },
	{ TWO("{\"o\":{\"agent_id\":[\"a.b.\"]}}", "{\"o\":{\"agent_id\":[\"a.\"]}}"), "$.issuers[1]: expected issuers that share no name, found two that may both assert the same agent_id in organisation o" },
	{ "{\"audience\":\"a\",\"issuers\":[" ISSUER("one", "{\"o\":{\"agent_id\":\"*\"}}") "," ISSUER("one", "{\"p\":{\"agent_id\":\"*\"}}") "]}", "$.issuers[1]: expected each iss once, found one twice" },
};

START_TEST(configurations)
{
	struct fault fault = { FAULT_NONE, "" };
	struct trust *trust = kit_trust(kit.dir, rows[_i].config, &fault);
	char expected[600] = "";

	if (rows[_i].expected[0])
		snprintf(expected, sizeof expected, "%s/broker.json: %s", kit.dir, rows[_i].expected);
	ck_assert_str_eq(fault.text, expected);
	ck_assert((trust != NULL) == (expected[0] == '\0'));
	trust_free(trust);
}
END_TEST

START_TEST(missing_key_file)
{
	struct fault fault;

	ck_assert_ptr_null(kit_trust(kit.dir,
				     ONE("\"iss\":\"one\",\"jwks\":\"none.json\",\"organisations\":{\"o\":{\"agent_id\":\"*\"}}"),
				     &fault));
	ck_assert_int_eq(fault.class, FAULT_UNAVAILABLE);
	ck_assert(strstr(fault.text, "broker.json: $.issuers[0].jwks: ") && strstr(fault.text, "/none.json: cannot open"));
}
END_TEST

/* A set of the three keys with patches applied to each ("" drops the key); text of the refusal. */
static void read_set(const char *const patches[3], struct keyset *set, struct fault *fault)
{
	const struct kit_key *keys[] = { &kit.es, &kit.ed, &kit.rs };
	json_t *document = json_pack("{s:[], s:s}", "keys", "other", "ignored");
	struct json_at root = json_root(document, "k.json");
	bool good;

	for (size_t i = 0; i < 3; i++) {
		json_t *jwk;

		if (!patches[i][0])
			continue;
		jwk = kit_jwk(keys[i]);
		kit_patch(jwk, patches[i]);
		json_array_append_new(json_object_get(document, "keys"), jwk);
	}
	fault->text[0] = '\0';
	good = keyset_parse(&root, set, fault);
	ck_assert(good == (fault->text[0] == '\0'));
	ck_assert(good || (set->count == 0 && set->keys == NULL));
	json_decref(document);
}

static const struct {
	const char *patches[3];
	size_t count;
	const char *expected; /* the beginning of the refusal */
} sets[] = {
	{ { "{}", "{}", "{}" }, 3, "" },
	{ { "{\"alg\":\"-\"}", "{\"alg\":\"Ed25519\"}", "{}" }, 3, "" },
	{ { "{\"use\":\"sig\",\"key_ops\":[\"verify\"]}", "{}", "{\"extra\":[1]}" }, 3, "" },
	/* skipped */
	{ { "{\"kty\":\"XYZ\",\"alg\":\"X1\"}", "{}", "{}" }, 2, "" },
	{ { "{}", "{}", "{\"use\":\"enc\",\"alg\":\"RSA-OAEP\"}" }, 2, "" },
	{ { "{\"crv\":\"P-384\",\"alg\":\"ES384\"}", "{}", "" }, 1, "" },
	{ { "{\"key_ops\":[\"deriveKey\"]}", "{}", "" }, 1, "" },
	{ { "{\"kid\":\"-\",\"use\":\"enc\"}", "{}", "" }, 1, "" },
	/* refused */
	{ { "", "", "" }, 0, "k.json: $.keys: expected an array of 1 to 256 elements" },
	{ { "{\"use\":\"enc\"}", "", "" }, 0, "k.json: $.keys: expected at least one usable key" },
	{ { "{}", "{\"kid\":\"es\"}", "{}" }, 0, "k.json: $.keys[1].kid: expected each kid once" },
	{ { "{\"use\":\"enc\"}", "{\"kid\":\"es\"}", "{}" }, 0, "k.json: $.keys[1].kid: expected each kid once" },
	{ { "{}", "{\"d\":\"AAAA\"}", "{}" }, 0, "k.json: $.keys[1].d: expected public keys only" },
	{ { "{}", "{\"kty\":\"oct\",\"k\":\"AAAA\"}", "{}" }, 0, "k.json: $.keys[1].k: expected public keys only" },
	{ { "{}", "{}", "{\"use\":\"enc\",\"p\":\"AAAA\"}" }, 0, "k.json: $.keys[2].p: expected public keys only" },
	{ { "{\"alg\":\"RS256\"}", "{}", "{}" }, 0, "k.json: $.keys[0]: expected \"kty\", \"crv\" and \"alg\"" },
	{ { "{\"crv\":\"P-384\"}", "{}", "{}" }, 0, "k.json: $.keys[0]: expected \"kty\", \"crv\" and \"alg\"" },
	{ { "{}", "{}", "{\"alg\":\"-\"}" }, 0, "k.json: $.keys[2]: expected \"kty\", \"crv\" and \"alg\"" },
	{ { "{}", "{}", "{\"alg\":\"HS256\"}" }, 0, "k.json: $.keys[2]: expected \"kty\", \"crv\" and \"alg\"" },
	{ { "{\"kid\":\"-\"}", "{}", "{}" }, 0, "k.json: $.keys[0].kid: expected a non-empty string, found nothing" },
	{ { "{\"kid\":1}", "{}", "{}" }, 0, "k.json: $.keys[0].kid: expected a non-empty string, found 1" },
	{ { "{\"kty\":\"-\"}", "{}", "{}" }, 0, "k.json: $.keys[0].kty: expected a non-empty string" },
	{ { "{\"use\":7}", "{}", "{}" }, 0, "k.json: $.keys[0].use: expected a non-empty string" },
	{ { "{\"key_ops\":\"verify\"}", "{}", "{}" }, 0, "k.json: $.keys[0].key_ops: expected an array" },
	{ { "{\"x\":\"AAAA\"}", "{}", "{}" }, 0, "k.json: $.keys[0]: \"x\": expected 32 bytes, found 3" },
};

START_TEST(key_sets)
{
	struct keyset set;
	struct fault fault;

	read_set(sets[_i].patches, &set, &fault);
	ck_assert_msg(strncmp(fault.text, sets[_i].expected, strlen(sets[_i].expected)) == 0, "%s", fault.text);
	ck_assert_msg((fault.text[0] == '\0') == (sets[_i].expected[0] == '\0'), "%s", fault.text);
	ck_assert_uint_eq(set.count, sets[_i].count);
	keyset_release(&set);
}
END_TEST

START_TEST(kid_is_matched_exactly)
{
	static const char *const all[] = { "{}", "{}", "{}" };
	struct keyset set;
	struct fault fault;

	read_set(all, &set, &fault);
	ck_assert_int_eq(crypto_key_alg(keyset_find(&set, slice_text("ed"))), JOSE_EDDSA);
	ck_assert_ptr_null(keyset_find(&set, slice_text("Ed")));
	ck_assert_ptr_null(keyset_find(&set, slice_text("e")));
	ck_assert_ptr_null(keyset_find(&set, slice_text("")));
	ck_assert_ptr_null(keyset_find(&set, slice_of("ed\0", 3)));
	keyset_release(&set);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("trust");
	TCase *tcase = tcase_create("trust");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, setup, teardown);
	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, configurations, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(tcase, missing_key_file);
	tcase_add_loop_test(tcase, key_sets, 0, (int)(sizeof sets / sizeof *sets));
	tcase_add_test(tcase, kid_is_matched_exactly);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
