"""What ends a command early: one sentence for the user, and the exit code of spec and runner."""

USAGE = 2
INCOMPLETE = 3
HARNESS = 4


class Problem(Exception):
    def __init__(self, message, code=USAGE):
        super().__init__(message)
        self.code = code
