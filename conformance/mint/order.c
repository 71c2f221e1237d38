#include "mint/order.h"

static const char *const events[] = {
	[ORDER_REVOKE] = "https://schemas.openid.net/secevent/caep/event-type/session-revoked",
	[ORDER_BAN] = "https://schemas.openid.net/secevent/risc/event-type/account-disabled",
	[ORDER_LIFT] = "https://schemas.openid.net/secevent/risc/event-type/account-enabled",
};

static const struct {
	const char *claim, *member;
} principals[] = {
	{ "agent_id", "agent" }, { "server_id", "server" }, { "tool_id", "tool" }, { "user_id", "user" },
};

static json_t *opaque(const char *id)
{
	return json_pack("{s:s, s:s}", "format", "opaque", "id", id);
}

static json_t *subject_of(const json_t *claims)
{
	const char *org_id = json_string_value(json_object_get(claims, "org_id"));
	json_t *subject = org_id ? json_pack("{s:s, s:o}", "format", "complex", "tenant", opaque(org_id)) : NULL;
	for (size_t i = 0; subject && i < sizeof principals / sizeof *principals; i++) {
		const char *value = json_string_value(json_object_get(claims, principals[i].claim));
		if (value)
			json_object_set_new(subject, principals[i].member, opaque(value));
	}
	return subject;
}

/* No `sub`, no `exp`: a SET has neither (SSF 1.0), and none can be taken for an access token. */
json_t *order_recipe(enum order_kind kind, const json_t *claims, int64_t event_s)
{
	json_t *subject = subject_of(claims);
	if (!subject)
		return NULL;
	return json_pack("{s:s, s:{s:s}, s:{s:o, s:{s:{s:I}}}, s:[s, s]}", "key", "revocation-es256", "header", "typ",
			 "secevent+jwt", "claims", "sub_id", subject, "events", events[kind], "event_timestamp",
			 (json_int_t)event_s, "remove", "claims.sub", "claims.exp");
}

bool order_mint(const struct fixture *fixture, enum order_kind kind, const json_t *claims, int64_t event_s, int64_t now_s,
		const char *nonce, struct buf *out, struct fault *fault)
{
	json_t *recipe = order_recipe(kind, claims, event_s);
	if (!recipe)
		return fault_set(fault, FAULT_BUG, "an order about nobody: the claims have no org_id");
	bool minted = mint_token(fixture, recipe, now_s, nonce, out, fault);
	json_decref(recipe);
	return minted;
}
