"""Files that the suite reads are hostile like everything else: target, fixture, baseline, report, trace,
each damaged in every systematic way and in some hundred random ones. The suite refuses, says what and
where, never crashes, and never calls it conformance."""

import json
import random
import re
import shutil
import subprocess

import pytest

from kit import nulls, runner
from kit.paths import FIXTURE, REPORTS, RUNNER, SANITIZED_RUNNER

ROUNDS = 40
SANITIZED_ROUNDS = 15
CLOSED = "mqtt://127.0.0.1:9"
TARGET = {
    "name": "sound", "version": "1", "vendor": "v",
    "listeners": [{"name": "tls", "address": "mqtts://127.0.0.1:9"},
                  {"name": "plain", "address": "mqtt://127.0.0.1:9", "plaintext": "test"}],
    "tls": {"server_name": "localhost"}, "credentials": "jwt", "username": "u", "client_id_prefix": "p",
    "classes": ["core"], "algorithms": ["ES256", "EdDSA"], "grace_ms": 100, "clock_skew_ms": 10,
    "hooks": {"revoke": "mqtt", "policy": ["./load", "{org}"], "audit": ["./print", "{log}"], "restart": ["restart"]},
}
BASELINE = {"known": [{"rule": "PUB-02", "reason": "tracked", "expires": "2999-12-31"},
                      {"rule": "PUB-01", "script": "PUB-02.other/qos0", "reason": "r", "expires": "2999-12-31"}]}


def call(program, *arguments):
    """Exit code and messages; a crash, a hang or a word of a sanitizer is the test's failure."""
    done = subprocess.run([str(program), *map(str, arguments)], capture_output=True, timeout=60, check=False)
    words = done.stderr.decode(errors="replace")
    assert done.returncode >= 0, f"signal {-done.returncode}: {words}"
    assert not re.search(r"ERROR: |runtime error", words), words
    if done.returncode == 2:
        assert words.startswith("mqtt-agent-conformance: "), words
    return done.returncode, words


def with_target(program, file):
    return call(program, "plan", "--target", file, "--select", "PUB-02.other")


def with_baseline(program, file):
    return call(program, "run", "--target", CLOSED, "--fixture", FIXTURE, "--report", file.parent / "report",
                "--select", "PUB-02.other", "--baseline", file)


def places(value, path=()):
    """Each place of a JSON document."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def changed(document, path, value):
    """A copy with another value at this place."""
    copy = json.loads(json.dumps(document))
    if not path:
        return value
    at(copy, path[:-1])[path[-1]] = value
    return copy


def other_types(value):
    return [other for other in (None, True, 7, "", [], {}, 1.5, [[]], -1) if type(other) is not type(value)]


def systematic(document):
    """Wrong types and unknown members, at every place."""
    for path in places(document):
        value = at(document, path)
        for other in other_types(value):
            yield path, changed(document, path, other)
        if isinstance(value, dict):
            yield path, changed(document, path, {**value, "nosuch": 1})


@pytest.mark.parametrize("document, read", [(TARGET, with_target), (BASELINE, with_baseline)],
                         ids=["target", "baseline"])
def test_wrong_types_and_unknown_members(document, read, kit, tmp_path):
    file = tmp_path / "file.json"
    file.write_text(json.dumps(document))
    assert read(RUNNER, file)[0] != 2
    for path, wrong in systematic(document):
        file.write_text(json.dumps(wrong))
        code, words = read(RUNNER, file)
        assert code == 2, f"{path}: {json.dumps(wrong)}: {words}"
        assert "file.json" in words, words


def damaged(data, chance):
    """One of the ways in which a file goes wrong."""
    place = chance.randrange(len(data))
    return chance.choice([
        lambda: data[:place],
        lambda: data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1:],
        lambda: data[:place] + chance.randbytes(chance.randrange(1, 40)) + data[place:],
        lambda: data[:place] + data[place + chance.randrange(1, 200):],
        lambda: data + data[place:],
        lambda: chance.randbytes(chance.randrange(0, 4000)),
        lambda: data[:place] + b"[" * 5000 + data[place:],
        lambda: data[:place] + b"\x00" + data[place:],
        lambda: data.replace(b":", b":9999999999999999999999,", 1),
    ])()


def programs_and_rounds():
    assert SANITIZED_RUNNER.exists(), f"{SANITIZED_RUNNER} is missing: harness/check builds it"
    yield RUNNER, ROUNDS
    yield SANITIZED_RUNNER, SANITIZED_ROUNDS


@pytest.mark.parametrize("document, read, allowed", [
    (TARGET, with_target, {0, 2}), (BASELINE, with_baseline, {2, 3}),
], ids=["target", "baseline"])
def test_damaged_documents(document, read, allowed, kit, tmp_path):
    data = json.dumps(document, indent=1).encode()
    file = tmp_path / "file.json"
    codes = []
    for program, rounds in programs_and_rounds():
        for number in range(rounds):
            file.write_bytes(damaged(data, random.Random(number)))
            code, words = read(program, file)
            assert code in allowed, f"round {number}: {code}: {words}"
            codes.append(code)
    assert codes.count(2) > len(codes) / 2


def test_a_damaged_fixture_is_refused(kit, tmp_path):
    """Whichever of its files it is, and whatever happened to it."""
    copy = tmp_path / "fixture"
    shutil.copytree(kit, copy)
    assert call(RUNNER, "fixture", "check", "--fixture", copy)[0] == 0
    files = sorted(path for path in copy.rglob("*") if path.is_file())
    assert len(files) > 15
    for number, path in enumerate(files):
        data = path.read_bytes()
        wrong = [data[:-1] + bytes([data[-1] ^ 1]), data[:len(data) // 2], b"", damaged(data, random.Random(number))]
        for program, _ in programs_and_rounds():
            for other in (other for other in wrong if other != data):
                path.write_bytes(other)
                code, words = call(program, "fixture", "check", "--fixture", copy)
                assert (code, path.name in words or "fixture.json" in words) == (2, True), (path, words)
        path.unlink()
        assert call(RUNNER, "fixture", "check", "--fixture", copy)[0] == 2, path
        path.write_bytes(data)
    assert call(RUNNER, "fixture", "check", "--fixture", copy)[0] == 0


@pytest.fixture(scope="module")
def violated(kit):
    """The folder of a run that ended with violations: nothing made of it may ever be called conformance."""
    folder = REPORTS / "bad-input"
    with nulls.null_target("allow_all") as running:
        done = runner.run(running.target, kit, folder, "--select", "PUB-02.other")
    assert done.returncode == 1
    return folder


@pytest.mark.parametrize("name", ["trace.jsonl", "report.json"])
def test_a_damaged_run_is_never_judged_conformant(name, violated, tmp_path):
    for other in ("trace.jsonl", "report.json"):
        shutil.copy(violated / other, tmp_path / other)
    data = (tmp_path / name).read_bytes()
    assert call(RUNNER, "judge", tmp_path / "trace.jsonl")[0] == 1
    codes = []
    for program, rounds in programs_and_rounds():
        for number in range(rounds):
            (tmp_path / name).write_bytes(damaged(data, random.Random(number)))
            code, words = call(program, "judge", tmp_path / "trace.jsonl")
            assert code in {1, 2, 3, 4}, f"round {number}: {code}: {words}"
            codes.append(code)
    assert codes.count(2) > len(codes) / 3


def shifted(lines, chance):
    """A trace in which something happened in another order, twice, or not at all; its head stays."""
    lines = list(lines)
    one, other = sorted(chance.sample(range(1, len(lines)), 2))
    chance.choice([
        lambda: lines.insert(one, lines.pop(other)),
        lambda: lines.insert(other, lines[one]),
        lambda: lines.__setitem__(slice(one, other), []),
        lambda: lines.__setitem__(slice(one, other), lines[one:other][::-1]),
        lambda: lines.__setitem__(one, lines[other]),
        lambda: lines.pop(one),
    ])()
    return lines


def test_a_story_in_another_order_is_never_conformant(violated, tmp_path):
    """It is refused, or judged by what it says then, and that is not what the live run found. Never a crash."""
    for other in ("trace.jsonl", "report.json"):
        shutil.copy(violated / other, tmp_path / other)
    lines = (tmp_path / "trace.jsonl").read_text().splitlines()
    for program, rounds in programs_and_rounds():
        for number in range(rounds * 2):
            (tmp_path / "trace.jsonl").write_text("\n".join(shifted(lines, random.Random(number))) + "\n")
            code, words = call(program, "judge", tmp_path / "trace.jsonl")
            assert code in {1, 2, 3, 4}, f"round {number}: {code}: {words}"


def test_judge_takes_a_baseline_as_run_does(violated, kit, tmp_path):
    """Same trace, same known failures, same exit code; the known ones in the document, the stale ones told."""
    report = json.loads((violated / "report.json").read_text())
    failed = sorted({check["rule"] for check in runner.failures(report)})
    file = tmp_path / "known.json"
    with nulls.null_target("allow_all") as running:
        for rules, code in ((failed, 3), (failed[:1], 1)):
            file.write_text(json.dumps({"known": [{"rule": rule, "reason": "r", "expires": "2999-12-31"} for rule in rules]}))
            done = runner.run(running.target, kit, tmp_path / "out", "--select", "PUB-02.other", "--baseline", str(file))
            again = runner.call("judge", "--baseline", file, tmp_path / "out" / "trace.jsonl", "--json")
            assert done.returncode == again.returncode, done.stdout + again.stderr
            live, judged = runner.report(tmp_path / "out"), json.loads(again.stdout)
            assert judged["baseline"] == live["baseline"]
            assert (code, done.returncode) in {(3, 3), (3, 0), (1, 1)}
    file.write_text('{"known": [{"rule": "NO-01", "reason": "r", "expires": "2999-12-31"}]}')
    assert call(RUNNER, "judge", "--baseline", file, violated / "trace.jsonl")[0] == 2
    assert call(RUNNER, "judge", "--fail-on", "nothing", violated / "trace.jsonl")[0] == 2


def test_lines_of_a_trace_that_lie(violated, tmp_path):
    """Each line with each of its members of another type, removed, or out of range."""
    for other in ("trace.jsonl", "report.json"):
        shutil.copy(violated / other, tmp_path / other)
    lines = (tmp_path / "trace.jsonl").read_text().splitlines()
    chance = random.Random(1)
    for number in range(ROUNDS * 2):
        at_line = chance.randrange(len(lines))
        line = json.loads(lines[at_line])
        key = chance.choice(sorted(line))
        value = chance.choice([None, -1, 2 ** 62, "", "x" * 3000, [], {}, True, "\ufffd"])
        wrong = {**line, key: value} if chance.random() < 0.8 else {k: v for k, v in line.items() if k != key}
        text = "\n".join([*lines[:at_line], json.dumps(wrong), *lines[at_line + 1:]]) + "\n"
        (tmp_path / "trace.jsonl").write_text(text)
        code, words = call(RUNNER, "judge", tmp_path / "trace.jsonl")
        assert code in {1, 2, 3, 4}, f"round {number}, line {at_line + 1}, {key} = {value!r}: {code}: {words}"


def test_a_damaged_report_names_nothing_to_run(violated, tmp_path):
    data = (violated / "report.json").read_bytes()
    file = tmp_path / "report.json"
    for program, rounds in programs_and_rounds():
        for number in range(rounds):
            file.write_bytes(damaged(data, random.Random(number)))
            code, words = call(program, "run", "--target", CLOSED, "--fixture", FIXTURE, "--report", tmp_path / "out",
                               "--failed-from", file)
            assert code in {2, 3}, f"round {number}: {code}: {words}"
