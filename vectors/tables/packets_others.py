"""SUBSCRIBE, UNSUBSCRIBE and their answers, PINGREQ, DISCONNECT, AUTH, and first bytes (MQTT 5.0 sections 2.1, 3.8 to
3.15)."""

from .assembler import cut, good, malformed, protocol, wrong


def entry(filter_, **said):
    return {"filter": filter_, "qos": 0, "no_local": False, "retain_as_published": False, "retain_handling": 0, **said}


def subscribe(*filters, **said):
    return {"type": "SUBSCRIBE", "id": 1, "properties": [], "filters": list(filters), **said}


def option(name, comment, byte, **said):
    return good(f"subscribe-{name}", comment, f"82 (0001 () <a> {byte})", subscribe(entry("a", **said)))


def filtered(name, comment, filter_):
    return good(f"subscribe-filter-{name}", comment, f"82 (0001 () <{filter_}> 00)", subscribe(entry(filter_)))


def bad_filter(name, statement, comment, filter_, maker=wrong, codes="0x81 0x82 0x8f", **rest):
    return maker(f"subscribe-filter-{name}", statement, comment, f"82 (0001 () <{filter_}> 00)", "subscribe-one", codes,
                 **rest)


ONE = "subscribe-one"

SUBSCRIBE = [
    good(ONE, "One filter.", "82 (0001 () <a> 00)", subscribe(entry("a"))),
    option("qos-1", "At most QoS 1.", "01", qos=1),
    option("qos-2", "At most QoS 2.", "02", qos=2),
    option("no-local", "Not one's own messages.", "04", no_local=True),
    option("retain-as-published", "The RETAIN flag as it was.", "08", retain_as_published=True),
    option("retain-handling-1", "Retained messages only where it is new.", "10", retain_handling=1),
    option("retain-handling-2", "None.", "20", retain_handling=2),
    option("all-options", "All of them.", "2e", qos=2, no_local=True, retain_as_published=True, retain_handling=2),
    good("subscribe-three", "Three filters, in order, one of them twice.", "82 (0001 () <a> 00 <b> 01 <a> 02)",
         subscribe(entry("a"), entry("b", qos=1), entry("a", qos=2))),
    good("subscribe-identifier", "The largest.", "82 (0001 (0b ffffff7f) <a> 00)",
         subscribe(entry("a"), properties=[["Subscription Identifier", 268435455]])),
    good("subscribe-properties", "All that it can have.", "82 (ffff (0b 01 26 <k> <v> 26 <k> <v>) <a> 00)",
         subscribe(entry("a"), id=65535, properties=[["Subscription Identifier", 1], ["User Property", "k", "v"],
                                                     ["User Property", "k", "v"]])),
    filtered("hash", "Everything.", "#"),
    filtered("plus", "One level.", "+"),
    filtered("plus-hash", "Both.", "+/a/+/#"),
    filtered("slash", "Two empty levels.", "/"),
    filtered("slash-plus", "An empty level and any.", "/+"),
    filtered("dollar", "The codec does not judge $.", "$SYS/#"),
    filtered("share", "A shared subscription.", "$share/g/a/#"),
    filtered("share-like", "Not a shared one.", "$shares/g/a"),
    filtered("unicode", "UTF-8.", "\u00e9/\U0001f989/+"),
    malformed("subscribe-flags-0", "MQTT-3.8.1-1", "The flags of the fixed header are 2.", "80 (0001 () <a> 00)", ONE),
    malformed("subscribe-flags-3", "MQTT-3.8.1-1", "And not 3.", "83 (0001 () <a> 00)", ONE),
    wrong("subscribe-id-zero", "MQTT-2.2.1-3", "Packet Identifier 0.", "82 (0000 () <a> 00)", ONE),
    protocol("subscribe-no-filter", "MQTT-3.8.3-2", "No filter.", "82 (0001 ())", ONE),
    malformed("subscribe-reserved-40", "MQTT-3.8.3-5", "A reserved bit of the options.", "82 (0001 () <a> 40)", ONE),
    malformed("subscribe-reserved-80", "MQTT-3.8.3-5", "The other one.", "82 (0001 () <a> 80)", ONE),
    malformed("subscribe-reserved-second", "MQTT-3.8.3-5", "Behind a sound entry.", "82 (0001 () <a> 00 <b> c0)",
              "subscribe-three"),
    protocol("subscribe-qos-3", "MQTT 5.0 section 3.8.3.1", "QoS 3.", "82 (0001 () <a> 03)", "subscribe-qos-2",
             codes="0x81 0x82"),
    protocol("subscribe-retain-handling-3", "MQTT 5.0 section 3.8.3.1", "Retain Handling 3.", "82 (0001 () <a> 30)",
             "subscribe-retain-handling-2", codes="0x81 0x82"),
    malformed("subscribe-no-options", "MQTT-2.1.4", "The end in place of the options.", "82 (0001 () <a>)", ONE),
    malformed("subscribe-no-options-second", "MQTT-2.1.4", "Likewise behind a sound entry.", "82 (0001 () <a> 00 <b>)",
              "subscribe-three"),
    malformed("subscribe-filter-beyond", "MQTT-2.1.4", "A filter longer than the packet.", "82 (0001 () 0009 'a' 00)", ONE),
    malformed("subscribe-empty", "MQTT-2.1.4", "Nothing.", "82 ()", ONE),
    malformed("subscribe-no-properties", "MQTT-2.1.4", "The end in place of the Property Length.", "82 (0001)", ONE),
    protocol("subscribe-identifier-zero", "MQTT 5.0 section 3.8.2.1.2", "1 to 268,435,455.", "82 (0001 (0b 00) <a> 00)",
             "subscribe-identifier"),
    protocol("subscribe-identifier-twice", "MQTT 5.0 section 3.8.2.1.2", "Once here.", "82 (0001 (0b 01 0b 02) <a> 00)",
             "subscribe-identifier"),
    malformed("subscribe-identifier-overlong", "MQTT-1.5.5-1", "A byte too many.", "82 (0001 (0b 8100) <a> 00)",
              "subscribe-identifier"),
    malformed("subscribe-property-foreign", "MQTT 5.0 section 2.2.2.2", "A property of answers.",
              "82 (0001 (1f <r>) <a> 00)", "subscribe-properties"),
    bad_filter("empty", "MQTT-4.7.3-1", "At least one character.", ""),
    bad_filter("hash-inside", "MQTT-4.7.1-1", "# is the last level.", "a/#/b"),
    bad_filter("hash-first", "MQTT-4.7.1-1", "And not the first of several.", "#/a"),
    bad_filter("hash-attached", "MQTT-4.7.1-1", "A level by itself.", "a#"),
    bad_filter("hash-twice", "MQTT-4.7.1-1", "Once.", "##"),
    bad_filter("plus-attached", "MQTT-4.7.1-2", "A level by itself.", "a+"),
    bad_filter("plus-attached-before", "MQTT-4.7.1-2", "On either side.", "+a/b"),
    bad_filter("plus-hash-attached", "MQTT-4.7.1-1", "Each of them.", "+#"),
    malformed("subscribe-filter-not-utf8", "MQTT-3.8.3-1", "A stray byte.", "82 (0001 () <:ff> 00)", ONE),
    malformed("subscribe-filter-nul", "MQTT-4.7.3-2", "U+0000.", "82 (0001 () <:6100> 00)", ONE),
    bad_filter("share-alone", "MQTT-4.8.2-1", "No group and no filter.", "$share", codes="0x81 0x82 0x8f"),
    bad_filter("share-no-filter", "MQTT-4.8.2-2", "No filter.", "$share/g"),
    bad_filter("share-empty-filter", "MQTT-4.7.3-1", "An empty one.", "$share/g/"),
    bad_filter("share-no-group", "MQTT-4.8.2-1", "No group.", "$share//t"),
    bad_filter("share-plus", "MQTT-4.8.2-2", "A wildcard in the group.", "$share/+/t"),
    bad_filter("share-hash", "MQTT-4.8.2-2", "A wildcard in the group.", "$share/#"),
    bad_filter("share-group-plus", "MQTT-4.8.2-2", "Not even inside.", "$share/g+/t"),
    bad_filter("share-filter-bad", "MQTT-4.7.1-1", "The filter behind it is one.", "$share/g/a#"),
    protocol("subscribe-share-no-local", "MQTT-3.8.3-4", "No Local and shared.", "82 (0001 () <$share/g/a> 04)",
             "subscribe-filter-share", layer="meaning"),
    cut("subscribe-half", "Half of it.", "82 07 0001 00"),
]


def unsubscribe(*filters, **said):
    return {"type": "UNSUBSCRIBE", "id": 1, "properties": [], "filters": list(filters), **said}


UNSUBSCRIBE = [
    good("unsubscribe-one", "One filter.", "a2 (0001 () <a>)", unsubscribe("a")),
    good("unsubscribe-two", "Two.", "a2 (0001 () <a/#> <$share/g/b>)", unsubscribe("a/#", "$share/g/b")),
    good("unsubscribe-properties", "All that it can have.", "a2 (0001 (26 <k> <v>) <a>)",
         unsubscribe("a", properties=[["User Property", "k", "v"]])),
    malformed("unsubscribe-flags", "MQTT-3.10.1-1", "The flags of the fixed header are 2.", "a0 (0001 () <a>)",
              "unsubscribe-one"),
    wrong("unsubscribe-id-zero", "MQTT-2.2.1-3", "Packet Identifier 0.", "a2 (0000 () <a>)", "unsubscribe-one"),
    protocol("unsubscribe-no-filter", "MQTT-3.10.3-2", "No filter.", "a2 (0001 ())", "unsubscribe-one"),
    malformed("unsubscribe-not-utf8", "MQTT-3.10.3-1", "A stray byte.", "a2 (0001 () <:ff>)", "unsubscribe-one"),
    malformed("unsubscribe-options", "MQTT-2.1.4", "Options, which only SUBSCRIBE has.", "a2 (0001 () <a> 00)",
              "unsubscribe-one"),
    wrong("unsubscribe-empty-filter", "MQTT-4.7.3-1", "At least one character.", "a2 (0001 () <>)", "unsubscribe-one",
          "0x81 0x82 0x8f"),
    wrong("unsubscribe-hash-inside", "MQTT-4.7.1-1", "# is the last level.", "a2 (0001 () <#/a>)", "unsubscribe-two",
          "0x81 0x82 0x8f"),
    malformed("unsubscribe-property-foreign", "MQTT 5.0 section 2.2.2.2", "Subscription Identifier is SUBSCRIBE's.",
              "a2 (0001 (0b 01) <a>)", "unsubscribe-properties"),
]


def codes(kind, *values, **said):
    return {"type": kind, "id": 1, "properties": [], "codes": list(values), **said}


def server(maker, name, statement, comment, text, twin, wanted):
    return maker(name, statement, comment, text, twin, wanted, "server", "form")


ANSWERS = [
    good("suback-granted", "Each QoS.", "90 (0001 () 00 01 02)", codes("SUBACK", "0x00", "0x01", "0x02"), "server"),
    good("suback-refused", "Granted and refused, in order.", "90 (0001 () 87 00)", codes("SUBACK", "0x87", "0x00"), "server"),
    good("suback-properties", "All that it can have.", "90 (0001 (1f <r> 26 <k> <v>) 00)",
         codes("SUBACK", "0x00", properties=[["Reason String", "r"], ["User Property", "k", "v"]]), "server"),
    good("unsuback", "Unsubscribed, and nothing to unsubscribe.", "b0 (0001 () 00 11)", codes("UNSUBACK", "0x00", "0x11"),
         "server"),
    good("unsuback-properties", "All that it can have.", "b0 (0001 (1f <r> 26 <k> <v>) 00)",
         codes("UNSUBACK", "0x00", properties=[["Reason String", "r"], ["User Property", "k", "v"]]), "server"),
    server(wrong, "suback-id-zero", "MQTT-2.2.1-6", "Packet Identifier 0.", "90 (0000 () 00)", "suback-granted", "0x81 0x82"),
    server(wrong, "suback-no-code", "MQTT-3.8.4-6", "A code for each filter, and there is always one.", "90 (0001 ())",
           "suback-granted", "0x81 0x82"),
    server(wrong, "suback-code-unknown", "MQTT-3.9.3-2", "A code of other packets.", "90 (0001 () 03)", "suback-granted",
           "0x81 0x82"),
    server(malformed, "suback-header-flags", "MQTT-2.1.3-1", "Flags of the fixed header.", "92 (0001 () 00)",
           "suback-granted", "0x81"),
    server(malformed, "suback-no-properties", "MQTT-2.1.4", "The end in place of the Property Length.", "90 (0001)",
           "suback-granted", "0x81"),
    server(malformed, "suback-property-foreign", "MQTT 5.0 section 2.2.2.2", "A property of SUBSCRIBE.",
           "90 (0001 (0b 01) 00)", "suback-properties", "0x81"),
    server(wrong, "unsuback-code-unknown", "MQTT-3.11.3-2", "A code of SUBACK.", "b0 (0001 () 01)", "unsuback", "0x81 0x82"),
    server(wrong, "unsuback-no-code", "MQTT-3.11.3-1", "A code for each filter.", "b0 (0001 ())", "unsuback", "0x81 0x82"),
    server(malformed, "unsuback-header-flags", "MQTT-2.1.3-1", "Flags of the fixed header.", "b2 (0001 () 00)", "unsuback",
           "0x81"),
    wrong("suback-from-client", "MQTT 5.0 section 2.1.2", "Only a server sends it.", "90 (0001 () 00)", ONE, layer="form"),
    wrong("unsuback-from-client", "MQTT 5.0 section 2.1.2", "Only a server sends it.", "b0 (0001 () 00)", ONE, layer="form"),
    wrong("subscribe-from-server", "MQTT 5.0 section 2.1.2", "Only a client sends it.", "82 (0001 () <a> 00)",
          "suback-granted", sender="server", layer="form"),
    wrong("unsubscribe-from-server", "MQTT 5.0 section 2.1.2", "Only a client sends it.", "a2 (0001 () <a>)", "unsuback",
          sender="server", layer="form"),
]


def ends(kind, **said):
    return {"type": kind, "code": "0x00", "properties": [], **said}


PLAIN, METHOD = "disconnect-plain", [["Authentication Method", "m"]]

ENDS = [
    good("pingreq", "Two bytes.", "c0 ()", {"type": "PINGREQ"}),
    good("pingresp", "Two bytes.", "d0 ()", {"type": "PINGRESP"}, "server"),
    malformed("pingreq-header-flags", "MQTT-2.1.3-1", "Flags of the fixed header.", "c1 ()", "pingreq"),
    malformed("pingreq-body", "MQTT-2.1.4", "It has no body.", "c0 (00)", "pingreq"),
    malformed("pingresp-body", "MQTT-2.1.4", "It has no body.", "d0 (00)", "pingresp", sender="server"),
    malformed("pingreq-length-overlong", "MQTT-1.5.5-1", "0 in two bytes.", "c0 8000", "pingreq"),
    malformed("pingreq-length-overlong-4", "MQTT-1.5.5-1", "0 in four.", "c0 80808000", "pingreq"),
    wrong("pingresp-from-client", "MQTT 5.0 section 2.1.2", "Only a server sends it.", "d0 ()", "pingreq", layer="form"),
    wrong("pingreq-from-server", "MQTT 5.0 section 2.1.2", "Only a client sends it.", "c0 ()", "pingresp", sender="server",
          layer="form"),
    wrong("type-zero", "MQTT 5.0 section 2.1.2", "No packet has type 0.", "00 ()", "pingreq", layer="form"),
    wrong("type-zero-flags", "MQTT 5.0 section 2.1.2", "With whatever flags.", "0f ()", "pingreq", layer="form"),
    wrong("type-zero-from-server", "MQTT 5.0 section 2.1.2", "From either side.", "00 ()", "pingresp", sender="server",
          layer="form"),
    good(PLAIN, "No body means 0x00. Section 3.14.2.1.", "e0 ()", ends("DISCONNECT")),
    good("disconnect-code", "A code and no Property Length.", "e0 (04)", ends("DISCONNECT", code="0x04")),
    good("disconnect-no-properties", "A Property Length of 0.", "e0 (00 ())", ends("DISCONNECT")),
    good("disconnect-properties", "All that a client's can have.", "e0 (00 (11 00000001 1f <r> 26 <k> <v>))",
         ends("DISCONNECT", properties=[["Session Expiry Interval", 1], ["Reason String", "r"],
                                        ["User Property", "k", "v"]])),
    good("disconnect-from-server", "All that a server's can have.", "e0 (9d (1f <r> 1c <s> 26 <k> <v>))",
         ends("DISCONNECT", code="0x9d", properties=[["Reason String", "r"], ["Server Reference", "s"],
                                                     ["User Property", "k", "v"]]), "server"),
    malformed("disconnect-header-flags", "MQTT-3.14.1-1", "Flags of the fixed header.", "e2 ()", PLAIN),
    malformed("disconnect-trailing-byte", "MQTT-2.1.4", "A byte too many.", "e0 (00 () 00)", "disconnect-no-properties"),
    wrong("disconnect-code-unknown", "MQTT-3.14.2-1", "A code that nobody has.", "e0 (01)", "disconnect-code"),
    wrong("disconnect-code-of-server", "MQTT-3.14.2-1", "A code that only a server sends.", "e0 (8e)", "disconnect-code"),
    malformed("disconnect-property-foreign", "MQTT 5.0 section 2.2.2.2", "A property of CONNECT.", "e0 (00 (17 00))",
              "disconnect-properties"),
    protocol("disconnect-expiry-twice", "MQTT 5.0 section 3.14.2.2.2", "Twice.", "e0 (00 (11 00000001 11 00000001))",
             "disconnect-properties"),
    wrong("disconnect-expiry-from-server", "MQTT-3.14.2-2", "Only a client changes it.", "e0 (9d (11 00000001))",
          "disconnect-from-server", sender="server"),
    malformed("disconnect-property-cut", "MQTT-2.1.4", "A value that the section cuts.", "e0 (00 (11 0000))",
              "disconnect-properties"),
    good("auth-continue", "A step.", "f0 (18 (15 <m> 16 <:00>))",
         ends("AUTH", code="0x18", properties=[*METHOD, ["Authentication Data", "00"]])),
    good("auth-again", "A new token.", "f0 (19 (15 <m> 16 <:00> 1f <r> 26 <k> <v>))",
         ends("AUTH", code="0x19", properties=[*METHOD, ["Authentication Data", "00"], ["Reason String", "r"],
                                               ["User Property", "k", "v"]])),
    good("auth-success", "From the server.", "f0 (00 (15 <m>))", ends("AUTH", properties=METHOD), "server"),
    malformed("auth-header-flags", "MQTT-3.15.1-1", "Flags of the fixed header.", "f1 (18 (15 <m>))", "auth-continue"),
    wrong("auth-code-unknown", "MQTT-3.15.2-1", "A code that AUTH does not have.", "f0 (87 (15 <m>))", "auth-continue"),
    wrong("auth-success-from-client", "MQTT-3.15.2-1", "Only a server says that it is done.", "f0 (00 (15 <m>))",
          "auth-continue"),
    malformed("auth-property-foreign", "MQTT 5.0 section 2.2.2.2", "A property of PUBLISH.", "f0 (18 (15 <m> 01 00))",
              "auth-continue"),
    protocol("auth-method-twice", "MQTT 5.0 section 3.15.2.2.2", "Twice.", "f0 (18 (15 <m> 15 <m>))", "auth-continue"),
    protocol("auth-data-twice", "MQTT 5.0 section 3.15.2.2.3", "Twice.", "f0 (18 (15 <m> 16 <a> 16 <b>))", "auth-continue"),
    cut("nothing", "No bytes.", ""),
    cut("ping-half", "One byte.", "c0"),
    cut("length-three", "Three bytes of a length.", "30 808080"),
]

FILES = {
    "subscribe": ("SUBSCRIBE.", SUBSCRIBE),
    "unsubscribe": ("UNSUBSCRIBE.", UNSUBSCRIBE),
    "answers": ("SUBACK, UNSUBACK.", ANSWERS),
    "ends": ("PINGREQ, PINGRESP, DISCONNECT, AUTH, and first bytes.", ENDS),
}
