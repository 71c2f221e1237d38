"""Two answers to one question, and the question as a vector of vectors/decision."""

import json

from .decide import HEARING, SAYING

RULES = {"publish": "PUB-02", "subscribe": "SBS-04", "connect": "AUTH-05"}


class Difference(AssertionError):
    """The model says one thing and an examinee another. crash: the other one says nothing any more."""

    def __init__(self, text, crash=False):
        super().__init__(text)
        self.crash = crash


def vector(document, identity, question, answer):
    """In the form of vectors/decision/, as far as it has words for the question: doors and times are comment."""
    says = question.door in SAYING or question.of_author
    action, topic = ("pub", question.topic) if says else ("sub", question.topic)
    made = {"id": "decision-found", "rule": RULES.get(question.door, "POL-01"),
            "comment": f"{question.door}{' of the author' * question.of_author}, {question.late} ms after exp",
            "policy": document, "identity": identity, "action": action,
            "topic": f"$share/{question.group}/{topic}" if question.group else topic, "qos": question.qos}
    if action == "pub" and (question.retain or question.door not in HEARING):
        made["retain"] = question.retain
    if action == "sub" and answer.allowed:
        made["granted"] = answer.qos
    return {**made, "expect": "allow" if answer.allowed else "deny", "wire": False}


def report(who, document, identity, question, answer, found):
    text = json.dumps(vector(document, identity, question, answer), indent=2, ensure_ascii=False)
    return Difference(f"the model says {answer}, {who} {found}\n{text}", crash=found is None)
