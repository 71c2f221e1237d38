"""The table of attacks in spec/A5: every row is there, every case and rule that it names exists, and every case that
names a row is in the table."""

import json
import re

from guards.files import having
from guards.ids import vector_files
from kit import spec

TABLE = "spec/A5-attacks.md"
ROWS = [f"N{number:02}" for number in range(1, 63)]
CASE = re.compile(r"^case (\S+)")
HEADER = re.compile(r"^attack +(N\d\d(?: +N\d\d)*)$")
NAMED = re.compile(r"`([^`]+)`")
EXCUSE = re.compile(r"^`(?:not-observable|later-draft)` \S+(?: \S+){4,}")


def _of_scenarios(text):
    """(case, its rows) of each case of a text."""
    case, rows = None, set()
    for line in map(str.strip, text.splitlines()):
        begin, header = CASE.match(line), HEADER.match(line)
        if begin:
            if case:
                yield case, rows
            case, rows = begin.group(1), set()
        elif header:
            rows.update(header.group(1).split())
    if case:
        yield case, rows


def _scenarios(root):
    yield from (block.text for block in spec.read(root / "spec").blocks if block.kind == "scenario")
    yield from (path.read_text() for path in having(root, {".scenario"}, "conformance/cases"))


def named(root):
    """{case: (the rule it exists for, the rows it names)}, vectors among them."""
    found = {case: (case.partition(".")[0], rows) for text in _scenarios(root) for case, rows in _of_scenarios(text)}
    for path in vector_files(root):
        for vector in json.loads(path.read_text())["vectors"]:
            if "rule" in vector:
                found[f"vector:{vector['id']}"] = vector["rule"], set(vector.get("attack", ()))
    return found


def _table(root):
    """(row, seen in, what went wrong, rules, found by) of each line of the table."""
    path = root / TABLE
    for line in path.read_text().splitlines() if path.exists() else ():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| N"):
            yield cells


def _row(name, cells, cases):
    """What is wrong with a line that has all its cells."""
    _, _, _, rules, found_by = cells
    if EXCUSE.match(found_by):
        if any(name in rows for _, rows in cases.values()):
            yield f"{TABLE}: {name} is excused, and a case names it"
        return
    told = set(NAMED.findall(found_by))
    for case in sorted(told - cases.keys()):
        yield f"{TABLE}: {name}: there is no case {case}"
    for case in sorted(case for case in told & cases.keys() if name not in cases[case][1]):
        yield f"{TABLE}: {name}: {case} does not name it"
    for case in sorted(case for case, (_, rows) in cases.items() if name in rows and case not in told):
        yield f"{TABLE}: {name}: {case} names it and is not in the table"
    if not told:
        yield f"{TABLE}: {name} has neither a case nor an excuse with its reason"
    expected = " ".join(sorted({cases[case][0] for case in told & cases.keys()}))
    if rules != expected:
        yield f"{TABLE}: {name}: its rules are {expected}, those of its cases"


def every_attack_is_answered(root):
    cases, lines = named(root), list(_table(root))
    for cells in lines:
        if len(cells) != 5 or not all(cells):
            yield f"{TABLE}: {cells[0]}: expected five cells"
        else:
            yield from _row(cells[0], cells, cases)
    names = [cells[0] for cells in lines]
    if names != ROWS:
        yield f"{TABLE}: expected the rows {ROWS[0]} to {ROWS[-1]}, each once and in order"
    for case, (_, rows) in sorted(cases.items()):
        for name in sorted(rows - set(names)):
            yield f"{case} names {name}, which is no row of {TABLE}"
