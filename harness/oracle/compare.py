"""harness/oracle/compare: the model against the library and the broker. The shell script beside this file has seen to
the Debian packages and shows the usage."""

import sys
import time
from collections import Counter

from kit.paths import BROKER, DECIDER, shown
from kit.problem import Problem

from . import examine, live, planted
from .difference import Difference
from .flawed import flawed
from .library import Library
from .scenes import scenes
from .tally import Tally

HELP = "harness/oracle/compare --help shows the usage"
KINDS = ("library", "live", "documents")
OPERATIONS, SEED = 20000, 1


def run(kind, operations, seed, program=None, phases=examine.SHRINK):
    """The tally, or Difference. program: another decider, or another broker."""
    tally = Tally()
    if kind == "live":
        with live.Live(tally, program or BROKER, f"model-{(program or BROKER).parent.name}") as broker:
            examine.compare(broker, scenes(live.DOORS, timely=True), operations, seed, tally, phases)
        return tally
    with Library(program or DECIDER) as library:
        against, strategy = ((examine.against_library, scenes()) if kind == "library"
                             else (examine.documents_against_library, flawed()))
        examine.compare(against(library, tally), strategy, operations, seed, tally, phases)
    return tally


def told(kind, operations, seed):
    """Runs and says what was found; whether that is good."""
    began = time.monotonic()
    try:
        tally = run(kind, operations, seed)
    except Difference as difference:
        print(f"{kind}: seed {seed}: {difference}")
        return False
    print(f"{kind}: seed {seed}, {tally.operations} compared, no difference ({time.monotonic() - began:.1f} s)")
    print("\n".join(f"  {line}" for line in tally.lines()))
    faults = list(tally.shortcomings()) if kind != "documents" else []
    print("".join(f"  too little was asked: {fault}\n" for fault in faults), end="")
    return not faults


def mutants(seed):
    """Whether the comparison finds nine in ten of those that are a test."""
    found = Counter()
    for name, make in planted.each():
        how = planted.found_by(make, lambda *what: run(*what, phases=examine.FIND), seed)
        found[how] += 1
        print(f"  {name}: {how}", flush=True)
    tests = found.total() - found[planted.CRASHED]
    good = sum(found[kind] for kind in KINDS)
    share = 100 * good // max(tests, 1)
    print(f"mutants: seed {seed}, {good} of {tests} found by the comparison alone ({share} %), "
          f"{found[planted.CRASHED]} more crashed")
    return share >= planted.LEAST_PERCENT


def number(flag, text):
    if not text.isdigit() or not 1 <= int(text) <= 10_000_000:
        raise Problem(f"{flag}: expected a number from 1 to 10000000, found {text}; {HELP}")
    return int(text)


def parse(arguments):
    """(kinds, operations, seed)."""
    kinds, numbers = [], {"--operations": OPERATIONS, "--seed": SEED}
    words = iter(arguments)
    for word in words:
        flag, equals, value = word.partition("=")
        if flag in numbers:
            numbers[flag] = number(flag, value if equals else next(words, ""))
        elif word in (*KINDS, "mutants"):
            kinds.append(word)
        else:
            raise Problem(f"unknown word {word}; {HELP}")
    return kinds or list(KINDS), numbers["--operations"], numbers["--seed"]


def main():
    try:
        kinds, operations, seed = parse(sys.argv[1:])
        for program in (DECIDER, BROKER):
            if not program.exists():
                raise Problem(f"{shown(program)} is missing: cmake -B build && cmake --build build")
        good = [mutants(seed) if kind == "mutants" else told(kind, operations, seed) for kind in kinds]
        return 0 if all(good) else 1
    except Problem as problem:
        print(f"harness/oracle/compare: {problem}", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        return 1


if __name__ == "__main__":
    sys.exit(main())
