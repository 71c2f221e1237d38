"""Debian's stock Mosquitto: a sound broker without identity fails, in exactly the known way."""

import fnmatch
import json
import re

import pytest

from kit import mosquitto, runner
from kit.paths import HARNESS, REPORTS

KNOWN = json.loads((HARNESS / "targets" / "mosquitto" / "known.json").read_text())
JUDGED = ("AUTH", "PUB", "SBS", "ORG")

# Where a broker without identity conforms, and why.
CONFORMS = {
    "AUTH-09": "MQTT 5.0 section 4.12 has every broker refuse a method that it does not have",
}
# Denials that it cannot be seen to break, and why.
UNSEEN = {
    "ORG-01.chosen/qos0": "without trees, what is said below the name of one is heard by nobody in it",
    "ORG-01.chosen/will": "the same",
    "*/delayed-will": "its delayed wills may come later than any fence waits for",
    "SBS-06.crosswise/*": "who was let in everywhere cannot be seen to leave",
}


@pytest.fixture(scope="module")
def judged(kit):
    with mosquitto.mosquitto() as target:
        done = runner.run(target.target, kit, REPORTS / "mosquitto")
    return done, runner.report(REPORTS / "mosquitto")


def denials(report):
    """MUST checks on a denial, of the areas that every identity broker is about. AUTH-06 denies nothing of its
    own: it compares answers."""
    found = [check for check in report["checks"]
             if check["deny"] and check["level"] == "must" and check["rule"].split("-")[0] in JUDGED
             and check["rule"] != "AUTH-06"]
    assert {check["rule"].split("-")[0] for check in found} == set(JUDGED)
    return found


def test_is_a_violation(judged):
    done, report = judged
    assert (done.returncode, report["exit"]) == (1, 1), done.stdout + done.stderr


def unseen(check):
    return any(fnmatch.fnmatchcase(check["script"], script) for script in UNSEEN)


def test_every_denial_fails(judged):
    _, report = judged
    held = [check for check in denials(report) if check["verdict"] != "FAIL" and check["rule"] not in CONFORMS]
    assert [check for check in held if not unseen(check)] == []


def test_there_are_no_refusals_to_compare(judged):
    _, report = judged
    compared = [(check["verdict"], check["sentence"]) for check in report["checks"] if check["rule"] == "AUTH-06"]
    assert set(compared) == {("BLOCKED", "the step was not refused, so there is no answer to compare")}


def test_no_identity_rule_passes(judged):
    _, report = judged
    substrate = {rule["id"] for rule in report["rules"] if rule["class"] == "substrate"}
    assert set(runner.must_passes(report)) - substrate == set(CONFORMS)


@pytest.fixture(scope="module")
def bare(kit):
    """The same broker without a token anywhere: class substrate needs none."""
    with mosquitto.mosquitto("none") as target:
        done = runner.run(target.target, kit, REPORTS / "mosquitto-bare")
    return done, runner.report(REPORTS / "mosquitto-bare")


@pytest.mark.parametrize("verdict, kind", [("FAIL", "failures"), ("WARN", "warnings")])
def test_substrate_is_broken_where_it_is_known_to_be(judged, bare, verdict, kind):
    for _, report in (judged, bare):
        assert "substrate" in report["target"]["classes"]
        assert runner.surprises(report, KNOWN[kind], verdict) == ([], [])


def test_all_of_substrate_is_judged(judged, bare):
    for _, report in (judged, bare):
        verdicts = {check["verdict"] for check in report["checks"]
                    if check["class"] == "substrate" and check["level"] == "must"}
        assert verdicts == {"PASS", "FAIL"}


def test_each_known_failure_shows_its_bytes():
    for entry in KNOWN["failures"] + KNOWN["warnings"]:
        assert set(entry) == {"checks", "statement", "sent", "seen", "why"} and entry["checks"]
        assert re.fullmatch(r"MQTT-\d+(\.\d+)*-\d+", entry["statement"]), entry
        assert all(bytes.fromhex(packet) for packet in entry["sent"] + entry["seen"])


def failed(script, rule="SUB-01", kind="substrate", verdict="FAIL"):
    return {"script": script, "rule": rule, "class": kind, "verdict": verdict}


@pytest.mark.parametrize("checks, known, unknown, idle", [
    ([failed("SUB-01.ping/a")], [], ["SUB-01.ping/a [SUB-01]"], []),
    ([], ["SUB-01.ping [SUB-01]"], [], ["SUB-01.ping [SUB-01]"]),
    ([failed("SUB-01.ping/a"), failed("SUB-01.ping/b")], ["SUB-01.ping/a [SUB-01]"], ["SUB-01.ping/b [SUB-01]"], []),
    ([failed("SUB-01.ping/a"), failed("PUB-02.x", "PUB-02", "core")], ["SUB-01.ping/a [SUB-01]"], [], []),
    ([failed("SUB-01.ping/a", verdict="WARN")], [], [], []),
])
def test_the_comparison_can_fail(checks, known, unknown, idle):
    """Each way in which it may say no, on reports made by hand."""
    assert runner.surprises({"checks": checks}, [{"checks": known}]) == (unknown, idle)
