"""SIGHUP: configuration, keys, policies and certificates are read again, all of it or nothing; live sessions
are decided anew at once. And TLS as a listener offers it."""

import base64
import json
import shutil
import signal
import socket
import ssl
import time

import pytest

from kit import raw, reference, tokens
from kit.certificates import Authority


class Bench:
    """A broker whose files a test may change: copies of the fixture's, in a folder of its own."""

    def __init__(self, kit, folder):
        self.kit, self.folder, self.authority = kit, folder, Authority(folder)
        self.document = reference.configuration(kit)
        for number, issuer in enumerate(self.document["issuers"]):
            issuer["jwks"] = self._copy(issuer["jwks"], f"issuer-{number}.json")
        self.document["policies"] = {org: self._copy(path, f"policy-{org}.json")
                                     for org, path in self.document["policies"].items()}
        certificate, key = self.authority.issue("server")
        self.document["listeners"][0]["tls"] = {"certificate": str(certificate), "key": str(key)}

    def _copy(self, path, name):
        return str(shutil.copy(path, self.folder / name))

    def policy(self, org, rules):
        with open(self.document["policies"][org], "w", encoding="utf-8") as out:
            json.dump({"version": "2.1", "default": "deny", "rules": rules}, out)

    def rules(self, org):
        with open(self.document["policies"][org], encoding="utf-8") as text:
            return json.load(text)["rules"]

    def reloaded(self, broker, decision):
        """Asks for a reload and waits for what the log says of it: that line."""
        before = broker.log.read_text().count(" event=reload ")
        broker.process.send_signal(signal.SIGHUP)
        for _ in range(200):
            lines = [line for line in broker.log.read_text().splitlines() if " event=reload " in line]
            if len(lines) > before:
                assert f"decision={decision}" in lines[-1], lines[-1]
                return lines[-1]
            time.sleep(0.02)
        raise AssertionError("no reload within 4 s")


@pytest.fixture
def bench(kit, tmp_path):
    return Bench(kit, tmp_path)


def run(bench):
    return reference.reference(bench.kit, "reload", document=bench.document)


def code_of_puback(wire, topic):
    wire.send(raw.publish(topic, b"x", qos=1))
    first, body = wire.read()
    assert first == 0x40
    return body[2] if len(body) > 2 else 0


def test_a_right_that_shrinks_ends_what_hangs_on_it_and_nothing_else(bench):
    scout, analyst = (tokens.agent(bench.kit, "seed", name) for name in ("scout", "analyst"))
    with run(bench) as broker:
        port, _ = broker.ports["plain"]
        with raw.session(port, scout, "s") as writer, raw.session(port, analyst, "a") as reader:
            reader.send(raw.subscribe("agents/+/card"))
            assert reader.read() == (0x90, b"\0\1\0\1")
            assert code_of_puback(writer, "agents/scout/card") == 0
            assert reader.read()[0] == 0x32
            bench.policy("seed", [rule for rule in bench.rules("seed") if rule["id"] != "directory"])
            bench.reloaded(broker, "done")
            assert reader.all() == [(0xE0, b"\x87")]
            assert code_of_puback(writer, "agents/scout/card") == 0
        with raw.session(port, analyst, "a") as reader:
            reader.send(raw.subscribe("agents/+/card"))
            assert reader.read() == (0x90, b"\0\1\0\x87")


def test_a_stored_subscription_that_is_not_granted_any_more_is_not_resumed(bench):
    expiry, analyst = b"\x11\0\0\0\x3c", tokens.agent(bench.kit, "seed", "analyst")
    with run(bench) as broker:
        port, _ = broker.ports["plain"]

        def resumed():
            with raw.wire(port) as wire:
                wire.send(raw.connect(analyst, "a", properties=expiry, clean=False))
                present = wire.read()[1][0]
                wire.send(raw.subscribe("agents/+/card"))
                assert wire.read()[0] == 0x90
                return present

        assert [resumed(), resumed()] == [0, 1]
        bench.policy("seed", [rule for rule in bench.rules("seed") if rule["id"] != "directory"])
        bench.reloaded(broker, "done")
        assert resumed() == 0


@pytest.mark.parametrize("fault", ["policy", "keys", "certificate", "config", "listener"])
def test_one_fault_and_everything_stays(bench, fault):
    scout = tokens.agent(bench.kit, "seed", "scout")
    with run(bench) as broker:
        port, _ = broker.ports["plain"]
        with raw.session(port, scout, "s") as wire:
            bench.policy("presence", [])  # sound, and must not come into force by itself
            if fault == "policy":
                bench.policy("seed", [{"topic": "#"}])
                words = "$.policies.seed"
            elif fault == "keys":
                open(bench.document["issuers"][0]["jwks"], "w", encoding="utf-8").close()
                words = "$.issuers[0].jwks"
            elif fault == "certificate":
                open(bench.document["listeners"][0]["tls"]["key"], "w", encoding="utf-8").close()
                words = "$.listeners[0].tls.key"
            else:
                bench.document["listeners"][1 if fault == "listener" else 0].pop("port" if fault == "config" else "name")
                if fault == "listener":
                    bench.document["listeners"][1]["name"] = "another"
                words = "$.listeners: expected the listeners" if fault == "listener" else "$.listeners[0].port"
                (broker.target.parent / "broker.json").write_text(json.dumps(bench.document))
            assert words in bench.reloaded(broker, "refused").replace('\\"', '"')
            assert code_of_puback(wire, "agents/scout/card") == 0
        with raw.session(port, tokens.agent(bench.kit, "presence", "scout"), "p") as wire:
            assert code_of_puback(wire, "agents/scout/card") == 0


def test_a_key_that_is_withdrawn_ends_the_sessions_that_it_opened(bench):
    kit = bench.kit
    first = tokens.agent(kit, "seed", "scout")
    with run(bench) as broker:
        port, _ = broker.ports["plain"]
        with raw.session(port, first, "s") as gone, raw.session(port, tokens.recipe(
                kit, {"key": "main-eddsa", "claims": {"org_id": "seed", "agent_id": "analyst"}}), "a") as stays:
            used = json.loads(header_of(first))["kid"]
            with open(bench.document["issuers"][0]["jwks"], encoding="utf-8") as text:
                keys = json.load(text)
            keys["keys"] = [key for key in keys["keys"] if key["kid"] != used]
            with open(bench.document["issuers"][0]["jwks"], "w", encoding="utf-8") as out:
                json.dump(keys, out)
            bench.reloaded(broker, "done")
            assert gone.all() == [(0xE0, b"\x87")]
            assert code_of_puback(stays, "agents/analyst/card") == 0
        with raw.wire(port) as wire:
            wire.send(raw.connect(first))
            assert raw.code(wire.read()) == 0x86


def test_a_key_that_is_put_in_opens_sessions_and_one_that_never_was_does_not(bench):
    """[AUTH-10] As an issuer rotates: the new key beside the old, then the new alone."""
    path, claims = bench.document["issuers"][0]["jwks"], {"org_id": "seed", "agent_id": "scout"}
    old, new = (tokens.recipe(bench.kit, {"key": role, "claims": claims}) for role in ("main-es256", "main-eddsa"))
    foreign = tokens.recipe(bench.kit, {"key": "attacker-es256", "claims": claims})
    with open(path, encoding="utf-8") as text:
        keys = json.load(text)["keys"]

    def put(*roles):
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"keys": [key for key in keys if key["kid"] in roles]}, out)

    kids = [json.loads(header_of(token))["kid"] for token in (old, new)]
    put(kids[0])
    with run(bench) as broker:
        port, _ = broker.ports["plain"]

        def codes():
            found = []
            for token in (old, new, foreign):
                with raw.wire(port) as wire:
                    wire.send(raw.connect(token))
                    found.append(raw.code(wire.read()))
            return found

        assert codes() == [0, 0x86, 0x86]
        put(*kids)
        bench.reloaded(broker, "done")
        assert codes() == [0, 0, 0x86]
        put(kids[1])
        bench.reloaded(broker, "done")
        assert codes() == [0x86, 0, 0x86]


def header_of(token):
    """The decoded header of a compact JWS."""
    part = token.split(".")[0]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def tls_context(bench, version=None):
    context = ssl.create_default_context(cafile=bench.authority.file)
    if version:
        context.minimum_version = context.maximum_version = version
    return context


def shake(port, context, session=None):
    """(session, was it resumed, the server's certificate) of a TLS connection on which MQTT was spoken."""
    with socket.create_connection(("127.0.0.1", port), 5) as plain, context.wrap_socket(
            plain, server_hostname="localhost", session=session) as wire:
        wire.sendall(raw.connect("no token"))
        assert wire.recv(100)[0] == 0x20
        return wire.session, wire.session_reused, wire.getpeercert(binary_form=True)


VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_tls_sessions_are_resumed_until_the_certificate_is_replaced(bench, version):
    context = tls_context(bench, version)
    with run(bench) as broker:
        port, _ = broker.ports["tls"]
        session, reused, first = shake(port, context)
        assert not reused
        again, reused, _ = shake(port, context, session)
        assert reused
        bench.authority.issue("server")
        bench.reloaded(broker, "done")
        _, reused, second = shake(port, context, again)
        assert not reused and second != first


def test_tls_below_1_2_is_refused(bench):
    context = tls_context(bench)
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with run(bench) as broker:
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            shake(broker.ports["tls"][0], context)
        assert shake(broker.ports["tls"][0], tls_context(bench, ssl.TLSVersion.TLSv1_2))


def test_clients_show_a_certificate_where_the_listener_asks_for_one(bench, tmp_path):
    (tmp_path / "foreign").mkdir()
    bench.document["listeners"][0]["tls"]["client_ca"] = str(bench.authority.file)
    with run(bench) as broker:
        port, _ = broker.ports["tls"]
        for authority, good in ((bench.authority, True), (Authority(tmp_path / "foreign"), False), (None, False)):
            context = tls_context(bench)
            if authority:
                context.load_cert_chain(*authority.issue("client"))
            try:
                shake(port, context)
                assert good
            except (ssl.SSLError, ConnectionResetError, IndexError):
                assert not good
