"""The oracle's reading of MQTT 5.0 against vectors/packet/, and those vectors against their own rules."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from oracle import packet  # noqa: E402

VECTORS = [vector for path in sorted((ROOT / "vectors" / "packet").glob("*.json"))
           for vector in json.loads(path.read_text("utf-8"))["vectors"]]
BY_ID = {vector["id"]: vector for vector in VECTORS}
EACH = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
REFUSED = {"malformed": {"malformed"}, "protocol-error": {"protocol-error"}, "refused": {"malformed", "protocol-error"}}


def verdict(data, sender):
    """(word, fields, size): what the oracle makes of the bytes."""
    try:
        fields, size = packet.read(data, sender)
    except packet.Incomplete:
        return "incomplete", None, None
    except packet.Wrong as wrong:
        return wrong.args[0], None, None
    return "packet", fields, size


@EACH
def test_packet(vector):
    data = bytes.fromhex(vector["bytes"])
    word, fields, size = verdict(data, vector["from"])
    assert word in REFUSED.get(vector["expect"], {vector["expect"]})
    assert fields == vector.get("packet")
    assert word != "packet" or size == vector.get("size", len(data))


def test_there_are_enough_of_each():
    assert len(BY_ID) == len(VECTORS) >= 200
    kinds = {vector["packet"]["type"] for vector in VECTORS if "packet" in vector}
    assert kinds == {name for name, _, _ in packet.TYPES.values()}


@EACH
def test_twin(vector):
    """What is refused has a sound neighbour, sent by the same side or (a packet of the wrong side) by the other."""
    if "twin" in vector:
        assert BY_ID[vector["twin"]]["expect"] == "packet"


def test_every_property_is_read_in_each_packet_that_has_it():
    seen = {(found[0], kind) for vector in VECTORS for kind, properties in parts(vector) for found in properties}
    wanted = {(name, kind) for name, _, kinds, _ in packet.PROPERTIES.values() for kind in kinds}
    assert seen == wanted


def parts(vector):
    """(packet or WILL, properties) of a sound vector."""
    fields = vector.get("packet", {})
    yield fields.get("type"), fields.get("properties", [])
    yield "WILL", fields.get("will", {}).get("properties", [])


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if len(vector["bytes"]) < 400 and "packet" in vector],
                         ids=lambda vector: vector["id"])
def test_each_beginning_of_a_packet_is_incomplete(vector):
    data = bytes.fromhex(vector["bytes"])[:vector.get("size")]
    assert {verdict(data[:size], vector["from"])[0] for size in range(len(data))} == {"incomplete"}
