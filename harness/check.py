"""harness/check: builds and tests everything. The shell script beside this file has seen to the
Debian packages and shows the usage."""

import sys

from kit import counts, fixture, register, soak
from kit.build import build
from kit.paths import BUILD, HARNESS, ROOT, SANITIZED
from kit.problem import Problem
from kit.stages import Check, ctest, program, pytest, step

# What takes longest begins first, so that nothing is waited for alone at the end.
LONGEST = ("test_null_targets", "test_mutants", "test_model_mutants", "test_fuzz", "test_runs", "test_bad_input")
SLOW = ("test_sanitized", "test_mutants", "test_model_mutants", "test_fuzz", "test_bad_input")  # or need the sanitized build
SOAK_REPEATS = 2


def quiet(_):
    """The stage's own line says that it was built, and how long it took."""


def test_files(fast):
    """Each file of tests there is, as a stage of its own: none is left out, none is run twice."""
    names = {path.stem for path in HARNESS.glob("test_*.py")} - set(SLOW if fast else ())
    order = [name for name in LONGEST if name in names]
    return [pytest(name, HARNESS / f"{name}.py") for name in [*order, *sorted(names.difference(order))]]


def unit_tests(fast):
    return [ctest("unit tests", BUILD), *([] if fast else [ctest("unit tests with sanitizers", SANITIZED)])]


def check(fast):
    run = Check()
    build(say=print)
    if not fast:
        run.run(step("build with sanitizers", lambda: build(sanitize=True, say=quiet)))
    run.run(step("fixture", lambda: fixture.ensure(say=quiet) and "made" or "kept"))
    run.run(program("vectors are as generated", sys.executable, "-BEs", str(ROOT / "vectors" / "generate.py"), "--check"),
            *unit_tests(fast), *test_files(fast))
    run.run(step("register of MQTT's statements", lambda: register.proven([BUILD] if fast else [BUILD, SANITIZED])),
            step("soak, briefly", lambda: soak.reference(SOAK_REPEATS)), at_once=1)
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
