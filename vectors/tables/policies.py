"""Policy documents. `accepted` and `refused` are what spec chapter 5 says; one fault refuses the whole document."""


def document(*rules, **members):
    return {"version": "2.1", "default": "deny", "rules": list(rules), **members}


def accepted(name, comment, value, rule_id="POL-05"):
    return {"id": f"policy-{name}", "rule": rule_id, "comment": comment, "document": value, "expect": "accepted"}


def refused(name, comment, value, rule_id="POL-05"):
    return {"id": f"policy-{name}", "rule": rule_id, "comment": comment, "document": value, "expect": "refused"}


def refused_text(name, comment, text):
    return {"id": f"policy-{name}", "rule": "POL-04", "comment": comment, "text": text, "expect": "refused"}


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
    accepted("empty", "No rule at all: everything is denied.", document(), "POL-04"),
    accepted("seed-rule", "The rule this profile grew from.", document(CARD)),
    accepted("id-absent", "id is optional.", document(rule(), rule(topic="a/c"))),
    refused("array", "A policy is an object.", [], "POL-04"),
    refused("version-absent", "Which version?", without("version"), "POL-04"),
    refused("version-other", "Another version may mean something else.", document(version="2.0"), "POL-04"),
    refused("version-number", "The version is a string.", document(version=2.1), "POL-04"),
    refused("default-absent", "The default is said, and it is deny.", without("default"), "POL-04"),
    refused("default-allow", "There is no other default.", document(default="allow"), "POL-04"),
    refused("rules-absent", "A file that was cut is not an empty policy. CVE-2018-12550.", without("rules"), "POL-04"),
    refused("rules-object", "rules is a list.", document(rules={}), "POL-04"),
    refused("rules-null", "null is no list.", document(rules=None), "POL-04"),
    refused("unknown-member", "Unknown means no: a member that might have narrowed something.",
            document(enabled=False), "POL-04"),
    refused("id-duplicate", "Records name rules by id.", document(rule(id="x"), rule(id="x", topic="a/c"))),
    refused("id-number", "id is a string.", document(rule(id=1))),
    refused("one-bad-rule", "One fault refuses the whole document.", document(CARD, rule(action="write")), "POL-03"),
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
    refused("self-unbound", "{$self} of which claim?", document(rule(topic="a/{$self}")), "POL-06"),
    refused("self-attached", "{$self} is a whole segment.", document(rule(topic="a/x{$self}", binding="agent_id")),
            "POL-06"),
    refused("brace-other", "A placeholder that is not known would be an ordinary segment, shared by all.",
            document(rule(topic="a/{$user}", binding="user_id")), "POL-06"),
    refused("brace-alone", "A slip of the pen is not a segment.", document(rule(topic="a/{self", binding="agent_id")),
            "POL-06"),
    refused("action-absent", "To do what?", document(rule(action=None))),
    refused("action-unknown", "pub, sub, pub+sub.", document(rule(action="all"))),
    refused("action-list", "action is a string.", document(rule(action=["pub", "sub"]))),
    refused("binding-org", "org_id selects the policy and is no principal.", document(rule(binding="org_id")),
            "POL-05"),
    refused("binding-unknown", "Not a reserved claim.", document(rule(binding="sub"))),
    refused("list-unbound", "A list of what?", document(rule(agents=["scout"])), "POL-07"),
    refused("list-empty", "A list that names nobody is a slip.", document(rule(binding="agent_id", agents=[])),
            "POL-07"),
    refused("list-duplicate", "Names are distinct.", document(rule(binding="agent_id", agents=["a", "a"])), "POL-07"),
    refused("list-wildcard", "Names have the form of claims.", document(rule(binding="agent_id", agents=["*"])),
            "POL-07"),
    refused("list-string", "A list, also of one.", document(rule(binding="agent_id", agents="scout")), "POL-07"),
    refused("agents-of-users", "agents does not fit user_id.", document(rule(binding="user_id", agents=["ann"])),
            "POL-07"),
    refused("users-of-agents", "users does not fit agent_id.", document(rule(binding="agent_id", users=["ann"])),
            "POL-07"),
    refused("both-lists", "One of them would be ignored.",
            document(rule(binding="agent_id", agents=["ann"], users=["ann"])), "POL-07"),
    refused("system-write", "Nobody writes under $SYS.", document(rule(topic="$SYS/#", action="pub")), "POL-08"),
    refused("system-write-root", "Nor to $SYS itself.", document(rule(topic="$SYS", action="pub")), "POL-08"),
    refused("system-write-both", "A right to publish is one, also beside another.",
            document(rule(topic="$SYS/broker", action="pub+sub")), "POL-08"),
    refused("identity-write", "Nor under $identity.", document(rule(topic="$identity/v1/other", action="pub")), "POL-08"),
    refused("identity-write-pattern", "A pattern that revocations are among holds other topics too.",
            document(rule(topic="$identity/v1/+", action="pub")), "POL-08"),
    refused("identity-write-below", "A level below is another topic.",
            document(rule(topic="$identity/v1/revocations/x", action="pub")), "POL-08"),
    accepted("identity-revocations", "The one way in for orders; their signature decides.",
             document(rule(topic="$identity/v1/revocations", action="pub")), "POL-08"),
    accepted("identity-read", "Reading there is a grant like any other.", document(rule(topic="$identity/v1/#")), "POL-08"),
    accepted("system-like", "$SYSTEM is another segment than $SYS.", document(rule(topic="$SYSTEM/a", action="pub")), "POL-08"),
    refused("share-topic", "A filter is shared by its rule's member share.", document(rule(topic="$share/g/a")), "POL-09"),
    refused("share-topic-publish", "No topic name begins so either.", document(rule(topic="$share/g/a", action="pub")),
            "POL-09"),
    accepted("share-inside", "Only as the first segment it means something.", document(rule(topic="a/$share/b")), "POL-09"),
]

USER = {"binding": "user_id"}

# The members that no core broker has to know: class policy alone.
MEMBERS = [
    accepted("max-qos-least", "QoS 0 alone.", document(rule(max_qos=0))),
    accepted("max-qos-most", "The same as none.", document(rule(max_qos=2))),
    refused("max-qos-three", "There is no QoS 3.", document(rule(max_qos=3))),
    refused("max-qos-negative", "Nor one below 0.", document(rule(max_qos=-1))),
    refused("max-qos-string", "A number, not its text.", document(rule(max_qos="1"))),
    refused("max-qos-fraction", "A whole number.", document(rule(max_qos=1.5))),
    refused("max-qos-boolean", "true is no 1.", document(rule(max_qos=True))),
    refused("max-qos-null", "null is no number, and not the default.",
            document({"topic": "a", "action": "sub", "max_qos": None})),
    accepted("retain-false", "No retained publishes.", document(rule(action="pub", retain=False))),
    accepted("retain-true", "The same as none.", document(rule(action="pub", retain=True))),
    refused("retain-string", "A boolean, not its text: \"false\" is true in many languages.",
            document(rule(action="pub", retain="false"))),
    refused("retain-number", "0 is no boolean.", document(rule(action="pub", retain=0))),
    refused("retain-null", "null is no boolean.", document({"topic": "a", "action": "pub", "retain": None})),
    accepted("share-list", "Two groups.", document(rule(share=["smiths", "Smiths"]))),
    accepted("share-all", "Every group.", document(rule(share="*"))),
    accepted("share-any-characters", "Share names are no claims: whatever is one level of a topic.",
             document(rule(share=["a b", "$x", "\u00e9", "{$self}"]))),
    accepted("share-longest", "128 characters.", document(rule(share=["a" * 128]))),
    refused("share-empty", "A list of no group is a slip.", document(rule(share=[]))),
    refused("share-duplicate", "Groups are distinct.", document(rule(share=["g", "g"]))),
    refused("share-name-empty", "MQTT-4.8.2-1: at least one character.", document(rule(share=[""]))),
    refused("share-name-slash", "A group is one level.", document(rule(share=["a/b"]))),
    refused("share-name-plus", "MQTT-4.8.2-2: no wildcard.", document(rule(share=["a+"]))),
    refused("share-name-hash", "MQTT-4.8.2-2: no wildcard.", document(rule(share=["#"]))),
    refused("share-string", "A list, also of one.", document(rule(share="smiths"))),
    refused("share-true", "Which groups?", document(rule(share=True))),
    refused("share-number", "A group is a string.", document(rule(share=[1]))),
    accepted("delegated", "A user lends a topic.", document(rule(**USER, delegated=True))),
    accepted("delegated-false", "The same as none, beside any binding.",
             document(rule(binding="agent_id", delegated=False))),
    refused("delegated-agent", "Only users delegate.", document(rule(binding="agent_id", delegated=True))),
    refused("delegated-unbound", "Whose side?", document(rule(delegated=True))),
    refused("delegated-string", "A boolean.", document(rule(**USER, delegated="true"))),
    refused("delegated-null", "null is no boolean.",
            document({"topic": "a", "action": "sub", "binding": "user_id", "delegated": None})),
    accepted("members-all", "All at once.",
             document(rule(action="pub+sub", **USER, users=["ann"], max_qos=1, retain=False, share=["g"], delegated=True))),
    refused("member-upper-case", "Names of members are compared byte for byte.", document(rule(Max_qos=1))),
]

FILES = {
    "document": ("The document as a whole.", DOCUMENT),
    "rules": ("Single rules.", RULES),
    "members": ("Members of rules that class policy alone has to know.", MEMBERS),
}
