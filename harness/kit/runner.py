"""Calls mqtt-agent-conformance and reads what it reports."""

import json
import shutil
import subprocess
from fnmatch import fnmatchcase

from kit.paths import RUNNER

TIMEOUT_SECONDS = 300


def run(target, fixture, report=None, *flags, runner=RUNNER, timeout=TIMEOUT_SECONDS):
    """`run` against a target; the finished process with its output as text. An older report of the
    same name is gone before, so that none is ever taken for a new one."""
    if report:
        shutil.rmtree(report, ignore_errors=True)
    where = ["--report", str(report)] if report else []
    command = [str(runner), "run", "--target", str(target), "--fixture", str(fixture), *where, *flags]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


def call(*arguments, timeout=60):
    return subprocess.run([str(RUNNER), *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
                          check=False)


def report(folder):
    return json.loads((folder / "report.json").read_text())


def must_passes(found):
    """The ids of the MUST rules that a report says were kept."""
    return sorted(rule["id"] for rule in found["rules"] if rule["level"] == "must" and rule["verdict"] == "PASS")


def check_id(check):
    """As JUnit names it."""
    return f"{check['script']} [{check['rule']}]"


def surprises(found, known):
    """What a report's substrate failures and a list of known ones (globs over check ids) do not say alike:
    failures that no entry names, and entries that name no failure."""
    failed = {check_id(check) for check in failures(found) if check["class"] == "substrate"}
    named = [name for name in failed if any(fnmatchcase(name, entry["check"]) for entry in known)]
    idle = [entry["check"] for entry in known if not any(fnmatchcase(name, entry["check"]) for name in failed)]
    return sorted(failed.difference(named)), sorted(idle)


def failures(found):
    return [check for check in found["checks"] if check["verdict"] == "FAIL"]
