"""Each mutant dies: a check that cites its rule fails, while everything around it holds."""

from fnmatch import fnmatchcase

import pytest

from kit import mutants, runner
from kit.paths import REPORTS, ROOT
from kit.problem import Problem
from kit.reference import reference

MUTANTS = mutants.load_all()


def killers(mutant, report):
    """FAIL of a MUST check of the mutant's rule, in a case that was named for it. A check fails only
    where its preconditions and its twin held; otherwise it is BLOCKED, and that kills nothing."""
    return [check for check in runner.failures(report)
            if check["rule"] == mutant.rule and check["level"] == "must" and fnmatchcase(check["case"], mutant.dies_by)]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_dies(mutant, kit):
    folder = REPORTS / "mutants" / mutant.name
    with reference(kit, f"mutant-{mutant.name}", mutants.make(mutant)) as broker:
        done = runner.run(broker.target, kit, folder, "--select", mutant.dies_by)
        assert broker.process.poll() is None, "the mutant crashed, which proves nothing"
    report = runner.report(folder)
    preflight = report["preflight"]
    assert preflight["good_token_accepted"] and preflight["own_message_back"], preflight
    found = killers(mutant, report)
    assert found, f"survived\n{done.stdout}"
    carriers = {check["carrier"] for check in found}
    assert not mutant.over or carriers == mutant.over, f"found over {sorted(carriers)}"
    assert done.returncode == 1


@pytest.mark.parametrize("text, words", [
    ("rule PUB-02\nfile a.c\nfind\nx\nreplace\ny\n", "expected rule, file, dies-by"),
    ("rule PUB-02\nfile a.c\ndies-by *\nreplace\ny\nfind\nx\n", "in this order"),
])
def test_a_broken_mutant_is_refused(tmp_path, text, words):
    path = tmp_path / "broken.mutant"
    path.write_text(text)
    with pytest.raises(Problem, match=words):
        mutants.load(path)


@pytest.mark.parametrize("find", ["", "no line of any file", "#include"])
def test_find_stands_exactly_once(find):
    stale = mutants.Mutant("stale", "PUB-02", "reference/base/json.c", "*", find, "")
    with pytest.raises(Problem, match="not once"):
        mutants.mutated(stale, ROOT)
