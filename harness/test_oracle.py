"""The oracle against the vectors, and the vectors against their own rules.

Two examinees answer to the vectors: the C library and this oracle. Where one differs, the spec says which is wrong.
"""

import fnmatch
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from oracle import claims, decide, patterns, policy, strict_json, token, trust  # noqa: E402

VECTORS = ROOT / "vectors"
FOLDERS = ("token", "claims", "decision", "containment", "policy")
POSITIVE = ("accepted", "allow")


def load(*folders):
    return [vector for folder in folders for path in sorted((VECTORS / folder).glob("*.json"))
            for vector in json.loads(path.read_text("utf-8"))["vectors"]]


ALL = load(*FOLDERS)
DECISIONS = load("decision", "containment")
BY_ID = {vector["id"]: vector for vector in ALL}
TRUST = trust.load(VECTORS / "keys" / "trust.json")
FIXTURE = policy.spec_policies(ROOT / "spec")


def each(*folders):
    return pytest.mark.parametrize("vector", load(*folders), ids=lambda vector: vector["id"])


def refused_because(vector):
    """None when the token is valid, else the oracle's reason."""
    compiled = vector["compiled"]
    try:
        token.verify(compiled["jwt"].encode("utf-8"), TRUST, compiled["now"])
    except token.Refused as reason:
        return str(reason)
    return None


def rules_of(name_or_document):
    if isinstance(name_or_document, str):
        return FIXTURE[name_or_document]
    return policy.parse_document(name_or_document)


def allowed(vector, action=None, topic=None, identity=None):
    return decide.allowed(rules_of(vector["policy"]), identity or vector["identity"], action or vector["action"],
                          topic or vector["topic"], vector.get("qos", 0), vector.get("retain", False))


@each("token")
def test_token(vector):
    reason = refused_because(vector)
    assert (reason is None) == (vector["expect"] == "accepted"), reason


def identity_of(vector):
    """The organisation and the principal of a claims vector; None where they are refused."""
    text = vector["text"] if "text" in vector else json.dumps(vector["claims"])
    try:
        return token.identity_of(strict_json.parse(text.encode("utf-8")))
    except (strict_json.JsonError, token.Refused):
        return None


@each("claims")
def test_claims(vector):
    assert identity_of(vector) == vector.get("identity")
    assert ("identity" in vector) == (vector["expect"] == "accepted")


@each("decision", "containment")
def test_decision(vector):
    assert allowed(vector) == (vector["expect"] == "allow")
    if "granted" in vector:
        granted = decide.granted_qos(rules_of(vector["policy"]), vector["identity"], vector["topic"], vector["qos"])
        assert granted == vector["granted"]


@each("policy")
def test_policy(vector):
    text = vector["text"] if "text" in vector else json.dumps(vector["document"])
    try:
        policy.parse_text(text.encode("utf-8"))
        verdict = "accepted"
    except policy.PolicyError:
        verdict = "refused"
    assert verdict == vector["expect"]


# What a refused token must be refused for: the oracle's reason has to be the one that the flag names. Without this,
# a vector that is wrong in a second way would test nothing.
REASONS = {
    "AlgNone": "algorithm|base64url", "AlgUnknown": "algorithm|base64url", "AlgConfusion": "algorithm",
    "WrongKey": "does not verify", "Authority": "may not assert", "Issuer": "issuer", "Kid": "kid",
    "Critical": "header has (crit|b64)", "KeyInHeader": "header has (jku|jwk|x5u|x5c)",
    "Kind": "another kind|header has cty|claim (events|at_hash)|typ is",
    "Json": "Expect|Extra|object|byte order|UTF-8|Illegal|Invalid|surrogate|U.0000|is not JSON|Unterminated", "Duplicate": "duplicate", "Limit": "too (large|deep)",
    "Signature": "does not verify|base64url", "Encoding": "base64url|unused bits", "Shape": "three parts",
    "Expired": "expired", "NotYet": "not yet", "Times": "not a number|lives too long", "Audience": "audience",
    "Required": "non-empty", "Narrowing": "claim (act|cnf|authorization_details)", "Grammar": "is no name",
    "Principals": "no organisation|principal",
}


@each("token")
def test_token_is_wrong_in_the_way_its_flag_says(vector):
    if vector["expect"] == "refused":
        assert re.search(REASONS[vector["flags"][0]], refused_because(vector))


def test_ids_are_unique():
    assert len(BY_ID) == len(ALL)


@pytest.mark.parametrize("vector", ALL, ids=lambda vector: vector["id"])
def test_rules_exist(vector):
    spec = "".join(path.read_text("utf-8") for path in (ROOT / "spec").glob("0*.md"))
    assert vector["rule"] in set(re.findall(r"^- \*\*([A-Z]{3,4}-\d\d)\*\*", spec, re.M))


@each("token", "claims", "decision", "containment")
def test_twin(vector):
    """A twin is granted, and differs in one thing."""
    if "twin" not in vector:
        assert vector["expect"] in POSITIVE
        return
    twin = BY_ID[vector["twin"]]
    assert twin["expect"] in POSITIVE
    parts = ("policy", "identity", "action", "topic", "qos", "retain")
    if "action" in vector:
        assert sum(vector.get(part) != twin.get(part) for part in parts) == 1


@each("decision", "containment")
def test_wire(vector):
    """What runs on the wire discriminates there: a grant is some denial's twin, and the observer may hear it."""
    if not vector["wire"]:
        return
    assert vector["policy"] in FIXTURE and FIXTURE[vector["policy"]]
    assert vector["expect"] == "deny" or any(other["wire"] and other.get("twin") == vector["id"] for other in DECISIONS)
    assert all(map(claims.is_name, vector["identity"].values()))
    if vector["action"] == "pub":
        heard = BY_ID[vector.get("twin", vector["id"])]
        assert allowed(vector, "sub", vector["observe"], vector["observer"])
        assert patterns.matches(vector["observe"].split("/"), heard["topic"].split("/"), None)
        assert "twin" not in vector or heard["wire"]


def test_the_table_of_what_is_covered_misses_nothing():
    """Each token and claims vector stands in a row of vectors/README.md, and each pattern there finds one."""
    table = (VECTORS / "README.md").read_text("utf-8").partition("## What of a token is covered")[2]
    patterns = re.findall(r"`((?:token|claims)-[a-z0-9*-]+)`", table)
    names = [vector["id"] for vector in load("token", "claims")]
    assert [pattern for pattern in patterns if not fnmatch.filter(names, pattern)] == []
    assert [name for name in names if not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)] == []


def test_vectors_are_what_their_tables_say():
    made = subprocess.run([sys.executable, VECTORS / "generate.py", "--check"], capture_output=True, text=True,
                          check=False)
    assert made.returncode == 0, made.stderr


# Rights of issuers that no vector can show, since they need a trust configuration of their own.

def issuer(organisations):
    return trust.Issuer({"iss": "https://partner.test", "organisations": organisations}, {})


def test_an_issuer_asserts_names_and_dotted_prefixes():
    partner = issuer({"seed": {"agent_id": ["scout", "acme."]}})
    assert partner.may_assert("seed", "agent_id", "scout") and partner.may_assert("seed", "agent_id", "acme.scout")
    assert not partner.may_assert("seed", "agent_id", "scout2")
    assert not partner.may_assert("seed", "agent_id", "acmescout")
    assert not partner.may_assert("seed", "user_id", "scout")
    assert not partner.may_assert("presence", "agent_id", "scout")


def test_strangers_in_a_key_set_are_passed_over():
    assert set(TRUST.issuers["https://main.issuer.test"].keys) == {
        "main-es256", "main-eddsa", "main-ps256", "main-rs256", "main-old"}


def test_containment_agrees_with_matching_on_all_small_topics():
    """The witnesses against brute force: every pattern and filter of up to three levels over a small alphabet."""
    def paths(alphabet, depth):
        every = (list(path) for length in range(1, depth + 1) for path in itertools.product(alphabet, repeat=length))
        return [path for path in every if "#" not in path[:-1] and path != [""]]

    filters = paths(["a", "+", "#", "$x", ""], 3)
    topics = paths(["a", "b", "$x", ""], 4)
    found = {"/".join(f): frozenset(i for i, t in enumerate(topics) if patterns.matches(f, t, None)) for f in filters}
    rule = policy.parse_document({"version": "2.1", "default": "deny", "rules": [{"topic": "a", "action": "sub"}]})[0]
    for pattern in filters:
        rule.pattern = pattern
        for asked in filters:
            inside = found["/".join(asked)] <= found["/".join(pattern)]
            assert decide.allowed([rule], {}, "sub", "/".join(asked)) == inside, (pattern, asked)
