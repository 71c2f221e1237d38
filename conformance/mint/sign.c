#include "mint/edits.h"

#include "base64url.h"

#include <openssl/hmac.h>
#include <openssl/pem.h>

enum { SIGNATURE_BYTES_MAX = 1024 };

bool draft_no_room(struct fault *fault)
{
	return fault_set(fault, FAULT_LIMIT, "the recipe's token does not fit into %d bytes", MINTED_BYTES_MAX);
}

/* Takes the armour off a PEM. */
static bool to_der(struct buf *pem)
{
	char *name = NULL, *header = NULL;
	unsigned char *data = NULL;
	long size = 0;
	BIO *bio = BIO_new_mem_buf(pem->data, (int)pem->size);
	bool done = bio && PEM_read_bio(bio, &name, &header, &data, &size) == 1;
	if (done) {
		buf_clear(pem);
		buf_put(pem, slice_of(data, (size_t)size));
	}
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(data);
	BIO_free(bio);
	return done;
}

/* What a careless verifier would take for the secret. */
static bool put_secret(const struct draft *draft, struct buf *secret)
{
	if (strcmp(draft->secret, "empty") == 0)
		return true;
	if (!crypto_key_pem(draft->hmac_key->key, secret) || secret->failed)
		return false;
	while (strcmp(draft->secret, "pem_trimmed") == 0 && secret->size > 0 && secret->data[secret->size - 1] == '\n')
		secret->size--;
	return strcmp(draft->secret, "der") != 0 || to_der(secret);
}

static const EVP_MD *digest_of(const char *alg)
{
	return strcmp(alg, "HS512") == 0 ? EVP_sha512() : strcmp(alg, "HS384") == 0 ? EVP_sha384() : EVP_sha256();
}

/* An HMAC keyed with what everybody knows: what a verifier falls for that takes the algorithm from
 * the header (RFC 8725 section 2.1). */
static bool sign_hmac(const struct draft *draft, struct slice input, struct buf *signature)
{
	struct buf secret;
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned size = sizeof(mac);
	buf_init(&secret, MINTED_BYTES_MAX);
	bool done = put_secret(draft, &secret) &&
		    HMAC(digest_of(draft->hmac_alg), secret.size ? (const void *)secret.data : "", (int)secret.size,
			 input.data, input.size, mac, &size);
	if (done)
		buf_put(signature, slice_of(mac, size));
	buf_release(&secret);
	return done;
}

/* The text between the dots, damaged where an edit says so. Blanks behind the JSON leave bits over. */
static bool encode_text(struct draft *draft, size_t part, struct fault *fault)
{
	struct buf *text = part == 0 ? &draft->head : &draft->payload;
	const struct spoil *spoil = draft->spoils[part];
	while (spoil && spoil->change == spoil_trailing_bits && text->size % 3 == 0 && !text->failed)
		buf_text(text, " ");
	buf_clear(&draft->parts[part]);
	base64url_encode(buf_slice(text), &draft->parts[part]);
	return !spoil || spoil->change(&draft->parts[part]) ||
	       fault_set(fault, FAULT_MALFORMED, "the %s has nothing to change to \"%s\"", part ? "payload" : "header",
			 spoil->name);
}

static bool sign(struct draft *draft, struct slice input, struct buf *signature)
{
	switch (draft->signing) {
	case SIGN_NOT:
		return true;
	case SIGN_HMAC:
		return sign_hmac(draft, input, signature);
	default:
		return crypto_sign(draft->signer ? draft->signer : draft->key->key, input, signature);
	}
}

bool draft_sign(struct draft *draft, struct fault *fault)
{
	struct buf input, signature;
	if (!encode_text(draft, 0, fault) || !encode_text(draft, 1, fault))
		return false;
	buf_init(&input, MINTED_BYTES_MAX);
	buf_init(&signature, SIGNATURE_BYTES_MAX);
	buf_put(&input, buf_slice(&draft->parts[0]));
	buf_text(&input, ".");
	buf_put(&input, buf_slice(&draft->parts[1]));
	bool done = input.failed ? draft_no_room(fault) :
				   sign(draft, buf_slice(&input), &signature) ||
					   fault_set(fault, FAULT_UNAVAILABLE, "cannot sign with the key \"%s\"",
						     draft->key->role);
	buf_clear(&draft->parts[2]);
	base64url_encode(buf_slice(&signature), &draft->parts[2]);
	buf_release(&signature);
	buf_release(&input);
	return done;
}

void draft_join(struct draft *draft)
{
	if (draft->whole)
		return;
	for (size_t i = 0; i < 3; i++) {
		buf_text(&draft->token, i ? "." : "");
		buf_put(&draft->token, buf_slice(&draft->parts[i]));
	}
	draft->whole = true;
}
