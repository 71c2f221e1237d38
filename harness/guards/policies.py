"""The fixture's policies stay small enough to be translated by hand into another broker's language, and each of
their rules has a probe that finds a wrong translation."""

from kit import spec

ORGANISATIONS_MAX = 6
SPARE_MAX = 2
RULES_MAX = 40
NOT_CORE = ("max_qos", "retain", "share", "delegated")


def _too_many(policies):
    spare = [name for name in policies if name.startswith("spare-")]
    rules = sum(len(policy["rules"]) for policy in policies.values())
    counts = [("organisations", len(policies) - len(spare), ORGANISATIONS_MAX), ("spare organisations", len(spare), SPARE_MAX),
              ("rules", rules, RULES_MAX)]
    return [f"spec: {count} {what} in the fixture, more than {most}" for what, count, most in counts if count > most]


def fixture_is_small(root):
    policies = spec.read(root / "spec").policies()
    yield from _too_many(policies)
    for name, policy in policies.items():
        for rule in policy["rules"]:
            for member in NOT_CORE:
                if member in rule:
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
