"""What the built binaries contain. Needs build/."""

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


def no_mutable_globals(root):
    for library in ("base", *BROKER_LIBRARIES, "conformance"):
        for name, kind in sorted(_symbols(root / "build" / f"lib{library}.a")):
            if kind in "BbC" and not name.startswith(("__", "_GLOBAL_")):
                yield f"lib{library}.a: {name} is a mutable global"
