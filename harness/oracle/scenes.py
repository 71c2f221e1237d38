"""What is asked: policies, identities and operations, made by hypothesis.

A scene is one policy document, a few identities, and operations of theirs. Random topics would nearly all be denied,
and denied for the same reason; so most operations begin as something that a rule of the policy grants to somebody,
and are then twisted a little or not at all.
"""

from dataclasses import dataclass

from hypothesis import strategies as st

from .claims import PRINCIPALS
from .decide import HEARING, NAMES, SAYING, Question
from .policy import SELF

PEOPLE = ("scout", "ann", "Scout", "scout2", "a", "null")
WORDS = ("a", "b", "A", "scout", "", "é", "a b")
ROOTS = ("a", "b", "+", SELF, "agents", "", "$app")
BRACES = (SELF, "{scout}")  # ordinary segments of a topic [CLM-02]
GROUPS = ("g", "h", "*")
ACTIONS = ("pub+sub", "pub", "sub")
LATE = (*[-1000] * 8, -1, 0, 4999, 5000, 5001, 40000)
DOORS = ("publish", "subscribe", "publish", "subscribe", *NAMES)
MOST_LEVELS, MOST_RULES, MOST_IDENTITIES, MOST_OPERATIONS = 4, 8, 4, 24


@dataclass(frozen=True)
class Operation:
    who: int  # number of the identity
    question: Question


@dataclass(frozen=True)
class Scene:
    document: dict
    identities: list
    operations: list


identities = st.builds(lambda claim, name: {claim: name},
                       st.sampled_from(("agent_id", "user_id", "server_id", "tool_id")), st.sampled_from(PEOPLE))


@st.composite
def documents(draw):
    count = draw(st.integers(1, MOST_RULES))
    rules = [draw(_rules(f"r{number}")) for number in range(count)]
    return {"version": "2.1", "default": "deny", "rules": rules}


@st.composite
def _rules(draw, name):
    rule = {"topic": "/".join(draw(_patterns())), "action": draw(st.sampled_from(ACTIONS))}
    if SELF in rule["topic"].split("/") or draw(st.booleans()):
        rule["binding"] = draw(st.sampled_from(("agent_id", "user_id", "user_id", *PRINCIPALS)))
    if rule["topic"].startswith("$SYS"):
        rule["action"] = "sub"
    return {**rule, **draw(_members(name, rule.get("binding")))}


@st.composite
def _members(draw, name, binding):
    """What narrows a rule, and its name; each is there in about every third rule."""
    def some(strategy):
        return draw(strategy) if draw(st.integers(0, 2)) == 0 else None

    members = {"id": some(st.just(name)), "max_qos": some(st.integers(0, 2)), "retain": some(st.booleans()),
               "share": some(st.one_of(st.just("*"), _subsets(GROUPS)))}
    delegating = st.booleans() if binding == "user_id" else st.just(False)
    members["delegated"] = some(delegating)
    if binding and draw(st.booleans()):
        members["users" if binding == "user_id" else "agents"] = draw(_subsets(PEOPLE))
    return {member: value for member, value in members.items() if value is not None}


def _subsets(words):
    return st.lists(st.sampled_from(words), min_size=1, max_size=len(words), unique=True)


@st.composite
def _patterns(draw):
    """Levels of a topic that the document may hold."""
    levels = [draw(st.sampled_from((*ROOTS, "$SYS")))]
    levels += draw(st.lists(st.sampled_from(("a", "+", SELF, SELF, SELF, *WORDS)), max_size=MOST_LEVELS - 1))
    if draw(st.integers(0, 3)) == 0:
        levels = [*levels[:draw(st.integers(0, len(levels)))], "#"]
    return levels if levels != [""] else ["a"]


@st.composite
def _topics(draw, pattern, name, filters):
    """Something that the pattern grants to this name, or nearly: a topic name, or a filter. Levels."""
    levels = [draw(_level(level, name, filters)) for level in pattern if level != "#"]
    if pattern[-1] == "#":
        levels += draw(st.lists(st.sampled_from(WORDS), max_size=2))
        levels += ["#"] if filters and draw(st.booleans()) else []
    levels = draw(_twisted(levels, filters))
    return levels if levels not in ([], [""]) else ["a"]


def _level(level, name, filters):
    if level == SELF:
        return st.sampled_from((*[name] * 10, *PEOPLE, *BRACES, *(["+"] if filters else [])))
    if level == "+":
        return st.sampled_from((*(["+"] * 5 if filters else []), *WORDS))
    return st.just(level)


@st.composite
def _twisted(draw, levels, filters):
    """One change in three: a level replaced, dropped, added, or the rest widened."""
    twist = draw(st.sampled_from(("none",) * 14 + ("replace", "drop", "add", "widen")))
    place = draw(st.integers(0, max(len(levels) - 1, 0)))
    if twist == "replace":
        other = draw(st.sampled_from((*WORDS, *(["+"] if filters else []))))
        return [*levels[:place], other, *levels[place + 1:]] if levels[place:] != ["#"] else levels
    if twist == "drop":
        return levels[:place] + levels[place + 1:]
    if twist == "add" and levels[-1:] != ["#"]:
        return levels + [draw(st.sampled_from(WORDS))]
    return levels[:place] + ["#"] if twist == "widen" and filters else levels


@st.composite
def _questions(draw, rules, name, door):
    # A rule out of two that can grant anything at this door, so that a publish seldom aims at a reader's rule.
    verb = "pub" if door in SAYING else "sub"
    fitting = [rule for rule in rules if verb in rule["action"]] or rules
    rule = draw(st.sampled_from(fitting))
    topic = "/".join(draw(_topics(rule["topic"].split("/"), name, door == "subscribe")))
    shares = door == "subscribe" or door in HEARING
    group = draw(_groups(rule)) if shares and draw(st.integers(0, 3)) == 0 else ""
    return Question(door, "" if door == "connect" else topic, draw(st.sampled_from((0, 0, 1, 2))),
                    not shares and draw(st.integers(0, 2)) == 0, group)


def _groups(rule):
    named = rule.get("share", [])
    return st.sampled_from((*named, *named, *GROUPS) if isinstance(named, list) else GROUPS)


@st.composite
def scenes(draw, doors=DOORS, timely=False):
    """timely: every operation before exp, and no question about authors, as on a connection."""
    document = draw(documents())
    people = [draw(_served(document["rules"])) for _ in range(draw(st.integers(1, MOST_IDENTITIES)))]
    operations = [draw(_operations(document["rules"], people, doors, timely))
                  for _ in range(draw(st.integers(1, MOST_OPERATIONS)))]
    return Scene(document, people, operations)


@st.composite
def _served(draw, rules):
    """Mostly somebody whom a rule speaks of."""
    rule = draw(st.sampled_from(rules))
    if "binding" not in rule or draw(st.integers(0, 3)) == 0:
        return draw(identities)
    return {rule["binding"]: draw(st.sampled_from(rule.get("agents") or rule.get("users") or PEOPLE))}


@st.composite
def _operations(draw, rules, people, doors, timely):
    who = draw(st.integers(0, len(people) - 1))
    (claim, name), = people[who].items()
    about = [rule for rule in rules if rule.get("binding", claim) == claim
             and name in (rule.get("agents") or rule.get("users") or [name]) and not rule.get("delegated")]
    pool = rules if not about or draw(st.integers(0, 5)) == 0 else about
    question = draw(_questions(pool, name, draw(st.sampled_from(doors))))
    if not timely:
        of_author = question.door in HEARING and not question.group and draw(st.booleans())
        late = draw(st.sampled_from(LATE))
        question = Question(question.door, question.topic, question.qos, question.retain, question.group, of_author, late)
    return Operation(who, question)
