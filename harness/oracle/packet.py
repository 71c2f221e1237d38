"""What the first packet of some bytes is (MQTT 5.0 chapters 1 to 3), in the form of vectors/packet/: written from the
standard, as plainly as it can be said."""

from .mqtt_facts import CLIENT, PROPERTIES, SERVER, TYPES, codes_of

MALFORMED, PROTOCOL_ERROR = "malformed", "protocol-error"


class Incomplete(Exception):
    """More bytes are needed."""


class Wrong(Exception):
    """args[0]: the class of error."""


def _expect(truth: bool, kind: str = MALFORMED):
    if not truth:
        raise Wrong(kind)


class Reader:
    """Takes fields off the front of a body that is all there."""

    def __init__(self, data: bytes):
        self.data = data

    def take(self, size: int) -> bytes:
        _expect(size <= len(self.data))
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def varint(self) -> int:
        value, size = decode_varint(self.data)
        _expect(size is not None)
        self.take(size)
        return value

    def binary(self) -> str:
        return self.take(self.number(2)).hex()

    def string(self) -> str:
        """Python's decoder is as strict as RFC 3629; U+0000 is MQTT's own [MQTT-1.5.4-2]."""
        try:
            text = bytes.fromhex(self.binary()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Wrong(MALFORMED) from error
        _expect("\0" not in text)
        return text

    def pair(self) -> list:
        return [self.string(), self.string()]


def decode_varint(data: bytes):
    """(value, bytes that it has); (None, None): it is not whole. [MQTT-1.5.5-1] The shortest form, at most four bytes."""
    value = 0
    for count, byte in enumerate(data[:4]):
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            _expect(byte != 0 or count == 0)
            return value, count + 1
    _expect(len(data) < 4)
    return None, None


def read(data: bytes, sender: str):
    """(fields, size) of the first packet, Incomplete, or Wrong."""
    if not data:
        raise Incomplete
    kind, flags = _first_byte(data[0], sender)
    length, size = decode_varint(data[1:])
    if length is None or len(data) < 1 + size + length:
        raise Incomplete
    body = Reader(data[1 + size:1 + size + length])
    fields = {"type": kind, **_BODIES[kind](body, flags, sender)}
    _expect(not body.data)
    return fields, 1 + size + length


def _first_byte(first: int, sender: str):
    _expect(first >> 4 in TYPES)
    kind, flags, senders = TYPES[first >> 4]
    _expect(flags is None or first & 15 == flags)
    _expect(sender in senders, PROTOCOL_ERROR)
    return kind, first & 15


_VALUES = {"byte": lambda reader: reader.number(1), "two": lambda reader: reader.number(2),
           "four": lambda reader: reader.number(4), "varint": Reader.varint, "string": Reader.string,
           "binary": Reader.binary}


def _properties(body: Reader, kind: str, sender: str) -> list:
    """Section 2.2.2: of this packet, of their types, in range, none twice that may not be."""
    section, found = Reader(body.take(body.varint())), []
    while section.data:
        identifier = section.varint()
        _expect(identifier in PROPERTIES and kind in PROPERTIES[identifier][2])
        name, data_type, _, values = PROPERTIES[identifier]
        value = section.pair() if data_type == "pair" else [_VALUES[data_type](section)]
        _expect(values is None or value[0] in values, PROTOCOL_ERROR)
        _expect(name not in [other[0] for other in found] or _repeats(name, kind, sender), PROTOCOL_ERROR)
        found.append([name, *value])
    return found


def _repeats(name: str, kind: str, sender: str) -> bool:
    return name == "User Property" or (name == "Subscription Identifier" and kind == "PUBLISH" and sender == SERVER)


def _has(properties: list, name: str) -> bool:
    return any(found[0] == name for found in properties)


def _check_topic(topic: str):
    """[MQTT-4.7.1-1] [MQTT-4.7.3-1] A name: no wildcard, and at least one character."""
    _expect(topic != "" and not set("+#") & set(topic), PROTOCOL_ERROR)


def _check_response(properties: list):
    """[MQTT-3.3.2-14]"""
    for found in properties:
        if found[0] == "Response Topic":
            _check_topic(found[1])


def _connect(body: Reader, _: int, sender: str) -> dict:
    _expect(body.string() == "MQTT", PROTOCOL_ERROR)
    _expect(body.number(1) == 5, PROTOCOL_ERROR)
    flags = body.number(1)
    has_will, qos = bool(flags & 4), flags >> 3 & 3
    _expect(not flags & 1 and qos != 3)
    _expect(has_will or not flags & 0x38)
    fields = {"clean_start": bool(flags & 2), "keep_alive": body.number(2),
              "properties": _properties(body, "CONNECT", sender), "client_id": body.string()}
    _expect(_has(fields["properties"], "Authentication Method") or not _has(fields["properties"], "Authentication Data"),
            PROTOCOL_ERROR)
    if has_will:
        fields["will"] = {"qos": qos, "retain": bool(flags & 0x20), **_will(body, sender)}
    if flags & 0x80:
        fields["username"] = body.string()
    if flags & 0x40:
        fields["password"] = body.binary()
    return fields


def _will(body: Reader, sender: str) -> dict:
    fields = {"properties": _properties(body, "WILL", sender), "topic": body.string(), "payload": body.binary()}
    _check_topic(fields["topic"])
    _check_response(fields["properties"])
    return fields


def _connack(body: Reader, _: int, sender: str) -> dict:
    flags, code = body.number(1), body.number(1)
    _expect(flags in (0, 1))
    _expect(flags == 0 or code == 0, PROTOCOL_ERROR)
    return {"session_present": flags == 1, "code": _code(code, "CONNACK", sender),
            "properties": _properties(body, "CONNACK", sender)}


def _code(code: int, kind: str, sender: str) -> str:
    _expect(code in codes_of(kind, sender), PROTOCOL_ERROR)
    return f"0x{code:02x}"


def _publish(body: Reader, flags: int, sender: str) -> dict:
    qos = flags >> 1 & 3
    _expect(qos != 3 and (qos or not flags & 8))
    fields = {"dup": bool(flags & 8), "qos": qos, "retain": bool(flags & 1), "topic": body.string()}
    if qos:
        fields["id"] = _identifier(body)
    properties = fields["properties"] = _properties(body, "PUBLISH", sender)
    fields["payload"] = body.take(len(body.data)).hex()
    if fields["topic"] or not _has(properties, "Topic Alias"):
        _check_topic(fields["topic"])
    _check_response(properties)
    _expect(sender == SERVER or not _has(properties, "Subscription Identifier"), PROTOCOL_ERROR)
    return fields


def _identifier(body: Reader) -> int:
    identifier = body.number(2)
    _expect(identifier != 0, PROTOCOL_ERROR)
    return identifier


def _ended(body: Reader, kind: str, sender: str) -> dict:
    """Code and properties, each of which the end of the packet may leave out (sections 3.4.2 and 3.14.2)."""
    code = body.number(1) if body.data else 0
    properties = _properties(body, kind, sender) if body.data else []
    return {"code": _code(code, kind, sender), "properties": properties}


def _acknowledgement(kind: str):
    return lambda body, _, sender: {"id": _identifier(body), **_ended(body, kind, sender)}


def _disconnect(body: Reader, _: int, sender: str) -> dict:
    fields = _ended(body, "DISCONNECT", sender)
    _expect(sender == CLIENT or not _has(fields["properties"], "Session Expiry Interval"), PROTOCOL_ERROR)
    return fields


def _list(kind: str, name: str, entry):
    """SUBSCRIBE and what is built like it: identifier, properties, one entry after another."""
    def read_list(body: Reader, _: int, sender: str) -> dict:
        fields = {"id": _identifier(body), "properties": _properties(body, kind, sender), name: []}
        while body.data:
            fields[name].append(entry(body, kind, sender))
        _expect(fields[name] != [], PROTOCOL_ERROR)
        return fields
    return read_list


def _filter(body: Reader, *_) -> str:
    """Sections 4.7.1 and 4.8.2."""
    text = body.string()
    levels = text.split("/")
    if levels[0] == "$share":
        _expect(len(levels) > 2 and levels[1] != "" and not set("+#") & set(levels[1]), PROTOCOL_ERROR)
        levels = levels[2:]
    _expect(levels != [""], PROTOCOL_ERROR)
    for number, level in enumerate(levels):
        _expect(level in ("+", "#") or not set("+#") & set(level), PROTOCOL_ERROR)
        _expect(level != "#" or number == len(levels) - 1, PROTOCOL_ERROR)
    return text


def _subscription(body: Reader, *_) -> dict:
    text, options = _filter(body), body.number(1)
    _expect(not options & 0xC0)
    _expect(options & 3 != 3 and options >> 4 != 3, PROTOCOL_ERROR)
    _expect(not options & 4 or text.split("/")[0] != "$share", PROTOCOL_ERROR)
    return {"filter": text, "qos": options & 3, "no_local": bool(options & 4), "retain_as_published": bool(options & 8),
            "retain_handling": options >> 4}


def _listed_code(body: Reader, kind: str, sender: str) -> str:
    return _code(body.number(1), kind, sender)


_BODIES = {
    "CONNECT": _connect, "CONNACK": _connack, "PUBLISH": _publish,
    **{kind: _acknowledgement(kind) for kind in ("PUBACK", "PUBREC", "PUBREL", "PUBCOMP")},
    "SUBSCRIBE": _list("SUBSCRIBE", "filters", _subscription), "UNSUBSCRIBE": _list("UNSUBSCRIBE", "filters", _filter),
    "SUBACK": _list("SUBACK", "codes", _listed_code), "UNSUBACK": _list("UNSUBACK", "codes", _listed_code),
    "PINGREQ": lambda *_: {}, "PINGRESP": lambda *_: {},
    "DISCONNECT": _disconnect, "AUTH": lambda body, _, sender: _ended(body, "AUTH", sender),
}
