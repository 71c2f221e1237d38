/* [AUTH-02] From the bytes of a Password to a header and a payload, each a strict JSON object. */
#include "jws.h"

#include "base64url.h"
#include "refuse.h"

#include <strings.h>

enum { KID_MAX = 256 /* bytes */ };

/* Base64url of one part into out; the size is bounded before a byte is decoded. */
static bool decode_part(struct slice part, size_t most, struct buf *out, struct refusal *refusal)
{
	if (part.size * 3 / 4 > most)
		return refuse(refusal, "AUTH-02", "a part is longer than its limit");
	if (!base64url_decode(part, out))
		return refuse(refusal, "AUTH-02", "a part is not strict base64url");
	return true;
}

static json_t *decode_object(struct slice part, size_t most, struct refusal *refusal)
{
	const struct json_limits limits = { most, TOKEN_JSON_DEPTH_MAX };
	struct fault fault;
	struct buf text;
	json_t *object = NULL;

	buf_init(&text, most);
	if (!decode_part(part, most, &text, refusal))
		goto cleanup;
	object = json_parse(buf_slice(&text), "token", &limits, &fault);
	if (json_is_object(object))
		goto cleanup;
	refuse(refusal, "AUTH-02", "header or payload is not one strict JSON object");
	json_decref(object);
	object = NULL;
cleanup:
	buf_release(&text);
	return object;
}

/* The three parts, two dots between them. A JWE has five, and other serializations none. */
static bool split(struct slice token, struct slice part[3], struct refusal *refusal)
{
	struct slice rest = token;
	bool more = true;

	for (int i = 0; i < 3; i++) {
		if (!more)
			return refuse(refusal, "AUTH-02", "not a compact JWS: fewer than three parts");
		part[i] = slice_word(&rest, '.', &more);
	}
	return more ? refuse(refusal, "AUTH-02", "not a compact JWS: more than three parts") : true;
}

/* Members whose mere presence refuses the token. crit and b64: no extension is understood
 * (RFC 7515 4.1.11, RFC 7797 section 7). jku, jwk, x5u, x5c: no key or place of a key is ever
 * taken from a token. cty: the payload is not claims but a nested token. */
static const char *const refused_members[] = { "crit", "b64", "jku", "jwk", "x5u", "x5c", "cty", NULL };

static const struct {
	const char *name;
	enum jws_type type;
} types[] = {
	{ "at+jwt", JWS_ACCESS_TOKEN },
	{ "application/at+jwt", JWS_ACCESS_TOKEN },
	{ "JWT", JWS_UNTYPED },
};

static bool read_type(struct jws *jws, struct refusal *refusal)
{
	const json_t *typ = json_object_get(jws->header, "typ");

	if (!typ) {
		jws->type = JWS_UNTYPED;
		return true;
	}
	for (size_t i = 0; json_is_string(typ) && i < sizeof types / sizeof *types; i++) {
		if (strcasecmp(json_string_value(typ), types[i].name) == 0) {
			jws->type = types[i].type;
			return true;
		}
	}
	return refuse(refusal, "AUTH-02", "typ is not that of an access token");
}

static bool read_header(struct jws *jws, struct refusal *refusal)
{
	const json_t *alg = json_object_get(jws->header, "alg"), *kid = json_object_get(jws->header, "kid");

	for (size_t i = 0; refused_members[i]; i++)
		if (json_object_get(jws->header, refused_members[i]))
			return refuse(refusal, "AUTH-02", "header has crit, b64, jku, jwk, x5u, x5c or cty");
	if (!json_is_string(alg))
		return refuse(refusal, "AUTH-02", "alg is missing or no string");
	jws->alg = jose_alg_from(slice_text(json_string_value(alg)));
	if (jws->alg == JOSE_NONE)
		return refuse(refusal, "AUTH-02", "alg is not one of ES256, EdDSA, Ed25519, PS256, RS256");
	if (!json_is_string(kid) || json_string_length(kid) < 1 || json_string_length(kid) > KID_MAX)
		return refuse(refusal, "AUTH-02", "kid is missing or no string of 1 to 256 bytes");
	jws->kid = json_string_value(kid);
	return read_type(jws, refusal);
}

bool jws_read(struct slice token, struct jws *jws, struct refusal *refusal)
{
	struct slice part[3];

	memset(jws, 0, sizeof *jws);
	buf_init(&jws->signature, TOKEN_BYTES_MAX);
	if (!token.size)
		return refuse(refusal, "AUTH-02", "no token");
	if (token.size > TOKEN_BYTES_MAX)
		return refuse(refusal, "AUTH-02", "the token is longer than 8192 bytes");
	if (!split(token, part, refusal))
		return false;
	jws->signed_part = slice_part(token, 0, part[0].size + 1 + part[1].size);
	jws->header = decode_object(part[0], TOKEN_HEADER_BYTES_MAX, refusal);
	if (!jws->header || !read_header(jws, refusal))
		return false;
	jws->payload = decode_object(part[1], TOKEN_BYTES_MAX, refusal);
	return jws->payload && decode_part(part[2], TOKEN_BYTES_MAX, &jws->signature, refusal);
}

void jws_release(struct jws *jws)
{
	buf_release(&jws->signature);
	json_decref(jws->header);
	json_decref(jws->payload);
}
