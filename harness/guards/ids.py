"""Rule ids agree everywhere: prose, scenarios, vectors, mutants, code."""

import json
import re

from guards.files import at, having, lines
from kit import mutants, spec

ID = re.compile(r"\b([A-Z][A-Z0-9]{1,4})-\d\d\b(?!-)")
# In C an id is a claim to keep the rule where it stands in brackets, or is a string of its own.
CLAIMED = re.compile(r'(?:\[|")([A-Z][A-Z0-9]*-\d\d)(?=[\],"])')
CASE_LINES = re.compile(r"^\s*(?:case |cites )|\[[A-Z][A-Z0-9]*-\d\d\]")


def _cited_by_scenarios(text):
    return {found.group() for line in text.splitlines() if CASE_LINES.search(line.partition("#")[0])
            for found in ID.finditer(line.partition("#")[0].partition('"')[0] + line.rpartition('"')[2])}


def vector_files(root):
    return [path for path in having(root, {".json"}, "vectors") if path.parent.name not in ("schema", "keys")]


def _rules_of_vectors(document):
    """The rule that each vector is about; a kind without rules has none."""
    return {vector["rule"] for vector in document["vectors"] if "rule" in vector}


def witnessed(root):
    """The ids that some scenario or vector exists for."""
    blocks = [block.text for block in spec.read(root / "spec").blocks if block.kind == "scenario"]
    blocks += [path.read_text() for path in having(root, {".scenario"}, "conformance/cases")]
    vectors = [_rules_of_vectors(json.loads(path.read_text())) for path in vector_files(root)]
    return set().union(*map(_cited_by_scenarios, blocks), *vectors)


def rules_are_witnessed(root):
    """A rule is cited by a scenario or a vector, is the manner of one that is, or says why not."""
    seen = witnessed(root)
    for rule in spec.read(root / "spec").rules.values():
        if not (rule.id in seen or seen.intersection(rule.manner_of) or spec.excused(rule)):
            yield f"{rule.file}: {rule.id} has neither scenario nor vector nor excuse"


def _places_with_ids(root):
    yield from having(root, {".md"}, "spec", "conformance", "vectors", "reference")
    yield from having(root, {".scenario"}, "conformance/cases")
    yield from vector_files(root)
    yield from (root / "harness" / "mutants").glob("*.mutant")
    yield from (path for path in having(root, {".c", ".h"}, "reference", "conformance") if "test" not in path.parts)


def _ids_in(line, path, areas):
    if path.suffix in (".c", ".h"):
        return {found.group(1) for found in CLAIMED.finditer(line)}
    return {found.group() for found in ID.finditer(line) if found.group(1) in areas}


def ids_exist(root):
    """An id that code, scenario, vector, mutant or prose names is one of the spec's rules."""
    book = spec.read(root / "spec")
    for path in _places_with_ids(root):
        for number, line in lines(path):
            for name in sorted(_ids_in(line, path, book.areas) - book.rules.keys()):
                yield f"{at(root, path, number)}: {name} is no rule of the spec"


def musts_have_mutants(root):
    """Each MUST that a broker is judged by is named by a mutant: proof that its cases can fail."""
    named = {mutant.rule for mutant in mutants.load_all(root)}
    book = spec.read(root / "spec")
    for name in book.must():
        if name not in named and not spec.excused(book.rules[name]):
            yield f"harness/mutants: no mutant for {name}"


def musts_are_in_the_code(root):
    """Each MUST can be grepped in the reference broker, where it is kept."""
    text = "\n".join(path.read_text() for path in having(root, {".c", ".h"}, "reference") if "test" not in path.parts)
    for name in spec.read(root / "spec").must():
        if not re.search(rf"\b{name}\b", text):
            yield f"reference: nothing says [{name}]"
