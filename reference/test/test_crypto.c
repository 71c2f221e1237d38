/* base/crypto: published examples, round trips, and keys and signatures that must be refused. */
#include "base64url.h"
#include "crypto.h"

#include <check.h>
#include <openssl/err.h>
#include <stdlib.h>

static const enum jose_alg algs[] = { JOSE_ES256, JOSE_EDDSA, JOSE_PS256, JOSE_RS256 };

static json_t *parse(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, JSON_DECODE_ANY, &error);

	ck_assert_msg(value != NULL, "%s: %s", text, error.text);
	return value;
}

/* Does the key of this JWK verify this compact JWS? */
static bool verifies(const char *jwk_text, const char *compact)
{
	json_t *jwk = parse(jwk_text);
	struct fault fault;
	struct crypto_key *key = crypto_key_public(jwk, &fault);
	const char *dot = strrchr(compact, '.');
	struct buf signature;
	bool good;

	ck_assert_msg(key != NULL, "%s", fault.text);
	buf_init(&signature, 1024);
	ck_assert(base64url_decode(slice_text(dot + 1), &signature));
	good = crypto_verify(key, slice_of(compact, (size_t)(dot - compact)), buf_slice(&signature));
	buf_release(&signature);
	crypto_key_free(key);
	json_decref(jwk);
	return good;
}

START_TEST(rfc_examples_verify)
{
	/* RFC 7515 appendix A.3 */
	const char *ec = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
			 "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
	/* RFC 8037 appendix A.4 */
	const char *okp = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

	ck_assert(verifies(ec, "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
			       "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5dj"
			       "xLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"));
	ck_assert(verifies(okp, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7"
				"-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"));
	ck_assert(!verifies(okp, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmd.hgyY0il_MGCjP0JzlnLWG1PPOt"
				 "7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"));
}
END_TEST

START_TEST(digest_of_nothing_and_abc)
{
	static const unsigned char empty[] = { 0xe3, 0xb0, 0xc4, 0x42 }, abc[] = { 0xba, 0x78, 0x16, 0xbf };
	unsigned char digest[SHA256_SIZE];

	ck_assert(sha256(slice_text(""), digest));
	ck_assert_mem_eq(digest, empty, sizeof empty);
	ck_assert(sha256(slice_text("abc"), digest));
	ck_assert_mem_eq(digest, abc, sizeof abc);
}
END_TEST

START_TEST(algorithm_names)
{
	static const char *const none[] = { "none", "None", "nOnE", "", "HS256", "es256", "ES256 ", "ES384", "RS512", "Ed448" };

	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		ck_assert_int_eq(jose_alg_from(slice_text(none[i])), JOSE_NONE);
	ck_assert_int_eq(jose_alg_from(slice_of("ES256\0", 6)), JOSE_NONE);
	ck_assert_int_eq(jose_alg_from(slice_text("Ed25519")), JOSE_EDDSA);
	for (size_t i = 0; i < sizeof algs / sizeof *algs; i++)
		ck_assert_int_eq(jose_alg_from(slice_text(jose_alg_name(algs[i]))), algs[i]);
}
END_TEST

static bool tampered_is_refused(const struct crypto_key *key, struct slice input, struct slice signature)
{
	struct buf other;
	bool refused = true;

	buf_init(&other, 2000);
	for (size_t i = 0; i < signature.size && refused; i += 7) {
		buf_clear(&other);
		buf_put(&other, signature);
		other.data[i] ^= 1;
		refused = !crypto_verify(key, input, buf_slice(&other));
	}
	buf_clear(&other);
	buf_put(&other, signature);
	buf_u8(&other, 0);
	refused = refused && !crypto_verify(key, input, buf_slice(&other)) &&
		  !crypto_verify(key, input, slice_part(signature, 0, signature.size - 1)) &&
		  !crypto_verify(key, input, slice_text("")) && !crypto_verify(key, slice_text("inpuT"), signature);
	memset(other.data, 0, signature.size);
	refused = refused && !crypto_verify(key, input, slice_of(other.data, signature.size));
	buf_release(&other);
	return refused;
}

/* A key, its public and its private JWK form: all three must agree. */
START_TEST(keys_go_round)
{
	struct fault fault = { FAULT_NONE, "" };
	struct crypto_key *fresh = crypto_key_generate(algs[_i], &fault), *secret, *open;
	json_t *secret_jwk = crypto_key_jwk(fresh, true), *open_jwk = crypto_key_jwk(fresh, false);
	struct slice input = slice_text("input");
	struct buf signature, pem;

	buf_init(&signature, 2000);
	buf_init(&pem, 2000);
	ck_assert_ptr_null(json_object_get(open_jwk, "d"));
	ck_assert_ptr_null(crypto_key_public(secret_jwk, &fault));
	secret = crypto_key_private(secret_jwk, &fault);
	ck_assert_msg(secret != NULL, "%s", fault.text);
	open = crypto_key_public(open_jwk, &fault);
	ck_assert_msg(open != NULL, "%s", fault.text);
	ck_assert_int_eq(crypto_key_alg(secret), algs[_i]);
	ck_assert_int_eq(crypto_key_alg(open), algs[_i]);
	ck_assert(crypto_sign(secret, input, &signature));
	ck_assert(crypto_verify(open, input, buf_slice(&signature)));
	ck_assert(tampered_is_refused(open, input, buf_slice(&signature)));
	ck_assert(crypto_key_pem(open, &pem));
	ck_assert(strncmp(buf_string(&pem), "-----BEGIN PUBLIC KEY-----\n", 27) == 0);
	ck_assert(!crypto_sign(open, input, &signature));
	ck_assert_uint_eq(ERR_peek_error(), 0); /* nothing left behind for the next TLS call */
	json_decref(secret_jwk);
	json_decref(open_jwk);
	crypto_key_free(fresh);
	crypto_key_free(secret);
	crypto_key_free(open);
	buf_release(&signature);
	buf_release(&pem);
}
END_TEST

/* The same RSA numbers bound to another algorithm verify nothing of the first. */
START_TEST(algorithm_is_bound_to_the_key)
{
	struct fault fault;
	struct crypto_key *key = crypto_key_generate(JOSE_RS256, &fault), *other;
	json_t *jwk = crypto_key_jwk(key, false);
	struct buf signature;

	buf_init(&signature, 2000);
	ck_assert(crypto_sign(key, slice_text("x"), &signature));
	ck_assert(crypto_verify(key, slice_text("x"), buf_slice(&signature)));
	json_object_set_new(jwk, "alg", json_string("PS256"));
	other = crypto_key_public(jwk, &fault);
	ck_assert_ptr_nonnull(other);
	ck_assert(!crypto_verify(other, slice_text("x"), buf_slice(&signature)));
	crypto_key_free(other);
	json_object_set_new(jwk, "alg", json_string("ES256"));
	ck_assert_ptr_null(crypto_key_public(jwk, &fault));
	json_object_del(jwk, "alg");
	ck_assert_ptr_null(crypto_key_public(jwk, &fault));
	crypto_key_free(key);
	json_decref(jwk);
	buf_release(&signature);
}
END_TEST

static const char *const bad_keys[] = {
	"{}",
	"[]",
	"{\"kty\":\"EC\",\"crv\":\"P-256\"}",
	/* one bit beside the curve */
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4\"}",
	/* a coordinate of 31 bytes */
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVA\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
	/* padding */
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
	/* all zero */
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
	/* on the curve, but x is spelled beyond the field */
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"_____wAAAAEAAAAAAAAAAAAAAAD_______________8\",\"y\":\"ZkhceA4vg9ckM71dhKBrtlQcKvMdrocXKL-FahdPk_Q\"}",
	"{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"EdDSA\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":7,\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ\"}",
	"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
	"{\"kty\":\"oct\",\"k\":\"AAAA\"}",
	"{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"_____w\",\"e\":\"AQAB\"}",
};

START_TEST(bad_keys_are_refused)
{
	json_t *jwk = parse(bad_keys[_i]);
	struct fault fault = { FAULT_NONE, "" };

	ck_assert_msg(crypto_key_public(jwk, &fault) == NULL, "accepted %s", bad_keys[_i]);
	ck_assert_int_ne(fault.class, FAULT_NONE);
	ck_assert_int_ne(fault.class, FAULT_UNAVAILABLE);
	ck_assert_uint_gt(strlen(fault.text), 10);
	json_decref(jwk);
}
END_TEST

/* 32 bytes that OpenSSL takes as an Ed25519 key: the five y of points of small order and two more spellings
 * of them, each with either sign; canonical spellings exceeded; points that are not on the curve. */
static const struct {
	const char *x, *found;
} weak_points[] = {
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "small order" },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA", "small order" },
	{ "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "small order" },
	{ "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA", "small order" },
	{ "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU", "small order" },
	{ "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_IU", "small order" },
	{ "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o", "small order" },
	{ "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA_o", "small order" },
	{ "7P_______________________________________38", "small order" },
	{ "7P________________________________________8", "small order" },
	{ "7f_______________________________________38", "not canonical" },
	{ "7f________________________________________8", "not canonical" },
	{ "7v_______________________________________38", "not canonical" },
	{ "7v________________________________________8", "not canonical" },
	{ "8P_______________________________________38", "not canonical" },
	{ "8f_______________________________________38", "not canonical" },
	{ "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "not on the curve" },
	{ "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA", "not on the curve" },
	{ "_________________________________________38", "not canonical" },
};

START_TEST(weak_points_are_no_keys)
{
	json_t *jwk = json_pack("{s:s, s:s, s:s}", "kty", "OKP", "crv", "Ed25519", "x", weak_points[_i].x);
	struct fault fault = { FAULT_NONE, "" };

	ck_assert_msg(crypto_key_public(jwk, &fault) == NULL, "accepted %s", weak_points[_i].x);
	ck_assert_int_eq(fault.class, FAULT_MALFORMED);
	ck_assert_msg(strstr(fault.text, weak_points[_i].found) != NULL, "%s", fault.text);
	json_decref(jwk);
}
END_TEST

START_TEST(good_points_stay_keys)
{
	for (int i = 0; i < 50; i++) {
		struct fault fault;
		struct crypto_key *key = crypto_key_generate(JOSE_EDDSA, &fault), *read;
		json_t *jwk = crypto_key_jwk(key, false);

		read = crypto_key_public(jwk, &fault);
		ck_assert_msg(read != NULL, "%s", fault.text);
		crypto_key_free(read);
		crypto_key_free(key);
		json_decref(jwk);
	}
}
END_TEST

static bool rsa_accepted(const char *n, const char *e)
{
	json_t *jwk = json_pack("{s:s, s:s, s:s, s:s}", "kty", "RSA", "alg", "RS256", "n", n, "e", e);
	struct fault fault;
	struct crypto_key *key = crypto_key_public(jwk, &fault);

	json_decref(jwk);
	crypto_key_free(key);
	return key != NULL;
}

START_TEST(rsa_sizes_and_exponents)
{
	struct fault fault;
	struct crypto_key *key = crypto_key_generate(JOSE_RS256, &fault);
	json_t *jwk = crypto_key_jwk(key, false);
	char n[1400];

	ck_assert_uint_lt(strlen(json_string_value(json_object_get(jwk, "n"))), sizeof n);
	strcpy(n, json_string_value(json_object_get(jwk, "n")));
	ck_assert(rsa_accepted(n, "AQAB"));
	ck_assert(!rsa_accepted(n, "AQ"));     /* 1 */
	ck_assert(!rsa_accepted(n, "Aw"));     /* 3 */
	ck_assert(!rsa_accepted(n, "AQAA"));   /* even */
	ck_assert(!rsa_accepted(n, "AAEAAQ")); /* leading zero byte */
	n[0] = 'B'; /* the five highest bits are zero */
	ck_assert(!rsa_accepted(n, "AQAB"));
	memset(n, '_', sizeof n);
	n[1399] = '\0';
	n[1398] = '8'; /* 1049 bytes */
	ck_assert(!rsa_accepted(n, "AQAB"));
	json_decref(jwk);
	crypto_key_free(key);
}
END_TEST

START_TEST(halves_must_agree)
{
	struct fault fault;
	struct crypto_key *one = crypto_key_generate(algs[_i], &fault), *two = crypto_key_generate(algs[_i], &fault);
	json_t *mixed = crypto_key_jwk(one, true), *other = crypto_key_jwk(two, false);

	json_object_update(mixed, other);
	ck_assert_ptr_null(crypto_key_private(mixed, &fault));
	json_object_del(mixed, "d");
	ck_assert_ptr_null(crypto_key_private(mixed, &fault));
	json_decref(mixed);
	json_decref(other);
	crypto_key_free(one);
	crypto_key_free(two);
}
END_TEST

START_TEST(random_differs)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	ck_assert(random_bytes(a, sizeof a) && random_bytes(b, sizeof b));
	ck_assert_mem_ne(a, b, sizeof a);
}
END_TEST

int main(void)
{
	const int alg_count = (int)(sizeof algs / sizeof *algs);
	Suite *suite = suite_create("crypto");
	TCase *tcase = tcase_create("crypto");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 60); /* RSA keys are made, perhaps under a sanitizer */
	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, rfc_examples_verify);
	tcase_add_test(tcase, digest_of_nothing_and_abc);
	tcase_add_test(tcase, algorithm_names);
	tcase_add_loop_test(tcase, keys_go_round, 0, alg_count);
	tcase_add_test(tcase, algorithm_is_bound_to_the_key);
	tcase_add_loop_test(tcase, bad_keys_are_refused, 0, (int)(sizeof bad_keys / sizeof *bad_keys));
	tcase_add_loop_test(tcase, weak_points_are_no_keys, 0, (int)(sizeof weak_points / sizeof *weak_points));
	tcase_add_test(tcase, good_points_stay_keys);
	tcase_add_test(tcase, rsa_sizes_and_exponents);
	tcase_add_loop_test(tcase, halves_must_agree, 0, alg_count);
	tcase_add_test(tcase, random_differs);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
