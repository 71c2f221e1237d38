"""The fixture's policies stay small enough to be translated by hand into another broker's language, and each of
their rules has a probe that finds a wrong translation."""

import re

from guards.files import having
from kit import spec

ORGANISATIONS_MAX = 6
SPARE_MAX = 2
RULES_MAX = 40
NOT_CORE = ("max_qos", "retain", "share", "delegated")
SPARE = re.compile(r"spare-\d|substrate")  # what no identity is judged in
CASE = re.compile(r"^case ([A-Z][A-Z0-9]*)-\d\d\.")
ORGANISATION = re.compile(r'^(?:org +|.* with (?:.*, )?org ")([a-z0-9-]+)')


def _too_many(policies):
    spare = [name for name in policies if SPARE.fullmatch(name)]
    rules = sum(len(policy["rules"]) for policy in policies.values())
    counts = [("organisations", len(policies) - len(spare), ORGANISATIONS_MAX), ("spare organisations", len(spare), SPARE_MAX),
              ("rules", rules, RULES_MAX)]
    return [f"spec: {count} {what} in the fixture, more than {most}" for what, count, most in counts if count > most]


def _used(text, areas):
    """The organisations that cases of these areas run in."""
    area = None
    for line in map(str.strip, text.splitlines()):
        case, organisation = CASE.match(line), ORGANISATION.match(line)
        area = case.group(1) if case else area
        if organisation and area in areas:
            yield organisation.group(1)


def _core_organisations(root, book):
    texts = [block.text for block in book.blocks if block.kind == "scenario"]
    texts += [path.read_text() for path in having(root, {".scenario"}, "conformance/cases")]
    areas = {rule.id.partition("-")[0] for rule in book.rules.values() if rule.clazz == "core"}
    return {name for text in texts for name in _used(text, areas)}


def fixture_is_small(root):
    book = spec.read(root / "spec")
    policies, core = book.policies(), _core_organisations(root, book)
    yield from _too_many(policies)
    for name in sorted(core & policies.keys()):
        for member in NOT_CORE:
            if any(member in rule for rule in policies[name]["rules"]):
                yield f"spec: policy {name} uses {member}, which no core broker has to know"


def _probes(blocks):
    """{(organisation, rule, action)} of all probe lines."""
    for block in blocks:
        if block.kind == "probes":
            for words in (line.split() for line in block.text.splitlines()):
                if len(words) == 6:
                    yield block.name, words[0], words[3]


def every_rule_has_its_probes(root):
    """One for each action of each rule, or `fixture check` does not see that it was not loaded."""
    found = spec.read(root / "spec")
    probes = set(_probes(found.blocks))
    for name, policy in found.policies().items():
        for number, rule in enumerate(policy["rules"]):
            for action in rule["action"].split("+"):
                if (name, rule.get("id"), action) not in probes:
                    yield f"spec: policy {name}, rule {rule.get('id', number)}: no probe for {action}"
