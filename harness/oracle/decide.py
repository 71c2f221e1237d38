"""The decision: may this identity do this? One pure function of policy, identity, question and time for all eight
doors (spec chapter 0, principle 1)."""

from dataclasses import dataclass

from .patterns import contains, covers
from .policy import SELF

WILL_LEEWAY_MS = 5000  # a will that falls due with the end of the connection, which exp itself may have brought
SAYING = ("publish", "will-accept", "will-send")
HEARING = ("deliver-live", "deliver-retained", "deliver-queued")
NAMES = ("connect", *SAYING, "subscribe", *HEARING)


@dataclass(frozen=True)
class Question:
    door: str
    topic: str = ""          # a filter, without $share/{group}/, for subscribe
    qos: int = 0             # at a door of delivery that of the delivery, which may be less than the publish's
    retain: bool = False
    group: str = ""          # of $share/{group}/
    of_author: bool = False  # at a door of delivery: may the message's author still say it?
    late: int = -1000        # milliseconds since the token's exp


@dataclass(frozen=True)
class Answer:
    allowed: bool
    qos: int = 0                   # that is granted
    rules: frozenset = frozenset()  # ids of all rules that grant it, "" for those without one


DENIED = Answer(False)


def ask(rules: list, identity: dict, question: Question) -> Answer:
    if not _in_time(question):
        return DENIED
    granting = [rule for rule in rules if rule.applies_to(identity) and _grants(rule, identity, question)]
    if not granting:
        return DENIED
    most = max(rule.max_qos for rule in granting)
    qos = min(question.qos, most) if question.door == "subscribe" else question.qos
    return Answer(True, qos, frozenset(rule.id for rule in granting))


def _in_time(question: Question) -> bool:
    """[AUTH-04] The second of exp is too late to act, not for a will or for what was said before it."""
    return question.late < 0 or question.door == "will-send" or question.of_author


def _grants(rule, identity: dict, question: Question) -> bool:
    if question.door == "connect":
        return True
    if question.door == "subscribe":
        return "sub" in rule.actions and _shared(rule, question) and contains(rule, identity, question.topic)
    if question.door in HEARING and not question.of_author:
        return ("sub" in rule.actions and _shared(rule, question) and question.qos <= rule.max_qos
                and covers(rule, identity, question.topic))
    return "pub" in rule.actions and _says(rule, question) and covers(rule, identity, question.topic)


def _shared(rule, question: Question) -> bool:
    """[POL-13]"""
    return not question.group or rule.shares(question.group)


def _says(rule, question: Question) -> bool:
    """[POL-10] [POL-12], and no time bombs: after exp a will tells one's own presence or nothing."""
    in_limits = question.qos <= rule.max_qos and (rule.retain or not question.retain)
    late = question.door == "will-send" and question.late > WILL_LEEWAY_MS
    return in_limits and (SELF in rule.pattern or not late)


def allowed(rules: list, identity: dict, action: str, topic: str, qos: int = 0, retain: bool = False) -> bool:
    """As the vectors ask it. topic: a topic name for "pub", a filter, $share/{group}/ and all, for "sub"."""
    if action == "sub":
        return granted_qos(rules, identity, topic, qos) is not None
    return ask(rules, identity, Question("publish", topic, qos, retain)).allowed


def granted_qos(rules: list, identity: dict, topic: str, qos: int):
    """[POL-11] The quality of service of a granted filter; None: denied."""
    group, topic_filter = shared(topic)
    answer = ask(rules, identity, Question("subscribe", topic_filter, qos, group=group))
    return answer.qos if answer.allowed else None


def shared(topic: str):
    """(group, filter) of $share/group/filter; the group of another filter is empty."""
    levels = topic.split("/", 2)
    return (levels[1], levels[2]) if levels[0] == "$share" and len(levels) > 2 else ("", topic)
