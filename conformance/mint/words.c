#include "mint/words.h"

#include "mint/roles.h"

struct action_words {
	const char *action, *words;
};

static const struct action_words action_words[] = {
	{ "pub", "publish to" },
	{ "sub", "subscribe to" },
	{ "pub+sub", "publish and subscribe to" },
	{ NULL, NULL },
};

static const char *text_of(const json_t *object, const char *name, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(object, name));
	return text ? text : otherwise;
}

static const char *words_of(const char *action)
{
	for (size_t i = 0; action_words[i].action; i++) {
		if (strcmp(action_words[i].action, action) == 0)
			return action_words[i].words;
	}
	return action;
}

static void names(const json_t *list, struct buf *out)
{
	size_t i;
	const json_t *name;
	json_array_foreach(list, i, name)
		buf_format(out, "%s`%s`", i ? " or " : "", json_is_string(name) ? json_string_value(name) : "?");
}

/* "every token of this organisation", "tokens with an `agent_id`", "tokens whose `agent_id` is `warden`" */
static void applies_to(const json_t *rule, struct buf *out)
{
	const char *binding = text_of(rule, "binding", NULL);
	const json_t *list = json_object_get(rule, "agents");
	list = list ? list : json_object_get(rule, "users");
	if (!binding)
		buf_text(out, "every token of this organisation");
	else if (!list)
		buf_format(out, "tokens that have the claim `%s`", binding);
	else
		buf_format(out, "tokens whose claim `%s` is ", binding);
	if (binding && list)
		names(list, out);
}

/* "also as `$share/GROUP/FILTER`, whatever the group" */
static void shares(const json_t *share, struct buf *out)
{
	buf_text(out, " also as `$share/GROUP/FILTER`, ");
	if (json_is_string(share)) {
		buf_text(out, "whatever the group");
		return;
	}
	buf_text(out, "where the group is ");
	names(share, out);
}

static void rule_row(const json_t *rule, struct buf *out)
{
	const char *topic = text_of(rule, "topic", "?");
	buf_text(out, "| ");
	applies_to(rule, out);
	buf_format(out, " | %s | `%s` |", words_of(text_of(rule, "action", "?")), topic);
	if (strstr(topic, "{$self}"))
		buf_format(out, " `{$self}` is the token's own `%s`, byte for byte", text_of(rule, "binding", "?"));
	if (json_object_get(rule, "share"))
		shares(json_object_get(rule, "share"), out);
	buf_text(out, " |\n");
}

static void policy_table(const struct policy_block *policy, struct buf *out)
{
	const json_t *rules = json_object_get(policy->document, "rules");
	const json_t *rule;
	size_t i;
	buf_format(out, "\n## %s (`%s.json`)\n\n", policy->name, policy->name);
	if (json_array_size(rules) == 0) {
		buf_text(out, "No rule: nothing is allowed to anybody.\n");
		return;
	}
	buf_text(out, "| who | may | topic pattern | where |\n|---|---|---|---|\n");
	json_array_foreach(rules, i, rule) rule_row(rule, out);
}

void words_policies(const struct registry *registry, struct buf *out)
{
	buf_text(out,
		 "# The organisations of this fixture\n\n"
		 "One policy each, as a document of the profile and, below, in words for brokers with a policy\n"
		 "language of their own. The organisation of a connection is the claim `org_id` of its token, and\n"
		 "nothing else; its value is the heading. Organisations share nothing: the same topic name in two of\n"
		 "them is two topics.\n\n"
		 "Every rule grants; what no rule grants is denied. `+` and `#` are the wildcards of MQTT. A\n"
		 "subscription is granted when *one* row contains its whole filter; where a row says `{$self}`, the\n"
		 "filter must have the token's own value in that place, not a wildcard. Do not paste claims into\n"
		 "filters: compare segment by segment.\n\n"
		 "An organisation named by a token but not listed here has no rules: deny everything.\n");
	for (size_t i = 0; i < registry->policy_count; i++)
		policy_table(&registry->policies[i], out);
}

static void assertion(const char *claim, const json_t *values, struct buf *out)
{
	size_t i;
	const json_t *value;
	buf_format(out, "`%s`: %s", claim, json_is_string(values) ? "any value" : "");
	json_array_foreach(json_is_array(values) ? values : NULL, i, value)
	{
		const char *name = json_string_value(value);
		bool prefix = name[0] && name[strlen(name) - 1] == '.';
		buf_format(out, "%s%s`%s`", i ? ", or " : "", prefix ? "whatever begins with " : "", name);
	}
}

static void issuer_rows(const json_t *issuer, struct buf *out)
{
	json_t *organisations = json_object_get(issuer, "organisations");
	const char *org, *claim;
	json_t *claims, *values;
	json_object_foreach(organisations, org, claims)
	{
		size_t done = 0;
		buf_format(out, "| `%s` | `%s` | `%s` | ", text_of(issuer, "iss", "?"), text_of(issuer, "jwks", "?"),
			   org);
		json_object_foreach(claims, claim, values)
		{
			buf_text(out, done++ ? "; " : "");
			assertion(claim, values, out);
		}
		buf_text(out, " |\n");
	}
}

void words_settings(const json_t *issuers, const struct registry *registry, struct buf *out)
{
	const json_t *issuer;
	size_t i;
	buf_format(out,
		   "# Settings\n\n"
		   "Profile: MQTT.Agent Identity-Bound ACL Profile, %s. The same values stand in `fixture.json`,\n"
		   "whose members `audience`, `max_token_life` and `issuers` have the form of the reference broker's\n"
		   "configuration.\n\n"
		   "| setting | value |\n|---|---|\n"
		   "| audience: a token's `aud` must contain it | `%s` |\n"
		   "| longest life of a token, `exp - iat` | %d s |\n"
		   "| how far ahead `iat` and `nbf` may lie | 30 s |\n"
		   "| leeway on `exp` | none |\n"
		   "| token types (`typ`) | `at+jwt` and `application/at+jwt` only |\n"
		   "| algorithms | those of ES256, EdDSA (Ed25519), PS256, RS256 that the target file declares |\n\n"
		   "## Which issuer may assert what\n\n"
		   "A token that asserts more than its issuer's rows is refused. Keys belong to their issuer: both\n"
		   "sets hold a key with the same `kid`.\n\n"
		   "| issuer (`iss`) | key set | organisation (`org_id`) | claims |\n|---|---|---|---|\n",
		   registry->revision, fixture_audience, FIXTURE_TOKEN_LIFE_S);
	json_array_foreach(issuers, i, issuer) issuer_rows(issuer, out);
	buf_text(out,
		 "\nThe key set of `main` also holds a retired key that still verifies, a key with `use: enc` and a\n"
		 "key of unknown type. The last two verify nothing, and a broker must load the set all the same.\n");
}

void words_setup(struct buf *out)
{
	buf_text(
		out,
		"# Load this fixture into a broker\n\n"
		"Once; it serves every run until it is made anew. Nothing below `secret/` goes anywhere: it holds the\n"
		"keys with which the suite mints tokens.\n\n"
		"1. **TLS.** Give the listener `tls/server.pem` and `tls/server.key` (for localhost, 127.0.0.1 and\n"
		"   ::1). With a certificate of your own, name its CA in the target file (`tls.ca`).\n"
		"2. **Issuers.** Trust the two issuers of `settings.md`, each with its own key set\n"
		"   (`issuers/main/jwks.json`, `issuers/second/jwks.json`; the usable keys also as PEM).\n"
		"   Class `revocation`: orders are signed by the key in `revocation/`, and by no token issuer's.\n"
		"3. **Settings.** Audience, longest life and skew from `settings.md`. The token is the Password of\n"
		"   CONNECT; User Name and Client Identifier say nothing about who connects.\n"
		"4. **Organisations.** Load each `organisations/NAME.json`, or write its table in\n"
		"   `organisations/README.md` in your broker's own policy language. Shared subscriptions are used in\n"
		"   `substrate` alone; a broker that grants them wherever it grants the filter needs no rule for them.\n"
		"5. **Target file.** Name every way in; the first listener runs the whole battery:\n\n"
		"   ```json\n"
		"   {\n"
		"     \"name\": \"my-broker\", \"version\": \"1.0\", \"vendor\": \"Example\",\n"
		"     \"listeners\": [\n"
		"       { \"name\": \"tls\", \"address\": \"mqtts://localhost:8883\" },\n"
		"       { \"name\": \"plain\", \"address\": \"mqtt://localhost:1883\", \"plaintext\": \"test\" }\n"
		"     ]\n"
		"   }\n"
		"   ```\n\n"
		"   Save it beside this folder, not in it: nothing is added to a fixture.\n\n"
		"6. **Check**, then run, from the folder above this one (called `fixture` here):\n\n"
		"   ```sh\n"
		"   mqtt-agent-conformance fixture check --fixture fixture --target my-broker.json\n"
		"   mqtt-agent-conformance run --fixture fixture --target my-broker.json\n"
		"   ```\n\n"
		"   `fixture check` asks each rule of each organisation for something that it grants and for something\n"
		"   near it that nothing grants; a rule that was translated wrongly is one line.\n\n"
		"**Spare organisations** (`spare-1` and the like) have no file in `organisations/`: nothing is loaded for\n"
		"them. Tokens name them all the same (`settings.md` says which issuer may), to find out that an\n"
		"organisation without a policy is closed. A broker that wants organisations declared declares them\n"
		"without any rule; one that cannot leaves them out.\n\n"
		"Do not edit these files: a fixture that was changed is refused, and its digest stands in each "
		"report.\n");
}
