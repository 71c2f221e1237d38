"""CONNECT and CONNACK (MQTT 5.0 sections 3.1 and 3.2)."""

from .assembler import cut, good, malformed, protocol, wrong

START = "<MQTT> 05"


def connect(**said):
    return {"type": "CONNECT", "clean_start": True, "keep_alive": 60, "properties": [], "client_id": "c", **said}


def will(**said):
    return {"qos": 0, "retain": False, "properties": [], "topic": "sub", "payload": "6d", **said}


def with_properties(name, comment, bytes_of, *properties):
    return good(f"connect-{name}", comment, f"10 ({START} 02 003c ({bytes_of}) <c>)", connect(properties=list(properties)))


def with_will(name, comment, bytes_of, *properties):
    return good(f"connect-will-{name}", comment, f"10 ({START} 06 003c () <c> ({bytes_of}) <sub> <m>)",
                connect(will=will(properties=list(properties))))


GOOD = [
    good("connect-minimal", "No will, no user name, no password.", f"10 ({START} 02 003c () <c>)", connect()),
    good("connect-resumes", "Clean Start 0.", f"10 ({START} 00 003c () <c>)", connect(clean_start=False)),
    good("connect-no-client-id", "The server is asked to assign one. Section 3.1.3.1.", f"10 ({START} 02 003c () <>)",
         connect(client_id="")),
    good("connect-keep-alive-none", "0 turns it off.", f"10 ({START} 02 0000 () <c>)", connect(keep_alive=0)),
    good("connect-keep-alive-most", "65,535 s.", f"10 ({START} 02 ffff () <c>)", connect(keep_alive=65535)),
    good("connect-username", "User Name alone.", f"10 ({START} 82 003c () <c> <u>)", connect(username="u")),
    good("connect-password", "Password alone: new in MQTT 5.0. Section 3.1.2.9.", f"10 ({START} 42 003c () <c> <:00ff>)",
         connect(password="00ff")),
    good("connect-username-password", "Both, in this order.", f"10 ({START} c2 003c () <c> <u> <p>)",
         connect(username="u", password="70")),
    good("connect-empty-username-password", "Both present and empty.", f"10 ({START} c2 003c () <c> <> <>)",
         connect(username="", password="")),
    good("connect-unicode", "A string is UTF-8, and U+FEFF in it is a character. MQTT-1.5.4-3.",
         f"10 ({START} 02 003c () <\ufeff\u00e9\U0001f989>)", connect(client_id="\ufeff\u00e9\U0001f989")),
    good("connect-long-client-id", "200 bytes: two bytes of Remaining Length.", f"10 ({START} 02 003c () <{'c' * 200}>)",
         connect(client_id="c" * 200)),
    with_properties("session-expiry", "Session Expiry Interval.", "11 00000e10", ["Session Expiry Interval", 3600]),
    with_properties("session-forever", "0xFFFFFFFF: it does not expire.", "11 ffffffff",
                    ["Session Expiry Interval", 4294967295]),
    with_properties("receive-maximum-least", "Receive Maximum.", "21 0001", ["Receive Maximum", 1]),
    with_properties("receive-maximum-most", "Receive Maximum.", "21 ffff", ["Receive Maximum", 65535]),
    with_properties("maximum-packet-size", "Maximum Packet Size.", "27 00000001", ["Maximum Packet Size", 1]),
    with_properties("alias-maximum", "0 is a value: no aliases.", "22 0000", ["Topic Alias Maximum", 0]),
    with_properties("request-response", "Request Response Information.", "19 01", ["Request Response Information", 1]),
    with_properties("request-problem", "Request Problem Information.", "17 00", ["Request Problem Information", 0]),
    with_properties("user-property", "A pair.", "26 <k> <v>", ["User Property", "k", "v"]),
    with_properties("user-properties", "The same name twice, in order; a name and a value that are empty.",
                    "26 <k> <2> 26 <k> <1> 26 <> <>", ["User Property", "k", "2"], ["User Property", "k", "1"],
                    ["User Property", "", ""]),
    with_properties("method", "Authentication Method.", "15 <m>", ["Authentication Method", "m"]),
    with_properties("method-data", "And its data.", "15 <m> 16 <:00ff>", ["Authentication Method", "m"],
                    ["Authentication Data", "00ff"]),
    with_properties("data-method", "Properties stand in any order. Section 2.2.2.", "16 <> 15 <m>",
                    ["Authentication Data", ""], ["Authentication Method", "m"]),
    with_properties("all-properties", "All that a CONNECT can have.",
                    "11 00000001 21 0002 27 00000003 22 0004 19 00 17 01 26 <a> <b> 15 <m> 16 <:01>",
                    ["Session Expiry Interval", 1], ["Receive Maximum", 2], ["Maximum Packet Size", 3],
                    ["Topic Alias Maximum", 4], ["Request Response Information", 0], ["Request Problem Information", 1],
                    ["User Property", "a", "b"], ["Authentication Method", "m"], ["Authentication Data", "01"]),
    with_will("plain", "A will.", ""),
    good("connect-will-qos-1", "QoS 1.", f"10 ({START} 0e 003c () <c> () <sub> <m>)", connect(will=will(qos=1))),
    good("connect-will-qos-2", "QoS 2.", f"10 ({START} 16 003c () <c> () <sub> <m>)", connect(will=will(qos=2))),
    good("connect-will-retain", "Retained.", f"10 ({START} 26 003c () <c> () <sub> <m>)", connect(will=will(retain=True))),
    good("connect-will-empty", "An empty payload.", f"10 ({START} 06 003c () <c> () <sub> <>)",
         connect(will=will(payload=""))),
    with_will("all-properties", "All that a will can have.",
              "18 00000005 01 01 02 0000003c 03 <t> 08 <r> 09 <:0a> 26 <k> <v>",
              ["Will Delay Interval", 5], ["Payload Format Indicator", 1], ["Message Expiry Interval", 60],
              ["Content Type", "t"], ["Response Topic", "r"], ["Correlation Data", "0a"], ["User Property", "k", "v"]),
    good("connect-everything", "Will, user name and password, in the order of section 3.1.3.",
         f"10 ({START} f6 003c (11 00000001) <c> (18 00000001) <sub> <m> <u> <p>)",
         connect(properties=[["Session Expiry Interval", 1]], username="u", password="70",
                 will=will(qos=2, retain=True, properties=[["Will Delay Interval", 1]]))),
    cut("connect-half", "Half of it.", "10 0e 0004 'MQTT' 05 02"),
    cut("connect-without-last-byte", "All but a byte.", "10 0e 0004 'MQTT' 05 02 003c 00 0001"),
]


def flags(name, statement, comment, byte, codes="0x81 0x82", maker=malformed, rest=""):
    return maker(f"connect-{name}", statement, comment, f"10 ({START} {byte} 003c () <c> {rest})", "connect-minimal", codes)


def spoilt(name, maker, statement, comment, properties, twin, **rest):
    return maker(f"connect-{name}", statement, comment, f"10 ({START} 02 003c ({properties}) <c>)", f"connect-{twin}", **rest)


def twice(name, properties, twin):
    return spoilt(f"{name}-twice", protocol, "MQTT 5.0 section 2.2.2.2", "No property but User Property stands twice.",
                  properties, twin)


def foreign(name, what, properties):
    return spoilt(f"foreign-{name}", malformed, "MQTT 5.0 section 2.2.2.2", f"{what} belongs to other packets.", properties,
                  "all-properties")


def will_spoilt(name, maker, statement, comment, properties, twin="all-properties", **rest):
    return maker(f"connect-will-{name}", statement, comment, f"10 ({START} 06 003c () <c> ({properties}) <sub> <m>)",
                 f"connect-will-{twin}", **rest)


MINIMAL = "connect-minimal"

BAD = [
    wrong("connect-name-other", "MQTT-3.1.2-1", "Another protocol.", "10 (<MQTX> 05 02 003c () <c>)", MINIMAL, "0x84"),
    wrong("connect-name-lower-case", "MQTT-3.1.2-1", "Byte for byte.", "10 (<mqtt> 05 02 003c () <c>)", MINIMAL, "0x84"),
    wrong("connect-name-3-1", "MQTT-3.1.2-1", "MQTT 3.1.", "10 (<MQIsdp> 03 02 003c <c>)", MINIMAL, "0x84"),
    wrong("connect-name-empty", "MQTT-3.1.2-1", "No name.", "10 (<> 05 02 003c () <c>)", MINIMAL, "0x84"),
    wrong("connect-level-4", "MQTT-3.1.2-2", "MQTT 3.1.1.", "10 (<MQTT> 04 02 003c <c>)", MINIMAL, "0x84"),
    wrong("connect-level-6", "MQTT-3.1.2-2", "A version to come.", "10 (<MQTT> 06 02 003c () <c>)", MINIMAL, "0x84"),
    wrong("connect-level-bridge", "MQTT-3.1.2-2", "The high bit with which some brokers mark a bridge.",
          "10 (<MQTT> 85 02 003c () <c>)", MINIMAL, "0x84"),
    flags("reserved-flag", "MQTT-3.1.2-3", "The reserved flag.", "03", codes="0x81"),
    flags("will-qos-without-will", "MQTT-3.1.2-11", "Will QoS without Will Flag.", "0a", maker=wrong),
    flags("will-qos-3", "MQTT-3.1.2-12", "Will QoS 3.", "1e", codes="0x81", rest="() <sub> <m>"),
    flags("will-retain-without-will", "MQTT-3.1.2-13", "Will Retain without Will Flag.", "22", maker=wrong),
    malformed("connect-no-will-fields", "MQTT-2.1.4", "Will Flag 1 and nothing of a will.",
              f"10 ({START} 06 003c () <c>)", "connect-will-plain"),
    malformed("connect-no-username", "MQTT-2.1.4", "User Name Flag 1 and none there.", f"10 ({START} 82 003c () <c>)",
              "connect-username"),
    malformed("connect-no-password", "MQTT-2.1.4", "Password Flag 1 and none there.", f"10 ({START} 42 003c () <c>)",
              "connect-password"),
    malformed("connect-username-too-many", "MQTT-2.1.4", "User Name Flag 0 and one there.",
              f"10 ({START} 02 003c () <c> <u>)", "connect-username"),
    malformed("connect-trailing-byte", "MQTT-2.1.4", "A byte that belongs to no field.", f"10 ({START} 02 003c () <c> 00)",
              MINIMAL),
    malformed("connect-no-client-id-field", "MQTT-2.1.4", "An empty identifier is there, and this one is not.",
              f"10 ({START} 02 003c ())", "connect-no-client-id"),
    malformed("connect-no-properties", "MQTT-2.1.4", "The end in place of the Property Length.", f"10 ({START} 02 003c)",
              MINIMAL),
    malformed("connect-no-keep-alive", "MQTT-2.1.4", "The end inside Keep Alive.", f"10 ({START} 02 00)", MINIMAL),
    malformed("connect-no-flags", "MQTT-2.1.4", "The end behind the level.", f"10 ({START})", MINIMAL),
    malformed("connect-empty", "MQTT-2.1.4", "Nothing at all.", "10 ()", MINIMAL),
    malformed("connect-client-id-beyond", "MQTT-2.1.4", "A string longer than the packet.",
              f"10 ({START} 02 003c () 0002 'c')", MINIMAL),
    malformed("connect-password-beyond", "MQTT-2.1.4", "Binary data longer than the packet.",
              f"10 ({START} 42 003c () <c> ffff 'p')", "connect-password"),
    malformed("connect-client-id-not-utf8", "MQTT-1.5.4-1", "A stray byte.", f"10 ({START} 02 003c () <:ff>)", MINIMAL),
    malformed("connect-client-id-nul", "MQTT-1.5.4-2", "U+0000.", f"10 ({START} 02 003c () <:6300>)", MINIMAL),
    malformed("connect-client-id-overlong", "MQTT-1.5.4-1", "A slash in two bytes.", f"10 ({START} 02 003c () <:c0af>)",
              MINIMAL),
    malformed("connect-client-id-surrogate", "MQTT-1.5.4-1", "U+D800.", f"10 ({START} 02 003c () <:eda080>)", MINIMAL),
    malformed("connect-client-id-beyond-unicode", "MQTT-1.5.4-1", "U+110000.", f"10 ({START} 02 003c () <:f4908080>)",
              MINIMAL),
    malformed("connect-client-id-cut", "MQTT-1.5.4-1", "A character that ends early.", f"10 ({START} 02 003c () <:e282>)",
              "connect-unicode"),
    malformed("connect-username-not-utf8", "MQTT-1.5.4-1", "A continuation byte first.",
              f"10 ({START} 82 003c () <c> <:80>)", "connect-username"),
    spoilt("property-unknown", malformed, "MQTT 5.0 section 2.2.2.2", "No such identifier.", "7f 00", "all-properties"),
    spoilt("property-zero", malformed, "MQTT 5.0 section 2.2.2.2", "Nor this.", "00 00", "all-properties"),
    spoilt("property-overlong", malformed, "MQTT-1.5.5-1", "An identifier in a byte too many.", "a100 0001",
           "receive-maximum-least"),
    spoilt("property-cut", malformed, "MQTT-2.1.4", "A value that the section cuts.", "21 00", "receive-maximum-least"),
    spoilt("property-alone", malformed, "MQTT-2.1.4", "An identifier without value.", "21", "receive-maximum-least"),
    spoilt("property-string-beyond", malformed, "MQTT-2.1.4", "A string that the section cuts.", "15 0005 'm'", "method"),
    spoilt("property-pair-half", malformed, "MQTT-2.1.4", "A name without value.", "26 <k>", "user-property"),
    spoilt("property-name-not-utf8", malformed, "MQTT-1.5.4-1", "In the name of a pair.", "26 <:ff> <v>", "user-property"),
    spoilt("property-value-nul", malformed, "MQTT-1.5.4-2", "In its value.", "26 <k> <:00>", "user-property"),
    malformed("connect-property-length-beyond", "MQTT-2.1.4", "A section longer than the packet.",
              "10 0e 0004 'MQTT' 05 02 003c 09 0001 'c'", MINIMAL),
    malformed("connect-property-length-overlong", "MQTT-1.5.5-1", "The length of the section in a byte too many.",
              "10 0f 0004 'MQTT' 05 02 003c 8000 0001 'c'", MINIMAL),
    malformed("connect-property-length-endless", "MQTT-1.5.5-1", "And in five.",
              "10 12 0004 'MQTT' 05 02 003c 8080808001 0001 'c'", MINIMAL),
    spoilt("receive-maximum-zero", protocol, "MQTT 5.0 section 3.1.2.11.3", "Nothing could ever be sent.", "21 0000",
           "receive-maximum-least"),
    spoilt("maximum-packet-size-zero", protocol, "MQTT 5.0 section 3.1.2.11.4", "Nor here.", "27 00000000",
           "maximum-packet-size"),
    spoilt("request-response-2", protocol, "MQTT 5.0 section 3.1.2.11.6", "0 or 1.", "19 02", "request-response"),
    spoilt("request-problem-2", protocol, "MQTT 5.0 section 3.1.2.11.7", "0 or 1.", "17 02", "request-problem"),
    spoilt("data-without-method", protocol, "MQTT 5.0 section 3.1.2.11.10", "Data of no method.", "16 <d>", "method-data",
           layer="meaning"),
    twice("session-expiry", "11 00000001 11 00000001", "session-expiry"),
    twice("receive-maximum", "21 0001 21 0002", "receive-maximum-least"),
    twice("maximum-packet-size", "27 00000001 27 00000001", "maximum-packet-size"),
    twice("alias-maximum", "22 0000 22 0000", "alias-maximum"),
    twice("request-response", "19 01 19 01", "request-response"),
    twice("request-problem", "17 00 17 00", "request-problem"),
    twice("method", "15 <m> 15 <m>", "method"),
    twice("data", "15 <m> 16 <:00> 16 <:00>", "method-data"),
    foreign("alias", "Topic Alias", "23 0001"),
    foreign("will-delay", "Will Delay Interval", "18 00000001"),
    foreign("payload-format", "Payload Format Indicator", "01 01"),
    foreign("subscription-identifier", "Subscription Identifier", "0b 01"),
    foreign("reason-string", "Reason String", "1f <r>"),
    foreign("assigned", "Assigned Client Identifier", "12 <c>"),
    foreign("maximum-qos", "Maximum QoS", "24 01"),
    foreign("server-keep-alive", "Server Keep Alive", "13 0001"),
    will_spoilt("property-foreign", malformed, "MQTT 5.0 section 2.2.2.2", "A property of CONNECT in the will.",
                "11 00000001"),
    will_spoilt("property-alias", malformed, "MQTT 5.0 section 2.2.2.2", "A will has no alias.", "23 0001"),
    will_spoilt("delay-twice", protocol, "MQTT 5.0 section 2.2.2.2", "Twice.", "18 00000001 18 00000002"),
    will_spoilt("content-type-twice", protocol, "MQTT 5.0 section 2.2.2.2", "Twice.", "03 <a> 03 <b>"),
    will_spoilt("response-wildcard", wrong, "MQTT-3.3.2-14", "A Response Topic with a wildcard.", "08 <r/#>",
                codes="0x81 0x82 0x90"),
    wrong("connect-will-topic-hash", "MQTT-4.7.1-1", "A topic name has no wildcard.",
          f"10 ({START} 06 003c () <c> () <sub/#> <m>)", "connect-will-plain", "0x81 0x82 0x90"),
    wrong("connect-will-topic-plus", "MQTT-4.7.1-1", "Nor this one.", f"10 ({START} 06 003c () <c> () <+> <m>)",
          "connect-will-plain", "0x81 0x82 0x90"),
    wrong("connect-will-topic-empty", "MQTT-4.7.3-1", "At least one character.", f"10 ({START} 06 003c () <c> () <> <m>)",
          "connect-will-plain", "0x81 0x82 0x90"),
    malformed("connect-will-topic-not-utf8", "MQTT-1.5.4-1", "A stray byte.",
              f"10 ({START} 06 003c () <c> () <:c328> <m>)", "connect-will-plain"),
]


def connack(**said):
    return {"type": "CONNACK", "session_present": False, "code": "0x00", "properties": [], **said}


def answered(name, comment, bytes_of, *properties):
    return good(f"connack-{name}", comment, f"20 (00 00 ({bytes_of}))", connack(properties=list(properties)), "server")


def connack_wrong(name, maker, statement, comment, text, twin, codes="0x82"):
    return maker(f"connack-{name}", statement, comment, text, f"connack-{twin}", codes, "server", "form")


CONNACK = [
    answered("plain", "Accepted.", ""),
    good("connack-present", "A session was there.", "20 (01 00 ())", connack(session_present=True), "server"),
    good("connack-refused", "0x86.", "20 (00 86 ())", connack(code="0x86"), "server"),
    answered("assigned", "Assigned Client Identifier.", "12 <auto-1>", ["Assigned Client Identifier", "auto-1"]),
    answered("all-properties", "All that a CONNACK can have.",
             "11 00000001 21 0002 24 01 25 00 27 00000400 12 <c> 22 0010 1f <r> 26 <k> <v> 28 00 29 01 2a 00 13 001e "
             "1a <i> 1c <s> 15 <m> 16 <:ff>",
             ["Session Expiry Interval", 1], ["Receive Maximum", 2], ["Maximum QoS", 1], ["Retain Available", 0],
             ["Maximum Packet Size", 1024], ["Assigned Client Identifier", "c"], ["Topic Alias Maximum", 16],
             ["Reason String", "r"], ["User Property", "k", "v"], ["Wildcard Subscription Available", 0],
             ["Subscription Identifier Available", 1], ["Shared Subscription Available", 0], ["Server Keep Alive", 30],
             ["Response Information", "i"], ["Server Reference", "s"], ["Authentication Method", "m"],
             ["Authentication Data", "ff"]),
    connack_wrong("reserved-flags", malformed, "MQTT-3.2.2-1", "Bits 7 to 1 are 0.", "20 (02 00 ())", "plain", "0x81 0x82"),
    connack_wrong("present-refused", protocol, "MQTT-3.2.2-6", "No session where there is no connection.", "20 (01 86 ())",
                  "refused", "0x81 0x82"),
    connack_wrong("no-properties", malformed, "MQTT-2.1.4", "A CONNACK of MQTT 3.1.1.", "20 (00 00)", "plain", "0x81"),
    connack_wrong("empty", malformed, "MQTT-2.1.4", "Nothing.", "20 ()", "plain", "0x81"),
    connack_wrong("trailing-byte", malformed, "MQTT-2.1.4", "A byte too many.", "20 (00 00 () 00)", "plain", "0x81"),
    connack_wrong("header-flags", malformed, "MQTT-2.1.3-1", "Flags of the fixed header.", "21 (00 00 ())", "plain", "0x81"),
    connack_wrong("maximum-qos-2", protocol, "MQTT 5.0 section 3.2.2.3.4", "0 or 1; 2 is said by leaving it out.",
                  "20 (00 00 (24 02))", "all-properties"),
    connack_wrong("receive-maximum-zero", protocol, "MQTT 5.0 section 3.2.2.3.3", "Not 0.", "20 (00 00 (21 0000))",
                  "all-properties"),
    connack_wrong("maximum-packet-size-zero", protocol, "MQTT 5.0 section 3.2.2.3.6", "Not 0.",
                  "20 (00 00 (27 00000000))", "all-properties"),
    connack_wrong("retain-available-2", protocol, "MQTT 5.0 section 3.2.2.3.5", "0 or 1.", "20 (00 00 (25 02))",
                  "all-properties"),
    connack_wrong("assigned-twice", protocol, "MQTT 5.0 section 3.2.2.3.7", "Once.", "20 (00 00 (12 <a> 12 <b>))",
                  "assigned"),
    connack_wrong("property-foreign", malformed, "MQTT 5.0 section 2.2.2.2", "A property of PUBLISH.",
                  "20 (00 00 (01 00))", "all-properties", "0x81"),
    connack_wrong("code-unknown", protocol, "MQTT-3.2.2-8", "A code that CONNACK does not have.", "20 (00 8e ())", "refused",
                  "0x81 0x82"),
    wrong("connack-from-client", "MQTT 5.0 section 2.1.2", "Only a server sends it.", "20 (00 00 ())", MINIMAL,
          layer="form"),
    wrong("connect-from-server", "MQTT 5.0 section 2.1.2", "Only a client sends it.", f"10 ({START} 02 003c () <c>)",
          "connack-plain", sender="server", layer="form"),
]

FILES = {
    "connect-good": ("CONNECT as it can be.", GOOD),
    "connect-bad": ("CONNECT as it cannot be.", BAD),
    "connack": ("CONNACK.", CONNACK),
}
