#include "scenario/words.h"

static const struct verb verbs[] = {
	{ "connects", ACT_CONNECT, OPERANDS_NONE, SCOPE_CONNECT, OUTCOME_ACCEPTED, OUTCOME_REFUSED, NULL },
	{ "resumes", ACT_RESUME, OPERANDS_NONE, SCOPE_CONNECT, OUTCOME_ACCEPTED, OUTCOME_REFUSED, NULL },
	{ "renews", ACT_RENEW, OPERANDS_NONE, SCOPE_RENEW, OUTCOME_ACCEPTED, OUTCOME_CLOSED, NULL },
	{ "publishes", ACT_PUBLISH, OPERANDS_MESSAGE, SCOPE_PUBLISH, OUTCOME_ALLOWED, OUTCOME_DENIED, NULL },
	{ "releases", ACT_RELEASE, OPERANDS_NONE, SCOPE_NONE, OUTCOME_ALLOWED, OUTCOME_DENIED, NULL },
	{ "streams", ACT_STREAM, OPERANDS_MESSAGE, SCOPE_STREAM, OUTCOME_OPEN, OUTCOME_CLOSED, NULL },
	{ "subscribes", ACT_SUBSCRIBE, OPERANDS_FILTER, SCOPE_SUBSCRIBE, OUTCOME_GRANTED, OUTCOME_DENIED, NULL },
	{ "unsubscribes", ACT_UNSUBSCRIBE, OPERANDS_FILTER, SCOPE_NONE, OUTCOME_NONE, OUTCOME_NONE, NULL },
	{ "pings", ACT_PING, OPERANDS_NONE, SCOPE_NONE, OUTCOME_ALIVE, OUTCOME_CLOSED, NULL },
	{ "idles", ACT_IDLE, OPERANDS_NONE, SCOPE_NONE, OUTCOME_OPEN, OUTCOME_CLOSED, NULL },
	{ "sends", ACT_SEND, OPERANDS_BYTES, SCOPE_SEND, OUTCOME_NONE, OUTCOME_CLOSED, NULL },
	{ "stalls", ACT_STALL, OPERANDS_NONE, SCOPE_NONE, OUTCOME_NONE, OUTCOME_NONE, NULL },
	{ "disconnects", ACT_DISCONNECT, OPERANDS_NONE, SCOPE_DISCONNECT, OUTCOME_NONE, OUTCOME_NONE, NULL },
	{ "drops", ACT_DROP, OPERANDS_NONE, SCOPE_NONE, OUTCOME_NONE, OUTCOME_NONE, NULL },
	{ "receives", ACT_RECEIVE, OPERANDS_TEXTS, SCOPE_RECEIVE, OUTCOME_NONE, OUTCOME_NONE, NULL },
	{ "never receives", ACT_NEVER, OPERANDS_TEXTS, SCOPE_NONE, OUTCOME_NONE, OUTCOME_NONE, NULL },
	{ "revokes", ACT_REVOKE, OPERANDS_ACTOR, SCOPE_NONE, OUTCOME_ACCEPTED, OUTCOME_REFUSED, "revoke" },
	{ "lifts", ACT_LIFT, OPERANDS_ACTOR, SCOPE_NONE, OUTCOME_ACCEPTED, OUTCOME_REFUSED, "revoke" },
	{ "loads", ACT_LOAD, OPERANDS_POLICY, SCOPE_NONE, OUTCOME_ACCEPTED, OUTCOME_REFUSED, "policy" },
	{ "restarts", ACT_RESTART, OPERANDS_RESTART, SCOPE_NONE, OUTCOME_ACCEPTED, OUTCOME_NONE, "restart" },
};

static const char *const later_verbs[] = { "marks", "holds", "orders", "verifies", "hides" };

/* [AUTH-03] A bad token is refused with 0x86. [PUB-03] [SBS-05] Whatever else is denied: 0x87. */
static const struct outcome_word outcomes[] = {
	{ "accepted", OUTCOME_ACCEPTED, ACT_CONNECT, 0 },
	{ "present", OUTCOME_PRESENT, ACT_CONNECT, 0 },
	{ "absent", OUTCOME_ABSENT, ACT_CONNECT, 0 },
	{ "refused", OUTCOME_REFUSED, ACT_CONNECT, 0x86 },
	{ "denied", OUTCOME_DENIED, ACT_CONNECT, 0x87 },
	{ "closed", OUTCOME_CLOSED, ACT_CONNECT, 0 },
	{ "accepted", OUTCOME_ACCEPTED, ACT_RESUME, 0 },
	{ "present", OUTCOME_PRESENT, ACT_RESUME, 0 },
	{ "absent", OUTCOME_ABSENT, ACT_RESUME, 0 },
	{ "refused", OUTCOME_REFUSED, ACT_RESUME, 0x86 },
	{ "denied", OUTCOME_DENIED, ACT_RESUME, 0x87 },
	{ "closed", OUTCOME_CLOSED, ACT_RESUME, 0 },
	{ "accepted", OUTCOME_ACCEPTED, ACT_RENEW, 0 },
	{ "refused", OUTCOME_REFUSED, ACT_RENEW, 0x87 },
	{ "closed", OUTCOME_CLOSED, ACT_RENEW, 0x87 },
	{ "allowed", OUTCOME_ALLOWED, ACT_PUBLISH, 0 },
	{ "denied", OUTCOME_DENIED, ACT_PUBLISH, 0x87 },
	{ "ack", OUTCOME_ACK, ACT_PUBLISH, 0 },
	{ "closed", OUTCOME_CLOSED, ACT_PUBLISH, 0 },
	{ "allowed", OUTCOME_ALLOWED, ACT_RELEASE, 0 },
	{ "denied", OUTCOME_DENIED, ACT_RELEASE, 0 },
	{ "ack", OUTCOME_ACK, ACT_RELEASE, 0 },
	{ "closed", OUTCOME_CLOSED, ACT_RELEASE, 0 },
	{ "open", OUTCOME_OPEN, ACT_STREAM, 0 },
	{ "allowed", OUTCOME_ALLOWED, ACT_STREAM, 0 },
	{ "denied", OUTCOME_DENIED, ACT_STREAM, 0x87 },
	{ "closed", OUTCOME_CLOSED, ACT_STREAM, 0 },
	{ "granted", OUTCOME_GRANTED, ACT_SUBSCRIBE, 0 },
	{ "denied", OUTCOME_DENIED, ACT_SUBSCRIBE, 0x87 },
	{ "closed", OUTCOME_CLOSED, ACT_SUBSCRIBE, 0 },
	{ "granted", OUTCOME_GRANTED, ACT_UNSUBSCRIBE, 0 },
	{ "closed", OUTCOME_CLOSED, ACT_UNSUBSCRIBE, 0 },
	{ "alive", OUTCOME_ALIVE, ACT_PING, 0 },
	{ "closed", OUTCOME_CLOSED, ACT_PING, 0 },
	{ "open", OUTCOME_OPEN, ACT_IDLE, 0 },
	{ "closed", OUTCOME_CLOSED, ACT_IDLE, 0 },
	{ "accepted", OUTCOME_ACCEPTED, ACT_SEND, 0 },
	{ "refused", OUTCOME_REFUSED, ACT_SEND, 0 },
	{ "closed", OUTCOME_CLOSED, ACT_SEND, 0 },
	{ "ack", OUTCOME_ACK, ACT_SEND, 0 },
	{ "alive", OUTCOME_ALIVE, ACT_SEND, 0 },
	{ "denied", OUTCOME_DENIED, ACT_SEND, 0 },
	{ "accepted", OUTCOME_ACCEPTED, ACT_REVOKE, 0 },
	{ "refused", OUTCOME_REFUSED, ACT_REVOKE, 0 },
	{ "accepted", OUTCOME_ACCEPTED, ACT_LIFT, 0 },
	{ "refused", OUTCOME_REFUSED, ACT_LIFT, 0 },
	{ "accepted", OUTCOME_ACCEPTED, ACT_LOAD, 0 },
	{ "refused", OUTCOME_REFUSED, ACT_LOAD, 0 },
	{ "accepted", OUTCOME_ACCEPTED, ACT_RESTART, 0 },
};

static const char *const reserved[] = { "case", "org",   "carriers", "needs", "cites",  "alone", "rows",  "twin",
					"deny", "same",  "never",    "is",    "are",    "with",  "by",    "after",
					"to",   "or",    "should",   "alike", "record", "for",   "via",   "now",
					"until", "attack" };

static const struct {
	const char *word, *claim;
	bool plural;
} kinds[] = {
	{ "agent", "agent_id", false },   { "agents", "agent_id", true },   { "user", "user_id", false },
	{ "users", "user_id", true },     { "server", "server_id", false }, { "servers", "server_id", true },
	{ "tool", "tool_id", false },     { "tools", "tool_id", true },
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

const struct verb *verb_at(size_t index)
{
	return index < COUNT(verbs) ? &verbs[index] : NULL;
}

const struct verb *verb_find(struct slice word)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (slice_is(word, verbs[i].word))
			return &verbs[i];
	return NULL;
}

void verb_list(struct buf *out)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		buf_format(out, "%s%s", i == 0 ? "" : i + 1 < COUNT(verbs) ? ", " : " or ", verbs[i].word);
}

static bool listed(struct slice word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is(word, list[i]))
			return true;
	return false;
}

bool verb_later(struct slice word)
{
	return listed(word, later_verbs, COUNT(later_verbs));
}

const char *operands_first(enum operands operands)
{
	static const char *const names[] = {
		[OPERANDS_MESSAGE] = "a topic",
		[OPERANDS_FILTER] = "a filter",
		[OPERANDS_BYTES] = "bytes",
		[OPERANDS_RESTART] = NULL,
	};

	return names[operands];
}

const struct outcome_word *outcome_at(size_t index)
{
	return index < COUNT(outcomes) ? &outcomes[index] : NULL;
}

const struct outcome_word *outcome_find(enum act act, struct slice word)
{
	for (size_t i = 0; i < COUNT(outcomes); i++)
		if (outcomes[i].act == act && slice_is(word, outcomes[i].word))
			return &outcomes[i];
	return NULL;
}

const struct outcome_word *outcome_of(enum act act, enum outcome outcome)
{
	for (size_t i = 0; i < COUNT(outcomes); i++)
		if (outcomes[i].act == act && outcomes[i].outcome == outcome)
			return &outcomes[i];
	return NULL;
}

void outcome_list(enum act act, struct buf *out)
{
	size_t left = 0;

	for (size_t i = 0; i < COUNT(outcomes); i++)
		left += outcomes[i].act == act;
	if (!left)
		buf_text(out, "no outcome after this verb");
	for (size_t i = 0, at = 0; i < COUNT(outcomes); i++) {
		if (outcomes[i].act != act)
			continue;
		buf_format(out, "%s%s", at == 0 ? "" : left > 1 ? ", " : " or ", outcomes[i].word);
		at++;
		left--;
	}
}

enum outcome_side outcome_side(enum outcome outcome, const unsigned char *codes, size_t code_count)
{
	static const enum outcome_side sides[] = {
		[OUTCOME_NONE] = SIDE_NONE,      [OUTCOME_ACCEPTED] = SIDE_ALLOWS, [OUTCOME_PRESENT] = SIDE_ALLOWS,
		[OUTCOME_ABSENT] = SIDE_NONE,    [OUTCOME_REFUSED] = SIDE_DENIES,  [OUTCOME_ALLOWED] = SIDE_ALLOWS,
		[OUTCOME_DENIED] = SIDE_DENIES,  [OUTCOME_GRANTED] = SIDE_ALLOWS,  [OUTCOME_ALIVE] = SIDE_ALLOWS,
		[OUTCOME_ACK] = SIDE_ALLOWS,     [OUTCOME_OPEN] = SIDE_ALLOWS,     [OUTCOME_CLOSED] = SIDE_DENIES,
	};

	if (outcome == OUTCOME_ACK && code_count && codes[0] >= 0x80)
		return SIDE_DENIES;
	return sides[outcome];
}

const struct attribute_word *attribute_at(size_t index)
{
	static const struct attribute_word *const tables[] = { connect_attributes, token_attributes, step_attributes };

	for (size_t i = 0; i < COUNT(tables); i++)
		for (const struct attribute_word *word = tables[i]; word->word; word++)
			if (index-- == 0)
				return word;
	return NULL;
}

const struct attribute_word *attribute_find(unsigned scope, struct slice word)
{
	const struct attribute_word *attribute;

	for (size_t i = 0; (attribute = attribute_at(i)); i++)
		if ((attribute->scopes & scope) && slice_is(word, attribute->word))
			return attribute;
	return NULL;
}

void attribute_list(unsigned scope, struct buf *out)
{
	const struct attribute_word *attribute;
	const char *gap = "";

	for (size_t i = 0; (attribute = attribute_at(i)); i++) {
		if (!(attribute->scopes & scope))
			continue;
		buf_format(out, "%s%s", gap, attribute->word);
		gap = ", ";
	}
}

bool word_reserved(struct slice word)
{
	return listed(word, reserved, COUNT(reserved));
}

const char *kind_claim(struct slice word, bool *plural)
{
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!slice_is(word, kinds[i].word))
			continue;
		*plural = kinds[i].plural;
		return kinds[i].claim;
	}
	return NULL;
}
