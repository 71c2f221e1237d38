"""Right, but for every second PUBLISH that it denies: that one gets the code of success."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "null"))

from broker import serve  # noqa: E402
from knowing import DENIED, Knowing  # noqa: E402


class Moody(Knowing):
    denials = 0

    def publish_code(self, client, message):
        code = super().publish_code(client, message)
        self.denials += code == DENIED
        return 0x00 if code == DENIED and self.denials % 2 == 0 else code

    def publish(self, client, message, code):
        if super().publish_code(client, message) != DENIED:
            super().publish(client, message, code)


def main():
    serve(Moody().serve_one)


if __name__ == "__main__":
    main()
