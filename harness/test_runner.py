"""The suite's command line: every wrong input has its message and its exit code, and nothing that
matches nothing passes."""

import json
import re
import socket
import threading
import time

import pytest

import certify
from kit import runner, spec
from kit.paths import ROOT

ADDRESS = "mqtt://127.0.0.1:9"


@pytest.mark.parametrize("arguments, words", [
    ([], "expected a command"),
    (["nosuch"], "nosuch"),
    (["run", "--nosuch"], "--nosuch"),
    (["run", "--target"], "--target"),
    (["run", "--jobs", "x", "--target", ADDRESS], "--jobs"),
    (["run", "--target", ADDRESS, "--target", ADDRESS], "twice"),
    (["list", "--target", ADDRESS], "no option of this command"),
    (["explain"], "RULE"),
    (["explain", "PUB-99"], "PUB-99"),
    (["explain", "N99"], "N99"),
    (["validate", "no-such.scenario"], "no-such.scenario"),
    (["judge", "no-such-folder/trace.jsonl"], "no-such-folder"),
    (["fixture", "make"], "DIR"),
    (["fixture", "check", "--fixture", "no-such-folder"], "no-such-folder"),
])
def test_wrong_usage(arguments, words, programs):
    done = runner.call(*arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_help_and_version(programs):
    for arguments in (["--help"], ["run", "--help"], ["--version"]):
        done = runner.call(*arguments)
        assert (done.returncode, bool(done.stdout)) == (0, True), (arguments, done.stderr)


def test_certify_hands_on_every_option_of_run(programs):
    known = set(re.findall(r"(--?[a-z][a-z-]*)", runner.call("run", "--help").stdout.partition("\noptions\n")[2]
                           .partition("\nexamples\n")[0].replace("files", "")))
    options = {name for name in known if name.startswith("--") or name == "-v"}
    ours = set(certify.OWN_FLAGS + certify.VALUE_FLAGS + certify.PLAIN_FLAGS)
    assert options - ours == {"--target", "--spec", "--again", "--help"}
    assert ours - options == {"--soak"}


@pytest.mark.parametrize("text, words", [
    (None, "missing.json"),
    ("", "line 1"),
    ("{", "line 1"),
    ("[]", "expected an object"),
    ('{"name":"x"}', "$.listeners"),
    ('{"name":"x","listeners":[]}', "$.listeners"),
    ('{"name":"x","listeners":[{"name":"a","address":"http://h"}]}', "$.listeners[0].address"),
    ('{"name":"x","listeners":[{"name":"a","address":"mqtt://h"}]}', "plaintext"),
    ('{"name":"x","listeners":[{"name":"a","address":"mqtts://h"}],"nosuch":1}', "$.nosuch"),
])
def test_wrong_target_file(text, words, kit, tmp_path):
    file = tmp_path / ("missing.json" if text is None else "target.json")
    if text is not None:
        file.write_text(text)
    done = runner.run(file, kit, tmp_path / "report")
    assert done.returncode == 2
    assert words in done.stderr and file.name in done.stderr, done.stderr
    assert not (tmp_path / "report" / "report.json").exists()


GOOD_CASE = """case PUB-02.mine "mine"
  org      seed
  scout, analyst are agents
  analyst  connects
  analyst  subscribes "agents/+/card"                  -> granted
  scout    connects
  twin     scout publishes "agents/scout/card" "true"  -> allowed
  analyst  receives "true"
  deny     same to "agents/analyst/card"               -> denied
"""


@pytest.mark.parametrize("old, new, line", [
    ("case PUB-02.mine", "case PUB02.mine", 1),
    ("case PUB-02.mine", "case PUB-98.mine", 1),
    ("org      seed", "org      nosuch", 2),
    ("are agents", "are robots", 3),
    ("connects", "conects", 4),
    ("-> granted", "-> granded", 5),
    ('"agents/+/card"', '"agents/+/card', 5),
    ("scout    connects", "ghost    connects", 6),
    ("  twin     scout publishes", "  scout    publishes", 9),
    ("analyst  receives", "analyst  receives receives", 8),
])
def test_malformed_scenario_names_its_place(old, new, line, tmp_path, programs):
    file = tmp_path / "mine.scenario"
    file.write_text(GOOD_CASE.replace(old, new, 1))
    done = runner.call("validate", file)
    assert done.returncode == 2
    assert re.search(rf"mine\.scenario:{line}:\d+: ", done.stderr), done.stderr


def test_well_formed_scenario_is_good(tmp_path, programs):
    file = tmp_path / "mine.scenario"
    file.write_text(GOOD_CASE)
    done = runner.call("validate", file)
    assert done.returncode == 0, done.stderr


PROSE = "# 99. Mine\n\nProse.\n\n- An item.\n\n  ```scenario\n{case}  ```\n\n```scenario\n{other}```\n"


def prose(case):
    """The case as an item of a list has it, and again, by another name, at the margin."""
    return PROSE.format(case="".join(f"  {line}\n" for line in case.splitlines()), other=GOOD_CASE.replace(".mine", ".other"))


def test_a_chapter_is_validated_by_its_fences(tmp_path, programs):
    """Lines and columns are those of the chapter; what is wrong in one fence hides nothing of another."""
    file = tmp_path / "mine.md"
    file.write_text(prose(GOOD_CASE))
    done = runner.call("validate", file)
    assert done.returncode == 0, done.stderr
    file.write_text(prose(GOOD_CASE.replace("scout    connects", "ghost    connects", 1)))
    done = runner.call("validate", file)
    place = next(number for number, line in enumerate(file.read_text().splitlines(), 1) if "ghost" in line)
    column = file.read_text().splitlines()[place - 1].index("ghost") + 1
    assert (done.returncode, f"mine.md:{place}:{column}: " in done.stderr) == (2, True), done.stderr
    file.write_text(prose(GOOD_CASE).replace(".other", ".mine"))
    assert "is taken by the case at" in runner.call("validate", file).stderr


@pytest.mark.parametrize("text, flags, words", [
    ("# Prose\n\nNo case.\n", [], "expected a fenced block `scenario`"),
    ("# Prose\n\nIt MUST be.\n", [], "mine.md:3: "),
    ("# Prose\n\n```policy A\n{}\n```\n", [], "mine.md:3: expected the name of an organisation"),
    ("# Prose\n", ["--format"], "expected a scenario file for --format"),
])
def test_a_chapter_without_a_case_is_no_success(text, flags, words, tmp_path, programs):
    file = tmp_path / "mine.md"
    file.write_text(text)
    done = runner.call("validate", file, *flags)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_every_chapter_is_valid(programs):
    for file in sorted((ROOT / "spec").glob("[0-9][0-9]-*.md")):
        done = runner.call("validate", file)
        assert done.returncode == 0 or "```scenario" not in file.read_text(), done.stderr


@pytest.mark.parametrize("arguments", [
    ["run", "--target", ADDRESS], ["list"], ["plan", "--target", ADDRESS],
], ids=lambda arguments: arguments[0])
def test_a_selection_of_nothing_is_no_success(arguments, kit):
    flags = ["--fixture", str(kit)] if arguments[0] == "run" else []
    done = runner.call(*arguments, *flags, "--select", "NOSUCH-*")
    assert done.returncode == 2
    assert "NOSUCH-*" in done.stderr


def test_a_changed_fixture_is_refused(kit, tmp_path):
    for name in ("fixture.json", "settings.md"):
        (tmp_path / name).write_bytes((kit / name).read_bytes() + b"\n ")
    done = runner.run(ADDRESS, tmp_path)
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr


def test_fixture_make_wants_an_empty_folder(tmp_path, programs):
    (tmp_path / "mine").write_text("")
    done = runner.call("fixture", "make", tmp_path)
    assert (done.returncode, "not empty" in done.stderr) == (2, True)


@pytest.fixture
def silent():
    """A port that accepts connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        held, stopping = [], threading.Event()

        def accept():
            server.settimeout(0.1)
            while not stopping.is_set():
                try:
                    held.append(server.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1]
        stopping.set()
        thread.join()
        for connection in held:
            connection.close()


@pytest.mark.parametrize("scheme", ["mqtt", "mqtts"])
@pytest.mark.parametrize("flags", [[], ["--no-preflight"]], ids=["preflight", "no-preflight"])
def test_a_silent_target_is_told_within_five_seconds(scheme, flags, silent, kit, tmp_path):
    began = time.monotonic()
    done = runner.run(f"{scheme}://127.0.0.1:{silent}", kit, tmp_path, *flags)
    seconds = time.monotonic() - began
    assert done.returncode == 3, done.stdout + done.stderr
    assert seconds < 5
    assert runner.must_passes(runner.report(tmp_path)) == []


def test_explain_a_rule(programs):
    done = runner.call("explain", "PUB-01")
    assert done.returncode == 0
    for words in ("PUB-01", "MUST answer a PUBLISH", "a broker that drops everything denies nothing",
                  'scout publishes "agents/scout/card" "true"', "PUBREC and PUBCOMP with a code < 0x80"):
        assert words in re.sub(r"\s+", " ", done.stdout), words


def test_explain_a_case(programs):
    done = runner.call("explain", "PUB-02.other")
    assert done.returncode == 0
    assert "scout cannot speak as analyst" in done.stdout


def test_explain_an_attack(programs):
    """By the row of appendix A5: cases and vectors that name it, and nothing else."""
    done = runner.call("explain", "N08")
    assert done.returncode == 0
    for words in ("spec/A5-attacks.md", "PUB-02.edges", "vector:decision-card-placeholder"):
        assert words in done.stdout, words
    assert "CLM-01" not in done.stdout
    assert "attacks of appendix A5: N08" in runner.call("explain", "PUB-02.edges").stdout


def test_rules_are_those_of_the_spec(programs):
    listed = json.loads(runner.call("rules", "--json").stdout)
    ours = spec.read(ROOT / "spec").rules
    listed = listed["rules"] if isinstance(listed, dict) else listed
    assert {rule["id"]: rule["level"] for rule in listed} == {rule.id: rule.level.lower() for rule in ours.values()}


def test_list_names_every_case(programs):
    text = runner.call("list").stdout
    blocks = [block.text for block in spec.read(ROOT / "spec").blocks if block.kind == "scenario"]
    cases = re.findall(r"^case (\S+) ", "\n".join(blocks), re.M)
    assert len(cases) > 10
    assert [name for name in cases if not re.search(rf"^{re.escape(name)}\b", text, re.M)] == []


def test_a_report_folder_that_cannot_be_written_is_told_before_the_run(kit, tmp_path):
    (tmp_path / "file").write_text("")
    done = runner.run(ADDRESS, kit, tmp_path / "file" / "report")
    assert done.returncode == 2
    assert str(tmp_path / "file") in done.stderr
