"""What the built binaries contain. Needs build/."""

import re
import subprocess

BROKER_LIBRARIES = ("packet", "identity", "decision", "route", "net", "session", "broker")


def _symbols(path):
    """{(name, type letter)} of what an object, library or program defines."""
    done = subprocess.run(["nm", "--defined-only", str(path)], capture_output=True, text=True, check=True)
    words = [line.split() for line in done.stdout.splitlines()]
    return {(found[2], found[1]) for found in words if len(found) == 3}


def _names(path):
    return {name for name, kind in _symbols(path) if kind.isupper()}


def suite_links_base_alone(root):
    """No symbol in the suite comes from the broker: it may not judge with what it judges."""
    build = root / "build"
    own = _names(build / "libconformance.a") | _names(build / "libbase.a")
    program = _names(build / "bin" / "mqtt-agent-conformance")
    for library in BROKER_LIBRARIES:
        for name in sorted((_names(build / f"lib{library}.a") & program) - own):
            yield f"build/bin/mqtt-agent-conformance: {name} comes from the broker's {library}"


def _objects(path):
    """(name, section) of the objects, not functions, that a library defines."""
    done = subprocess.run(["objdump", "--syms", str(path)], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        before, tab, after = line.partition("\t")
        words = before.split()
        if tab and len(words) >= 2 and "F" not in words[1:-1]:
            yield after.split()[-1], words[-1]


def _is_mutable(section):
    """Also what has a value at the start; .data.rel.ro is written by the loader alone."""
    return section.startswith((".data", ".bss", "*COM*", ".tdata", ".tbss")) and not section.startswith(".data.rel.ro")


def _mains(build):
    return [(f"{path.parent.name}/{path.name}", path) for path in sorted(build.glob("CMakeFiles/mqtt-agent-*.dir/**/main.c.o"))]


def no_mutable_globals(root):
    """A symbol that is named like its section is the section itself."""
    build = root / "build"
    libraries = [(f"lib{name}.a", build / f"lib{name}.a") for name in ("base", *BROKER_LIBRARIES, "conformance")]
    for place, path in [*libraries, *_mains(build)]:
        for name, section in sorted(set(_objects(path))):
            if _is_mutable(section) and name != section:
                yield f"{place}: {name} is a mutable global"


# What pure code may need from outside: memory, bytes, search trees; and of base what is pure itself.
PURE_LIBRARIES = ("packet", "identity", "decision", "route")
PURE_NEEDS = re.compile(r"""
    calloc | malloc | realloc | free | (mem|str)[a-z]+ | qsort | bsearch | t(find|search|delete|destroy|walk)
    | __stack_chk_fail | _GLOBAL_OFFSET_TABLE_ | __(mem|str)[a-z]+_chk | __asan_\w+ | __ubsan_\w+
    | (buf|slice|fault|base64url|crypto|jose)_\w+ | sha256
    | json_(?!load|dump|read_file|set_alloc|object_seed)\w+""", re.X)
# Documents are read at the start, by these objects and no other.
READERS = {"keyset.c.o": {"json_read_file"}, "policy.c.o": {"json_read_file"}}
# The decision itself: not even memory.
DECIDERS = {
    "decide.c.o": {"pattern_contains_filter", "pattern_covers_topic", "policy_rule_applies", "policy_rule_shares",
                   "topic_filter_valid", "topic_name_valid"},
    "pattern.c.o": {"identity_claim"},
}
DECIDERS_MAY = re.compile(r"slice_\w+|mem(cmp|chr)|str(cmp|len)|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__[au]\w*san_\w+")
DECISION_CALLERS = {"decide": {"gate.c.o"}, "pattern_covers_topic": {"decide.c.o", "pattern.c.o"},
                    "pattern_contains_filter": {"decide.c.o"}, "policy_rule_applies": {"decide.c.o"},
                    "policy_rule_shares": {"decide.c.o"}}


def _needs(path):
    """(object, symbol) of what the objects of a library do not define themselves."""
    done = subprocess.run(["nm", "-A", "--undefined-only", str(path)], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        place, _, rest = line.rpartition(": ") if ": " in line else line.rpartition(":")
        yield place.split(":")[1], rest.split()[-1]


def pure_code_needs_nothing_impure(root):
    """Whatever a source says, its object needs no clock, no file, no environment and no random number."""
    build = root / "build"
    own = set().union(*(_names(build / f"lib{library}.a") for library in PURE_LIBRARIES))
    for library in PURE_LIBRARIES:
        for name, symbol in sorted(set(_needs(build / f"lib{library}.a"))):
            if not (symbol in own or PURE_NEEDS.fullmatch(symbol) or symbol in READERS.get(name, ())):
                yield f"lib{library}.a: {name} is pure and needs {symbol}"
            if name in DECIDERS and not (symbol in DECIDERS[name] or DECIDERS_MAY.fullmatch(symbol)):
                yield f"lib{library}.a: {name} decides and needs {symbol}"


def only_the_gate_reaches_the_decision(root):
    """By call, by pointer or by table: whose object refers to it at all."""
    for library in BROKER_LIBRARIES:
        for name, symbol in sorted(set(_needs(root / "build" / f"lib{library}.a"))):
            if symbol in DECISION_CALLERS and name not in DECISION_CALLERS[symbol]:
                yield f"lib{library}.a: {name} refers to {symbol}; the gate alone decides"
