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
REVOCATIONS = "$identity/v1/revocations"
# The reference's own (appendix A4).
MAX_RULES, MAX_TOPIC, MAX_LEVELS, MAX_ID, MAX_NAMES, MAX_SHARE_NAME = 16384, 1024, 128, 128, 1024, 128

_SPEC_BLOCK = re.compile(r"^```policy ([a-z0-9-]+)\n(.*?)^```$", re.M | re.S)


class PolicyError(ValueError):
    """The document is refused."""


class Rule:
    """pattern: the levels of the topic; actions: subset of {"pub", "sub"}; names: None where no list narrows."""

    def __init__(self, document: dict):
        self.id = document.get("id", "")
        self.pattern = _pattern(document["topic"])
        self.actions = ACTIONS[document["action"]]
        self.binding = document.get("binding")
        self.names = _names(document)
        self.max_qos = document.get("max_qos", 2)
        self.retain = document.get("retain", True)
        self.share = document.get("share", [])
        self.delegated = document.get("delegated", False)

    def applies_to(self, identity: dict) -> bool:
        """[POL-02] [POL-14] No identity here is delegated, so that a rule for a user's side of one serves nobody."""
        if self.delegated:
            return False
        if self.binding is None:
            return True
        if self.binding not in identity:
            return False
        return self.names is None or identity[self.binding] in self.names

    def shares(self, group: str) -> bool:
        """[POL-13]"""
        return self.share == "*" or group in self.share


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
    _expect(isinstance(document["rules"], list) and len(document["rules"]) <= MAX_RULES, "rules are a list")
    ids = [rule["id"] for rule in document["rules"] if isinstance(rule, dict) and "id" in rule]
    rules = [_rule(rule) for rule in document["rules"]]
    _expect(len(set(ids)) == len(ids), "ids are unique")
    return rules


def _expect(truth: bool, what: str):
    if not truth:
        raise PolicyError(what)


def _rule(rule) -> Rule:
    """[POL-05] and the rules behind it."""
    _expect(isinstance(rule, dict) and set(rule) <= RULE_MEMBERS, "a rule with known members")
    _expect(isinstance(rule.get("topic"), str), "topic is a string")
    _expect(isinstance(rule.get("action"), str) and rule["action"] in ACTIONS, "action is pub, sub or pub+sub")
    _expect(isinstance(rule.get("id", ""), str) and rule.get("id") != "", "id is a non-empty string")
    _expect(len(rule.get("id", "").encode()) <= MAX_ID, "id has at most 128 bytes")
    _expect("binding" not in rule or rule["binding"] in PRINCIPALS, "binding is a principal claim")
    _terms(rule)
    made = Rule(rule)
    _expect(SELF not in made.pattern or "binding" in rule, "{$self} needs a binding")
    _expect(made.pattern[0] != "$share", "the filter behind $share is what a rule is about")
    _expect("pub" not in made.actions or made.pattern[0] not in READ_ONLY_ROOTS or rule["topic"] == REVOCATIONS,
            "nobody publishes there")
    return made


def _terms(rule: dict):
    """The members that say how, and not where."""
    qos = rule.get("max_qos", 0)
    _expect(isinstance(qos, int) and not isinstance(qos, bool) and 0 <= qos <= 2, "max_qos is 0, 1 or 2")
    _expect(isinstance(rule.get("retain", True), bool), "retain is a boolean")
    _expect(isinstance(rule.get("delegated", False), bool), "delegated is a boolean")
    _expect(not rule.get("delegated") or rule.get("binding") == "user_id", "only users delegate")
    share = rule.get("share", "*")
    if share != "*":
        _expect(isinstance(share, list) and share and all(map(_is_share_name, share)), "share is a list of groups")
        _expect(len(set(share)) == len(share) <= MAX_NAMES, "groups are distinct")


def _is_share_name(name) -> bool:
    """MQTT 5.0 section 4.8.2."""
    return isinstance(name, str) and 0 < len(name.encode()) <= MAX_SHARE_NAME and not set("/+#\0") & set(name)


def _pattern(topic: str) -> list:
    """MQTT 5.0 section 4.7.1, and {$self} as a whole level."""
    _expect(0 < len(topic.encode("utf-8")) <= MAX_TOPIC and "\0" not in topic, "topic is 1 to 1,024 bytes")
    levels = topic.split("/")
    _expect(len(levels) <= MAX_LEVELS, "topic has at most 128 levels")
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
    _expect(len(set(names)) == len(names) <= MAX_NAMES, f"{member} are distinct")
    return frozenset(names)
