"""The TEST-ONLY keys of the vectors: made once, kept for ever, since compiled tokens are signed with them.

jwcrypto writes and reads the JWKs; the key sets and trust.json are derived from them.
"""

import json
from pathlib import Path

from jwcrypto.jwk import JWK

FOLDER = Path(__file__).resolve().parent / "keys"
WARNING = "TEST-ONLY: this private key is public. Trust it nowhere but in a test."
MAIN = "https://main.issuer.test"
SECOND = "https://second.issuer.test"
EC = {"kty": "EC", "crv": "P-256"}
RSA = {"kty": "RSA", "size": 2048}

# role: (issuer, kid, alg, how to make it). Two strangers carry main's kid on purpose. main-old is retired and still
# verifies; main-enc is for encryption: its set says so and names no algorithm.
ROLES = {
    "main-es256": (MAIN, "main-es256", "ES256", EC),
    "main-eddsa": (MAIN, "main-eddsa", "EdDSA", {"kty": "OKP", "crv": "Ed25519"}),
    "main-ps256": (MAIN, "main-ps256", "PS256", RSA),
    "main-rs256": (MAIN, "main-rs256", "RS256", RSA),
    "main-old": (MAIN, "main-old", "ES256", EC),
    "main-enc": (MAIN, "main-enc", "ES256", EC),
    "second-es256": (SECOND, "main-es256", "ES256", EC),
    "attacker-es256": (MAIN, "main-es256", "ES256", EC),
}
# A key of a kind that nobody knows: RFC 7517 section 5, passed over.
FUTURE = {"kty": "XMSS", "kid": "main-future", "use": "sig", "alg": "XMSS-1", "pub": "AAAA"}

ALL = {"agent_id": "*", "server_id": "*", "tool_id": "*", "user_id": "*"}
TRUST = {
    "audience": "mqtt://broker.test",
    "max_token_life": 3600,
    "issuers": [
        {"iss": MAIN, "jwks": "main.jwks.json",
         "organisations": {"seed": ALL, "presence": ALL, "patterns": ALL, "empty": ALL,
                           "spare-1": {"agent_id": ["warden", "home."]}}},
        {"iss": SECOND, "jwks": "second.jwks.json",
         "organisations": {"spare-1": {"agent_id": ["partner", "acme."]}, "spare-2": {"agent_id": "*"}}},
    ],
}


def write_json(path: Path, value) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")


def role(name: str) -> dict:
    """iss, kid, alg and the jwcrypto key of a role."""
    issuer, kid, alg, _ = ROLES[name]
    jwk = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    jwk.pop("comment")
    return {"iss": issuer, "kid": kid, "alg": alg, "key": JWK(**jwk)}


def make_missing() -> None:
    """Makes keys that do not exist and never touches those that do; sets and trust.json follow from them."""
    FOLDER.mkdir(exist_ok=True)
    for name, (_, kid, alg, kind) in ROLES.items():
        path = FOLDER / f"{name}.json"
        if not path.exists():
            made = json.loads(JWK.generate(**kind).export_private())
            write_json(path, {"comment": WARNING, **made, "kid": kid, "use": "sig", "alg": alg})
    for path, value in _derived():
        write_json(path, value)


def problems():
    """What does not follow from the keys and from TRUST any more."""
    for path, value in _derived():
        if json.loads(path.read_text("utf-8")) != value:
            yield f"keys/{path.name} differs from the keys and what keyring.py says"


def _derived():
    yield FOLDER / "main.jwks.json", _set_of(MAIN, [FUTURE])
    yield FOLDER / "second.jwks.json", _set_of(SECOND, [])
    yield FOLDER / "trust.json", TRUST


def _set_of(issuer: str, extra: list) -> dict:
    keys = [_public(name, kid, alg) for name, (owner, kid, alg, _) in ROLES.items()
            if owner == issuer and not name.startswith("attacker")]
    return {"keys": keys + extra}


def _public(name: str, kid: str, alg: str) -> dict:
    public = json.loads(role(name)["key"].export_public())
    for member in ("kid", "use", "alg"):
        public.pop(member, None)
    use = {"use": "enc"} if name == "main-enc" else {"use": "sig", "alg": alg}
    return {**public, "kid": kid, **use}
