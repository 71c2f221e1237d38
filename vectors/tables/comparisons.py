"""A claim against a segment [CLM-02]: byte for byte, nothing folded, trimmed, normalised or expanded. As decisions on
publishes to one's own card, so that any broker can be asked."""

WATCHER = {"agent_id": "watcher"}


def card(name, agent, segment, expect, comment, twin=None):
    made = {"id": f"decision-compare-{name}", "rule": "CLM-02", "comment": comment, "policy": "seed",
            "identity": {"agent_id": agent}, "action": "pub", "topic": f"agents/{segment}/card", "expect": expect,
            "wire": True, "observer": WATCHER, "observe": "agents/+/card"}
    return {**made, "twin": f"decision-compare-{twin}"} if twin else made


def equal(name, agent, comment):
    return card(name, agent, agent, "allow", comment)


def differs(name, agent, segment, twin, comment):
    return card(name, agent, segment, "deny", comment, twin)


NAMES = [
    equal("plain", "probe", "The same bytes."),
    equal("null", "null", "The word null is a name."),
    equal("undefined", "undefined", "So is undefined."),
    equal("global", "global", "And global: it matches itself."),
    equal("admin", "admin", "And admin."),
    equal("digits", "007", "Digits are characters."),
    equal("dots", "a.b.c", "Dots are characters."),
    equal("upper-case", "PROBE", "Upper case is itself."),
    differs("upper-case-first", "probe", "Probe", "plain", "Case is not folded."),
    differs("upper-case-all", "probe", "PROBE", "plain", "Nor in the whole."),
    differs("lower-case", "PROBE", "probe", "upper-case", "Nor the other way round."),
    differs("space-last", "probe", "probe ", "plain", "Nothing is trimmed."),
    differs("space-first", "probe", " probe", "plain", "At neither end."),
    differs("full-width", "probe", "\uff50robe", "plain", "Compatibility normalisation would make it equal."),
    differs("composed", "probe", "prob\u00e9", "plain", "To leave accents out would make it equal."),
    differs("decomposed", "probe", "probe\u0301", "plain", "To read as far as it is equal, too."),
    differs("cyrillic", "probe", "pr\u043ebe", "plain", "It looks equal."),
    differs("zero-width", "probe", "pro\u200bbe", "plain", "And so does this."),
    differs("byte-order-mark", "probe", "\ufeffprobe", "plain", "And this."),
    differs("percent", "probe", "%70robe", "plain", "Nothing is unescaped."),
    differs("plus-escaped", "probe", "probe%20", "plain", "Nor here."),
    differs("backslash", "probe", "\\probe", "plain", "Nor in this way."),
    differs("prefix", "probe", "prob", "plain", "As far as it goes is not far enough."),
    differs("longer", "probe", "probes", "plain", "And a byte more is another name."),
    differs("twice", "probe", "probeprobe", "plain", "Not a search."),
    differs("empty", "probe", "", "plain", "The empty segment is nobody's."),
    differs("placeholder", "probe", "{$self}", "plain", "The placeholder's text is an ordinary segment."),
    differs("placeholder-name", "probe", "$self", "plain", "So is its name."),
    differs("placeholder-other", "probe", "${agent_id}", "plain", "And that of another language."),
    differs("claim-name", "probe", "agent_id", "plain", "The claim's name is not its value."),
    differs("star", "probe", "*", "plain", "A wildcard of another language."),
    differs("organisation", "probe", "seed", "plain", "One's organisation is not oneself."),
    differs("null-upper-case", "null", "NULL", "null", "Two words."),
    differs("null-empty", "null", "", "null", "null is not nothing."),
    differs("null-other", "null", "undefined", "null", "Nor another word for it."),
    differs("undefined-null", "undefined", "null", "undefined", "Nor the other way round."),
    differs("global-other", "global", "probe", "global", "A grand name reaches no further."),
    differs("admin-other", "admin", "probe", "admin", "Nor does this one."),
    differs("admin-plus", "admin", "global", "admin", "Nor to each other."),
    differs("digits-shorter", "007", "7", "digits", "Not compared as numbers."),
    differs("digits-longer", "007", "0007", "digits", "Nor so."),
    differs("dots-as-any", "a.b.c", "axbxc", "dots", "No regular expression: CVE-2026-44838."),
    differs("dots-as-levels", "a.b.c", "a/b/c", "dots", "Nor a path."),
]

FILES = {"comparison": ("A claim against a segment of a topic.", NAMES)}
