"""The decision: may this identity do this (spec chapters 5, 6, 7)? A pure function.

Containment is decided by what it means, not by comparing spellings: a filter lies inside a pattern when every topic
that the filter can match is matched by the pattern. Infinitely many topics come down to a few witnesses, because a
level that occurs in no pattern can only be matched by a wildcard, and one level more than the pattern has behaves
like any number more.
"""

from .policy import SELF

_FRESH = "\0"  # no topic, filter or claim holds U+0000 (MQTT 5.0 section 1.5.4), so only wildcards match it


def allowed(rules: list, identity: dict, action: str, topic: str, qos: int = 0, retain: bool = False) -> bool:
    """topic: a topic name for "pub", a filter for "sub". [POL-01] Whatever no rule covers is denied."""
    if action == "sub":
        return granted_qos(rules, identity, topic, qos) is not None
    granting = (rule for rule in rules if action in rule.actions and rule.applies_to(identity))
    return any(_covers(rule, identity, topic.split("/")) and _within(rule, qos, retain) for rule in granting)


def granted_qos(rules: list, identity: dict, topic: str, qos: int):
    """[POL-11] The quality of service of a granted filter; None: denied."""
    group, levels = _shared(topic.split("/"))
    granting = [rule for rule in rules if "sub" in rule.actions and rule.applies_to(identity)
                and (group is None or rule.shares(group)) and _contains(rule, identity, levels)]
    return max((min(qos, rule.max_qos) for rule in granting), default=None)


def _shared(levels: list):
    """(group, filter) of $share/group/filter; group None: not shared."""
    return (levels[1], levels[2:]) if levels[0] == "$share" and len(levels) > 2 else (None, levels)


def _within(rule, qos: int, retain: bool) -> bool:
    """[POL-10] [POL-12]"""
    return qos <= rule.max_qos and (rule.retain or not retain)


def _covers(rule, identity: dict, topic: list) -> bool:
    """[PUB-01]"""
    return matches(rule.pattern, topic, identity.get(rule.binding))


def _contains(rule, identity: dict, filter_levels: list) -> bool:
    """[SBS-01] [SBS-04] One pattern contains the filter; the union of several is never asked."""
    witnesses = _witnesses(filter_levels, len(rule.pattern) + 1)
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
