"""The stages of harness/check: several at once, each told when it is over, with what it counted."""

import os
import shutil
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from kit.paths import BUILD, HARNESS, REPORTS, ROOT, TARGETS, shown
from kit.problem import Problem

RESULTS = BUILD / "check"
OUTPUT_LINES_SHOWN = 60
AT_ONCE = 2 * (os.cpu_count() or 1)  # most of a stage's time is spent waiting for deadlines


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
        self.trouble += other.trouble

    def __str__(self):
        tail = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{tail}"


def broken(case):
    """A program that ctest could not find is `notrun`, with a skip inside: it has failed."""
    return case.find("failure") is not None or case.find("error") is not None or case.get("status") == "notrun"


def junit(path, prefix=""):
    """Counts the test cases of a JUnit file, as ctest and pytest write it, whose names begin with prefix."""
    tally = Tally()
    for case in xml.parse(path).iter("testcase"):
        if not case.get("name", "").startswith(prefix):
            continue
        if broken(case):
            tally.failed += 1
        elif case.find("skipped") is not None:
            tally.skipped += 1
        else:
            tally.passed += 1
    return tally


def slug(name):
    return "".join(letter if letter.isalnum() or letter == "_" else "-" for letter in name)


def result_file(name):
    return RESULTS / f"{slug(name)}.xml"


@dataclass
class Outcome:
    words: str
    tally: Tally
    shown: str = ""  # what the reader has to see of its output


@dataclass
class Stage:
    name: str
    work: object  # called without arguments, gives an Outcome


def step(name, work):
    """Something that either works or raises Problem."""

    def done():
        try:
            return Outcome(work() or "done", Tally())
        except Problem as problem:
            return Outcome(f"FAILED: {problem}", Tally(trouble=[name]))

    return Stage(name, done)


def program(name, *command):
    """A program whose exit code is its one result."""

    def done():
        ran = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
        good = ran.returncode == 0
        return Outcome("good" if good else f"FAILED with exit code {ran.returncode}",
                       Tally(passed=int(good), failed=int(not good)), "" if good else ran.stdout.rstrip())

    return Stage(name, done)


def _tests(name, command):
    """A test runner that writes a JUnit file. No test is a failure, too."""
    result = result_file(name)

    def done():
        for made in (TARGETS, REPORTS):
            shutil.rmtree(made / slug(name), ignore_errors=True)
        ran = subprocess.run([*command, str(result)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
                             env={**os.environ, "HARNESS_STAGE": slug(name)})
        log = RESULTS / f"{slug(name)}.log"
        log.write_text(ran.stdout)
        tally = junit(result) if result.exists() else Tally()
        if tally.failed == 0 and (tally.passed == 0 or ran.returncode != 0):
            tally.trouble.append(name)
        lines = [*ran.stdout.splitlines()[-OUTPUT_LINES_SHOWN:], f"  the whole output is {shown(log)}"]
        return Outcome(str(tally), tally, "\n".join(lines) if ran.returncode or tally.trouble else "")

    return Stage(name, done)


def ctest(name, folder):
    """The unit tests of a build; what each single one of them came to is in test/results/ there."""
    for old in (folder / "test" / "results").glob("*.xml"):
        old.unlink()
    return _tests(name, ["ctest", "--test-dir", str(folder), "--output-on-failure", "--no-tests=error", "--parallel", "2",
                         "--output-junit"])


def pytest(name, *what):
    return _tests(name, [sys.executable, "-BEs", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short",
                         f"--rootdir={HARNESS}", *map(str, what), "--junitxml"])


class Check:
    """Runs stages; one that fails is told at once and stops nothing."""

    def __init__(self):
        self.tally, self.began, self.names = Tally(), time.monotonic(), set()
        self.lock = threading.Lock()
        shutil.rmtree(RESULTS, ignore_errors=True)
        RESULTS.mkdir(parents=True)

    def _run(self, stage):
        began = time.monotonic()
        outcome = stage.work()
        with self.lock:
            self.tally.add(outcome.tally)
            if outcome.shown:
                print(outcome.shown)
            print(f"{stage.name}: {outcome.words} ({time.monotonic() - began:.1f} s)", flush=True)

    def run(self, *stages, at_once=AT_ONCE):
        """All of them, in this order, so many at once. Two of one name would write to one file."""
        names = [stage.name for stage in stages]
        assert len({slug(name) for name in [*self.names, *names]}) == len(self.names) + len(names), names
        self.names.update(names)
        pool = ThreadPoolExecutor(at_once)
        try:
            for future in as_completed([pool.submit(self._run, stage) for stage in stages]):
                future.result()
        finally:
            pool.shutdown(cancel_futures=True)

    def finish(self):
        """The closing lines; the exit code."""
        ran = self.tally.passed + self.tally.failed
        for name in self.tally.trouble:
            print(f"stage failed: {name}")
        print(f"{time.monotonic() - self.began:.0f} s in all")
        failed = self.tally.failed + len(self.tally.trouble)
        print(f"{self.tally.passed} passed, {failed} failed")
        return 0 if ran and not failed else 1
