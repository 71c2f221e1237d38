"""Mutants: faults that real brokers had, planted into the reference one at a time. Each must be
found by a case of its rule, or that case proves nothing. The reference itself is never touched:
one file is copied, changed, compiled, and linked in front of the libraries of build/."""

import json
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from kit.paths import BUILD, MUTANTS, ROOT
from kit.problem import HARNESS, Problem

HEADERS = ("rule", "file", "dies-by")
OVER = "over"  # and, where it is there: the carriers that find it, all others being blind to it
PACKAGES = ("openssl", "jansson", "libevent", "libevent_openssl")
MAIN_OBJECT = BUILD / "CMakeFiles" / "mqtt-agent-broker.dir" / "reference" / "main.c.o"
DECIDER_OBJECT = BUILD / "CMakeFiles" / "decider.dir" / "harness" / "oracle" / "decider.c.o"


@dataclass
class Mutant:
    name: str
    rule: str
    file: str
    dies_by: str
    find: str
    replace: str
    over: frozenset = frozenset()


def load(path):
    """Headers, then `find` and `replace`, each alone on a line, followed by the text itself."""
    lines = path.read_text().splitlines()
    try:
        find, replace = lines.index("find"), lines.index("replace")
        words = [line.split(None, 1) for line in lines[:find] if line and not line.startswith("#")]
        headers = {key: value.strip() for key, value in words}
        over = frozenset(headers.pop(OVER, "").split())
        if tuple(headers) != HEADERS or replace < find:
            raise ValueError
    except ValueError:
        raise Problem(f"{path}: expected {', '.join(HEADERS)}, find, replace, in this order") from None
    return Mutant(path.stem, headers["rule"], headers["file"], headers["dies-by"],
                  "\n".join(lines[find + 1:replace]), "\n".join(lines[replace + 1:]), over)


def load_all(root=ROOT):
    return [load(path) for path in sorted((root / "harness" / "mutants").glob("*.mutant"))]


def mutated(mutant, root=ROOT):
    """The file's text with the fault in it. `find` stands there exactly once, or the mutant is stale."""
    text = (root / mutant.file).read_text()
    count = text.count(mutant.find) if mutant.find.strip() else 0
    if count != 1:
        raise Problem(f"mutant {mutant.name}: its `find` stands {count} times in {mutant.file}, not once")
    return text.replace(mutant.find, mutant.replace)


def _run(command, mutant):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Problem(f"mutant {mutant.name} does not build:\n{done.stderr}", HARNESS)
    return done.stdout


def _compile(mutant, source, output):
    """With the flags of the release build, less its warnings: a fault may leave a variable unused."""
    original = str(ROOT / mutant.file)
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    entry = next(entry for entry in entries if entry["file"] == original)
    words = shlex.split(entry["command"])
    words[words.index("-o") + 1] = str(output)
    words[words.index(original)] = str(source)
    _run([*words, "-w"], mutant)


def _link(mutant, main, changed, output):
    """The changed object comes first, so that the library's own is never pulled in."""
    libraries = [str(path) for path in sorted(BUILD.glob("lib*.a")) if path.name not in ("libconformance.a", "libmqttagent.a")]
    system = shlex.split(_run(["pkg-config", "--libs", *PACKAGES], mutant))
    _run(["cc", "-o", str(output), str(changed), str(main),
          "-Wl,--start-group", *libraries, "-Wl,--end-group", *system], mutant)


def make(mutant, decider=False):
    """The broker with this fault, or harness/oracle's decider, below build/mutants/."""
    folder = MUTANTS / mutant.name
    folder.mkdir(parents=True, exist_ok=True)
    main = DECIDER_OBJECT if decider else MAIN_OBJECT
    source, changed = folder / Path(mutant.file).name, folder / "changed.o"
    program = folder / ("decider" if decider else "mqtt-agent-broker")
    source.write_text(mutated(mutant))
    _compile(mutant, source, changed)
    _link(mutant, main, changed, program)
    return program
