"""Bytes as the packet tables write them, and how their rows are made.

    10 (<MQTT> 05 02 003c () <c>)

Two hexadecimal digits are a byte. <text> is a UTF-8 string with its length in two bytes before it; <:0aff> is binary data
likewise. 'text' stands for itself. (…) is preceded by its own length as a Variable Byte Integer: what follows the first
byte of a packet, and a property section. A lie is written as the bytes that it is.
"""

import re

from .wire import ON_WIRE

TOKEN = re.compile(r"\s*(?:([0-9a-f]{2})|<:((?:[0-9a-f]{2})*)>|<([^>]*)>|'([^']*)'|([()]))")
CONNECT = re.compile(r"10 \((<[^>]*>) ([0-9a-f]{2}) ([0-9a-f]{2}) ([0-9a-f]{4}) (.*)\)$")
FIELD = re.compile(r"\(([^()]*)\)|<c>|<:([0-9a-f]*)>|<([^>]*)>")


def varint(value: int) -> bytes:
    out = bytearray()
    while True:
        value, seven = value >> 7, value & 0x7F
        out.append(seven | (0x80 if value else 0))
        if not value:
            return bytes(out)


def assemble(text: str) -> bytes:
    sections, at = [bytearray()], 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if not found:
            raise ValueError(f"no bytes: {text[at:]}")
        at = found.end()
        digits, binary, string, plain, bracket = found.groups()
        if bracket == "(":
            sections.append(bytearray())
        elif bracket == ")":
            section = sections.pop()
            sections[-1] += varint(len(section)) + section
        else:
            sections[-1] += _bytes_of(digits, binary, string, plain)
    (whole,) = sections
    return bytes(whole)


def _bytes_of(digits, binary, string, plain) -> bytes:
    if digits is not None:
        return bytes.fromhex(digits)
    if plain is not None:
        return plain.encode()
    data = bytes.fromhex(binary) if binary is not None else string.encode()
    return len(data).to_bytes(2, "big") + data


def _field(found):
    properties, data, text = found.groups()
    if properties is not None:
        return f"{{props: {assemble(properties).hex()}}}" if properties else "00"
    if data is not None:
        return f"{{str: {data}}}"
    if text is None:
        return "{client}"
    return f"{{str:{text}}}" if text else "0000"


def bearing_token(text):
    """A CONNECT in the scenario language, with the sender's own Client Identifier and token, its Password."""
    name, level, flags, keep_alive, rest = CONNECT.match(text).groups()
    return f"10 {{len}} {FIELD.sub(_field, name)} {level} {{{flags}|40}} {keep_alive} {FIELD.sub(_field, rest)} {{token}}"


def on_wire(vector, text):
    """The vector with what the suite needs to send it."""
    if vector["id"] not in ON_WIRE:
        return vector
    rule, outcome = ON_WIRE[vector["id"]]
    sends = {"sends": bearing_token(text)} if text.startswith("10 ") else {}
    return {**vector, "rule": rule, "wire": {"outcome": outcome, **sends}}


def good(name, comment, text, packet, sender="client", size=None):
    """size: where more bytes follow than the packet has."""
    made = {"id": f"packet-{name}", "comment": comment, "from": sender, "bytes": assemble(text).hex(),
            "expect": "packet", "packet": packet}
    return on_wire(made if size is None else {**made, "size": size}, text)


def _wrong(name, expect, statement, comment, text, twin, codes, sender, layer):
    made = {"id": f"packet-{name}", "comment": comment, "from": sender, "bytes": assemble(text).hex(), "expect": expect,
            "layer": layer, "statement": statement, "codes": codes.split(), "twin": f"packet-{twin}"}
    return on_wire(made, text)


def malformed(name, statement, comment, text, twin, codes="0x81", sender="client", layer="form"):
    return _wrong(name, "malformed", statement, comment, text, twin, codes, sender, layer)


def protocol(name, statement, comment, text, twin, codes="0x82", sender="client", layer="form"):
    return _wrong(name, "protocol-error", statement, comment, text, twin, codes, sender, layer)


def wrong(name, statement, comment, text, twin, codes="0x81 0x82", sender="client", layer="meaning"):
    """The standard forbids it and leaves open which of the two it is."""
    return _wrong(name, "refused", statement, comment, text, twin, codes, sender, layer)


def cut(name, comment, text, sender="client"):
    """The beginning of a sound packet."""
    return {"id": f"packet-{name}", "comment": comment, "from": sender, "bytes": assemble(text).hex(),
            "expect": "incomplete"}
