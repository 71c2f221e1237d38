"""The two commands on a machine where packages are missing. Nothing is installed here: dpkg-query
is played by a script that knows of some packages only."""

import os
import re
import subprocess

import pytest

from kit.paths import HARNESS

COMMANDS = [HARNESS / "certify", HARNESS / "check"]


def wanted():
    lines = (HARNESS / "packages").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def call(command, *arguments, path):
    return subprocess.run([command, *arguments], env={"PATH": path}, capture_output=True, text=True, check=False)


@pytest.fixture
def machine(tmp_path):
    """A PATH on which dpkg-query knows the given packages and no other."""

    def make(installed):
        script = tmp_path / "dpkg-query"
        cases = "|".join(installed) or "-"
        script.write_text(f'#!/bin/sh\nfor last; do :; done\ncase $last in {cases}) echo installed;; *) exit 1;; esac\n')
        script.chmod(0o755)
        return f"{tmp_path}:{os.environ['PATH']}"

    return make


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.name)
def test_names_the_exact_command(command, machine):
    packages = wanted()
    done = call(command, path=machine(packages[3:]))
    assert done.returncode == 2
    assert f"apt-get install --no-install-recommends {' '.join(packages[:3])}\n" in done.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.name)
def test_help_needs_no_package(command, machine):
    done = call(command, "--help", path=machine([]))
    assert done.returncode == 0
    assert done.stdout.startswith("usage: ")


def test_the_list_holds_no_package_twice():
    assert len(wanted()) == len(set(wanted())) > 10
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", name) for name in wanted())


def test_check_refuses_an_unknown_flag():
    done = subprocess.run([HARNESS / "check", "--bogus"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--bogus" in done.stderr
