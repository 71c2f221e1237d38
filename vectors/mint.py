"""Recipe to token: the recipe language of vectors/schema/recipe.schema.json, with the TEST-ONLY keys.

Minting signs whatever it is told to and judges nothing.
"""

import base64
import json
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.exceptions import InvalidSignature

import keyring

AUDIENCE = keyring.TRUST["audience"]
PRINCIPALS = ("agent_id", "server_id", "tool_id", "user_id")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass
class Token:
    """A token on its way: JSON texts, then the parts, then what stands around them."""

    role: dict
    header: dict
    payload: bytes
    header_raw: bytes = None  # where an edit made it text
    damage: dict = field(default_factory=dict)  # of header and payload: part number to kind
    sign_as: str = None
    hmac_role: str = None
    hmac_alg: str = "HS256"
    hmac_secret: str = "pem"
    unsigned: bool = False
    spoil: list = field(default_factory=list)
    nested: bool = False
    serialization: str = None
    segments: int = 3
    before: str = ""
    after: str = ""
    verbatim: str = None

    def header_bytes(self) -> bytes:
        return _compact(self.header) if self.header_raw is None else self.header_raw

    def signing_input(self) -> bytes:
        texts = (self.header_bytes(), self.payload)
        return ".".join(_encoded(text, self.damage.get(part)) for part, text in enumerate(texts)).encode()


def _compact(value) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _encoded(text: bytes, damage: str) -> str:
    """Blanks behind the JSON leave bits over in the last character."""
    while damage == "trailing_bits" and len(text) % 3 == 0:
        text += b" "
    return b64(text) if damage is None else SPOILS[damage](b64(text))


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def prepare(recipe: dict, now: int, nonce: str) -> Token:
    """The token that the recipe describes, all but signed."""
    role = keyring.role(recipe["key"])
    header = {"alg": role["alg"], "kid": role["kid"], "typ": "at+jwt", **recipe.get("header", {})}
    payload = _claims(recipe, role, now, nonce)
    for path in recipe.get("remove", []):
        part, name = path.split(".", 1)
        del {"header": header, "claims": payload}[part][name]
    token = Token(role, header, _compact(payload))
    for edit in recipe.get("edits", []):
        (name, value), = edit.items()
        EDITS[name](token, value)
    return token


def _claims(recipe: dict, role: dict, now: int, nonce: str) -> dict:
    given = recipe.get("claims", {})
    times = {name: now + offset for name, offset in recipe.get("times", {}).items()}
    issued = times.get("iat", now)
    principals = [given[name] for name in PRINCIPALS if name in given]
    subject = {"sub": principals[0]} if len(principals) == 1 else {}
    return {"iss": role["iss"], **subject, "aud": AUDIENCE, "iat": issued, "exp": issued + 300, "jti": nonce,
            **given, **times}


def _edit_hmac(token: Token, name: str) -> None:
    token.header["alg"] = token.hmac_alg
    token.hmac_role = name


def _edit_hmac_alg(token: Token, alg: str) -> None:
    token.header["alg"] = token.hmac_alg = alg


def _edit_none(token: Token, _: bool) -> None:
    token.header["alg"] = "none"
    token.unsigned = True


def _edit_sign_as(token: Token, alg: str) -> None:
    token.header["alg"] = alg
    token.sign_as = alg


def _edit_signature(token: Token, how: str) -> None:
    if how == "empty":
        token.unsigned = True
    else:
        token.spoil.append(how)


def _tailed(text: bytes, members: str) -> bytes:
    return text[:-1] + b"," + members.encode() + text[-1:]


# Bytes before the object's text, behind its last member, behind the object.
OCTETS = {
    "bom": (b"\xef\xbb\xbf", b"", b""),
    "not_utf8": (b"", b',"note":"\xff"', b""),
    "overlong": (b"", b',"note":"\xc0\xaf"', b""),
    "surrogate": (b"", b',"note":"\xed\xa0\x80"', b""),
    "trailing_text": (b"", b"", b"x"),
    "trailing_object": (b"", b"", b"{}"),
}


def _with_octets(text: bytes, kind: str) -> bytes:
    before, inside, behind = OCTETS[kind]
    return before + text[:-1] + inside + text[-1:] + behind


def _set(token: Token, name: str, value) -> None:
    setattr(token, name, value)


EDITS = {
    "header_text": lambda token, text: _set(token, "header_raw", text.encode()),
    "header_tail": lambda token, text: _set(token, "header_raw", _tailed(token.header_bytes(), text)),
    "header_bytes": lambda token, kind: _set(token, "header_raw", _with_octets(token.header_bytes(), kind)),
    "header_encoding": lambda token, how: token.damage.update({0: how}),
    "payload_text": lambda token, text: _set(token, "payload", text.encode()),
    "payload_head": lambda token, text: _set(token, "payload", b"{" + text.encode() + b"," + token.payload[1:]),
    "payload_tail": lambda token, text: _set(token, "payload", _tailed(token.payload, text)),
    "payload_bytes": lambda token, kind: _set(token, "payload", _with_octets(token.payload, kind)),
    "payload_encoding": lambda token, how: token.damage.update({1: how}),
    "signature": _edit_signature,
    "sign_as": _edit_sign_as,
    "alg_none": _edit_none,
    "hmac_with": _edit_hmac,
    "hmac_alg": _edit_hmac_alg,
    "hmac_secret": lambda token, kind: _set(token, "hmac_secret", kind),
    "nested": lambda token, _: _set(token, "nested", True),
    "serialization": lambda token, kind: _set(token, "serialization", kind),
    "segments": lambda token, count: _set(token, "segments", count),
    "append": lambda token, text: _set(token, "after", token.after + text),
    "prepend": lambda token, text: _set(token, "before", text + token.before),
    "replace": lambda token, text: _set(token, "verbatim", text),
}


def render(token: Token, signature: bytes) -> str:
    """The text of the token around this signature."""
    if token.verbatim is not None:
        return token.verbatim
    parts = token.signing_input().decode().split(".") + [_spoilt(token, signature), "AAAA", "AAAA"]
    if token.serialization is not None:
        return _serialized(token.serialization, *parts[:3])
    return token.before + ".".join(parts[:token.segments]) + token.after


def _serialized(kind: str, header: str, payload: str, signature: str) -> str:
    """RFC 7515 section 7.2."""
    signed = {"protected": header, "signature": signature}
    value = {"payload": payload, **signed} if kind == "flattened" else {"payload": payload, "signatures": [signed]}
    return _compact(value).decode()


def _spoilt(token: Token, signature: bytes) -> str:
    text = b64(signature)
    for how in token.spoil:
        text = SPOILS[how](text)
    return text


def _flipped(text: str) -> str:
    data = unb64(text)
    return b64(data[:-1] + bytes([data[-1] ^ 1]))


def _trailing_bits(text: str) -> str:
    """Where bits are over, the last of them is not used."""
    return text[:-1] + ALPHABET[ALPHABET.index(text[-1]) | 1]


def _clean_bits(text: str) -> str:
    return b64(unb64(text))


def _broken(text: str, at: str) -> str:
    return text[:len(text) // 2] + at + text[len(text) // 2:]


def _der(text: str) -> str:
    raw = unb64(text)
    return b64(encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")))


def _not_der(text: str) -> str:
    return b64(b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(unb64(text))))


SPOILS = {
    "flipped": _flipped,
    "truncated": lambda text: b64(unb64(text)[:-1]),
    "der": _der,
    "padded": lambda text: text + ("=" * (-len(text) % 4) or "="),
    "trailing_bits": _trailing_bits,
    "line_break": lambda text: _broken(text, "\n"),
    "foreign": lambda text: _broken(text, "!"),
    "standard_alphabet": lambda text: text.replace("-", "+").replace("_", "/"),
}
UNSPOILS = {
    "flipped": _flipped,
    "der": _not_der,
    "padded": lambda text: text.rstrip("="),
    "trailing_bits": _clean_bits,
    "line_break": lambda text: text.replace("\n", ""),
    "foreign": lambda text: text.replace("!", ""),
    "standard_alphabet": lambda text: text.replace("+", "-").replace("/", "_"),
}


def sign(token: Token) -> bytes:
    if token.unsigned:
        return b""
    if token.hmac_role is not None:
        return _hmac(token)
    key, message = token.role["key"].get_op_key("sign"), token.signing_input()
    return SIGNERS[token.sign_as or token.role["alg"]](key, message)


DIGESTS = {"HS256": hashes.SHA256, "HS384": hashes.SHA384, "HS512": hashes.SHA512}


def _hmac(token: Token) -> bytes:
    pem = keyring.role(token.hmac_role)["key"].export_to_pem()
    armour = b"".join(pem.splitlines()[1:-1])
    secrets = {"pem": pem, "pem_trimmed": pem.rstrip(b"\n"), "der": base64.b64decode(armour), "empty": b""}
    mac = hmac.HMAC(secrets[token.hmac_secret], DIGESTS[token.hmac_alg]())
    mac.update(token.signing_input())
    return mac.finalize()


def _sign_es256(key, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _verify_es256(key, signature: bytes, message: bytes) -> None:
    if len(signature) != 64:
        raise InvalidSignature
    pair = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    key.verify(pair, message, ec.ECDSA(hashes.SHA256()))


def _pss() -> padding.PSS:
    return padding.PSS(padding.MGF1(hashes.SHA256()), 32)


SIGNERS = {
    "ES256": _sign_es256,
    "EdDSA": lambda key, message: key.sign(message),
    "PS256": lambda key, message: key.sign(message, _pss(), hashes.SHA256()),
    "RS256": lambda key, message: key.sign(message, padding.PKCS1v15(), hashes.SHA256()),
}
VERIFIERS = {
    "ES256": _verify_es256,
    "EdDSA": lambda key, signature, message: key.verify(signature, message),
    "PS256": lambda key, signature, message: key.verify(signature, message, _pss(), hashes.SHA256()),
    "RS256": lambda key, signature, message: key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256()),
}


def compile_token(recipe: dict, now: int, nonce: str) -> str:
    token = prepare(recipe, now, nonce)
    if token.nested:
        token.payload = compile_token(_inner(recipe), now, nonce).encode()
    return render(token, b"" if token.verbatim is not None else sign(token))


def _inner(recipe: dict) -> dict:
    """Of the token that is nested in another."""
    return {**recipe, "edits": [edit for edit in recipe["edits"] if "nested" not in edit]}


def explain_difference(recipe: dict, now: int, nonce: str, jwt: str):
    """None when jwt is a token that this recipe compiles to, else what differs. Signatures of ES256 and PS256 are
    never the same twice, so the one in jwt is taken out, must verify, and must give jwt again."""
    token = prepare(recipe, now, nonce)
    if token.unsigned or token.verbatim is not None or token.segments < 3 or token.hmac_role is not None:
        return None if jwt == compile_token(recipe, now, nonce) else "bytes differ"
    if token.nested:
        token.payload = unb64(jwt.split(".")[1])
        problem = explain_difference(_inner(recipe), now, nonce, token.payload.decode())
        if problem:
            return f"inside: {problem}"
    text = _signature_text(token, jwt)
    if text is None:
        return "signing input differs"
    if "truncated" in token.spoil:
        whole = len(sign(token))
        return None if len(unb64(text)) == whole - 1 else "signature is not truncated by one byte"
    for how in reversed(token.spoil):
        text = UNSPOILS[how](text)
    if render(token, unb64(text)) != jwt:
        return "edits differ"
    return None if _verifies(token, unb64(text)) else "signature is not by the key of the recipe"


def _signature_text(token: Token, jwt: str):
    """The third part as it stands in jwt; None where the first two are not this token's."""
    if token.serialization is not None:
        value = json.loads(jwt)
        value = {**value, **value.get("signatures", [{}])[0]}
        same = [value["protected"], value["payload"]] == token.signing_input().decode().split(".")
        return value["signature"] if same else None
    stem = token.before + token.signing_input().decode() + "."
    if not jwt.startswith(stem) or not jwt.endswith(token.after):
        return None
    return jwt[len(stem):len(jwt) - len(token.after)].split(".")[0]


def _verifies(token: Token, signature: bytes) -> bool:
    key = token.role["key"].get_op_key("verify")
    try:
        VERIFIERS[token.sign_as or token.role["alg"]](key, signature, token.signing_input())
    except InvalidSignature:
        return False
    return True
