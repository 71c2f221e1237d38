"""Whether a rule's pattern covers a topic or contains a filter (spec chapters 5 to 7).

Containment is decided by what it means, not by comparing spellings: a filter lies inside a pattern when every topic
that the filter can match is matched by the pattern. Infinitely many topics come down to a few witnesses, because a
level that occurs in no pattern can only be matched by a wildcard, and one level more than the pattern has behaves
like any number more.
"""

from .policy import SELF

_FRESH = "\0"  # no topic, filter or claim holds U+0000 (MQTT 5.0 section 1.5.4), so only wildcards match it


def covers(rule, identity: dict, topic: str) -> bool:
    """[PUB-01]"""
    return matches(rule.pattern, topic.split("/"), identity.get(rule.binding))


def contains(rule, identity: dict, topic_filter: str) -> bool:
    """[SBS-01] [SBS-04] One pattern contains the filter; the union of several is never asked."""
    witnesses = _witnesses(topic_filter.split("/"), len(rule.pattern) + 1)
    return all(matches(rule.pattern, topic, identity.get(rule.binding)) for topic in witnesses)


def _witnesses(filter_levels: list, longest_tail: int) -> list:
    """Topics that stand for all topics that the filter matches."""
    stem = [_FRESH if level == "+" else level for level in filter_levels if level != "#"]
    if filter_levels[-1] != "#":
        return [stem]
    topics = (stem + [_FRESH] * length for length in range(longest_tail + 1))
    return [topic for topic in topics if topic not in ([], [""])]  # a topic has at least one character (4.7.3)


def matches(pattern: list, topic: list, claim) -> bool:
    """MQTT 5.0 section 4.7, level by level; {$self} is equal to the claim, byte for byte [CLM-02]."""
    if pattern[0] in ("+", "#") and topic[0].startswith("$"):
        return False
    for number, level in enumerate(pattern):
        if level == "#":
            return True
        if number == len(topic):
            return False
        if level != "+" and topic[number] != (claim if level == SELF else level):
            return False
    return len(topic) == len(pattern)
