"""Real dialogues with clients that others wrote, over TCP and TLS: QoS 2, retained messages, shared
subscriptions, wills (harness/clients/README.md)."""

import json
import os
import queue
import shutil
import subprocess

import paho.mqtt.client as paho
import pytest

from kit import reference, tokens
from kit.paths import BUILD, HARNESS

CLIENTS = HARNESS / "clients"
MODULES = BUILD / "interop" / "node_modules"
LISTENERS = ["tls", "plain"]
WAIT = 10
RULES = [{"id": "t", "topic": "t/#", "action": "pub+sub", "share": ["g"]}]


@pytest.fixture(scope="module")
def shared(kit, tmp_path_factory):
    """A broker whose organisation seed has one rule: all of t/, shared in g."""
    policy = tmp_path_factory.mktemp("policy") / "seed.json"
    policy.write_text(json.dumps({"version": "2.1", "default": "deny", "rules": RULES}))
    document = reference.configuration(kit)
    document["policies"]["seed"] = str(policy)
    with reference.reference(kit, "dialogues", document=document) as running:
        yield running


@pytest.fixture(scope="module")
def libmosquitto(tmp_path_factory):
    program = tmp_path_factory.mktemp("client") / "libmosquitto"
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libmosquitto"], capture_output=True, text=True, check=False)
    if flags.returncode:
        pytest.skip("libmosquitto-dev is not installed: apt-get install libmosquitto-dev")
    subprocess.run(["cc", "-std=c11", "-Wall", "-Werror", "-o", program, CLIENTS / "libmosquitto.c", *flags.stdout.split()],
                   check=True)
    return [str(program)]


@pytest.fixture(scope="module")
def mqttjs():
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed: apt-get install nodejs node-mqtt")
    found = subprocess.run([node, "-e", "require('mqtt')"], capture_output=True, check=False, env=node_environment())
    if found.returncode:
        pytest.skip("MQTT.js is not installed: apt-get install node-mqtt, or npm install --prefix build/interop mqtt@5")
    return [node, str(CLIENTS / "mqttjs.js")]


def node_environment():
    return {**os.environ, "NODE_PATH": os.pathsep.join([str(MODULES), "/usr/share/nodejs"])}


class Observer:
    """paho, which publishes work and sees wills."""

    def __init__(self, running, kit, name="observer", listener="plain", will=None):
        self.events = queue.Queue()
        self.client = paho.Client(client_id=name, protocol=paho.MQTTv5)
        port, tls = running.ports[listener]
        if tls:
            self.client.tls_set(ca_certs=str(kit / "tls" / "ca.pem"))
        self.client.username_pw_set("anybody", tokens.agent(kit, "seed", name))
        if will:
            self.client.will_set(will, "gone", qos=1)
        self.client.on_connect = lambda c, u, flags, code, p: self.events.put(code.value)
        self.client.on_subscribe = lambda c, u, m, codes, p: self.events.put([code.value for code in codes])
        self.client.on_message = lambda c, u, m: self.events.put((m.topic, m.payload, m.retain))
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert self.next() == 0

    def next(self):
        return self.events.get(timeout=WAIT)

    def subscribe(self, topic_filter, qos):
        self.client.subscribe(topic_filter, qos)
        assert self.next() == [qos]

    def clear(self, topic):
        self.client.publish(topic, "", qos=1, retain=True).wait_for_publish(WAIT)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def observer(shared, kit):
    one = Observer(shared, kit)
    yield one
    one.close()


def hold_dialogue(command, name, shared, kit, observer, listener):
    port, tls = shared.ports[listener]
    observer.subscribe("t/will/+", 1)
    ca = str(kit / "tls" / "ca.pem") if tls else "-"
    with subprocess.Popen([*command, "localhost" if tls else "127.0.0.1", str(port), ca, tokens.agent(kit, "seed", name), name],
                          stdout=subprocess.PIPE, text=True, env=node_environment()) as process:
        try:
            assert [process.stdout.readline() for _ in range(3)] == ["live 0\n", "retained 1\n", "ready\n"]
            observer.client.publish("t/work", "job", qos=1).wait_for_publish(WAIT)
            assert process.stdout.readline() == "work job\n"
            assert observer.next() == (f"t/will/{name}", b"gone", False)
            assert process.wait(WAIT) == 0
        finally:
            process.kill()
    observer.clear(f"t/{name}")


@pytest.mark.parametrize("listener", LISTENERS)
def test_libmosquitto(libmosquitto, shared, kit, observer, listener):
    hold_dialogue(libmosquitto, "mosquitto", shared, kit, observer, listener)


@pytest.mark.parametrize("listener", LISTENERS)
def test_mqttjs(mqttjs, shared, kit, observer, listener):
    hold_dialogue(mqttjs, "mqttjs", shared, kit, observer, listener)


@pytest.mark.parametrize("listener", LISTENERS)
def test_paho(shared, kit, observer, listener):
    observer.subscribe("t/will/+", 1)
    one = Observer(shared, kit, "paho", listener, will="t/will/paho")
    one.subscribe("t/paho", 2)
    one.client.publish("t/paho", "one", qos=2, retain=True)
    assert one.next() == ("t/paho", b"one", False)
    one.subscribe("t/paho", 1)
    assert one.next() == ("t/paho", b"one", True)
    one.subscribe("$share/g/t/work", 1)
    other = Observer(shared, kit, "second", listener)
    other.subscribe("$share/g/t/work", 1)
    for payload in ("1", "2", "3", "4"):
        observer.client.publish("t/work", payload, qos=1).wait_for_publish(WAIT)
    assert [sorted(payload for _, payload, _ in (each.next(), each.next())) for each in (one, other)] in (
        [[b"1", b"3"], [b"2", b"4"]], [[b"2", b"4"], [b"1", b"3"]])
    other.close()
    one.client._sock_close()  # without DISCONNECT
    one.client.loop_stop()
    assert observer.next() == ("t/will/paho", b"gone", False)
    observer.clear("t/paho")


@pytest.mark.parametrize("listener", LISTENERS)
def test_mosquitto_tools(shared, kit, listener):
    port, tls = shared.ports[listener]
    ca = ["--cafile", str(kit / "tls" / "ca.pem")] if tls else []

    def tool(name, agent, *arguments):
        return subprocess.run([name, "-V", "5", "-h", "127.0.0.1", "-p", str(port), *ca, "-u", "anybody", "-P",
                               tokens.agent(kit, "seed", agent), *arguments], capture_output=True, text=True, timeout=WAIT,
                              check=False)

    assert tool("mosquitto_pub", "writer", "-t", "t/tool", "-m", "kept", "-q", "2", "-r").returncode == 0
    read = tool("mosquitto_sub", "reader", "-t", "t/tool", "-q", "1", "-C", "1", "-F", "%r %q %p")
    assert (read.returncode, read.stdout) == (0, "1 1 kept\n")
    assert tool("mosquitto_pub", "writer", "-t", "t/tool", "-n", "-q", "1", "-r").returncode == 0
    nothing = tool("mosquitto_sub", "reader", "-t", "t/tool", "-W", "1")
    assert nothing.stdout == ""
    denied = tool("mosquitto_sub", "reader", "-t", "$share/thief/t/work", "-W", "1", "-d")
    assert "Not authorized" in denied.stdout + denied.stderr or "135" in denied.stdout, denied.stdout + denied.stderr
