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

# role: (issuer, kid, alg, how to make it). Two strangers carry main's kid on purpose.
ROLES = {
    "main-es256": (MAIN, "main-es256", "ES256", EC),
    "main-eddsa": (MAIN, "main-eddsa", "EdDSA", {"kty": "OKP", "crv": "Ed25519"}),
    "main-ps256": (MAIN, "main-ps256", "PS256", RSA),
    "main-rs256": (MAIN, "main-rs256", "RS256", RSA),
    "second-es256": (SECOND, "main-es256", "ES256", EC),
    "attacker-es256": (MAIN, "main-es256", "ES256", EC),
}
# Keys in main's set that no token is signed with; their private halves are not kept.
STRANGERS = {
    "main-old": ("ES256", "sig", EC),
    "main-enc": ("ECDH-ES", "enc", EC),
}
FUTURE = {"kty": "XMSS", "kid": "main-future", "use": "sig", "alg": "XMSS-1", "pub": "AAAA"}

ALL = {"agent_id": "*", "server_id": "*", "tool_id": "*", "user_id": "*"}
TRUST = {
    "audience": "mqtt://broker.test",
    "max_token_life": 3600,
    "issuers": [
        {"iss": MAIN, "jwks": "main.jwks.json",
         "organisations": {"seed": ALL, "presence": ALL, "patterns": ALL, "empty": ALL}},
        {"iss": SECOND, "jwks": "second.jwks.json", "organisations": {"spare-1": {"agent_id": "*"}}},
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
    """Makes what does not exist; never touches what does."""
    FOLDER.mkdir(exist_ok=True)
    for name, (_, kid, alg, kind) in ROLES.items():
        path = FOLDER / f"{name}.json"
        if not path.exists():
            made = json.loads(JWK.generate(**kind).export_private())
            write_json(path, {"comment": WARNING, **made, "kid": kid, "use": "sig", "alg": alg})
    _make_set("main.jwks.json", MAIN, STRANGERS, [FUTURE])
    _make_set("second.jwks.json", SECOND, {}, [])
    if not (FOLDER / "trust.json").exists():
        write_json(FOLDER / "trust.json", TRUST)


def _make_set(file_name: str, issuer: str, strangers: dict, extra: list) -> None:
    if (FOLDER / file_name).exists():
        return
    keys = []
    for name, (owner, kid, alg, _) in ROLES.items():
        if owner == issuer and not name.startswith("attacker"):
            keys.append(_public(role(name)["key"], kid, "sig", alg))
    for kid, (alg, use, kind) in strangers.items():
        keys.append(_public(JWK.generate(**kind), kid, use, alg))
    write_json(FOLDER / file_name, {"keys": keys + extra})


def _public(key: JWK, kid: str, use: str, alg: str) -> dict:
    return {**json.loads(key.export_public()), "kid": kid, "use": use, "alg": alg}
