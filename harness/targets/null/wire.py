"""MQTT 5 packets, as far as a null target reads and writes them. Not the suite's codec and not the
reference broker's: a null target shares no code with what it puts on trial."""

from dataclasses import dataclass, field

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = 1, 2, 3, 4, 5, 6, 7
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT = 8, 9, 10, 11, 12, 13, 14


@dataclass
class Publish:
    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    packet_id: int = 0


@dataclass
class Subscribe:
    packet_id: int
    filters: list = field(default_factory=list)  # (filter, requested QoS)


def variable(number):
    """Variable Byte Integer (MQTT 5.0 section 1.5.5)."""
    out = bytearray()
    while True:
        number, digit = divmod(number, 128)
        out.append(digit | (0x80 if number else 0))
        if not number:
            return bytes(out)


class Reader:
    """Takes fields off the front of a packet's body."""

    def __init__(self, body):
        self.body, self.at = body, 0

    def take(self, size):
        if self.at + size > len(self.body):
            raise ValueError("packet too short")
        self.at += size
        return self.body[self.at - size:self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def text(self):
        return self.take(self.number(2)).decode()

    def variable(self):
        value = shift = 0
        while True:
            digit = self.number(1)
            value |= (digit & 0x7F) << shift
            shift += 7
            if digit < 0x80:
                return value

    def skip_properties(self):
        self.take(self.variable())

    def rest(self):
        return self.take(len(self.body) - self.at)


def packet(kind, body=b"", flags=0):
    return bytes([kind << 4 | flags]) + variable(len(body)) + body


def string(text):
    data = text.encode()
    return len(data).to_bytes(2, "big") + data


def read_password(body):
    """The Password of a CONNECT without Will, empty where there is none."""
    reader = Reader(body)
    reader.take(7)
    flags = reader.number(1)
    reader.take(2)
    reader.skip_properties()
    reader.text()
    if flags & 0x80:
        reader.text()
    return reader.take(reader.number(2)) if flags & 0x40 else b""


def read_publish(flags, body):
    reader = Reader(body)
    found = Publish(reader.text(), b"", flags >> 1 & 3, bool(flags & 1))
    found.packet_id = reader.number(2) if found.qos else 0
    reader.skip_properties()
    found.payload = reader.rest()
    return found


def read_filters(body, with_options):
    reader = Reader(body)
    found = Subscribe(reader.number(2))
    reader.skip_properties()
    while reader.at < len(body):
        text = reader.text()
        found.filters.append((text, reader.number(1) & 3 if with_options else 0))
    return found


def publish(message, qos, packet_id, retain):
    identifier = packet_id.to_bytes(2, "big") if qos else b""
    return packet(PUBLISH, string(message.topic) + identifier + b"\0" + message.payload, qos << 1 | retain)


def connack(code):
    return packet(CONNACK, bytes([0, code, 0]))


def acknowledge(kind, packet_id, code=0, flags=0):
    return packet(kind, packet_id.to_bytes(2, "big") + (bytes([code]) if code else b""), flags)


def codes(kind, packet_id, values):
    return packet(kind, packet_id.to_bytes(2, "big") + b"\0" + bytes(values))


async def read_packet(stream):
    """(type, flags, body) of the next packet; raises asyncio.IncompleteReadError at the end."""
    first, size, shift = (await stream.readexactly(1))[0], 0, 0
    while True:
        digit = (await stream.readexactly(1))[0]
        size |= (digit & 0x7F) << shift
        shift += 7
        if digit < 0x80:
            return first >> 4, first & 15, await stream.readexactly(size)
