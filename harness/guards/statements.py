"""The register of MQTT 5.0's statements: every one that binds a server names checks, and they exist."""

import re

from guards.files import at, having, lines

REGISTER = "reference/mqtt5.tsv"
LABEL = re.compile(r"MQTT-\d+(?:\.\d+)+-\d+")
BOUND = ("server", "client", "websocket")
UNIT = re.compile(r"^(test_\w+):(\w+)$")
HARNESS = re.compile(r"^(harness/test_\w+\.py)::(test_\w+)$")


def rows(root):
    """(line, label, bound, behaviour, [checks]) of each row that has all its columns."""
    for number, line in lines(root / REGISTER):
        columns = line.split("\t")
        if not line.startswith("#") and len(columns) == 4:
            yield number, *columns[:3], [] if columns[3] == "-" else columns[3].split()


def _form(root):
    seen = {}
    for number, line in lines(root / REGISTER):
        columns = line.split("\t")
        if line.startswith("#"):
            continue
        if len(columns) != 4 or not LABEL.fullmatch(columns[0]) or columns[1] not in BOUND or not columns[2]:
            yield f"{REGISTER}:{number}: expected label, server|client|websocket, behaviour, checks"
            continue
        section, _, place = columns[0].rpartition("-")
        if section in seen and int(place) != seen[section] + 1:
            yield f"{REGISTER}:{number}: {columns[0]} does not follow {section}-{seen[section]}"
        seen[section] = int(place)


def _exists(root, check):
    """A unit test must also be run: a test that is in no case tests nothing."""
    unit, harness = UNIT.match(check), HARNESS.match(check)
    if unit:
        path = root / "reference" / "test" / f"{unit.group(1)}.c"
        text = path.read_text() if path.exists() else ""
        name = re.escape(unit.group(2))
        return bool(re.search(rf"START_TEST\({name}\)", text)) and bool(re.search(rf"tcase_add_\w+\(\w+, {name}\b", text))
    if harness:
        path = root / harness.group(1)
        return path.exists() and f"def {harness.group(2)}(" in path.read_text()
    return False


def statements_have_checks(root):
    """Every statement stands in the register; one that binds a server names checks, all of which exist."""
    if not (root / REGISTER).exists():
        yield f"{REGISTER}: missing"
        return
    yield from _form(root)
    for number, label, bound, _, checks in rows(root):
        if bound == "server" and not checks:
            yield f"{REGISTER}:{number}: no check shows {label}"
        yield from (f"{REGISTER}:{number}: there is no check {check}" for check in checks if not _exists(root, check))


def cited_statements_are_registered(root):
    """A statement that the broker cites is one that the register has."""
    if not (root / REGISTER).exists():
        return
    known = {label for _, label, *_ in rows(root)}
    for path in having(root, {".c", ".h"}, "reference"):
        for number, line in lines(path):
            for name in sorted(set(LABEL.findall(line)) - known):
                yield f"{at(root, path, number)}: {name} is no statement of the register"
