"""A run again and again, in another order each time, while every other core is kept busy: what depends on luck or on
speed shows. A verdict that changes is FLAKY; one that stays unclear even in the lone rerun is INCONCLUSIVE."""

import contextlib
import json
import os
import shutil
import subprocess
import sys

from kit import runner
from kit.paths import FIXTURE, REPORTS, shown
from kit.problem import INCOMPLETE, Problem
from kit.process import stop
from kit.reference import reference as reference_broker

LEAST = 2
FACTOR = 3  # how much longer than its longest single case a run may take
SECONDS_EACH = 60
BUSY = [sys.executable, "-ES", "-c", "while True: pass"]


def cores():
    """Those that are kept busy: all but one."""
    return max(1, (os.cpu_count() or 1) - 1)


@contextlib.contextmanager
def busy():
    with contextlib.ExitStack() as stack:
        for _ in range(cores()):
            stack.callback(stop, subprocess.Popen(BUSY, stdin=subprocess.DEVNULL))
        yield


def flags(repeats):
    """What the suite is told."""
    if not repeats.isdecimal() or int(repeats) < LEAST:
        raise Problem(f"--soak needs a number of repeats, {LEAST} or more, not {repeats}")
    return ["--repeat", str(int(repeats)), "--shuffle"]


def _events(folder):
    """What the traces of the repeats say at their end, and where a script began for the second time."""
    ends, reruns = [], 0
    for path in folder.glob("trace-*.jsonl"):
        with path.open() as lines:
            for line in lines:
                if '"event":"script"' in line:
                    reruns += json.loads(line)["attempt"] > 1
        ends.append(json.loads(line))
    return ends, reruns


def figures(folder, repeats):
    """(lines to show, whether all is as it should be)."""
    report = runner.report(folder)
    run, counts, (ends, reruns) = report["run"], report["counts"], _events(folder)
    slowest, longest = max(end["duration_us"] for end in ends), run["longest"]
    ratio = slowest / max(1, longest["us"])
    good = run["repeated"] == len(ends) == repeats and ratio <= FACTOR and not (counts["FLAKY"] or counts["INCONCLUSIVE"])
    return [
        f"soak: {run['repeated']} of {repeats} repeats, shuffled, {cores()} of {os.cpu_count()} cores kept busy",
        f"FLAKY {counts['FLAKY']}, INCONCLUSIVE after the lone rerun {counts['INCONCLUSIVE']}, of "
        f"{report['emitted']['checks']} checks; lone reruns {reruns}",
        f"the longest repeat took {slowest / 1e6:.1f} s, {ratio:.1f} times its longest single case "
        f"({longest['us'] / 1e6:.1f} s, {longest['script']}); at most {FACTOR} times",
    ], good


def verdict(folder, repeats, code):
    """Prints the figures; the exit code of the whole."""
    if code not in (0, 1, 5):
        return code
    lines, good = figures(folder, int(repeats))
    print("\n".join(lines))
    return code if code or good else INCOMPLETE


def reference(repeats):
    """The reference broker, quietly; the figures in one line."""
    folder = REPORTS / "soak"
    with reference_broker(FIXTURE, "soak") as broker, busy():
        done = runner.run(broker.target, FIXTURE, folder, *flags(str(repeats)), timeout=repeats * SECONDS_EACH)
    if done.returncode:
        raise Problem(f"exit {done.returncode}; the reports are in {shown(folder)}\n{done.stdout}{done.stderr}")
    lines, good = figures(folder, repeats)
    if not good:
        raise Problem("; ".join(lines))
    return "; ".join(lines[1:])
