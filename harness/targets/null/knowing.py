"""A broker that knows the fixture's policies and answers every PUBLISH and SUBSCRIBE with the right
code. It believes any token, unverified. What it does besides answering is for a null target to say."""

import base64
import json
import sys
from pathlib import Path

from broker import Broker, matches, plain_filter

DENIED = 0x87


def policies():
    """{organisation: its rules}, from the fixture folder on the command line."""
    folder = Path(sys.argv[1]) / "organisations"
    return {path.stem: json.loads(path.read_text())["rules"] for path in folder.glob("*.json")}


def claims_of(token):
    """What the token says, whoever signed it; {} where it says nothing."""
    try:
        payload = token.split(b".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def grants_of(rules, claims):
    """[(action, pattern)] of the rules that apply to the owner of these claims."""
    grants = []
    for rule in rules:
        owner = claims.get(rule["binding"]) if "binding" in rule else ""
        if isinstance(owner, str) and owner in rule.get("agents", [owner]):
            grants.append((rule["action"], rule["topic"].replace("{$self}", owner)))
    return grants


def contains(pattern, topic_filter):
    """MQTT matching decides it for the shapes of pattern that the fixture has, but for a last `#`."""
    return matches(pattern, topic_filter) and (pattern.endswith("#") or not topic_filter.endswith("#"))


class Knowing(Broker):
    def __init__(self):
        super().__init__()
        self.policies = policies()

    def connect_code(self, client, password):
        claims = claims_of(password)
        client.tree = str(claims.get("org_id"))
        client.grants = grants_of(self.policies.get(client.tree, []), claims)
        return 0x00 if client.grants else DENIED

    def filter_code(self, client, topic_filter, qos):
        text = plain_filter(topic_filter)
        granted = any("sub" in action and contains(pattern, text) for action, pattern in client.grants)
        return qos if granted else DENIED

    def publish_code(self, client, message):
        allowed = any("pub" in action and matches(pattern, message.topic) for action, pattern in client.grants)
        return 0x00 if allowed else DENIED

    def publish(self, client, message, code):
        if code != DENIED:
            super().publish(client, message, code)
