"""Which rows of spec/A5-attacks.md a vector would have found: the vector's id without its kind's word in front.
`../generate.py` writes them into the vectors as the member `attack`."""

CLAIMS = {
    "N01": ["value-plus", "value-hash", "value-plus-inside", "value-hash-last"],
    "N02": ["value-slash", "value-slash-first", "value-slash-last"],
    "N03": ["value-star", "value-question-mark", "value-brackets", "value-parentheses", "value-pipe", "value-backslash",
            "value-percent"],
    "N04": ["value-placeholder-dollar", "value-placeholder-percent"],
    "N05": ["value-plus", "value-hash"],
    "N07": ["value-placeholder", "value-placeholder-dollar", "value-placeholder-percent"],
    "N09": ["principals-no-organisation", "principals-nothing", "org-null", "org-empty"],
    "N10": ["org-named-null", "org-named-undefined", "org-named-global", "name-null", "name-undefined", "name-global",
            "name-none", "value-dollar-first", "value-dot", "value-dot-dot", "value-empty"],
    "N11": ["value-newline-last", "value-newline-inside", "value-return-last", "value-control", "value-far-too-long",
            "value-byte-order-mark", "text-escaped-nul", "text-escaped-half-pair"],
    "N12": ["value-cyrillic", "value-composed", "value-decomposed", "value-space-last", "value-full-width"],
    "N13": ["value-number", "value-array", "value-object", "value-true", "value-null", "inside", "text-twice"],
    "N14": ["name-organisation-dotted", "org-named-seed.scout"],
    "N15": ["principals-same-name", "principals-same-name-user"],
}

TOKEN = {
    "N09": ["org-absent"],
    "N11": ["claim-trailing-newline", "claim-control", "payload-not-utf8", "payload-overlong", "payload-surrogate"],
    "N13": ["claim-number", "claim-array", "claim-object", "claim-boolean", "claim-null", "exp-string",
            "payload-duplicate-agent"],
    "N17": ["text-empty"],
    "N22": ["alg-hs256-rsa-pem", "alg-hs256-ec-pem", "alg-none", "alg-none-mixed-case", "alg-none-title-case",
            "alg-rs256-by-ps256-key", "header-crit", "header-jwk-attacker", "header-jku", "header-x5u", "kid-traversal"],
    "N23": ["signature-flipped", "signature-empty", "kid-unknown"],
    "N27": ["iat-ahead"],
    "N28": ["act", "act-issuer", "principal-delegated"],
    "N29": ["issuer-second-in-seed", "issuer-main-in-spare"],
    "N31": ["expired", "exp-absent"],
}

DECISION = {
    "N08": ["card-placeholder", "inbox-placeholder", "self-root-placeholder"],
    "N12": ["compare-upper-case-all", "compare-composed", "compare-decomposed", "compare-cyrillic", "compare-space-last"],
    "N15": ["card-user", "card-server", "card-tool", "inbox-user-warden"],
    "N18": ["empty-policy", "empty-sub"],
    "N36": ["everything", "every-card-anywhere", "all-third-levels"],
    "N41": ["dollar-own", "read-all-system", "hash-dollar"],
    "N43": ["share-other", "share-not-shared", "share-longer"],
    "N44": ["order-forward", "order-backward", "order-forward-other", "order-backward-other"],
    "N56": ["dollar-delayed"],
}

CONTAINMENT = {
    "N35": ["hash-under-plus", "levels-hash", "parent-hash", "plus-hash", "tree-parent", "tree-prefix-slash",
            "plus-under-empty", "slashes", "hash-under-two-levels", "dollar-under-hash"],
}

POLICY = {
    "N18": ["rules-absent", "text-empty", "text-cut"],
    "N25": ["one-bad-rule"],
    "N38": ["share-topic", "share-topic-publish"],
    "N46": ["system-write", "identity-write"],
}

KINDS = {"claims": CLAIMS, "token": TOKEN, "decision": DECISION, "containment": CONTAINMENT, "policy": POLICY}


def rows():
    """{vector's id: [rows]}, the rows in order."""
    found = {}
    for kind, table in KINDS.items():
        for row, names in table.items():
            for name in names:
                found.setdefault(f"{kind}-{name}", []).append(row)
    return {name: sorted(which) for name, which in found.items()}
