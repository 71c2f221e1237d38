"""Suite and broker, both built with AddressSanitizer and UndefinedBehaviorSanitizer: the same verdicts,
not a word from the sanitizers, and nothing lost at the end."""

import contextlib

from kit import raw, runner, tokens
from kit.paths import REPORTS, SANITIZED_BROKER, SANITIZED_RUNNER
from kit.process import stop
from kit.reference import reference
from test_broker import MALFORMED, MALFORMED_CONNECT


def send_garbage(port, token):
    """All that test_broker sends, and CONNECTs that end in the middle."""
    for data, _ in MALFORMED.values():
        with raw.session(port, token) as sender:
            sender.send(bytes.fromhex(data))
            sender.all()
    for make in MALFORMED_CONNECT.values():
        packet = make(token)
        for size in (*range(1, 40), len(packet)):
            with raw.wire(port) as sender, contextlib.suppress(ConnectionError):
                sender.send(packet[:size])


def test_the_sanitizers_stay_silent(kit):
    folder = REPORTS / "reference-sanitized"
    with reference(kit, "reference-sanitized", SANITIZED_BROKER) as broker:
        done = runner.run(broker.target, kit, folder, runner=SANITIZED_RUNNER)
        send_garbage(broker.ports["plain"][0], tokens.agent(kit, "seed", "scout"))
        code = stop(broker.process)
    words = broker.log.read_text(errors="replace") + done.stderr
    assert "ERROR: " not in words and "runtime error" not in words, words[-4000:]
    assert (done.returncode, code) == (0, 0), done.stdout
