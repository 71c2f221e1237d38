"""The reference broker on bad input: what it says, and that nobody else notices."""

import json
import subprocess

import pytest

from kit import raw, reference, tokens
from kit.paths import BROKER


def start(config):
    """Starts the broker with a configuration that it must not accept."""
    return subprocess.run([BROKER, "--config", config], capture_output=True, text=True, timeout=10, check=False)


@pytest.fixture
def config(kit, tmp_path):
    """Writes a configuration after something was changed in it."""

    def write(change):
        document = reference.configuration(kit)
        change(document)
        path = tmp_path / "broker.json"
        path.write_text(json.dumps(document))
        return path

    return write


BAD_CONFIGURATIONS = {
    "unknown-key": (lambda c: c.update(nosuch=1), "$.nosuch"),
    "unknown-key-inside": (lambda c: c["listeners"][0].update(nosuch=1), "$.listeners[0].nosuch"),
    "port-is-text": (lambda c: c["listeners"][1].update(port="x"), "$.listeners[1].port"),
    "port-too-large": (lambda c: c["listeners"][1].update(port=65536), "$.listeners[1].port"),
    "no-listener": (lambda c: c.update(listeners=[]), "$.listeners"),
    "tls-and-plaintext": (lambda c: c["listeners"][0].update(plaintext="test"), "$.listeners[0]"),
    "neither-tls-nor-plaintext": (lambda c: c["listeners"][0].pop("tls"), "$.listeners[0]"),
    "no-audience": (lambda c: c.pop("audience"), "$.audience"),
    "no-issuer": (lambda c: c.pop("issuers"), "$.issuers"),
    "no-key-set": (lambda c: c["issuers"][0].update(jwks="nosuch.json"), "$.issuers[0].jwks"),
    "no-policy-file": (lambda c: c["policies"].update(seed="nosuch.json"), "$.policies.seed"),
    "no-certificate": (lambda c: c["listeners"][0]["tls"].update(certificate="nosuch.pem"),
                       "$.listeners[0].tls.certificate"),
    "no-key": (lambda c: c["listeners"][0]["tls"].update(key="nosuch.key"), "$.listeners[0].tls.key"),
    "no-client-ca": (lambda c: c["listeners"][0]["tls"].update(client_ca="nosuch.pem"),
                     "$.listeners[0].tls.client_ca"),
}


@pytest.mark.parametrize("name", BAD_CONFIGURATIONS)
def test_bad_configuration(name, config):
    change, words = BAD_CONFIGURATIONS[name]
    done = start(config(change))
    assert done.returncode == 2
    assert words in done.stderr, done.stderr
    assert "ready" not in done.stdout


def test_good_configuration_can_be_checked(config):
    path = config(lambda c: None)
    done = subprocess.run([BROKER, "--config", path, "--check-config"], capture_output=True, text=True, timeout=10,
                          check=False)
    assert (done.returncode, "ready" in done.stdout) == (0, False), done.stderr


BAD_FILES = {
    "policy-no-json": ("policy", "{", "line 1"),
    "policy-unknown-field": ("policy", '{"version":"2.1","default":"deny","rules":[{"topic":"a","action":"pub","nosuch":1}]}',
                             "$.rules[0].nosuch"),
    "policy-allows-by-default": ("policy", '{"version":"2.1","default":"allow","rules":[]}', "$.default"),
    "policy-self-without-binding": ("policy", '{"version":"2.1","default":"deny","rules":[{"topic":"a/{$self}","action":"pub"}]}',
                                    "$.rules[0]"),
    "keys-no-json": ("keys", "[", "line 1"),
    "keys-no-set": ("keys", "{}", "$.keys"),
    "keys-private": ("keys", '{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","kid":"a","x":"'
                     + "A" * 43 + '","d":"' + "A" * 43 + '"}]}', "$.keys[0]"),
    "keys-of-small-order": ("keys", '{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"' + "A" * 43 + '"}]}',
                            '$.keys[0]: "x": expected an Ed25519 key, found a point of small order'),
    "keys-none": ("keys", '{"keys":[]}', "$.keys"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_policy_or_key_set(name, config, tmp_path):
    kind, text, words = BAD_FILES[name]
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    place = (lambda c: c["policies"].update(seed=str(bad))) if kind == "policy" else (
        lambda c: c["issuers"][0].update(jwks=str(bad)))
    done = start(config(place))
    assert done.returncode == 2
    assert "bad.json" in done.stderr and words in done.stderr, done.stderr
    assert ("$.policies.seed: " if kind == "policy" else "$.issuers[0].jwks: ") in done.stderr, done.stderr


@pytest.mark.parametrize("arguments", [[], ["--nosuch"], ["--config"], ["--config", "no-such-file.json"]])
def test_wrong_usage(arguments, programs):
    done = subprocess.run([BROKER, *arguments], capture_output=True, text=True, timeout=10, check=False)
    assert done.returncode == 2
    assert done.stderr


TOPIC = raw.string("agents/scout/card")

# What a connected client sends, and the reason codes that may answer it (MQTT 5.0 section 4.13).
MALFORMED = {
    "reserved-type": ("00 00", {0x81, 0x82}),
    "second-connect": (raw.connect("x").hex(), {0x81, 0x82}),
    "qos-3": ("36 03 00 01 61", {0x81}),
    "subscribe-flags": ("80 07 00 01 00 00 01 61 00", {0x81}),
    "subscribe-no-filter": ("82 03 00 01 00", {0x81, 0x82}),
    "subscribe-id-0": ("82 07 00 00 00 00 01 61 00", {0x81, 0x82}),
    "subscribe-reserved-options": ("82 07 00 01 00 00 01 61 c0", {0x81, 0x82}),
    "subscribe-wildcard-inside": ("82 09 00 01 00 00 03 61 23 62 00", {0x8F, 0x81, 0x82}),
    "topic-wildcard": ("30 04 00 01 23 00", {0x90, 0x81, 0x82}),
    "topic-empty": ("30 03 00 00 00", {0x82, 0x81}),
    "topic-not-utf8": ("30 05 00 02 c3 28 00", {0x81}),
    "topic-surrogate": ("30 06 00 03 ed a0 80 00", {0x81}),
    "topic-nul": ("30 04 00 01 00 00", {0x81}),
    "overlong-length": ("c0 80 80 80 80 01", {0x81}),
    "property-twice": ("30 09 00 01 61 04 01 00 01 00 78", {0x81, 0x82}),
    "property-foreign": ("30 07 00 01 61 03 21 00 01", {0x81, 0x82}),
    "property-unknown": ("30 06 00 01 61 02 7f 00", {0x81, 0x82}),
    "cut-inside": ("30 02 00 05", {0x81}),
    "publish-id-0": ("32 06 00 01 61 00 00 00", {0x81, 0x82}),
    "packet-too-large": ("30 ff ff ff 7f", {0x95, 0x81}),
    "connack-from-client": ("20 03 00 00 00", {0x81, 0x82}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_packet_closes_with_a_reason(name, broker, kit):
    data, codes = MALFORMED[name]
    port, _ = broker.ports["plain"]
    with raw.session(port, tokens.agent(kit, "seed", "analyst")) as bystander:
        bystander.send(raw.subscribe("agents/+/card"))
        assert bystander.read()[0] == 0x90
        with raw.session(port, tokens.agent(kit, "seed", "scout")) as sender:
            sender.send(bytes.fromhex(data))
            answers = sender.all()
        assert [first for first, _ in answers] == [0xE0], answers
        assert raw.code(answers[0]) in codes
        bystander.send(raw.PING)
        assert bystander.read() == (0xD0, b"")
    assert broker.process.poll() is None


MALFORMED_CONNECT = {
    "reserved-flag": lambda token: raw.packet(0x10, raw.string("MQTT") + b"\x05\x43\0\x3c\0\0\0" + raw.string(token)),
    "trailing": lambda token: raw.packet(0x10, raw.string("MQTT") + b"\x05\x42\0\x3c\0\0\0" + raw.string(token) + b"x"),
    "cut": lambda token: raw.packet(0x10, raw.string("MQTT") + b"\x05\x42\0\x3c\0\0\0\xff\xff"),
    "twice-a-property": lambda token: raw.connect(token, properties=bytes.fromhex("11000000011100000002")),
    "foreign-property": lambda token: raw.connect(token, properties=bytes.fromhex("230001")),
    "client-id-surrogate": lambda token: raw.connect(token, client=b"\xed\xa0\x80"),
}


@pytest.mark.parametrize("name", MALFORMED_CONNECT)
def test_malformed_connect_opens_nothing(name, broker, kit):
    port, _ = broker.ports["plain"]
    with raw.wire(port) as sender:
        sender.send(MALFORMED_CONNECT[name](tokens.agent(kit, "seed", "scout")))
        answers = sender.all()
    assert all(first == 0x20 and raw.code((first, body)) in (0x81, 0x82) for first, body in answers), answers
    assert broker.process.poll() is None


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00", b"\xff" * 64, raw.PING,
                                  raw.publish("agents/scout/card", b"x"), raw.subscribe("#")])
def test_anything_before_connect_is_closed(data, broker):
    port, _ = broker.ports["plain"]
    with raw.wire(port) as sender:
        sender.send(data)
        assert sender.all() == [] or broker.process.poll() is None
    assert broker.process.poll() is None


def test_what_is_sent_behind_a_refused_connect_has_no_effect(broker, kit):
    """[AUTH-02] One segment: a CONNECT with a bad token, then a PUBLISH and a SUBSCRIBE."""
    port, _ = broker.ports["plain"]
    with raw.session(port, tokens.agent(kit, "seed", "analyst")) as watcher, raw.wire(port) as sender:
        watcher.send(raw.subscribe("agents/+/card"))
        assert watcher.read()[0] == 0x90
        bad = tokens.agent(kit, "seed", "scout")[:-4] + "AAAA"
        sender.send(raw.connect(bad) + raw.publish("agents/scout/card", b"forged") + raw.subscribe("agents/+/card"))
        assert [(first, body[:2]) for first, body in sender.all()] == [(0x20, b"\x00\x86")]
        watcher.send(raw.PING)
        assert watcher.read() == (0xD0, b"")
