"""Containment [SBS-04]: one pattern against one filter, decided by what the two can match."""

SCOUT = {"agent_id": "scout"}


def rule(topic):
    made = {"topic": topic, "action": "sub"}
    return {**made, "binding": "agent_id"} if "{$self}" in topic else made


def policy(*topics):
    return {"version": "2.1", "default": "deny", "rules": [rule(topic) for topic in topics]}


def contained(name, patterns, topic, expect, comment, twin=None):
    """patterns: the name of a fixture policy, or a list of patterns that everybody may subscribe to."""
    spec_policy = isinstance(patterns, str)
    made = {"id": f"containment-{name}", "rule": "SBS-04", "comment": comment,
            "policy": patterns if spec_policy else policy(*patterns), "identity": SCOUT, "action": "sub",
            "topic": topic, "expect": expect, "wire": spec_policy}
    return {**made, "twin": f"containment-{twin}"} if twin else made


def yes(name, patterns, topic, comment):
    return contained(name, patterns, topic, "allow", comment)


def no(name, patterns, topic, twin, comment):
    return contained(name, patterns, topic, "deny", comment, twin)


PATTERNS = [
    yes("tree", "patterns", "ops/#", "The very pattern."),
    yes("tree-parent", "patterns", "ops", "a/# contains a. MQTT 5.0 section 4.7.1.2."),
    yes("tree-trailing-slash", "patterns", "ops/", "And the empty level below it."),
    yes("tree-plus", "patterns", "ops/+", "One level of many."),
    yes("tree-plus-tree", "patterns", "ops/+/#", "All but the first."),
    yes("plus", "patterns", "lab/+/out", "The very pattern."),
    yes("plus-literal", "patterns", "lab/7/out", "One of them."),
    yes("plus-empty", "patterns", "lab//out", "The empty level is one of them."),
    yes("bound", "patterns", "agents/scout/in/#", "The bound segment is the claim."),
    yes("bound-parent", "patterns", "agents/scout/in", "a/# contains a, here too."),
    yes("bound-plus", "patterns", "agents/scout/in/+/x", "A wildcard behind the bound segment."),
    no("tree-prefix", "patterns", "op", "tree-parent", "Segments are compared, not prefixes."),
    no("tree-suffix", "patterns", "opsx/#", "tree", "Nor in this direction."),
    no("tree-everything", "patterns", "#", "tree-plus-tree", "More than the tree."),
    no("tree-first-plus", "patterns", "+/#", "tree", "More than the tree."),
    no("tree-leading-slash", "patterns", "/ops/#", "tree", "Another first level."),
    no("tree-any-two", "patterns", "+/+", "tree-plus", "The first level is literal."),
    no("tree-prefix-slash", "patterns", "op/", "tree-trailing-slash", "An empty level does not lengthen a prefix."),
    no("plus-hash", "patterns", "lab/#", "plus", "# is not contained in +."),
    no("plus-deeper-hash", "patterns", "lab/+/out/#", "plus", "It can match one level more."),
    no("plus-last", "patterns", "lab/7/+", "plus-literal", "The last level is literal."),
    no("plus-first", "patterns", "+/7/out", "plus-literal", "The first level is literal."),
    no("plus-empty-last", "patterns", "lab//", "plus-empty", "An empty level is not out."),
    no("bound-parent-other", "patterns", "agents/herald/in", "bound-parent", "Somebody else's."),
    no("bound-plus-wildcard", "patterns", "agents/+/in/+/x", "bound-plus", "One wildcard is inside, the other is not."),
    no("bound-wildcard", "patterns", "agents/+/in/#", "bound", "A wildcard over the bound segment."),
    no("bound-other", "patterns", "agents/herald/in/#", "bound", "Somebody else's."),
    no("bound-above", "patterns", "agents/scout/#", "bound", "A level too high."),
    no("bound-placeholder", "patterns", "agents/{$self}/in/#", "bound", "The placeholder is no segment of a client's."),
    no("dollar-system", "patterns", "$SYS/#", "tree", "No rule names it."),
]

INLINE = [
    yes("hash-hash", ["#"], "#", "The same."),
    yes("hash-plus", ["#"], "+", "Fewer."),
    yes("hash-first-plus", ["#"], "+/#", "The same topics in another spelling."),
    yes("hash-slash", ["#"], "/", "Two empty levels."),
    yes("first-plus-hash", ["+/#"], "#", "And back: +/# matches a as well, since # stands for no level too."),
    yes("plus-plus", ["+"], "+", "The same."),
    yes("parent-hash", ["a/#"], "a", "The parent."),
    yes("parent-plus", ["a/#"], "a/+", "One level below."),
    yes("children", ["a/+"], "a/", "The empty level."),
    yes("levels-hash", ["agents/+/#"], "agents/+/+", "Two levels of many."),
    yes("levels-plus", ["agents/+/+"], "agents/+/+", "The same."),
    yes("empty-first", ["/+"], "/+", "An empty first level is literal."),
    yes("empty-under-plus", ["+/+"], "/+", "And one that + matches."),
    yes("slashes", ["+/+/+"], "//", "Three empty levels."),
    yes("slashes-tree", ["/#"], "//", "Two of them below the first."),
    yes("dollar-literal", ["$SYS/#"], "$SYS/broker/+", "A rule that names the $ segment."),
    yes("inner-dollar", ["a/#"], "a/$SYS/#", "Only the first level is special."),
    yes("self-twice", ["{$self}/{$self}"], "scout/scout", "Every bound segment is the claim."),
    yes("lower-tree", ["a/+/#"], "a/+/#", "The same."),
    yes("first-plus", ["+/broker"], "x/broker", "One first level of all."),
    yes("second-of-two", ["a", "a/+/#"], "a/+/#", "The second contains it by itself."),
    yes("one-of-two", ["a/b", "a/+"], "a/+", "The second contains it by itself."),
    no("plus-under-literal", ["a/b"], "a/+", "one-of-two", "One topic does not contain a wildcard."),
    no("hash-under-plus", ["+"], "#", "plus-plus", "# is not contained in +."),
    no("hash-under-tree", ["a/#"], "#", "parent-plus", "Nor in a tree."),
    no("parent-under-children", ["a/+"], "a", "children", "a/+ has one level more."),
    no("tree-under-children", ["a/+"], "a/#", "children", "And any number less."),
    no("tree-under-lower-tree", ["a/+/#"], "a/#", "lower-tree", "a itself is outside."),
    no("hash-under-two-levels", ["agents/+/+"], "agents/+/#", "levels-plus",
       "A broker's matcher granted this: + and # were compared level by level."),
    no("tree-under-levels", ["agents/+/#"], "agents/#", "levels-hash", "agents itself is outside."),
    no("plus-under-empty", ["/+"], "+/+", "empty-first", "+ is more than the empty level."),
    no("slashes-under-two", ["+/+"], "//", "empty-under-plus", "Three levels."),
    no("tree-under-empty", ["/#"], "+/#", "slashes-tree", "More first levels than the empty one."),
    no("dollar-under-hash", ["#"], "$SYS/#", "hash-hash", "# matches no topic that begins with $."),
    no("dollar-topic-under-hash", ["#"], "$SYS", "hash-plus", "Not even the one level."),
    no("dollar-under-plus", ["+/broker"], "$SYS/broker", "first-plus", "Nor does +."),
    no("hash-under-dollar", ["$SYS/#"], "#", "dollar-literal", "And the other way round."),
    no("self-twice-plus", ["{$self}/{$self}"], "scout/+", "self-twice", "A wildcard over the second."),
    no("self-root-plus", ["{$self}/{$self}"], "+/scout", "self-twice", "And over the first."),
    no("union-of-two", ["a", "a/+/#"], "a/#", "second-of-two",
       "Together they are a/#; no single one contains it."),
]

FILES = {
    "patterns": ("Under the fixture's policy `patterns`.", PATTERNS),
    "inline": ("Under patterns of their own.", INLINE),
}
