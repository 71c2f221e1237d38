"""Brokers that are wrong on purpose earn no rule, with and without the first look, and soon."""

import time

import pytest

from kit import nulls, runner
from kit.paths import REPORTS

SECONDS = 60


@pytest.mark.parametrize("flags", [[], ["--no-preflight"]], ids=["preflight", "no-preflight"])
@pytest.mark.parametrize("name", nulls.names())
def test_earns_nothing(name, flags, kit):
    folder = REPORTS / f"null-{name}{''.join(flags)}"
    with nulls.null_target(name) as target:
        began = time.monotonic()
        done = runner.run(target.target, kit, folder, *flags)
        seconds = time.monotonic() - began
    report = runner.report(folder)
    assert runner.must_passes(report) == []
    assert done.returncode in (1, 3), done.stdout + done.stderr
    assert report["exit"] == done.returncode
    assert seconds < SECONDS


@pytest.mark.parametrize("flags", [[], ["--no-preflight"]], ids=["preflight", "no-preflight"])
def test_a_dead_port_is_told_within_five_seconds(flags, kit):
    with nulls.null_target("dead_port") as target:
        began = time.monotonic()
        done = runner.run(target.target, kit, REPORTS / "null-dead_port", *flags)
    assert (done.returncode, time.monotonic() - began < 5) == (3, True)


def test_allow_all_fails_where_it_should_have_denied(kit):
    """Not blocked and not skipped: it was judged, and it failed."""
    with nulls.null_target("allow_all") as target:
        done = runner.run(target.target, kit, REPORTS / "null-allow_all")
    assert done.returncode == 1
    failed = {check["rule"] for check in runner.failures(runner.report(REPORTS / "null-allow_all")) if check["deny"]}
    assert failed >= {"AUTH-02", "PUB-02", "SBS-03", "ORG-01"}


@pytest.mark.parametrize("name, rules", [
    ("words_only", {"PUB-02", "SBS-02", "POL-02"}),
    ("late", {"PUB-02", "SBS-02", "POL-02"}),
    ("qos1_only", {"PUB-02", "SBS-02", "SBS-03", "SBS-04", "POL-02"}),
    ("deaf", {"PUB-01"}),
])
def test_a_clever_one_fails_the_rules_that_it_breaks(name, rules, kit):
    """It earns nothing because it was found out, not because it could not be judged."""
    folder = REPORTS / f"judged-{name}"
    with nulls.null_target(name) as target:
        runner.run(target.target, kit, folder, "--no-preflight")
    assert {check["rule"] for check in runner.failures(runner.report(folder))} >= rules
