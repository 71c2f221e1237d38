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
 * Edits, each an object with one member:
 *   {"header_text": "…"}      the header's JSON text, verbatim    {"payload_text": "…"}  likewise
 *   {"signature": "empty" | "flipped" | "truncated" | "padded" | "trailing_bits"}  the last: unused bits of
 *                             its last base64url character set, so that a lenient decoder sees the same bytes
 *   {"sign_as": "RS256"}      header alg and signature algorithm, RS256 or PS256, in place of the RSA role's own
 *   {"alg_none": true}        header alg "none", empty signature
 *   {"hmac_with": "role"}     header alg HS256, HMAC keyed with the PEM of that role's public key
 *   {"segments": 1 | 2 | 4 | 5}  too few or too many dot-separated parts
 *   {"append": "…"} {"prepend": "…"}  bytes around the finished token
 *   {"replace": "…"}          the whole token text, verbatim */
#ifndef CONFORMANCE_MINT_H
#define CONFORMANCE_MINT_H

#include "buf.h"
#include "mint/fixture.h"

/* Appends the compact token to out. now_s: Unix time. nonce makes jti and thus the token unique. */
bool mint_token(const struct fixture *fixture, const json_t *recipe, int64_t now_s, const char *nonce, struct buf *out,
		struct fault *fault);

#endif
