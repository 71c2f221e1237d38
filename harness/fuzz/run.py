"""harness/fuzz/run: builds the fuzz targets and runs them. The shell script beside this file has
seen to the Debian packages and shows the usage."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit import fuzz  # noqa: E402
from kit.problem import Problem  # noqa: E402

HELP = "harness/fuzz/run --help shows the usage"
DEFAULT_SECONDS = 120


def number(text):
    if not text.isdigit() or not 1 <= int(text) <= 86400:
        raise Problem(f"--seconds: expected a number from 1 to 86400, found {text}; {HELP}")
    return int(text)


def parse(arguments):
    """(targets, seconds, planted)."""
    targets, seconds, planted = [], DEFAULT_SECONDS, False
    words = iter(arguments)
    for word in words:
        flag, equals, value = word.partition("=")
        if flag == "--seconds":
            seconds = number(value if equals else next(words, ""))
        elif word == "--planted":
            planted = True
        elif word.startswith("-"):
            raise Problem(f"unknown option {word}; {HELP}")
        elif word not in fuzz.TARGETS:
            raise Problem(f"unknown target {word}: expected one of {', '.join(fuzz.TARGETS)}")
        else:
            targets.append(word)
    return targets or list(fuzz.TARGETS), seconds, planted


def main():
    try:
        targets, seconds, planted = parse(sys.argv[1:])
        if planted:
            print(fuzz.planted())
            return 0
        fuzz.build()
        findings = [finding for name in targets for finding in [fuzz.run(name, seconds)] if finding]
        return 1 if findings else 0
    except Problem as problem:
        print(f"harness/fuzz/run: {problem}", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        return 1


if __name__ == "__main__":
    sys.exit(main())
