"""Brokers that tell one lie: the reference broker behind a relay, so that tokens are verified and decisions are
right. Whatever the lie, the run ends soon, is never called conformance, and the lie is found where a rule forbids it."""

import time

import pytest

from kit import nulls, runner
from kit.paths import REPORTS
from kit.reference import reference

SECONDS = 60
FLAGS = {"preflight": [], "no-preflight": ["--no-preflight"]}
IDENTITY = ["--select", "PUB-0[12].o*"]

# Those who are not good enough for any rule about messages.
USELESS = ["Deaf", "Twice", "ConnackTwice", "ShortSuback", "OtherIdentifier", "Mid", "HalfClosed", "Flood", "PingFlood", "AuthFlood",
           "Megabytes", "Noise", "Drip", "Altered", "Elsewhere", "Window", "Greeting"]

# Those who are found out by the rule that their lie breaks: the cases, and the rule that fails among them.
FOUND = {
    "Once": ("PUB-02.other", "PUB-01"),
    "OwnOnly": ("PUB-01.own", "PUB-01"),
    "AckThenClose": ("PUB-01.own", "PUB-01"),
    "OutOfOrder": ("PUB-0[12].*", "PUB-02"),
    "Farewell": ("PUB-01.own", "PUB-01"),
    "Leak": ("PUB-02.other", "PUB-02"),
    "LeakLater": ("PUB-02.*", "PUB-02"),
    "Granted": ("SBS-03.*", "SBS-03"),
    "Refused": ("SBS-01.*", "SBS-01"),
    "Wink": ("AUTH-02.*", "AUTH-02"),
    "Hears": ("AUTH-02.tampered", "AUTH-02"),
    "Sleepy": ("PUB-0[12].*", "PUB-01"),
    "TwicePublished": ("SUB-25.*", "SUB-25"),
    "Present": ("SUB-13.*", "SUB-13"),
}


@pytest.fixture(scope="module")
def port(kit):
    with reference(kit, "lied-to") as broker:
        yield broker.ports["plain"][0]


def tried(lie, port, kit, *flags):
    """The finished run against this liar, its report, and the seconds that it took."""
    folder = REPORTS / f"lie-{lie}{''.join(flag for flag in flags if flag == '--no-preflight')}"
    with nulls.lying_target(lie, port) as target:
        began = time.monotonic()
        done = runner.run(target.target, kit, folder, *flags)
        seconds = time.monotonic() - began
    return done, runner.report(folder), seconds


@pytest.mark.parametrize("flags", FLAGS.values(), ids=FLAGS)
@pytest.mark.parametrize("lie", USELESS)
def test_earns_nothing(lie, flags, kit, port):
    done, report, seconds = tried(lie, port, kit, *IDENTITY, *flags)
    assert runner.must_passes(report) == []
    assert done.returncode in (1, 3), done.stdout + done.stderr
    assert report["exit"] == done.returncode
    assert seconds < SECONDS


@pytest.mark.parametrize("lie", FOUND)
def test_is_found_by_the_rule_that_it_breaks(lie, kit, port):
    """Told in a FAIL, not in what could not be judged."""
    case, rule = FOUND[lie]
    done, report, seconds = tried(lie, port, kit, "--no-preflight", "--select", case)
    assert done.returncode == 1, done.stdout + done.stderr
    assert {check["rule"] for check in runner.failures(report)} >= {rule}
    assert rule not in runner.must_passes(report)
    assert seconds < SECONDS


@pytest.mark.parametrize("lie", ["Hasty"])
def test_what_mqtt_allows_is_no_failure(lie, kit, port):
    """A Server Keep Alive of one second is a demand that the engine meets: the relay itself is no lie."""
    done, report, _ = tried(lie, port, kit, *IDENTITY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert runner.must_passes(report)


@pytest.mark.parametrize("flags", FLAGS.values(), ids=FLAGS)
@pytest.mark.parametrize("lie", ["Claims", "Tiny", "Tired"])
def test_what_is_not_judged_is_never_success(lie, flags, kit, port):
    """CONNACK denies whatever could be asked for, or there is no answer any more. Nor is that the suite's own fault."""
    done, report, seconds = tried(lie, port, kit, *IDENTITY, *flags)
    assert {entry["status"] for entry in report["classes"]} <= {"incomplete", "partial"}
    assert not [check for check in report["checks"] if check["verdict"] == "HARNESS"]
    assert done.returncode in (0, 3), done.stdout + done.stderr
    assert seconds < SECONDS
