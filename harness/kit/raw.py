"""MQTT 5 by the byte, for tests that send what no client library would send."""

import contextlib
import socket

TIMEOUT_SECONDS = 5


def string(data):
    data = data.encode() if isinstance(data, str) else data
    return len(data).to_bytes(2, "big") + data


def packet(first, body):
    """A packet with a Remaining Length of as many bytes as it needs (MQTT 5.0 section 1.5.5)."""
    size, length = len(body), bytearray()
    while True:
        size, digit = divmod(size, 128)
        length.append(digit | (0x80 if size else 0))
        if not size:
            return bytes([first]) + bytes(length) + body


def connect(token, client="", keep_alive=60, properties=b"", clean=True, will=None):
    """CONNECT with a Password and no User Name. will: (topic, payload, quality of service, retain)."""
    topic, payload, qos, retain = will or ("", b"", 0, False)
    flags = 0x40 | clean << 1 | (0x04 | qos << 3 | retain << 5 if will else 0)
    head = string("MQTT") + bytes([5, flags]) + keep_alive.to_bytes(2, "big")
    last = b"\0" + string(topic) + string(payload) if will else b""
    return packet(0x10, head + bytes([len(properties)]) + properties + string(client) + last + string(token))


def publish(topic, payload, qos=0, packet_id=1, retain=False):
    identifier = packet_id.to_bytes(2, "big") if qos else b""
    return packet(0x30 | qos << 1 | retain, string(topic) + identifier + b"\0" + payload)


def subscribe(topic_filter, packet_id=1, options=1):
    return packet(0x82, packet_id.to_bytes(2, "big") + b"\0" + string(topic_filter) + bytes([options]))


PING = b"\xc0\x00"


class Wire:
    """A connection; packets come back as (first byte, body)."""

    def __init__(self, port, buffer=None):
        """buffer: bytes that the system may hold for a reader that does not read."""
        self.socket = socket.socket()
        self.socket.settimeout(TIMEOUT_SECONDS)
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def read(self):
        """The next packet, or None at the end of the connection."""
        with contextlib.suppress(ConnectionResetError):
            first = self.file.read(1)
            size, shift = 0, 0
            while first:
                digit = self.file.read(1)[0]
                size |= (digit & 0x7F) << shift
                shift += 7
                if digit < 0x80:
                    return first[0], self.file.read(size)
        return None

    def all(self):
        """Every packet until the broker closes; a timeout is an error."""
        return list(iter(self.read, None))

    def close(self):
        self.file.close()
        self.socket.close()


@contextlib.contextmanager
def wire(port, buffer=None):
    connection = Wire(port, buffer)
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def session(port, token, client="", buffer=None):
    """A connection that was accepted."""
    with wire(port, buffer) as connection:
        connection.send(connect(token, client))
        first, body = connection.read()
        assert (first, body[1]) == (0x20, 0x00), (first, body.hex())
        yield connection


def code(answer):
    """The reason code of a CONNACK or DISCONNECT."""
    first, body = answer
    return body[1] if first == 0x20 else body[0] if body else 0x00
