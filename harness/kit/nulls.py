"""The null targets of harness/targets/null/: every file there with a main() is one; and the odd ones beside them."""

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


def odd_target(name, *arguments):
    """One of harness/targets/odd/."""
    return null_target(name, FOLDER.parent / "odd", *arguments)


@contextlib.contextmanager
def null_target(name, source=FOLDER, *arguments):
    """Starts it; yields it as Running."""
    folder = TARGETS / f"{source.name}-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    log, target = folder / "null.log", folder / "target.json"
    command = [sys.executable, "-BEs", str(source / f"{name}.py"), str(FIXTURE), *map(str, arguments)]
    with running(command, log, stdout=subprocess.PIPE) as process:
        port = int(lines_until(process, lambda line: line.startswith("listening "), log)[-1].split()[1])
        target.write_text(json.dumps({"name": f"{source.name}-{name}", "listeners": [
            {"name": "plain", "address": f"mqtt://127.0.0.1:{port}", "plaintext": "test"}]}))
        yield Running(target, {"plain": (port, False)}, process, log)
