"""The reserved claims: which values are names [CLM-01], and which of them together are an identity [CLM-03]. `accepted`
and `refused` are what spec chapter 3 says; members named twice are advice of chapter 2 [AUTH-04]."""

SCOUT = {"org_id": "seed", "agent_id": "scout"}
GOOD = "claims-agent"


def vector(name, rule, comment, expect, twin=None, **said):
    made = {"id": f"claims-{name}", "rule": rule, "comment": comment, **said, "expect": expect}
    return {**made, "twin": twin} if twin else made


def accepted(name, comment, claims, rule="CLM-01", identity=None):
    """identity: where the claims hold more than the names."""
    made = vector(name, rule, comment, "accepted", claims=claims, identity=identity or claims)
    return made if claims["org_id"] == "seed" else {**made, "wire": False}


def refused(name, comment, claims, rule="CLM-01", twin=GOOD):
    return vector(name, rule, comment, "refused", twin, claims=claims)


def name(slug, comment, value):
    """An agent with this name is accepted."""
    return accepted(f"name-{slug}", comment, {"org_id": "seed", "agent_id": value})


def no_name(slug, comment, value, twin=GOOD):
    """No token with this value in agent_id is."""
    return refused(f"value-{slug}", comment, {"org_id": "seed", "agent_id": value}, twin=twin)


def of(claim, slug, comment, value):
    """Nor one with this value in another reserved claim, the agent being sound."""
    return refused(f"{claim.replace('_id', '')}-{slug}", comment, {**SCOUT, claim: value})


def organisation(value, comment):
    """A name like any other. Nobody may assert it in the fixture, so that it stays off the wire."""
    return accepted(f"org-named-{value.lower()}", comment, {"org_id": value, "agent_id": "scout"})


def text_accepted(name, comment, text, identity):
    return vector(name, "CLM-01", comment, "accepted", text=text, identity=identity)


def text_refused(name, rule, comment, text, twin=GOOD):
    return vector(name, rule, comment, "refused", twin, text=text)


NAMES = [
    accepted("agent", "An agent.", SCOUT),
    name("one-letter", "The shortest.", "a"),
    name("one-digit", "A digit is enough.", "0"),
    name("upper-case", "Another name than a.", "A"),
    name("longest", "128 characters.", "n" * 128),
    name("longest-mixed", "128 characters of every kind.", "aB3._-4z" * 16),
    name("dot-inside", "Dots separate nothing.", "acme.scout"),
    name("dots-inside", "Two in a row are two characters.", "a..b"),
    name("dot-last", "Also at the end.", "a."),
    name("underscore-inside", "An underscore.", "a_b"),
    name("underscore-last", "At the end.", "a_"),
    name("hyphen-inside", "A hyphen.", "a-b"),
    name("hyphen-last", "At the end.", "a-"),
    name("digits", "Digits are characters, not a number.", "007"),
    name("exponent", "Nor is this one.", "1e5"),
    name("hexadecimal", "Nor this.", "0x10"),
    name("date", "Hyphens and digits.", "2026-05-28"),
    name("null", "The word, not the value. Brokers have confused the two.", "null"),
    name("undefined", "What a template engine prints for nothing.", "undefined"),
    name("none", "Likewise.", "None"),
    name("nil", "Likewise.", "nil"),
    name("nan", "Likewise.", "NaN"),
    name("true", "A word.", "true"),
    name("false", "A word.", "false"),
    name("global", "No tree above the trees.", "global"),
    name("admin", "Nobody's superior.", "admin"),
    name("root", "Likewise.", "root"),
    name("system", "Not the broker.", "system"),
    name("anonymous", "Not nobody.", "anonymous"),
    name("everyone", "Not everybody.", "everyone"),
    name("self", "Not the placeholder.", "self"),
    name("default", "Not what is left when nothing fits.", "default"),
    name("constructor", "A member that every object of a scripting language has.", "constructor"),
    name("own-claim", "The name of the claim itself.", "agent_id"),
    name("other-organisation", "The name of an organisation.", "presence"),
    name("organisation-dotted", "What a broker that joins organisation and name with a dot would confuse.", "seed.scout"),
]

VALUES = [
    no_name("empty", "The empty name.", ""),
    no_name("too-long", "129 characters.", "n" * 129, "claims-name-longest"),
    no_name("far-too-long", "1,000 characters.", "n" * 1000, "claims-name-longest"),
    no_name("dot-first", "The first character is a letter or a digit.", ".scout"),
    no_name("underscore-first", "Likewise.", "_scout"),
    no_name("hyphen-first", "Likewise: in many places it begins an option.", "-scout"),
    no_name("proto", "A member that every object of a scripting language has.", "__proto__"),
    no_name("dot", "No path.", "."),
    no_name("dot-dot", "No path.", ".."),
    no_name("plus", "A wildcard. CVE-2017-7650.", "+"),
    no_name("hash", "A wildcard. CVE-2017-7650.", "#"),
    no_name("plus-inside", "Part of one.", "sc+out"),
    no_name("hash-last", "Part of one.", "scout#"),
    no_name("slash", "Two levels.", "scout/card"),
    no_name("slash-first", "Two levels.", "/scout"),
    no_name("slash-last", "Two levels.", "scout/"),
    no_name("slash-alone", "Two empty levels.", "/"),
    no_name("backslash", "A level in another system.", "sc\\out"),
    no_name("dollar-first", "A name of the broker's own.", "$SYS"),
    no_name("dollar-inside", "A variable in many languages.", "sc$out"),
    no_name("placeholder", "Never expanded again.", "{$self}"),
    no_name("placeholder-percent", "The placeholder of another broker.", "%c"),
    no_name("placeholder-dollar", "And of another.", "${clientid}"),
    no_name("star", "A wildcard of another language.", "*"),
    no_name("question-mark", "Likewise.", "scou?"),
    no_name("brackets", "Likewise.", "scou[t]"),
    no_name("parentheses", "A group of a regular expression.", "(scout)"),
    no_name("pipe", "Two alternatives.", "scout|analyst"),
    no_name("caret", "The beginning, to a regular expression.", "^scout"),
    no_name("dollar-last", "And its end.", "scout$"),
    no_name("comma", "A list of two.", "scout,analyst"),
    no_name("semicolon", "Likewise.", "scout;analyst"),
    no_name("colon", "Kind and name.", "agent:scout"),
    no_name("at", "Name and organisation.", "scout@seed"),
    no_name("equals", "Member and value.", "agent=scout"),
    no_name("ampersand", "Two members.", "scout&x"),
    no_name("percent", "Nothing is unescaped.", "sc%6fut"),
    no_name("exclamation", "Not scout, to a shell or a pattern.", "!scout"),
    no_name("tilde", "A home directory.", "~scout"),
    no_name("backtick", "A command.", "`scout`"),
    no_name("quote-double", "The end of a string.", 'sc"out'),
    no_name("quote-single", "The end of a string.", "sc'out"),
    no_name("angle", "A tag.", "<scout>"),
    no_name("braces", "An object.", "{scout}"),
    no_name("space-inside", "Two words.", "sc out"),
    no_name("space-first", "Nothing is trimmed.", " scout"),
    no_name("space-last", "Nothing is trimmed.", "scout "),
    no_name("space-alone", "Nor is this empty.", " "),
    no_name("tab", "Nor this.", "scout\t"),
    no_name("newline-last", "Where $ of a regular expression matches before the last newline.", "scout\n"),
    no_name("newline-first", "Or ^ behind the first.", "\nscout"),
    no_name("newline-inside", "One sound name a line.", "scout\nanalyst"),
    no_name("return-last", "Another line ending.", "scout\r"),
    no_name("line-separator", "And another.", "scout\u2028"),
    no_name("next-line", "And another.", "scout\u0085"),
    no_name("control", "A control character.", "sc\u0001out"),
    no_name("delete", "A control character.", "scout\u007f"),
    no_name("cyrillic", "A letter that looks the same: Cyrillic o.", "sc\u043eut"),
    no_name("greek", "Greek omicron.", "sc\u03bfut"),
    no_name("full-width", "A letter that compatibility normalisation makes an s.", "\uff53cout"),
    no_name("long-s", "And so does this.", "\u017fcout"),
    no_name("kelvin", "A letter whose lower case is an ASCII k.", "\u212aey"),
    no_name("dotless-i", "A letter whose upper case is an ASCII I.", "f\u0131le"),
    no_name("digit-arabic", "A digit, and not one of ASCII.", "scout\u0661"),
    no_name("composed", "One character of Latin.", "sco\u00fct"),
    no_name("decomposed", "The same in two.", "scou\u0308t"),
    no_name("zero-width", "A space of no width.", "sco\u200but"),
    no_name("soft-hyphen", "A hyphen that is not shown.", "sco\u00adut"),
    no_name("right-to-left", "An override that turns the rest around.", "sco\u202eut"),
    no_name("byte-order-mark", "A mark before the name.", "\ufeffscout"),
    no_name("emoji", "Four bytes of UTF-8.", "\U0001f989"),
    no_name("replacement", "What a decoder puts for what it did not understand.", "scout\ufffd"),
    no_name("number", "A string, always.", 7),
    no_name("zero", "A string, always; and zero is no absence.", 0),
    no_name("fraction", "A string, always.", 1.5),
    no_name("true", "A string, always.", True),
    no_name("false", "A string, always; and false is no absence.", False),
    no_name("null", "A string, always; and null is no absence.", None),
    no_name("array", "No list of one.", ["scout"]),
    no_name("array-empty", "No list of none.", []),
    no_name("array-two", "No list of two: that would be a union.", ["scout", "analyst"]),
    no_name("object", "No object.", {"id": "scout"}),
    no_name("object-empty", "No object.", {}),
    no_name("object-query", "What a document database takes for a condition.", {"$ne": "nobody"}),
]

OTHERS = [vector for claim in ("server_id", "tool_id", "user_id") for vector in (
    of(claim, "null", "A malformed reserved claim refuses the token, also beside a sound one.", None),
    of(claim, "empty", "The empty name is no absence.", ""),
    of(claim, "false", "Nor is false.", False),
    of(claim, "plus", "A wildcard.", "+"),
    of(claim, "array", "No list.", ["x"]),
)] + [
    of("org_id", "null", "Not the organisation of nobody.", None),
    of("org_id", "empty", "The empty organisation.", ""),
    of("org_id", "slash", "An organisation that reaches into another tree.", "seed/x"),
    of("org_id", "dot-first", "No path.", ".seed"),
    of("org_id", "plus", "All organisations.", "+"),
    of("org_id", "hash", "All organisations.", "#"),
    of("org_id", "star", "All organisations.", "*"),
    of("org_id", "number", "A string.", 1),
    of("org_id", "array", "One organisation.", ["seed"]),
    of("org_id", "array-two", "Not two.", ["seed", "presence"]),
    of("org_id", "object", "No object.", {"seed": True}),
    of("org_id", "newline", "The whole of it.", "seed\n"),
    of("org_id", "space", "Nothing is trimmed.", "seed "),
    of("org_id", "too-long", "129 characters.", "s" * 129),
    organisation("null", "The word, not the value."),
    organisation("undefined", "What a template engine prints for nothing."),
    organisation("global", "No tree above the trees."),
    organisation("admin", "Nobody's superior."),
    organisation("default", "Not what is left when nothing fits."),
    organisation("Seed", "Another organisation than seed."),
    organisation("seed.scout", "Organisation and name are kept as a pair."),
]

USER, SERVER, TOOL = {"user_id": "ann"}, {"server_id": "files"}, {"tool_id": "search"}
ORG = {"org_id": "seed"}


def pair(name, comment, *claims, twin=GOOD):
    merged = {member: value for claim in claims for member, value in claim.items()}
    return refused(f"principals-{name}", comment, {**ORG, **merged}, "CLM-03", twin)


AGENT = {"agent_id": "scout"}

PRINCIPALS = [
    accepted("user", "A user alone.", {**ORG, **USER}, "CLM-03"),
    accepted("server", "A server alone.", {**ORG, **SERVER}, "CLM-03"),
    accepted("tool", "A tool alone.", {**ORG, **TOOL}, "CLM-03"),
    accepted("other-claims", "Claims that are not reserved say nothing of who it is.",
             {**SCOUT, "client_id": "x", "email": "ann@example.test", "tenant": "presence"}, "CLM-03", SCOUT),
    accepted("other-spelling", "Names of claims are compared byte for byte: this is not a second agent_id.",
             {**SCOUT, "Agent_id": "analyst"}, "CLM-03", SCOUT),
    accepted("other-spelling-org", "Nor this a second org_id.", {**SCOUT, "orgId": "presence"}, "CLM-03", SCOUT),
    accepted("inside", "A claim inside another claim is none of the token's.",
             {**SCOUT, "identity": {"agent_id": "analyst", "org_id": "presence"}}, "CLM-03", SCOUT),
    accepted("sub", "sub names nobody here.", {**SCOUT, "sub": "analyst"}, "CLM-03", SCOUT),
    pair("none", "An organisation and nobody in it."),
    refused("principals-no-organisation", "An agent of nowhere.", AGENT, "CLM-03"),
    refused("principals-nothing", "Neither.", {"scope": "x"}, "CLM-03"),
    refused("principals-user-no-organisation", "A user of nowhere.", USER, "CLM-03", "claims-user"),
    pair("spelling", "A claim that is nearly reserved names nobody.", {"agentId": "scout"}),
    pair("spelling-upper-case", "Likewise.", {"AGENT_ID": "scout"}),
    pair("spelling-space", "Likewise.", {"agent_id ": "scout"}),
    pair("sub-only", "sub is no principal.", {"sub": "scout"}),
    pair("client-only", "client_id is no principal.", {"client_id": "scout"}),
    pair("inside", "A claim inside another names nobody.", {"identity": AGENT}),
    pair("agent-server", "Two workloads.", AGENT, SERVER),
    pair("agent-tool", "Two workloads.", AGENT, TOOL),
    pair("server-tool", "Two workloads.", SERVER, TOOL, twin="claims-server"),
    pair("agent-user", "A user and an agent are a delegation, and this is none.", AGENT, USER),
    pair("server-user", "No delegation at all.", SERVER, USER, twin="claims-user"),
    pair("tool-user", "No delegation at all.", TOOL, USER, twin="claims-user"),
    pair("agent-server-tool", "Three.", AGENT, SERVER, TOOL),
    pair("agent-server-user", "Three.", AGENT, SERVER, USER),
    pair("agent-tool-user", "Three.", AGENT, TOOL, USER),
    pair("server-tool-user", "Three.", SERVER, TOOL, USER, twin="claims-user"),
    pair("all", "Four.", AGENT, SERVER, TOOL, USER),
    pair("same-name", "Two principals that share a name are two.", AGENT, {"server_id": "scout"}),
    pair("same-name-user", "Likewise.", AGENT, {"user_id": "scout"}),
]

TEXT = [
    text_accepted("text-escaped-value", "An escape is another spelling of the same character.",
                  '{"org_id":"seed","agent_id":"\\u0073cout"}', SCOUT),
    text_accepted("text-escaped-name", "In the name of a claim as well.",
                  '{"org_id":"seed","\\u0061gent_id":"scout"}', SCOUT),
    text_accepted("text-blanks", "Blanks between are nothing.", '{ "org_id" : "seed" , "agent_id" : "scout" }', SCOUT),
    text_refused("text-escaped-slash", "CLM-01", "An escaped slash is a slash.",
                 '{"org_id":"seed","agent_id":"scout\\/x"}', "claims-text-escaped-value"),
    text_refused("text-escaped-plus", "CLM-01", "An escaped wildcard is a wildcard.",
                 '{"org_id":"seed","agent_id":"\\u002b"}', "claims-text-escaped-value"),
    text_refused("text-escaped-newline", "CLM-01", "An escaped newline is a newline.",
                 '{"org_id":"seed","agent_id":"scout\\n"}', "claims-text-escaped-value"),
    text_refused("text-escaped-nul", "CLM-01", "Where a C string ends: this is not scout.",
                 '{"org_id":"seed","agent_id":"scout\\u0000"}', "claims-text-escaped-value"),
    text_refused("text-escaped-nul-inside", "CLM-01", "Nor is this.",
                 '{"org_id":"seed","agent_id":"scout\\u0000x"}', "claims-text-escaped-value"),
    text_refused("text-escaped-half-pair", "CLM-01", "Half a surrogate pair.",
                 '{"org_id":"seed","agent_id":"scout\\ud800"}', "claims-text-escaped-value"),
    text_refused("text-twice", "AUTH-04", "Two names.", '{"org_id":"seed","agent_id":"scout","agent_id":"analyst"}'),
    text_refused("text-twice-equal", "AUTH-04", "Twice the same name.",
                 '{"org_id":"seed","agent_id":"scout","agent_id":"scout"}'),
    text_refused("text-twice-escaped", "AUTH-04", "Two names, one behind an escape.",
                 '{"org_id":"seed","agent_id":"scout","agent\\u005fid":"analyst"}', "claims-text-escaped-name"),
    text_refused("text-twice-org", "AUTH-04", "Two organisations.",
                 '{"org_id":"seed","org_id":"presence","agent_id":"scout"}'),
    text_refused("text-twice-org-escaped", "AUTH-04", "Two organisations, one behind an escape.",
                 '{"org_id":"seed","\\u006frg_id":"presence","agent_id":"scout"}'),
    text_refused("text-twice-null", "AUTH-04", "A name and null: whichever is read, the other is lost.",
                 '{"org_id":"seed","agent_id":"scout","agent_id":null}'),
]

FILES = {
    "names": ("Values that are names; none of them is special.", NAMES),
    "values": ("Values of agent_id that are no names.", VALUES),
    "others": ("The other reserved claims, beside a sound agent.", OTHERS),
    "principals": ("Which claims together name somebody.", PRINCIPALS),
    "text": ("Claims as text: escapes and members named twice.", TEXT),
}
