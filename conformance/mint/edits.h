/* The edits of a recipe: a token that is wrong in exactly one way. Used by mint.c and by linters. */
#ifndef CONFORMANCE_EDITS_H
#define CONFORMANCE_EDITS_H

#include "buf.h"
#include "json.h"
#include "mint/fixture.h"
#include "mint/spoil.h"

enum { MINTED_BYTES_MAX = 1 << 18 };

/* A token in the making. The three texts are what stands between the dots. */
struct draft {
	const struct fixture *fixture;
	const struct fixture_key *key;
	json_t *header;      /* owned by mint_token */
	struct buf head;     /* JSON text of the header */
	struct buf payload;  /* JSON text of the claims */
	struct buf parts[3]; /* base64url */
	struct buf token;    /* the finished text, once an edit works on the whole */
	bool whole;          /* token is in use; the parts are closed */
	const struct spoil *spoils[2]; /* of header and payload, before they are signed; NULL: none */
	enum { SIGN_KEY, SIGN_NOT, SIGN_HMAC } signing;
	const struct fixture_key *hmac_key;
	const char *hmac_alg; /* static */
	const char *secret;   /* "pem", "pem_trimmed", "der" or "empty"; static */
	struct crypto_key *signer; /* in place of key's own, for another algorithm; owned. NULL: none */
};

/* Encodes head and payload and signs them as draft.signing says. */
bool draft_sign(struct draft *draft, struct fault *fault);
/* Joins the parts into draft.token, unless an edit did so already. */
void draft_join(struct draft *draft);
/* "does not fit"; always false. */
bool draft_no_room(struct fault *fault);
/* Applies one edit that is known. at: its place in the recipe. */
bool draft_edit(struct draft *draft, const struct json_at *at, struct fault *fault);

#endif
