"""Brokers that lie: each is the reference broker behind a relay that tells one lie, so that tokens are verified and
decisions are right. `lie.py FIXTURE LIE PORT`."""

import asyncio
import os

from relay import CONNACK, DISCONNECT, PINGRESP, PUBACK, PUBLISH, PUBREC, SUBACK, Relay, packet, payload_of, serve

KINDS = 4


def kind_of(first):
    return first >> KINDS


class Deaf(Relay):
    """Says what is right to everybody, and delivers no message to anybody."""

    async def from_broker(self, first, body):
        if kind_of(first) != PUBLISH:
            self.say(packet(first, body))
        elif first & 6:
            topic = 2 + int.from_bytes(body[:2], "big")
            self.tell(packet(0x40 if first & 2 else 0x50, body[topic:topic + 2]))


class Once(Relay):
    """Delivers the first message to each connection and none after: what is never received proves nothing."""

    async def from_broker(self, first, body):
        if kind_of(first) == PUBLISH and getattr(self, "delivered", False):
            await Deaf.from_broker(self, first, body)
            return
        self.delivered = getattr(self, "delivered", False) or kind_of(first) == PUBLISH
        self.say(packet(first, body))


class OwnOnly(Relay):
    """Delivers to each client its own messages alone."""

    def __init__(self, reader, writer):
        super().__init__(reader, writer)
        self.own = set()

    async def from_suite(self, first, body):
        if kind_of(first) == PUBLISH:
            self.own.add(payload_of(first, body)[-24:])
        self.tell(packet(first, body))

    async def from_broker(self, first, body):
        if kind_of(first) == PUBLISH and payload_of(first, body)[-24:] not in self.own:
            await Deaf.from_broker(self, first, body)
        else:
            self.say(packet(first, body))


class AckThenClose(Relay):
    """Ends every connection behind its first acknowledgement of a PUBLISH."""

    async def from_broker(self, first, body):
        self.say(packet(first, body))
        if kind_of(first) in (PUBACK, PUBREC):
            await self.suite.drain()
            raise ConnectionError


class Twice(Relay):
    """Says everything twice."""

    async def from_broker(self, first, body):
        self.say(packet(first, body) * 2)


class ConnackTwice(Relay):
    async def from_broker(self, first, body):
        self.say(packet(first, body) * (2 if kind_of(first) == CONNACK else 1))


class OtherIdentifier(Relay):
    """Acknowledges another Packet Identifier than the one that it was asked with."""

    async def from_broker(self, first, body):
        if kind_of(first) in (PUBACK, PUBREC, SUBACK):
            body = (int.from_bytes(body[:2], "big") % 0xFFFF + 1).to_bytes(2, "big") + body[2:]
        self.say(packet(first, body))


class OutOfOrder(Relay):
    """Holds each packet back until the next one has gone, or a moment has passed."""

    held = b""

    async def from_broker(self, first, body):
        data = packet(first, body)
        if kind_of(first) == CONNACK:
            self.say(data)
        elif self.held:
            self.say(data + self.held)
            self.held = b""
        else:
            self.held = data
            asyncio.get_running_loop().call_later(0.02, self.let_go)

    def let_go(self):
        self.say(self.held)
        self.held = b""


class ShortSuback(Relay):
    """Answers a SUBSCRIBE without a single code."""

    async def from_broker(self, first, body):
        self.say(packet(first, body[:3] if kind_of(first) == SUBACK else body))


class Mid(Relay):
    """Ends every connection in the middle of its second packet."""

    said = 0

    async def from_broker(self, first, body):
        data = packet(first, body)
        self.said += 1
        if self.said < 2:
            self.say(data)
            return
        self.say(data[:len(data) // 2])
        await self.suite.drain()
        raise ConnectionError


class HalfClosed(Relay):
    """Says CONNACK, shuts its side down, and goes on listening."""

    async def from_broker(self, first, body):
        if kind_of(first) == CONNACK:
            self.say(packet(first, body))
            await self.suite.drain()
            self.suite.write_eof()


class Flood(Relay):
    """Behind CONNACK come messages without end."""

    data = packet(0x30, b"\0\1x\0flood") * 200

    async def from_broker(self, first, body):
        self.say(packet(first, body))
        while kind_of(first) == CONNACK:
            self.say(self.data)
            await self.suite.drain()


class PingFlood(Flood):
    """Behind CONNACK come the smallest packets without end."""

    data = packet(PINGRESP << KINDS) * 4000


class AuthFlood(Flood):
    """Behind CONNACK come AUTH packets that nobody asked for."""

    data = packet(0xF0, b"\x18\x00") * 1000


class Megabytes(Relay):
    """Behind CONNACK comes one message of the largest size there is."""

    async def from_broker(self, first, body):
        self.say(packet(first, body))
        if kind_of(first) == CONNACK:
            self.say(b"\x30\xff\xff\xff\x7f\0\1x\0")
            while True:
                self.say(bytes(1 << 16))
                await self.suite.drain()


class Noise(Relay):
    """Behind CONNACK comes what is no packet."""

    async def from_broker(self, first, body):
        self.say(packet(first, body) + (os.urandom(500) if kind_of(first) == CONNACK else b""))


class Drip(Relay):
    """A byte a second."""

    async def from_broker(self, first, body):
        for byte in packet(first, body):
            self.say(bytes([byte]))
            await asyncio.sleep(1)


class Farewell(Relay):
    """Says DISCONNECT 0x00 behind each of its packets but CONNACK, and stays."""

    async def from_broker(self, first, body):
        self.say(packet(first, body) + (b"" if kind_of(first) == CONNACK else packet(DISCONNECT << KINDS)))


class Claims(Relay):
    """Says in CONNACK that it has nothing that could be asked for."""

    properties = b"\x24\0\x25\0\x28\0\x29\0\x2a\0"

    async def from_broker(self, first, body):
        if kind_of(first) == CONNACK and body[1] == 0:
            body = body[:2] + bytes([len(self.properties)]) + self.properties
        self.say(packet(first, body))


class Tiny(Claims):
    """Takes no packet of more than twenty bytes."""

    properties = b"\x27\0\0\0\x14"


class Hasty(Claims):
    """Demands a packet every second."""

    properties = b"\x13\0\1"


class Window(Claims):
    """Allows itself a Receive Maximum of zero, which MQTT does not."""

    properties = b"\x21\0\0"


class Present(Relay):
    """Every session is present."""

    async def from_broker(self, first, body):
        if kind_of(first) == CONNACK and body[1] == 0:
            body = b"\1" + body[1:]
        self.say(packet(first, body))


class Leak(Relay):
    """Sends to everybody, some time later, each message that was refused."""

    seconds = 0.12

    def __init__(self, reader, writer):
        super().__init__(reader, writer)
        self.asked = {}

    async def from_suite(self, first, body):
        if kind_of(first) == PUBLISH and first & 6:
            topic = 2 + int.from_bytes(body[:2], "big")
            self.asked[body[topic:topic + 2]] = packet(0x30, body[:topic] + body[topic + 2:])
        self.tell(packet(first, body))

    async def from_broker(self, first, body):
        if kind_of(first) in (PUBACK, PUBREC) and body[2:3] >= b"\x80" and body[:2] in self.asked:
            asyncio.get_running_loop().call_later(self.seconds, self.leak, self.asked[body[:2]])
        self.say(packet(first, body))

    def leak(self, data):
        for other in self.everybody:
            if other is not self:
                other.say(data)


class LeakLater(Leak):
    seconds = 0.6


class Greeting(Relay):
    """Says CONNACK before it was asked."""

    async def converse(self, port):
        self.say(packet(CONNACK << KINDS, b"\0\0\0"))
        await super().converse(port)


class Wink(Relay):
    """Accepts whoever is refused, and then ends the connection."""

    async def from_broker(self, first, body):
        if kind_of(first) == CONNACK and body[1]:
            self.say(packet(CONNACK << KINDS, b"\0\0\0"))
            await self.suite.drain()
            raise ConnectionError
        self.say(packet(first, body))


class Hears(Relay):
    """Refuses in words, but keeps the connection and answers every ping."""

    refused = False

    async def from_suite(self, first, body):
        if self.refused:
            self.say(packet(PINGRESP << KINDS))
        else:
            self.tell(packet(first, body))

    async def from_broker(self, first, body):
        if kind_of(first) == CONNACK and body[1]:
            self.refused = True
            self.say(packet(first, body))
            await asyncio.sleep(3)
        else:
            self.say(packet(first, body))


class TwicePublished(Relay):
    """Delivers everything twice."""

    async def from_broker(self, first, body):
        self.say(packet(first, body) * (2 if kind_of(first) == PUBLISH else 1))


class Altered(Relay):
    """Adds a byte to every message."""

    async def from_broker(self, first, body):
        self.say(packet(first, body + (b"!" if kind_of(first) == PUBLISH else b"")))


class Elsewhere(Relay):
    """Delivers every message under another topic."""

    async def from_broker(self, first, body):
        if kind_of(first) == PUBLISH:
            body = body[:2] + b"X" + body[3:]
        self.say(packet(first, body))


class Granted(Relay):
    """Says of every filter and every message that it is granted, and obeys its policy."""

    async def from_broker(self, first, body):
        if kind_of(first) == SUBACK:
            body = body[:3] + bytes(code & 1 if code >= 0x80 else code for code in body[3:])
        elif kind_of(first) in (PUBACK, PUBREC):
            body = body[:2]
        self.say(packet(first, body))


class Refused(Relay):
    """Says of every filter and every message that it is denied, and obeys its policy."""

    async def from_broker(self, first, body):
        if kind_of(first) == SUBACK:
            body = body[:3] + b"\x87" * len(body[3:])
        elif kind_of(first) in (PUBACK, PUBREC):
            body = body[:2] + b"\x87"
        self.say(packet(first, body))


class Tired(Relay):
    """Serves a hundred connections, and is silent to all that come after."""

    async def converse(self, port):
        Tired.served = getattr(Tired, "served", 0) + 1
        if Tired.served <= 100:
            await super().converse(port)
        else:
            await self.suite_reader.read()


class Sleepy(Relay):
    """Serves forty connections well, and of the others only the PINGREQs."""

    async def from_suite(self, first, body):
        if first == 0x10:
            Sleepy.served = getattr(Sleepy, "served", 0) + 1
            self.wake = Sleepy.served <= 40
        if self.wake or first in (0x10, 0xC0):
            self.tell(packet(first, body))


LIES = {name: kind for name, kind in sorted(globals().items())
        if isinstance(kind, type) and issubclass(kind, Relay) and kind is not Relay}

if __name__ == "__main__":
    serve(LIES)
