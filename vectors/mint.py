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
    payload_text: str
    header_text: str = None
    sign_as: str = None
    hmac_key: bytes = None
    unsigned: bool = False
    spoil: list = field(default_factory=list)
    segments: int = 3
    before: str = ""
    after: str = ""
    verbatim: str = None

    def signing_input(self) -> bytes:
        text = json.dumps(self.header, separators=(",", ":"), ensure_ascii=False)
        header = text if self.header_text is None else self.header_text
        return f"{b64(header.encode())}.{b64(self.payload_text.encode())}".encode()


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
    token = Token(role, header, json.dumps(payload, separators=(",", ":"), ensure_ascii=False))
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


def _public_pem(name: str) -> bytes:
    return keyring.role(name)["key"].export_to_pem()


def _edit_hmac(token: Token, name: str) -> None:
    token.header["alg"] = "HS256"
    token.hmac_key = _public_pem(name)


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


EDITS = {
    "header_text": lambda token, text: setattr(token, "header_text", text),
    "payload_text": lambda token, text: setattr(token, "payload_text", text),
    "signature": _edit_signature,
    "sign_as": _edit_sign_as,
    "alg_none": _edit_none,
    "hmac_with": _edit_hmac,
    "segments": lambda token, count: setattr(token, "segments", count),
    "append": lambda token, text: setattr(token, "after", token.after + text),
    "prepend": lambda token, text: setattr(token, "before", text + token.before),
    "replace": lambda token, text: setattr(token, "verbatim", text),
}


def render(token: Token, signature: bytes) -> str:
    """The text of the token around this signature."""
    if token.verbatim is not None:
        return token.verbatim
    parts = token.signing_input().decode().split(".") + [_spoilt(token, signature), "AAAA", "AAAA"]
    return token.before + ".".join(parts[:token.segments]) + token.after


def _spoilt(token: Token, signature: bytes) -> str:
    text = b64(signature)
    for how in token.spoil:
        text = SPOILS[how](text)
    return text


def _flipped(text: str) -> str:
    data = unb64(text)
    return b64(data[:-1] + bytes([data[-1] ^ 1]))


def _trailing_bits(text: str) -> str:
    """64 and 256 bytes leave four unused bits in the last character."""
    return text[:-1] + ALPHABET[ALPHABET.index(text[-1]) | 1]


def _clean_bits(text: str) -> str:
    return b64(unb64(text))


SPOILS = {
    "flipped": _flipped,
    "truncated": lambda text: b64(unb64(text)[:-1]),
    "padded": lambda text: text + "=" * (-len(text) % 4),
    "trailing_bits": _trailing_bits,
}
UNSPOILS = {"flipped": _flipped, "padded": lambda text: text.rstrip("="), "trailing_bits": _clean_bits}


def sign(token: Token) -> bytes:
    if token.unsigned:
        return b""
    if token.hmac_key is not None:
        return _hmac(token)
    key, message = token.role["key"].get_op_key("sign"), token.signing_input()
    return SIGNERS[token.sign_as or token.role["alg"]](key, message)


def _hmac(token: Token) -> bytes:
    mac = hmac.HMAC(token.hmac_key, hashes.SHA256())
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
    return render(token, b"" if token.verbatim is not None else sign(token))


def explain_difference(recipe: dict, now: int, nonce: str, jwt: str):
    """None when jwt is a token that this recipe compiles to, else what differs. Signatures of ES256 and PS256 are
    never the same twice, so the one in jwt is taken out, must verify, and must give jwt again."""
    token = prepare(recipe, now, nonce)
    if token.unsigned or token.verbatim is not None or token.segments < 3 or token.hmac_key is not None:
        return None if jwt == compile_token(recipe, now, nonce) else "bytes differ"
    stem = token.before + token.signing_input().decode() + "."
    if not jwt.startswith(stem) or not jwt.endswith(token.after):
        return "signing input differs"
    text = jwt[len(stem):len(jwt) - len(token.after)].split(".")[0]
    if "truncated" in token.spoil:
        whole = len(sign(token))
        return None if len(unb64(text)) == whole - 1 else "signature is not truncated by one byte"
    for how in reversed(token.spoil):
        text = UNSPOILS[how](text)
    if render(token, unb64(text)) != jwt:
        return "edits differ"
    return None if _verifies(token, unb64(text)) else "signature is not by the key of the recipe"


def _verifies(token: Token, signature: bytes) -> bool:
    key = token.role["key"].get_op_key("verify")
    try:
        VERIFIERS[token.sign_as or token.role["alg"]](key, signature, token.signing_input())
    except InvalidSignature:
        return False
    return True
