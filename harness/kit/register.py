"""The register of MQTT 5.0's statements against what the tests came to: a statement is shown by tests that were run,
and that passed, in the builds that were tested just now."""

import xml.etree.ElementTree as xml

from guards import statements
from kit.paths import ROOT, shown
from kit.problem import HARNESS, Problem
from kit.stages import RESULTS, broken

CHECK = "{http://check.sourceforge.net/ns}"


def _parsed(path):
    try:
        return xml.parse(path)
    except (OSError, xml.ParseError) as error:
        raise Problem(f"{shown(path)}: no results of tests: {error}", HARNESS) from error


def _add(found, name, passed):
    """A test that is run for each of many inputs passes when it does so for all."""
    found[name] = found.get(name, True) and passed


def unit_results(build):
    """{PROGRAM:TEST: did it pass} of the broker's unit tests, as Check wrote them."""
    found = {}
    for path in sorted((build / "test" / "results").glob("broker-*.xml")):
        for test in _parsed(path).iter(f"{CHECK}test"):
            name = f"{path.stem.removeprefix('broker-')}:{test.findtext(f'{CHECK}id')}"
            _add(found, name, test.get("result") == "success")
    return found


def harness_results(results=RESULTS):
    """{FILE::TEST: did it pass} of the harness's own tests, as pytest wrote them; a skipped one did not."""
    found = {}
    for path in sorted(results.glob("test_*.xml")):
        for case in _parsed(path).iter("testcase"):
            name = f"harness/{path.stem}.py::{case.get('name').partition('[')[0]}"
            _add(found, name, not broken(case) and case.find("skipped") is None)
    return found


def unproven(root, found):
    """Problems, one for each test that the register names and that did not pass."""
    words = {None: "was not run", False: "did not pass"}
    for line, label, _, _, checks in statements.rows(root):
        for check in checks:
            if not found.get(check):
                yield f"{statements.REGISTER}:{line}: {label}: {check} {words[found.get(check)]}"


def proven(builds, root=ROOT):
    """Raises Problem unless all is well in each of the builds."""
    problems = []
    for build in builds:
        problems += (f"{problem} ({shown(build)})" for problem in unproven(root, {**unit_results(build), **harness_results()}))
    if problems:
        raise Problem("\n".join(problems), HARNESS)
    rows = list(statements.rows(root))
    tests = {check for *_, checks in rows for check in checks}
    return f"{len(rows)} statements, {len(tests)} tests that show them, all passed"
