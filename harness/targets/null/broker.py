"""A broker that says yes to everything: any CONNECT, any PUBLISH, any filter, one topic tree for
all. Each answer is a method of its own; a null target overrides what it does differently."""

import asyncio
import contextlib
import signal

import wire


def matches(topic_filter, topic):
    """MQTT 5.0 section 4.7, `$` topics included."""
    wanted, found = topic_filter.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for level, word in enumerate(wanted):
        if word == "#":
            return True
        if level >= len(found) or word not in ("+", found[level]):
            return False
    return len(wanted) == len(found)


def plain_filter(text):
    """The filter of a shared subscription; here every member of a group gets every message."""
    return text.split("/", 2)[2] if text.startswith("$share/") and text.count("/") >= 2 else text


class Client:
    """One connection: its stream, its topic tree, its filters, its packet identifiers."""

    def __init__(self, writer):
        self.writer, self.tree, self.filters, self.last_id = writer, "", {}, 0

    def send(self, data):
        if not self.writer.is_closing():
            self.writer.write(data)

    def deliver(self, message, qos, retain=False):
        self.last_id = self.last_id % 0xFFFF + 1
        self.send(wire.publish(message, qos, self.last_id, retain))


class Broker:
    def __init__(self):
        self.clients, self.retained = set(), {}

    # The answers and what is done. A null target overrides these.

    def connect_code(self, client, password):
        return 0x00

    def filter_code(self, client, topic_filter, qos):
        return qos

    def publish_code(self, client, message):
        return 0x00

    def subscribe(self, client, topic_filter, code):
        if code < 0x80:
            client.filters[topic_filter] = code
            self.replay(client, plain_filter(topic_filter), code)

    def publish(self, client, message, code):
        self.route(client.tree, message)

    # What follows from them.

    def route(self, tree, message):
        if message.retain:
            self.retained[tree, message.topic] = message
        for client in self.clients:
            granted = [qos for text, qos in client.filters.items() if matches(plain_filter(text), message.topic)]
            if granted and client.tree == tree:
                client.deliver(message, min(1, message.qos, max(granted)))

    def on_publish(self, client, flags, body):
        message = wire.read_publish(flags, body)
        code = self.publish_code(client, message)
        self.publish(client, message, code)
        if message.qos:
            kind = wire.PUBACK if message.qos == 1 else wire.PUBREC
            client.send(wire.acknowledge(kind, message.packet_id, code))

    def on_pubrel(self, client, flags, body):
        client.send(wire.acknowledge(wire.PUBCOMP, int.from_bytes(body[:2], "big")))

    def on_subscribe(self, client, flags, body):
        request = wire.read_filters(body, with_options=True)
        answers = [self.filter_code(client, text, qos) for text, qos in request.filters]
        client.send(wire.codes(wire.SUBACK, request.packet_id, answers))
        for (text, _), code in zip(request.filters, answers):
            self.subscribe(client, text, code)

    def replay(self, client, topic_filter, qos):
        for (tree, topic), message in self.retained.items():
            if tree == client.tree and matches(topic_filter, topic):
                client.deliver(message, min(1, message.qos, qos), retain=True)

    def on_unsubscribe(self, client, flags, body):
        request = wire.read_filters(body, with_options=False)
        gone = [client.filters.pop(text, None) for text, _ in request.filters]
        client.send(wire.codes(wire.UNSUBACK, request.packet_id, [0x11 if was is None else 0x00 for was in gone]))

    def on_pingreq(self, client, flags, body):
        client.send(wire.packet(wire.PINGRESP))

    HANDLERS = {
        wire.PUBLISH: on_publish, wire.PUBREL: on_pubrel, wire.SUBSCRIBE: on_subscribe,
        wire.UNSUBSCRIBE: on_unsubscribe, wire.PINGREQ: on_pingreq,
    }

    async def converse(self, reader, client):
        kind, _, body = await wire.read_packet(reader)
        if kind != wire.CONNECT:
            return
        code = self.connect_code(client, wire.read_password(body))
        client.send(wire.connack(code))
        if code >= 0x80:
            return
        self.clients.add(client)
        while kind != wire.DISCONNECT:
            kind, flags, body = await wire.read_packet(reader)
            handler = self.HANDLERS.get(kind)
            if handler:
                handler(self, client, flags, body)
            await client.writer.drain()

    async def serve_one(self, reader, writer):
        client = Client(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ValueError):
            await self.converse(reader, client)
        self.clients.discard(client)
        writer.close()


async def _serve(handler):
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()


def serve(handler):
    """Runs a connection handler on a free port until SIGTERM."""
    asyncio.run(_serve(handler))
