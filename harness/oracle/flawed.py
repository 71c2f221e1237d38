"""Documents that are nearly policies: one or two members taken away, added, or given a value that is some member's
somewhere. Whether the result is a policy after all is for the model to say."""

import copy

from hypothesis import strategies as st

from .policy import MEMBERS, REVOCATIONS, RULE_MEMBERS
from .scenes import documents

# What a member may be, up to its limits, and what is just beyond them.
FITTING = {
    "version": ("2.1",), "default": ("deny",), "rules": ([], [{"topic": "a", "action": "pub"}]),
    "id": ("x", "x" * 128, "x" * 129, "é" * 64, "é" * 65),
    "topic": ("a/#", "a/{$self}", "#", "a" * 1024, "a" * 1025, "é" * 512, "a/" * 127, "a/" * 127 + "#", "a/" * 128),
    "action": ("pub", "sub", "pub+sub"), "binding": ("agent_id", "server_id", "tool_id", "user_id"),
    "agents": (["a"], ["x" * 128, "b"], ["x" * 129]), "users": (["a"], ["x" * 128, "b"], ["x" * 129]),
    "max_qos": (0, 1, 2), "retain": (True, False), "delegated": (False, True),
    "share": ("*", ["g"], ["*", "g"], ["x" * 128], ["x" * 129], ["é" * 64], ["é" * 65]),
}
FITTING["agents"] += ([f"a{n}" for n in range(1024)], [f"a{n}" for n in range(1025)])
VALUES = (None, True, False, 0, 1, 2, 3, -1, "", "*", "a", "deny", "2.1", "2.0", "allow", "pub", "Pub", "pub+sub", "sub",
          "agent_id", "user_id", "tool_id", "org_id", "agents", "a/#", "a#", "#/a", "a+/b", "+a", "a/{$self}", "{$self}",
          "x{$self}", "{self}", "{", "a/}", "$share", "$share/g/a", "$shared/a", "$SYS/#", "$SYS", "$SYSTEM", "$identity/a",
          "$identity/+/revocations", REVOCATIONS, REVOCATIONS + "/a", [], ["*"], ["a"], ["a", "a"], ["a", 1], ["a", ""],
          ["a b"], ["a/b"], ["+"], ["a\n"], [".a"], ["a."], ["x" * 128], ["x" * 129], {}, [{}], [[]])
TAKEN = object()


@st.composite
def flawed(draw):
    document = copy.deepcopy(draw(documents()))
    for _ in range(draw(st.sampled_from((1, 1, 2)))):
        rules = document.get("rules")
        rule = draw(st.sampled_from(rules)) if isinstance(rules, list) and rules else None
        inside = isinstance(rule, dict) and draw(st.integers(0, 7)) > 0
        place, members = (rule, RULE_MEMBERS) if inside else (document, MEMBERS)
        member = draw(st.sampled_from((*sorted(members), *sorted(members), "else")))
        fitting = (TAKEN, *_of(rules, member), *FITTING.get(member, ()))
        value = draw(st.sampled_from(fitting if draw(st.booleans()) else VALUES))
        if value is TAKEN:
            place.pop(member, None)
        else:
            place[member] = value
    return document


def _of(rules, member):
    """The values that other rules have there, so that an id is there twice."""
    return [rule[member] for rule in rules if member in rule] if isinstance(rules, list) and all(
        isinstance(rule, dict) for rule in rules) else []
