/* Every act with every outcome: held, broken, an answer missing while the broker lives and while it
 * does not; and what lies a broker may tell. */
#include "trial.h"

enum { CONNECTED = true, ALONE = false };

struct trial {
	const char *words;
	enum result result;
	const char *sentence; /* of the check, where the step did not hold */
};

/* One step under test (index 1) by scout; before it scout connects, or not (then it is skipped). */
static void try_step(struct script_step tested, bool connected, const struct trial *trial)
{
	struct court c;
	hand_begin(&c.hand, "PUB-02.hand", "PUB-02.hand");
	hand_actor(&c.hand, "scout", "scout-1");
	hand_check(&c.hand, &rule_pub2, true);
	hand_step(&c.hand, (struct script_step){ .source = "scout connects", .act = ACT_CONNECT, .outcomes = { OUTCOME_ACCEPTED } });
	tested.source = "the step";
	tested.check = 1;
	hand_step(&c.hand, tested);
	c.hand.actors[0].method = "M";
	open_court(&c);
	if (connected)
		connects(&c, 0, 0x00);
	step(&c, 1);
	happen(&c, 0, trial->words);
	enum result result = judge_result(c.judge, 0, 1);
	ck_assert(judge_finish(c.judge, &c.plan));
	const char *sentence = c.hand.checks[0].sentence ? c.hand.checks[0].sentence : "";
	ck_assert_msg(result == trial->result, "%s %s after \"%s\": result %d: %s", act_name(tested.act),
		      outcome_name(tested.outcomes[0]), trial->words, (int)result, sentence);
	ck_assert_msg(!trial->sentence || strstr(sentence, trial->sentence), "after \"%s\": \"%s\" lacks \"%s\"", trial->words,
		      sentence, trial->sentence);
	close_court(&c);
}

static void try_all(struct script_step tested, bool connected, const struct trial *trials, size_t count)
{
	for (size_t i = 0; i < count; i++)
		try_step(tested, connected, &trials[i]);
}

#define TRY(connected, tested, ...)                                                        \
	do {                                                                               \
		const struct trial trials[] = { __VA_ARGS__ };                             \
		const struct script_step step_tested = { tested };                         \
		try_all(step_tested, connected, trials, sizeof trials / sizeof *trials);   \
	} while (0)
#define STEP(...) __VA_ARGS__

START_TEST(connects_and_resumes)
{
	for (enum act act = ACT_CONNECT; act <= ACT_RESUME; act++) {
		TRY(ALONE, STEP(.act = act, .outcomes = { OUTCOME_ACCEPTED }), { "open connack:00", RESULT_HELD, NULL },
		    { "open present:00", RESULT_HELD, NULL },
		    { "open connack:87", RESULT_BROKEN, "expected CONNACK 0x00, saw CONNACK 0x87 Not authorized" },
		    { "open end", RESULT_NONE, NULL }, { "open end alive", RESULT_BROKEN, "closed by the broker" },
		    { "open end dead", RESULT_UNCLEAR, NULL }, { "open late alive", RESULT_BROKEN, "no answer" },
		    { "open late dead", RESULT_UNCLEAR, "no answer to a ping" },
		    { "open late connack:00", RESULT_HELD, NULL });
		TRY(ALONE, STEP(.act = act, .outcomes = { OUTCOME_PRESENT }), { "open present:00", RESULT_HELD, NULL },
		    { "open connack:00", RESULT_BROKEN, "expected CONNACK 0x00 with Session Present 1" },
		    { "open connack:87", RESULT_BROKEN, "Session Present 1" }, { "open end alive", RESULT_BROKEN, NULL });
		TRY(ALONE, STEP(.act = act, .outcomes = { OUTCOME_ABSENT }), { "open connack:00", RESULT_HELD, NULL },
		    { "open present:00", RESULT_BROKEN, "Session Present 0" });
		TRY(ALONE, STEP(.act = act, .outcomes = { OUTCOME_REFUSED }), { "open connack:86 end", RESULT_HELD, NULL },
		    { "open connack:86", RESULT_NONE, NULL },
		    { "open connack:86 late alive", RESULT_BROKEN, "and the connection still open" },
		    { "open connack:00", RESULT_BROKEN, "expected CONNACK 0x80 or higher" },
		    { "open end alive", RESULT_HELD, NULL }, { "open end dead", RESULT_UNCLEAR, NULL },
		    { "open disconnect:87 end", RESULT_HELD, NULL }, { "end", RESULT_UNCLEAR, NULL },
		    { "open late alive", RESULT_BROKEN, NULL }, { "open late dead", RESULT_UNCLEAR, NULL },
		    { "open ping connack:86 pong", RESULT_BROKEN, "without a successful CONNACK before it" },
		    { "open subscribe connack:86 suback:00", RESULT_BROKEN, "without a successful CONNACK before it" });
		TRY(ALONE, STEP(.act = act, .outcomes = { OUTCOME_REFUSED }, .codes = { 0x86, 0x87 }, .code_count = 2),
		    { "open connack:87 end", RESULT_HELD, NULL },
		    { "open connack:80 end", RESULT_BROKEN, "with the code 0x86 or 0x87, saw CONNACK 0x80" },
		    { "open end alive", RESULT_BROKEN, "with the code 0x86 or 0x87" }, { "open end dead", RESULT_UNCLEAR, NULL });
		TRY(ALONE, STEP(.act = act, .outcomes = { OUTCOME_CLOSED }), { "open connack:82 end", RESULT_HELD, NULL },
		    { "open end alive", RESULT_HELD, NULL }, { "open late alive", RESULT_BROKEN, NULL });
	}
}
END_TEST

START_TEST(connects_with_a_will)
{
	TRY(ALONE, STEP(.act = ACT_CONNECT, .will = { .topic = "t", .payload = "w" }, .outcomes = { OUTCOME_DENIED }),
	    { "open connack:87 end", RESULT_HELD, NULL }, { "open connack:87 late alive", RESULT_BROKEN, NULL },
	    { "open end alive", RESULT_HELD, NULL },
	    { "open connack:00", RESULT_HELD, "never put to the test" });
	TRY(ALONE, STEP(.act = ACT_CONNECT, .will = { .topic = "t", .payload = "w", .qos = 1 }, .outcomes = { OUTCOME_ACCEPTED }),
	    { "open connack:9B", RESULT_UNFIT, NULL }, { "open connack:9A", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(.act = ACT_CONNECT, .will = { .topic = "t", .payload = "w", .qos = 1 }, .outcomes = { OUTCOME_ACCEPTED }),
	    { "cut open connack:9B", RESULT_BROKEN, "0x9B" }); /* the same broker had said that it has QoS 2 */
	TRY(ALONE, STEP(.act = ACT_CONNECT, .will = { .topic = "t", .payload = "w", .retain = true }, .outcomes = { OUTCOME_ACCEPTED }),
	    { "open connack:9A", RESULT_UNFIT, NULL });
}
END_TEST

START_TEST(renews)
{
	TRY(CONNECTED, STEP(.act = ACT_RENEW, .outcomes = { OUTCOME_ACCEPTED }), { "auth:00", RESULT_HELD, NULL },
	    { "foreign:00", RESULT_BROKEN, "AUTH 0x00 with the method of the connection" }, { "auth:18", RESULT_NONE, NULL },
	    { "disconnect:87 end", RESULT_BROKEN, "saw DISCONNECT 0x87" }, { "late alive", RESULT_BROKEN, NULL },
	    { "late dead", RESULT_UNCLEAR, NULL });
	TRY(CONNECTED, STEP(.act = ACT_RENEW, .outcomes = { OUTCOME_REFUSED }), { "disconnect:87 end", RESULT_HELD, NULL },
	    { "auth:00", RESULT_BROKEN, "saw AUTH 0x00" }, { "end alive", RESULT_HELD, NULL }, { "end dead", RESULT_UNCLEAR, NULL },
	    { "disconnect:87", RESULT_NONE, NULL }, { "late alive", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(.act = ACT_RENEW, .outcomes = { OUTCOME_CLOSED }, .codes = { 0x82 }, .code_count = 1),
	    { "disconnect:82 end", RESULT_HELD, NULL }, { "disconnect:87 end", RESULT_BROKEN, "with the code 0x82" });
	TRY(ALONE, STEP(.act = ACT_RENEW, .outcomes = { OUTCOME_ACCEPTED }), { "alive", RESULT_BROKEN, "without a connection" });
}
END_TEST

#define SAYS .act = ACT_PUBLISH, .topic = "t", .payload = "p"

START_TEST(publishes_at_qos_0)
{
	TRY(CONNECTED, STEP(SAYS, .outcomes = { OUTCOME_ALLOWED }), { "say ping pong", RESULT_HELD, NULL },
	    { "say ping disconnect:87 end", RESULT_BROKEN, NULL }, { "say ping end alive", RESULT_BROKEN, NULL },
	    { "say ping late alive", RESULT_BROKEN, NULL }, { "say ping late dead", RESULT_UNCLEAR, NULL },
	    { "say ping pong pong", RESULT_BROKEN, "which nothing asked for" });
	TRY(CONNECTED, STEP(SAYS, .outcomes = { OUTCOME_DENIED }), { "say ping pong grace", RESULT_HELD, NULL },
	    { "say ping pong", RESULT_NONE, NULL }, { "say ping disconnect:87 end grace", RESULT_HELD, NULL },
	    { "say ping end alive grace", RESULT_HELD, NULL }, { "say ping end dead", RESULT_UNCLEAR, NULL });
	TRY(CONNECTED, STEP(SAYS, .outcomes = { OUTCOME_CLOSED }), { "say ping disconnect:94 end", RESULT_HELD, NULL },
	    { "say ping pong late alive", RESULT_BROKEN, "expected the connection closed by the broker" });
}
END_TEST

START_TEST(publishes_at_qos_1)
{
	TRY(CONNECTED, STEP(SAYS, .qos = 1, .outcomes = { OUTCOME_ALLOWED }), { "say puback:00", RESULT_HELD, NULL },
	    { "say puback:10", RESULT_HELD, NULL }, { "say puback:87", RESULT_BROKEN, "saw PUBACK 0x87" },
	    { "say puback:00@6", RESULT_BROKEN, "(packet id 6), which nothing asked for" },
	    { "say puback:00 puback:00", RESULT_BROKEN, "which nothing asked for" },
	    { "say pubrec:00", RESULT_BROKEN, "PUBREC 0x00 Success (packet id 5), which nothing asked for" },
	    { "puback:00", RESULT_BROKEN, "which nothing asked for" }, { "say disconnect:87 end", RESULT_BROKEN, NULL },
	    { "say say@6 puback:00@6", RESULT_BROKEN, "before the answer to an earlier PUBLISH" },
	    { "say late alive", RESULT_BROKEN, "no answer, while a ping" }, { "say late dead", RESULT_UNCLEAR, NULL });
	TRY(CONNECTED, STEP(SAYS, .qos = 1, .outcomes = { OUTCOME_DENIED }), { "say puback:87 grace", RESULT_HELD, NULL },
	    { "say puback:00", RESULT_BROKEN, "expected no success code" },
	    { "say puback:87 puback:87", RESULT_BROKEN, "which nothing asked for" },
	    { "say disconnect:87 end grace", RESULT_HELD, NULL }, { "say puback:87 disconnect:87 end grace", RESULT_HELD, NULL });
	TRY(CONNECTED, STEP(SAYS, .qos = 1, .outcomes = { OUTCOME_ALLOWED, OUTCOME_CLOSED }, .outcome_count = 2),
	    { "say puback:00", RESULT_HELD, NULL }, { "say disconnect:81 end", RESULT_HELD, NULL },
	    { "say puback:87", RESULT_NONE, NULL }, { "say puback:87 end alive", RESULT_HELD, NULL },
	    { "say late alive", RESULT_BROKEN,
	      "expected a success code on a connection that stays open; or the connection closed by the broker, saw" });
	TRY(CONNECTED, STEP(SAYS, .qos = 1, .outcomes = { OUTCOME_ACK }, .codes = { 0x99 }, .code_count = 1),
	    { "say puback:99", RESULT_HELD, NULL }, { "say puback:87", RESULT_BROKEN, "with the code 0x99" });
}
END_TEST

START_TEST(publishes_at_qos_2)
{
	TRY(CONNECTED, STEP(SAYS, .qos = 2, .outcomes = { OUTCOME_ALLOWED }),
	    { "say pubrec:00 release pubcomp:00", RESULT_HELD, NULL }, { "say pubrec:00", RESULT_NONE, NULL },
	    { "say pubrec:87", RESULT_BROKEN, "PUBREC 0x87" },
	    { "say pubrec:00 release pubcomp:92", RESULT_BROKEN, "PUBCOMP 0x92" },
	    { "say puback:00", RESULT_BROKEN, "PUBACK 0x00 Success (packet id 5), which nothing asked for" },
	    { "say pubcomp:00", RESULT_BROKEN, "which nothing asked for" },
	    { "say pubrec:00 pubrec:00", RESULT_BROKEN, "which nothing asked for" },
	    { "say pubrec:00 pubcomp:00", RESULT_BROKEN, "which nothing asked for" },
	    { "say pubrec:00 release pubcomp:00 pubcomp:00", RESULT_BROKEN, "which nothing asked for" },
	    { "say pubrec:00 release late alive", RESULT_BROKEN, NULL },
	    { "say pubrec:00 release late dead", RESULT_UNCLEAR, NULL });
	TRY(CONNECTED, STEP(SAYS, .qos = 2, .outcomes = { OUTCOME_DENIED }), { "say pubrec:87 grace", RESULT_HELD, NULL },
	    { "say pubrec:00", RESULT_BROKEN, "expected no success code, saw PUBREC 0x00" },
	    { "say disconnect:87 end grace", RESULT_HELD, NULL }, { "say late alive", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(SAYS, .qos = 2, .held_back = true, .outcomes = { OUTCOME_ALLOWED }),
	    { "say pubrec:00", RESULT_HELD, NULL }, { "say pubrec:87", RESULT_BROKEN, NULL });
}
END_TEST

START_TEST(publishes_packed)
{
	TRY(ALONE, STEP(SAYS, .qos = 1, .vehicle = VEHICLE_PACKED, .outcomes = { OUTCOME_ALLOWED }),
	    { "open say connack:00 puback:00", RESULT_HELD, NULL },
	    { "open say connack:86 end", RESULT_BROKEN, "expected CONNACK 0x00" },
	    { "open say puback:00", RESULT_BROKEN, "without a successful CONNACK before it" });
	TRY(ALONE, STEP(SAYS, .qos = 1, .vehicle = VEHICLE_PACKED, .outcomes = { OUTCOME_DENIED }),
	    { "open say connack:00 puback:87 grace", RESULT_HELD, NULL },
	    { "open say connack:86 end", RESULT_BROKEN, "expected CONNACK 0x00, saw" },
	    { "open say connack:00 puback:00", RESULT_BROKEN, NULL });
}
END_TEST

START_TEST(where_nothing_is_open)
{
	TRY(ALONE, STEP(SAYS, .qos = 1, .if_open = true, .outcomes = { OUTCOME_DENIED }), { "", RESULT_HELD, NULL });
	TRY(CONNECTED, STEP(SAYS, .qos = 1, .if_open = true, .outcomes = { OUTCOME_DENIED }),
	    { "say puback:00", RESULT_BROKEN, NULL }, { "say disconnect:94 end grace", RESULT_HELD, NULL });
	TRY(ALONE, STEP(SAYS, .qos = 1, .outcomes = { OUTCOME_DENIED }), { "alive", RESULT_BROKEN, "without a connection" });
}
END_TEST

START_TEST(releases)
{
	TRY(CONNECTED, STEP(.act = ACT_RELEASE, .outcomes = { OUTCOME_ALLOWED }), { "release pubcomp:00", RESULT_HELD, NULL },
	    { "release pubcomp:92", RESULT_BROKEN, "PUBCOMP below 0x80" }, { "release disconnect:87 end", RESULT_BROKEN, NULL },
	    { "release pubcomp:00@6", RESULT_BROKEN, "which nothing asked for" }, { "release late dead", RESULT_UNCLEAR, NULL });
	TRY(CONNECTED, STEP(.act = ACT_RELEASE, .outcomes = { OUTCOME_DENIED }), { "release pubcomp:92 grace", RESULT_HELD, NULL },
	    { "release pubcomp:00", RESULT_BROKEN, NULL }, { "release disconnect:87 end grace", RESULT_HELD, NULL });
	TRY(CONNECTED, STEP(.act = ACT_RELEASE, .outcomes = { OUTCOME_ACK }, .codes = { 0x92 }, .code_count = 1),
	    { "release pubcomp:92", RESULT_HELD, NULL }, { "release pubcomp:00", RESULT_BROKEN, "with the code 0x92" });
}
END_TEST

#define FLOWS .act = ACT_STREAM, .topic = "t", .payload = "p"

START_TEST(streams)
{
	TRY(CONNECTED, STEP(FLOWS, .qos = 1, .outcomes = { OUTCOME_ALLOWED }),
	    { "say puback:00 say@6 puback:00@6 late", RESULT_HELD, NULL }, { "say puback:00", RESULT_NONE, NULL },
	    { "say puback:00 say@6 puback:87@6", RESULT_BROKEN, "PUBACK 0x87" }, { "say late", RESULT_BROKEN, NULL },
	    { "say puback:00 disconnect:98 end", RESULT_BROKEN, "DISCONNECT 0x98" });
	TRY(CONNECTED, STEP(FLOWS, .qos = 1, .outcomes = { OUTCOME_DENIED }), { "say puback:87 grace", RESULT_HELD, NULL },
	    { "say puback:00", RESULT_BROKEN, NULL }, { "say disconnect:87 end grace", RESULT_HELD, NULL });
	TRY(CONNECTED, STEP(FLOWS, .qos = 0, .outcomes = { OUTCOME_ALLOWED }), { "say say late alive", RESULT_HELD, NULL },
	    { "say late dead", RESULT_UNCLEAR, NULL });
	TRY(CONNECTED, STEP(FLOWS, .qos = 1, .outcomes = { OUTCOME_CLOSED }),
	    { "say puback:00 say@6 disconnect:A0 end", RESULT_HELD, NULL }, { "say puback:00 late alive", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(FLOWS, .qos = 1, .outcomes = { OUTCOME_OPEN }), { "say puback:00 late alive", RESULT_HELD, NULL },
	    { "say end alive", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(FLOWS, .qos = 1, .until = { INSTANT_BEGIN, 0, 100 }, .outcomes = { OUTCOME_ALLOWED }),
	    { "say puback:00 pause:50 grace", RESULT_NONE, NULL }, { "say puback:00 pause:100 late", RESULT_HELD, NULL },
	    { "say pause:100 late", RESULT_BROKEN, NULL });
}
END_TEST

START_TEST(subscribes)
{
	TRY(CONNECTED, STEP(.act = ACT_SUBSCRIBE, .filters = { "a" }, .filter_count = 1, .outcomes = { OUTCOME_GRANTED }),
	    { "subscribe suback:00", RESULT_HELD, NULL }, { "subscribe suback:87", RESULT_BROKEN, NULL },
	    { "subscribe suback:00@6", RESULT_BROKEN, "which nothing asked for" },
	    { "subscribe suback:00 suback:00", RESULT_BROKEN, "which nothing asked for" },
	    { "subscribe late alive", RESULT_BROKEN, NULL }, { "subscribe late dead", RESULT_UNCLEAR, NULL },
	    { "subscribe end alive", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(.act = ACT_SUBSCRIBE, .filters = { "a" }, .filter_count = 1, .outcomes = { OUTCOME_GRANTED },
			    .codes = { 0x01 }, .code_count = 1),
	    { "subscribe suback:01", RESULT_HELD, NULL }, { "subscribe suback:00", RESULT_BROKEN, "with the code 0x01" });
	TRY(CONNECTED, STEP(.act = ACT_SUBSCRIBE, .filters = { "a", "b" }, .filter_count = 2, .tested = 1,
			    .outcomes = { OUTCOME_DENIED }, .codes = { 0x87 }, .code_count = 1),
	    { "subscribe suback:0087", RESULT_HELD, NULL }, { "subscribe suback:0080", RESULT_BROKEN, "with the code 0x87" },
	    { "subscribe suback:8787", RESULT_BROKEN, "its neighbour a is granted" },
	    { "subscribe suback:87", RESULT_BROKEN, "2 codes, one for each filter" });
	TRY(CONNECTED, STEP(.act = ACT_SUBSCRIBE, .filters = { "a" }, .filter_count = 1, .outcomes = { OUTCOME_CLOSED }),
	    { "subscribe disconnect:82 end", RESULT_HELD, NULL }, { "subscribe suback:00 late alive", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(.act = ACT_UNSUBSCRIBE, .filters = { "a" }, .filter_count = 1), { "unsubscribe unsuback:00", RESULT_HELD, NULL },
	    { "unsubscribe unsuback:11", RESULT_HELD, NULL }, { "unsubscribe unsuback:87", RESULT_BROKEN, NULL },
	    { "unsubscribe unsuback:0000", RESULT_BROKEN, NULL }, { "unsubscribe late dead", RESULT_UNCLEAR, NULL });
}
END_TEST

START_TEST(lives_and_ends)
{
	TRY(CONNECTED, STEP(.act = ACT_PING, .outcomes = { OUTCOME_ALIVE }), { "ping pong", RESULT_HELD, NULL },
	    { "ping end alive", RESULT_BROKEN, NULL }, { "ping late alive", RESULT_BROKEN, NULL },
	    { "ping late dead", RESULT_UNCLEAR, NULL }, { "disconnect:98 end", RESULT_BROKEN, "DISCONNECT 0x98" });
	TRY(CONNECTED, STEP(.act = ACT_PING, .outcomes = { OUTCOME_CLOSED }), { "ping disconnect:98 end", RESULT_HELD, NULL },
	    { "ping pong", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(.act = ACT_IDLE, .outcomes = { OUTCOME_OPEN }), { "late alive", RESULT_HELD, NULL },
	    { "late", RESULT_NONE, NULL }, { "late dead", RESULT_UNCLEAR, NULL }, { "end alive", RESULT_BROKEN, NULL },
	    { "disconnect:8D end", RESULT_BROKEN, "DISCONNECT 0x8D" });
	TRY(CONNECTED, STEP(.act = ACT_IDLE, .outcomes = { OUTCOME_CLOSED }), { "disconnect:A0 end", RESULT_HELD, NULL },
	    { "end alive", RESULT_HELD, NULL }, { "end dead", RESULT_UNCLEAR, NULL }, { "late alive", RESULT_BROKEN, NULL },
	    { "disconnect:A0 late alive", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(.act = ACT_IDLE, .outcomes = { OUTCOME_CLOSED }, .by = { INSTANT_CONNECTED, 0, 500 }),
	    { "pause:500 disconnect:A0 end", RESULT_HELD, NULL },
	    { "pause:501 disconnect:A0 end", RESULT_BROKEN, "by scout.connected + 500 ms, saw DISCONNECT 0xA0 Maximum connect time 1 ms after that" },
	    { "pause:500 late disconnect:A0 end", RESULT_NONE, NULL }, { "pause:500 late end alive", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(.act = ACT_IDLE, .outcomes = { OUTCOME_CLOSED }, .after = { INSTANT_BEGIN, 0, 2000 }),
	    { "pause:2000 disconnect:A0 end", RESULT_HELD, NULL },
	    { "pause:1900 disconnect:A0 end", RESULT_BROKEN, "not before the step's beginning + 2 s" });
	TRY(CONNECTED, STEP(.act = ACT_STALL), { "", RESULT_HELD, NULL });
	TRY(CONNECTED, STEP(.act = ACT_DROP), { "cut", RESULT_HELD, NULL });
	TRY(ALONE, STEP(.act = ACT_DROP), { "", RESULT_HELD, NULL });
	TRY(CONNECTED, STEP(.act = ACT_DISCONNECT), { "cut", RESULT_HELD, NULL }, { "late alive", RESULT_BROKEN, NULL });
}
END_TEST

START_TEST(sends)
{
	TRY(ALONE, STEP(.act = ACT_SEND, .outcomes = { OUTCOME_ACCEPTED }), { "open bytes connack:00", RESULT_HELD, NULL },
	    { "open bytes connack:84 end", RESULT_BROKEN, NULL }, { "open bytes late alive", RESULT_BROKEN, NULL });
	TRY(ALONE, STEP(.act = ACT_SEND, .outcomes = { OUTCOME_REFUSED }), { "open bytes connack:84 end", RESULT_HELD, NULL },
	    { "open bytes connack:00", RESULT_BROKEN, NULL }, { "end", RESULT_UNCLEAR, NULL });
	TRY(ALONE, STEP(.act = ACT_SEND, .outcomes = { OUTCOME_CLOSED }, .codes = { 0x81, 0x82 }, .code_count = 2),
	    { "open bytes connack:81 end", RESULT_HELD, NULL }, { "open bytes disconnect:82 end", RESULT_HELD, NULL },
	    { "open bytes connack:87 end", RESULT_BROKEN, "with the code 0x81 or 0x82" },
	    { "open bytes end alive", RESULT_BROKEN, "with the code" }, { "open bytes late alive", RESULT_BROKEN, NULL });
	TRY(ALONE, STEP(.act = ACT_SEND, .outcomes = { OUTCOME_CLOSED }), { "open bytes end alive", RESULT_HELD, NULL },
	    { "open bytes end dead", RESULT_UNCLEAR, NULL }, { "open bytes connack:00 late alive", RESULT_BROKEN, NULL });
	TRY(CONNECTED, STEP(.act = ACT_SEND, .outcomes = { OUTCOME_ACK }), { "release pubcomp:00", RESULT_HELD, NULL },
	    { "release pubcomp:92", RESULT_BROKEN, NULL }, { "bytes puback:00", RESULT_HELD, NULL });
	TRY(CONNECTED, STEP(.act = ACT_SEND, .outcomes = { OUTCOME_ACK }, .codes = { 0x92 }, .code_count = 1),
	    { "release pubcomp:92", RESULT_HELD, NULL }, { "release pubcomp:00", RESULT_BROKEN, NULL },
	    { "release pubcomp:92@7", RESULT_BROKEN, "which nothing asked for" });
	TRY(CONNECTED, STEP(.act = ACT_SEND, .outcomes = { OUTCOME_ALIVE }), { "bytes ping pong", RESULT_HELD, NULL },
	    { "bytes ping disconnect:81 end", RESULT_BROKEN, NULL }, { "bytes ping late dead", RESULT_UNCLEAR, NULL });
}
END_TEST

START_TEST(hooks)
{
	for (enum act act = ACT_REVOKE; act <= ACT_RESTART; act++)
		TRY(ALONE, STEP(.act = act, .outcomes = { OUTCOME_ACCEPTED }), { "hook:0", RESULT_HELD, NULL },
		    { "hook:65", RESULT_BROKEN, "saw what the hook said" }, { "hook:1", RESULT_UNCLEAR, NULL },
		    { "hook!137", RESULT_UNCLEAR, NULL }, { "late alive", RESULT_BROKEN, NULL });
	TRY(ALONE, STEP(.act = ACT_LOAD, .outcomes = { OUTCOME_REFUSED }), { "hook:65", RESULT_HELD, NULL },
	    { "hook:0", RESULT_BROKEN, "the policy refused" }, { "hook:70", RESULT_UNCLEAR, NULL });
}
END_TEST

/* A hook that answers when its step is over says nothing about the next one. */
START_TEST(late_hook)
{
	struct court c;
	hand_begin(&c.hand, "PUB-02.hand", "PUB-02.hand");
	hand_actor(&c.hand, "scout", "scout-1");
	for (size_t i = 0; i < 2; i++)
		hand_step(&c.hand, (struct script_step){ .source = "revokes", .act = ACT_REVOKE, .outcomes = { OUTCOME_ACCEPTED } });
	open_court(&c);
	step(&c, 0);
	happen(&c, 0, "late dead");
	ck_assert_int_eq(judge_result(c.judge, 0, 0), RESULT_UNCLEAR);
	step(&c, 1);
	c.step = 0;
	happen(&c, 0, "hook:0");
	ck_assert_int_eq(judge_result(c.judge, 0, 1), RESULT_NONE);
	c.step = 1;
	happen(&c, 0, "hook:65");
	ck_assert_int_eq(judge_result(c.judge, 0, 1), RESULT_BROKEN);
	close_court(&c);
}
END_TEST

/* An outcome that the act cannot have is a fault of the suite, never a verdict on the broker. */
START_TEST(unlawful_outcomes)
{
	TRY(CONNECTED, STEP(.act = ACT_PING, .outcomes = { OUTCOME_GRANTED }), { "", RESULT_HARNESS, "granted" });
	TRY(ALONE, STEP(.act = ACT_RESTART, .outcomes = { OUTCOME_REFUSED }), { "", RESULT_HARNESS, "refused" });
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("judge, acts");
	TCase *tests = tcase_create("acts");
	tcase_add_test(tests, connects_and_resumes);
	tcase_add_test(tests, connects_with_a_will);
	tcase_add_test(tests, renews);
	tcase_add_test(tests, publishes_at_qos_0);
	tcase_add_test(tests, publishes_at_qos_1);
	tcase_add_test(tests, publishes_at_qos_2);
	tcase_add_test(tests, publishes_packed);
	tcase_add_test(tests, where_nothing_is_open);
	tcase_add_test(tests, releases);
	tcase_add_test(tests, streams);
	tcase_add_test(tests, subscribes);
	tcase_add_test(tests, lives_and_ends);
	tcase_add_test(tests, sends);
	tcase_add_test(tests, hooks);
	tcase_add_test(tests, late_hook);
	tcase_add_test(tests, unlawful_outcomes);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
