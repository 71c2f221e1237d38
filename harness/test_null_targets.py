"""Brokers that are wrong on purpose earn no rule, with and without the first look, and soon."""

import functools
import time

import pytest

from kit import nulls, runner
from kit.paths import FIXTURE, REPORTS

SECONDS = 60


@functools.cache
def judged(name, *flags):
    """(finished process, report, seconds) of one run, which more than one test looks at."""
    folder = REPORTS / f"null-{name}{''.join(flags)}"
    with nulls.null_target(name) as target:
        began = time.monotonic()
        done = runner.run(target.target, FIXTURE, folder, *flags)
        return done, runner.report(folder), time.monotonic() - began


@pytest.mark.parametrize("flags", [[], ["--no-preflight"]], ids=["preflight", "no-preflight"])
@pytest.mark.parametrize("name", nulls.names())
def test_earns_nothing(name, flags, kit):
    done, report, seconds = judged(name, *flags)
    assert runner.must_passes(report) == []
    assert done.returncode in (1, 3), done.stdout + done.stderr
    assert report["exit"] == done.returncode
    assert seconds < SECONDS


@pytest.mark.parametrize("flags", [[], ["--no-preflight"]], ids=["preflight", "no-preflight"])
def test_a_dead_port_is_told_within_five_seconds(flags, kit):
    done, _, seconds = judged("dead_port", *flags)
    assert (done.returncode, seconds < 5) == (3, True)


def test_allow_all_fails_where_it_should_have_denied(kit):
    """Not blocked and not skipped: it was judged, and it failed."""
    done, report, _ = judged("allow_all")
    assert done.returncode == 1
    failed = {check["rule"] for check in runner.failures(report) if check["deny"]}
    assert failed >= {"AUTH-02", "PUB-02", "SBS-03", "ORG-01"}


@pytest.mark.parametrize("name, rules", [
    ("words_only", {"PUB-02", "SBS-02", "POL-02"}),
    ("late", {"PUB-02", "SBS-02", "POL-02"}),
    ("qos1_only", {"PUB-02", "SBS-02", "SBS-03", "SBS-04", "POL-02"}),
    ("deaf", {"PUB-01"}),
])
def test_a_clever_one_fails_the_rules_that_it_breaks(name, rules, kit):
    """It earns nothing because it was found out, not because it could not be judged."""
    _, report, _ = judged(name, "--no-preflight")
    assert {check["rule"] for check in runner.failures(report)} >= rules
