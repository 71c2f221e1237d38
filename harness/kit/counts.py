"""The counts that harness/check ends with, read from what its stages left behind."""

from kit import runner, spec
from kit.nulls import names
from kit.paths import REPORTS, ROOT
from kit.stages import RESULTS, junit


def _emitted(name):
    try:
        emitted = runner.report(REPORTS / name)["emitted"]
        return f"{emitted['checks']} of {emitted['of']}"
    except (OSError, ValueError):
        return "none"


def _null_passes():
    reports = [runner.report(path.parent) for path in REPORTS.glob("null-*/report.json")]
    return sum(len(runner.must_passes(report)) for report in reports)


def _mutants():
    result = RESULTS / "mutants.xml"
    if not result.exists():
        return "not run"
    tally = junit(result, "test_dies[")
    return f"{tally.passed} of {tally.passed + tally.failed}"


def lines(fast):
    rules = len(spec.read(ROOT / "spec").must())
    yield f"checks emitted: {_emitted('reference')}"
    yield f"null targets x MUST rules x preflight: {len(names())} x {rules} x 2 = {_null_passes()} passes"
    yield "mutants killed: " + ("not run" if fast else _mutants())
