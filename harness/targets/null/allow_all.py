"""Null target: yes to everything. A suite that only looks for what is granted would love it."""

from broker import Broker, serve


def main():
    serve(Broker().serve_one)


if __name__ == "__main__":
    main()
