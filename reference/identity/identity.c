/* The reserved claims by name, their grammar, and who is the same owner. */
#include "identity.h"

static const char *const claim_names[CLAIM_COUNT] = {
	[CLAIM_ORG_ID] = "org_id",   [CLAIM_AGENT_ID] = "agent_id", [CLAIM_SERVER_ID] = "server_id",
	[CLAIM_TOOL_ID] = "tool_id", [CLAIM_USER_ID] = "user_id",
};

const char *claim_name(enum claim claim)
{
	return claim < CLAIM_COUNT ? claim_names[claim] : "";
}

enum claim claim_from(struct slice name)
{
	int claim = 0;

	while (claim < CLAIM_COUNT && !slice_is(name, claim_names[claim]))
		claim++;
	return (enum claim)claim;
}

/* ASCII by number, never by locale. */
static bool is_alphanumeric(unsigned char letter)
{
	return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
	       (letter >= '0' && letter <= '9');
}

bool claim_value_valid(struct slice value)
{
	if (value.size < 1 || value.size > CLAIM_VALUE_MAX || !is_alphanumeric(value.data[0]))
		return false;
	for (size_t i = 1; i < value.size; i++) {
		unsigned char letter = value.data[i];

		if (!is_alphanumeric(letter) && letter != '.' && letter != '_' && letter != '-')
			return false;
	}
	return true;
}

bool identity_same_owner(const struct identity *a, const struct identity *b)
{
	for (int claim = 0; claim < CLAIM_COUNT; claim++)
		if (!slice_equal(identity_claim(a, (enum claim)claim), identity_claim(b, (enum claim)claim)))
			return false;
	return true;
}
