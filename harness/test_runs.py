"""Runs as a product: repeated, shuffled, resumed, compared with a baseline, interrupted; and what scripts read."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import time
import xml.etree.ElementTree as xml

import jsonschema
import pytest

from kit import nulls, runner
from kit.paths import REPORTS, ROOT, RUNNER

SCHEMA = json.loads((ROOT / "conformance" / "report.schema.json").read_text())
BASELINE_SCHEMA = json.loads((ROOT / "conformance" / "baseline.schema.json").read_text())
FAILING = "PUB-02.other/qos1"

SUBSTRATE_RULE = """
- **SUB-98** *(class substrate)* A PINGREQ MUST be answered.

  ```scenario
  case SUB-98.ping "a ping is answered"
    org      seed
    scout    is agent
    scout    connects
    twin     scout pings                                 -> alive
  ```
"""

POLICY_RULE = """
- **PUB-98** *(class policy)* Nobody MUST be heard under another's name.

  ```scenario
  case PUB-98.name "a name is its owner's"
    org      seed
{needs}    scout, analyst are agents
    analyst  connects
    analyst  subscribes "agents/+/card"                  -> granted
    scout    connects
    twin     scout publishes "agents/scout/card" "x"     -> allowed
    analyst  receives "x"
    deny     same to "agents/analyst/card"               -> denied
  ```
"""


def judged(target, kit, name, *flags):
    done = runner.run(target, kit, REPORTS / name, *flags)
    return done, runner.report(REPORTS / name)


def verdicts(report):
    return {runner.check_id(check): check["verdict"] for check in report["checks"]}


@pytest.fixture(scope="module")
def allow_all(kit):
    with nulls.null_target("allow_all") as running:
        yield running.target


def baseline(tmp_path, *entries):
    file = tmp_path / "baseline.json"
    document = {"known": [{"reason": "tracked", "expires": "2999-12-31", **entry} for entry in entries]}
    jsonschema.validate(document, BASELINE_SCHEMA)
    file.write_text(json.dumps(document))
    return str(file)


@pytest.mark.parametrize("flags", [[], ["--select", "PUB-*"], ["--repeat", "2", "--shuffle", "--select", "SBS-*"]],
                         ids=["whole", "selected", "repeated"])
def test_the_report_is_as_its_schema_says(flags, broker, kit):
    _, report = judged(broker.target, kit, "schema", *flags)
    jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(report)
    assert report["emitted"]["checks"] == report["emitted"]["of"] == len(report["checks"])


def test_a_failing_report_is_as_its_schema_says(allow_all, kit, tmp_path):
    file = baseline(tmp_path, {"rule": "PUB-02"})
    _, report = judged(allow_all, kit, "schema-failing", "--baseline", file)
    jsonschema.Draft7Validator(SCHEMA).validate(report)


def test_repeats_in_another_order_agree(broker, kit):
    some = ("--select", "SBS-*", "--shuffle", "--seed", "7")  # the whole battery is shuffled by the soak
    done, report = judged(broker.target, kit, "repeated", "--repeat", "3", *some)
    assert done.returncode == 0, done.stdout
    assert (report["run"]["repeat"], report["run"]["repeated"], report["run"]["shuffle"]) == (3, 3, True)
    assert report["counts"]["FLAKY"] == 0
    orders = [order(REPORTS / "repeated" / f"trace-{number}.jsonl") for number in (1, 2, 3)]
    assert not (REPORTS / "repeated" / "trace.jsonl").exists()
    assert sorted(orders[0]) == sorted(orders[1]) and len({tuple(one[:40]) for one in orders}) == 3
    judged(broker.target, kit, "repeated-again", *some, "--jobs", "1")
    judged(broker.target, kit, "repeated-third", *some, "--jobs", "1")
    again, third = (order(REPORTS / name / "trace.jsonl") for name in ("repeated-again", "repeated-third"))
    assert again == third
    assert runner.call("judge", REPORTS / "repeated" / "trace-2.jsonl").returncode == 0


def order(trace):
    """The scripts in the order in which they began."""
    lines = [json.loads(line) for line in trace.read_text().split("\n") if line]
    return [line["script"] for line in lines if line.get("event") == "script"]


def test_two_verdicts_of_one_check_are_flaky(kit):
    with nulls.odd_target("moody") as running:
        done, report = judged(running.target, kit, "moody", "--no-preflight", "--select", FAILING, "--repeat", "4")
    flaky = [check for check in report["checks"] if check["verdict"] == "FLAKY"]
    assert [check["rule"] for check in flaky if check["level"] == "must"] == ["PUB-01", "PUB-02"], done.stdout
    assert re.match(r"2 PASS and 2 FAIL in 4 runs; FAIL: PUB-02\.other line \d+", flaky[1]["sentence"])
    assert done.returncode == 3 and report["counts"]["FAIL"] == 0
    assert next(one for one in report["classes"] if one["class"] == "core")["status"] == "incomplete"
    errors = [case for case in junit("moody").iter("testcase") if case.find("error") is not None]
    assert {case.find("error").get("type") for case in errors} == {"FLAKY"}
    assert "FLAKY PUB-02" in done.stdout


def test_what_failed_is_run_again(allow_all, kit):
    done, first = judged(allow_all, kit, "first", "--select", "PUB-*")
    not_passed = {check["script"] for check in first["checks"] if check["verdict"] in ("FAIL", "BLOCKED")}
    done, again = judged(allow_all, kit, "again", "--failed-from", str(REPORTS / "first"))
    assert done.returncode == 1
    assert {check["script"] for check in again["checks"]} == not_passed
    assert again["run"]["selection"]["narrowed"] and "narrowed by --failed-from" in again["classes"][0]["reason"]
    assert runner.call("judge", REPORTS / "again" / "trace.jsonl").returncode == 1


def test_nothing_failed_is_nothing_to_run(broker, kit, tmp_path):
    judged(broker.target, kit, "sound", "--select", "PUB-02.other")
    for path, words in ((REPORTS / "sound" / "report.json", "nothing in it has failed"), (tmp_path, "report.json")):
        done = runner.run(broker.target, kit, tmp_path / "report", "--failed-from", str(path))
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_known_failures_are_no_violation(allow_all, kit, tmp_path):
    rules = ["PUB-01", "PUB-02", "PUB-03"]
    _, before = judged(allow_all, kit, "before", "--select", "PUB-02.other*")
    failing = sorted({check["rule"] for check in before["checks"] if check["verdict"] == "FAIL"})
    file = baseline(tmp_path, *({"rule": rule} for rule in failing))
    done, report = judged(allow_all, kit, "known", "--select", "PUB-02.other*", "--baseline", file)
    assert failing and set(failing) <= set(rules)
    assert verdicts(report) == verdicts(before)
    assert all(check["known"] == (check["verdict"] == "FAIL") for check in report["checks"])
    open_must = [check for check in report["checks"] if check["verdict"] == "BLOCKED" and check["level"] == "must"]
    assert done.returncode == (3 if open_must else 0)
    assert next(one for one in report["classes"] if one["class"] == "core")["status"] == "failure"
    assert "(known)" in done.stdout
    assert [case.find("skipped").get("message") for case in junit("known").iter("testcase")
            if case.find("skipped") is not None and "[PUB-02]" in case.get("name")]


@pytest.mark.parametrize("entry, code, state", [
    ({"rule": "PUB-02"}, 5, "stale"),
    ({"rule": "PUB-02", "script": f"{FAILING}@tls"}, 5, "stale"),
    ({"rule": "PUB-02", "expires": "2020-02-29"}, 5, "expired"),
    ({"rule": "ORG-01"}, 0, "not judged"),
])
def test_a_baseline_that_is_out_of_date(entry, code, state, broker, kit, tmp_path):
    done, report = judged(broker.target, kit, "stale", "--select", "PUB-*", "--baseline", baseline(tmp_path, entry))
    assert (done.returncode, report["baseline"]["known"][0]["state"]) == (code, state), done.stdout
    assert ("$.known[0] is" in done.stdout) == (code == 5)


def test_an_expired_entry_hides_no_other_failure(allow_all, kit, tmp_path):
    file = baseline(tmp_path, {"rule": "PUB-01", "expires": "2020-01-01"})
    done, _ = judged(allow_all, kit, "expired", "--select", FAILING, "--baseline", file)
    assert done.returncode == 1


@pytest.mark.parametrize("document, words", [
    ("{", "line 1"),
    ("[]", "expected an object"),
    ("{}", "$.known"),
    ('{"known": []}', "$.known"),
    ('{"known": [1]}', "$.known[0]"),
    ('{"known": [{"rule": "PUB-02", "reason": "r"}]}', "$.known[0].expires"),
    ('{"known": [{"rule": "PUB-02", "expires": "2999-01-01"}]}', "$.known[0].reason"),
    ('{"known": [{"rule": "PUB-99", "reason": "r", "expires": "2999-01-01"}]}', "$.known[0].rule: no rule"),
    ('{"known": [{"rule": "PUB-02", "script": "x", "reason": "r", "expires": "2999-01-01"}]}', "$.known[0].script"),
    ('{"known": [{"rule": "PUB-02", "reason": "r", "expires": "2999-02-29"}]}', "$.known[0].expires: expected a day"),
    ('{"known": [{"rule": "PUB-02", "reason": "r", "expires": "soon"}]}', "$.known[0].expires"),
    ('{"known": [{"rule": "PUB-02", "reason": "r", "expires": "2999-01-01", "x": 1}]}', "$.known[0].x"),
    ('{"known": [], "known": []}', "known"),
])
def test_a_wrong_baseline_is_told_before_the_run(document, words, kit, tmp_path):
    file = tmp_path / "baseline.json"
    file.write_text(document)
    done = runner.run("mqtt://127.0.0.1:9", kit, tmp_path / "report", "--baseline", str(file))
    assert (done.returncode, words in done.stderr, "baseline.json" in done.stderr) == (2, True, True), done.stderr


def junit(name):
    return xml.parse(REPORTS / name / "junit.xml").getroot()


def test_junit_is_what_build_servers_read(allow_all, kit):
    _, report = judged(allow_all, kit, "junit")
    root = junit("junit")
    suite = root.find("testsuite")
    cases = list(suite.iter("testcase"))
    assert [case.get("name") for case in cases] == [runner.check_id(check) for check in report["checks"]]
    elements = {"FAIL": "failure", "BLOCKED": "error", "INCONCLUSIVE": "error", "UNTESTED": "error",
                "N/A": "skipped", "PASS": None, "WARN": None}
    for case, check in zip(cases, report["checks"]):
        found = [child.tag for child in case if child.tag != "system-out"]
        assert found == ([elements[check["verdict"]]] if elements.get(check["verdict"]) else [])
    counted = {tag: sum(case.find(tag) is not None for case in cases) for tag in ("failure", "error", "skipped")}
    assert [int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")] == [len(cases), *counted.values()]
    times = {}
    for case, check in zip(cases, report["checks"]):
        times[check["script"]] = times.get(check["script"], 0) + float(case.get("time"))
    slowest = report["run"]["longest"]
    assert abs(times[slowest["script"]] - slowest["us"] / 1e6) < 0.001


def test_ctrl_c_leaves_a_report(kit):
    folder = REPORTS / "interrupted"
    with nulls.null_target("silent") as running:
        command = [RUNNER, "run", "--target", running.target, "--fixture", kit, "--report", folder, "--no-preflight"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        time.sleep(0.7)
        process.send_signal(signal.SIGINT)
        text, _ = process.communicate(timeout=20)
    report = runner.report(folder)
    assert (process.returncode, report["run"]["interrupted"]) == (3, True)
    assert "\ninterrupted\n" in text
    assert report["emitted"]["checks"] == report["emitted"]["of"]
    jsonschema.Draft7Validator(SCHEMA).validate(report)
    assert runner.call("judge", folder / "trace.jsonl").returncode == 3


@pytest.mark.parametrize("seconds", [0.6, 1.15, 1.7, 2.23])
def test_ctrl_c_ends_all_repeats(seconds, broker, kit):
    """Whether a run is under way, or the trace of the last one is being judged again."""
    folder = REPORTS / "interrupted-repeats"
    command = [RUNNER, "run", "--target", broker.target, "--fixture", kit, "--report", folder, "--repeat", "500",
               "--select", "PUB-*"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    report = runner.report(folder)
    assert process.returncode == 3 and report["run"]["interrupted"]
    assert report["run"]["repeated"] < 500 and report["counts"]["FLAKY"] == 0


def author_spec(folder, chapter):
    """A checkout of spec, cases and vectors whose chapter on publishing has something more."""
    for name in ("spec", "conformance/cases", "vectors"):
        shutil.copytree(ROOT / name, folder / name)
    with (folder / "spec" / "06-publish.md").open("a") as text:
        text.write(chapter)
    return str(folder)


def target_with(target, folder, **members):
    file = folder / "target.json"
    file.write_text(json.dumps({**json.loads(target.read_text()), **members}))
    return file


LATE_CASE = """
  case SUB-98.late-{number} "a message that takes its time"
    org      seed
    scout    is agent
    scout    connects
    scout    subscribes "agents/+/card"                  -> granted
    twin     scout publishes "agents/scout/card" "x"     -> allowed
    scout    receives "x" by 2s
"""


def test_cases_that_wait_wait_together(kit, tmp_path):
    """One at a time, as --jobs has it, they would take six times as long as the longest; none of them works."""
    rule, fence, _ = SUBSTRATE_RULE.rpartition("  ```")
    chapter = rule + "".join(LATE_CASE.format(number=number) for number in range(6)) + fence + "\n"
    with nulls.null_target("deaf") as running:
        file = target_with(running.target, tmp_path, classes=["substrate"])
        runner.run(file, kit, tmp_path / "report", "--spec", author_spec(tmp_path, chapter), "--select", "SUB-98.late*",
                   "--no-preflight", "--jobs", "1")
    report = runner.report(tmp_path / "report")
    assert len(report["checks"]) == 6
    assert report["run"]["longest"]["us"] > 1_900_000
    assert report["run"]["duration_ms"] * 1000 < 3 * report["run"]["longest"]["us"]


def test_nothing_but_undeclared_classes_is_nothing_to_run(allow_all, kit, tmp_path):
    file = target_with(allow_all, tmp_path, classes=["substrate"])
    done = runner.run(file, kit, tmp_path / "report", "--select", "PUB-*")
    assert done.returncode == 2 and "does not declare the class core" in done.stderr


def test_a_class_that_is_not_declared_is_not_judged(broker, kit, tmp_path):
    """Core rules and one of another class, in a spec of an author."""
    file = target_with(broker.target, tmp_path, classes=["policy"])
    done = runner.run(file, kit, tmp_path / "report", "--spec", author_spec(tmp_path, POLICY_RULE.format(needs="")),
                      "--select", "PUB-*")
    report = runner.report(tmp_path / "report")
    assert {check["verdict"] for check in report["checks"] if check["class"] == "core"} == {"N/A"}
    assert {check["verdict"] for check in report["checks"] if check["class"] == "policy"} == {"PASS"}
    assert report["emitted"]["checks"] == report["emitted"]["of"]
    assert done.returncode == 0 and "class core" not in done.stdout, done.stdout
    again = runner.call("judge", tmp_path / "report" / "trace.jsonl", "--spec", tmp_path)
    assert again.returncode == 0, again.stderr


def test_a_missing_hook_is_untested(broker, kit, tmp_path):
    author_spec(tmp_path, POLICY_RULE.format(needs="    needs    audit\n"))
    file = target_with(broker.target, tmp_path, classes=["policy"])
    done = runner.run(file, kit, tmp_path / "report", "--spec", str(tmp_path), "--select", "PUB-98")
    found = runner.report(tmp_path / "report")["checks"]
    assert {(check["verdict"], check["sentence"]) for check in found if check["level"] == "must"} == {
        ("UNTESTED", "needs the hook audit, which the target file does not have")}
    assert done.returncode == 3
    target_with(broker.target, tmp_path, classes=["policy"], hooks={"audit": ["true"]})
    done = runner.run(file, kit, tmp_path / "report", "--spec", str(tmp_path), "--select", "PUB-98")
    assert done.returncode == 0, done.stdout
    assert runner.report(tmp_path / "report")["target"]["hooks"] == ["audit"]
    assert runner.call("judge", tmp_path / "report" / "trace.jsonl", "--spec", tmp_path).returncode == 0


def test_the_report_path_is_relative_below_the_working_directory(broker, kit, tmp_path):
    def path(where, folder):
        command = [RUNNER, "run", "--target", broker.target, "--fixture", kit, "--report", folder, "--select", "PUB-02.other"]
        done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
        return re.search(r"^report: (.*)$", done.stdout, re.M).group(1)

    assert path(tmp_path, tmp_path / "a" / "b") == "a/b/report.json"
    assert path(tmp_path / "a", tmp_path / "b") == str(tmp_path / "b" / "report.json")


def test_a_judge_without_a_trace_names_it(tmp_path):
    done = runner.call("judge", tmp_path / "trace.jsonl")
    assert done.returncode == 2 and "trace.jsonl: cannot read the trace" in done.stderr


def test_a_missing_ca_is_a_bad_file(kit, tmp_path):
    file = tmp_path / "target.json"
    file.write_text(json.dumps({"name": "x", "listeners": [{"name": "a", "address": "mqtts://127.0.0.1:9"}],
                                "tls": {"ca": "nowhere.pem"}}))
    done = runner.run(file, kit, tmp_path / "report")
    assert done.returncode == 2 and "$.tls.ca" in done.stderr and "nowhere.pem" in done.stderr


def test_what_was_not_run_over_tls_is_not_said_to_have_failed(broker, kit):
    _, report = judged(broker.target, kit, "narrow", "--select", "PUB-01.*")
    reason = next(one for one in report["classes"] if one["class"] == "core")["reason"]
    assert "the AUTH cases were not run over TLS" in reason and "PUB cases" not in reason


def on_terminal(command, environment=None):
    """What the command writes to a terminal."""
    parent, child = pty.openpty()
    process = subprocess.Popen(command, stdout=child, stderr=child, stdin=subprocess.DEVNULL,
                               env={**os.environ, **(environment or {})})
    os.close(child)
    text = b""
    while True:
        try:
            chunk = os.read(parent, 65536)
        except OSError:
            break
        if not chunk:
            break
        text += chunk
    os.close(parent)
    process.wait(30)
    return text.decode(errors="replace")


def test_colours_and_progress_are_for_terminals(allow_all, kit):
    command = [RUNNER, "run", "--target", allow_all, "--fixture", kit, "--report", REPORTS / "terminal",
               "--select", "PUB-02.*"]
    shown = on_terminal(command)
    assert "\x1b[31mFAIL" in shown
    assert re.search(r"\[\d+/\d+\] waiting for \S", shown), shown[:2000]
    assert "\x1b[31m" not in on_terminal(command, {"NO_COLOR": "1"})
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "\x1b" not in done.stdout + done.stderr
