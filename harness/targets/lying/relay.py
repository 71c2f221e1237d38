"""Stands between the suite and a broker that obeys every rule, and passes on what both say, packet by packet. A lying
target overrides what it does with a packet of either side, and so is right in everything but its lie."""

import asyncio
import contextlib
import signal
import sys

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, SUBACK, PINGRESP, DISCONNECT = 1, 2, 3, 4, 5, 9, 13, 14


def packet(first, body=b""):
    """A packet with the Remaining Length that its body has (MQTT 5.0 section 1.5.5)."""
    size, length = len(body), bytearray()
    while True:
        size, digit = divmod(size, 128)
        length.append(digit | (0x80 if size else 0))
        if not size:
            return bytes([first]) + bytes(length) + body


async def read_packet(stream):
    """(first byte, body); raises asyncio.IncompleteReadError at the end."""
    first, size, shift = (await stream.readexactly(1))[0], 0, 0
    while True:
        digit = (await stream.readexactly(1))[0]
        size |= (digit & 0x7F) << shift
        shift += 7
        if digit < 0x80:
            return first, await stream.readexactly(size)


def payload_of(first, body):
    """The payload of a PUBLISH, near enough to know it again: all behind its topic and Packet Identifier."""
    topic = 2 + int.from_bytes(body[:2], "big")
    return body[topic + (2 if first & 6 else 0):]


class Relay:
    """One connection of the suite and the connection to the broker that stands behind it."""

    everybody = set()

    def __init__(self, reader, writer):
        self.suite_reader, self.suite = reader, writer
        self.broker_reader = self.broker = None

    def say(self, data):
        """To the suite."""
        if not self.suite.is_closing():
            self.suite.write(data)

    def tell(self, data):
        """To the broker."""
        if not self.broker.is_closing():
            self.broker.write(data)

    # What a lie overrides.

    async def from_suite(self, first, body):
        self.tell(packet(first, body))

    async def from_broker(self, first, body):
        self.say(packet(first, body))

    # The course of a connection.

    async def pump(self, reader, writer, handle):
        while True:
            await handle(*await read_packet(reader))
            await writer.drain()

    async def converse(self, port):
        self.broker_reader, self.broker = await asyncio.open_connection("127.0.0.1", port)
        self.everybody.add(self)
        pumps = {asyncio.ensure_future(self.pump(self.suite_reader, self.broker, self.from_suite)),
                 asyncio.ensure_future(self.pump(self.broker_reader, self.suite, self.from_broker))}
        _, rest = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0.01)
        for task in rest:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)

    async def end(self):
        self.everybody.discard(self)
        for writer in (self.suite, self.broker):
            if writer:
                with contextlib.suppress(ConnectionError, OSError):
                    writer.close()


async def _serve(kind, port):
    async def serve_one(reader, writer):
        relay = kind(reader, writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ValueError, OSError):
            await relay.converse(port)
        await relay.end()

    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()


def serve(lies):
    """lie.py FIXTURE LIE PORT: the relay of this name before the broker on that port, until SIGTERM."""
    asyncio.run(_serve(lies[sys.argv[2]], int(sys.argv[3])))
