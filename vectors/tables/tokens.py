"""Tokens, file by file. `good` is accepted and `bad` refused because the spec says so, cited in the comment."""

SCOUT = {"org_id": "seed", "agent_id": "scout"}
GOOD = "token-good-es256"


def recipe(key="main-es256", claims=None, **rest):
    """The good recipe with something changed; claims are added to scout's."""
    return {"key": key, "claims": {**SCOUT, **(claims or {})}, **rest}


def good(name, comment, made, rule="AUTH-01"):
    return {"id": f"token-{name}", "rule": rule, "comment": comment, "flags": ["Valid"], "recipe": made,
            "expect": "accepted"}


def bad(name, flag, comment, made, twin=GOOD, rule="AUTH-02"):
    return {"id": f"token-{name}", "rule": rule, "comment": comment, "flags": [flag], "twin": twin,
            "recipe": made, "expect": "refused"}


def odd(name, flag, comment, made, twin=GOOD):
    """Refused by whoever is careful: AUTH-04, which is advice."""
    return bad(name, flag, comment, made, twin, rule="AUTH-04")


def edited(*edits, key="main-es256", **rest):
    return recipe(key, edits=list(edits), **rest)


def from_header_text(text):
    return edited({"header_text": text})


def nested(levels):
    """The text of a good header with a member of so many arrays; as text, since vector files have a limit too."""
    return '{"alg":"ES256","kid":"main-es256","typ":"at+jwt","note":' + "[" * levels + "]" * levels + "}"


# The attacker's public key, offered in the header of a token that the attacker signed.
OFFERED_KEY = {"kty": "EC", "crv": "P-256", "x": "SR_eIqTKNkSKWcYtr-iLMWRZdrOIczW0_zH3u-jC7EI",
               "y": "Md7gsC9FcTRUki-A-XfgEoNV12MSqtmM3NOzqPgaJh0"}

ALGORITHMS = [
    good("good-es256", "ECDSA on P-256. RFC 7518 section 3.4.", recipe()),
    good("good-eddsa", "Ed25519. RFC 8037 section 3.1.", recipe("main-eddsa")),
    good("good-ed25519-spelling", "RFC 9864 calls the same algorithm Ed25519.",
         recipe("main-eddsa", header={"alg": "Ed25519"})),
    good("good-ps256", "RSASSA-PSS. RFC 7518 section 3.5.", recipe("main-ps256")),
    good("good-rs256", "RSASSA-PKCS1-v1_5. RFC 7518 section 3.3.", recipe("main-rs256")),
    bad("alg-none", "AlgNone", "Unsecured JWS. CVE-2015-2951; RFC 8725 section 3.2.", edited({"alg_none": True})),
    bad("alg-none-mixed-case", "AlgNone",
        "A block list of 'none' misses this. RFC 8725 section 3.2; its successor, section 2.11.",
        edited({"signature": "empty"}, header={"alg": "nOnE"})),
    bad("alg-none-title-case", "AlgNone", "As above, in another spelling.",
        edited({"signature": "empty"}, header={"alg": "None"})),
    bad("alg-none-signed", "AlgNone", "Says none and carries a signature all the same.",
        recipe(header={"alg": "none"})),
    bad("alg-empty", "AlgUnknown", "The empty algorithm with the empty signature.",
        edited({"signature": "empty"}, header={"alg": ""})),
    bad("alg-absent", "AlgUnknown", "RFC 7515 section 4.1.1: alg must be there.", recipe(remove=["header.alg"])),
    bad("alg-lower-case", "AlgUnknown", "alg is case-sensitive. RFC 7515 section 4.1.1.",
        recipe(header={"alg": "es256"})),
    bad("alg-number", "AlgUnknown", "alg is a string.", recipe(header={"alg": 256})),
    bad("alg-array", "AlgUnknown", "A list to choose from is no algorithm.", recipe(header={"alg": ["ES256", "none"]})),
    bad("alg-hs256-rsa-pem", "AlgConfusion", "HMAC keyed with the public key that everybody has. CVE-2015-9235, "
        "CVE-2016-5431, CVE-2016-10555; RFC 8725 section 2.1.", edited({"hmac_with": "main-rs256"}, key="main-rs256"),
        twin="token-good-rs256"),
    bad("alg-hs256-ec-pem", "AlgConfusion", "The same with an elliptic curve's PEM. CVE-2022-29217, CVE-2024-54150.",
        edited({"hmac_with": "main-es256"})),
    bad("alg-ps256-on-ec-key", "AlgConfusion", "The key is bound to ES256 and signed so; the header says PS256.",
        recipe(header={"alg": "PS256"})),
    bad("alg-es384-on-p256", "AlgConfusion", "The algorithm of another curve. RFC 7518 section 3.4.",
        recipe(header={"alg": "ES384"})),
    bad("alg-rs256-by-ps256-key", "AlgConfusion", "A true RS256 signature by a key bound to PS256: one key, one "
        "algorithm. RFC 8725 section 3.1.", edited({"sign_as": "RS256"}, key="main-ps256"), twin="token-good-ps256"),
    bad("alg-ps256-by-rs256-key", "AlgConfusion", "The same the other way round.",
        edited({"sign_as": "PS256"}, key="main-rs256"), twin="token-good-rs256"),
    bad("alg-rs512", "AlgUnknown", "Sound, and not one of the four.", recipe("main-rs256", header={"alg": "RS512"}),
        twin="token-good-rs256"),
]

KEYS = [
    bad("key-foreign", "WrongKey", "A stranger's key under a known kid.", recipe("attacker-es256")),
    bad("key-of-second-issuer", "WrongKey",
        "The second issuer's key under main's name; both sets use the kid. A broker "
        "that pools its key sets accepts it. RFC 8725 section 3.8.",
        recipe("second-es256", {"iss": "https://main.issuer.test"})),
    bad("key-of-main-as-second", "WrongKey", "The other way round: main speaks as second.",
        recipe(claims={"iss": "https://second.issuer.test"})),
    bad("issuer-second-in-seed", "Authority", "A genuine token of the second issuer, which may assert nothing in this "
        "organisation.", recipe("second-es256")),
    bad("issuer-main-in-spare", "Authority", "Main may assert nothing in the second issuer's organisation.",
        recipe(claims={"org_id": "spare-1"})),
    bad("issuer-unknown", "Issuer", "Nobody configured it.", recipe(claims={"iss": "https://unknown.issuer.test"})),
    bad("issuer-trailing-slash", "Issuer", "Compared exactly, not as a URL. RFC 9068 section 4.",
        recipe(claims={"iss": "https://main.issuer.test/"})),
    bad("issuer-upper-case", "Issuer", "As above: no folding of case.",
        recipe(claims={"iss": "https://MAIN.issuer.test"})),
    bad("issuer-part", "Issuer", "A part of the name. CVE-2024-53861.", recipe(claims={"iss": "https://main.issuer"})),
    bad("issuer-absent", "Issuer", "Whose keys would be tried?", recipe(remove=["claims.iss"])),
    bad("issuer-array", "Issuer", "iss is one string.",
        recipe(claims={"iss": ["https://main.issuer.test"]})),
    bad("kid-absent", "Kid", "No guessing among keys.", recipe(remove=["header.kid"])),
    bad("kid-unknown", "Kid", "No fall-back to another key.", recipe(header={"kid": "no-such-key"})),
    bad("kid-empty", "Kid", "Not the same as any.", recipe(header={"kid": ""})),
    bad("kid-number", "Kid", "kid is a string. RFC 7515 section 4.1.4.", recipe(header={"kid": 0})),
    bad("kid-traversal", "Kid", "A kid is a name and no path. RFC 8725 section 3.10.",
        recipe(header={"kid": "../../../../dev/null"})),
    bad("kid-prefix", "Kid", "Compared whole.", recipe(header={"kid": "main-es25"})),
]

HEADER = [
    good("good-typ-application", "at+jwt with its application/ prefix. RFC 7515 section 4.1.9.",
         recipe(header={"typ": "application/at+jwt"})),
    good("good-typ-upper-case", "Media types are compared without regard to case. RFC 7515 section 4.1.9, RFC 2045 "
         "section 5.1.", recipe(header={"typ": "AT+JWT"})),
    good("good-header-unknown", "Header members that are not understood and not critical are ignored. RFC 7515 "
         "section 4.", recipe(header={"note": "nothing depends on this"})),
    good("good-header-long", "A long header within the limit, however the limit is counted.",
         recipe(header={"note": "x" * 600})),
    good("good-header-nested", "Nested JSON within the limit.", from_header_text(nested(10))),
    odd("header-too-deep", "Limit", "More than 16 deep.", from_header_text(nested(20)),
        twin="token-good-header-nested"),
    odd("header-too-long", "Limit", "More than 1,024 bytes of header.", recipe(header={"note": "x" * 1100}),
        twin="token-good-header-long"),
    bad("header-crit", "Critical", "A critical extension nobody knows. RFC 7515 section 4.1.11; CVE-2025-59420.",
        recipe(header={"crit": ["bork"], "bork": True})),
    bad("header-crit-known-name", "Critical", "crit naming a registered claim is still crit.",
        recipe(header={"crit": ["exp"], "exp": 1780000000})),
    bad("header-crit-empty", "Critical", "RFC 7515 section 4.1.11 forbids the empty list.",
        recipe(header={"crit": []})),
    bad("header-b64-true", "Critical", "b64 without crit. RFC 7797 section 6.", recipe(header={"b64": True})),
    bad("header-b64-false", "Critical", "RFC 7797 section 7: never in a JWT.",
        recipe(header={"b64": False, "crit": ["b64"]})),
    odd("header-jku", "KeyInHeader", "A key location chosen by the bearer. RFC 8725 section 3.10.",
        recipe(header={"jku": "https://attacker.test/keys.json"})),
    odd("header-x5u", "KeyInHeader", "Likewise, for certificates.",
        recipe(header={"x5u": "https://attacker.test/x.pem"})),
    odd("header-x5c", "KeyInHeader", "A certificate chosen by the bearer.", recipe(header={"x5c": ["MAAA"]})),
    odd("header-jwk", "KeyInHeader", "A key in the header is refused even where the signature is good.",
        recipe(header={"jwk": OFFERED_KEY})),
    bad("header-jwk-attacker", "KeyInHeader", "The whole attack: signed by the key that the header offers. "
        "CVE-2018-0114.", recipe("attacker-es256", header={"jwk": OFFERED_KEY})),
    bad("header-cty", "Kind", "Nested tokens are refused. RFC 7519 section 5.2.", recipe(header={"cty": "JWT"})),
    bad("typ-jwt", "Kind", "JWT is for issuers that are configured untyped; main is not.",
        recipe(header={"typ": "JWT"})),
    bad("typ-absent", "Kind", "So is a token without typ.", recipe(remove=["header.typ"])),
    bad("typ-secevent", "Kind", "A security event is no access token. RFC 8725 section 3.12, RFC 8417 section 2.3.",
        recipe(header={"typ": "secevent+jwt"})),
    bad("typ-dpop", "Kind", "A proof is no access token. RFC 9449 section 4.2.", recipe(header={"typ": "dpop+jwt"})),
    bad("typ-txntoken", "Kind", "A transaction token is no credential.", recipe(header={"typ": "txntoken+jwt"})),
    bad("typ-id-jag", "Kind", "An assertion grant is meant for an authorization server.",
        recipe(header={"typ": "oauth-id-jag+jwt"})),
    bad("typ-jose", "Kind", "RFC 7515 section 4.1.9 knows the word; an access token does not bear it.",
        recipe(header={"typ": "JOSE"})),
    bad("typ-array", "Kind", "typ is a string.", recipe(header={"typ": ["at+jwt"]})),
    odd("header-duplicate-alg", "Duplicate", "Two parsers, two algorithms. RFC 7515 section 4; RFC 8725 section 2.4.",
        from_header_text('{"alg":"none","kid":"main-es256","typ":"at+jwt","alg":"ES256"}')),
    odd("header-duplicate-escaped", "Duplicate", "The same name, spelled with an escape.",
        from_header_text('{"alg":"ES256","\\u0061lg":"ES256","kid":"main-es256","typ":"at+jwt"}')),
    odd("header-duplicate-equal", "Duplicate", "Twice the same value is twice all the same.",
        from_header_text('{"alg":"ES256","kid":"main-es256","typ":"at+jwt","typ":"at+jwt"}')),
    bad("header-trailing-text", "Json", "Something behind the object.",
        from_header_text('{"alg":"ES256","kid":"main-es256","typ":"at+jwt"}x')),
    bad("header-bom", "Json", "RFC 8259 section 8.1: no byte order mark.",
        from_header_text('\ufeff{"alg":"ES256","kid":"main-es256","typ":"at+jwt"}')),
    bad("header-array", "Json", "The header is an object.", from_header_text('["ES256"]')),
    bad("header-comment", "Json", "JSON has no comments.",
        from_header_text('{"alg":"ES256",/**/"kid":"main-es256","typ":"at+jwt"}')),
]

SIGNATURE = [
    bad("signature-empty", "Signature", "Nothing to verify. CVE-2020-28042.", edited({"signature": "empty"})),
    bad("signature-flipped", "Signature", "One bit differs.", edited({"signature": "flipped"})),
    bad("signature-flipped-eddsa", "Signature", "One bit differs.", edited({"signature": "flipped"}, key="main-eddsa"),
        twin="token-good-eddsa"),
    bad("signature-flipped-ps256", "Signature", "One bit differs.", edited({"signature": "flipped"}, key="main-ps256"),
        twin="token-good-ps256"),
    bad("signature-flipped-rs256", "Signature", "One bit differs.", edited({"signature": "flipped"}, key="main-rs256"),
        twin="token-good-rs256"),
    bad("signature-truncated", "Signature", "One byte is missing.", edited({"signature": "truncated"})),
    bad("signature-longer", "Signature", "64 bytes and one more: r and s have fixed lengths. RFC 7518 section 3.4.",
        edited({"append": "A"})),
    bad("signature-zero", "Signature", "r = s = 0, which verified for any message. CVE-2022-21449.",
        edited({"segments": 2}, {"append": "." + "A" * 86})),
    bad("signature-padded", "Encoding", "RFC 7515 section 2: no padding.", edited({"signature": "padded"})),
    odd("signature-trailing-bits", "Encoding", "Unused bits that are not zero: a second spelling of the same token. "
        "RFC 4648 section 3.5.", edited({"signature": "trailing_bits"})),
    bad("encoding-impossible-length", "Encoding", "4n + 1 characters encode nothing.", edited({"append": "AAA"})),
    bad("encoding-line-break-after", "Encoding", "A trailing newline is a foreign character. RFC 4648 section 3.3.",
        edited({"append": "\n"})),
    bad("encoding-space-before", "Encoding", "Nothing is trimmed.", edited({"prepend": " "})),
    bad("encoding-bearer-before", "Encoding", "The Password holds the token alone.", edited({"prepend": "Bearer "})),
    bad("encoding-foreign-character", "Encoding", "Lenient decoders skip it. RFC 4648 section 3.3.",
        edited({"append": "!"})),
    bad("encoding-plus", "Encoding", "A character of the other base64 alphabet.", edited({"append": "+A"})),
    bad("segments-one", "Shape", "A header alone.", edited({"segments": 1})),
    bad("segments-two", "Shape", "No signature and no dot for it.", edited({"segments": 2})),
    bad("segments-four", "Shape", "One part too many.", edited({"segments": 4})),
    bad("segments-five", "Shape", "The shape of a JWE. RFC 7516 section 3.1.", edited({"segments": 5})),
    bad("segments-trailing-dot", "Shape", "An empty fourth part.", edited({"append": "."})),
    bad("text-empty", "Shape", "No token. CVE-2016-9877 let the Password be left out.", edited({"replace": ""})),
    bad("text-dots", "Shape", "Three empty parts.", edited({"replace": ".."})),
    bad("text-word", "Shape", "No token at all.", edited({"replace": "password"})),
    bad("text-json-serialization", "Shape",
        "RFC 7515 section 7.2: another serialization. CVE-2022-39227 mixed the two.",
        edited({"replace": '{"payload":"e30","protected":"e30","signature":"AAAA"}'})),
]

CLAIMS = [
    good("good-aud-array", "An array of the one audience. RFC 7519 section 4.1.3.",
         recipe(claims={"aud": ["mqtt://broker.test"]})),
    good("good-nbf", "nbf is optional, and in the past here.", recipe(times={"nbf": -10})),
    good("good-nbf-fraction", "Dates are JSON numbers; fractions are allowed. RFC 7519 section 2.",
         recipe(claims={"nbf": 1.5})),
    good("good-iat-skew", "20 s ahead: clocks differ.", recipe(times={"iat": 20})),
    good("good-longest-life", "exp - iat is exactly the maximum.", recipe(times={"iat": 0, "exp": 3600})),
    good("good-claim-unknown", "Claims that are not understood are ignored. RFC 7519 section 4; RFC 9068 section 2.2 "
         "demands client_id.", recipe(claims={"client_id": "any", "email": "scout@example.test"})),
    good("good-sub-differs", "sub need not equal the principal.", recipe(claims={"sub": "urn:example:4711"})),
    good("good-large", "A large token within the limit.", recipe(claims={"note": "x" * 5600})),
    odd("too-large", "Limit", "More than 8,192 bytes.", recipe(claims={"note": "x" * 6400}), twin="token-good-large"),
    odd("too-deep", "Limit", "2,500 levels, within the limit of size. CVE-2020-36518: a parser's stack ran out.",
        edited({"payload_text": "[" * 2500 + "]" * 2500})),
    bad("expired", "Expired", "A token of yesterday. RFC 7519 section 4.1.4.", recipe(times={"iat": -120, "exp": -60})),
    odd("exp-now", "Expired", "On or after exp is after. RFC 7519 section 4.1.4.",
        recipe(times={"iat": -300, "exp": 0})),
    bad("exp-absent", "Times", "A token without an end.", recipe(remove=["claims.exp"])),
    bad("exp-string", "Times", "Dates are numbers, not their text. RFC 7519 section 2.",
        recipe(claims={"exp": "9999999999"})),
    bad("exp-null", "Times", "null is no number.", recipe(claims={"exp": None})),
    bad("exp-huge", "Times", "A number that no clock reaches.", recipe(claims={"exp": 1e300})),
    bad("iat-absent", "Times", "The life of the token is unknown.", recipe(remove=["claims.iat"])),
    bad("iat-ahead", "NotYet", "Issued a minute from now; 30 s are allowed.", recipe(times={"iat": 60})),
    bad("iat-string", "Times", "Dates are numbers.", recipe(claims={"iat": "1780000000"})),
    bad("nbf-ahead", "NotYet", "Not before a minute from now. RFC 7519 section 4.1.5.", recipe(times={"nbf": 60})),
    bad("nbf-string", "Times", "Text where a number belongs; read leniently it would be 1970.",
        recipe(claims={"nbf": "0"}), twin="token-good-nbf-fraction"),
    bad("life-too-long", "Times", "exp - iat is one second more than the maximum.",
        recipe(times={"iat": 0, "exp": 3601}),
        twin="token-good-longest-life"),
    bad("life-too-long-backdated", "Times", "It ends soon, and began too long ago.",
        recipe(times={"iat": -7200, "exp": 300})),
    bad("aud-other", "Audience", "A token for somebody else. RFC 8725 section 3.9.",
        recipe(claims={"aud": "mqtt://elsewhere.test"})),
    odd("aud-two", "Audience", "The other audience could use the token here.",
        recipe(claims={"aud": ["mqtt://broker.test", "mqtt://elsewhere.test"]}), twin="token-good-aud-array"),
    bad("aud-longer", "Audience", "Compared whole.",
        recipe(claims={"aud": "mqtt://broker.test/"})),
    bad("aud-empty-array", "Audience", "Nobody is not us. CVE-2020-26160.", recipe(claims={"aud": []}),
        twin="token-good-aud-array"),
    bad("aud-number", "Audience", "aud is a string or an array of one.", recipe(claims={"aud": 1})),
    bad("aud-array-mixed", "Audience", "Members of aud are strings. RFC 7519 section 4.1.3.",
        recipe(claims={"aud": ["mqtt://broker.test", None]}), twin="token-good-aud-array"),
    bad("aud-absent", "Audience", "Nothing to check is no check passed. RFC 8725 section 3.9.",
        recipe(remove=["claims.aud"])),
    bad("sub-absent", "Required", "RFC 9068 section 2.2: sub is required.", recipe(remove=["claims.sub"])),
    bad("sub-empty", "Required", "The empty subject.", recipe(claims={"sub": ""})),
    bad("sub-number", "Required", "sub is a string. RFC 7519 section 4.1.2.", recipe(claims={"sub": 7})),
    bad("jti-absent", "Required", "Without jti no token can be revoked alone.", recipe(remove=["claims.jti"])),
    bad("jti-empty", "Required", "The empty jti.", recipe(claims={"jti": ""})),
    bad("act", "Narrowing", "A delegated token is refused where delegation is not enforced. RFC 8693 section 4.1.",
        recipe(claims={"act": {"sub": "scout"}})),
    bad("cnf", "Narrowing", "Bound to a key of which no proof was asked. RFC 7800 section 3.1.",
        recipe(claims={"cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}})),
    bad("authorization-details", "Narrowing", "Rights that were narrowed and not enforced. RFC 9396 section 9.1.",
        recipe(claims={"authorization_details": [{"type": "mqtt_agent_acl"}]})),
    bad("authorization-details-empty", "Narrowing", "The empty grant list grants nothing.",
        recipe(claims={"authorization_details": []})),
    bad("events", "Kind", "A security event token. RFC 8417 section 2.2.", recipe(claims={"events": {}})),
    bad("at-hash", "Kind", "An ID token. OpenID Connect Core section 3.1.3.6.",
        recipe(claims={"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"})),
    bad("payload-array", "Json", "The claims are an object.", edited({"payload_text": "[]"})),
    bad("payload-text", "Json", "Not JSON.", edited({"payload_text": "hello"})),
    bad("payload-token", "Json", "A token inside a token. RFC 8725 section 3.11.",
        edited({"payload_text": "eyJhbGciOiJub25lIn0.e30."})),
]


def principal(**claims):
    """A recipe with exactly these claims, and a subject that does not depend on them."""
    return {"key": "main-es256", "claims": {"sub": "scout", **claims}}


def misnamed(name, comment, twin="token-good-es256", **claims):
    return bad(f"claim-{name}", "Grammar", comment, principal(**{**SCOUT, **claims}), twin, rule="CLM-01")


PRINCIPALS = [
    good("good-user", "A user alone.", principal(org_id="seed", user_id="ann")),
    good("good-server", "A server alone.", principal(org_id="seed", server_id="files")),
    good("good-tool", "A tool alone.", principal(org_id="seed", tool_id="search")),
    good("good-name-longest", "128 characters.", principal(org_id="seed", agent_id="a" * 128)),
    good("good-name-all-kinds", "Every kind of character.", principal(org_id="seed", agent_id="0Az.b_c-9.")),
    good("good-name-null", "No name is special; brokers have confused this one with nothing.",
         principal(org_id="seed", agent_id="null")),
    misnamed("plus", "CVE-2017-7650.", agent_id="+"),
    misnamed("hash", "CVE-2017-7650.", agent_id="#"),
    misnamed("slash", "A name that reaches a level deeper.", agent_id="scout/x"),
    misnamed("empty", "The empty name.", agent_id=""),
    misnamed("leading-dot", "The first character is a letter or a digit.", agent_id=".scout"),
    misnamed("dot-dot", "No path either.", agent_id=".."),
    misnamed("leading-dollar", "Names of the broker's own.", agent_id="$SYS"),
    misnamed("too-long", "129 characters.", twin="token-good-name-longest", agent_id="a" * 129),
    misnamed("trailing-newline", "Where $ of a regular expression matches before the last newline.",
             agent_id="scout\n"),
    misnamed("trailing-space", "Nothing is trimmed.", agent_id="scout "),
    misnamed("control", "A control character.", agent_id="sc\u0001out"),
    misnamed("not-ascii", "A letter that looks the same: Cyrillic o.", agent_id="sc\u043eut"),
    misnamed("placeholder", "Never expanded again.", agent_id="{$self}"),
    misnamed("star", "A wildcard of another language.", agent_id="*"),
    misnamed("number", "A string, always.", agent_id=7),
    misnamed("boolean", "A string, always.", agent_id=True),
    misnamed("null", "A string, always.", agent_id=None),
    misnamed("array", "A string, always.", agent_id=["scout"]),
    misnamed("object", "A string, always.", agent_id={"id": "scout"}),
    misnamed("org-slash", "An organisation that reaches into another tree.", org_id="seed/x"),
    misnamed("org-empty", "The empty organisation.", org_id=""),
    misnamed("org-array", "One organisation, and a string.", org_id=["seed"]),
    misnamed("org-null", "Not the organisation of nobody.", org_id=None),
    misnamed("beside-null", "A malformed reserved claim refuses the token, also beside a good one.", user_id=None),
    misnamed("beside-empty", "Likewise.", tool_id=""),
    bad("org-absent", "Principals", "No tree to be in; brokers have put all such clients into one.",
        principal(agent_id="scout"), rule="CLM-03"),
    bad("org-upper-case", "Authority", "Seed is not seed, and nobody may assert it.",
        principal(org_id="Seed", agent_id="scout")),
    bad("principal-none", "Principals", "Nobody; sub is no principal.", principal(org_id="seed"), rule="CLM-03"),
    bad("principal-agent-and-server", "Principals", "Two workloads.", principal(**SCOUT, server_id="files"),
        rule="CLM-03"),
    bad("principal-agent-and-tool", "Principals", "Two workloads.", principal(**SCOUT, tool_id="search"),
        rule="CLM-03"),
    bad("principal-agent-and-user", "Principals", "A user and an agent are a delegation, and this is none.",
        principal(**SCOUT, user_id="ann"), rule="CLM-03"),
    bad("principal-same-name", "Principals", "Two principals that happen to share a name are two.",
        principal(**SCOUT, server_id="scout"), rule="CLM-03"),
    bad("principal-four", "Principals", "All at once.",
        principal(**SCOUT, server_id="files", tool_id="search", user_id="ann"), rule="CLM-03"),
    bad("principal-delegated", "Narrowing", "A consistent delegated token, for a broker of class delegation only.",
        principal(**{**SCOUT, "user_id": "ann", "sub": "ann", "act": {"sub": "scout"}}), rule="AUTH-02"),
]

FILES = {
    "algorithms": ("Algorithms and keys that are confused with each other.", ALGORITHMS),
    "keys": ("Whose key signed, whose name is on the token, and what that issuer may say.", KEYS),
    "header": ("Header members: kind of token, critical extensions, keys from strangers, JSON.", HEADER),
    "signature": ("Signatures that do not verify, and texts that are no compact serialization.", SIGNATURE),
    "claims": ("Audience, times, required and narrowing claims.", CLAIMS),
    "principals": ("The reserved claims: form, and exactly one principal.", PRINCIPALS),
}
