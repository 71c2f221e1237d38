"""JSON as the profile reads it: UTF-8, no duplicate members, a bounded depth, nothing but JSON (spec chapter 2, 1)."""

import json

MAX_DEPTH = 16


class JsonError(ValueError):
    """The text is not JSON that the profile accepts."""


def parse(data: bytes, max_depth: int = MAX_DEPTH):
    """Returns the value that data spells, or raises JsonError."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonError("not UTF-8") from error
    if text.startswith("\ufeff"):
        raise JsonError("begins with a byte order mark")
    if _depth(text) > max_depth:
        raise JsonError("nested too deep")
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
        spelled = json.dumps(value, ensure_ascii=False)
        spelled.encode("utf-8")
    except UnicodeEncodeError as error:
        raise JsonError("half of a surrogate pair") from error
    except ValueError as error:
        raise JsonError(str(error)) from error
    if "\\u0000" in spelled.replace("\\\\", ""):
        raise JsonError("U+0000 in a string")
    return value


def _object(pairs):
    """Names are compared after their escapes were read: "\\u0061lg" is "alg"."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JsonError("duplicate member")
    return members


def _constant(word):
    raise JsonError(f"{word} is not JSON")


def _depth(text: str) -> int:
    """How deep brackets nest, found without recursion, so that hostile text cannot exhaust a parser's stack."""
    deepest = depth = 0
    in_string = escaped = False
    for char in text:
        if in_string:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                in_string = False
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest
