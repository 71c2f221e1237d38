/* Tokens from recipes, good ones and exactly wrong ones. A recipe is a JSON object (schema
 * vectors/schema/recipe.schema.json); scenario attributes and token vectors both become one:
 *
 *   { "key": "main-es256",          role of the signing key; also chooses alg and kid of the default header
 *     "header": { "typ": "JWT" },   members set over the default header {alg, kid, typ: "at+jwt"}
 *     "claims": { "org_id": "seed", "agent_id": "scout" },  set over the defaults: iss of the key's issuer,
 *                                   aud, iat, exp = iat + 300, jti (fresh), sub = the one principal
 *     "times": { "exp": -60 },      seconds relative to now, written as integer claims
 *     "remove": ["claims.aud", "header.kid"],
 *     "edits": [ … ] }              applied last, in order, on the parts; see below
 *
 * Edits, each an object with one member; "the parts" are header, payload and signature:
 *   {"header_text": "…"} {"payload_text": "…"}  the JSON text, verbatim
 *   {"header_tail": "…"} {"payload_tail": "…"}  members, as text, put behind the object's last: "\"iss\":\"x\""
 *   {"payload_head": "…"}     and before its first
 *   {"header_bytes": "bom" | "not_utf8" | "overlong" | "surrogate" | "trailing_text" | "trailing_object"}
 *   {"payload_bytes": …}      a byte order mark before the text; a member "note" that is no UTF-8; text behind
 *   {"header_encoding": "padded" | "trailing_bits" | "line_break" | "foreign" | "standard_alphabet"}
 *   {"payload_encoding": …}   another spelling in base64; the damaged text is what is signed
 *   {"signature": "empty" | "flipped" | "truncated" | "der" | one of the encodings}  "der": ECDSA as ASN.1
 *   {"sign_as": "RS256"}      header alg and signature algorithm, RS256 or PS256, in place of the RSA role's own
 *   {"alg_none": true}        header alg "none", empty signature
 *   {"hmac_with": "role"}     header alg HS256, HMAC keyed with the PEM of that role's public key; then
 *   {"hmac_alg": "HS512"}     HS256, HS384 or HS512, and
 *   {"hmac_secret": "der"}    "pem", "pem_trimmed" (no line break at its end), "der" or "empty"
 *   {"nested": true}          the token so far becomes the payload of another by the same key
 *   {"serialization": "flattened" | "general"}  JSON instead of dots (RFC 7515 section 7.2)
 *   {"segments": 1 | 2 | 4 | 5}  too few or too many dot-separated parts
 *   {"append": "…"} {"prepend": "…"}  bytes around the finished token
 *   {"replace": "…"}          the whole token text, verbatim
 * "serialization" and all behind it close the parts: of the others none comes behind them. */
#ifndef CONFORMANCE_MINT_H
#define CONFORMANCE_MINT_H

#include "buf.h"
#include "mint/fixture.h"

/* Has it the form above: known members, roles and edits with values that fit? Needs no fixture, so that
 * a linter can ask. */
bool mint_recipe_known(const json_t *recipe, struct fault *fault);

/* Appends the compact token to out. now_s: Unix time. nonce makes jti and thus the token unique. */
bool mint_token(const struct fixture *fixture, const json_t *recipe, int64_t now_s, const char *nonce, struct buf *out,
		struct fault *fault);

#endif
