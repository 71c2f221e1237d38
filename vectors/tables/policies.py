"""Policy documents. `accepted` and `refused` are what spec chapter 5 says; one fault refuses the whole document."""


def document(*rules, **members):
    return {"version": "2.1", "default": "deny", "rules": list(rules), **members}


def accepted(name, comment, value, rules="POL-02"):
    return {"id": f"policy-{name}", "rules": rules.split(), "comment": comment, "document": value, "expect": "accepted"}


def refused(name, comment, value, rules="POL-01"):
    return {"id": f"policy-{name}", "rules": rules.split(), "comment": comment, "document": value, "expect": "refused"}


def refused_text(name, comment, text):
    return {"id": f"policy-{name}", "rules": ["POL-01"], "comment": comment, "text": text, "expect": "refused"}


def without(member):
    made = document()
    del made[member]
    return made


def rule(**members):
    """A sound rule with something changed; None takes a member away."""
    made = {"topic": "a/b", "action": "sub", **members}
    return {name: value for name, value in made.items() if value is not None}


CARD = {"id": "card", "topic": "agents/{$self}/card", "action": "pub+sub", "binding": "agent_id"}

DOCUMENT = [
    accepted("empty", "No rule at all: everything is denied.", document(), "POL-01"),
    accepted("seed-rule", "The rule this profile grew from.", document(CARD)),
    accepted("id-absent", "id is optional.", document(rule(), rule(topic="a/c"))),
    refused("array", "A policy is an object.", []),
    refused("version-absent", "Which version?", without("version")),
    refused("version-other", "Another version may mean something else.", document(version="2.0")),
    refused("version-number", "The version is a string.", document(version=2.1)),
    refused("default-absent", "The default is said, and it is deny.", without("default")),
    refused("default-allow", "There is no other default.", document(default="allow")),
    refused("rules-absent", "A file that was cut is not an empty policy. CVE-2018-12550.", without("rules")),
    refused("rules-object", "rules is a list.", document(rules={})),
    refused("rules-null", "null is no list.", document(rules=None)),
    refused("unknown-member", "Unknown means no: a member that might have narrowed something.",
            document(enabled=False)),
    refused("id-duplicate", "Records name rules by id.", document(rule(id="x"), rule(id="x", topic="a/c"))),
    refused("id-number", "id is a string.", document(rule(id=1))),
    refused("one-bad-rule", "One fault refuses the whole document.", document(CARD, rule(action="write"))),
    refused_text("text-empty", "An empty file is not an empty policy. CVE-2018-12550.", ""),
    refused_text("text-cut", "Half a file.", '{"version":"2.1","default":"deny","rules":['),
    refused_text("text-duplicate", "Two lists of rules: which?",
                 '{"version":"2.1","default":"deny","rules":[],"rules":[{"topic":"#","action":"sub"}]}'),
    refused_text("text-duplicate-escaped", "The same name, spelled with an escape.",
                 '{"version":"2.1","default":"deny","rules":[],"\\u0072ules":[{"topic":"#","action":"sub"}]}'),
    refused_text("text-duplicate-in-rule", "Two topics in one rule.",
                 '{"version":"2.1","default":"deny","rules":[{"topic":"a","topic":"#","action":"sub"}]}'),
    refused_text("text-trailing", "Something behind the object.", '{"version":"2.1","default":"deny","rules":[]} {}'),
    refused_text("text-comment", "JSON has no comments.", '{"version":"2.1",/* */"default":"deny","rules":[]}'),
]

RULES = [
    accepted("self-twice", "{$self} may recur.", document(rule(topic="{$self}/x/{$self}", binding="tool_id"))),
    accepted("binding-without-self", "A binding may stand without {$self}.", document(rule(binding="user_id"))),
    accepted("users", "users narrows user_id.", document(rule(binding="user_id", users=["ann", "bob"]))),
    accepted("agents-of-servers", "agents narrows every workload claim.",
             document(rule(binding="server_id", agents=["disk"]))),
    accepted("wildcards", "Patterns are MQTT filters.",
             document(rule(topic="#"), rule(topic="+"), rule(topic="+/+/#"), rule(topic="/"), rule(topic="a//b"))),
    accepted("system-read", "Reading under $SYS is a grant like any other.", document(rule(topic="$SYS/#"))),
    refused("rule-string", "A rule is an object.", document("allow all")),
    refused("rule-unknown-member", "Unknown means no.", document(rule(until="2030-01-01"))),
    refused("topic-absent", "A rule for what?", document(rule(topic=None))),
    refused("topic-empty", "MQTT 5.0 section 4.7.3: at least one character.", document(rule(topic=""))),
    refused("topic-number", "topic is a string.", document(rule(topic=1))),
    refused("topic-hash-inside", "# is the last level.", document(rule(topic="a/#/b"))),
    refused("topic-hash-attached", "# is a whole level.", document(rule(topic="a/b#"))),
    refused("topic-plus-attached", "+ is a whole level.", document(rule(topic="a/+b"))),
    refused("self-unbound", "{$self} of which claim?", document(rule(topic="a/{$self}")), "POL-02"),
    refused("self-attached", "{$self} is a whole segment.", document(rule(topic="a/x{$self}", binding="agent_id")),
            "POL-02"),
    refused("brace-other", "A placeholder that is not known would be an ordinary segment, shared by all.",
            document(rule(topic="a/{$user}", binding="user_id")), "POL-02"),
    refused("brace-alone", "A slip of the pen is not a segment.", document(rule(topic="a/{self", binding="agent_id")),
            "POL-02"),
    refused("action-absent", "To do what?", document(rule(action=None))),
    refused("action-unknown", "pub, sub, pub+sub.", document(rule(action="all"))),
    refused("action-list", "action is a string.", document(rule(action=["pub", "sub"]))),
    refused("binding-org", "org_id selects the policy and is no principal.", document(rule(binding="org_id")),
            "POL-02"),
    refused("binding-unknown", "Not a reserved claim.", document(rule(binding="sub")), "POL-02"),
    refused("list-unbound", "A list of what?", document(rule(agents=["scout"])), "POL-02"),
    refused("list-empty", "A list that names nobody is a slip.", document(rule(binding="agent_id", agents=[])),
            "POL-02"),
    refused("list-duplicate", "Names are distinct.", document(rule(binding="agent_id", agents=["a", "a"])), "POL-02"),
    refused("list-wildcard", "Names have the form of claims.", document(rule(binding="agent_id", agents=["*"])),
            "POL-02"),
    refused("list-string", "A list, also of one.", document(rule(binding="agent_id", agents="scout")), "POL-02"),
    refused("agents-of-users", "agents does not fit user_id.", document(rule(binding="user_id", agents=["ann"])),
            "POL-02"),
    refused("users-of-agents", "users does not fit agent_id.", document(rule(binding="agent_id", users=["ann"])),
            "POL-02"),
    refused("both-lists", "One of them would be ignored.",
            document(rule(binding="agent_id", agents=["ann"], users=["ann"])), "POL-02"),
    accepted("terms", "What a rule grants at most, and under which groups.",
             document(rule(max_qos=0, share=["g", "h"]), rule(action="pub", max_qos=2, retain=False),
                      rule(topic="a/c", share="*", retain=True, delegated=False))),
    accepted("delegated", "A rule that is a user's side of a delegated token.",
             document(rule(binding="user_id", users=["ann"], delegated=True))),
    refused("max-qos-three", "There is no QoS 3.", document(rule(max_qos=3)), "POL-02"),
    refused("max-qos-text", "max_qos is a number.", document(rule(max_qos="1")), "POL-02"),
    refused("max-qos-fraction", "max_qos is an integer.", document(rule(max_qos=0.5)), "POL-02"),
    refused("retain-text", "retain is true or false.", document(rule(action="pub", retain="no")), "POL-02"),
    refused("share-name", "A list, also of one: only the star stands alone.", document(rule(share="g")), "POL-02"),
    refused("share-empty", "A list that names no group is a slip.", document(rule(share=[])), "POL-02"),
    refused("share-duplicate", "Groups are distinct.", document(rule(share=["g", "g"])), "POL-02"),
    refused("share-wildcard", "MQTT 5.0 section 4.8.2: no wildcard in a group.", document(rule(share=["+"])), "POL-02"),
    refused("share-level", "MQTT 5.0 section 4.8.2: a group is one level.", document(rule(share=["a/b"])), "POL-02"),
    refused("delegated-agent", "Only a user delegates.", document(rule(binding="agent_id", delegated=True)), "POL-02"),
    refused("delegated-text", "delegated is true or false.", document(rule(binding="user_id", delegated="yes")),
            "POL-02"),
    refused("system-write", "Nobody writes under $SYS.", document(rule(topic="$SYS/#", action="pub"))),
    refused("identity-write", "Nor under $identity.",
            document(rule(topic="$identity/v1/revocations", action="pub+sub"))),
]

FILES = {
    "document": ("The document as a whole.", DOCUMENT),
    "rules": ("Single rules.", RULES),
}
