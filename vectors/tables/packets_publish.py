"""PUBLISH and its acknowledgements (MQTT 5.0 sections 3.3 to 3.7)."""

from .assembler import cut, good, malformed, protocol, wrong


def publish(**said):
    return {"type": "PUBLISH", "dup": False, "qos": 0, "retain": False, "topic": "sub", "properties": [], "payload": "78",
            **said}


def with_properties(name, comment, bytes_of, *properties):
    return good(f"publish-{name}", comment, f"30 (<sub> ({bytes_of}) 'x')", publish(properties=list(properties)))


def utf8(name, comment, topic):
    return good(f"publish-topic-{name}", comment, f"30 (<{topic}> () 'x')", publish(topic=topic))


GOOD = [
    good("publish-qos-0", "QoS 0.", "30 (<sub> () 'x')", publish()),
    good("publish-qos-1", "QoS 1.", "32 (<sub> 0001 () 'x')", publish(qos=1, id=1)),
    good("publish-qos-2", "QoS 2.", "34 (<sub> ffff () 'x')", publish(qos=2, id=65535)),
    good("publish-dup", "Sent again.", "3a (<sub> 0001 () 'x')", publish(dup=True, qos=1, id=1)),
    good("publish-dup-qos-2", "Likewise.", "3c (<sub> 0001 () 'x')", publish(dup=True, qos=2, id=1)),
    good("publish-retain", "Retained.", "31 (<sub> () 'x')", publish(retain=True)),
    good("publish-all-flags", "DUP, QoS 2 and RETAIN.", "3d (<sub> 0102 () 'x')",
         publish(dup=True, qos=2, retain=True, id=258)),
    good("publish-empty-payload", "No payload is one of no bytes.", "30 (<sub> ())", publish(payload="")),
    good("publish-binary-payload", "Any bytes.", "30 (<sub> () 00ff80)", publish(payload="00ff80")),
    good("publish-128", "The first length of two bytes.", f"30 (<sub> () {'78' * 122})", publish(payload="78" * 122)),
    good("publish-127", "The last of one.", f"30 (<sub> () {'78' * 121})", publish(payload="78" * 121)),
    good("publish-16383", "The last of two.", f"30 (<sub> () {'78' * 16377})", publish(payload="78" * 16377)),
    good("publish-16384", "The first of three.", f"30 (<sub> () {'78' * 16378})", publish(payload="78" * 16378)),
    utf8("one-letter", "The shortest.", "a"),
    utf8("slash", "Two empty levels.", "/"),
    utf8("spaces", "Spaces are characters.", " a /b "),
    utf8("dollar", "The codec does not judge $.", "$SYS/x"),
    utf8("unicode", "Two, three and four bytes.", "sub/\u00e9/\u20ac/\U0001f989"),
    utf8("byte-order-mark", "U+FEFF is a character and stays. MQTT-1.5.4-3.", "\ufeffa"),
    utf8("last-character", "U+10FFFD, in the last plane.", "\U0010fffd"),
    with_properties("payload-format", "UTF-8.", "01 01", ["Payload Format Indicator", 1]),
    with_properties("expiry", "A minute.", "02 0000003c", ["Message Expiry Interval", 60]),
    with_properties("expiry-zero", "0 is a value.", "02 00000000", ["Message Expiry Interval", 0]),
    with_properties("content-type", "A string.", "03 <text/plain>", ["Content Type", "text/plain"]),
    with_properties("content-type-empty", "The empty string is one.", "03 <>", ["Content Type", ""]),
    with_properties("response", "Request and response.", "08 <r/1> 09 <:00ff>", ["Response Topic", "r/1"],
                    ["Correlation Data", "00ff"]),
    with_properties("correlation-empty", "Binary data of no bytes.", "09 <>", ["Correlation Data", ""]),
    with_properties("alias", "A topic and its alias.", "23 0001", ["Topic Alias", 1]),
    good("publish-alias-alone", "The alias in the topic's place.", "30 (<> (23 ffff) 'x')",
         publish(topic="", properties=[["Topic Alias", 65535]])),
    with_properties("user-properties", "In order, the same twice.", "26 <b> <1> 26 <a> <2> 26 <b> <1>",
                    ["User Property", "b", "1"], ["User Property", "a", "2"], ["User Property", "b", "1"]),
    with_properties("all-properties", "All that a client's PUBLISH can have.",
                    "01 00 02 00000001 23 0002 08 <r> 09 <:01> 26 <k> <v> 03 <t>",
                    ["Payload Format Indicator", 0], ["Message Expiry Interval", 1], ["Topic Alias", 2],
                    ["Response Topic", "r"], ["Correlation Data", "01"], ["User Property", "k", "v"], ["Content Type", "t"]),
    good("publish-from-server", "Which subscription it is for.", "30 (<sub> (0b 01) 'x')",
         publish(properties=[["Subscription Identifier", 1]]), "server"),
    good("publish-from-server-two", "Which two.", "30 (<sub> (0b 01 0b ffffff7f) 'x')",
         publish(properties=[["Subscription Identifier", 1], ["Subscription Identifier", 268435455]]), "server"),
    good("publish-followed", "Another packet follows; this one has 8 bytes.", "30 (<sub> () 'x') c0 00", publish(), size=9),
    cut("publish-no-length", "The first byte.", "30"),
    cut("publish-length-half", "Half of its length.", "30 80"),
    cut("publish-body-missing", "Its length alone.", "30 09"),
    cut("publish-body-half", "Half of the topic.", "30 09 0003 's'"),
]

QOS_0, QOS_1 = "publish-qos-0", "publish-qos-1"
ALL = "publish-all-properties"


def spoilt(name, maker, statement, comment, properties, twin=ALL, **rest):
    return maker(f"publish-{name}", statement, comment, f"30 (<sub> ({properties}) 'x')", twin, **rest)


def topic(name, statement, comment, text, maker=malformed, **rest):
    return maker(f"publish-topic-{name}", statement, comment, f"30 ({text} () 'x')", "publish-topic-unicode", **rest)


BAD = [
    malformed("publish-qos-3", "MQTT-3.3.1-4", "Both bits of QoS.", "36 (<sub> 0001 () 'x')", QOS_1),
    wrong("publish-dup-qos-0", "MQTT-3.3.1-2", "Nothing is sent again at QoS 0.", "38 (<sub> () 'x')", "publish-dup",
          layer="form"),
    wrong("publish-id-zero", "MQTT-2.2.1-3", "Packet Identifier 0.", "32 (<sub> 0000 () 'x')", QOS_1),
    wrong("publish-id-zero-qos-2", "MQTT-2.2.1-3", "Packet Identifier 0.", "34 (<sub> 0000 () 'x')", "publish-qos-2"),
    protocol("publish-no-topic", "MQTT 5.0 section 3.3.2.1", "Neither topic nor alias.", "30 (<> () 'x')",
             "publish-alias-alone", layer="meaning"),
    wrong("publish-topic-hash", "MQTT-3.3.2-2", "A wildcard.", "30 (<#> () 'x')", QOS_0, "0x81 0x82 0x90"),
    wrong("publish-topic-plus", "MQTT-3.3.2-2", "A wildcard.", "30 (<a/+> () 'x')", QOS_0, "0x81 0x82 0x90"),
    wrong("publish-topic-plus-inside", "MQTT-4.7.1-1", "Not even inside a level.", "30 (<a+b> () 'x')", QOS_0,
          "0x81 0x82 0x90"),
    topic("stray", "MQTT-1.5.4-1", "A byte that begins nothing.", "<:61ff>"),
    topic("continuation", "MQTT-1.5.4-1", "A continuation byte first.", "<:80>"),
    topic("cut", "MQTT-1.5.4-1", "A character that ends early.", "<:c3>"),
    topic("cut-by-slash", "MQTT-1.5.4-1", "And one that a slash cuts.", "<:e2822f>"),
    topic("overlong", "MQTT-1.5.4-1", "A slash in two bytes: the one that a check for / overlooks.", "<:c0af>"),
    topic("overlong-nul", "MQTT-1.5.4-1", "NUL in two bytes, as Java writes it.", "<:c080>"),
    topic("overlong-3", "MQTT-1.5.4-1", "A slash in three.", "<:e080af>"),
    topic("overlong-4", "MQTT-1.5.4-1", "And in four.", "<:f08080af>"),
    topic("surrogate", "MQTT-1.5.4-1", "U+D800.", "<:eda080>"),
    topic("surrogate-last", "MQTT-1.5.4-1", "U+DFFF.", "<:edbfbf>"),
    topic("surrogate-pair", "MQTT-1.5.4-1", "A pair of them, as CESU-8 writes an owl.", "<:eda0beedb689>"),
    topic("beyond-unicode", "MQTT-1.5.4-1", "U+110000.", "<:f4908080>"),
    topic("five-bytes", "MQTT-1.5.4-1", "A form that UTF-8 gave up.", "<:f888808080>"),
    topic("nul", "MQTT-1.5.4-2", "U+0000.", "<:610062>"),
    malformed("publish-topic-beyond", "MQTT-2.1.4", "A topic longer than the packet.", "30 02 0005", QOS_0),
    malformed("publish-empty", "MQTT-2.1.4", "Nothing.", "30 ()", QOS_0),
    malformed("publish-no-properties", "MQTT-2.1.4", "The end in place of the Property Length.", "30 (<sub>)",
              "publish-empty-payload"),
    malformed("publish-no-id", "MQTT-2.1.4", "The end in place of the identifier.", "32 (<sub>)", QOS_1),
    malformed("publish-id-half", "MQTT-2.1.4", "Half of it.", "32 (<sub> 00)", QOS_1),
    malformed("publish-properties-beyond", "MQTT-2.1.4", "A section longer than the packet.", "30 (<sub> 05 01 01)",
              "publish-payload-format"),
    wrong("publish-subscription-identifier", "MQTT-3.3.4-6", "A client does not say it.", "30 (<sub> (0b 01) 'x')", ALL),
    spoilt("payload-format-twice", protocol, "MQTT 5.0 section 2.2.2.2", "Twice.", "01 01 01 01", "publish-payload-format"),
    spoilt("expiry-twice", protocol, "MQTT 5.0 section 3.3.2.3.3", "Twice.", "02 0000003c 02 0000003c", "publish-expiry"),
    spoilt("alias-twice", protocol, "MQTT 5.0 section 3.3.2.3.4", "Twice.", "23 0001 23 0001", "publish-alias"),
    spoilt("response-twice", protocol, "MQTT 5.0 section 3.3.2.3.5", "Twice.", "08 <r> 08 <s>", "publish-response"),
    spoilt("correlation-twice", protocol, "MQTT 5.0 section 3.3.2.3.6", "Twice.", "09 <:00> 09 <:00>", "publish-response"),
    spoilt("content-type-twice", protocol, "MQTT 5.0 section 3.3.2.3.9", "Twice.", "03 <a> 03 <a>", "publish-content-type"),
    spoilt("response-hash", wrong, "MQTT-3.3.2-14", "A wildcard.", "08 <r/#>", "publish-response", codes="0x81 0x82 0x90"),
    spoilt("response-plus", wrong, "MQTT-3.3.2-14", "A wildcard.", "08 <+/r>", "publish-response", codes="0x81 0x82 0x90"),
    spoilt("response-not-utf8", malformed, "MQTT-3.3.2-13", "A stray byte.", "08 <:ff>", "publish-response"),
    spoilt("content-type-not-utf8", malformed, "MQTT-3.3.2-19", "A stray byte.", "03 <:ff>", "publish-content-type"),
    spoilt("foreign-session-expiry", malformed, "MQTT 5.0 section 2.2.2.2", "A property of CONNECT.", "11 00000000"),
    spoilt("foreign-reason-string", malformed, "MQTT 5.0 section 2.2.2.2", "A property of answers.", "1f <r>"),
    spoilt("foreign-will-delay", malformed, "MQTT 5.0 section 2.2.2.2", "A property of wills.", "18 00000000"),
    spoilt("property-unknown", malformed, "MQTT 5.0 section 2.2.2.2", "No such identifier.", "0a 00"),
    spoilt("property-cut", malformed, "MQTT-2.1.4", "A value that the section cuts.", "02 0000", "publish-expiry"),
    spoilt("pair-half", malformed, "MQTT-2.1.4", "A name without value.", "26 <k>", "publish-user-properties"),
    protocol("publish-from-server-identifier-zero", "MQTT 5.0 section 3.8.2.1.2", "1 to 268,435,455.",
             "30 (<sub> (0b 00) 'x')", "publish-from-server", sender="server"),
    malformed("publish-from-server-qos-3", "MQTT-3.3.1-4", "From either side.", "36 (<sub> 0001 () 'x')",
              "publish-from-server", sender="server"),
    malformed("publish-from-server-not-utf8", "MQTT-1.5.4-1", "From either side.", "30 (<:ff> () 'x')",
              "publish-from-server", sender="server"),
    malformed("publish-length-overlong", "MQTT-1.5.5-1", "A length in a byte too many.", "30 8600 0003 'sub' 00", QOS_0),
    malformed("publish-length-five", "MQTT-1.5.5-1", "A length of five bytes.", "30 8080808001", "publish-16384"),
    malformed("publish-length-endless", "MQTT-1.5.5-1", "Of all ones.", "30 ffffffffff", "publish-16384"),
]


def ack(kind, **said):
    return {"type": kind, "id": 1, "code": "0x00", "properties": [], **said}


# First byte, the statement about its codes, a code that it has, one that only others have.
KINDS = {
    "PUBACK": ("40", "MQTT-3.4.2-1", "87", "92"),
    "PUBREC": ("50", "MQTT-3.5.2-1", "97", "8e"),
    "PUBREL": ("62", "MQTT-3.6.2-1", "92", "87"),
    "PUBCOMP": ("70", "MQTT-3.7.2-1", "92", "10"),
}


def acks(kind):
    """What is the same of all four."""
    first, codes, known, unknown = KINDS[kind]
    low, flagged = kind.lower(), "60" if kind == "PUBREL" else first[0] + "1"
    return [
        good(f"{low}-short", "Two bytes mean 0x00. Section 3.4.2.1.", f"{first} (0001)", ack(kind)),
        good(f"{low}-code", "A code and no Property Length.", f"{first} (0001 {known})", ack(kind, code=f"0x{known}")),
        good(f"{low}-properties", "All that it can have.", f"{first} (0001 {known} (1f <r> 26 <k> <v> 26 <k> <v>))",
             ack(kind, code=f"0x{known}", properties=[["Reason String", "r"], ["User Property", "k", "v"],
                                                      ["User Property", "k", "v"]])),
        good(f"{low}-no-properties", "A Property Length of 0.", f"{first} (0001 00 ())", ack(kind)),
        good(f"{low}-from-server", "From the other side.", f"{first} (abcd)", ack(kind, id=43981), "server"),
        wrong(f"{low}-id-zero", "MQTT-2.2.1-3", "Packet Identifier 0.", f"{first} (0000)", f"{low}-short"),
        malformed(f"{low}-id-half", "MQTT-2.1.4", "Half an identifier.", f"{first} (00)", f"{low}-short"),
        malformed(f"{low}-empty", "MQTT-2.1.4", "Nothing.", f"{first} ()", f"{low}-short"),
        malformed(f"{low}-trailing-byte", "MQTT-2.1.4", "A byte too many.", f"{first} (0001 00 () 00)",
                  f"{low}-no-properties"),
        malformed(f"{low}-header-flags", "MQTT-3.6.1-1" if kind == "PUBREL" else "MQTT-2.1.3-1",
                  "Flags of the fixed header.", f"{flagged} (0001)", f"{low}-short"),
        wrong(f"{low}-code-unknown", codes, "A code of other packets.", f"{first} (0001 {unknown})", f"{low}-code"),
        malformed(f"{low}-property-foreign", "MQTT 5.0 section 2.2.2.2", "A property of PUBLISH.",
                  f"{first} (0001 00 (01 00))", f"{low}-properties"),
        protocol(f"{low}-reason-string-twice", "MQTT 5.0 section 2.2.2.2", "Twice.",
                 f"{first} (0001 00 (1f <r> 1f <r>))", f"{low}-properties"),
    ]


FILES = {
    "publish-good": ("PUBLISH as it can be.", GOOD),
    "publish-bad": ("PUBLISH as it cannot be.", BAD),
    "acknowledgements": ("PUBACK, PUBREC, PUBREL, PUBCOMP.", [vector for kind in KINDS for vector in acks(kind)]),
}
