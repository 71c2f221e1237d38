"""Tokens under the fixture's keys, for clients that the suite did not write."""

import json
import subprocess

from kit.paths import RUNNER


def _mint(fixture, *arguments, text=None):
    command = [str(RUNNER), "mint", "token", "--fixture", str(fixture), *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def agent(fixture, org, name, lifetime=300):
    """A good token of one agent."""
    return _mint(fixture, "--org", org, "--agent", name, "--lifetime", str(lifetime))


def recipe(fixture, document):
    """A token by recipe (conformance/mint/mint.h): exactly as wrong as wanted."""
    return _mint(fixture, "--recipe", "-", text=json.dumps(document))
