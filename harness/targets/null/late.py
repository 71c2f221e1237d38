"""Null target: the right codes, and 300 ms later what they denied: the message that must not be
sent, and the message that must not be read."""

import asyncio

from broker import Broker, matches, plain_filter, serve
from knowing import DENIED, Knowing

SECONDS = 0.3


class Late(Knowing):
    def subscribe(self, client, topic_filter, code):
        if code == DENIED:
            client.refused.append(plain_filter(topic_filter))
        super().subscribe(client, topic_filter, code)

    def connect_code(self, client, password):
        client.refused = []
        return super().connect_code(client, password)

    def publish(self, client, message, code):
        loop = asyncio.get_running_loop()
        loop.call_later(SECONDS, self.leak, client.tree, message)
        if code == DENIED:
            loop.call_later(SECONDS, Broker.publish, self, client, message, code)
        super().publish(client, message, code)

    def leak(self, tree, message):
        for client in self.clients:
            if client.tree == tree and any(matches(text, message.topic) for text in client.refused):
                client.deliver(message, 0)


def main():
    serve(Late().serve_one)


if __name__ == "__main__":
    main()
