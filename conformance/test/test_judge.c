/* The judge by itself: moments made by hand, no engine, no network, no clock. */
#include "court.h"

static void verdict(struct court *c, size_t check, enum verdict expected, const char *words)
{
	const struct check *is = &c->hand.checks[check];
	ck_assert(judge_finish(c->judge, &c->plan));
	const char *sentence = is->sentence ? is->sentence : "";
	ck_assert_msg(is->verdict == expected, "%s: %s: %s", is->rule->id, verdict_name(is->verdict), sentence);
	ck_assert_msg(strstr(sentence, words) != NULL, "\"%s\" lacks \"%s\"", sentence, words);
}

START_TEST(fence_of_the_same_publisher_is_proof)
{
	struct court c;
	until_denial(&c);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_ANSWER);
	ack(&c, 1, 6, 0x87);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
	struct fence_need need[2];
	ck_assert_uint_eq(judge_fences(c.judge, 0, need, 2), 1);
	ck_assert(need[0].observer == 0 && need[0].message == 3 && !need[0].sent);
	fence_sent(&c, c.actor_connection[1]);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
	publish(&c, 0, MOMENT_RECEIVED, 3, 1, 0);
	ck_assert_int_eq(judge_result(c.judge, 0, 5), RESULT_HELD);
	for (size_t i = 0; i < 3; i++)
		verdict(&c, i, VERDICT_PASS, "");
	close_court(&c);
}
END_TEST

START_TEST(fence_of_another_connection_needs_grace)
{
	struct court c;
	until_denial(&c);
	ack(&c, 1, 6, 0x87);
	fence_sent(&c, 99);
	publish(&c, 0, MOMENT_RECEIVED, 3, 1, 0);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
	simple(&c, MOMENT_GRACE, false);
	ck_assert_int_eq(judge_result(c.judge, 0, 5), RESULT_HELD);
	close_court(&c);
}
END_TEST

START_TEST(grace_alone_completes_no_fence)
{
	struct court c;
	until_denial(&c);
	ack(&c, 1, 6, 0x87);
	fence_sent(&c, c.actor_connection[1]);
	simple(&c, MOMENT_GRACE, false);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
	simple(&c, MOMENT_DEADLINE, false);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_CONTROL);
	simple(&c, MOMENT_CONTROL, true);
	ck_assert(judge_unclear(c.judge, 0));
	verdict(&c, 1, VERDICT_INCONCLUSIVE, "no sentinel at analyst");
	verdict(&c, 2, VERDICT_BLOCKED, "PUB-02");
	close_court(&c);
}
END_TEST

START_TEST(success_code_breaks_a_denial)
{
	struct court c;
	until_denial(&c);
	ack(&c, 1, 6, _i ? 0x10 : 0x00);
	ck_assert_int_eq(judge_result(c.judge, 0, 5), RESULT_BROKEN);
	ck_assert(judge_failed(c.judge, 0));
	verdict(&c, 1, VERDICT_FAIL,
		_i ? "PUB-02.hand line 15 \"deny same to \"agents/analyst/card\" -> denied\": expected no success code, saw "
		     "PUBACK 0x10 No matching subscribers (packet id 6)" :
		     "expected no success code, saw PUBACK 0x00 Success (packet id 6)");
	verdict(&c, 0, VERDICT_BLOCKED, "did not discriminate: no denial held");
	close_court(&c);
}
END_TEST

/* The forbidden message, at a connection that belongs to no script. */
static void strays(struct court *c)
{
	struct buf bytes;
	struct packet read;
	struct fault fault;
	struct nonce nonce;
	ck_assert(nonce_make(salt, 3, c->hand.script.id, 1, 5, 0, &nonce));
	buf_init(&bytes, 256);
	struct publish stray = { .topic = slice_text("x"), .payload = slice_text(nonce.text) };
	build_publish(&bytes, &stray, NULL);
	ck_assert_int_eq(packet_read(buf_slice(&bytes), FROM_BROKER, &read, &fault), READ_PACKET);
	struct moment m = { .kind = MOMENT_RECEIVED, .script = NOBODY, .actor = NOBODY, .who = "control", .packet = &read,
			    .raw = buf_slice(&bytes) };
	ck_assert(judge_feed(c->judge, &m));
	buf_release(&bytes);
}

/* Even when its script is done, and on a connection that belongs to no script at all. */
START_TEST(forbidden_nonce_later)
{
	struct court c;
	until_denial(&c);
	ack(&c, 1, 6, 0x87);
	fence_sent(&c, c.actor_connection[1]);
	publish(&c, 0, MOMENT_RECEIVED, 3, 1, 0);
	verdict(&c, 1, VERDICT_PASS, "");
	simple(&c, MOMENT_FINISHED, false);
	strays(&c);
	verdict(&c, 1, VERDICT_FAIL, "expected that nobody receives it, saw control receive it in PUBLISH \"x\"");
	close_court(&c);
}
END_TEST

/* Between connections there is no order: whatever is heard of first, the sentence is that of the delivery to the
 * script's own observer, then that of the answer, then that of a bystander's. */
START_TEST(the_order_of_connections_changes_no_sentence)
{
	static const char *const orders[] = { "sad", "sda", "asd", "ads", "das", "dsa", "ad", "da", "sd", "sa", "as" };
	struct court c;
	until_denial(&c);
	for (const char *what = orders[_i]; *what; what++) {
		if (*what == 's')
			strays(&c);
		else if (*what == 'a')
			ack(&c, 1, 6, 0x00);
		else
			publish(&c, 0, MOMENT_RECEIVED, 5, 0, 0);
	}
	verdict(&c, 1, VERDICT_FAIL, strchr(orders[_i], 'd') ? "expected that nobody receives it, saw analyst receive it in PUBLISH" :
							       "expected no success code, saw PUBACK 0x00");
	close_court(&c);
}
END_TEST

START_TEST(missing_answer)
{
	struct court c;
	until_denial(&c);
	simple(&c, MOMENT_DEADLINE, false);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_CONTROL);
	simple(&c, MOMENT_CONTROL, _i);
	ck_assert_int_eq(judge_result(c.judge, 0, 5), _i ? RESULT_BROKEN : RESULT_UNCLEAR);
	verdict(&c, 1, _i ? VERDICT_FAIL : VERDICT_INCONCLUSIVE, "no answer");
	close_court(&c);
}
END_TEST

/* A late answer within the default budget is an answer; a deadline of the scenario is a deadline. */
START_TEST(late_answer)
{
	struct court c;
	until_denial(&c);
	c.hand.steps[5].by = (struct instant){ .kind = _i ? INSTANT_BEGIN : INSTANT_NONE, .offset_ms = 100 };
	simple(&c, MOMENT_DEADLINE, false);
	ack(&c, 1, 6, 0x87);
	ck_assert_int_eq(judge_phase(c.judge, 0), _i ? PHASE_CONTROL : PHASE_FENCE);
	close_court(&c);
}
END_TEST

START_TEST(closed_without_a_word)
{
	struct court c;
	until_denial(&c);
	closed(&c, 1, true);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_CONTROL);
	simple(&c, MOMENT_CONTROL, _i);
	if (_i) {
		ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
		ck_assert(judge_may_rejoin(c.judge, 0, 1));
	} else {
		verdict(&c, 1, VERDICT_INCONCLUSIVE, "no answer to a ping on another connection");
	}
	close_court(&c);
}
END_TEST

START_TEST(refused_connect)
{
	struct court c;
	hand_connect(&c.hand);
	open_court(&c);
	connects(&c, 0, 0x00);
	connects(&c, 1, 0x86);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_ANSWER); /* until it is closed */
	closed(&c, 1, true);
	for (size_t i = 0; i < 3; i++)
		verdict(&c, i, VERDICT_PASS, "");
	close_court(&c);
}
END_TEST

/* A port that takes no connection has refused no token. */
START_TEST(refused_connect_unopened)
{
	struct court c;
	hand_connect(&c.hand);
	open_court(&c);
	connects(&c, 0, 0x00);
	step(&c, 1);
	c.actor_connection[1] = ++c.connections;
	closed(&c, 1, true);
	verdict(&c, 1, VERDICT_INCONCLUSIVE, "");
	close_court(&c);
}
END_TEST

/* 0: as it should be; 1: bad granted; 2: a neighbour refused; 3: a code missing; 4: another code */
START_TEST(subscriptions)
{
	static const struct {
		const char *codes;
		size_t size;
		enum verdict must, manner;
		const char *words;
	} answers[] = {
		{ "\x00\x87\x01", 3, VERDICT_PASS, VERDICT_PASS, "" },
		{ "\x00\x00\x00", 3, VERDICT_FAIL, VERDICT_BLOCKED, "a code of 0x80 or higher for the tested filter" },
		{ "\x00\x87\x87", 3, VERDICT_FAIL, VERDICT_BLOCKED, "its neighbour ops/2 is granted" },
		{ "\x00\x87", 2, VERDICT_FAIL, VERDICT_BLOCKED, "3 codes, one for each filter" },
		{ "\x00\x8f\x00", 3, VERDICT_PASS, VERDICT_WARN, "" },
	};
	struct court c;
	hand_subscribe(&c.hand);
	open_court(&c);
	preflight_message(&c);
	connects(&c, 0, 0x00);
	connects(&c, 1, 0x00);
	subscribe(&c, 2, slice_of("\x00", 1));
	subscribe(&c, 3, slice_of(answers[_i].codes, answers[_i].size));
	verdict(&c, 1, answers[_i].must, answers[_i].words);
	verdict(&c, 2, answers[_i].manner, "");
	close_court(&c);
}
END_TEST

/* The right codes and no message for anybody: in the whole run nothing was honoured. */
START_TEST(delivers_nothing)
{
	struct court c;
	hand_subscribe(&c.hand);
	open_court(&c);
	connects(&c, 0, 0x00);
	connects(&c, 1, 0x00);
	subscribe(&c, 2, slice_of("\x00", 1));
	subscribe(&c, 3, slice_of("\x00\x87\x01", 3));
	verdict(&c, 1, VERDICT_BLOCKED, "no message was delivered in the whole run");
	preflight_message(&c);
	verdict(&c, 1, VERDICT_PASS, "");
	close_court(&c);
}
END_TEST

/* Of several scripts one may be stopped alone. */
START_TEST(stopped_script)
{
	struct court c;
	struct moment m = { .kind = MOMENT_STOPPED, .script = 0, .actor = NOBODY, .text = "its organisation is not loaded" };
	hand_publish(&c.hand, "PUB-02.hand", 1);
	open_court(&c);
	ck_assert(judge_wants(c.judge, 0, 0));
	ck_assert(judge_feed(c.judge, &m));
	ck_assert(!judge_wants(c.judge, 0, 0));
	verdict(&c, 0, VERDICT_BLOCKED, "its organisation is not loaded");
	close_court(&c);
}
END_TEST

START_TEST(blocked)
{
	struct court c;
	hand_publish(&c.hand, "PUB-02.hand", 1);
	open_court(&c);
	connects(&c, 0, 0x87);
	ck_assert(!judge_wants(c.judge, 0, 1));
	simple(&c, MOMENT_FINISHED, false);
	for (size_t i = 0; i < 2; i++)
		verdict(&c, i, VERDICT_BLOCKED, "a precondition did not hold: PUB-02.hand line 10 \"analyst connects\"");
	close_court(&c);
}
END_TEST

/* The denial stands above its twin: it is made all the same, and counts when the twin has held. */
START_TEST(twin_below)
{
	struct court c;
	hand_connect(&c.hand);
	struct script_step denial = c.hand.steps[1];
	c.hand.steps[1] = c.hand.steps[0];
	c.hand.steps[0] = denial;
	c.hand.steps[0].twin = 1;
	open_court(&c);
	ck_assert(judge_wants(c.judge, 0, 0));
	connects(&c, 0, 0x86);
	closed(&c, 1, true);
	ck_assert(judge_wants(c.judge, 0, 1));
	connects(&c, 1, _i ? 0x86 : 0x00);
	simple(&c, MOMENT_FINISHED, false);
	verdict(&c, 1, _i ? VERDICT_BLOCKED : VERDICT_PASS, _i ? "its twin did not hold" : "");
	close_court(&c);
}
END_TEST

START_TEST(twin_breaks)
{
	struct court c;
	hand_publish(&c.hand, "PUB-02.hand", 1);
	open_court(&c);
	connects(&c, 0, 0x00);
	subscribe(&c, 1, slice_of("\x00", 1));
	connects(&c, 2, 0x00);
	step(&c, 3);
	publish(&c, 1, MOMENT_SENT, 3, 0, 5);
	ack(&c, 1, 5, 0x87);
	ck_assert(!judge_wants(c.judge, 0, 4));
	ck_assert(!judge_wants(c.judge, 0, 5));
	verdict(&c, 0, VERDICT_FAIL, "saw PUBACK 0x87 Not authorized (packet id 5)");
	verdict(&c, 1, VERDICT_BLOCKED, "its twin did not hold");
	close_court(&c);
}
END_TEST

START_TEST(altered)
{
	struct court c;
	struct buf bytes;
	struct nonce nonce;
	char payload[64];
	hand_publish(&c.hand, "PUB-02.hand", 1);
	open_court(&c);
	connects(&c, 0, 0x00);
	subscribe(&c, 1, slice_of("\x00", 1));
	connects(&c, 2, 0x00);
	step(&c, 3);
	publish(&c, 1, MOMENT_SENT, 3, 0, 5);
	ck_assert(nonce_make(salt, 3, c.hand.script.id, 1, 3, 0, &nonce));
	snprintf(payload, sizeof payload, "%s %s", _i ? "true" : "false", nonce.text);
	struct publish fields = { .topic = slice_text(_i ? "agents/other/card" : "agents/scout-1/card"),
				  .payload = slice_text(payload) };
	buf_init(&bytes, 256);
	build_publish(&bytes, &fields, NULL);
	packet(&c, 0, MOMENT_RECEIVED, &bytes);
	ack(&c, 1, 5, 0x00);
	step(&c, 4);
	ck_assert_int_eq(judge_result(c.judge, 0, 4), RESULT_BROKEN);
	verdict(&c, 0, VERDICT_FAIL, "the message, as it was published");
	close_court(&c);
}
END_TEST

START_TEST(unasked_answers)
{
	struct court c;
	until_denial(&c);
	if (_i == 0)
		ack(&c, 1, 600, 0x87);
	else
		connack(&c, 1, 0x00);
	ck_assert_int_eq(judge_result(c.judge, 0, 5), RESULT_BROKEN);
	verdict(&c, 1, VERDICT_FAIL, _i ? "a second one" : "which nothing asked for");
	close_court(&c);
}
END_TEST

START_TEST(second_attempt)
{
	struct court c;
	until_denial(&c);
	simple(&c, MOMENT_DEADLINE, false);
	simple(&c, MOMENT_CONTROL, false);
	ck_assert(judge_unclear(c.judge, 0));
	c.attempt = 2;
	feed(&c, (struct moment){ .kind = MOMENT_SCRIPT, .actor = NOBODY });
	ck_assert(!judge_unclear(c.judge, 0));
	ck_assert_int_eq(judge_result(c.judge, 0, 0), RESULT_NONE);
	c.attempt = 1; /* a message of the first attempt, to a connection that is still open: the ledger knows it */
	publish(&c, 0, MOMENT_RECEIVED, 5, 0, 0);
	verdict(&c, 1, VERDICT_FAIL, "nobody receives it");
	close_court(&c);
}
END_TEST

START_TEST(stopped)
{
	struct court c;
	until_denial(&c);
	struct moment m = { .kind = MOMENT_STOPPED, .script = NOBODY, .actor = NOBODY, .text = "a power cut" };
	ck_assert(judge_feed(c.judge, &m));
	ck_assert(!judge_wants(c.judge, 0, 0));
	verdict(&c, 1, VERDICT_BLOCKED, "a power cut");
	close_court(&c);
}
END_TEST

START_TEST(own_faults)
{
	struct court c;
	until_denial(&c);
	simple(&c, _i ? MOMENT_UNFIT : MOMENT_HARNESS, false);
	verdict(&c, 1, _i ? VERDICT_NA : VERDICT_HARNESS, "a reason");
	close_court(&c);
}
END_TEST

/* Moments out of order, of nobody, of steps that are not there: no harm. */
START_TEST(nonsense)
{
	struct court c;
	struct packet pingresp = { .type = PACKET_PINGRESP, .size = 2 };
	hand_publish(&c.hand, "PUB-02.hand", 1);
	open_court(&c);
	unsigned random = 5;
	for (int i = 0; i < 20000; i++) {
		random = random * 1103515245u + 12345u;
		struct moment m = {
			.kind = (enum moment_kind)(random >> 8 & 15), .script = (ptrdiff_t)(random >> 12 & 3) - 1,
			.attempt = random >> 14 & 1, .actor = (ptrdiff_t)(random >> 16 & 3) - 1, .step = random >> 18 & 7,
			.observer = random >> 20 & 3, .message = random >> 22 & 7, .nonce = random & 1 << 24 ? "~x" : NULL,
			.flag = random >> 25 & 1, .packet = random & 1 << 26 ? &pingresp : NULL, .connection = random >> 27,
		};
		if (m.kind < MOMENT_KINDS && m.kind != MOMENT_STOPPED)
			ck_assert(judge_feed(c.judge, &m));
	}
	ck_assert(judge_finish(c.judge, &c.plan));
	close_court(&c);
}
END_TEST

START_TEST(nonces)
{
	struct nonce a, b, found;
	ck_assert(nonce_make(salt, 1, "X", 1, 2, 0, &a) && nonce_make(salt, 1, "X", 1, 2, 1, &b));
	ck_assert_str_ne(a.text, b.text);
	ck_assert(nonce_make(salt, 1, "X", 2, 2, 0, &b));
	ck_assert_str_ne(a.text, b.text);
	ck_assert(nonce_make("fedcba9876543210", 1, "X", 1, 2, 0, &b));
	ck_assert_str_ne(a.text, b.text);
	char text[100];
	snprintf(text, sizeof text, "~short ~%s%s~", a.text, b.text);
	struct slice rest = slice_text(text);
	ck_assert(nonce_next(&rest, &found));
	ck_assert_str_eq(found.text, a.text);
	ck_assert(nonce_next(&rest, &found));
	ck_assert_str_eq(found.text, b.text);
	ck_assert(!nonce_next(&rest, &found));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("judge");
	TCase *tests = tcase_create("moments");
	tcase_add_test(tests, fence_of_the_same_publisher_is_proof);
	tcase_add_test(tests, fence_of_another_connection_needs_grace);
	tcase_add_test(tests, grace_alone_completes_no_fence);
	tcase_add_loop_test(tests, success_code_breaks_a_denial, 0, 2);
	tcase_add_loop_test(tests, the_order_of_connections_changes_no_sentence, 0, 11);
	tcase_add_test(tests, forbidden_nonce_later);
	tcase_add_loop_test(tests, missing_answer, 0, 2);
	tcase_add_loop_test(tests, late_answer, 0, 2);
	tcase_add_loop_test(tests, closed_without_a_word, 0, 2);
	tcase_add_test(tests, refused_connect);
	tcase_add_test(tests, refused_connect_unopened);
	tcase_add_loop_test(tests, subscriptions, 0, 5);
	tcase_add_test(tests, blocked);
	tcase_add_test(tests, delivers_nothing);
	tcase_add_test(tests, stopped_script);
	tcase_add_loop_test(tests, twin_below, 0, 2);
	tcase_add_test(tests, twin_breaks);
	tcase_add_loop_test(tests, altered, 0, 2);
	tcase_add_loop_test(tests, unasked_answers, 0, 2);
	tcase_add_test(tests, second_attempt);
	tcase_add_test(tests, stopped);
	tcase_add_loop_test(tests, own_faults, 0, 2);
	tcase_add_test(tests, nonsense);
	tcase_add_test(tests, nonces);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
