/* Operations with keys and without: each key carries the one algorithm it serves, and the
 * operation reads it from there. */
#include "crypto_key.h"

#include <limits.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <stdlib.h>

enum { ES256_HALF = 32, SIGNATURE_MAX = RSA_BITS_MAX / 8 };

static const struct {
	const char *name;
	enum jose_alg alg;
} alg_names[] = {
	/* the first name of an algorithm is the one that is written */
	{ "ES256", JOSE_ES256 }, { "EdDSA", JOSE_EDDSA }, { "Ed25519", JOSE_EDDSA },
	{ "PS256", JOSE_PS256 }, { "RS256", JOSE_RS256 },
};

enum { ALG_NAMES = sizeof alg_names / sizeof *alg_names };

const char *jose_alg_name(enum jose_alg alg)
{
	for (size_t i = 0; i < ALG_NAMES; i++)
		if (alg_names[i].alg == alg)
			return alg_names[i].name;
	return "none";
}

enum jose_alg jose_alg_from(struct slice name)
{
	for (size_t i = 0; i < ALG_NAMES; i++)
		if (slice_is(name, alg_names[i].name))
			return alg_names[i].alg;
	return JOSE_NONE;
}

bool sha256(struct slice bytes, unsigned char digest[SHA256_SIZE])
{
	return EVP_Digest(bytes.size ? bytes.data : digest, bytes.size, digest, NULL, EVP_sha256(), NULL) == 1;
}

bool random_bytes(void *out, size_t size)
{
	return size <= INT_MAX && RAND_bytes(out, (int)size) == 1;
}

struct crypto_key *crypto_key_wrap(enum jose_alg alg, EVP_PKEY *pkey)
{
	struct crypto_key *key = pkey ? calloc(1, sizeof *key) : NULL;

	if (!key) {
		EVP_PKEY_free(pkey);
		return NULL;
	}
	key->alg = alg;
	key->pkey = pkey;
	return key;
}

void crypto_key_free(struct crypto_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

bool crypto_key_equal(const struct crypto_key *a, const struct crypto_key *b)
{
	return a->alg == b->alg && EVP_PKEY_eq(a->pkey, b->pkey) == 1;
}

enum jose_alg crypto_key_alg(const struct crypto_key *key)
{
	return key->alg;
}

struct crypto_key *crypto_key_generate(enum jose_alg alg, struct fault *fault)
{
	struct crypto_key *key;
	EVP_PKEY *pkey = NULL;

	switch (alg) {
	case JOSE_ES256:
		pkey = EVP_EC_gen("P-256");
		break;
	case JOSE_EDDSA:
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		break;
	case JOSE_PS256:
	case JOSE_RS256:
		pkey = EVP_RSA_gen(RSA_BITS_MIN);
		break;
	case JOSE_NONE:
		break;
	}
	key = crypto_key_wrap(alg, pkey);
	if (!key)
		fault_set(fault, FAULT_UNAVAILABLE, "cannot make a key for %s", jose_alg_name(alg));
	return key;
}

/* PS256: salt as long as the digest, MGF1 over the same hash (RFC 7518 section 3.5). */
static bool set_pss(EVP_PKEY_CTX *context)
{
	return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(context, SHA256_SIZE) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1;
}

/* The key's algorithm decides here, and nothing else is asked. */
static bool prepare(const struct crypto_key *key, EVP_MD_CTX *context, bool signing)
{
	const EVP_MD *digest = key->alg == JOSE_EDDSA ? NULL : EVP_sha256();
	EVP_PKEY_CTX *pkey_context = NULL;
	int done = signing ? EVP_DigestSignInit(context, &pkey_context, digest, NULL, key->pkey)
			   : EVP_DigestVerifyInit(context, &pkey_context, digest, NULL, key->pkey);

	return done == 1 && (key->alg != JOSE_PS256 || set_pss(pkey_context));
}

/* ECDSA: OpenSSL speaks DER, JWS speaks R||S of twice 32 bytes (RFC 7518 section 3.4). */
static bool es256_from_der(const unsigned char *der, size_t size, struct buf *out)
{
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)size);
	unsigned char raw[2 * ES256_HALF];
	bool done = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, ES256_HALF) == ES256_HALF &&
		    BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + ES256_HALF, ES256_HALF) == ES256_HALF;

	if (done)
		buf_put(out, slice_of(raw, sizeof raw));
	ECDSA_SIG_free(pair);
	return done && !out->failed;
}

static bool es256_to_der(struct slice raw, struct buf *out)
{
	BIGNUM *r = BN_bin2bn(raw.data, ES256_HALF, NULL), *s = BN_bin2bn(raw.data + ES256_HALF, ES256_HALF, NULL);
	ECDSA_SIG *pair = ECDSA_SIG_new();
	unsigned char *der = NULL;
	int size = 0;

	if (r && s && pair && ECDSA_SIG_set0(pair, r, s) == 1) {
		r = s = NULL; /* the pair owns them now */
		size = i2d_ECDSA_SIG(pair, &der);
	}
	if (size > 0)
		buf_put(out, slice_of(der, (size_t)size));
	OPENSSL_free(der);
	ECDSA_SIG_free(pair);
	BN_free(r);
	BN_free(s);
	return size > 0 && !out->failed;
}

/* OpenSSL leaves its complaints in a queue of the thread, where the host's next TLS call would
 * take them for its own: what a key operation leaves there is removed again. */
bool crypto_sign(const struct crypto_key *key, struct slice input, struct buf *signature)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char bytes[SIGNATURE_MAX];
	size_t size = sizeof bytes;
	bool done;

	ERR_set_mark();
	done = context && prepare(key, context, true) &&
	       EVP_DigestSign(context, bytes, &size, input.data, input.size) == 1;
	EVP_MD_CTX_free(context);
	ERR_pop_to_mark();
	if (!done)
		return false;
	if (key->alg == JOSE_ES256)
		return es256_from_der(bytes, size, signature);
	buf_put(signature, slice_of(bytes, size));
	return !signature->failed;
}

/* The one size that a signature by this key can have, in bytes. */
static size_t signature_size(const struct crypto_key *key)
{
	int rsa_size = EVP_PKEY_get_size(key->pkey);

	if (key->alg == JOSE_ES256 || key->alg == JOSE_EDDSA)
		return 64;
	return rsa_size > 0 ? (size_t)rsa_size : 0;
}

static bool verify_prepared(const struct crypto_key *key, struct slice input, struct slice signature)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && prepare(key, context, false) &&
		    EVP_DigestVerify(context, signature.data, signature.size, input.data, input.size) == 1;

	EVP_MD_CTX_free(context);
	return good;
}

bool crypto_verify(const struct crypto_key *key, struct slice input, struct slice signature)
{
	struct buf der;
	bool good;

	if (!signature.size || signature.size != signature_size(key))
		return false;
	ERR_set_mark();
	buf_init(&der, 128);
	if (key->alg == JOSE_ES256)
		good = es256_to_der(signature, &der) && verify_prepared(key, input, buf_slice(&der));
	else
		good = verify_prepared(key, input, signature);
	buf_release(&der);
	ERR_pop_to_mark();
	return good;
}
