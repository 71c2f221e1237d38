/* A rule's pattern against a topic or a filter, level by level. The claim stands beside the
 * pattern's `{$self}` level and is compared there; no text is ever put together from the two. */
#include "decide.h"

/* A level of the pattern that is no wildcard: its own text, or the bound claim. */
static bool names_level(const struct policy_rule *rule, const struct identity *identity, struct slice wanted,
			struct slice level)
{
	struct slice claim;

	if (!slice_is(wanted, "{$self}"))
		return slice_equal(wanted, level);
	if (rule->binding == CLAIM_COUNT)
		return false;
	claim = identity_claim(identity, rule->binding);
	/* An absent claim is not an empty level. */
	return claim.size && slice_equal(claim, level);
}

/* [DLV-01] Wildcards at the first level reach no `$` topic: those need a rule that spells them out, [DLV-03] and so
 * do filters of such topics. */
static bool is_out_of_reach(struct slice pattern, struct slice topic)
{
	return topic.size && topic.data[0] == '$' && pattern.size &&
	       (pattern.data[0] == '+' || pattern.data[0] == '#');
}

/* May a filter's last level `#` stand where the pattern has `+` and then rest? `#` takes in its
 * parent level too, and `+/#` does not: `a/#` matches `a`. Only where the parent is no topic, at
 * `#` and `/#`, do the two match the same. */
static bool plus_contains_hash(struct slice wanted, struct slice rest, struct slice filter)
{
	return slice_is(wanted, "+") && slice_is(rest, "#") && (slice_is(filter, "#") || slice_is(filter, "/#"));
}

/* The walk that both questions share. In a filter, `+` and `#` are levels that only a wildcard of
 * the pattern can contain; a topic name has none of them. */
static bool walk(const struct policy_rule *rule, const struct identity *identity, struct slice filter)
{
	struct slice pattern = slice_text(rule->topic), levels = filter;
	bool more_pattern = true, more = true;

	while (more_pattern && more) {
		struct slice wanted = slice_word(&pattern, '/', &more_pattern);
		struct slice level = slice_word(&levels, '/', &more);

		if (slice_is(wanted, "#"))
			return true;
		if (slice_is(level, "#"))
			return plus_contains_hash(wanted, pattern, filter);
		if (!slice_is(wanted, "+") && !names_level(rule, identity, wanted, level))
			return false;
	}
	if (!more_pattern)
		return !more;
	/* `a/#` takes in its parent `a` too. */
	return slice_is(pattern, "#");
}

bool pattern_covers_topic(const struct policy_rule *rule, const struct identity *identity, struct slice topic)
{
	return !is_out_of_reach(slice_text(rule->topic), topic) && walk(rule, identity, topic);
}

/* [SBS-01] Every topic of the filter is the pattern's, [SBS-04] and of this one pattern alone. */
bool pattern_contains_filter(const struct policy_rule *rule, const struct identity *identity, struct slice filter)
{
	return pattern_covers_topic(rule, identity, filter);
}
