"""Faults in the decision that the comparison has to find by itself: those of harness/mutants, and as many that a
machine made by turning one operator of the C code round. One that crashes is no test: anything finds a crash."""

import random
import re

from kit import mutants
from kit.mutants import Mutant
from kit.paths import ROOT
from kit.problem import Problem

from .difference import Difference

FOLDER = "reference/decision/"
LEAST_PERCENT = 90
MADE = 20
PICK = 1  # which of all possible ones are made; another number, another sample
OPERATIONS = {"library": 4000, "documents": 3000, "live": 1500}
CRASHED = "crashed, which proves nothing"
TURNS = {"==": "!=", "!=": "==", "&&": "||", "||": "&&", " < ": " <= ", " > ": " >= ", " <= ": " < ", " >= ": " > ",
         "true": "false", "false": "true"}
_TURN = re.compile("|".join(re.escape(text) for text in TURNS if not text.isalpha()) + r"|\btrue\b|\bfalse\b")
# Not decisions: memory that is missing, preprocessor, comments.
_PASSED_OVER = re.compile(r"^\s*(/?\*|#)|alloc|NULL|fault_set|_free|for \(")


def each():
    """(name, function that makes the mutant's decider or broker)."""
    named = [mutant for mutant in mutants.load_all() if mutant.file.startswith(FOLDER)]
    for mutant in [*named, *made()]:
        yield mutant.name, lambda kind, mutant=mutant: mutants.make(mutant, decider=kind != "live")


def made():
    """MADE of all possible ones, spread over the files by chance, always the same ones."""
    files = [path for path in sorted((ROOT / FOLDER).glob("*.c")) if path.name != "gate.c"]
    return random.Random(PICK).sample([mutant for path in files for mutant in _turned(path)], MADE)


def _turned(path):
    text = path.read_text()
    for number, line in enumerate(text.splitlines(), 1):
        if _PASSED_OVER.search(line) or text.count(line) != 1:
            continue
        for found in _TURN.finditer(line):
            other = line[:found.start()] + TURNS[found.group()] + line[found.end():]
            name = f"made-{path.stem}-{number}-{found.start()}"
            yield Mutant(name, "", str(path.relative_to(ROOT)), "", line, other)


def found_by(make, run, seed):
    """The comparison that finds it, or why none does."""
    for kind, operations in OPERATIONS.items():
        try:
            run(kind, operations, seed, make(kind))
        except Difference as difference:
            return kind if not difference.crash else CRASHED
        except Problem:
            return CRASHED
    return "not found"
