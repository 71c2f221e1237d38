"""Decisions under rules with the members that class policy alone has to know [POL-10] to [POL-14]."""

SCOUT = {"agent_id": "scout"}
ANN = {"user_id": "ann"}


def policy(*rules):
    return {"version": "2.1", "default": "deny", "rules": list(rules)}


def rule(action="pub+sub", topic="m/+", **members):
    return {"topic": topic, "action": action, **members}


def vector(name, rule_id, comment, given, action, topic, expect, twin=None, who=SCOUT, **members):
    made = {"id": f"decision-{name}", "rule": rule_id, "comment": comment, "policy": given, "identity": who,
            "action": action, "topic": topic, "expect": expect, "wire": False, **members}
    return {**made, "twin": f"decision-{twin}"} if twin else made


QOS_0 = policy(rule(max_qos=0))
QOS_1 = policy(rule(max_qos=1))
TWO_QOS = policy(rule(max_qos=0), rule(topic="m/1", max_qos=2))
NOT_RETAINED = policy(rule(retain=False))
RETAINED = policy(rule(retain=True))
ONE_RETAINED = policy(rule(retain=False), rule(topic="m/1", action="pub"))
PLAIN = policy(rule())
SMITHS = policy(rule(share=["smiths"]))
EVERYBODY = policy(rule(share="*"))
APART = policy(rule(), rule(topic="m/1", share=["smiths"]))
PUB_SHARE = policy(rule(action="pub", share="*"), rule(action="sub", share=["smiths"]))
OWN = policy(rule(binding="user_id", topic="u/{$self}"))
LENT = policy(rule(binding="user_id", topic="u/{$self}", delegated=True))
LENT_AND_OWN = policy(rule(binding="user_id", topic="u/{$self}", delegated=True), rule(action="sub", topic="u/#"))

QOS = [
    vector("qos-0-at-0", "POL-10", "As good as allowed.", QOS_0, "pub", "m/1", "allow", qos=0),
    vector("qos-1-at-0", "POL-10", "Above the only rule.", QOS_0, "pub", "m/1", "deny", "qos-0-at-0", qos=1),
    vector("qos-2-at-0", "POL-10", "Further above.", QOS_0, "pub", "m/1", "deny", "qos-0-at-0", qos=2),
    vector("qos-1-at-1", "POL-10", "At the limit.", QOS_1, "pub", "m/1", "allow", qos=1),
    vector("qos-2-at-1", "POL-10", "Above it; nothing is lowered.", QOS_1, "pub", "m/1", "deny", "qos-1-at-1", qos=2),
    vector("qos-2-plain", "POL-10", "No limit is 2.", PLAIN, "pub", "m/1", "allow", qos=2),
    vector("qos-2-of-two-rules", "POL-10", "One rule covers it as it is.", TWO_QOS, "pub", "m/1", "allow", qos=2),
    vector("qos-2-of-other-rule", "POL-10", "That rule is about another topic.", TWO_QOS, "pub", "m/2", "deny",
           "qos-2-of-two-rules", qos=2),
    vector("granted-0", "POL-11", "Lowered, and SUBACK says so.", QOS_0, "sub", "m/1", "allow", qos=2, granted=0),
    vector("granted-1", "POL-11", "Likewise.", QOS_1, "sub", "m/+", "allow", qos=2, granted=1),
    vector("granted-asked", "POL-11", "Never raised.", QOS_1, "sub", "m/+", "allow", qos=0, granted=0),
    vector("granted-plain", "POL-11", "No limit is 2.", PLAIN, "sub", "m/1", "allow", qos=2, granted=2),
    vector("granted-largest", "POL-11", "Two rules contain it; the larger counts.", TWO_QOS, "sub", "m/1", "allow",
           qos=2, granted=2),
    vector("granted-containing", "POL-11", "The larger one does not contain the filter.", TWO_QOS, "sub", "m/+",
           "allow", qos=2, granted=0),
]

RETAIN = [
    vector("retain-plain", "POL-12", "Nothing is said against it.", PLAIN, "pub", "m/1", "allow", retain=True),
    vector("retain-true", "POL-12", "Said.", RETAINED, "pub", "m/1", "allow", retain=True),
    vector("retain-not-set", "POL-12", "A publish that is not retained.", NOT_RETAINED, "pub", "m/1", "allow",
           retain=False),
    vector("retain-set", "POL-12", "And one that is.", NOT_RETAINED, "pub", "m/1", "deny", "retain-not-set", retain=True),
    vector("retain-other-rule", "POL-12", "Another rule covers it.", ONE_RETAINED, "pub", "m/1", "allow", retain=True),
    vector("retain-other-topic", "POL-12", "That one covers another topic.", ONE_RETAINED, "pub", "m/2", "deny",
           "retain-other-rule", retain=True),
    vector("retain-subscribe", "POL-12", "A subscription is no retained publish.", NOT_RETAINED, "sub", "m/1", "allow"),
]

SHARE = [
    vector("share-not-shared", "POL-13", "A filter without a group.", PLAIN, "sub", "m/1", "allow"),
    vector("share-plain", "POL-13", "A right to read is no right to take.", PLAIN, "sub", "$share/smiths/m/1", "deny",
           "share-not-shared"),
    vector("share-named", "POL-13", "Named.", SMITHS, "sub", "$share/smiths/m/1", "allow"),
    vector("share-named-wildcard", "POL-13", "The very pattern.", SMITHS, "sub", "$share/smiths/m/+", "allow"),
    vector("share-named-not-shared", "POL-13", "The rule goes on granting the filter alone.", SMITHS, "sub", "m/1", "allow"),
    vector("share-other", "POL-13", "Another group.", SMITHS, "sub", "$share/thieves/m/1", "deny", "share-named"),
    vector("share-upper-case", "POL-13", "Byte for byte.", SMITHS, "sub", "$share/Smiths/m/1", "deny", "share-named"),
    vector("share-longer", "POL-13", "No prefix.", SMITHS, "sub", "$share/smiths2/m/1", "deny", "share-named"),
    vector("share-beyond", "POL-13", "The group is named, the filter is not contained.", SMITHS, "sub",
           "$share/smiths/m/#", "deny", "share-named-wildcard"),
    vector("share-all", "POL-13", "Every group.", EVERYBODY, "sub", "$share/thieves/m/1", "allow"),
    vector("share-all-beyond", "POL-13", "And no other filter.", EVERYBODY, "sub", "$share/thieves/n/1", "deny",
           "share-all"),
    vector("share-of-one-rule", "POL-13", "One rule contains the filter and names the group.", APART, "sub",
           "$share/smiths/m/1", "allow"),
    vector("share-apart", "POL-13", "One rule contains it and another names the group.", APART, "sub",
           "$share/smiths/m/2", "deny", "share-of-one-rule"),
    vector("share-of-sub", "POL-13", "Named beside sub.", PUB_SHARE, "sub", "$share/smiths/m/1", "allow"),
    vector("share-of-pub", "POL-13", "Named beside pub, which grants no subscription.", PUB_SHARE, "sub",
           "$share/thieves/m/1", "deny", "share-of-sub"),
]

DELEGATED = [
    vector("own-topic", "POL-14", "The user's own.", OWN, "pub", "u/ann", "allow", who=ANN),
    vector("lent-topic", "POL-14", "Lent to agents, and not held alone.", LENT, "pub", "u/ann", "deny", "own-topic",
           who=ANN),
    vector("lent-and-read", "POL-14", "Another rule lets everybody read it.", LENT_AND_OWN, "sub", "u/ann", "allow",
           who=ANN),
    vector("lent-and-not-written", "POL-14", "And nobody write.", LENT_AND_OWN, "pub", "u/ann", "deny", "lent-and-read",
           who=ANN),
]

FILES = {
    "members": ("Under rules with max_qos, retain, share and delegated.", QOS + RETAIN + SHARE + DELEGATED),
}
