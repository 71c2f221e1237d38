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


def lying_target(lie, port):
    """The broker on this port behind a relay that tells one lie of harness/targets/lying/."""
    return null_target("lie", FOLDER.parent / "lying", lie, port, classes=["core", "substrate"])


@contextlib.contextmanager
def null_target(name, source=FOLDER, *arguments, classes=None):
    """Starts it; yields it as Running. classes: what its target file declares."""
    folder = TARGETS / "-".join([source.name, name, *(str(word) for word in arguments)])
    folder.mkdir(parents=True, exist_ok=True)
    log, target = folder / "null.log", folder / "target.json"
    command = [sys.executable, "-BEs", str(source / f"{name}.py"), str(FIXTURE), *map(str, arguments)]
    with running(command, log, stdout=subprocess.PIPE) as process:
        port = int(lines_until(process, lambda line: line.startswith("listening "), log)[-1].split()[1])
        target.write_text(json.dumps({"name": folder.name, "listeners": [
            {"name": "plain", "address": f"mqtt://127.0.0.1:{port}", "plaintext": "test"}],
            **({"classes": classes} if classes else {})}))
        yield Running(target, {"plain": (port, False)}, process, log)
