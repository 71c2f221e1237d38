"""Every limit of the reference broker is published with its number, and met by a test."""

import re

from guards.files import having

HEADERS = {"reference/packet/mqtt_limits.h": "LIMIT_", "reference/identity/token.h": "TOKEN_",
           "reference/decision/policy.h": "POLICY_"}
ENUMERATOR = re.compile(r"^\s*([A-Z][A-Z_]+) = (\d+)", re.M)
ROW = re.compile(r"^\| `([A-Z_]+)` \| (\d+) \|", re.M)


def _declared(root):
    for name, prefix in HEADERS.items():
        path = root / name
        text = path.read_text() if path.exists() else ""
        yield from ((name, found) for found in ENUMERATOR.findall(text) if found[0].startswith(prefix))


def limits_are_published(root):
    path = root / "spec" / "A4-limits.md"
    published = dict(ROW.findall(path.read_text())) if path.exists() else {}
    declared = dict(found for _, found in _declared(root) if int(found[1]) > 2)
    for name, number in declared.items():
        if published.get(name) != number:
            yield f"spec/A4-limits.md: {name} is {number}, and published as {published.get(name, 'nothing')}"
    for name in sorted(published.keys() - declared.keys()):
        yield f"spec/A4-limits.md: there is no {name}"


def limits_have_tests(root):
    """By name; how near to the edge is for the test to say."""
    tests = "\n".join(path.read_text() for path in having(root, {".c", ".h", ".py"}, "reference/test", "harness"))
    for header, (name, _) in _declared(root):
        if header.endswith("mqtt_limits.h") and not re.search(rf"\b{name}\b", tests):
            yield f"{header}: no test names {name}"
