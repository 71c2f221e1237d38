"""The model against the library and the live broker, briefly: harness/oracle/compare is for long. And what the model
itself must be like, whatever the policy: a set of grants."""

import itertools
import json
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from kit import raw, tokens
from kit.paths import DECIDER, ROOT
from oracle import compare, decide, examine, planted
from oracle.difference import Difference
from oracle.flawed import flawed
from oracle.library import Library
from oracle.patterns import contains, matches
from oracle.policy import parse_document
from oracle.scenes import documents, scenes
from oracle.tally import Tally

OPERATIONS = {"library": 4000, "live": 3000, "documents": 500}
quickly = settings(max_examples=100, deadline=None, database=None, derandomize=True,
                   suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", compare.KINDS)
def test_no_difference(kind, programs, capsys):
    with capsys.disabled():
        print()
        assert compare.told(kind, OPERATIONS[kind], seed=1)


def answers(document, scene):
    """What is decided about each operation, but for the order in which rules are named."""
    rules = parse_document(document)
    return [decide.ask(rules, scene.identities[operation.who], operation.question) for operation in scene.operations]


@quickly
@given(scenes(), st.randoms(use_true_random=False))
def test_a_policy_is_a_set(scene, random):
    shuffled = list(scene.document["rules"])
    random.shuffle(shuffled)
    assert answers({**scene.document, "rules": shuffled}, scene) == answers(scene.document, scene)


@quickly
@given(scenes(), st.randoms(use_true_random=False))
def test_the_library_does_not_know_the_order_either(programs, scene, random):
    """Nor which granting rule it names depends on it, where each has an id."""
    rules = [{**rule, "id": f"rule-{number}"} for number, rule in enumerate(scene.document["rules"])]
    shuffled = list(rules)
    random.shuffle(shuffled)
    asked = [(scene.identities[operation.who], operation.question) for operation in scene.operations]
    with Library(DECIDER) as library:
        assert library.load({**scene.document, "rules": rules})
        first = library.ask(asked)
        assert library.load({**scene.document, "rules": shuffled})
        assert library.ask(asked) == first


@quickly
@given(scenes(), documents())
def test_adding_a_rule_never_narrows_and_taking_one_away_never_widens(scene, more):
    added = [{key: value for key, value in rule.items() if key != "id"} for rule in more["rules"]]
    narrow = answers(scene.document, scene)
    wide = answers({**scene.document, "rules": scene.document["rules"] + added}, scene)
    for less, more_answer in zip(narrow, wide):
        assert more_answer.allowed >= less.allowed and more_answer.qos >= less.qos and more_answer.rules >= less.rules


@quickly
@given(flawed())
def test_the_schema_accepts_what_the_model_accepts(document):
    schema = Draft7Validator(json.loads((ROOT / "spec" / "policy.schema.json").read_text()))
    if examine.accepts(document):
        assert schema.is_valid(document)


def paths(alphabet, depth):
    every = (list(path) for length in range(1, depth + 1) for path in itertools.product(alphabet, repeat=length))
    return [path for path in every if "#" not in path[:-1] and path != [""]]


def test_containment_in_a_bound_pattern_agrees_with_all_small_topics():
    """As test_oracle does it for plain patterns: here some levels are {$self}."""
    claim = {"agent_id": "me"}
    filters = paths(["me", "+", "#"], 3)
    topics = paths(["me", "b", "$x", ""], 4)
    found = {"/".join(f): {i for i, t in enumerate(topics) if matches(f, t, None)} for f in filters}
    for pattern in paths(["me", "{$self}", "+", "#"], 3):
        rule, = parse_document({"version": "2.1", "default": "deny", "rules": [
            {"topic": "/".join(pattern), "action": "sub", "binding": "agent_id"}]})
        covered = {i for i, t in enumerate(topics) if matches(pattern, t, "me")}
        for asked, matched in found.items():
            assert contains(rule, claim, asked) == (matched <= covered), (pattern, asked)


def test_the_library_contains_what_every_small_topic_says(programs):
    """The same brute force, and the C library is asked."""
    filters = paths(["a", "+", "#", "$x", ""], 2)
    topics = paths(["a", "b", "$x", ""], 3)
    found = {"/".join(f): {i for i, t in enumerate(topics) if matches(f, t, None)} for f in filters}
    asked = [({"agent_id": "x"}, decide.Question("subscribe", text)) for text in found]
    with Library(DECIDER) as library:
        for pattern, covered in found.items():
            assert library.load({"version": "2.1", "default": "deny", "rules": [{"topic": pattern, "action": "sub"}]})
            assert [answer.allowed for answer in library.ask(asked)] == [inside <= covered for inside in found.values()]


@pytest.mark.parametrize("name", ["POL-01-default", "SBS-04-parent"])
def test_a_planted_fault_is_found_and_made_small(programs, name):
    """What is printed is a vector, and the vector is about one rule."""
    make = dict(planted.each())[name]
    with pytest.raises(Difference) as found:
        compare.run("library", 4000, 1, make("library"))
    vector = json.loads(str(found.value).partition("\n")[2])
    schema = json.loads((ROOT / "vectors" / "schema" / "decision.schema.json").read_text())
    assert set(vector) <= set(schema["definitions"]["vector"]["properties"])
    assert len(vector["policy"]["rules"]) == 1


def test_a_retained_message_outlives_the_token_of_its_author(kit, broker):
    """What the comparison cannot do: let time pass."""
    port, _ = broker.ports["plain"]
    with raw.session(port, tokens.agent(kit, "presence", "fleeting", lifetime=2)) as author:
        author.send(raw.publish("agents/fleeting/card", b"kept", 1, retain=True))
        assert author.read()[0] == 0x40
        assert author.read()[0] == 0xE0  # its token has ended
    with raw.session(port, tokens.agent(kit, "presence", "scout")) as reader:
        reader.send(raw.subscribe("agents/fleeting/card"))
        assert reader.read() == (0x90, b"\0\1\0\1")
        first, body = reader.read()
        assert first == 0x33 and body.endswith(b"kept")
    with raw.session(port, tokens.agent(kit, "presence", "fleeting")) as author:
        author.send(raw.publish("agents/fleeting/card", b"", 1, retain=True))
        assert author.read()[0] == 0x40


def test_what_asks_too_little_is_no_comparison():
    tally = Tally()
    assert list(tally.shortcomings()) == ["only 0 % of the operations were allowed"]
    tally.scene([{"topic": "a", "action": "pub"}] * 100)
    tally.operation("publish", True)
    assert {fault.rpartition(" ")[2] for fault in tally.shortcomings()} == {
        "agents", "binding", "delegated", "id", "max_qos", "retain", "share", "users"}


def test_the_same_seed_asks_the_same():
    def asked(seed):
        seen, tally = [], Tally()

        def remember(document):
            seen.append(repr(document))
            tally.operation("documents", True)

        examine.compare(remember, documents(), 50, seed, tally)
        return seen

    assert asked(7) == asked(7) != asked(8)


@pytest.mark.parametrize("words", [["--operations", "0"], ["--seed"], ["everything"]])
def test_wrong_usage(words):
    done = subprocess.run([ROOT / "harness" / "oracle" / "compare", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "harness/oracle/compare" in done.stderr
