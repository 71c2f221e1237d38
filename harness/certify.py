"""harness/certify: builds the suite and judges one broker. The shell script beside this file has
seen to the Debian packages and shows the usage."""

import contextlib
import json
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

from kit import fixture, soak
from kit.build import build
from kit.mosquitto import mosquitto
from kit.paths import FIXTURE, REPORTS, RUNNER, shown
from kit.problem import INCOMPLETE, USAGE, Problem
from kit.process import stop
from kit.reference import reference

OWN_FLAGS = ("--fixture", "--report", "--soak")
# The runner's flags that are passed on: those that take a value, and those that do not.
VALUE_FLAGS = ("--select", "--exclude", "--class", "--level", "--jobs", "--seed", "--fail-on", "--repeat",
               "--failed-from", "--baseline")
PLAIN_FLAGS = ("--no-preflight", "--stop-on-fail", "--shuffle", "--verbose", "-v")
HELP = "harness/certify --help shows the usage"


def parse(arguments):
    """(target or None, {own flag: value}, flags for the runner)."""
    targets, own, passed = [], {}, []
    words = iter(arguments)
    for word in words:
        flag, equals, value = word.partition("=")
        if word in PLAIN_FLAGS:
            passed.append(word)
        elif flag in OWN_FLAGS + VALUE_FLAGS:
            value = value if equals else next(words, None)
            if value is None:
                raise Problem(f"{flag} needs a value; {HELP}")
            own.update({flag: value} if flag in OWN_FLAGS else {})
            passed += [] if flag in OWN_FLAGS else [flag, value]
        elif word.startswith("-"):
            raise Problem(f"unknown flag {word}; {HELP}")
        else:
            targets.append(word)
    if len(targets) > 1:
        raise Problem(f"one target at a time, not {' and '.join(targets)}; {HELP}")
    return targets[0] if targets else None, own, passed


def target_name(target):
    """The name of the report's folder: what the target file says, or the address."""
    if target in (None, "mosquitto"):
        return target or "reference"
    if re.match(r"mqtts?://", target):
        return re.sub(r"[^A-Za-z0-9._-]+", "-", target.partition("://")[2]).strip("-") or "target"
    try:
        name = json.loads(Path(target).read_text())["name"]
        return name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name) else "target"
    except (OSError, ValueError, KeyError, TypeError):
        return "target"  # the runner says what is wrong with the file


def check_target(target):
    """A name that is neither an address nor a file is told at once, before anything is built."""
    if target in (None, "mosquitto") or re.match(r"mqtts?://", target) or Path(target).is_file():
        return
    raise Problem(f"{target}: neither a target file, nor mqtt://HOST:PORT, nor mqtts://HOST:PORT, nor mosquitto")


@contextlib.contextmanager
def ours(server):
    """A broker that is started here is known by its target file."""
    with server as running:
        yield running.target


def foreign(target, folder, made):
    """Another broker has to know the fixture's issuers and policies."""
    loaded = "has to be loaded again" if made else "has to be loaded"
    print(f"the fixture {shown(folder)} {loaded} into the broker for this run to mean anything: "
          f"see {shown(folder)}/SETUP.md")
    return contextlib.nullcontext(target)


def start(target, folder, made):
    """The context in which the target runs; it yields what the runner takes as --target."""
    if target is None:
        return ours(reference(folder))
    return ours(mosquitto()) if target == "mosquitto" else foreign(target, folder, made)


def again(target, own):
    """What the reader types to judge the same target once more; for one that is started here it starts it again."""
    words = ["harness/certify", *([target] if target else []), *(word for pair in own.items() if pair[0] != "--soak" for word in pair)]
    return shlex.join(words)


def judge(address, folder, report, flags):
    """Runs the battery with the user's own terminal; its exit code is ours."""
    command = [str(RUNNER), "run", "--target", str(address), "--fixture", str(folder), "--report", str(report), *flags]
    with subprocess.Popen(command) as runner:
        try:
            return runner.wait()
        except KeyboardInterrupt:  # the runner got it, too, and ends with its report
            return runner.wait() or INCOMPLETE
        finally:
            stop(runner)


def certify(arguments):
    target, own, flags = parse(arguments)
    check_target(target)
    repeats = own.get("--soak")
    flags += soak.flags(repeats) if repeats else []
    build()
    folder = Path(own.get("--fixture", FIXTURE))
    made = folder == FIXTURE and fixture.ensure()
    if not (folder / "fixture.json").is_file():
        raise Problem(f"{folder}: no fixture here; `mqtt-agent-conformance fixture make` makes one")
    report = Path(own.get("--report", REPORTS / target_name(target)))
    with start(target, folder, made) as address, soak.busy() if repeats else contextlib.nullcontext():
        code = judge(address, folder, report, ["--again", again(target, own), *flags])
    return soak.verdict(report, repeats, code) if repeats else code


def main():
    sys.stdout.reconfigure(line_buffering=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(INCOMPLETE))
    try:
        return certify(sys.argv[1:])
    except Problem as problem:
        print(f"harness/certify: {problem}", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        return INCOMPLETE
    except OSError as error:
        print(f"harness/certify: {error}", file=sys.stderr)
        return USAGE


if __name__ == "__main__":
    sys.exit(main())
