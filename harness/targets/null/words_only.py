"""Null target: says 0x87 and delivers all the same, to filters that it has refused as well."""

from broker import Broker, serve
from knowing import Knowing


class WordsOnly(Knowing):
    def subscribe(self, client, topic_filter, code):
        super().subscribe(client, topic_filter, min(code, 1))

    def publish(self, client, message, code):
        Broker.publish(self, client, message, code)


def main():
    serve(WordsOnly().serve_one)


if __name__ == "__main__":
    main()
