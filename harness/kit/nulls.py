"""The null targets of harness/targets/null/: every file there with a main() is one."""

import contextlib
import json
import subprocess
import sys

from kit.paths import FIXTURE, HARNESS, TARGETS
from kit.process import lines_until, running
from kit.reference import Running

FOLDER = HARNESS / "targets" / "null"


def names():
    return sorted(path.stem for path in FOLDER.glob("*.py") if "\ndef main():" in path.read_text())


@contextlib.contextmanager
def null_target(name):
    """Starts it; yields it as Running."""
    folder = TARGETS / f"null-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    log, target = folder / "null.log", folder / "target.json"
    command = [sys.executable, "-BEs", str(FOLDER / f"{name}.py"), str(FIXTURE)]
    with running(command, log, stdout=subprocess.PIPE) as process:
        port = int(lines_until(process, lambda line: line.startswith("listening "), log)[-1].split()[1])
        target.write_text(json.dumps({"name": f"null-{name}", "listeners": [
            {"name": "plain", "address": f"mqtt://127.0.0.1:{port}", "plaintext": "test"}]}))
        yield Running(target, {"plain": (port, False)}, process, log)
