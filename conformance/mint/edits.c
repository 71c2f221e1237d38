#include "mint/edits.h"
#include "mint/mint.h"

#include "mint/roles.h"

#include <stdlib.h>

enum { EDITS_MAX = 32 };

static struct slice text_of(const struct json_at *at)
{
	return slice_of(json_string_value(at->value), json_string_length(at->value));
}

static bool set_text(struct draft *draft, struct buf *place, struct slice text, struct fault *fault)
{
	buf_clear(place);
	buf_put(place, text);
	return draft_sign(draft, fault);
}

static bool edit_header_text(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return set_text(draft, &draft->head, text_of(at), fault);
}

static bool edit_payload_text(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return set_text(draft, &draft->payload, text_of(at), fault);
}

/* Text put between the first offset bytes of a JSON object's text and the rest. */
static bool insert(struct draft *draft, struct buf *place, size_t offset, const char *before, struct slice text,
		   const char *after, struct fault *fault)
{
	struct buf whole;
	buf_init(&whole, MINTED_BYTES_MAX);
	buf_put(&whole, slice_part(buf_slice(place), 0, offset));
	buf_text(&whole, before);
	buf_put(&whole, text);
	buf_text(&whole, after);
	buf_put(&whole, slice_part(buf_slice(place), offset, place->size));
	buf_release(place);
	*place = whole;
	return whole.failed ? draft_no_room(fault) : draft_sign(draft, fault);
}

static size_t end_of(const struct buf *object)
{
	return object->size ? object->size - 1 : 0;
}

static bool edit_header_tail(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return insert(draft, &draft->head, end_of(&draft->head), ",", text_of(at), "", fault);
}

static bool edit_payload_tail(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return insert(draft, &draft->payload, end_of(&draft->payload), ",", text_of(at), "", fault);
}

static bool edit_payload_head(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return insert(draft, &draft->payload, 1, "", text_of(at), ",", fault);
}

/* Bytes that are no UTF-8 or no JSON, in a member that nobody reads or around the object. */
static const struct octets {
	const char *name, *bytes;
	enum { BEFORE, INSIDE, BEHIND } place;
} octets[] = {
	{ "bom", "\xef\xbb\xbf", BEFORE },
	{ "not_utf8", ",\"note\":\"\xff\"", INSIDE },
	{ "overlong", ",\"note\":\"\xc0\xaf\"", INSIDE },
	{ "surrogate", ",\"note\":\"\xed\xa0\x80\"", INSIDE },
	{ "trailing_text", "x", BEHIND },
	{ "trailing_object", "{}", BEHIND },
	{ NULL, NULL, BEFORE },
};

static const struct octets *octets_find(const char *name)
{
	const struct octets *found = octets;
	while (found->name && strcmp(found->name, name) != 0)
		found++;
	return found->name ? found : NULL;
}

static bool put_octets(struct draft *draft, struct buf *place, const struct json_at *at, struct fault *fault)
{
	const struct octets *found = octets_find(json_string_value(at->value));
	size_t offset = found->place == BEFORE ? 0 : found->place == INSIDE ? end_of(place) : place->size;
	return insert(draft, place, offset, "", slice_text(found->bytes), "", fault);
}

static bool edit_header_bytes(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return put_octets(draft, &draft->head, at, fault);
}

static bool edit_payload_bytes(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return put_octets(draft, &draft->payload, at, fault);
}

static bool edit_header_encoding(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	draft->spoils[0] = spoil_find(json_string_value(at->value), true);
	return draft_sign(draft, fault);
}

static bool edit_payload_encoding(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	draft->spoils[1] = spoil_find(json_string_value(at->value), true);
	return draft_sign(draft, fault);
}

static bool set_header(struct draft *draft, const char *name, const char *value, struct fault *fault)
{
	if (json_object_set_new(draft->header, name, json_string(value)) != 0)
		return draft_no_room(fault);
	char *text = json_dumps(draft->header, JSON_COMPACT);
	bool done = text ? set_text(draft, &draft->head, slice_text(text), fault) : draft_no_room(fault);
	free(text);
	return done;
}

static bool edit_alg_none(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	(void)at;
	draft->signing = SIGN_NOT;
	return set_header(draft, "alg", "none", fault);
}

static bool edit_hmac_with(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	const char *role = json_string_value(at->value);
	draft->hmac_key = fixture_key(draft->fixture, role);
	if (!draft->hmac_key)
		return json_complain(at, fault, "the fixture has no key \"%.100s\"", role);
	draft->signing = SIGN_HMAC;
	draft->hmac_alg = "HS256";
	draft->secret = "pem";
	return set_header(draft, "alg", "HS256", fault);
}

static const char *const hmac_algs[] = { "HS256", "HS384", "HS512", NULL };
static const char *const secrets[] = { "pem", "pem_trimmed", "der", "empty", NULL };

static int index_of(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], word) == 0)
			return i;
	}
	return -1;
}

static bool after_hmac(const struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return draft->signing == SIGN_HMAC || json_complain(at, fault, "comes behind hmac_with, which it changes");
}

static bool edit_hmac_alg(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	if (!after_hmac(draft, at, fault))
		return false;
	draft->hmac_alg = hmac_algs[index_of(hmac_algs, json_string_value(at->value))];
	return set_header(draft, "alg", draft->hmac_alg, fault);
}

static bool edit_hmac_secret(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	if (!after_hmac(draft, at, fault))
		return false;
	draft->secret = secrets[index_of(secrets, json_string_value(at->value))];
	return draft_sign(draft, fault);
}

static const char *const rsa_algs[] = { "RS256", "PS256", NULL };

/* The same RSA key under its other algorithm: right for a verifier that lets the header choose. */
static bool edit_sign_as(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	const char *name = json_string_value(at->value);
	enum jose_alg own = crypto_key_alg(draft->key->key);
	if (own != JOSE_RS256 && own != JOSE_PS256)
		return json_complain(at, fault, "the key \"%s\" is no RSA key", draft->key->role);
	json_t *jwk = crypto_key_jwk(draft->key->key, true);
	crypto_key_free(draft->signer);
	draft->signer = NULL;
	if (jwk && json_object_set_new(jwk, "alg", json_string(name)) == 0)
		draft->signer = crypto_key_private(jwk, fault);
	json_decref(jwk);
	if (!draft->signer)
		return fault->class != FAULT_NONE ? false : draft_no_room(fault);
	draft->signing = SIGN_KEY;
	return set_header(draft, "alg", name, fault);
}

static bool edit_signature(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	return spoil_find(json_string_value(at->value), false)->change(&draft->parts[2]) ||
	       json_complain(at, fault, "the signature has nothing to change in this way");
}

/* The good token becomes the payload of another, signed by the same key. */
static bool edit_nested(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	struct buf inner;
	(void)at;
	draft_join(draft);
	draft->whole = false;
	inner = draft->token;
	buf_init(&draft->token, MINTED_BYTES_MAX);
	bool done = set_text(draft, &draft->payload, buf_slice(&inner), fault);
	buf_release(&inner);
	return done;
}

static const char *const serializations[] = { "flattened", "general", NULL };

static void put_member(struct buf *out, const char *name, const struct buf *text)
{
	buf_format(out, "\"%s\":\"", name);
	buf_put(out, buf_slice(text));
	buf_text(out, "\"");
}

/* RFC 7515 section 7.2: the same three parts as JSON. */
static bool edit_serialization(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	bool general = strcmp(json_string_value(at->value), "general") == 0;
	struct buf *out = &draft->token;
	(void)fault;
	buf_text(out, "{");
	put_member(out, "payload", &draft->parts[1]);
	buf_text(out, general ? ",\"signatures\":[{" : ",");
	put_member(out, "protected", &draft->parts[0]);
	buf_text(out, ",");
	put_member(out, "signature", &draft->parts[2]);
	buf_text(out, general ? "}]}" : "}");
	draft->whole = true;
	return true;
}

static bool edit_segments(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	(void)fault;
	for (json_int_t i = 0; i < json_integer_value(at->value); i++) {
		buf_text(&draft->token, i ? "." : "");
		buf_put(&draft->token, buf_slice(&draft->parts[i < 3 ? i : 2]));
	}
	draft->whole = true;
	return true;
}

static bool edit_append(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	(void)fault;
	draft_join(draft);
	buf_put(&draft->token, text_of(at));
	return true;
}

static bool edit_prepend(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	struct buf joined;
	(void)fault;
	draft_join(draft);
	buf_init(&joined, MINTED_BYTES_MAX);
	buf_put(&joined, text_of(at));
	buf_put(&joined, buf_slice(&draft->token));
	buf_release(&draft->token);
	draft->token = joined;
	return true;
}

static bool edit_replace(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	(void)fault;
	buf_clear(&draft->token);
	buf_put(&draft->token, text_of(at));
	draft->whole = true;
	return true;
}

/* What the value of an edit can be. */
static bool is_text(const json_t *value)
{
	return json_is_string(value);
}

static bool is_true(const json_t *value)
{
	return json_is_true(value);
}

static bool is_wrong_count(const json_t *value)
{
	json_int_t count = json_is_integer(value) ? json_integer_value(value) : 0;
	return count >= 1 && count <= 5 && count != 3;
}

static bool is_role(const json_t *value)
{
	return json_is_string(value) && role_find(json_string_value(value)) != NULL;
}

static bool is_octets(const json_t *value)
{
	return json_is_string(value) && octets_find(json_string_value(value)) != NULL;
}

static bool is_damage(const json_t *value)
{
	return json_is_string(value) && spoil_find(json_string_value(value), false) != NULL;
}

static bool is_text_damage(const json_t *value)
{
	return json_is_string(value) && spoil_find(json_string_value(value), true) != NULL;
}

static bool is_hmac_alg(const json_t *value)
{
	return json_is_string(value) && index_of(hmac_algs, json_string_value(value)) >= 0;
}

static bool is_secret(const json_t *value)
{
	return json_is_string(value) && index_of(secrets, json_string_value(value)) >= 0;
}

static bool is_rsa_alg(const json_t *value)
{
	return json_is_string(value) && index_of(rsa_algs, json_string_value(value)) >= 0;
}

static bool is_serialization(const json_t *value)
{
	return json_is_string(value) && index_of(serializations, json_string_value(value)) >= 0;
}

#define OCTETS "\"bom\", \"not_utf8\", \"overlong\", \"surrogate\", \"trailing_text\" or \"trailing_object\""
#define TEXT_DAMAGE "\"padded\", \"trailing_bits\", \"line_break\", \"foreign\" or \"standard_alphabet\""

static const struct edit {
	const char *name;
	bool (*fits)(const json_t *value);
	const char *expected;
	bool (*apply)(struct draft *draft, const struct json_at *at, struct fault *fault);
	enum { PARTS, CLOSES, WHOLE } on; /* needs the parts open, and may close them; or takes the finished text too */
} edits[] = {
	{ "header_text", is_text, "a string", edit_header_text, PARTS },
	{ "header_tail", is_text, "a string", edit_header_tail, PARTS },
	{ "header_bytes", is_octets, OCTETS, edit_header_bytes, PARTS },
	{ "header_encoding", is_text_damage, TEXT_DAMAGE, edit_header_encoding, PARTS },
	{ "payload_text", is_text, "a string", edit_payload_text, PARTS },
	{ "payload_head", is_text, "a string", edit_payload_head, PARTS },
	{ "payload_tail", is_text, "a string", edit_payload_tail, PARTS },
	{ "payload_bytes", is_octets, OCTETS, edit_payload_bytes, PARTS },
	{ "payload_encoding", is_text_damage, TEXT_DAMAGE, edit_payload_encoding, PARTS },
	{ "signature", is_damage, "\"empty\", \"flipped\", \"truncated\", \"der\", " TEXT_DAMAGE, edit_signature, PARTS },
	{ "alg_none", is_true, "true", edit_alg_none, PARTS },
	{ "hmac_with", is_role, "the role of a key", edit_hmac_with, PARTS },
	{ "hmac_alg", is_hmac_alg, "\"HS256\", \"HS384\" or \"HS512\"", edit_hmac_alg, PARTS },
	{ "hmac_secret", is_secret, "\"pem\", \"pem_trimmed\", \"der\" or \"empty\"", edit_hmac_secret, PARTS },
	{ "sign_as", is_rsa_alg, "\"RS256\" or \"PS256\"", edit_sign_as, PARTS },
	{ "nested", is_true, "true", edit_nested, PARTS },
	{ "serialization", is_serialization, "\"flattened\" or \"general\"", edit_serialization, CLOSES },
	{ "segments", is_wrong_count, "1, 2, 4 or 5: three is the right number", edit_segments, CLOSES },
	{ "append", is_text, "a string", edit_append, WHOLE },
	{ "prepend", is_text, "a string", edit_prepend, WHOLE },
	{ "replace", is_text, "a string", edit_replace, WHOLE },
	{ NULL, NULL, NULL, NULL, PARTS },
};

static const struct edit *edit_find(const char *name)
{
	const struct edit *edit = edits;
	while (edit->name && strcmp(edit->name, name) != 0)
		edit++;
	return edit->name ? edit : NULL;
}

/* "unknown edit; expected header_text, …" */
static bool unknown(const struct json_at *at, struct fault *fault)
{
	struct buf names;
	buf_init(&names, 1024);
	for (const struct edit *edit = edits; edit->name; edit++)
		buf_format(&names, "%s%s", edit == edits ? "" : edit[1].name ? ", " : " or ", edit->name);
	const char *text = buf_string(&names);
	json_complain(at, fault, "unknown edit; expected %s", text ? text : "another");
	buf_release(&names);
	return false;
}

/* The edit of an object with one member, and the place of its value; NULL with the fault. */
static const struct edit *read_edit(const struct json_at *at, struct json_at *member, struct fault *fault)
{
	if (!json_is_object(at->value) || json_object_size(at->value) != 1) {
		json_expected(at, "an object with one member", fault);
		return NULL;
	}
	const char *name = json_object_iter_key(json_object_iter((json_t *)at->value));
	const struct edit *edit = edit_find(name);
	if (!edit) {
		unknown(at, fault);
		return NULL;
	}
	*member = json_member(at, edit->name);
	if (edit->fits(member->value))
		return edit;
	json_expected(member, edit->expected, fault);
	return NULL;
}

bool mint_edit_known(const char *name, const json_t *value, struct fault *fault)
{
	json_t *object = json_object();
	struct json_at at = json_root(object, "edit"), member;
	bool known = object && json_object_set(object, name, (json_t *)value) == 0 && read_edit(&at, &member, fault);
	json_decref(object);
	return known;
}

bool mint_edits_known(const struct json_at *at, struct fault *fault)
{
	bool whole = false;
	if (!json_array_at(at, 0, EDITS_MAX, fault))
		return false;
	for (size_t i = 0; i < json_array_size(at->value); i++) {
		struct json_at element = json_element(at, i), member;
		const struct edit *edit = read_edit(&element, &member, fault);
		if (!edit)
			return false;
		if (whole && edit->on != WHOLE)
			return json_complain(&member, fault, "comes after an edit of the whole token; put it before");
		whole = whole || edit->on != PARTS;
	}
	return true;
}

bool draft_edit(struct draft *draft, const struct json_at *at, struct fault *fault)
{
	struct json_at member;
	const struct edit *edit = read_edit(at, &member, fault);
	return edit && edit->apply(draft, &member, fault);
}
