"""Knows the policies, verifies no signature, and has a clock of its own."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "null"))

from broker import serve  # noqa: E402
from knowing import Knowing, claims_of  # noqa: E402

REFUSED = 0x86


class Shifted(Knowing):
    ahead, leeway = int(sys.argv[2]), int(sys.argv[3])

    def connect_code(self, client, password):
        claims, now = claims_of(password), time.time() + self.ahead
        in_time = claims.get("iat", 0) <= now + self.leeway and now < claims.get("exp", 0) + self.leeway
        return super().connect_code(client, password) if in_time else REFUSED


def main():
    serve(Shifted().serve_one)


if __name__ == "__main__":
    main()
