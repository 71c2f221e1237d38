"""Which packets go on the wire, what must come of them there, and which rule of chapter 16 that is.

Those that are not named stay at home: they come from a server, need something that a broker may lack (quality of service 2,
retained messages, aliases, wildcard, shared and identified subscriptions, a method, a long Client Identifier), say no more
than their end says anyway (DISCONNECT), or are an acknowledgement of nothing.
"""

ROWS = [  # rule, what comes of it, packets
    ("SUB-03", "accepted", """
        connect-minimal connect-resumes connect-keep-alive-none connect-keep-alive-most connect-session-expiry
        connect-session-forever connect-receive-maximum-least connect-receive-maximum-most connect-alias-maximum
        connect-request-response connect-request-problem connect-user-property connect-user-properties connect-will-plain
        connect-will-empty connect-will-all-properties"""),
    ("SUB-02", "refused", "connect-name-other connect-name-lower-case connect-name-empty connect-level-6"),
    ("SUB-03", "refused", """
        connect-reserved-flag connect-will-qos-without-will connect-will-qos-3 connect-will-retain-without-will
        connect-trailing-byte connect-client-id-not-utf8 connect-client-id-nul connect-client-id-overlong
        connect-client-id-surrogate connect-client-id-beyond-unicode connect-client-id-cut
        connect-property-unknown connect-property-zero connect-property-overlong connect-property-cut connect-property-alone
        connect-property-string-beyond connect-property-pair-half connect-property-name-not-utf8 connect-property-value-nul
        connect-receive-maximum-zero connect-maximum-packet-size-zero connect-request-response-2 connect-request-problem-2
        connect-session-expiry-twice connect-receive-maximum-twice connect-maximum-packet-size-twice
        connect-alias-maximum-twice connect-request-response-twice connect-request-problem-twice
        connect-foreign-alias connect-foreign-will-delay connect-foreign-payload-format
        connect-foreign-subscription-identifier connect-foreign-reason-string connect-foreign-assigned
        connect-foreign-maximum-qos connect-foreign-server-keep-alive connect-will-property-foreign
        connect-will-property-alias connect-will-delay-twice connect-will-content-type-twice connect-will-topic-not-utf8"""),
    ("SUB-06", "alive", """
        publish-qos-0 publish-empty-payload publish-binary-payload publish-127 publish-128 publish-payload-format
        publish-expiry publish-content-type publish-content-type-empty publish-response publish-correlation-empty
        publish-user-properties publish-topic-unicode pingreq"""),
    ("SUB-06", "ack", """
        publish-qos-1 publish-dup subscribe-one subscribe-qos-1 subscribe-qos-2 subscribe-no-local
        subscribe-retain-as-published subscribe-retain-handling-1 subscribe-retain-handling-2 subscribe-all-options
        subscribe-three subscribe-filter-slash unsubscribe-one unsubscribe-properties"""),
    ("SUB-06", "closed", """
        publish-qos-3 publish-id-zero publish-no-topic publish-topic-stray publish-topic-continuation publish-topic-cut
        publish-topic-cut-by-slash publish-topic-overlong publish-topic-overlong-nul publish-topic-overlong-3
        publish-topic-overlong-4 publish-topic-surrogate publish-topic-surrogate-last publish-topic-surrogate-pair
        publish-topic-beyond-unicode publish-topic-five-bytes publish-topic-nul publish-topic-beyond publish-empty
        publish-no-properties publish-no-id publish-id-half publish-properties-beyond publish-subscription-identifier
        publish-payload-format-twice publish-expiry-twice publish-response-twice
        publish-correlation-twice publish-content-type-twice publish-response-not-utf8 publish-content-type-not-utf8
        publish-foreign-session-expiry publish-foreign-reason-string publish-foreign-will-delay publish-property-unknown
        publish-property-cut publish-pair-half publish-length-five publish-length-endless
        subscribe-flags-0 subscribe-flags-3 subscribe-id-zero subscribe-no-filter subscribe-reserved-40
        subscribe-reserved-80 subscribe-reserved-second subscribe-qos-3 subscribe-retain-handling-3 subscribe-no-options
        subscribe-no-options-second subscribe-filter-beyond subscribe-empty subscribe-no-properties
        subscribe-property-foreign subscribe-filter-not-utf8
        subscribe-filter-nul unsubscribe-flags unsubscribe-id-zero unsubscribe-no-filter unsubscribe-not-utf8
        unsubscribe-options unsubscribe-property-foreign
        suback-from-client unsuback-from-client connack-from-client pingresp-from-client type-zero type-zero-flags
        pingreq-header-flags auth-header-flags auth-code-unknown auth-property-foreign auth-method-twice auth-data-twice"""),
    *(("SUB-06", "closed", " ".join(f"{kind}-{fault}" for fault in (
        "id-half", "empty", "header-flags", "property-foreign", "reason-string-twice")))
      for kind in ("puback", "pubrec", "pubrel", "pubcomp")),
    ("SUB-09", "refused", "connect-will-topic-empty connect-will-topic-hash connect-will-topic-plus"),
    ("SUB-09", "closed", """
        publish-dup-qos-0 publish-length-overlong subscribe-identifier-overlong pingreq-body pingreq-length-overlong
        pingreq-length-overlong-4 puback-id-zero pubrec-id-zero pubrel-id-zero pubcomp-id-zero puback-code-unknown
        pubrec-code-unknown pubrel-code-unknown pubcomp-code-unknown puback-trailing-byte pubrec-trailing-byte
        pubrel-trailing-byte pubcomp-trailing-byte"""),
    ("SUB-35", "denied", """
        subscribe-filter-empty subscribe-filter-hash-inside subscribe-filter-hash-first subscribe-filter-hash-attached
        subscribe-filter-hash-twice subscribe-filter-plus-attached subscribe-filter-plus-attached-before
        subscribe-filter-plus-hash-attached subscribe-filter-share-no-filter subscribe-filter-share-empty-filter
        subscribe-filter-share-no-group subscribe-filter-share-plus subscribe-filter-share-hash
        subscribe-filter-share-group-plus subscribe-filter-share-filter-bad"""),
]

ON_WIRE = {f"packet-{name}": (rule, outcome) for rule, outcome, names in ROWS for name in names.split()}
