/* Recipe to token: good ones verify, each edit does exactly what it says. */
#include "base64url.h"
#include "json.h"
#include "mint/edits.h"
#include "mint/mint.h"
#include "sample.h"

#include <check.h>

enum { NOW = 1800000000 };

static struct sample sample;
static char folder[64];
static struct fixture *fixture;

static void make(void)
{
	struct fault fault = { FAULT_NONE, "" };
	sample_init(&sample);
	ck_assert_ptr_nonnull(folder_new(folder));
	ck_assert_msg(fixture_make(folder, &sample.registry, &fault), "%s", fault.text);
	fixture = fixture_load(folder, &fault);
	ck_assert_msg(fixture != NULL, "%s", fault.text);
}

static void drop(void)
{
	fixture_free(fixture);
	folder_remove(folder);
	sample_release(&sample);
}

static bool mint_text(const char *recipe, struct buf *token, struct fault *fault)
{
	json_t *document = json_parse(slice_text(recipe), "recipe", &json_limits_file, fault);
	ck_assert_msg(document != NULL, "%s: %s", recipe, fault->text);
	bool done = mint_token(fixture, document, NOW, "n1", token, fault);
	json_decref(document);
	return done;
}

static void minted(const char *recipe, struct buf *token)
{
	struct fault fault = { FAULT_NONE, "" };
	buf_clear(token);
	ck_assert_msg(mint_text(recipe, token, &fault), "%s: %s", recipe, fault.text);
}

static size_t split(const struct buf *token, struct slice parts[8])
{
	bool more = true;
	size_t count = 0;
	struct slice rest = buf_slice(token);
	while (more && count < 8)
		parts[count++] = slice_word(&rest, '.', &more);
	return count;
}

static json_t *part_json(struct slice part)
{
	struct fault fault = { FAULT_NONE, "" };
	struct buf raw;
	buf_init(&raw, 1 << 16);
	ck_assert(base64url_decode(part, &raw));
	json_t *value = json_parse(buf_slice(&raw), "part", &json_limits_file, &fault);
	ck_assert_msg(value != NULL, "%s", fault.text);
	buf_release(&raw);
	return value;
}

static bool verifies(const struct buf *token, const char *role)
{
	struct slice parts[8];
	struct buf signature;
	ck_assert_uint_eq(split(token, parts), 3);
	buf_init(&signature, 4096);
	struct slice input = slice_part(buf_slice(token), 0, parts[0].size + 1 + parts[1].size);
	bool good = base64url_decode(parts[2], &signature) &&
		    crypto_verify(fixture_key(fixture, role)->key, input, buf_slice(&signature));
	buf_release(&signature);
	return good;
}

static void claim_is(const struct buf *token, size_t part, const char *name, const char *expected)
{
	struct slice parts[8];
	split(token, parts);
	json_t *object = part_json(parts[part]);
	char *text = json_dumps(json_object_get(object, name), JSON_ENCODE_ANY | JSON_COMPACT);
	ck_assert_msg((text == NULL && expected == NULL) || (text && expected && strcmp(text, expected) == 0),
		      "%s is %s, expected %s", name, text ? text : "absent", expected ? expected : "absent");
	free(text);
	json_decref(object);
}

#define GOOD "\"claims\":{\"org_id\":\"seed\",\"agent_id\":\"scout\"}"

START_TEST(good_tokens)
{
	static const char *const roles[] = { "main-es256",   "main-eddsa", "main-ps256",     "main-rs256",
					     "second-es256", "main-old",   "attacker-es256", NULL };
	struct buf token;
	char recipe[128];
	buf_init(&token, 1 << 16);
	for (size_t i = 0; roles[i]; i++) {
		snprintf(recipe, sizeof(recipe), "{\"key\":\"%s\"," GOOD "}", roles[i]);
		minted(recipe, &token);
		ck_assert_msg(verifies(&token, roles[i]), "%s", roles[i]);
		ck_assert(strcmp(roles[i], "attacker-es256") == 0 || !verifies(&token, "attacker-es256"));
	}
	minted("{" GOOD "}", &token);
	ck_assert(verifies(&token, "main-es256"));
	ck_assert(!verifies(&token, "second-es256"));
	buf_release(&token);
}
END_TEST

START_TEST(defaults)
{
	struct buf token;
	buf_init(&token, 1 << 16);
	minted("{" GOOD "}", &token);
	claim_is(&token, 0, "alg", "\"ES256\"");
	claim_is(&token, 0, "kid", "\"main-es256\"");
	claim_is(&token, 0, "typ", "\"at+jwt\"");
	claim_is(&token, 1, "iss", "\"https://main.issuer.test\"");
	claim_is(&token, 1, "aud", "\"mqtt://broker.test\"");
	claim_is(&token, 1, "iat", "1800000000");
	claim_is(&token, 1, "exp", "1800000300");
	claim_is(&token, 1, "jti", "\"n1\"");
	claim_is(&token, 1, "sub", "\"scout\"");
	minted("{\"key\":\"second-es256\"," GOOD "}", &token);
	claim_is(&token, 1, "iss", "\"https://second.issuer.test\"");
	minted("{\"claims\":{\"agent_id\":7}}", &token);
	claim_is(&token, 1, "sub", "\"nobody\"");
	buf_release(&token);
}
END_TEST

START_TEST(changes)
{
	struct buf token;
	buf_init(&token, 1 << 16);
	minted("{\"times\":{\"iat\":-100,\"nbf\":40}," GOOD "}", &token);
	claim_is(&token, 1, "iat", "1799999900");
	claim_is(&token, 1, "nbf", "1800000040");
	claim_is(&token, 1, "exp", "1800000200");
	minted("{\"times\":{\"exp\":-60}," GOOD "}", &token);
	claim_is(&token, 1, "exp", "1799999940");
	minted("{\"claims\":{\"aud\":null,\"exp\":\"soon\"},\"header\":{\"typ\":\"JWT\"}}", &token);
	claim_is(&token, 1, "aud", "null");
	claim_is(&token, 1, "exp", "\"soon\"");
	claim_is(&token, 0, "typ", "\"JWT\"");
	minted("{\"remove\":[\"claims.aud\",\"header.kid\"]," GOOD "}", &token);
	claim_is(&token, 1, "aud", NULL);
	claim_is(&token, 0, "kid", NULL);
	ck_assert(verifies(&token, "main-es256"));
	buf_release(&token);
}
END_TEST

START_TEST(text_edits)
{
	struct buf token;
	struct slice parts[8];
	struct buf raw;
	buf_init(&token, 1 << 16);
	buf_init(&raw, 4096);
	minted("{\"edits\":[{\"payload_text\":\"{\\\"a\\\":1,\\\"a\\\":2}\"}]," GOOD "}", &token);
	split(&token, parts);
	ck_assert(base64url_decode(parts[1], &raw));
	ck_assert(slice_is(buf_slice(&raw), "{\"a\":1,\"a\":2}"));
	ck_assert(verifies(&token, "main-es256")); /* well signed: the duplicate is its only fault */
	minted("{\"edits\":[{\"header_text\":\"[]\"}]," GOOD "}", &token);
	split(&token, parts);
	ck_assert(slice_is(parts[0], "W10"));
	ck_assert(verifies(&token, "main-es256"));
	buf_release(&raw);
	buf_release(&token);
}
END_TEST

START_TEST(signature_edits)
{
	struct buf token;
	struct slice parts[8];
	buf_init(&token, 1 << 16);
	minted("{\"edits\":[{\"signature\":\"empty\"}]," GOOD "}", &token);
	ck_assert_uint_eq(split(&token, parts), 3);
	ck_assert_uint_eq(parts[2].size, 0);
	minted("{\"key\":\"main-eddsa\",\"edits\":[{\"signature\":\"flipped\"}]," GOOD "}", &token);
	ck_assert_uint_eq(split(&token, parts), 3);
	ck_assert_uint_eq(parts[2].size, 86);
	ck_assert(!verifies(&token, "main-eddsa"));
	minted("{\"edits\":[{\"signature\":\"truncated\"}]," GOOD "}", &token);
	split(&token, parts);
	ck_assert_uint_eq(parts[2].size, 84); /* 63 bytes */
	minted("{\"edits\":[{\"signature\":\"padded\"}]," GOOD "}", &token);
	split(&token, parts);
	ck_assert_uint_eq(parts[2].size, 88);
	ck_assert(parts[2].data[86] == '=' && parts[2].data[87] == '=');
	minted("{\"edits\":[{\"signature\":\"trailing_bits\"}]," GOOD "}", &token);
	split(&token, parts);
	ck_assert_uint_eq(parts[2].size, 86);
	ck_assert(!verifies(&token, "main-es256")); /* base64url_decode is strict */
	ck_assert_ptr_null(strchr("AQgw", parts[2].data[85]));
	buf_release(&token);
}
END_TEST

START_TEST(algorithm_edits)
{
	struct buf token;
	struct slice parts[8];
	buf_init(&token, 1 << 16);
	minted("{\"edits\":[{\"alg_none\":true}]," GOOD "}", &token);
	claim_is(&token, 0, "alg", "\"none\"");
	ck_assert_uint_eq(split(&token, parts), 3);
	ck_assert_uint_eq(parts[2].size, 0);
	minted("{\"key\":\"main-rs256\",\"edits\":[{\"hmac_with\":\"main-rs256\"}]," GOOD "}", &token);
	claim_is(&token, 0, "alg", "\"HS256\"");
	claim_is(&token, 0, "kid", "\"main-rs256\"");
	split(&token, parts);
	ck_assert_uint_eq(parts[2].size, 43); /* 32 bytes of MAC */
	minted("{\"key\":\"main-rs256\",\"edits\":[{\"sign_as\":\"PS256\"}]," GOOD "}", &token);
	claim_is(&token, 0, "alg", "\"PS256\"");
	claim_is(&token, 0, "kid", "\"main-rs256\"");
	ck_assert(!verifies(&token, "main-rs256"));
	buf_release(&token);
}
END_TEST

START_TEST(whole_edits)
{
	struct buf token;
	struct slice parts[8];
	static const size_t counts[] = { 1, 2, 4, 5 };
	char recipe[128];
	buf_init(&token, 1 << 16);
	for (size_t i = 0; i < 4; i++) {
		snprintf(recipe, sizeof(recipe), "{\"edits\":[{\"segments\":%zu}]," GOOD "}", counts[i]);
		minted(recipe, &token);
		ck_assert_uint_eq(split(&token, parts), counts[i]);
	}
	minted("{\"edits\":[{\"append\":\"\\n\"},{\"prepend\":\"Bearer \"}]," GOOD "}", &token);
	ck_assert(slice_starts(buf_slice(&token), slice_text("Bearer ey")));
	ck_assert_uint_eq(token.data[token.size - 1], '\n');
	minted("{\"edits\":[{\"replace\":\"\"}]," GOOD "}", &token);
	ck_assert_uint_eq(token.size, 0);
	minted("{\"edits\":[{\"replace\":\"a.b.c\"}]," GOOD "}", &token);
	ck_assert(slice_is(buf_slice(&token), "a.b.c"));
	buf_release(&token);
}
END_TEST

/* The decoded text of a part of the minted token begins with the text, or ends with it. */
static void part_holds(const struct buf *token, size_t part, const char *text, bool at_end)
{
	struct slice parts[8];
	struct buf raw;
	buf_init(&raw, 1 << 16);
	split(token, parts);
	ck_assert(base64url_decode(parts[part], &raw));
	size_t size = strlen(text);
	ck_assert_uint_ge(raw.size, size);
	ck_assert_msg(memcmp(raw.data + (at_end ? raw.size - size : 0), text, size) == 0, "%s", text);
	ck_assert(verifies(token, "main-es256")); /* signed after the edit: nothing else is wrong */
	buf_release(&raw);
}

START_TEST(member_edits)
{
	static const struct {
		const char *edit, *text;
		size_t part;
		bool at_end;
	} edits[] = {
		{ "{\"payload_tail\":\"\\\"iss\\\":1\"}", ",\"iss\":1}", 1, true },
		{ "{\"payload_head\":\"\\\"iss\\\":1\"}", "{\"iss\":1,\"", 1, false },
		{ "{\"header_tail\":\"\\\"alg\\\":1\"}", ",\"alg\":1}", 0, true },
		{ "{\"payload_bytes\":\"bom\"}", "\xef\xbb\xbf{", 1, false },
		{ "{\"payload_bytes\":\"not_utf8\"}", ",\"note\":\"\xff\"}", 1, true },
		{ "{\"payload_bytes\":\"overlong\"}", ",\"note\":\"\xc0\xaf\"}", 1, true },
		{ "{\"payload_bytes\":\"surrogate\"}", ",\"note\":\"\xed\xa0\x80\"}", 1, true },
		{ "{\"payload_bytes\":\"trailing_text\"}", "}x", 1, true },
		{ "{\"header_bytes\":\"trailing_object\"}", "}{}", 0, true },
	};
	struct buf token;
	char recipe[256];
	buf_init(&token, 1 << 16);
	for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		snprintf(recipe, sizeof(recipe), "{\"edits\":[%s]," GOOD "}", edits[i].edit);
		minted(recipe, &token);
		part_holds(&token, edits[i].part, edits[i].text, edits[i].at_end);
	}
	buf_release(&token);
}
END_TEST

/* The damaged text is signed, and the only thing that is wrong with it is its spelling. */
START_TEST(encoding_edits)
{
	static const struct {
		const char *edit, *found;
	} edits[] = {
		{ "{\"header_encoding\":\"padded\"}", "=" },	 { "{\"payload_encoding\":\"padded\"}", "=" },
		{ "{\"header_encoding\":\"line_break\"}", "\n" }, { "{\"payload_encoding\":\"line_break\"}", "\n" },
		{ "{\"payload_encoding\":\"foreign\"}", "!" },	 { "{\"payload_encoding\":\"standard_alphabet\"}", "/" },
		{ "{\"payload_encoding\":\"trailing_bits\"}", "" }, { "{\"header_encoding\":\"trailing_bits\"}", "" },
	};
	struct buf token, raw;
	struct slice parts[8];
	char recipe[256];
	buf_init(&token, 1 << 16);
	buf_init(&raw, 1 << 16);
	for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		size_t part = strstr(edits[i].edit, "payload") != NULL;
		snprintf(recipe, sizeof(recipe),
			 "{\"edits\":[%s],\"claims\":{\"org_id\":\"seed\",\"agent_id\":\"scout\",\"note\":\"????\"}}",
			 edits[i].edit);
		minted(recipe, &token);
		split(&token, parts);
		ck_assert(verifies(&token, "main-es256"));
		ck_assert_msg(!base64url_decode(parts[part], &raw), "%s", edits[i].edit);
		ck_assert(edits[i].found[0] == '\0' || memchr(parts[part].data, edits[i].found[0], parts[part].size));
		ck_assert(base64url_decode(parts[1 - part], &raw));
	}
	buf_release(&raw);
	buf_release(&token);
}
END_TEST

START_TEST(form_edits)
{
	struct buf token, raw;
	struct slice parts[8];
	buf_init(&token, 1 << 16);
	buf_init(&raw, 1 << 16);
	minted("{\"edits\":[{\"signature\":\"der\"}]," GOOD "}", &token);
	split(&token, parts);
	ck_assert(base64url_decode(parts[2], &raw));
	ck_assert(raw.data[0] == 0x30 && raw.data[1] == raw.size - 2 && raw.data[2] == 0x02);
	minted("{\"header\":{\"cty\":\"JWT\"},\"edits\":[{\"nested\":true}]," GOOD "}", &token);
	part_holds(&token, 1, "ey", false);
	claim_is(&token, 0, "cty", "\"JWT\"");
	minted("{\"edits\":[{\"serialization\":\"flattened\"}]," GOOD "}", &token);
	json_t *flat = json_loadb((const char *)token.data, token.size, 0, NULL);
	ck_assert(json_object_size(flat) == 3 && json_object_get(flat, "payload") && json_object_get(flat, "signature"));
	json_decref(flat);
	minted("{\"edits\":[{\"serialization\":\"general\"}]," GOOD "}", &token);
	json_t *general = json_loadb((const char *)token.data, token.size, 0, NULL);
	ck_assert_uint_eq(json_array_size(json_object_get(general, "signatures")), 1);
	json_decref(general);
	buf_release(&raw);
	buf_release(&token);
}
END_TEST

START_TEST(hmac_edits)
{
	static const struct {
		const char *edits, *alg;
		size_t size;
	} macs[] = {
		{ "{\"hmac_with\":\"main-rs256\"},{\"hmac_secret\":\"der\"}", "\"HS256\"", 43 },
		{ "{\"hmac_with\":\"main-rs256\"},{\"hmac_secret\":\"pem_trimmed\"}", "\"HS256\"", 43 },
		{ "{\"hmac_with\":\"main-rs256\"},{\"hmac_secret\":\"empty\"}", "\"HS256\"", 43 },
		{ "{\"hmac_with\":\"main-es256\"},{\"hmac_alg\":\"HS384\"}", "\"HS384\"", 64 },
		{ "{\"hmac_with\":\"main-es256\"},{\"hmac_alg\":\"HS512\"}", "\"HS512\"", 86 },
	};
	struct buf token;
	struct slice parts[8];
	char recipe[256], seen[5][100];
	buf_init(&token, 1 << 16);
	for (size_t i = 0; i < sizeof(macs) / sizeof(macs[0]); i++) {
		snprintf(recipe, sizeof(recipe), "{\"edits\":[%s]," GOOD "}", macs[i].edits);
		minted(recipe, &token);
		claim_is(&token, 0, "alg", macs[i].alg);
		split(&token, parts);
		ck_assert_uint_eq(parts[2].size, macs[i].size);
		snprintf(seen[i], sizeof seen[i], "%.*s", (int)parts[2].size, (const char *)parts[2].data);
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(seen[i], seen[j]);
	}
	buf_release(&token);
}
END_TEST

/* A linter has no fixture and asks the same table. */
START_TEST(known_edits)
{
	struct fault fault = { FAULT_NONE, "" };
	json_t *flipped = json_string("flipped"), *wrong = json_string("wrong");
	ck_assert(mint_edit_known("signature", flipped, &fault));
	ck_assert(!mint_edit_known("signature", wrong, &fault));
	ck_assert_msg(strstr(fault.text, "\"truncated\"") != NULL, "%s", fault.text);
	ck_assert(!mint_edit_known("shuffle", flipped, &fault));
	ck_assert_msg(strstr(fault.text, "payload_tail") != NULL, "%s", fault.text);
	json_decref(flipped);
	json_decref(wrong);
}
END_TEST

START_TEST(wrong_recipes)
{
	static const struct {
		const char *recipe, *part;
	} wrong[] = {
		{ "[]", "recipe" },
		{ "{\"claim\":{}}", "claim" },
		{ "{\"key\":\"nobody\"}", "nobody" },
		{ "{\"claims\":[]}", "$.claims" },
		{ "{\"times\":{\"exp\":\"1\"}}", "$.times.exp" },
		{ "{\"times\":{\"soon\":1}}", "soon" },
		{ "{\"edits\":[{\"hmac_alg\":\"HS512\"}]}", "behind hmac_with" },
		{ "{\"edits\":[{\"payload_encoding\":\"flipped\"}]}", "$.edits[0].payload_encoding" },
		{ "{\"edits\":[{\"serialization\":\"general\"},{\"nested\":true}]}", "$.edits[1].nested" },
		{ "{\"remove\":[\"aud\"]}", "$.remove[0]" },
		{ "{\"remove\":[\"claims.nothing\"]}", "$.remove[0]" },
		{ "{\"edits\":[{}]}", "$.edits[0]" },
		{ "{\"edits\":[{\"shuffle\":1}]}", "unknown edit" },
		{ "{\"edits\":[{\"append\":\"a\",\"prepend\":\"b\"}]}", "one member" },
		{ "{\"edits\":[{\"signature\":\"wrong\"}]}", "$.edits[0].signature" },
		{ "{\"edits\":[{\"segments\":3}]}", "$.edits[0].segments" },
		{ "{\"edits\":[{\"alg_none\":false}]}", "$.edits[0].alg_none" },
		{ "{\"edits\":[{\"hmac_with\":\"nobody\"}]}", "$.edits[0].hmac_with" },
		{ "{\"edits\":[{\"append\":\"a\"},{\"signature\":\"empty\"}]}", "$.edits[1].signature" },
		{ "{\"edits\":[{\"signature\":\"empty\"},{\"signature\":\"flipped\"}]}", "nothing to change" },
		{ "{\"edits\":[{\"sign_as\":\"RS256\"}]}", "no RSA key" },
		{ "{\"key\":\"main-rs256\",\"edits\":[{\"sign_as\":\"ES256\"}]}", "$.edits[0].sign_as" },
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct fault fault = { FAULT_NONE, "" };
		struct buf token;
		buf_init(&token, 1 << 16);
		ck_assert_msg(!mint_text(wrong[i].recipe, &token, &fault), "accepted: %s", wrong[i].recipe);
		ck_assert_msg(strstr(fault.text, wrong[i].part) != NULL, "\"%s\" lacks \"%s\"", fault.text,
			      wrong[i].part);
		ck_assert_uint_eq(token.size, 0);
		buf_release(&token);
	}
}
END_TEST

START_TEST(no_room)
{
	struct fault fault = { FAULT_NONE, "" };
	struct buf token;
	buf_init(&token, 100);
	ck_assert(!mint_text("{" GOOD "}", &token, &fault));
	ck_assert_int_eq(fault.class, FAULT_LIMIT);
	buf_release(&token);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mint");
	TCase *tests = tcase_create("mint");
	tcase_set_timeout(tests, 60);
	tcase_add_unchecked_fixture(tests, make, drop);
	tcase_add_test(tests, good_tokens);
	tcase_add_test(tests, defaults);
	tcase_add_test(tests, changes);
	tcase_add_test(tests, text_edits);
	tcase_add_test(tests, signature_edits);
	tcase_add_test(tests, algorithm_edits);
	tcase_add_test(tests, whole_edits);
	tcase_add_test(tests, member_edits);
	tcase_add_test(tests, encoding_edits);
	tcase_add_test(tests, form_edits);
	tcase_add_test(tests, hmac_edits);
	tcase_add_test(tests, known_edits);
	tcase_add_test(tests, wrong_recipes);
	tcase_add_test(tests, no_room);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
