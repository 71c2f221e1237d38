"""Whether a Password is a valid token, as spec chapters 2 and 3 say; each check cites the property it stands for.

PyJWT supplies the four signature algorithms. Everything around them is checked here: a library's leniency must not
become the oracle's.
"""

import base64
import re

from jwt.algorithms import get_default_algorithms

from . import claims as claim_words
from .strict_json import JsonError, parse
from .trust import SPELLINGS, Trust

MAX_TOKEN = 8192
MAX_HEADER = 1024
MAX_NAME = 256  # bytes of iss, jti, kid
SKEW = 30
LAST_SECOND = 2**53 - 1
FORBIDDEN_HEADER = ("crit", "b64", "jku", "jwk", "x5u", "x5c", "cty")
FORBIDDEN_CLAIMS = ("act", "authorization_details", "cnf", "events", "at_hash")

_SHAPE = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_ALGORITHMS = get_default_algorithms()


class Refused(Exception):
    """The token is not valid. The text is for people; no code depends on it."""


def verify(token: bytes, trust: Trust, now: int) -> dict:
    """Returns the identity, {"org_id": ..., "<principal>": ...}, or raises Refused."""
    header_part, payload_part, signature_part = _split(token)
    header = _object(header_part, "header", MAX_HEADER)
    payload = _object(payload_part, "payload", MAX_TOKEN)
    signature = _decode(signature_part)
    issuer = _issuer(payload, trust)
    _check_header(header, issuer)
    _check_signature(header, issuer, header_part + b"." + payload_part, signature)
    _check_audience(payload, trust)
    _check_times(payload, trust, now)
    _check_kind(payload)
    identity = identity_of(payload)
    _check_asserted(identity, issuer)
    return identity


def _split(token: bytes):
    """[AUTH-02] 1: three parts of base64url, bounded before anything is believed."""
    if len(token) > MAX_TOKEN:
        raise Refused("token too large")
    if not _SHAPE.fullmatch(token):
        raise Refused("not three parts of base64url")
    return token.split(b".")


def _decode(part: bytes) -> bytes:
    """[AUTH-02] 1: unpadded base64url, and the only spelling of these bytes (RFC 4648 section 3.5)."""
    if len(part) % 4 == 1:
        raise Refused("impossible length of base64url")
    data = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b"=") != part:
        raise Refused("unused bits are not zero")
    return data


def _object(part: bytes, what: str, limit: int) -> dict:
    data = _decode(part)
    if len(data) > limit:
        raise Refused(f"{what} too large")
    try:
        value = parse(data)
    except JsonError as error:
        raise Refused(f"{what}: {error}") from error
    if not isinstance(value, dict):
        raise Refused(f"{what} is not an object")
    return value


def _issuer(payload: dict, trust: Trust):
    """[AUTH-02] 4: exact comparison, no normalisation."""
    name = payload.get("iss")
    if not isinstance(name, str) or name not in trust.issuers:
        raise Refused("unknown issuer")
    return trust.issuers[name]


def _check_header(header: dict, issuer):
    """[AUTH-02] 3. Media types are compared without regard to case (RFC 2045 section 5.1, RFC 7515 section 4.1.9)."""
    for name in FORBIDDEN_HEADER:
        if name in header:
            raise Refused(f"header has {name}")
    typ = header.get("typ")
    if "typ" in header and not isinstance(typ, str):
        raise Refused("typ is not a string")
    kind = None if typ is None else typ.lower()
    if kind in ("at+jwt", "application/at+jwt"):
        return
    if issuer.untyped and kind in (None, "jwt", "application/jwt"):
        return
    raise Refused("another kind of token")


def _check_signature(header: dict, issuer, signing_input: bytes, signature: bytes):
    """[AUTH-02] 2: the key decides the algorithm; the header may only repeat it."""
    kid, alg = header.get("kid"), header.get("alg")
    if not isinstance(kid, str) or kid not in issuer.keys:
        raise Refused("unknown kid")
    key = issuer.keys[kid]
    if not isinstance(alg, str) or SPELLINGS.get(alg, alg) != key.alg:
        raise Refused("not the algorithm of this key")
    if not _ALGORITHMS[key.alg].verify(signing_input, key.public, signature):
        raise Refused("signature does not verify")


def _check_audience(payload: dict, trust: Trust):
    """[AUTH-02] 4: the broker's audience alone, bare or as the one member of an array."""
    if payload.get("aud") not in (trust.audience, [trust.audience]):
        raise Refused("not for this audience")
    for name in ("sub", "jti"):
        if not isinstance(payload.get(name), str) or not payload[name]:
            raise Refused(f"{name} is not a non-empty string")
    if len(payload["jti"].encode()) > MAX_NAME:
        raise Refused("jti is not a non-empty string of at most 256 bytes")


def _is_number(value) -> bool:
    """Seconds that a double holds exactly; neither infinity nor what is no number is between these."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= LAST_SECOND


def _check_times(payload: dict, trust: Trust, now: int):
    """[AUTH-02] 4."""
    for name in ("exp", "iat") + (("nbf",) if "nbf" in payload else ()):
        if not _is_number(payload.get(name)):
            raise Refused(f"{name} is not a number of seconds")
    if now >= payload["exp"]:
        raise Refused("expired")
    if payload["iat"] > now + SKEW or payload.get("nbf", now) > now + SKEW:
        raise Refused("not yet")
    if payload["exp"] - payload["iat"] > trust.max_token_life:
        raise Refused("lives too long")


def _check_kind(payload: dict):
    """[AUTH-02] 6: whoever cannot enforce a narrowing refuses it."""
    for name in FORBIDDEN_CLAIMS:
        if name in payload:
            raise Refused(f"claim {name}")


def identity_of(payload: dict) -> dict:
    """[CLM-01] [CLM-03] The organisation and the one principal, or Refused."""
    identity = {name: payload[name] for name in claim_words.RESERVED if name in payload}
    for name, value in identity.items():
        if not claim_words.is_name(value):
            raise Refused(f"{name} is no name")
    if "org_id" not in identity:
        raise Refused("no organisation")
    if sum(name in identity for name in claim_words.PRINCIPALS) != 1:
        raise Refused("not exactly one principal")
    return identity


def _check_asserted(identity: dict, issuer):
    """[AUTH-02] 5."""
    org = identity["org_id"]
    for name in claim_words.PRINCIPALS:
        if name in identity and not issuer.may_assert(org, name, identity[name]):
            raise Refused("the issuer may not assert this")
