/* Revocation orders: Security Event Tokens (RFC 8417) with exactly one event about a subject of SSF 1.0,
 * signed by the fixture's revocation issuer. The counterpart of mint.h; a plan's `revokes` and `lifts`
 * send them through the target's hook. */
#ifndef CONFORMANCE_ORDER_H
#define CONFORMANCE_ORDER_H

#include "mint/mint.h"

enum order_kind {
	ORDER_REVOKE, /* CAEP session-revoked: a cut-off */
	ORDER_BAN,    /* RISC account-disabled */
	ORDER_LIFT    /* RISC account-enabled */
};

/* The recipe of an order about everybody whom these claims name: the tenant is org_id; each of agent_id,
 * server_id, tool_id and user_id that is there must match. event_s: Unix time of the event. As mint_token
 * takes it, so that an order can be spoilt by the same edits. New reference; NULL: out of memory, or no
 * org_id. */
json_t *order_recipe(enum order_kind kind, const json_t *claims, int64_t event_s);

/* Appends the compact order to out. now_s: Unix time of its iat. nonce makes its jti unique. */
bool order_mint(const struct fixture *fixture, enum order_kind kind, const json_t *claims, int64_t event_s, int64_t now_s,
		const char *nonce, struct buf *out, struct fault *fault);

#endif
