"""What a broker was configured to trust: audience, longest life, issuers, their keys and what they may assert."""

import json
import re
from pathlib import Path

from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

# [AUTH-02] One algorithm, one kind of key. The names are those of RFC 7518, RFC 8037 and RFC 9864.
KEY_KINDS = {
    "ES256": ("EC", "P-256", ECAlgorithm),
    "EdDSA": ("OKP", "Ed25519", OKPAlgorithm),
    "PS256": ("RSA", None, RSAAlgorithm),
    "RS256": ("RSA", None, RSAAlgorithm),
}
SPELLINGS = {"Ed25519": "EdDSA"}


class Key:
    """A public key and the only algorithm that it may verify."""

    def __init__(self, alg: str, public):
        self.alg = alg
        self.public = public


class Issuer:
    def __init__(self, config: dict, keys: dict):
        self.name = config["iss"]
        self.keys = keys
        self.untyped = config.get("untyped", False)
        self.organisations = config["organisations"]

    def may_assert(self, org: str, claim: str, value: str) -> bool:
        """`*`, or a list of names and of prefixes that end in a dot."""
        allowed = self.organisations.get(org, {}).get(claim)
        if allowed is None:
            return False
        if allowed == "*":
            return True
        return any(value.startswith(entry) if entry.endswith(".") else value == entry for entry in allowed)


class Trust:
    def __init__(self, config: dict, issuers: list):
        self.audience = config["audience"]
        self.max_token_life = config.get("max_token_life", 3600)
        self.issuers = {issuer.name: issuer for issuer in issuers}


def load(path) -> Trust:
    """Reads trust.json and, beside it, the key sets that it names."""
    path = Path(path)
    config = json.loads(path.read_text("utf-8"))
    issuers = []
    for entry in config["issuers"]:
        key_set = json.loads((path.parent / entry["jwks"]).read_text("utf-8"))
        issuers.append(Issuer(entry, keys_of(key_set)))
    return Trust(config, issuers)


def keys_of(key_set: dict) -> dict:
    """The keys that can verify tokens, by kid. Keys of other kinds and uses are somebody else's and passed over."""
    keys = {}
    for jwk in key_set["keys"]:
        key = _key(jwk)
        if key is None:
            continue
        if jwk["kid"] in keys:
            raise ValueError(f"two keys named {jwk['kid']}")
        keys[jwk["kid"]] = key
    return keys


def _key(jwk: dict):
    alg = SPELLINGS.get(jwk.get("alg"), jwk.get("alg"))
    if alg not in KEY_KINDS or jwk.get("use", "sig") != "sig" or not isinstance(jwk.get("kid"), str):
        return None
    kind, curve, algorithm = KEY_KINDS[alg]
    if jwk.get("kty") != kind or jwk.get("crv") != curve:
        return None
    public = {name: value for name, value in jwk.items() if re.fullmatch("kty|crv|x|y|n|e", name)}
    return Key(alg, algorithm.from_jwk(json.dumps(public)))
