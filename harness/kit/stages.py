"""The stages of harness/check: each says what it does while it does it, and counts what it found."""

import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field

from kit.paths import BUILD, HARNESS, ROOT, shown
from kit.problem import Problem

RESULTS = BUILD / "check"
OUTPUT_LINES_SHOWN = 60


@dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    trouble: list = field(default_factory=list)  # names of stages that went wrong without counting a test

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self):
        tail = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{tail}"


def junit(path, prefix=""):
    """Counts the test cases of a JUnit file, as ctest and pytest write it, whose names begin with
    prefix. A program that ctest could not find is `notrun`, with a skip inside: it has failed."""
    tally = Tally()
    for case in xml.parse(path).iter("testcase"):
        if not case.get("name", "").startswith(prefix):
            continue
        broken = case.find("failure") is not None or case.find("error") is not None
        if broken or case.get("status") == "notrun":
            tally.failed += 1
        elif case.find("skipped") is not None:
            tally.skipped += 1
        else:
            tally.passed += 1
    return tally


def _slug(name):
    return "".join(letter if letter.isalnum() else "-" for letter in name)


class Check:
    """Runs stages one after the other; a stage that fails is told at once and stops nothing."""

    def __init__(self):
        self.tally, self.began = Tally(), time.monotonic()
        shutil.rmtree(RESULTS, ignore_errors=True)
        RESULTS.mkdir(parents=True)

    def _finish(self, name, began, outcome):
        print(f"  {outcome} ({time.monotonic() - began:.1f} s)", flush=True)

    def step(self, name, work):
        """Something that either works or raises Problem."""
        print(f"{name} ...", flush=True)
        began = time.monotonic()
        try:
            outcome = work() or "done"
        except Problem as problem:
            self.tally.trouble.append(name)
            outcome = f"FAILED: {problem}"
        self._finish(name, began, outcome)

    def tests(self, name, command, result):
        """A test runner that writes a JUnit file. No test is a failure, too."""
        print(f"{name} ...", flush=True)
        began = time.monotonic()
        result.unlink(missing_ok=True)
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
        log = RESULTS / f"{_slug(name)}.log"
        log.write_text(done.stdout)
        tally = junit(result) if result.exists() else Tally()
        self.tally.add(tally)
        if tally.passed == 0 or (done.returncode != 0 and tally.failed == 0):
            self.tally.trouble.append(name)
        if done.returncode != 0:
            print("\n".join(done.stdout.splitlines()[-OUTPUT_LINES_SHOWN:]))
            print(f"  the whole output is {shown(log)}")
        self._finish(name, began, str(tally))

    def ctest(self, name, folder):
        result = RESULTS / f"{_slug(name)}.xml"
        self.tests(name, ["ctest", "--test-dir", str(folder), "--output-on-failure", "--no-tests=error",
                          "--output-junit", str(result)], result)

    def pytest(self, name, *what):
        result = RESULTS / f"{_slug(name)}.xml"
        self.tests(name, [sys.executable, "-BEs", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short",
                          f"--junitxml={result}", f"--rootdir={HARNESS}", *map(str, what)], result)

    def program(self, name, *command):
        """A program whose exit code is its one result."""
        print(f"{name} ...", flush=True)
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        good = done.returncode == 0
        self.tally.add(Tally(passed=int(good), failed=int(not good)))
        if not good:
            print((done.stdout + done.stderr).rstrip())
        self._finish(name, began, "good" if good else f"FAILED with exit code {done.returncode}")

    def finish(self):
        """The closing lines; the exit code."""
        ran = self.tally.passed + self.tally.failed
        for name in self.tally.trouble:
            print(f"stage failed: {name}")
        print(f"{time.monotonic() - self.began:.0f} s in all")
        failed = self.tally.failed + len(self.tally.trouble)
        print(f"{self.tally.passed} passed, {failed} failed")
        return 0 if ran and not failed else 1
