"""The layers and the house style of the C code."""

import re

from guards.files import at, having, lines

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 80

# Which folder of reference/ may include which, besides itself. "" is reference/ itself.
LAYERS = {
    "base": set(),
    "packet": {"base"},
    "identity": {"base"},
    "audit": {"base"},
    "decision": {"base", "identity", "packet"},
    "route": {"base", "packet"},
    "net": {"base"},
    "store": {"base"},
    "session": {"base", "packet", "identity", "decision", "route"},
    "": {"base", "packet", "identity", "audit", "decision", "route", "net", "store", "session"},
}
PACKET_WORDS_FOR_DECISION = {"topic.h"}
PURE = {"packet", "identity", "decision", "route"}
# What pure code may include of the system: nothing there tells the time, reads a file or knows the process.
PURE_SYSTEM_HEADERS = {"limits.h", "search.h", "stdalign.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h",
                       "stdlib.h", "string.h", "strings.h", "jansson.h"}
IMPURE_CALL = re.compile(r"(?<![\w.>])(time|getenv|secure_getenv|rand|random|rand_r|drand48|clock|clock_gettime|gettimeofday|"
                         r"localtime|gmtime|fopen|open|read|write|printf|fprintf|exit|abort|getpid)\s*\(")
# The suite's own: what judges, reads or plans may open a trace, and knows nothing of time, luck and environment.
JUDGES = ("judge", "wire", "scenario", "registry")
CLOCK_CALL = re.compile(r"(?<![\w.>])(time|getenv|secure_getenv|rand|random|rand_r|drand48|clock|clock_gettime|gettimeofday|"
                        r"localtime|gmtime|clock_monotonic_us|clock_wall_ms|random_bytes|getpid)\s*\(")
# Functions of the decision, and the files that may name them at all: as a call, as a pointer, as anything.
DECISION_NAMES = {
    "decide": {"decide.c", "decide.h", "gate.c"},
    "pattern_covers_topic": {"decide.c", "decide.h", "pattern.c"},
    "pattern_contains_filter": {"decide.c", "decide.h", "pattern.c"},
    "policy_rule_applies": {"decide.c", "policy.c", "policy.h"},
    "policy_rule_shares": {"decide.c", "policy.c", "policy.h"},
}

# Unbounded, not reentrant, or a shell: none has a place here.
BANNED = ("strcpy", "strcat", "sprintf", "vsprintf", "gets", "scanf", "sscanf", "strtok", "atoi", "atol", "atof",
          "system", "popen", "tmpnam", "mktemp", "alloca", "rand", "setjmp", "longjmp")
CALL = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
SYSTEM_INCLUDE = re.compile(r"^\s*#\s*include\s+<([^>]+)>")
STRINGS = re.compile(r'"(?:[^"\\\n]|\\.)*"|/\*.*?\*/|//[^\n]*', re.S)


def _blank(match):
    """Strings and comments become spaces; lines stay where they are."""
    return re.sub(r"[^\n]", " ", match.group())


def bare(path):
    return STRINGS.sub(_blank, path.read_text())


def _folder(root, path):
    """The folder of reference/ that a file lies in."""
    inner = path.relative_to(root / "reference").parts
    return inner[0] if len(inner) > 1 else ""


def _includes(path):
    for number, line in lines(path):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1)


def _owners(root):
    """{header name: folder of reference/}; names are unique there, as CMake's include paths need."""
    return {path.name: _folder(root, path) for path in having(root, {".h"}, "reference")}


def _reference_includes(root):
    owners = _owners(root)
    for path in having(root, {".c", ".h"}, "reference"):
        folder = _folder(root, path)
        if folder == "test":
            continue
        for number, name in _includes(path):
            owner = owners.get(name.rpartition("/")[2])
            if owner is None:
                yield f"{at(root, path, number)}: includes {name}, which is no header of reference/"
            elif owner != folder and owner not in LAYERS.get(folder, set()):
                yield f"{at(root, path, number)}: {folder or 'reference'} includes {name} of {owner or 'reference'}"
            elif (folder, owner) == ("decision", "packet") and name not in PACKET_WORDS_FOR_DECISION:
                yield f"{at(root, path, number)}: decision knows packet's topic words alone, not {name}"


def _suite_includes(root):
    owners = _owners(root)
    for path in having(root, {".c", ".h"}, "conformance"):
        for number, name in _includes(path):
            own = (path.parent / name).exists() or (root / "conformance" / name).exists()
            if not own and owners.get(name) != "base":
                yield f"{at(root, path, number)}: the suite includes {name}, which is neither its own nor of base"


def includes_follow_the_layers(root):
    yield from _reference_includes(root)
    yield from _suite_includes(root)


def decide_is_called_by_the_gate_alone(root):
    """Nor is its address taken, nor are its parts asked one by one, in decision/ or outside."""
    names = re.compile(r"\b(" + "|".join(DECISION_NAMES) + r")\b")
    for path in having(root, {".c", ".h"}, "reference"):
        if _folder(root, path) == "test":
            continue
        for number, line in enumerate(bare(path).splitlines(), 1):
            for found in names.finditer(line):
                if path.name not in DECISION_NAMES[found.group(1)] or _folder(root, path) != "decision":
                    yield f"{at(root, path, number)}: names {found.group(1)}; the gate alone decides"


DOORS_HEADER = "reference/decision/decide.h"
DOOR = re.compile(r"^\s*(DOOR_(?!COUNT)\w+)\s*,", re.M)


def every_door_is_asked(root):
    """A door that no session code names is one that stands open, or was never built."""
    header = root / DOORS_HEADER
    doors = DOOR.findall(bare(header)) if header.exists() else []
    text = "\n".join(bare(path) for path in having(root, {".c"}, "reference/session"))
    for door in doors:
        if not re.search(rf"\b{door}\b", text):
            yield f"{DOORS_HEADER}: nobody asks at {door}"


def _impure_includes(path):
    for number, line in lines(path):
        own, system = INCLUDE.match(line), SYSTEM_INCLUDE.match(line)
        if own and own.group(1) in ("clock.h", "log.h"):
            yield number, own.group(1)
        if system and system.group(1) not in PURE_SYSTEM_HEADERS:
            yield number, f"<{system.group(1)}>"


def pure_code_has_no_clock(root):
    """Time is an argument of everything that parses or decides; so is every file's content."""
    for path in having(root, {".c", ".h"}, *(f"reference/{name}" for name in sorted(PURE))):
        for number, name in _impure_includes(path):
            yield f"{at(root, path, number)}: pure code includes {name}"
        for number, line in enumerate(bare(path).splitlines(), 1):
            for found in IMPURE_CALL.finditer(line):
                yield f"{at(root, path, number)}: pure code calls {found.group(1)}"


def judgement_has_no_clock(root):
    """The same moments give the same verdicts, live and from a stored trace."""
    for path in having(root, {".c", ".h"}, *(f"conformance/{name}" for name in JUDGES)):
        for number, line in enumerate(bare(path).splitlines(), 1):
            for found in CLOCK_CALL.finditer(line):
                yield f"{at(root, path, number)}: what judges calls {found.group(1)}"


def no_banned_functions(root):
    """Of what is shipped; tests feed themselves."""
    for path in (path for path in having(root, {".c", ".h"}, "reference", "conformance") if "test" not in path.parts):
        for number, line in enumerate(bare(path).splitlines(), 1):
            for found in CALL.finditer(line):
                yield f"{at(root, path, number)}: {found.group(1)} is banned"


def files_are_short(root):
    """Tests and scenarios too; a file without a suffix is a script."""
    suffixes = {".c", ".h", ".py", ".sh", ".cmake", ".scenario", ""}
    for path in having(root, suffixes, "reference", "conformance", "harness", "vectors"):
        size = len(path.read_text().splitlines())
        if size > FILE_LINES_MAX:
            yield f"{at(root, path)}: {size} lines, more than {FILE_LINES_MAX}"


def functions_are_short(root):
    """A function's body begins and ends with a brace in the first column."""
    for path in having(root, {".c", ".h"}, "reference", "conformance"):
        begin = None
        for number, line in lines(path):
            if line == "{":
                begin = number
            elif line == "}" and begin:
                if number - begin - 1 > FUNCTION_LINES_MAX:
                    yield f"{at(root, path, begin)}: a function of {number - begin - 1} lines"
                begin = None
