"""Policy documents (spec chapter 5): parsed whole or refused whole."""

import re
from pathlib import Path

from .claims import PRINCIPALS, WORKLOADS, is_name
from .strict_json import JsonError, parse

SELF = "{$self}"
ACTIONS = {"pub": {"pub"}, "sub": {"sub"}, "pub+sub": {"pub", "sub"}}
MEMBERS = {"version", "default", "rules"}
RULE_MEMBERS = {"id", "topic", "action", "binding", "agents", "users", "max_qos", "retain", "share", "delegated"}
READ_ONLY_ROOTS = ("$SYS", "$identity")

_SPEC_BLOCK = re.compile(r"^```policy ([a-z0-9-]+)\n(.*?)^```$", re.M | re.S)


class PolicyError(ValueError):
    """The document is refused."""


class Rule:
    """pattern: the levels of the topic; actions: subset of {"pub", "sub"}; names: None where no list narrows;
    delegated: the rule is one side of a delegated token, and none by itself."""

    def __init__(self, pattern, actions, binding, names, delegated=False):
        self.pattern = pattern
        self.actions = actions
        self.binding = binding
        self.names = names
        self.delegated = delegated

    def applies_to(self, identity: dict) -> bool:
        """[POL-02]"""
        if self.delegated:
            return False
        if self.binding is None:
            return True
        if self.binding not in identity:
            return False
        return self.names is None or identity[self.binding] in self.names


def spec_policies(spec_dir) -> dict:
    """The fenced policy blocks of the spec, name to parsed rules."""
    policies = {}
    for chapter in sorted(Path(spec_dir).glob("*.md")):
        for name, text in _SPEC_BLOCK.findall(chapter.read_text("utf-8")):
            policies[name] = parse_text(text.encode("utf-8"))
    return policies


def parse_text(data: bytes) -> list:
    try:
        return parse_document(parse(data))
    except JsonError as error:
        raise PolicyError(str(error)) from error


def parse_document(document) -> list:
    """The rules of a document, or PolicyError: one fault refuses the whole."""
    _expect(isinstance(document, dict) and set(document) == MEMBERS, "version, default, rules and nothing else")
    _expect(document["version"] == "2.1", "version 2.1")
    _expect(document["default"] == "deny", "default deny")
    _expect(isinstance(document["rules"], list), "rules are a list")
    ids = [rule["id"] for rule in document["rules"] if isinstance(rule, dict) and "id" in rule]
    rules = [_rule(rule) for rule in document["rules"]]
    _expect(len(set(ids)) == len(ids), "ids are unique")
    return rules


def _expect(truth: bool, what: str):
    if not truth:
        raise PolicyError(what)


def _rule(rule) -> Rule:
    _expect(isinstance(rule, dict) and set(rule) <= RULE_MEMBERS, "a rule with known members")
    _expect(isinstance(rule.get("topic"), str), "topic is a string")
    _expect(isinstance(rule.get("action"), str) and rule["action"] in ACTIONS, "action is pub, sub or pub+sub")
    _expect(isinstance(rule.get("id", ""), str) and rule.get("id") != "", "id is a non-empty string")
    pattern = _pattern(rule["topic"])
    _expect("binding" not in rule or rule["binding"] in PRINCIPALS, "binding is a principal claim")
    _expect(SELF not in pattern or "binding" in rule, "{$self} needs a binding")
    actions = ACTIONS[rule["action"]]
    _expect("pub" not in actions or pattern[0] not in READ_ONLY_ROOTS, "nobody publishes there")
    return Rule(pattern, actions, rule.get("binding"), _names(rule), _terms(rule))


def _terms(rule: dict) -> bool:
    """max_qos, retain and share have the form that they must have. Returns whether the rule is delegated."""
    _expect(type(rule.get("max_qos", 2)) is int and 0 <= rule.get("max_qos", 2) <= 2, "max_qos is 0, 1 or 2")
    _expect(type(rule.get("retain", True)) is bool, "retain is true or false")
    _expect(type(rule.get("delegated", False)) is bool, "delegated is true or false")
    _expect(not rule.get("delegated") or rule.get("binding") == "user_id", "delegated needs a user_id")
    share = rule.get("share", "*")
    if share != "*":
        _expect(isinstance(share, list) and share and all(map(_is_group, share)), "share is * or a list of groups")
        _expect(len(set(share)) == len(share), "groups are distinct")
    return rule.get("delegated", False)


def _is_group(name) -> bool:
    return isinstance(name, str) and 0 < len(name.encode("utf-8")) <= 128 and not set("/+#\0") & set(name)


def _pattern(topic: str) -> list:
    """MQTT 5.0 section 4.7.1, and {$self} as a whole level."""
    _expect(0 < len(topic.encode("utf-8")) <= 65535 and "\0" not in topic, "topic is 1 to 65,535 bytes")
    levels = topic.split("/")
    for number, level in enumerate(levels):
        _expect(level == "#" or "#" not in level, "# is a whole level")
        _expect(level != "#" or number == len(levels) - 1, "# is the last level")
        _expect(level == "+" or "+" not in level, "+ is a whole level")
        _expect(level == SELF or not set("{}") & set(level), "no braces but {$self}")
    return levels


def _names(rule: dict):
    """The list that narrows the binding, whose kind it fits; None where there is no list."""
    kinds = {"agents": WORKLOADS, "users": ("user_id",)}
    present = [member for member in kinds if member in rule]
    _expect(len(present) <= 1, "agents or users")
    if not present:
        return None
    member = present[0]
    _expect(rule.get("binding") in kinds[member], f"{member} fits the binding")
    names = rule[member]
    _expect(isinstance(names, list) and names and all(map(is_name, names)), f"{member} is a list of names")
    _expect(len(set(names)) == len(names), f"{member} are distinct")
    return frozenset(names)
