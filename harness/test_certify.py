"""harness/certify: what it takes, what it refuses, what it hands on."""

import json
import subprocess
import sys

import pytest

import certify
from kit import fixture
from kit.paths import HARNESS, ROOT
from kit.problem import Problem


def call(*arguments):
    """The Python half, as the shell script calls it; under another interpreter's PATH, too."""
    return subprocess.run([sys.executable, "-BEs", HARNESS / "certify.py", *arguments], cwd=ROOT,
                          capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments, words", [
    (["--nosuch"], "unknown flag --nosuch"),
    (["-x"], "unknown flag -x"),
    (["--report"], "--report needs a value"),
    (["mosquitto", "mqtt://127.0.0.1:1"], "one target at a time"),
    (["no-such-target.json"], "neither a target file"),
])
def test_wrong_usage_is_told_before_anything_is_built(arguments, words):
    done = call(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_flags_are_the_runners_or_our_own():
    target, own, passed = certify.parse(["t.json", "--report", "r", "--select=PUB-*", "-v", "--seed", "7"])
    assert (target, own) == ("t.json", {"--report": "r"})
    assert passed == ["--select", "PUB-*", "-v", "--seed", "7"]


def test_two_targets_are_refused():
    with pytest.raises(Problem):
        certify.parse(["a", "b"])


@pytest.mark.parametrize("target, name", [
    (None, "reference"), ("mosquitto", "mosquitto"), ("mqtt://127.0.0.1:1883", "127.0.0.1-1883"),
    ("mqtts://[::1]:8883/", "1-8883"),
])
def test_report_folder_is_named_after_the_target(target, name):
    assert certify.target_name(target) == name


def test_report_folder_never_leaves_its_place(tmp_path):
    file = tmp_path / "target.json"
    for name in ("../up", "", 7, None):
        file.write_text(json.dumps({"name": name}))
        assert certify.target_name(str(file)) == "target"


def test_what_was_put_into_the_fixture_is_not_deleted(programs, tmp_path):
    folder = tmp_path / "fixture"
    assert fixture.ensure(lambda _: None, folder)
    (folder / "my-broker.json").write_text("{}")
    assert not fixture.ensure(lambda _: None, folder)
    (folder / "settings.md").write_text("")
    with pytest.raises(Problem, match="my-broker.json"):
        fixture.ensure(lambda _: None, folder)
    (folder / "my-broker.json").unlink()
    assert fixture.ensure(lambda _: None, folder) and fixture.stale(folder) is None
