#include "scenario/words.h"

static const struct verb verbs[] = {
	{ "connects", ACT_CONNECT, { NULL, NULL }, OUTCOME_ACCEPTED, OUTCOME_REFUSED, 0x86 },
	{ "publishes", ACT_PUBLISH, { "a topic", "a text" }, OUTCOME_ALLOWED, OUTCOME_DENIED, 0x87 },
	{ "subscribes", ACT_SUBSCRIBE, { "a filter", NULL }, OUTCOME_GRANTED, OUTCOME_DENIED, 0x87 },
	{ "unsubscribes", ACT_UNSUBSCRIBE, { "a filter", NULL }, OUTCOME_NONE, OUTCOME_NONE, 0 },
	{ "pings", ACT_PING, { NULL, NULL }, OUTCOME_ALIVE, OUTCOME_CLOSED, 0 },
	{ "disconnects", ACT_DISCONNECT, { NULL, NULL }, OUTCOME_NONE, OUTCOME_NONE, 0 },
	{ "drops", ACT_DROP, { NULL, NULL }, OUTCOME_NONE, OUTCOME_NONE, 0 },
	{ "receives", ACT_RECEIVE, { "a text", NULL }, OUTCOME_NONE, OUTCOME_NONE, 0 },
};

const struct verb verb_never = { "never receives", ACT_NEVER, { "a text", NULL }, OUTCOME_NONE, OUTCOME_NONE, 0 };

static const char *const later_verbs[] = { "resumes", "renews", "streams",  "stalls", "sends", "revokes",
					   "lifts",   "loads",	"restarts", "idles",  "marks", "holds",
					   "orders",  "verifies", "hides" };

static const struct {
	const char *word;
	enum outcome outcome;
	enum act act;
} outcomes[] = {
	{ "accepted", OUTCOME_ACCEPTED, ACT_CONNECT }, { "refused", OUTCOME_REFUSED, ACT_CONNECT },
	{ "allowed", OUTCOME_ALLOWED, ACT_PUBLISH },   { "denied", OUTCOME_DENIED, ACT_PUBLISH },
	{ "granted", OUTCOME_GRANTED, ACT_SUBSCRIBE }, { "denied", OUTCOME_DENIED, ACT_SUBSCRIBE },
	{ "alive", OUTCOME_ALIVE, ACT_PING },	       { "closed", OUTCOME_CLOSED, ACT_PING },
};

static const char *const reserved[] = { "case", "org",	"carriers", "needs", "cites", "alone", "rows",	 "twin",
					"deny", "same", "never",    "is",    "are",   "with",  "by",	 "after",
					"to",	"or",	"should",   "alike", "record", "for",  "via",	 "now" };

static const struct {
	const char *word, *claim;
	bool plural;
} kinds[] = {
	{ "agent", "agent_id", false },	  { "agents", "agent_id", true },   { "user", "user_id", false },
	{ "users", "user_id", true },	  { "server", "server_id", false }, { "servers", "server_id", true },
	{ "tool", "tool_id", false },	  { "tools", "tool_id", true },
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

const struct verb *verb_find(struct slice word)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (slice_is(word, verbs[i].word))
			return &verbs[i];
	return NULL;
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

enum outcome outcome_find(enum act act, struct slice word)
{
	for (size_t i = 0; i < COUNT(outcomes); i++)
		if (outcomes[i].act == act && slice_is(word, outcomes[i].word))
			return outcomes[i].outcome;
	return OUTCOME_NONE;
}

const char *outcome_choice(enum act act)
{
	switch (act) {
	case ACT_CONNECT:
		return "accepted or refused";
	case ACT_PUBLISH:
		return "allowed or denied";
	case ACT_SUBSCRIBE:
		return "granted or denied";
	case ACT_PING:
		return "alive or closed";
	default:
		return "no outcome after this verb";
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
