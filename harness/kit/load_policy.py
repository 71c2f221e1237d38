"""The reference broker's hook `policy`: load_policy.py FOLDER ORG puts the document on standard input in the place of
ORG's policy, has the broker in FOLDER read its files again, and waits for what its log says of that. Exits with 0
when the document is in force, with 65 when it was refused and the one before it is."""

import os
import signal
import sys
import time
from pathlib import Path

REFUSED = 65
WAIT_SECONDS = 8
EVENT = b" event=reload "


def reloads(log):
    return [line for line in log.read_bytes().split(b"\n") if EVENT in line]


def reload(folder):
    """The log's line about it; None: it said nothing in time."""
    log, deadline = folder / "broker.log", time.monotonic() + WAIT_SECONDS
    before = len(reloads(log))
    os.kill(int((folder / "broker.pid").read_text()), signal.SIGHUP)
    while time.monotonic() < deadline:
        lines = reloads(log)
        if len(lines) > before:
            return lines[-1]
        time.sleep(0.002)
    return None


def main(folder, org):
    path = Path(folder) / "policies" / f"{org}.json"
    if not path.is_file():
        sys.exit(f"the broker has no policy for the organisation {org}: {path} is not there")
    before = path.read_bytes()
    path.write_bytes(sys.stdin.buffer.read())
    said = reload(Path(folder))
    if said is None:
        sys.exit(f"the broker did not say within {WAIT_SECONDS} s that it has read its files again")
    if b" decision=done" in said:
        return 0
    path.write_bytes(before)
    print(said.decode(errors="replace"), file=sys.stderr)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
