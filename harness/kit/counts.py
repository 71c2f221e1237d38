"""The counts that harness/check ends with, read from what its stages left behind."""

from kit import runner, spec
from kit.nulls import names
from kit.paths import REPORTS, ROOT
from kit.stages import junit, result_file

BATTERY = REPORTS / "test_battery" / "reference"


def _battery():
    try:
        report = runner.report(BATTERY)
    except (OSError, ValueError):
        return "checks emitted: none"
    emitted, run = report["emitted"], report["run"]
    ratio = run["duration_ms"] * 1000 / max(1, run["longest"]["us"])
    return (f"checks emitted: {emitted['checks']} of {emitted['of']}, in {run['duration_ms'] / 1000:.1f} s, {ratio:.1f} times "
            f"the longest single case ({run['longest']['us'] / 1e6:.1f} s, {run['longest']['script']})")


def _null_passes():
    reports = [runner.report(path.parent) for path in (REPORTS / "test_null_targets").glob("null-*/report.json")]
    return len(reports), sum(len(runner.must_passes(report)) for report in reports)


def _mutants():
    result = result_file("test_mutants")
    if not result.exists():
        return "not run"
    tally = junit(result, "test_dies[")
    return f"{tally.passed} of {tally.passed + tally.failed}"


def lines(fast):
    rules = len(spec.read(ROOT / "spec").must())
    runs, passes = _null_passes()
    yield _battery()
    yield f"null targets x MUST rules x preflight: {len(names())} x {rules} x 2 = {passes} passes, in {runs} reports"
    yield "mutants killed: " + ("not run" if fast else _mutants())
