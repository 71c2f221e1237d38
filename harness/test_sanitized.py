"""The battery against the broker built with AddressSanitizer and UndefinedBehaviorSanitizer: the same
verdicts, not a word from the sanitizers, and nothing lost at the end."""

from kit import runner
from kit.paths import REPORTS, SANITIZED_BROKER
from kit.process import stop
from kit.reference import reference


def test_the_sanitizers_stay_silent(kit):
    folder = REPORTS / "reference-sanitized"
    with reference(kit, "reference-sanitized", SANITIZED_BROKER) as broker:
        done = runner.run(broker.target, kit, folder)
        code = stop(broker.process)
    log = broker.log.read_text(errors="replace")
    assert "ERROR: " not in log and "runtime error" not in log, log[-4000:]
    assert (done.returncode, code) == (0, 0), done.stdout
