"""Tables of MQTT 5.0: properties (section 2.2.2.2), reason codes (section 2.4), who sends what (section 2.1.2)."""

CLIENT, SERVER = "client", "server"
BOTH = (CLIENT, SERVER)

# type number: (name, flags of the fixed header or None, who sends it)
TYPES = {
    1: ("CONNECT", 0, (CLIENT,)), 2: ("CONNACK", 0, (SERVER,)), 3: ("PUBLISH", None, BOTH), 4: ("PUBACK", 0, BOTH),
    5: ("PUBREC", 0, BOTH), 6: ("PUBREL", 2, BOTH), 7: ("PUBCOMP", 0, BOTH), 8: ("SUBSCRIBE", 2, (CLIENT,)),
    9: ("SUBACK", 0, (SERVER,)), 10: ("UNSUBSCRIBE", 2, (CLIENT,)), 11: ("UNSUBACK", 0, (SERVER,)),
    12: ("PINGREQ", 0, (CLIENT,)), 13: ("PINGRESP", 0, (SERVER,)), 14: ("DISCONNECT", 0, BOTH), 15: ("AUTH", 0, BOTH),
}

MESSAGE = {"PUBLISH", "WILL"}
HANDSHAKE = {"CONNECT", "CONNACK"}
ANSWERS = {"CONNACK", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBACK", "UNSUBACK", "DISCONNECT", "AUTH"}
ANYWHERE = ANSWERS | MESSAGE | {"CONNECT", "SUBSCRIBE", "UNSUBSCRIBE"}

# identifier: (name, data type, packets, values that are no protocol error)
PROPERTIES = {
    0x01: ("Payload Format Indicator", "byte", MESSAGE, range(0, 2)),
    0x02: ("Message Expiry Interval", "four", MESSAGE, None),
    0x03: ("Content Type", "string", MESSAGE, None),
    0x08: ("Response Topic", "string", MESSAGE, None),
    0x09: ("Correlation Data", "binary", MESSAGE, None),
    0x0B: ("Subscription Identifier", "varint", {"PUBLISH", "SUBSCRIBE"}, range(1, 268435456)),
    0x11: ("Session Expiry Interval", "four", HANDSHAKE | {"DISCONNECT"}, None),
    0x12: ("Assigned Client Identifier", "string", {"CONNACK"}, None),
    0x13: ("Server Keep Alive", "two", {"CONNACK"}, None),
    0x15: ("Authentication Method", "string", HANDSHAKE | {"AUTH"}, None),
    0x16: ("Authentication Data", "binary", HANDSHAKE | {"AUTH"}, None),
    0x17: ("Request Problem Information", "byte", {"CONNECT"}, range(0, 2)),
    0x18: ("Will Delay Interval", "four", {"WILL"}, None),
    0x19: ("Request Response Information", "byte", {"CONNECT"}, range(0, 2)),
    0x1A: ("Response Information", "string", {"CONNACK"}, None),
    0x1C: ("Server Reference", "string", {"CONNACK", "DISCONNECT"}, None),
    0x1F: ("Reason String", "string", ANSWERS, None),
    0x21: ("Receive Maximum", "two", HANDSHAKE, range(1, 65536)),
    0x22: ("Topic Alias Maximum", "two", HANDSHAKE, None),
    0x23: ("Topic Alias", "two", {"PUBLISH"}, range(1, 65536)),
    0x24: ("Maximum QoS", "byte", {"CONNACK"}, range(0, 2)),
    0x25: ("Retain Available", "byte", {"CONNACK"}, range(0, 2)),
    0x26: ("User Property", "pair", ANYWHERE, None),
    0x27: ("Maximum Packet Size", "four", HANDSHAKE, range(1, 2**32)),
    0x28: ("Wildcard Subscription Available", "byte", {"CONNACK"}, range(0, 2)),
    0x29: ("Subscription Identifier Available", "byte", {"CONNACK"}, range(0, 2)),
    0x2A: ("Shared Subscription Available", "byte", {"CONNACK"}, range(0, 2)),
}


def _codes(text: str) -> frozenset:
    return frozenset(bytes.fromhex(text))


_ACK = _codes("00 10 80 83 87 90 91 97 99")
_RELEASE = _codes("00 92")
CODES = {  # those that depend on who sends: (type, sender)
    "CONNACK": _codes("00 80 81 82 83 84 85 86 87 88 89 8a 8c 90 95 97 99 9a 9b 9c 9d 9f"),
    "PUBACK": _ACK, "PUBREC": _ACK, "PUBREL": _RELEASE, "PUBCOMP": _RELEASE,
    "SUBACK": _codes("00 01 02 80 83 87 8f 91 97 9e a1 a2"),
    "UNSUBACK": _codes("00 11 80 83 87 8f 91"),
    ("DISCONNECT", CLIENT): _codes("00 04 80 81 82 83 90 93 94 95 96 97 98 99"),
    ("DISCONNECT", SERVER): _codes("00 80 81 82 83 87 89 8b 8d 8e 8f 90 93 94 95 96 97 98 99 9a 9b 9c 9d 9e 9f a0 a1 a2"),
    ("AUTH", CLIENT): _codes("18 19"),
    ("AUTH", SERVER): _codes("00 18"),
}


def codes_of(kind: str, sender: str) -> frozenset:
    return CODES.get(kind) or CODES[kind, sender]
