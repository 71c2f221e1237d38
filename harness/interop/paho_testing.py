"""Paho's client_test5.py against the reference broker: each CONNECT gets a token, nothing else is
changed. The shell script beside this file has seen to the Debian packages and shows the usage."""

import contextlib
import io
import json
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from kit import fixture as fixtures  # noqa: E402
from kit import reference, tokens  # noqa: E402
from kit.paths import FIXTURE, TARGETS  # noqa: E402
from kit.problem import Problem  # noqa: E402

ORGANISATION = "paho"
AGENT = "client"
LIFETIME = 1800  # seconds
# Its clients do everything, as one owner; only what it expects to be refused is not granted.
POLICY = {"version": "2.1", "default": "deny", "rules": [
    {"id": "all", "topic": "#", "action": "pub+sub", "share": "*"},
]}


def configuration(kit, folder):
    """The reference's own, and one more organisation whose agent may do everything."""
    document = reference.configuration(kit)
    folder.mkdir(parents=True, exist_ok=True)
    policy = folder / "policy.json"
    policy.write_text(json.dumps(POLICY))
    document["policies"][ORGANISATION] = str(policy)
    document["issuers"][0]["organisations"][ORGANISATION] = {"agent_id": "*"}
    return document


def load(folder):
    """The module of the tests, from the checkout."""
    place = Path(folder) / "interoperability"
    if not (place / "client_test5.py").is_file():
        raise Problem(f"{place / 'client_test5.py'} is not there: {folder} is no checkout of eclipse/paho.mqtt.testing")
    sys.path.insert(0, str(place))
    import client_test5
    return client_test5


def give_tokens(module, token):
    """Every CONNECT brings the token, unless the test brings a password of its own."""
    client = module.mqtt_client.Client
    plain = client.connect

    def connect(self, *arguments, **named):
        named.setdefault("username", AGENT)  # its writer takes one flag for the other, so that both must be set
        named.setdefault("password", token.encode())
        return plain(self, *arguments, **named)

    client.connect = connect


def prepare(module, port):
    """What its command line sets."""
    prefix = "client_test5/"
    module.topic_prefix = prefix
    module.topics = [prefix + topic for topic in ("TopicA", "TopicA/B", "Topic/C", "TopicA/C", "/TopicA")]
    module.wildtopics = [prefix + topic for topic in ("TopicA/+", "+/C", "#", "/#", "/+", "+/+", "TopicA/#")]
    module.nosubscribe_topics = ("test/nosubscribe",)
    module.host, module.port = "127.0.0.1", port


def run(module, names):
    """{test: None where it passed, else the last line of what went wrong}."""
    loader = unittest.defaultTestLoader
    suite = loader.loadTestsFromNames([f"Test.{name}" for name in names], module) if names else \
        loader.loadTestsFromTestCase(module.Test)
    verdicts = {}
    result = unittest.TestResult()
    result.startTest = lambda test: verdicts.setdefault(test.id().rsplit(".", 1)[-1])
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        suite.run(result)
    for test, trace in result.failures + result.errors:
        verdicts[test.id().rsplit(".", 1)[-1]] = trace.strip().splitlines()[-1]
    return verdicts


def compare(verdicts, forbidden):
    """Prints a line a test; how many are not as expected."""
    wrong = 0
    for name, trouble in sorted(verdicts.items()):
        expected = (trouble is not None) == (name in forbidden)
        wrong += not expected
        word = "passed" if trouble is None else "failed"
        why = forbidden.get(name) if expected else trouble or "it was to fail: " + str(forbidden.get(name))
        print(f"{'' if expected else 'NOT AS EXPECTED: '}{name} {word}{': ' + why if why else ''}")
    print(f"{len(verdicts)} tests, {wrong} not as expected")
    return wrong


def main():
    try:
        module = load(sys.argv[1])
        fixtures.ensure(say=lambda _: None)
        folder = TARGETS / "paho"
        with reference.reference(FIXTURE, "paho", document=configuration(FIXTURE, folder)) as broker:
            give_tokens(module, tokens.agent(FIXTURE, ORGANISATION, AGENT, LIFETIME))
            prepare(module, broker.ports["plain"][0])
            verdicts = run(module, sys.argv[2:])
        forbidden = json.loads((HERE / "paho-testing.json").read_text())["forbidden"]
        return 1 if not verdicts or compare(verdicts, forbidden) else 0
    except Problem as problem:
        print(f"harness/interop/paho-testing: {problem}", file=sys.stderr)
        return problem.code


if __name__ == "__main__":
    sys.exit(main())
