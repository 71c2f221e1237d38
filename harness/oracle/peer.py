"""A client of the live broker: one connection, every packet of which is expected or a difference."""

from kit import raw

from .difference import Difference
from .world import Heard

PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, PINGRESP = 3, 4, 5, 6, 7, 9, 13
RETAIN_AS_PUBLISHED = 0x08


class Peer:
    def __init__(self, port, token, client, will=None):
        self.wire, self.heard = raw.Wire(port), []
        self.send(raw.connect(token, client, will=will))
        answer = self.wire.read()
        self.code = answer[1][1] if answer else None

    def close(self):
        self.wire.close()

    def leave(self, reason):
        """DISCONNECT, and the end of the connection is seen."""
        self.send(b"\xe0\x01" + bytes([reason]))
        self.wire.all()
        self.close()

    def send(self, data):
        self.wire.send(data)

    def until(self, kind):
        """The body of the first packet of this kind; messages that come before it are heard and acknowledged."""
        while True:
            answer = self.wire.read()
            if answer is None:
                raise Difference(f"the broker closed the connection where packet type {kind} was due")
            first, body = answer
            if first >> 4 == kind:
                return body
            if first >> 4 == PUBLISH:
                self._hear(first, body)
            elif first >> 4 == PUBREL:
                self.send(raw.packet(PUBCOMP << 4, body[:2]))
            else:
                raise Difference(f"packet {first:02x} {body.hex()} where type {kind} was due")

    def _hear(self, first, body):
        qos, size = first >> 1 & 3, int.from_bytes(body[:2], "big")
        topic, rest = body[2:2 + size].decode(), body[2 + size:]
        if qos:
            self.send(raw.packet((PUBACK if qos == 1 else PUBREC) << 4, rest[:2]))
            rest = rest[2:]
        self.heard.append(Heard(topic, rest[1 + rest[0]:], qos, bool(first & 1)))  # properties below 128 bytes

    def publish(self, question, payload):
        """The reason code; None for quality of service 0, where all that comes is the answer to a ping."""
        self.send(raw.publish(question.topic, payload, question.qos, retain=question.retain))
        if question.qos == 0:
            self.send(raw.PING)
            self.until(PINGRESP)
            return None
        body = self.until(PUBACK if question.qos == 1 else PUBREC)
        code = body[2] if len(body) > 2 else 0
        if question.qos == 2 and code < 0x80:
            self.send(raw.packet(PUBREL << 4 | 2, body[:2]))
            self.until(PUBCOMP)
        return code

    def subscribe(self, topic_filter, qos, options=0):
        self.send(raw.subscribe(topic_filter, options=qos | options))
        return self.until(SUBACK)[-1]

    def taken(self):
        heard, self.heard = self.heard, []
        return heard


def fence(peers):
    """What the broker had to say to them before now has arrived."""
    for peer in peers:
        peer.send(raw.PING)
    for peer in peers:
        peer.until(PINGRESP)
