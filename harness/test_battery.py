"""The battery against the reference broker, whole, over both listeners, and what the reports say."""

import json
import os
import subprocess
import xml.etree.ElementTree as xml

import jsonschema
import pytest

from kit import nulls, runner, soak, spec
from kit.paths import BUILD, REPORTS, ROOT, TARGETS
from kit.reference import reference


@pytest.fixture(scope="module")
def judged(kit):
    """The finished process and the folder of its reports; the broker goes on for reruns."""
    folder = REPORTS / "reference"
    with reference(kit) as broker:
        yield runner.run(broker.target, kit, folder), folder


@pytest.fixture(scope="module")
def report(judged):
    return runner.report(judged[1])


def test_every_rule_passes(judged, report):
    done, _ = judged
    assert [(check["script"], check["sentence"]) for check in report["checks"] if check["verdict"] != "PASS"] == []
    judged = [name for name, rule in spec.read(ROOT / "spec").rules.items() if not spec.excused(rule)]
    assert {rule["id"]: rule["verdict"] for rule in report["rules"] if not rule["excuse"]} == dict.fromkeys(judged, "PASS")
    assert (done.returncode, report["exit"], report["outcome"]) == (0, 0, "no violation"), done.stdout


def test_every_check_is_emitted(report):
    emitted = report["emitted"]
    assert emitted["checks"] == emitted["of"] == len(report["checks"]) > 100


def test_a_run_takes_no_longer_than_its_longest_case_three_times(report):
    run = report["run"]
    assert run["duration_ms"] * 1000 <= soak.FACTOR * run["longest"]["us"], run


def test_a_draft_is_never_a_success(report):
    """Areas without a chapter are not judged: the class is partial, and says what is missing."""
    core = next(entry for entry in report["classes"] if entry["class"] == "core")
    assert (core["status"], bool(core["areas"]["missing"])) == ("partial", True)
    assert all(area in core["reason"] for area in core["areas"]["missing"])


def test_both_listeners_are_judged(report):
    for listener in ("tls", "plain"):
        areas = {check["rule"].split("-")[0] for check in report["checks"] if check["listener"] == listener}
        assert areas >= {"TLS", "AUTH", "PUB", "SBS"}, listener


def test_vectors_are_run_on_the_wire(report):
    assert {check["case"] for check in report["checks"] if check["case"].startswith("vector:")}


def test_report_has_the_published_form(report):
    schema = json.loads((ROOT / "conformance" / "report.schema.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(report, schema)


def test_target_file_has_the_published_form(judged):
    schema = json.loads((ROOT / "conformance" / "target.schema.json").read_text())
    jsonschema.validate(json.loads((TARGETS / "reference" / "target.json").read_text()), schema)


def test_junit_is_xml_and_counts_alike(judged, report):
    root = xml.parse(judged[1] / "junit.xml").getroot()
    cases = list(root.iter("testcase"))
    assert len(cases) == len(report["checks"])
    assert not [case for case in cases if case.find("failure") is not None or case.find("error") is not None]


def test_judge_gives_the_same_verdicts(judged, report):
    """The live run and the stored trace go through one judge; `judge` itself exits with 4 where they differ."""
    done = runner.call("judge", judged[1] / "trace.jsonl", "--json")
    assert done.returncode == report["exit"], done.stderr
    again = json.loads(done.stdout)
    verdicts = {(check["script"], check["rule"], check["deny"]): check["verdict"] for check in report["checks"]}
    assert {(c["script"], c["rule"], c["deny"]): c["verdict"] for c in again["checks"]} == verdicts


def test_judge_sees_a_trace_that_was_cut(judged, tmp_path):
    """A trace that does not bear the report out is no trace of it."""
    lines = (judged[1] / "trace.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "trace.jsonl").write_text("".join(lines[:len(lines) // 2]))
    (tmp_path / "report.json").write_text((judged[1] / "report.json").read_text())
    done = runner.call("judge", tmp_path / "trace.jsonl")
    assert (done.returncode, "trace.jsonl" in done.stderr) == (2, True)


def test_judge_sees_a_report_that_was_made_up(judged, report, tmp_path):
    """The stored trace says PASS; a report that says otherwise differs from it: exit 4."""
    (tmp_path / "trace.jsonl").write_text((judged[1] / "trace.jsonl").read_text())
    report = json.loads(json.dumps(report))
    report["checks"][0]["verdict"] = "FAIL"
    (tmp_path / "report.json").write_text(json.dumps(report))
    assert runner.call("judge", tmp_path / "trace.jsonl").returncode == 4


def test_core_needs_no_hook(report, kit, tmp_path):
    """The target file without any: each check of core is judged as with them, and none is left open."""
    with reference(kit, "hookless") as broker:
        target = json.loads(broker.target.read_text())
        assert target.pop("hooks")
        broker.target.write_text(json.dumps(target))
        runner.run(broker.target, kit, tmp_path)
    bare = runner.report(tmp_path)

    def core(found):
        return {(check["script"], check["rule"]): check["verdict"] for check in found["checks"] if check["class"] == "core"}

    def status(found):
        return next((entry["status"], entry["must"]) for entry in found["classes"] if entry["class"] == "core")

    assert set(core(bare).values()) == {"PASS"}
    assert core(bare) == core(report)
    assert status(bare) == status(report)
    assert {check["verdict"] for check in bare["checks"] if check["class"] == "policy"} == {"UNTESTED"}


def test_a_narrowed_run_is_partial_and_says_so(kit, tmp_path):
    with reference(kit, "narrowed") as broker:
        done = runner.run(broker.target, kit, tmp_path, "--select", "PUB-*")
    report = runner.report(tmp_path)
    assert done.returncode == 0, done.stdout
    assert report["run"]["selection"]["narrowed"]
    assert {entry["class"]: entry["status"] for entry in report["classes"]} == {"core": "partial", "substrate": "incomplete", "policy": "incomplete"}


def test_the_same_seed_gives_the_same_plan(judged, report):
    seed = str(report["run"]["seed"])
    target = report["run"]["command"][report["run"]["command"].index("--target") + 1]
    first, second = (runner.call("plan", "--target", target, "--seed", seed, "--json").stdout for _ in range(2))
    assert first == second and first


def test_a_failure_prints_one_command_that_reruns_it(kit, tmp_path):
    with nulls.null_target("allow_all") as target:
        done = runner.run(target.target, kit, tmp_path / "all")
        failed = next(check for check in runner.failures(runner.report(tmp_path / "all")) if check["rule"] == "PUB-02")
        assert failed["sentence"] and failed["rerun"] in done.stdout
        again = subprocess.run(f"{failed['rerun']} --report {tmp_path}/again", shell=True, capture_output=True, text=True,
                               env={**os.environ, "PATH": f"{BUILD}/bin:{os.environ['PATH']}"}, timeout=60, check=False)
    assert again.returncode == 1, again.stdout + again.stderr
    alone = runner.report(tmp_path / "again")
    assert {check["script"] for check in alone["checks"]} == {failed["script"]}
    assert failed["rule"] in {check["rule"] for check in runner.failures(alone)}
