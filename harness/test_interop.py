"""Clients that others wrote, against the reference: Mosquitto's command line tools and paho-mqtt,
over TLS and in plaintext, with minted tokens."""

import queue
import socket
import subprocess
import threading
import time

import paho.mqtt.client as paho
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from kit import tokens

LISTENERS = ["tls", "plain"]
WAIT = 10


def tool(name, broker, kit, listener, token, *arguments):
    """stdbuf: a line is wanted when it is written, not when the tool ends."""
    port, tls = broker.ports[listener]
    ca = ["--cafile", str(kit / "tls" / "ca.pem")] if tls else []
    return subprocess.Popen(["stdbuf", "-oL", name, "-V", "5", "-h", "127.0.0.1", "-p", str(port), *ca, "-u", "anybody", "-P", token,
                             *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Client:
    """A paho client whose callbacks fill a queue."""

    def __init__(self, broker, kit, listener, token, client_id="", expiry=0, will=None, clean=True):
        self.events = queue.Queue()
        self.gone = False
        self.paho = paho.Client(client_id=client_id, protocol=paho.MQTTv5)
        port, tls = broker.ports[listener]
        if tls:
            self.paho.tls_set(ca_certs=str(kit / "tls" / "ca.pem"))
        self.paho.username_pw_set("anybody", token)
        self.paho.on_connect = lambda c, u, f, code, p: self.events.put(("connect", code.value))
        self.paho.on_subscribe = lambda c, u, m, codes, p: self.events.put(("subscribe", [code.value for code in codes]))
        self.paho.on_message = lambda c, u, message: self.events.put(("message", message.topic, message.payload))
        self.paho.on_disconnect = lambda c, u, code, p=None: self.events.put(("disconnect", code))
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = expiry
        if will:
            delay = Properties(PacketTypes.WILLMESSAGE)
            delay.WillDelayInterval = will[2]
            self.paho.will_set(will[0], will[1], qos=1, properties=delay)
        self.paho.connect("127.0.0.1", port, clean_start=clean, properties=properties)
        self.paho.loop_start()

    def next(self):
        return self.events.get(timeout=WAIT)

    def vanish(self):
        """The connection ends without DISCONNECT."""
        self.paho.loop_stop()
        self.paho.socket().shutdown(socket.SHUT_RDWR)
        self.gone = True

    def close(self):
        if self.gone:
            return
        self.paho.disconnect()
        self.paho.loop_stop()


@pytest.fixture
def client(broker, kit):
    made = []

    def make(listener, token, **options):
        made.append(Client(broker, kit, listener, token, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("listener", LISTENERS)
def test_mosquitto_tools_carry_a_card(listener, broker, kit):
    reader = tool("mosquitto_sub", broker, kit, listener, tokens.agent(kit, "seed", "analyst"),
                  "-t", "agents/+/card", "-q", "1", "-C", "1", "-W", str(WAIT), "-v", "-d")
    assert any("SUBACK" in line for line in reader.stdout)  # reads on until the subscription stands
    writer = tool("mosquitto_pub", broker, kit, listener, tokens.agent(kit, "seed", "scout"),
                  "-t", "agents/scout/card", "-m", "a card", "-q", "1")
    assert writer.wait(WAIT) == 0, writer.stderr.read()
    assert reader.wait(WAIT) == 0, reader.stderr.read()
    assert "agents/scout/card a card\n" in reader.stdout.read()


@pytest.mark.parametrize("listener", LISTENERS)
def test_mosquitto_pub_without_a_good_token_is_refused(listener, broker, kit):
    bad = tokens.recipe(kit, {"key": "attacker-es256", "claims": {"org_id": "seed", "agent_id": "scout"}})
    writer = tool("mosquitto_pub", broker, kit, listener, bad, "-t", "agents/scout/card", "-m", "x", "-q", "1")
    assert writer.wait(WAIT) != 0


@pytest.mark.parametrize("listener", LISTENERS)
def test_paho_publishes_its_own_and_not_anothers(listener, client, kit):
    analyst = client(listener, tokens.agent(kit, "seed", "analyst"))
    assert analyst.next() == ("connect", 0)
    analyst.paho.subscribe("agents/+/card", qos=1)
    assert analyst.next() == ("subscribe", [1])
    scout = client(listener, tokens.agent(kit, "seed", "scout"))
    assert scout.next() == ("connect", 0)
    scout.paho.publish("agents/analyst/card", "stolen", qos=1).wait_for_publish(WAIT)
    scout.paho.publish("agents/scout/card", "own", qos=1).wait_for_publish(WAIT)
    assert analyst.next() == ("message", "agents/scout/card", b"own")


@pytest.mark.parametrize("listener", LISTENERS)
def test_paho_is_told_which_filter_is_denied(listener, client, kit):
    scout = client(listener, tokens.agent(kit, "presence", "scout"))
    assert scout.next() == ("connect", 0)
    scout.paho.subscribe([("agents/+/card", paho.SubscribeOptions(1)), ("agents/#", paho.SubscribeOptions(1)),
                          ("agents/scout/inbox/#", paho.SubscribeOptions(0))])
    assert scout.next() == ("subscribe", [1, 0x87, 0])


def test_paho_learns_0x86_for_a_token_of_yesterday(client, kit):
    late = tokens.recipe(kit, {"key": "main-es256", "claims": {"org_id": "seed", "agent_id": "scout"},
                               "times": {"iat": -120, "exp": -60}})
    assert client("tls", late).next() == ("connect", 0x86)


@pytest.mark.parametrize("listener", LISTENERS)
def test_paho_is_owed_what_came_while_it_was_away(listener, client, kit):
    """QoS 2 both ways, across two connections of one session."""
    away = client(listener, tokens.agent(kit, "seed", "analyst"), client_id="away", expiry=60)
    assert away.next() == ("connect", 0)
    away.paho.subscribe("agents/+/card", qos=2)
    assert away.next() == ("subscribe", [2])
    away.vanish()
    scout = client(listener, tokens.agent(kit, "seed", "scout"))
    assert scout.next() == ("connect", 0)
    for number in range(50):
        scout.paho.publish("agents/scout/card", str(number), qos=2).wait_for_publish(WAIT)
    back = client(listener, tokens.agent(kit, "seed", "analyst"), client_id="away", expiry=60, clean=False)
    assert back.next() == ("connect", 0)
    assert [back.next()[2] for _ in range(50)] == [str(number).encode() for number in range(50)]


def test_a_will_comes_after_its_delay_though_nothing_else_happens(client, kit):
    reader = client("plain", tokens.agent(kit, "seed", "analyst"))
    assert reader.next() == ("connect", 0)
    reader.paho.subscribe("agents/+/card", qos=1)
    assert reader.next() == ("subscribe", [1])
    scout = client("plain", tokens.agent(kit, "seed", "scout"), expiry=60, will=("agents/scout/card", "gone", 1))
    assert scout.next() == ("connect", 0)
    begin = time.monotonic()
    scout.vanish()
    assert reader.next() == ("message", "agents/scout/card", b"gone")
    assert 0.9 < time.monotonic() - begin < 5


def test_many_at_once(client, kit):
    """Twenty agents publish at the same time; the reader gets each card once."""
    reader = client("plain", tokens.agent(kit, "seed", "reader"))
    assert reader.next() == ("connect", 0)
    reader.paho.subscribe("agents/+/card", qos=1)
    assert reader.next()[0] == "subscribe"
    agents = [client("plain", tokens.agent(kit, "seed", f"a{number}")) for number in range(20)]
    assert {one.next() for one in agents} == {("connect", 0)}
    start = threading.Barrier(len(agents))

    def publish(number, one):
        start.wait()
        one.paho.publish(f"agents/a{number}/card", str(number), qos=1).wait_for_publish(WAIT)

    threads = [threading.Thread(target=publish, args=pair) for pair in enumerate(agents)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    seen = sorted(int(reader.next()[2]) for _ in agents)
    assert seen == list(range(20))
