"""How a row of the token tables is written: a recipe, and whether it is good, bad or odd."""

SCOUT = {"org_id": "seed", "agent_id": "scout"}
GOOD = "token-good-es256"


def recipe(key="main-es256", claims=None, **rest):
    """The good recipe with something changed; claims are added to scout's."""
    return {"key": key, "claims": {**SCOUT, **(claims or {})}, **rest}


def offline(vector):
    """Not on the wire, where clocks differ and tokens are used at the same time."""
    return {**vector, "wire": False}


def good(name, comment, made, rule="AUTH-01"):
    return {"id": f"token-{name}", "rule": rule, "comment": comment, "flags": ["Valid"], "recipe": made,
            "expect": "accepted"}


def bad(name, flag, comment, made, twin=GOOD, rule="AUTH-02"):
    return {"id": f"token-{name}", "rule": rule, "comment": comment, "flags": [flag], "twin": twin,
            "recipe": made, "expect": "refused"}


def odd(name, flag, comment, made, twin=GOOD):
    """Refused by whoever is careful: AUTH-04, which is advice."""
    return bad(name, flag, comment, made, twin, rule="AUTH-04")


def edited(*edits, key="main-es256", **rest):
    return recipe(key, edits=list(edits), **rest)
