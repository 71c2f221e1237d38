"""Null target: the right code for everybody, and no message for anybody."""

from broker import serve
from knowing import Knowing


class Deaf(Knowing):
    def publish(self, client, message, code):
        pass


def main():
    serve(Deaf().serve_one)


if __name__ == "__main__":
    main()
