"""Decisions on publishes and subscriptions. `allow` and `deny` are what spec chapters 5 to 7 say.

A denied vector names its twin: the allowed one that differs in the topic, or in who asks. On the wire, an observer
that may subscribe to `observe` sees what got through: the twin's message, and never the denied one.
"""

SCOUT = {"agent_id": "scout"}
WARDEN = {"agent_id": "warden"}
HERALD = {"agent_id": "herald"}
WATCHER = {"agent_id": "watcher"}
ORACLE = {"agent_id": "oracle"}
ANN = {"user_id": "ann"}


def vector(name, rule, comment, policy, identity, action, topic, expect, twin=None, watch=None):
    """watch: (observer, filter) of a publish that runs on the wire. Nobody connects under the policy `empty`."""
    made = {"id": f"decision-{name}", "rule": rule, "comment": comment, "policy": policy,
            "identity": identity, "action": action, "topic": topic, "expect": expect,
            "wire": watch is not None or (action == "sub" and isinstance(policy, str) and policy != "empty")}
    if twin:
        made["twin"] = f"decision-{twin}"
    if watch:
        made["observer"], made["observe"] = watch
    return made


# Which observer and filter see the publishes of a fixture policy.
CARDS = (WATCHER, "agents/+/card")
ALL_AGENTS = (WARDEN, "agents/#")
OPS = (WATCHER, "ops/#")
LAB = (WATCHER, "lab/+/out")


def publish(name, rule, policy, who, topic, expect, comment, twin=None, watch=None):
    return vector(name, rule, comment, policy, who, "pub", topic, expect, twin, watch)


def subscribe(name, rule, policy, who, topic, expect, comment, twin=None):
    return vector(name, rule, comment, policy, who, "sub", topic, expect, twin)


PUBLISH = [
    publish("card-own", "PUB-01", "seed", SCOUT, "agents/scout/card", "allow", "The seed's rule: one's own card.",
            watch=CARDS),
    publish("card-name-null", "CLM-02", "seed", {"agent_id": "null"}, "agents/null/card", "allow",
            "No name is special.", watch=CARDS),
    publish("card-name-dotted", "CLM-02", "seed", {"agent_id": "a.b-c_1"}, "agents/a.b-c_1/card", "allow",
            "A dot is a character like any other, in no pattern language.", watch=CARDS),
    publish("card-watched", "PUB-01", "presence", SCOUT, "agents/scout/card", "allow",
            "The same rule, where one agent watches the whole tree and would see whatever got through.",
            watch=ALL_AGENTS),
    publish("status-own", "PUB-01", "presence", SCOUT, "agents/scout/status", "allow",
            "Another rule of the same policy.",
            watch=ALL_AGENTS),
    publish("inbox-of-scout", "POL-02", "presence", WARDEN, "agents/scout/inbox/1", "allow",
            "A rule for one agent, used by that agent.", watch=ALL_AGENTS),
    publish("inbox-empty-level", "PUB-01", "presence", WARDEN, "agents/scout/inbox/", "allow",
            "+ matches the empty level. MQTT 5.0 section 4.7.1.3.", watch=ALL_AGENTS),
    publish("herald-tree", "PUB-01", "patterns", HERALD, "ops/1", "allow", "Anything that # matches.", watch=OPS),
    publish("herald-parent", "PUB-01", "patterns", HERALD, "ops", "allow", "One level is a topic too.", watch=OPS),
    publish("herald-empty-level", "PUB-01", "patterns", HERALD, "ops//1", "allow", "Empty levels are levels.",
            watch=OPS),
    publish("herald-lab", "PUB-01", "patterns", HERALD, "lab/7/out", "allow", "Received through +.", watch=LAB),
    publish("card-other", "PUB-02", "seed", SCOUT, "agents/analyst/card", "deny", "Scout cannot speak as analyst.",
            "card-own", CARDS),
    publish("card-upper-case", "CLM-02", "seed", SCOUT, "agents/Scout/card", "deny",
            "Two spellings are two principals.", "card-own", CARDS),
    publish("card-longer-name", "CLM-02", "seed", SCOUT, "agents/scoutx/card", "deny", "Not a prefix match.",
            "card-own", CARDS),
    publish("card-shorter-name", "CLM-02", "seed", SCOUT, "agents/scou/card", "deny",
            "Nor the other way round.", "card-own", CARDS),
    publish("card-trailing-space", "CLM-02", "seed", SCOUT, "agents/scout /card", "deny", "Nothing is trimmed.",
            "card-own", CARDS),
    publish("card-percent", "CLM-02", "seed", SCOUT, "agents/%73cout/card", "deny", "Nothing is unescaped.",
            "card-own", CARDS),
    publish("card-dot-as-any", "CLM-02", "seed", {"agent_id": "a.b-c_1"}, "agents/axb-c_1/card", "deny",
            "A claim that reached a regular expression: CVE-2026-44838.", "card-name-dotted", CARDS),
    publish("card-placeholder", "CLM-02", "presence", SCOUT, "agents/{$self}/card", "deny",
            "The text of the rule is an ordinary segment of a topic.", "card-watched", ALL_AGENTS),
    publish("card-empty-name", "PUB-02", "seed", {"agent_id": "null"}, "agents//card", "deny",
            "null is not the empty name.",
            "card-name-null", CARDS),
    publish("card-deeper", "PUB-02", "presence", SCOUT, "agents/scout/card/x", "deny", "A level deeper.",
            "card-watched", ALL_AGENTS),
    publish("card-shallower", "PUB-02", "presence", SCOUT, "agents/scout", "deny", "A level less.", "card-watched",
            ALL_AGENTS),
    publish("card-leading-slash", "PUB-02", "seed", SCOUT, "/agents/scout/card", "deny",
            "A leading slash is a level. MQTT 5.0 section 4.7.3.", "card-own", CARDS),
    publish("card-trailing-slash", "PUB-02", "presence", SCOUT, "agents/scout/card/", "deny", "So is a trailing one.",
            "card-watched", ALL_AGENTS),
    publish("card-inner-slash", "PUB-02", "presence", SCOUT, "agents//scout/card", "deny",
            "Empty levels are not dropped.",
            "card-watched", ALL_AGENTS),
    publish("card-dot-dot", "PUB-02", "presence", SCOUT, "agents/analyst/../scout/card", "deny", "A topic is no path.",
            "card-watched", ALL_AGENTS),
    publish("card-user", "POL-02", "seed", {"user_id": "scout"}, "agents/scout/card", "deny",
            "The rule is bound to agent_id; a user of that name is somebody else.", "card-own", CARDS),
    publish("card-server", "POL-02", "seed", {"server_id": "scout"}, "agents/scout/card", "deny",
            "So is a server.", "card-own", CARDS),
    publish("card-tool", "POL-02", "seed", {"tool_id": "scout"}, "agents/scout/card", "deny",
            "So is a tool.", "card-own", CARDS),
    publish("status-in-seed", "POL-01", "seed", SCOUT, "agents/scout/status", "deny",
            "A rule of another organisation.", "card-own", CARDS),
    publish("inbox-own", "PUB-02", "presence", SCOUT, "agents/scout/inbox/1", "deny",
            "May be read, not written: sub is not pub.", "inbox-of-scout", ALL_AGENTS),
    publish("inbox-not-named", "POL-02", "presence", SCOUT, "agents/other/inbox/1", "deny",
            "The rule names warden alone.", "status-own", ALL_AGENTS),
    publish("inbox-user-warden", "POL-02", "presence", {"user_id": "warden"}, "agents/scout/inbox/1", "deny",
            "A user called warden is not the agent warden.", "inbox-of-scout", ALL_AGENTS),
    publish("inbox-deeper", "PUB-02", "presence", WARDEN, "agents/scout/inbox/1/2", "deny", "+ is one level.",
            "inbox-of-scout", ALL_AGENTS),
    publish("inbox-shallower", "PUB-02", "presence", WARDEN, "agents/scout/inbox", "deny", "And never none.",
            "inbox-empty-level", ALL_AGENTS),
    publish("card-by-warden", "POL-02", "presence", WARDEN, "agents/scout/card", "deny",
            "To watch over all is not to speak for all.", "inbox-of-scout", ALL_AGENTS),
    publish("tree-not-named", "POL-01", "patterns", SCOUT, "ops/1", "deny", "Whoever may read may not write.",
            "herald-tree", OPS),
    publish("tree-nearly-named", "POL-02", "patterns", {"agent_id": "herald2"}, "ops", "deny",
            "Names are compared whole.", "herald-parent", OPS),
    publish("tree-upper-case", "CLM-02", "patterns", {"agent_id": "Herald"}, "ops//1", "deny",
            "And byte for byte.", "herald-empty-level", OPS),
    publish("lab-not-named", "POL-02", "patterns", WARDEN, "lab/7/out", "deny",
            "A name that another organisation's policy knows is nobody here.", "herald-lab", LAB),
    publish("dollar-own", "DLV-01", "patterns", SCOUT, "$own/scout", "allow",
            "A rule that names the $ segment grants what lies below it."),
    publish("dollar-own-of-other", "DLV-01", "patterns", HERALD, "$own/scout", "deny",
            "# reaches no such topic, also where another rule names the segment.", "dollar-own"),
    publish("dollar-alone", "DLV-01", "patterns", HERALD, "$", "deny", "One character is enough.",
            "herald-parent", OPS),
    publish("dollar-delayed", "DLV-01", "patterns", HERALD, "$delayed/1/ops/1", "deny",
            "What some brokers would publish a second later is a topic like any other.", "herald-tree", OPS),
    publish("dollar-inside", "PUB-01", "patterns", HERALD, "ops/$1", "allow",
            "$ is special at the front of a topic and nowhere else."),
    publish("dollar-under-hash", "DLV-01", "patterns", HERALD, "$app/1", "deny",
            "# does not match topics that begin with $. MQTT 5.0 section 4.7.2.", "herald-tree", OPS),
    publish("empty-policy", "POL-01", "empty", SCOUT, "agents/scout/card", "deny",
            "An empty policy is a policy. CVE-2018-12550.", "card-own"),
]

SUBSCRIBE = [
    subscribe("directory", "SBS-01", "seed", SCOUT, "agents/+/card", "allow", "The very pattern."),
    subscribe("directory-user", "POL-02", "seed", ANN, "agents/+/card", "allow",
              "A rule without binding is for everybody in the organisation."),
    subscribe("card-of-other", "SBS-01", "seed", SCOUT, "agents/analyst/card", "allow", "One topic of the pattern."),
    subscribe("own-inbox", "SBS-01", "presence", SCOUT, "agents/scout/inbox/#", "allow", "Bound and one's own."),
    subscribe("watch-all", "POL-02", "presence", WARDEN, "agents/#", "allow", "Named, and so it applies."),
    subscribe("everything", "SBS-03", "seed", SCOUT, "#", "deny", "More than any rule. CVE-2026-49186.", "directory"),
    subscribe("every-card-anywhere", "SBS-03", "seed", ANN, "+/+/card", "deny", "A wildcard where the rule is literal.",
              "directory-user"),
    subscribe("all-of-one", "SBS-03", "seed", SCOUT, "agents/scout/#", "deny", "More than the card.", "card-of-other"),
    subscribe("all-third-levels", "SBS-03", "seed", SCOUT, "agents/+/+", "deny", "More than cards.", "directory"),
    subscribe("other-case", "SBS-03", "seed", SCOUT, "Agents/+/card", "deny", "Byte for byte.", "directory"),
    subscribe("watch-not-named", "POL-02", "presence", SCOUT, "agents/#", "deny", "The rule names warden alone.",
              "watch-all"),
    subscribe("watch-user", "POL-02", "presence", {"user_id": "warden"}, "agents/#", "deny",
              "A user of that name is somebody else.", "watch-all"),
    subscribe("other-inbox", "SBS-03", "presence", SCOUT, "agents/analyst/inbox/#", "deny", "Somebody else's inbox.",
              "own-inbox"),
    subscribe("inbox-of-user", "POL-02", "presence", {"user_id": "scout"}, "agents/scout/inbox/#", "deny",
              "The rule is bound to agent_id.", "own-inbox"),
    subscribe("inbox-all", "SBS-03", "presence", SCOUT, "agents/+/inbox/#", "deny",
              "A wildcard over the bound segment.", "own-inbox"),
    subscribe("inbox-placeholder", "CLM-02", "presence", SCOUT, "agents/{$self}/inbox/#", "deny",
              "The placeholder is the policy's, not the client's.", "own-inbox"),
    subscribe("read-all", "SBS-01", "patterns", ORACLE, "#", "allow", "The very pattern."),
    subscribe("read-all-dollar", "DLV-03", "patterns", ORACLE, "$own/#", "deny", "# contains no $ topic.", "read-all"),
    subscribe("read-all-system", "DLV-03", "patterns", ORACLE, "$SYS/#", "deny", "The broker's own.", "read-all"),
    subscribe("read-own-dollar", "DLV-03", "patterns", SCOUT, "$own/scout", "allow", "A rule names the $ segment."),
    subscribe("read-dollar-wild", "DLV-03", "patterns", SCOUT, "$own/+", "deny", "A wildcard over the bound segment.",
              "read-own-dollar"),
    subscribe("read-dollar-any", "DLV-03", "patterns", SCOUT, "+/scout", "deny",
              "+ is no way to write a $ segment.", "read-own-dollar"),
    subscribe("empty-sub", "POL-01", "empty", SCOUT, "agents/+/card", "deny", "Nothing is granted here.", "directory"),
]


def policy(*rules):
    return {"version": "2.1", "default": "deny", "rules": list(rules)}


OPEN = policy({"topic": "open/+", "action": "pub"})
BOUND_PLAIN = policy({"topic": "news", "action": "pub", "binding": "agent_id"})
DESK = {"topic": "desk/{$self}", "action": "pub+sub", "binding": "user_id"}
USERS = policy({**DESK, "users": ["ann", "bob"]})
ALL_USERS = policy(DESK)
SHELF = {"topic": "files/{$self}/out", "action": "pub", "binding": "server_id"}
SERVERS = policy({**SHELF, "agents": ["disk"]})
ALL_SERVERS = policy(SHELF)
TWICE = policy({"topic": "a/{$self}/b/{$self}", "action": "pub", "binding": "agent_id"})
ROOT = policy({"topic": "{$self}/x", "action": "pub", "binding": "agent_id"})
HASH = policy({"topic": "#", "action": "pub"})
PLUS = policy({"topic": "+/x", "action": "pub"})
UP_ONLY = policy({"topic": "a/b", "action": "pub"}, {"topic": "a/c", "action": "sub"})
ORDER = (
    {"id": "one", "topic": "m/+", "action": "sub"},
    {"id": "two", "topic": "m/{$self}", "action": "pub", "binding": "agent_id"},
    {"id": "three", "topic": "m/1", "action": "pub", "binding": "agent_id", "agents": ["warden"]},
)
FORWARD = policy(*ORDER)
BACKWARD = policy(*reversed(ORDER))

INLINE = [
    publish("open-user", "POL-02", OPEN, ANN, "open/1", "allow", "A rule without binding applies to users too."),
    publish("open-deeper", "PUB-02", OPEN, ANN, "open/1/2", "deny", "+ is one level.", "open-user"),
    publish("bound-plain", "POL-02", BOUND_PLAIN, SCOUT, "news", "allow",
            "A binding without {$self} asks only for the claim."),
    publish("bound-plain-user", "POL-02", BOUND_PLAIN, ANN, "news", "deny", "Which a user does not have.",
            "bound-plain"),
    publish("users-listed", "POL-02", USERS, ANN, "desk/ann", "allow", "Listed, and one's own."),
    publish("users-other-desk", "PUB-02", USERS, ANN, "desk/bob", "deny", "Listed too, and not one's own.",
            "users-listed"),
    publish("users-not-listed", "POL-02", USERS, {"user_id": "eve"}, "desk/eve", "deny",
            "One's own, and not listed.", "users-all"),
    publish("users-all", "POL-02", ALL_USERS, {"user_id": "eve"}, "desk/eve", "allow",
            "Without a list, every user's own."),
    publish("users-agent", "POL-02", USERS, {"agent_id": "ann"}, "desk/ann", "deny",
            "An agent of a listed user's name.", "users-listed"),
    publish("servers-listed", "POL-02", SERVERS, {"server_id": "disk"}, "files/disk/out", "allow",
            "agents lists the names of any workload claim."),
    publish("servers-not-listed", "POL-02", SERVERS, {"server_id": "tape"}, "files/tape/out", "deny",
            "One's own, and not listed.", "servers-all"),
    publish("servers-all", "POL-02", ALL_SERVERS, {"server_id": "tape"}, "files/tape/out", "allow",
            "Without a list, every server's own."),
    publish("self-twice", "PUB-01", TWICE, SCOUT, "a/scout/b/scout", "allow", "{$self} may recur."),
    publish("self-twice-second", "PUB-02", TWICE, SCOUT, "a/scout/b/other", "deny", "Every one of them is bound.",
            "self-twice"),
    publish("self-twice-first", "PUB-02", TWICE, SCOUT, "a/other/b/scout", "deny", "The first as well.", "self-twice"),
    publish("self-root", "PUB-01", ROOT, SCOUT, "scout/x", "allow", "The first level may be bound."),
    publish("self-root-placeholder", "CLM-02", ROOT, SCOUT, "{$self}/x", "deny", "Not its text.", "self-root"),
    publish("hash-any", "PUB-01", HASH, SCOUT, "a/b/c", "allow", "# at the first level."),
    publish("hash-slash", "PUB-01", HASH, SCOUT, "/", "allow", "Two empty levels."),
    publish("hash-dollar", "PUB-02", HASH, SCOUT, "$SYS/x", "deny", "MQTT 5.0 section 4.7.2.", "hash-any"),
    publish("hash-dollar-alone", "PUB-02", HASH, SCOUT, "$", "deny", "Whatever the $ begins.", "hash-any"),
    publish("hash-inner-dollar", "PUB-01", HASH, SCOUT, "a/$SYS", "allow", "Only the first level is special."),
    publish("plus-root", "PUB-01", PLUS, SCOUT, "a/x", "allow", "+ at the first level."),
    publish("plus-root-empty", "PUB-01", PLUS, SCOUT, "/x", "allow", "An empty first level."),
    publish("plus-dollar", "PUB-02", PLUS, SCOUT, "$SYS/x", "deny", "MQTT 5.0 section 4.7.2.", "plus-root"),
    publish("pub-only", "PUB-01", UP_ONLY, SCOUT, "a/b", "allow", "pub."),
    publish("pub-of-sub", "PUB-02", UP_ONLY, SCOUT, "a/c", "deny", "sub is not pub.", "pub-only"),
    subscribe("sub-only", "SBS-01", UP_ONLY, SCOUT, "a/c", "allow", "sub."),
    subscribe("sub-of-pub", "SBS-03", UP_ONLY, SCOUT, "a/b", "deny", "pub is not sub.", "sub-only"),
    publish("order-forward", "PUB-01", FORWARD, SCOUT, "m/scout", "allow", "A policy is a set."),
    publish("order-backward", "PUB-01", BACKWARD, SCOUT, "m/scout", "allow", "Shuffling it changes nothing."),
    publish("order-forward-other", "POL-01", FORWARD, SCOUT, "m/1", "deny", "No rule covers it.",
            "order-forward"),
    publish("order-backward-other", "POL-01", BACKWARD, SCOUT, "m/1", "deny", "Nor in this order.",
            "order-backward"),
    publish("order-forward-listed", "POL-02", FORWARD, WARDEN, "m/1", "allow", "A later rule grants."),
    publish("order-backward-listed", "POL-02", BACKWARD, WARDEN, "m/1", "allow", "An earlier rule grants."),
]

FILES = {
    "publish": ("Publishes under the fixture's policies.", PUBLISH),
    "subscribe": ("Subscriptions under the fixture's policies.", SUBSCRIBE),
    "inline": ("What a rule means, under policies of their own.", INLINE),
}
