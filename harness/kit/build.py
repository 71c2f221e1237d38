"""Builds the project with CMake: quiet when it works, the log at hand when it does not."""

import re
import shutil
import subprocess
import time

from kit.paths import BUILD, ROOT, SANITIZED, shown
from kit.problem import HARNESS, Problem

LOG_LINES_SHOWN = 40


def _moved(folder):
    """A build folder that was configured for a checkout at another place is of no use."""
    cache = folder / "CMakeCache.txt"
    if not cache.exists():
        return False
    home = re.search(r"^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$", cache.read_text(), re.M)
    return home is None or home.group(1) != str(ROOT)


def _forget(folder):
    (folder / "CMakeCache.txt").unlink()
    shutil.rmtree(folder / "CMakeFiles", ignore_errors=True)


def _configure(folder, sanitize):
    if _moved(folder):
        _forget(folder)
    known = (folder / "CMakeCache.txt").exists()
    return [
        "cmake", "-S", str(ROOT), "-B", str(folder),
        *([] if known else ["-G", "Ninja"]),
        "-DCMAKE_BUILD_TYPE=" + ("RelWithDebInfo" if sanitize else "Release"),
        "-DSANITIZE=" + ("ON" if sanitize else "OFF"),
        "-DBUILD_TESTING=ON",
        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
    ]


def _logged(command, log):
    with log.open("ab") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
    if done.returncode == 0:
        return
    tail = log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
    raise Problem("\n".join([*tail, f"the build failed; the whole log is {shown(log)}"]), HARNESS)


def build(sanitize=False, say=print):
    """Configures and builds into build/, or build/sanitize/ with the sanitizers on."""
    folder = SANITIZED if sanitize else BUILD
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "build.log"
    log.write_bytes(b"")
    began = time.monotonic()
    _logged(_configure(folder, sanitize), log)
    _logged(["cmake", "--build", str(folder)], log)
    say(f"built {'with sanitizers ' if sanitize else ''}in {shown(folder)} ({time.monotonic() - began:.1f} s)")
