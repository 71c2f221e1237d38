"""The gate itself: what fails is told, what was not run is told, and the figures are those of the reports."""

import json
import sys

import pytest

import check
from kit import register, soak, stages
from kit.paths import HARNESS
from kit.problem import Problem


@pytest.fixture
def run(tmp_path, monkeypatch):
    for name in ("RESULTS", "TARGETS", "REPORTS"):
        monkeypatch.setattr(stages, name, tmp_path / name.lower())
    return stages.Check()


def fails():
    raise Problem("it broke")


@pytest.mark.parametrize("text, shown, code", [
    ("def test_a(): assert 1\ndef test_b(): assert 2\n", "2 passed, 0 failed", 0),
    ("def test_a(): assert 1\ndef test_b(): assert 0\n", "1 passed, 1 failed", 1),
    ("def nothing(): pass\n", "0 passed, 1 failed", 1),
    ("import nosuch\n", "0 passed, 1 failed", 1),
    ("import pytest\ndef test_a(): assert 1\ndef test_b(): pytest.skip('x')\n", "1 passed, 0 failed, 1 skipped", 0),
], ids=["good", "bad", "empty", "broken", "skipped"])
def test_a_file_of_tests_is_counted(text, shown, code, run, tmp_path, capsys):
    file = tmp_path / "test_small.py"
    file.write_text(text)
    run.run(stages.pytest("test_small", file))
    assert run.finish() == code
    words = capsys.readouterr().out
    assert shown in words and f"{shown.partition(', 1 skipped')[0]}" == words.splitlines()[-1]


@pytest.mark.parametrize("stage, words", [
    (stages.step("a step", fails), "a step: FAILED: it broke"),
    (stages.program("a program", sys.executable, "-c", "print('why'); raise SystemExit(3)"), "FAILED with exit code 3"),
], ids=["step", "program"])
def test_a_stage_that_fails_fails_the_whole_and_stops_nothing(stage, words, run, capsys):
    run.run(stage, stages.program("good", sys.executable, "-c", ""), at_once=1)
    assert run.finish() == 1
    shown = capsys.readouterr().out
    assert words in shown and "good: good" in shown and shown.endswith("1 passed, 1 failed\n")


def test_stages_run_at_the_same_time(run, tmp_path):
    """Each waits for what the other makes."""
    wait = "import pathlib, sys, time\npathlib.Path(sys.argv[1]).touch()\nend = time.monotonic() + 20\n" \
           "while not pathlib.Path(sys.argv[2]).exists():\n time.sleep(.01)\n assert time.monotonic() < end"
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    run.run(stages.program("a", sys.executable, "-c", wait, a, b), stages.program("b", sys.executable, "-c", wait, b, a),
            at_once=2)
    assert run.finish() == 0


def test_no_two_stages_share_a_name(run):
    run.run(stages.step("a b", lambda: "done"))
    with pytest.raises(AssertionError):
        run.run(stages.step("a-b", lambda: "done"))


def test_every_file_of_tests_is_a_stage_once():
    names = [stage.name for stage in check.test_files(False)]
    assert sorted(names) == sorted(path.stem for path in HARNESS.glob("test_*.py"))
    assert set(check.LONGEST) | set(check.SLOW) <= set(names)
    assert set(names) - {stage.name for stage in check.test_files(True)} == set(check.SLOW)


@pytest.fixture
def tested(tmp_path):
    """A tree with a register of one statement, shown by one unit test; and what that test came to."""
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/mqtt5.tsv").write_text("MQTT-1.5.4-1\tserver\tx\ttest_a:b harness/test_c.py::test_d\n")
    (tmp_path / "test/results").mkdir(parents=True)

    def results(unit, harness):
        tests = "".join(f'<test result="{result}"><id>b</id></test>' for result in unit)
        (tmp_path / "test/results/broker-test_a.xml").write_text(
            f'<testsuites xmlns="http://check.sourceforge.net/ns"><suite>{tests}</suite></testsuites>')
        cases = "".join(f'<testcase name="test_d[{n}]">{inside}</testcase>' for n, inside in enumerate(harness))
        (tmp_path / "test_c.xml").write_text(f"<testsuites>{cases}</testsuites>")
        found = {**register.unit_results(tmp_path), **register.harness_results(tmp_path)}
        return [problem.partition("MQTT-1.5.4-1: ")[2] for problem in register.unproven(tmp_path, found)]

    return results


@pytest.mark.parametrize("unit, harness, problems", [
    (["success", "success"], ["", ""], []),
    ([], [""], ["test_a:b was not run"]),
    (["success", "failure"], [""], ["test_a:b did not pass"]),
    (["error", "success"], [""], ["test_a:b did not pass"]),
    (["success"], [], ["harness/test_c.py::test_d was not run"]),
    (["success"], ["", "<failure/>"], ["harness/test_c.py::test_d did not pass"]),
    (["success"], ["<skipped/>", ""], ["harness/test_c.py::test_d did not pass"]),
])
def test_a_statement_is_shown_by_tests_that_passed(unit, harness, problems, tested):
    assert tested(unit, harness) == problems


def test_results_that_cannot_be_read_prove_nothing(tmp_path):
    (tmp_path / "test/results").mkdir(parents=True)
    (tmp_path / "test/results/broker-test_a.xml").write_text("<testsuites>")
    with pytest.raises(Problem, match="broker-test_a.xml"):
        register.unit_results(tmp_path)


def soaked(folder, flaky=0, inconclusive=0, repeated=2, durations=(2_000_000, 2_900_000)):
    """A folder as a run of repeats leaves it behind."""
    (folder / "report.json").write_text(json.dumps({
        "counts": {"FLAKY": flaky, "INCONCLUSIVE": inconclusive}, "emitted": {"checks": 7, "of": 7},
        "run": {"repeated": repeated, "longest": {"us": 1_000_000, "script": "A"}}}))
    for number, duration in enumerate(durations, 1):
        lines = [{"event": "script", "attempt": 1}, {"event": "script", "attempt": number}, {"event": "end", "duration_us": duration}]
        (folder / f"trace-{number}.jsonl").write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    return soak.figures(folder, 2)


def test_the_figures_of_a_soak(tmp_path):
    lines, good = soaked(tmp_path)
    assert good and "2 of 2 repeats" in lines[0]
    assert lines[1] == "FLAKY 0, INCONCLUSIVE after the lone rerun 0, of 7 checks; lone reruns 1"
    assert "took 2.9 s, 2.9 times its longest single case (1.0 s, A)" in lines[2]


@pytest.mark.parametrize("wrong", [{"flaky": 1}, {"inconclusive": 1}, {"repeated": 1}, {"durations": (2_000_000,)},
                                   {"durations": (2_000_000, 3_100_000)}], ids=str)
def test_a_soak_can_fail(wrong, tmp_path):
    assert soaked(tmp_path, **wrong)[1] is False
    assert soak.verdict(tmp_path, "2", 0) == 3 and soak.verdict(tmp_path, "2", 1) == 1


@pytest.mark.parametrize("repeats", ["1", "0", "-3", "x", ""])
def test_a_soak_repeats(repeats):
    with pytest.raises(Problem, match="--soak"):
        soak.flags(repeats)
