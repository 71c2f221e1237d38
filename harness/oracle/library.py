"""The C library as an examinee: decider.c, a process that answers a line to each line."""

import contextlib
import json
import subprocess

from .decide import Answer
from .difference import Difference


class Library:
    def __init__(self, program):
        self.process = subprocess.Popen([str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def _answers(self, lines):
        """None for each line that a process which has died did not answer any more."""
        try:
            self.process.stdin.write("".join(line + "\n" for line in lines))
            self.process.stdin.flush()
        except BrokenPipeError:
            return [None] * len(lines)
        return [self.process.stdout.readline().rstrip("\n") or None for _ in lines]

    def load(self, document) -> bool:
        """Whether the library accepts a policy document."""
        answer, = self._answers(["policy " + json.dumps(document, ensure_ascii=False)])
        if answer is None:
            raise Difference("the library crashed", crash=True)
        return answer == "accepted"

    def ask(self, asked: list) -> list:
        """asked: (identity, question) each. An Answer each, whose rules are the one that the library names."""
        return [_answer(line) for line in self._answers([
            "ask " + json.dumps({"identity": identity, **vars(question)}, ensure_ascii=False)
            for identity, question in asked])]


def _answer(line):
    if line is None:
        return None
    verdict, value, word = line.split(" ", 2)
    if verdict == "allow":
        return Answer(True, int(value), frozenset([word.strip('"')]))
    return Answer(False, int(value))
