"""Null target: refuses every CONNECT, in the right manner. Nobody was ever safer."""

from broker import Broker, serve


class RefuseAll(Broker):
    def connect_code(self, client, password):
        return 0x86


def main():
    serve(RefuseAll().serve_one)


if __name__ == "__main__":
    main()
