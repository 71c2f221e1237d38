"""Calls mqtt-agent-conformance and reads what it reports."""

import json
import shutil
import subprocess

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


def surprises(found, known, verdict="FAIL"):
    """What a report says of class substrate with this verdict, and a list of entries that name its checks, do not
    say alike: checks that no entry names, and names that no check bears."""
    seen = {check_id(check) for check in found["checks"] if check["class"] == "substrate" and check["verdict"] == verdict}
    named = {name for entry in known for name in entry["checks"]}
    return sorted(seen - named), sorted(named - seen)


def failures(found):
    return [check for check in found["checks"] if check["verdict"] == "FAIL"]
