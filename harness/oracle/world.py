"""What an organisation is like after some operations, by the spec: who subscribed to what, which messages are retained,
and so who hears a message. MQTT leaves two things to the broker: how many copies reach a client whose subscriptions
overlap (MQTT 5.0 section 3.3.4), and which member of a share group gets one (4.8.2)."""

from collections import Counter
from dataclasses import dataclass

from .decide import Question, ask
from .patterns import matches
from .policy import parse_document

OBSERVER = {"agent_id": "observer"}  # hears everything, by rules that serve nobody else
WATCHED = ("#", "$app/#")


def watched(document):
    """The document with the observer's rules."""
    watch = [{"topic": topic, "action": "sub", "binding": "agent_id", "agents": ["observer"]} for topic in WATCHED]
    return {**document, "rules": [*document["rules"], *watch]}


@dataclass(frozen=True)
class Heard:
    topic: str
    payload: bytes
    qos: int
    retain: bool


class World:
    """Peers are numbers; the last one is the observer."""

    def __init__(self, document, identities):
        self.rules, self.identities = parse_document(document), identities
        self.subscriptions = [{} for _ in identities]  # (group, filter): quality of service
        self.retained = {}                             # topic: (payload, quality of service)

    def ask(self, who, question):
        return ask(self.rules, self.identities[who], question)

    def connected(self, who):
        """[AUTH-05]"""
        return self.ask(who, Question("connect")).allowed

    def subscribed(self, who, question, granted):
        """The retained messages that a granted subscription brings, with their number."""
        self.subscriptions[who][question.group, question.topic] = granted
        if question.group:
            return Counter()
        return Counter(Heard(topic, payload, min(qos, granted), True) for topic, (payload, qos) in self.retained.items()
                       if _matches(question.topic, topic))

    def published(self, question, payload):
        """A publish or will that was allowed, and nothing about who hears it."""
        if question.retain:
            self.retained.pop(question.topic, None)
            if payload:
                self.retained[question.topic] = payload, question.qos

    def misheard(self, heard, question, payload):
        """heard: for each peer what arrived of this message. What is wrong with that, in words; None: nothing."""
        copies = groups = most = 0
        shares = set()
        for who, subscriptions in enumerate(self.subscriptions):
            matching = {key: qos for key, qos in subscriptions.items() if _matches(key[1], question.topic)}
            plain = [qos for (group, _), qos in matching.items() if not group]
            shared = {key for key in matching if key[0]}
            shares |= shared
            fault = self._fault(who, heard[who], question, payload, plain, bool(shared))
            if fault:
                return fault
            copies, groups, most = copies + len(heard[who]), groups + bool(plain), most + len(plain)
        if not groups + len(shares) <= copies <= most + len(shares):
            return f"{copies} copies, not {groups} to {most} and one for each of {len(shares)} groups"
        return None

    def _fault(self, who, copies, question, payload, plain, shared):
        flag = question.retain and self.identities[who] is OBSERVER  # it alone has Retain As Published
        for copy in copies:
            if (copy.topic, copy.payload, copy.retain) != (question.topic, payload, flag):
                return f"{self.identities[who]} heard {copy}"
        if plain and not copies:
            return f"{self.identities[who]} did not hear it"
        best = min(question.qos, max(plain, default=0))
        if not shared and (len(copies) > len(plain) or (plain and max(copy.qos for copy in copies) != best)):
            return f"{self.identities[who]} heard {copies}, not at quality of service {best} or not at all"
        return None


def _matches(topic_filter, topic):
    return matches(topic_filter.split("/"), topic.split("/"), None)
