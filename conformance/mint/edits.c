#include "mint/edits.h"

#include "base64url.h"

#include <openssl/hmac.h>
#include <stdlib.h>

enum { SIGNATURE_BYTES_MAX = 1024 };

static bool no_room(struct fault *fault)
{
	return fault_set(fault, FAULT_LIMIT, "the recipe's token does not fit into %d bytes", MINTED_BYTES_MAX);
}

static void encode(struct slice bytes, struct buf *part)
{
	buf_clear(part);
	base64url_encode(bytes, part);
}

/* An HMAC keyed with the text of a public key: what a verifier falls for that takes the algorithm
 * from the header (RFC 8725 section 2.1). */
static bool sign_hmac(struct draft *draft, struct slice input, struct buf *signature)
{
	struct buf pem;
	unsigned char mac[SHA256_SIZE];
	unsigned size = sizeof(mac);
	buf_init(&pem, MINTED_BYTES_MAX);
	bool done = crypto_key_pem(draft->hmac_key->key, &pem) && !pem.failed &&
		    HMAC(EVP_sha256(), pem.data, (int)pem.size, input.data, input.size, mac, &size);
	if (done)
		buf_put(signature, slice_of(mac, size));
	buf_release(&pem);
	return done;
}

bool draft_sign(struct draft *draft, struct fault *fault)
{
	struct buf input, signature;
	bool done = true;
	buf_init(&input, MINTED_BYTES_MAX);
	buf_init(&signature, SIGNATURE_BYTES_MAX);
	encode(buf_slice(&draft->head), &draft->parts[0]);
	encode(buf_slice(&draft->payload), &draft->parts[1]);
	buf_put(&input, buf_slice(&draft->parts[0]));
	buf_text(&input, ".");
	buf_put(&input, buf_slice(&draft->parts[1]));
	if (input.failed)
		done = no_room(fault);
	else if (draft->signing == SIGN_HMAC)
		done = sign_hmac(draft, buf_slice(&input), &signature);
	else if (draft->signing == SIGN_KEY)
		done = crypto_sign(draft->signer ? draft->signer : draft->key->key, buf_slice(&input), &signature);
	if (!done && !input.failed)
		fault_set(fault, FAULT_UNAVAILABLE, "cannot sign with the key \"%s\"", draft->key->role);
	encode(buf_slice(&signature), &draft->parts[2]);
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

/* Like json_text_at, but the text may be empty or long. */
static bool any_text(const struct json_at *at, struct slice *text, struct fault *fault)
{
	if (!json_is_string(at->value))
		return json_expected(at, "a string", fault);
	*text = slice_of(json_string_value(at->value), json_string_length(at->value));
	return true;
}

static bool set_text(struct draft *draft, struct buf *place, const struct json_at *at, struct fault *fault)
{
	struct slice text = { NULL, 0 };
	if (!any_text(at, &text, fault))
		return false;
	buf_clear(place);
	buf_put(place, text);
	return draft_sign(draft, fault);
}

static bool edit_header_text(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return set_text(draft, &draft->head, at, fault);
}

static bool edit_payload_text(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return set_text(draft, &draft->payload, at, fault);
}

static bool set_alg(struct draft *draft, const char *alg, struct fault *fault)
{
	if (json_object_set_new(draft->header, "alg", json_string(alg)) != 0)
		return no_room(fault);
	char *text = json_dumps(draft->header, JSON_COMPACT);
	buf_clear(&draft->head);
	buf_text(&draft->head, text);
	bool done = text && draft_sign(draft, fault);
	free(text);
	return done || (fault->class != FAULT_NONE ? false : no_room(fault));
}

static bool edit_alg_none(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	if (!json_is_true(at->value))
		return json_expected(at, "true", fault);
	draft->signing = SIGN_NOT;
	return set_alg(draft, "none", fault);
}

static bool edit_hmac_with(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	const char *role = NULL;
	if (!json_text_at(at, &role, fault))
		return false;
	draft->hmac_key = fixture_key(draft->fixture, role);
	if (!draft->hmac_key)
		return json_complain(at, fault, "the fixture has no key \"%.100s\"", role);
	draft->signing = SIGN_HMAC;
	return set_alg(draft, "HS256", fault);
}

/* The same RSA key under its other algorithm: right for a verifier that lets the header choose. */
static bool edit_sign_as(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	const char *name = NULL;
	if (!json_text_at(at, &name, fault))
		return false;
	enum jose_alg alg = jose_alg_from(slice_text(name)), own = crypto_key_alg(draft->key->key);
	if (alg != JOSE_RS256 && alg != JOSE_PS256)
		return json_expected(at, "\"RS256\" or \"PS256\"", fault);
	if (own != JOSE_RS256 && own != JOSE_PS256)
		return json_complain(at, fault, "the key \"%s\" is no RSA key", draft->key->role);
	json_t *jwk = crypto_key_jwk(draft->key->key, true);
	crypto_key_free(draft->signer);
	draft->signer = NULL;
	if (jwk && json_object_set_new(jwk, "alg", json_string(name)) == 0)
		draft->signer = crypto_key_private(jwk, fault);
	json_decref(jwk);
	if (!draft->signer)
		return fault->class != FAULT_NONE ? false : no_room(fault);
	draft->signing = SIGN_KEY;
	return set_alg(draft, name, fault);
}

/* One bit of the first byte; in ES256 that is R, in RSA the top of the number. */
static bool flip(struct buf *part)
{
	struct buf raw;
	buf_init(&raw, SIGNATURE_BYTES_MAX);
	bool done = base64url_decode(buf_slice(part), &raw) && raw.size > 0;
	if (done) {
		raw.data[0] ^= 1;
		encode(buf_slice(&raw), part);
	}
	buf_release(&raw);
	return done;
}

static bool truncate_part(struct buf *part)
{
	struct buf raw;
	buf_init(&raw, SIGNATURE_BYTES_MAX);
	bool done = base64url_decode(buf_slice(part), &raw) && raw.size > 0;
	if (done)
		encode(slice_part(buf_slice(&raw), 0, raw.size - 1), part);
	buf_release(&raw);
	return done;
}

/* The last character spells bits that stand for no byte (RFC 4648 section 3.5): one of them is set. */
static bool trail(struct buf *part)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	if (part->size % 4 < 2)
		return false; /* no bits left over */
	unsigned char *last = &part->data[part->size - 1];
	const char *place = strchr(alphabet, *last);
	if (!place || (place - alphabet) % 2 != 0)
		return false;
	*last = (unsigned char)place[1];
	return true;
}

/* '=' up to a multiple of four, as plain base64 would have it; one '=' where none is due. */
static bool pad(struct buf *part)
{
	do
		buf_text(part, "=");
	while (part->size % 4 != 0 && !part->failed);
	return true;
}

static bool empty(struct buf *part)
{
	buf_clear(part);
	return true;
}

static bool edit_signature(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	static const struct {
		const char *name;
		bool (*change)(struct buf *part);
	} changes[] = { { "empty", empty },
			{ "flipped", flip },
			{ "truncated", truncate_part },
			{ "padded", pad },
			{ "trailing_bits", trail } };
	const char *name = NULL;
	if (!json_text_at(at, &name, fault))
		return false;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (strcmp(changes[i].name, name) == 0)
			return changes[i].change(&draft->parts[2]) ||
			       json_complain(at, fault, "the signature has nothing to change in this way");
	}
	return json_expected(at, "\"empty\", \"flipped\", \"truncated\", \"padded\" or \"trailing_bits\"", fault);
}

static bool edit_segments(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	int64_t count = 0;
	if (!json_integer_at(at, 1, 5, &count, fault))
		return false;
	if (count == 3)
		return json_expected(at, "1, 2, 4 or 5: three is the right number", fault);
	for (int64_t i = 0; i < count; i++) {
		buf_text(&draft->token, i ? "." : "");
		buf_put(&draft->token, buf_slice(&draft->parts[i < 3 ? i : 2]));
	}
	draft->whole = true;
	return true;
}

static bool edit_append(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	struct slice text = { NULL, 0 };
	if (!any_text(at, &text, fault))
		return false;
	draft_join(draft);
	buf_put(&draft->token, text);
	return true;
}

static bool edit_prepend(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	struct slice text = { NULL, 0 };
	struct buf joined;
	if (!any_text(at, &text, fault))
		return false;
	draft_join(draft);
	buf_init(&joined, MINTED_BYTES_MAX);
	buf_put(&joined, text);
	buf_put(&joined, buf_slice(&draft->token));
	buf_release(&draft->token);
	draft->token = joined;
	return true;
}

static bool edit_replace(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	struct slice text = { NULL, 0 };
	if (!any_text(at, &text, fault))
		return false;
	buf_clear(&draft->token);
	buf_put(&draft->token, text);
	draft->whole = true;
	return true;
}

static const struct edit {
	const char *name;
	bool (*apply)(struct draft *draft, const struct json_at *at, struct fault *fault);
	bool on_whole; /* works on the finished text; the others need the parts open */
} edits[] = {
	{ "header_text", edit_header_text, false },
	{ "payload_text", edit_payload_text, false },
	{ "signature", edit_signature, false },
	{ "alg_none", edit_alg_none, false },
	{ "hmac_with", edit_hmac_with, false },
	{ "sign_as", edit_sign_as, false },
	{ "segments", edit_segments, false },
	{ "append", edit_append, true },
	{ "prepend", edit_prepend, true },
	{ "replace", edit_replace, true },
	{ NULL, NULL, false },
};

bool draft_edit(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	if (!json_is_object(at->value) || json_object_size(at->value) != 1)
		return json_expected(at, "an object with one member", fault);
	for (const struct edit *edit = edits; edit->name; edit++) {
		struct json_at member = json_member(at, edit->name);
		if (!member.value)
			continue;
		if (draft->whole && !edit->on_whole)
			return json_complain(&member, fault, "comes after an edit of the whole token; put it before");
		return edit->apply(draft, &member, fault);
	}
	return json_complain(at, fault,
			     "unknown edit; expected header_text, payload_text, signature, alg_none, "
			     "hmac_with, sign_as, segments, append, prepend or replace");
}
