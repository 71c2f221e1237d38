"""Debian's stock Mosquitto: a sound broker without identity fails, in exactly the known way."""

import json

import pytest

from kit import mosquitto, runner
from kit.paths import HARNESS, REPORTS

JUDGED = ("AUTH", "PUB", "SBS", "ORG")


@pytest.fixture(scope="module")
def judged(kit):
    with mosquitto.mosquitto() as target:
        done = runner.run(target.target, kit, REPORTS / "mosquitto")
    return done, runner.report(REPORTS / "mosquitto")


def denials(report):
    """MUST checks on a denial, of the areas that every identity broker is about."""
    return [check for check in report["checks"]
            if check["deny"] and check["level"] == "MUST" and check["rule"].split("-")[0] in JUDGED]


def test_is_a_violation(judged):
    done, report = judged
    assert (done.returncode, report["exit"]) == (1, 1), done.stdout + done.stderr


def test_every_denial_fails(judged):
    _, report = judged
    held = [(check["script"], check["rule"], check["verdict"], check["sentence"])
            for check in denials(report) if check["verdict"] != "FAIL"]
    assert held == []
    assert {check["rule"].split("-")[0] for check in denials(report)} == set(JUDGED)


def test_no_identity_rule_passes(judged):
    _, report = judged
    assert runner.must_passes(report) == []


def test_substrate_failures_are_the_known_ones(judged):
    _, report = judged
    known = json.loads((HARNESS / "targets" / "mosquitto" / "known.json").read_text())["substrate_failures"]
    seen = [check for check in runner.failures(report) if check["class"] == "substrate"]
    assert len(seen) == len(known)
