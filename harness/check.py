"""harness/check: builds and tests everything. The shell script beside this file has seen to the
Debian packages and shows the usage."""

import sys

from kit import counts, fixture
from kit.build import build
from kit.paths import BUILD, HARNESS, ROOT, SANITIZED
from kit.problem import Problem
from kit.stages import Check

# Whole runs of the battery, each a stage of its own; every other test file belongs to the contracts.
BATTERIES = {
    "test_battery.py": "the battery against the reference",
    "test_sanitized.py": "suite and reference with sanitizers",
    "test_null_targets.py": "null targets",
    "test_mosquitto.py": "stock Mosquitto",
    "test_mutants.py": "mutants",
    "test_model_mutants.py": "mutants of the decision, by the model alone",
    "test_fuzz.py": "fuzz targets, briefly",
}
SLOW = ("test_sanitized.py", "test_mutants.py", "test_model_mutants.py", "test_fuzz.py")


def quiet(_):
    """The stage's own line says that it was built, and how long it took."""


def batteries(fast):
    return {name: title for name, title in BATTERIES.items() if not (fast and name in SLOW)}


def check(fast):
    run = Check()
    build(say=print)
    if not fast:
        run.step("build with sanitizers", lambda: build(sanitize=True, say=quiet))
    run.ctest("unit tests", BUILD)
    if not fast:
        run.ctest("unit tests with sanitizers", SANITIZED)
    run.program("vectors are as generated", sys.executable, "-BEs", str(ROOT / "vectors" / "generate.py"), "--check")
    run.step("fixture", lambda: fixture.ensure(say=quiet) and "made" or "kept")
    run.pytest("guards, oracle, command lines, interoperability", HARNESS,
               *(f"--ignore={HARNESS / name}" for name in BATTERIES))
    for name, title in batteries(fast).items():
        run.pytest(title, HARNESS / name)
    print("\n".join(counts.lines(fast)))
    return run.finish()


def main():
    try:
        return check("--fast" in sys.argv[1:])
    except Problem as problem:
        print(f"harness/check: {problem}", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        return 1


if __name__ == "__main__":
    sys.exit(main())
