"""Servers that the harness starts: each on the loopback interface, each stopped by its own pid."""

import contextlib
import selectors
import socket
import subprocess
import time

from kit.paths import shown
from kit.problem import HARNESS, Problem

STOP_SECONDS = 10


def free_port():
    """A port that nobody listens on right now, for servers that cannot choose one themselves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop(process):
    """Asks, waits, insists. Returns the exit code."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


@contextlib.contextmanager
def running(command, log, **options):
    """The command as a child whose standard error goes to the file log, until the block ends."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=errors, **options)
    try:
        yield process
    finally:
        stop(process)
        if process.stdout:
            process.stdout.close()


def lines_until(process, is_last, log, seconds=10):
    """The lines on the child's standard output up to one that is_last says yes to."""
    lines, rest, deadline = [], b"", time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not any(map(is_last, lines)):
            left = deadline - time.monotonic()
            chunk = process.stdout.read1(4096) if left > 0 and selector.select(left) else b""
            if not chunk:
                raise Problem(f"{process.args[0]} did not get ready; its log is {shown(log)}", HARNESS)
            *complete, rest = (rest + chunk).split(b"\n")
            lines += [line.decode() for line in complete]
    return lines


def wait_port(process, port, log, seconds=10):
    """Until something accepts connections on 127.0.0.1:port."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise Problem(f"{process.args[0]} does not listen on port {port}; its log is {shown(log)}", HARNESS)
