"""The fixture at build/fixture: made once, kept as long as it is whole and says what the spec says,
because a vendor may have loaded it into a broker by hand."""

import hashlib
import json
import shutil
import subprocess

from kit import spec
from kit.paths import FIXTURE, ROOT, RUNNER, shown
from kit.problem import HARNESS, Problem

PARTS = {"fixture.json", "SETUP.md", "settings.md", "issuers", "organisations", "tls", "secret", "revocation", "cards"}


def _broken_file(folder, manifest):
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            return name
    return None


def _differs_from_spec(folder):
    policies = spec.read(ROOT / "spec").policies()
    files = {path.stem: json.loads(path.read_text()) for path in (folder / "organisations").glob("*.json")}
    return policies != files


def stale(folder):
    """Why the fixture has to be made (anew), in words; None when it is good."""
    try:
        manifest = json.loads((folder / "fixture.json").read_text())
        broken = _broken_file(folder, manifest)
        if broken:
            return f"{broken} is missing or changed"
        return "the policies of the spec have changed" if _differs_from_spec(folder) else None
    except FileNotFoundError:
        return "there was none"
    except (OSError, ValueError, KeyError):
        return "it could not be read"


def strangers(folder):
    """What lies in the folder and is no part of any fixture: somebody put it there."""
    return sorted(path.name for path in folder.glob("*") if path.name not in PARTS)


def make(folder):
    done = subprocess.run([RUNNER, "fixture", "make", folder], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Problem(done.stderr.strip() or "fixture make failed", HARNESS)


def ensure(say=print, folder=FIXTURE):
    """Makes build/fixture when it has to be made. True when it is a new one."""
    why = stale(folder)
    if why is None:
        return False
    if strangers(folder):
        raise Problem(f"{shown(folder)} has to be made anew ({why}), and holds {', '.join(strangers(folder))}: "
                      "move that away; nothing is added to a fixture")
    shutil.rmtree(folder, ignore_errors=True)
    make(folder)
    say(f"made the fixture in {shown(folder)} ({why})")
    return True
