/* [POL-03] Reading a policy document: what is not understood is refused, and one fault refuses the
 * whole of it, be it in the document [POL-04], a rule [POL-05], its topic [POL-06] or its list [POL-07]. */
#include "policy.h"

#include "topic.h"

#include <stdlib.h>

enum { QOS_MAX = 2 };

static bool out_of_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
}

static bool copy_text(const char *text, char **copy, struct fault *fault)
{
	*copy = slice_copy(slice_text(text));
	return *copy ? true : out_of_memory(fault);
}

/* Refuses a text that was in the set before, and puts it there. */
static bool add_distinct(const struct json_at *at, const char *text, json_t *seen, struct fault *fault)
{
	if (json_object_get(seen, text))
		return json_expected(at, "each of these once", fault);
	return json_object_set_new(seen, text, json_true()) == 0 ? true : out_of_memory(fault);
}

static bool read_id(const struct json_at *at, struct policy_rule *rule, json_t *seen, struct fault *fault)
{
	const char *id = "";

	if (at->value) {
		if (!json_text_at(at, &id, fault))
			return false;
		if (strlen(id) > POLICY_ID_MAX)
			return json_expected(at, "an id of at most 128 bytes", fault);
		if (!add_distinct(at, id, seen, fault))
			return false;
	}
	return copy_text(id, &rule->id, fault);
}

static const struct {
	const char *name;
	unsigned actions;
} actions[] = {
	{ "pub", POLICY_PUB },
	{ "sub", POLICY_SUB },
	{ "pub+sub", POLICY_PUB | POLICY_SUB },
};

static bool read_action(const struct json_at *at, struct policy_rule *rule, struct fault *fault)
{
	for (size_t i = 0; json_is_string(at->value) && i < sizeof actions / sizeof *actions; i++) {
		if (strcmp(json_string_value(at->value), actions[i].name) == 0) {
			rule->actions = actions[i].actions;
			return true;
		}
	}
	return json_expected(at, "\"pub\", \"sub\" or \"pub+sub\"", fault);
}

/* [POL-06] org_id is no binding: the organisation chooses the document, and nothing inside it. */
static bool read_binding(const struct json_at *at, struct policy_rule *rule, struct fault *fault)
{
	rule->binding = CLAIM_COUNT;
	if (!at->value)
		return true;
	if (json_is_string(at->value))
		rule->binding = claim_from(slice_text(json_string_value(at->value)));
	if (rule->binding == CLAIM_COUNT || rule->binding == CLAIM_ORG_ID)
		return json_expected(at, "\"agent_id\", \"server_id\", \"tool_id\" or \"user_id\"", fault);
	return true;
}

/* [POL-06] `{$self}` is a whole level or nothing; no other brace has a meaning, and so none is allowed. */
static bool read_levels(const struct json_at *at, struct slice topic, bool *has_self, struct fault *fault)
{
	unsigned levels = 0;
	bool more = true;

	while (more) {
		struct slice level = slice_word(&topic, '/', &more);

		if (++levels > POLICY_LEVELS_MAX)
			return json_expected(at, "at most 128 levels", fault);
		if (slice_is(level, "{$self}"))
			*has_self = true;
		else if (level.size && (memchr(level.data, '{', level.size) || memchr(level.data, '}', level.size)))
			return json_expected(at, "no brace but in a level that is {$self}", fault);
	}
	return true;
}

/* First levels that the broker keeps to itself, and what may not be granted under them. A
 * $share filter is decided without its first two levels, so that no rule about them can hold. */
static const struct {
	const char *level;
	unsigned refused;
	const char *expected;
} reserved[] = {
	{ "$SYS", POLICY_PUB, "no right to publish under $SYS" },
	{ "$identity", POLICY_PUB, "no right to publish under $identity" },
	{ "$share", POLICY_PUB | POLICY_SUB, "no rule about $share: the rule for the filter behind it decides" },
};

/* [POL-08] [POL-09] Orders about identities come in by one topic; who may give them, their signature says. */
static bool refuse_reserved(const struct json_at *at, struct slice topic, unsigned wanted, struct fault *fault)
{
	bool more;
	struct slice first;

	if (slice_is(topic, "$identity/v1/revocations"))
		return true;
	first = slice_word(&topic, '/', &more);
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (slice_is(first, reserved[i].level) && (wanted & reserved[i].refused))
			return json_expected(at, reserved[i].expected, fault);
	return true;
}

static bool read_topic(const struct json_at *at, struct policy_rule *rule, struct fault *fault)
{
	const char *topic;
	bool has_self = false;

	if (!json_text_at(at, &topic, fault))
		return false;
	if (strlen(topic) > POLICY_TOPIC_MAX)
		return json_expected(at, "at most 1024 bytes", fault);
	if (!topic_filter_valid(slice_text(topic)))
		return json_expected(at, "a topic pattern with + and # only where a filter may have them", fault);
	if (!read_levels(at, slice_text(topic), &has_self, fault) ||
	    !refuse_reserved(at, slice_text(topic), rule->actions, fault))
		return false;
	if (has_self && rule->binding == CLAIM_COUNT)
		return json_expected(at, "a \"binding\" beside {$self}", fault);
	return copy_text(topic, &rule->topic, fault);
}

/* A list of distinct texts, each of which is what `valid` says. */
struct texts {
	char **list;
	size_t count;
};

static bool read_element(const struct json_at *at, bool (*valid)(struct slice), const char *expected,
			 struct texts *texts, json_t *seen, struct fault *fault)
{
	const char *text;

	if (!json_text_at(at, &text, fault))
		return false;
	if (!valid(slice_text(text)))
		return json_expected(at, expected, fault);
	if (!add_distinct(at, text, seen, fault) || !copy_text(text, &texts->list[texts->count], fault))
		return false;
	texts->count++;
	return true;
}

static bool read_texts(const struct json_at *at, bool (*valid)(struct slice), const char *expected,
		       struct texts *texts, struct fault *fault)
{
	json_t *seen;
	bool good = true;

	if (!json_array_at(at, 1, POLICY_NAMES_MAX, fault))
		return false;
	texts->list = calloc(json_array_size(at->value), sizeof *texts->list);
	seen = json_object();
	if (!texts->list || !seen)
		good = out_of_memory(fault);
	for (size_t i = 0; good && i < json_array_size(at->value); i++) {
		struct json_at element = json_element(at, i);

		good = read_element(&element, valid, expected, texts, seen, fault);
	}
	json_decref(seen);
	return good;
}

static bool read_names(const struct json_at *at, bool fits, struct policy_rule *rule, struct fault *fault)
{
	struct texts names = { NULL, 0 };
	bool good;

	if (!at->value)
		return true;
	if (!fits)
		return json_complain(at, fault, "expected \"agents\" only beside a binding to agent_id, server_id or "
						"tool_id, and \"users\" only beside one to user_id");
	good = read_texts(at, claim_value_valid, "a name [A-Za-z0-9][A-Za-z0-9._-]{0,127}", &names, fault);
	rule->names = names.list;
	rule->name_count = names.count;
	return good;
}

/* One level of a topic name that a filter may have as its group (MQTT 5.0 section 4.8.2). */
static bool is_group(struct slice name)
{
	return name.size <= POLICY_GROUP_MAX && topic_name_valid(name) && !memchr(name.data, '/', name.size);
}

/* "*" for every group, or a list. Without it the rule serves nobody in a group: a reader is no thief
 * of calls. */
static bool read_share(const struct json_at *at, struct policy_rule *rule, struct fault *fault)
{
	struct texts groups = { NULL, 0 };
	bool good;

	if (!at->value)
		return true;
	if (json_is_string(at->value) && strcmp(json_string_value(at->value), "*") == 0) {
		rule->every_group = true;
		return true;
	}
	if (!json_is_array(at->value))
		return json_expected(at, "\"*\" or a list of share groups", fault);
	good = read_texts(at, is_group, "a group of 1 to 128 bytes without / + #", &groups, fault);
	rule->groups = groups.list;
	rule->group_count = groups.count;
	return good;
}

static bool read_max_qos(const struct json_at *at, struct policy_rule *rule, struct fault *fault)
{
	int64_t qos = QOS_MAX;

	if (at->value && !json_integer_at(at, 0, QOS_MAX, &qos, fault))
		return false;
	rule->max_qos = (unsigned)qos;
	return true;
}

static bool read_retain(const struct json_at *at, struct policy_rule *rule, struct fault *fault)
{
	bool retain = true;

	if (at->value && !json_bool_at(at, &retain, fault))
		return false;
	rule->no_retain = !retain;
	return true;
}

static bool read_delegated(const struct json_at *at, struct policy_rule *rule, struct fault *fault)
{
	if (at->value && !json_bool_at(at, &rule->delegated, fault))
		return false;
	if (rule->delegated && rule->binding != CLAIM_USER_ID)
		return json_complain(at, fault, "expected \"delegated\": true only beside a binding to user_id");
	return true;
}

/* What narrows or extends the grant beside its pattern. */
static bool read_terms(const struct json_at *at, struct policy_rule *rule, struct fault *fault)
{
	struct json_at max_qos = json_member(at, "max_qos"), retain = json_member(at, "retain");
	struct json_at share = json_member(at, "share"), delegated = json_member(at, "delegated");

	return read_max_qos(&max_qos, rule, fault) && read_retain(&retain, rule, fault) &&
	       read_share(&share, rule, fault) && read_delegated(&delegated, rule, fault);
}

static bool read_rule(const struct json_at *at, struct policy_rule *rule, json_t *ids, struct fault *fault)
{
	static const char *const known[] = { "id",      "topic",  "action", "binding",   "agents", "users",
					     "max_qos", "retain", "share",  "delegated", NULL };
	struct json_at id = json_member(at, "id"), topic = json_member(at, "topic");
	struct json_at action = json_member(at, "action"), binding = json_member(at, "binding");
	struct json_at agents = json_member(at, "agents"), users = json_member(at, "users");
	bool by_user, by_workload;

	if (!json_object_at(at, known, fault) || !read_id(&id, rule, ids, fault) ||
	    !read_action(&action, rule, fault) || !read_binding(&binding, rule, fault) ||
	    !read_topic(&topic, rule, fault) || !read_terms(at, rule, fault))
		return false;
	by_user = rule->binding == CLAIM_USER_ID;
	by_workload = rule->binding != CLAIM_COUNT && !by_user;
	return read_names(&agents, by_workload, rule, fault) && read_names(&users, by_user, rule, fault);
}

static bool read_rules(const struct json_at *at, struct policy *policy, struct fault *fault)
{
	size_t count;
	json_t *ids;
	bool good = true;

	if (!json_array_at(at, 0, POLICY_RULES_MAX, fault))
		return false;
	count = json_array_size(at->value);
	if (!count)
		return true;
	policy->rules = calloc(count, sizeof *policy->rules);
	ids = json_object();
	if (!policy->rules || !ids)
		good = out_of_memory(fault);
	for (size_t i = 0; good && i < count; i++) {
		struct json_at rule = json_element(at, i);

		good = read_rule(&rule, &policy->rules[policy->rule_count++], ids, fault);
	}
	json_decref(ids);
	return good;
}

/* A member whose value can be one text and no other. */
static bool require_text(const struct json_at *document, const char *name, const char *text, const char *expected,
			 struct fault *fault)
{
	struct json_at at = json_member(document, name);

	if (json_is_string(at.value) && strcmp(json_string_value(at.value), text) == 0)
		return true;
	return json_expected(&at, expected, fault);
}

/* [POL-04] */
static bool read_document(const struct json_at *document, struct policy *policy, struct fault *fault)
{
	static const char *const known[] = { "version", "default", "rules", NULL };
	struct json_at rules;

	if (!json_object_at(document, known, fault) ||
	    !require_text(document, "version", "2.1", "\"2.1\"", fault) ||
	    !require_text(document, "default", "deny", "\"deny\"", fault))
		return false;
	rules = json_member(document, "rules");
	return read_rules(&rules, policy, fault);
}

struct policy *policy_parse(const struct json_at *document, struct fault *fault)
{
	struct policy *policy = calloc(1, sizeof *policy);

	if (!policy) {
		out_of_memory(fault);
		return NULL;
	}
	if (read_document(document, policy, fault))
		return policy;
	policy_free(policy);
	return NULL;
}

struct policy *policy_load(const char *path, struct fault *fault)
{
	json_t *value = json_read_file(path, &json_limits_file, fault);
	struct json_at document = json_root(value, path);
	struct policy *policy = value ? policy_parse(&document, fault) : NULL;

	json_decref(value);
	return policy;
}

static void rule_release(struct policy_rule *rule)
{
	for (size_t i = 0; i < rule->name_count; i++)
		free(rule->names[i]);
	for (size_t i = 0; i < rule->group_count; i++)
		free(rule->groups[i]);
	free(rule->names);
	free(rule->groups);
	free(rule->topic);
	free(rule->id);
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	for (size_t i = 0; i < policy->rule_count; i++)
		rule_release(&policy->rules[i]);
	free(policy->rules);
	free(policy);
}

bool policy_rule_applies(const struct policy_rule *rule, const struct identity *identity)
{
	struct slice value;

	if (rule->delegated)
		return false;
	if (rule->binding == CLAIM_COUNT)
		return true;
	value = identity_claim(identity, rule->binding);
	if (!value.size)
		return false;
	if (!rule->names)
		return true;
	for (size_t i = 0; i < rule->name_count; i++)
		if (slice_is(value, rule->names[i]))
			return true;
	return false;
}

bool policy_rule_shares(const struct policy_rule *rule, struct slice group)
{
	if (rule->every_group)
		return true;
	for (size_t i = 0; i < rule->group_count; i++)
		if (slice_is(group, rule->groups[i]))
			return true;
	return false;
}
