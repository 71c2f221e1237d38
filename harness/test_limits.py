"""The reference broker under clients that are slow, greedy or gone: everyone else is served on, and
what has no right to leave any more does not leave."""

import contextlib
import json
import subprocess
import time

from kit import raw, reference, tokens
from kit.paths import BROKER
from kit.process import stop


def acknowledged(first, body):
    return first == 0x40 and body[2:3] in (b"", b"\0")


def drained(connection):
    """How many bytes still come until the broker's end; a reset is an end."""
    total = 0
    with contextlib.suppress(ConnectionResetError):
        while True:
            chunk = connection.socket.recv(1 << 16)
            if not chunk:
                break
            total += len(chunk)
    return total


def test_what_was_not_read_before_the_tokens_end_is_not_read_after_it(kit):
    """A reader that does not read: what waits for it in the broker goes nowhere once its token has ended."""
    with reference.reference(kit, "withdrawn") as broker:
        port, _ = broker.ports["plain"]
        payload, sent = b"x" * 60000, 100
        with raw.session(port, tokens.agent(kit, "seed", "scout", lifetime=3), buffer=4096) as reader, \
                raw.session(port, tokens.agent(kit, "seed", "scout"), client="writer") as writer:
            ends = time.monotonic() + 3
            reader.send(raw.subscribe("agents/scout/card", options=0))
            assert reader.read()[0] == 0x90
            for number in range(sent):
                writer.send(raw.publish("agents/scout/card", payload, qos=1, packet_id=number + 1))
                assert acknowledged(*writer.read())
            time.sleep(max(0, ends - time.monotonic()) + 1)
            assert drained(reader) < sent * len(payload) - 1000000
            writer.send(raw.PING)
            assert writer.read() == (0xD0, b"")


def test_a_log_that_nobody_reads_holds_nobody_up(kit, tmp_path):
    """Standard error is a pipe that is never read; some megabytes of denials later the broker still answers."""
    config = tmp_path / "broker.json"
    config.write_text(json.dumps(reference.configuration(kit)))
    process = subprocess.Popen([BROKER, "--config", config], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        lines = []
        while "ready\n" not in lines:
            lines.append(process.stdout.readline())
        port = reference.listeners([line.rstrip() for line in lines])["plain"][0]
        with raw.session(port, tokens.agent(kit, "seed", "scout")) as sender:
            for _ in range(100):
                sender.send(raw.publish("agents/analyst/card", b"x") * 50)
                sender.send(raw.PING)
                assert sender.read() == (0xD0, b"")
        process.terminate()
        log = process.communicate(timeout=10)[1]
        assert process.returncode == 0
        written = log.count(" event=decision ")
        assert 0 < written < 5000 and all(line.startswith("time=") for line in log.splitlines())
    finally:
        stop(process)
        process.stdout.close()
        process.stderr.close()


def half_hello():
    """The beginning of a TLS ClientHello, as far as its length says more will come."""
    return bytes.fromhex("16030102000100")


SLOW = {
    "tcp-only": ("tls", b""),
    "half-a-handshake": ("tls", half_hello()),
    "nothing-said": ("plain", b""),
    "half-a-connect": ("plain", raw.connect("x" * 1000)[:200]),
}


def test_slow_openings_end_after_ten_seconds(broker):
    """[LIMIT_CONNECT_MS] A handshake that never ends, a CONNECT that never comes: all at once."""
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        waiting = {}
        for name, (listener, data) in SLOW.items():
            waiting[name] = stack.enter_context(raw.wire(broker.ports[listener][0]))
            waiting[name].send(data)
        for name, connection in waiting.items():
            connection.socket.settimeout(15)
            assert drained(connection) == 0, name
            assert 9 < time.monotonic() - began < 13, name
    assert broker.process.poll() is None


def test_one_connection_too_many_is_closed_at_once(kit, tmp_path):
    """[LIMIT_CONNECTIONS] or as many as the process may have files: 100, of which 64 are for other things."""
    few = tmp_path / "broker"
    few.write_text(f'#!/bin/sh\nulimit -n 100\nexec {BROKER} "$@"\n')
    few.chmod(0o755)
    with reference.reference(kit, "few", broker=few) as broker, contextlib.ExitStack() as stack:
        port, _ = broker.ports["plain"]
        held = [stack.enter_context(raw.session(port, tokens.agent(kit, "seed", "scout"), f"c{n}")) for n in range(36)]
        with raw.wire(port) as late:
            assert late.all() == []
        held[0].close()
        held[1].send(raw.PING)
        assert held[1].read() == (0xD0, b"")
        with raw.session(port, tokens.agent(kit, "seed", "scout"), "c0") as again:
            again.send(raw.PING)
            assert again.read() == (0xD0, b"")


def test_whoever_is_refused_and_stays_is_reset(broker):
    """[LIMIT_LINGER_MS] A refused connection may take its answer for two seconds, and then it is gone."""
    port, _ = broker.ports["plain"]
    with raw.wire(port) as stays:
        stays.send(raw.connect("no token"))
        assert [raw.code(answer) for answer in stays.all()] == [0x86]
        began = time.monotonic()
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            while time.monotonic() - began < 10:
                stays.send(b"x")
                time.sleep(0.05)
        assert 1 < time.monotonic() - began < 4
