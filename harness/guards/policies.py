"""The fixture's policies stay small enough to be translated by hand into another broker's language."""

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
