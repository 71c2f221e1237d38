/* Keys in their JSON form: RFC 7517, with EC and RSA of RFC 7518 section 6 and OKP of RFC 8037. */
#include "base64url.h"
#include "crypto_key.h"
#include "ed25519.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

enum { MEMBER_MAX = RSA_BITS_MAX / 8 + 8 }; /* bytes of a decoded key member */

/* Which members make a key of which algorithm. */
struct form {
	enum jose_alg alg;
	const char *kty, *crv;
	bool alg_obligatory; /* kty and crv alone do not tell the algorithm */
};

static const struct form forms[] = {
	{ JOSE_ES256, "EC", "P-256", false },
	{ JOSE_EDDSA, "OKP", "Ed25519", false },
	{ JOSE_PS256, "RSA", NULL, true },
	{ JOSE_RS256, "RSA", NULL, true },
};

/* The numbers of an RSA key: JWK member, OpenSSL parameter. The first two are public. */
static const struct {
	const char *member, *parameter;
} rsa_numbers[] = {
	{ "n", OSSL_PKEY_PARAM_RSA_N },
	{ "e", OSSL_PKEY_PARAM_RSA_E },
	{ "d", OSSL_PKEY_PARAM_RSA_D },
	{ "p", OSSL_PKEY_PARAM_RSA_FACTOR1 },
	{ "q", OSSL_PKEY_PARAM_RSA_FACTOR2 },
	{ "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1 },
	{ "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2 },
	{ "qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1 },
};

enum { RSA_PUBLIC = 2, RSA_ALL = sizeof rsa_numbers / sizeof *rsa_numbers };

static const char *text_of(const json_t *jwk, const char *member)
{
	const char *text = json_string_value(json_object_get(jwk, member));

	return text ? text : "";
}

/* Decodes one member into bytes; size 0 means any size. */
static bool read_member(const json_t *jwk, const char *member, size_t size, struct buf *bytes, struct fault *fault)
{
	const json_t *value = json_object_get(jwk, member);

	buf_clear(bytes);
	if (!json_is_string(value))
		return fault_set(fault, FAULT_MALFORMED, "\"%s\": expected a base64url string, found none", member);
	if (!base64url_decode(slice_of(json_string_value(value), json_string_length(value)), bytes) || !bytes->size)
		return fault_set(fault, FAULT_MALFORMED, "\"%s\": expected base64url without padding", member);
	if (size && bytes->size != size)
		return fault_set(fault, FAULT_MALFORMED, "\"%s\": expected %zu bytes, found %zu", member, size,
				 bytes->size);
	return true;
}

static const struct form *find_form(const json_t *jwk, struct fault *fault)
{
	const char *kty = text_of(jwk, "kty"), *crv = text_of(jwk, "crv");
	const json_t *alg = json_object_get(jwk, "alg");
	enum jose_alg named = jose_alg_from(slice_text(text_of(jwk, "alg")));

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const struct form *form = &forms[i];

		if (strcmp(form->kty, kty) != 0 || (form->crv && strcmp(form->crv, crv) != 0))
			continue;
		if (named == form->alg || (!alg && !form->alg_obligatory))
			return form;
	}
	fault_set(fault, FAULT_PROTOCOL,
		  "expected \"kty\", \"crv\" and \"alg\" of one of ES256 (EC, P-256), EdDSA (OKP, Ed25519), "
		  "PS256 and RS256 (RSA, \"alg\" obligatory); found kty \"%.32s\", crv \"%.32s\", alg \"%.32s\"",
		  kty, crv, alg ? text_of(jwk, "alg") : "(none)");
	return NULL;
}

static EVP_PKEY *pkey_from(const char *type, int selection, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (!parameters || !context || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &pkey, selection, parameters) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(parameters);
	return pkey;
}

/* OpenSSL's own check that a public key is one: the point lies on the curve, and is not at infinity. */
static bool pkey_is_sound(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool sound = context && EVP_PKEY_public_check(context) == 1;

	EVP_PKEY_CTX_free(context);
	return sound;
}

static EVP_PKEY *ec_build(struct slice point, struct slice secret)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *d = secret.size ? BN_secure_new() : NULL;
	EVP_PKEY *pkey = NULL;
	bool good = build &&
		    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
		    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.data, point.size) == 1;

	if (good && secret.size)
		good = d && BN_bin2bn(secret.data, EC_COORDINATE_SIZE, d) &&
		       OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1;
	if (good)
		pkey = pkey_from("EC", secret.size ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, build);
	BN_clear_free(d);
	OSSL_PARAM_BLD_free(build);
	return pkey;
}

static EVP_PKEY *ec_read(const json_t *jwk, bool with_private, struct fault *fault)
{
	struct buf point, member;
	EVP_PKEY *pkey = NULL;

	buf_init(&point, 1 + 2 * EC_COORDINATE_SIZE);
	buf_init(&member, MEMBER_MAX);
	buf_u8(&point, 0x04); /* uncompressed */
	if (!read_member(jwk, "x", EC_COORDINATE_SIZE, &member, fault))
		goto cleanup;
	buf_put(&point, buf_slice(&member));
	if (!read_member(jwk, "y", EC_COORDINATE_SIZE, &member, fault))
		goto cleanup;
	buf_put(&point, buf_slice(&member));
	buf_clear(&member);
	if (with_private && !read_member(jwk, "d", EC_COORDINATE_SIZE, &member, fault))
		goto cleanup;
	pkey = point.failed ? NULL : ec_build(buf_slice(&point), buf_slice(&member));
	if (!pkey)
		fault_set(fault, FAULT_MALFORMED, "\"x\", \"y\": expected a point on the curve P-256");
cleanup:
	buf_release(&point);
	buf_release(&member);
	return pkey;
}

static bool okp_point_sound(const json_t *jwk, struct buf *member, struct fault *fault)
{
	const char *defect;

	if (!read_member(jwk, "x", ED25519_KEY_SIZE, member, fault))
		return false;
	defect = ed25519_defect(member->data);
	return !defect || fault_set(fault, FAULT_MALFORMED, "\"x\": expected an Ed25519 key, found %s", defect);
}

static EVP_PKEY *okp_read(const json_t *jwk, bool with_private, struct fault *fault)
{
	EVP_PKEY *pkey = NULL;
	struct buf member;

	buf_init(&member, MEMBER_MAX);
	if (!okp_point_sound(jwk, &member, fault))
		goto cleanup;
	if (!with_private)
		pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, member.data, member.size);
	else if (read_member(jwk, "d", ED25519_KEY_SIZE, &member, fault))
		pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, member.data, member.size);
cleanup:
	buf_release(&member);
	return pkey;
}

/* RFC 7518 section 2: the fewest octets that can hold the number. */
static BIGNUM *read_number(const json_t *jwk, const char *member, struct fault *fault)
{
	BIGNUM *number = NULL;
	struct buf bytes;

	buf_init(&bytes, MEMBER_MAX);
	if (read_member(jwk, member, 0, &bytes, fault)) {
		if (bytes.data[0] == 0)
			fault_set(fault, FAULT_MALFORMED, "\"%s\": expected a number without leading zero bytes",
				  member);
		else if ((number = BN_bin2bn(bytes.data, (int)bytes.size, NULL)) == NULL)
			fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	}
	buf_release(&bytes);
	return number;
}

static bool rsa_is_strong(const BIGNUM *n, const BIGNUM *e, struct fault *fault)
{
	int bits = BN_num_bits(n);

	if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX)
		return fault_set(fault, FAULT_PROTOCOL, "\"n\": expected an RSA key of %d to %d bits, found %d",
				 (int)RSA_BITS_MIN, (int)RSA_BITS_MAX, bits);
	if (!BN_is_odd(e) || BN_num_bits(e) < 17 || BN_num_bits(e) > 64)
		return fault_set(fault, FAULT_PROTOCOL, "\"e\": expected an odd exponent from 65537 to 64 bits");
	return true;
}

static EVP_PKEY *rsa_read(const json_t *jwk, bool with_private, struct fault *fault)
{
	size_t count = with_private ? RSA_ALL : RSA_PUBLIC;
	BIGNUM *numbers[RSA_ALL] = { NULL };
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY *pkey = NULL;
	bool good = build != NULL;

	for (size_t i = 0; good && i < count; i++) {
		numbers[i] = read_number(jwk, rsa_numbers[i].member, fault);
		good = numbers[i] && OSSL_PARAM_BLD_push_BN(build, rsa_numbers[i].parameter, numbers[i]) == 1;
	}
	if (good && rsa_is_strong(numbers[0], numbers[1], fault)) {
		pkey = pkey_from("RSA", with_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, build);
		if (!pkey)
			fault_set(fault, FAULT_MALFORMED, "\"n\", \"e\": expected an RSA key");
	}
	for (size_t i = 0; i < RSA_ALL; i++)
		BN_clear_free(numbers[i]);
	OSSL_PARAM_BLD_free(build);
	return pkey;
}

static struct crypto_key *read_key(const json_t *jwk, bool with_private, struct fault *fault)
{
	struct crypto_key *key = NULL;
	EVP_PKEY *pkey = NULL;
	const struct form *form;

	/* What the readers below do not complain about themselves is a want of memory. */
	fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	form = find_form(jwk, fault);
	if (!form)
		return NULL;
	ERR_set_mark();
	if (form->alg == JOSE_ES256)
		pkey = ec_read(jwk, with_private, fault);
	else if (form->alg == JOSE_EDDSA)
		pkey = okp_read(jwk, with_private, fault);
	else
		pkey = rsa_read(jwk, with_private, fault);
	key = crypto_key_wrap(form->alg, pkey);
	if (key && !pkey_is_sound(key->pkey)) {
		fault_set(fault, FAULT_MALFORMED, "expected a sound public key");
		crypto_key_free(key);
		key = NULL;
	}
	ERR_pop_to_mark();
	return key;
}

const char *crypto_jwk_private(const json_t *jwk)
{
	/* RFC 7518 section 6, and "priv" of the newer AKP keys. */
	static const char *const members[] = { "d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv", NULL };

	for (size_t i = 0; members[i]; i++)
		if (json_object_get(jwk, members[i]))
			return members[i];
	return NULL;
}

struct crypto_key *crypto_key_public(const json_t *jwk, struct fault *fault)
{
	const char *member = crypto_jwk_private(jwk);

	if (member) {
		fault_set(fault, FAULT_PROTOCOL, "\"%s\": expected a public key, found a private member", member);
		return NULL;
	}
	return read_key(jwk, false, fault);
}

/* The two halves belong together when one verifies what the other signs. */
static bool halves_agree(const struct crypto_key *secret, const struct crypto_key *open)
{
	struct buf signature;
	bool agree;

	buf_init(&signature, MEMBER_MAX);
	agree = crypto_sign(secret, slice_text("probe"), &signature) &&
		crypto_verify(open, slice_text("probe"), buf_slice(&signature));
	buf_release(&signature);
	return agree;
}

struct crypto_key *crypto_key_private(const json_t *jwk, struct fault *fault)
{
	struct crypto_key *open = read_key(jwk, false, fault);
	struct crypto_key *secret = open ? read_key(jwk, true, fault) : NULL;

	if (secret && !halves_agree(secret, open)) {
		fault_set(fault, FAULT_MALFORMED, "expected a private part that belongs to the public one");
		crypto_key_free(secret);
		secret = NULL;
	}
	crypto_key_free(open);
	return secret;
}

static bool set_bytes(json_t *jwk, const char *member, struct slice bytes)
{
	bool done = false;
	struct buf text;

	buf_init(&text, 2 * MEMBER_MAX);
	base64url_encode(bytes, &text);
	if (buf_string(&text))
		done = json_object_set_new(jwk, member, json_string(buf_string(&text))) == 0;
	buf_release(&text);
	return done;
}

/* Writes one number of the key: size bytes, or as few as hold it where size is 0. */
static bool set_number(json_t *jwk, const char *member, const EVP_PKEY *pkey, const char *parameter, int size)
{
	unsigned char bytes[MEMBER_MAX];
	BIGNUM *number = NULL;
	bool done = false;

	if (EVP_PKEY_get_bn_param(pkey, parameter, &number) == 1) {
		int wanted = size ? size : BN_num_bytes(number);

		done = wanted <= MEMBER_MAX && BN_bn2binpad(number, bytes, wanted) == wanted &&
		       set_bytes(jwk, member, slice_of(bytes, (size_t)wanted));
	}
	BN_clear_free(number);
	OPENSSL_cleanse(bytes, sizeof bytes);
	return done;
}

static bool ec_write(const EVP_PKEY *pkey, bool with_private, json_t *jwk)
{
	return set_number(jwk, "x", pkey, OSSL_PKEY_PARAM_EC_PUB_X, EC_COORDINATE_SIZE) &&
	       set_number(jwk, "y", pkey, OSSL_PKEY_PARAM_EC_PUB_Y, EC_COORDINATE_SIZE) &&
	       (!with_private || set_number(jwk, "d", pkey, OSSL_PKEY_PARAM_PRIV_KEY, EC_COORDINATE_SIZE));
}

static bool okp_write(const EVP_PKEY *pkey, bool with_private, json_t *jwk)
{
	unsigned char bytes[ED25519_KEY_SIZE];
	size_t size = sizeof bytes;
	bool done = EVP_PKEY_get_raw_public_key(pkey, bytes, &size) == 1 && set_bytes(jwk, "x", slice_of(bytes, size));

	if (done && with_private) {
		size = sizeof bytes;
		done = EVP_PKEY_get_raw_private_key(pkey, bytes, &size) == 1 &&
		       set_bytes(jwk, "d", slice_of(bytes, size));
		OPENSSL_cleanse(bytes, sizeof bytes);
	}
	return done;
}

static bool rsa_write(const EVP_PKEY *pkey, bool with_private, json_t *jwk)
{
	for (size_t i = 0; i < (with_private ? RSA_ALL : RSA_PUBLIC); i++)
		if (!set_number(jwk, rsa_numbers[i].member, pkey, rsa_numbers[i].parameter, 0))
			return false;
	return true;
}

json_t *crypto_key_jwk(const struct crypto_key *key, bool with_private)
{
	json_t *jwk = NULL;
	bool done = false;

	for (size_t i = 0; i < sizeof forms / sizeof *forms && !jwk; i++) {
		if (forms[i].alg != key->alg)
			continue;
		jwk = json_pack("{s:s, s:s, s:s*}", "kty", forms[i].kty, "alg", jose_alg_name(key->alg), "crv",
				forms[i].crv);
	}
	if (jwk && key->alg == JOSE_ES256)
		done = ec_write(key->pkey, with_private, jwk);
	else if (jwk && key->alg == JOSE_EDDSA)
		done = okp_write(key->pkey, with_private, jwk);
	else if (jwk)
		done = rsa_write(key->pkey, with_private, jwk);
	if (done)
		return jwk;
	json_decref(jwk);
	return NULL;
}

bool crypto_key_pem(const struct crypto_key *key, struct buf *out)
{
	BIO *memory = BIO_new(BIO_s_mem());
	char *text = NULL;
	long size = 0;

	if (memory && PEM_write_bio_PUBKEY(memory, key->pkey) == 1)
		size = BIO_get_mem_data(memory, &text);
	if (size > 0)
		buf_put(out, slice_of(text, (size_t)size));
	BIO_free(memory);
	return size > 0 && !out->failed;
}
