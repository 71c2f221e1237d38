"""Null target: right at QoS 1; what comes at QoS 0, a message or a filter, passes."""

from broker import serve
from knowing import Knowing


class Qos1Only(Knowing):
    def filter_code(self, client, topic_filter, qos):
        return super().filter_code(client, topic_filter, qos) if qos else 0

    def publish_code(self, client, message):
        return super().publish_code(client, message) if message.qos else 0


def main():
    serve(Qos1Only().serve_one)


if __name__ == "__main__":
    main()
