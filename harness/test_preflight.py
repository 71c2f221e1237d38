"""The preflight: a rule that was translated wrongly, another clock, a name server that does not answer."""

import json
import re
import subprocess
import time

import pytest

from kit import nulls, reference, runner
from kit.paths import HARNESS, REPORTS, TARGETS

SLOW_NAMES = HARNESS / "targets" / "odd" / "slow_names.c"


@pytest.fixture
def translated(kit, monkeypatch):
    """Starts the reference broker with one organisation's policy changed, as a vendor's mistake would."""
    usual = reference.configuration

    def start(name, org, change):
        policy = json.loads((kit / "organisations" / f"{org}.json").read_text())
        change({rule["id"]: rule for rule in policy["rules"]}, policy["rules"])
        file = TARGETS / name / f"{org}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(policy))

        def configuration(fixture):
            found = usual(fixture)
            return {**found, "policies": {**found["policies"], org: str(file)}}

        monkeypatch.setattr(reference, "configuration", configuration)
        return reference.reference(kit, name)

    return start


def misnamed(rules, _):
    rules["dispatch"]["agents"] = ["warder"]


def test_fixture_check_of_a_good_broker(broker, kit):
    began = time.monotonic()
    done = runner.call("fixture", "check", "--target", broker.target, "--fixture", kit)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b(\d\d+) of \1 probes held", done.stdout), done.stdout
    assert "clock offset 0 s" in done.stdout
    assert time.monotonic() - began < 2


def test_fixture_check_as_json(broker, kit):
    done = runner.call("fixture", "check", "--target", broker.target, "--fixture", kit, "--json")
    found = json.loads(done.stdout)
    probes = found["preflight"]["probes"]
    assert (probes["held"], probes["findings"]) == (probes["asked"], []) and probes["asked"] > 20
    assert found["target"] == "shared"
    assert json.loads(runner.call("fixture", "check", "--fixture", kit, "--json").stdout)["preflight"] is None


def test_a_mistranslated_rule_is_one_line(translated, kit):
    with translated("misnamed", "presence", misnamed) as running:
        done = runner.call("fixture", "check", "--target", running.target, "--fixture", kit)
    lines = [line for line in done.stdout.splitlines() if "organisation presence" in line]
    assert done.returncode == 3
    assert len(lines) == 1, done.stdout
    assert 'rule "dispatch": agent warden publishes "agents/scout/inbox/1", which the rule grants' in lines[0]
    assert "PUBACK 0x87" in lines[0]


def test_it_blocks_the_cases_of_its_organisation_alone(translated, kit):
    with translated("misnamed", "presence", misnamed) as running:
        done = runner.run(running.target, kit, REPORTS / "misnamed")
    found = runner.report(REPORTS / "misnamed")
    assert done.returncode == 3, done.stdout
    by_verdict = {verdict: {check["case"] for check in found["checks"] if check["verdict"] == verdict}
                  for verdict in ("BLOCKED", "PASS", "FAIL")}
    assert "POL-02.named" in by_verdict["BLOCKED"] and by_verdict["FAIL"] == set()
    assert {"PUB-02.other", "SBS-04.containment", "AUTH-01.good"} <= by_verdict["PASS"]
    blocked = [check for check in found["checks"] if check["verdict"] == "BLOCKED" and check["level"] == "must"]
    assert all('rule "dispatch"' in check["sentence"] for check in blocked)
    again = runner.call("judge", REPORTS / "misnamed" / "trace.jsonl")
    assert again.returncode == 3, again.stderr


def test_a_rule_that_grants_too_much_is_told_and_hides_no_violation(translated, kit):
    def widen(_, rules):
        rules.append({"id": "oops", "topic": "#", "action": "pub+sub"})

    with translated("widened", "seed", widen) as running:
        done = runner.run(running.target, kit, REPORTS / "widened")
    assert done.returncode == 1
    findings = runner.report(REPORTS / "widened")["preflight"]["probes"]["findings"]
    assert {(found["org"], found["finding"]) for found in findings} == {("seed", "denial not held")}
    assert 'publishes "elsewhere/scout/card", which no rule grants: saw PUBACK 0x00' in findings[0]["sentence"]


@pytest.mark.parametrize("ahead, leeway, told", [
    (0, 0, 0), (0, 30, 0), (20, 0, 20), (-20, 30, -20), (45, 30, 45), (-45, 30, -45),
])
def test_the_clock_is_seen_through_the_tokens(ahead, leeway, told, kit):
    with nulls.odd_target("shifted", ahead, leeway) as target:
        done = runner.call("fixture", "check", "--target", target.target, "--fixture", kit, "--json")
    preflight = json.loads(done.stdout)["preflight"]
    assert abs(preflight["clock_offset_ms"] / 1000 - told) <= 1, preflight
    assert (preflight["clock_warning"] is not None) == (abs(told) > 2)


def test_a_broker_that_looks_at_no_clock_shows_none(kit):
    with nulls.null_target("deaf") as target:
        runner.run(target.target, kit, REPORTS / "clockless", "--select", "TLS-*")
    assert runner.report(REPORTS / "clockless")["preflight"]["clock_offset_ms"] is None
    with nulls.odd_target("shifted", 0, 3600) as target:
        done = runner.call("fixture", "check", "--target", target.target, "--fixture", kit, "--json")
    assert json.loads(done.stdout)["preflight"]["clock_offset_ms"] is None


def test_a_larger_offset_may_be_declared(kit):
    with nulls.odd_target("shifted", 20, 0) as target:
        declared = {**json.loads(target.target.read_text()), "clock_skew_ms": 25000}
        target.target.write_text(json.dumps(declared))
        done = runner.call("fixture", "check", "--target", target.target, "--fixture", kit, "--json")
    preflight = json.loads(done.stdout)["preflight"]
    assert abs(preflight["clock_offset_ms"] - 20000) <= 1000 and preflight["clock_warning"] is None


def test_a_name_server_that_does_not_answer_holds_nobody(kit, tmp_path, monkeypatch):
    library = tmp_path / "slow_names.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, SLOW_NAMES], check=True)
    monkeypatch.setenv("LD_PRELOAD", str(library))
    began = time.monotonic()
    done = runner.run("mqtt://broker.example:1883", kit, tmp_path / "report")
    assert time.monotonic() - began < 5
    assert done.returncode == 3, done.stdout + done.stderr
    assert "could not be looked up in time" in done.stdout
