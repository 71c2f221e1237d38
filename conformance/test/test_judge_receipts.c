/* What arrives: facts, order, count and time of receipts; what must not arrive after an instant. */
#include "listener.h"

/* Each fact by itself: what the step wants, a PUBLISH that has it, one that lacks it, the words. */
static char content[] = "text/plain", response[] = "agents/x/in", correlated[] = "7", key_a[] = "a", key_b[] = "b", other[] = "x";

static void put_all(struct buf *p, uint32_t format, uint32_t expiry, const char *text, const char *first, const char *second)
{
	build_number(p, PROPERTY_PAYLOAD_FORMAT, format);
	build_number(p, PROPERTY_MESSAGE_EXPIRY, expiry);
	build_text(p, PROPERTY_CONTENT_TYPE, slice_text(text ? text : content));
	build_text(p, PROPERTY_RESPONSE_TOPIC, slice_text(text ? text : response));
	build_text(p, PROPERTY_CORRELATION, slice_text(text ? text : correlated));
	build_pair(p, slice_text(first), slice_text(*first == 'a' ? "1" : "3"));
	build_pair(p, slice_text("between"), slice_text("2"));
	build_pair(p, slice_text(second), slice_text(*second == 'a' ? "1" : "3"));
	build_number(p, PROPERTY_SUBSCRIPTION_ID, text ? 9 : 4);
	build_number(p, PROPERTY_SUBSCRIPTION_ID, 5);
}

static void want(struct script_message *m, int which)
{
	static char one[] = "1", three[] = "3";
	m->qos = which == 0 ? 1 : -1;
	m->retain = which == 1 ? 1 : -1;
	m->dup = which == 2 ? 1 : -1;
	m->format = which == 3 ? 1 : -1;
	m->expiry_s = which == 4 ? 60 : -1;
	m->content_type = which == 5 ? content : NULL;
	m->response_topic = which == 6 ? response : NULL;
	m->correlation = which == 7 ? correlated : NULL;
	m->user_count = which == 8 ? 2 : 0;
	m->user[0][0] = key_a;
	m->user[0][1] = one;
	m->user[1][0] = key_b;
	m->user[1][1] = three;
	m->identifier_count = which == 9 ? 2 : 0;
	m->identifiers[0] = 5;
	m->identifiers[1] = 4;
	m->topic = which == 10 ? other : NULL;
}

START_TEST(facts)
{
	static const char *const words[] = {
		"expected QoS 1, saw QoS 0 in PUBLISH \"t\"", "expected RETAIN 1, saw RETAIN 0 in PUBLISH", "expected DUP 1, saw DUP 0 in",
		"Payload Format Indicator 1, saw Payload Format Indicator 0", "a Message Expiry Interval of at most 60 s, saw one of 61 s",
		"\"text/plain\", saw another one in PUBLISH", "\"agents/x/in\", saw another one", "\"7\", saw another one",
		"User Property \"b\" \"3\" behind the one before it, saw none", "Subscription Identifier 5 4, saw Subscription Identifier 9 5",
		"expected the message, as it was published, saw PUBLISH \"t\"",
	};
	struct court c;
	struct buf good, bad;
	begin(&c);
	size_t at = receives(&c, CARD);
	want(&c.hand.steps[at].properties, _i);
	proceed(&c);
	step(&c, at);
	buf_init(&good, 4096);
	buf_init(&bad, 4096);
	put_all(&good, 1, 60, NULL, key_a, key_b);
	put_all(&bad, 0, 61, "no", key_b, key_a);
	deliver_with(&c, CARD, 0, (struct publish){ .properties = buf_slice(&bad) });
	simple(&c, MOMENT_DEADLINE, false);
	simple(&c, MOMENT_CONTROL, true);
	ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_BROKEN);
	says_that(&c, 0, VERDICT_FAIL, words[_i]);
	c.attempt = 2;
	feed(&c, (struct moment){ .kind = MOMENT_SCRIPT, .actor = NOBODY });
	connects(&c, 0, 0x00);
	connects(&c, 1, 0x00);
	says(&c, CARD);
	step(&c, at);
	deliver_with(&c, CARD, 0, (struct publish){ .qos = _i == 0 || _i == 2, .id = _i == 0 || _i == 2 ? 3 : 0, .dup = _i == 2,
						      .retain = _i == 1, .properties = buf_slice(&good),
						      .topic = slice_text(_i == 10 ? other : "t") });
	ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_HELD);
	buf_release(&good);
	buf_release(&bad);
	close_court(&c);
}
END_TEST

/* A later receipt may have what the first one lacked: a retained copy after a live one. */
START_TEST(a_second_receipt_may_do)
{
	struct court c;
	begin(&c);
	size_t at = receives(&c, CARD);
	c.hand.steps[at].properties.retain = 1;
	proceed(&c);
	deliver(&c, CARD);
	step(&c, at);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_ANSWER);
	deliver_with(&c, CARD, 0, (struct publish){ .retain = true });
	ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_HELD);
	close_court(&c);
}
END_TEST

START_TEST(missing_message)
{
	struct court c;
	begin(&c);
	size_t at = receives(&c, CARD);
	proceed(&c);
	step(&c, at);
	simple(&c, MOMENT_DEADLINE, false);
	simple(&c, MOMENT_CONTROL, _i);
	ck_assert_int_eq(judge_result(c.judge, 0, at), _i ? RESULT_BROKEN : RESULT_UNCLEAR);
	says_that(&c, 0, _i ? VERDICT_FAIL : VERDICT_INCONCLUSIVE, "expected the message, as it was published, saw no answer");
	close_court(&c);
}
END_TEST

START_TEST(payload_size)
{
	struct court c;
	struct nonce nonce;
	char payload[64];
	begin(&c);
	c.hand.steps[CARD].payload_size = 40;
	size_t at = receives(&c, CARD);
	open_court(&c);
	connects(&c, 0, 0x00);
	connects(&c, 1, 0x00);
	says(&c, CARD);
	step(&c, at);
	ck_assert(nonce_make(salt, 3, c.hand.script.id, 1, CARD, 0, &nonce));
	snprintf(payload, sizeof payload, "one %s%s", nonce.text, _i == 0 ? "..............." : _i == 1 ? "..............x" : "..............");
	struct publish fields = { .topic = slice_text("t"), .payload = slice_text(payload) };
	struct buf bytes;
	buf_init(&bytes, 256);
	build_publish(&bytes, &fields, NULL);
	packet(&c, 0, MOMENT_RECEIVED, &bytes);
	ck_assert_int_eq(judge_result(c.judge, 0, at), _i == 0 ? RESULT_HELD : RESULT_BROKEN);
	close_court(&c);
}
END_TEST

/* 0: in order; 1: the other way round; 2: the second never; 3: the first never */
START_TEST(order)
{
	struct court c;
	begin(&c);
	size_t two = second_message(&c), at = receives(&c, CARD);
	c.hand.steps[at].messages[1] = two;
	c.hand.steps[at].message_count = 2;
	proceed(&c);
	says(&c, two);
	step(&c, at);
	size_t messages[] = { _i == 0 || _i == 2 ? CARD : two, _i == 0 ? two : CARD };
	for (size_t i = 0; i < (_i < 2 ? 2 : 1); i++)
		deliver(&c, messages[i]);
	if (_i >= 2) {
		simple(&c, MOMENT_DEADLINE, false);
		simple(&c, MOMENT_CONTROL, true);
	}
	ck_assert_int_eq(judge_result(c.judge, 0, at), _i == 0 ? RESULT_HELD : RESULT_BROKEN);
	if (_i > 0)
		says_that(&c, 0, VERDICT_FAIL, _i == 1 ? "expected \"one\" before \"two\", saw the later one first, in PUBLISH" :
					       _i == 2 ? "expected the message \"two\", as" : "expected the message \"one\", as");
	close_court(&c);
}
END_TEST

/* 0: once; 1: twice before the fence is complete; 2: never; 3: again with DUP at QoS 2 */
START_TEST(count)
{
	struct court c;
	begin(&c);
	size_t at = receives(&c, CARD);
	c.hand.steps[at].count = 1;
	proceed(&c);
	struct publish two = { .qos = 2, .id = 8 };
	if (_i != 2)
		deliver_with(&c, CARD, 0, two);
	step(&c, at);
	if (_i == 2) {
		simple(&c, MOMENT_DEADLINE, false);
		simple(&c, MOMENT_CONTROL, true);
		ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_BROKEN);
	} else {
		ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
		fence_copy(&c, CARD, c.actor_connection[1]);
		two.dup = _i == 3;
		if (_i > 0)
			deliver_with(&c, CARD, 0, two);
		returns(&c, CARD);
		ck_assert_int_eq(judge_result(c.judge, 0, at), _i == 1 ? RESULT_BROKEN : RESULT_HELD);
	}
	if (_i == 1)
		says_that(&c, 0, VERDICT_FAIL, "expected the message exactly 1 times, saw it 2 times, last in PUBLISH");
	close_court(&c);
}
END_TEST

/* What stays away altogether is fenced as well. */
START_TEST(count_none)
{
	struct court c;
	begin(&c);
	size_t two = second_message(&c), at = receives(&c, two);
	c.hand.steps[at].count = 0;
	proceed(&c);
	deliver(&c, CARD);
	says(&c, two);
	step(&c, at);
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE);
	fence_copy(&c, CARD, c.actor_connection[1]);
	if (_i)
		deliver(&c, two);
	returns(&c, CARD);
	ck_assert_int_eq(judge_result(c.judge, 0, at), _i ? RESULT_BROKEN : RESULT_HELD);
	close_court(&c);
}
END_TEST

static void deliver_empty(struct court *c, const char *topic)
{
	struct buf bytes;
	struct publish fields = { .retain = true, .topic = slice_text(topic) };
	buf_init(&bytes, 256);
	build_publish(&bytes, &fields, NULL);
	packet(c, 0, MOMENT_RECEIVED, &bytes);
}

/* A PUBLISH without payload: on its topic, waited for or forbidden. */
START_TEST(empty)
{
	struct court c;
	begin(&c);
	size_t at = hand_step(&c.hand, (struct script_step){ .source = "analyst receives empty", .act = ACT_RECEIVE, .topic = "gone",
							     .empty = true, .check = 1 });
	size_t never = hand_step(&c.hand, (struct script_step){ .source = "analyst never receives empty", .act = ACT_NEVER,
								.topic = "kept", .empty = true, .check = 2 });
	c.hand.steps[at].properties.retain = 1;
	proceed(&c);
	step(&c, at);
	deliver_empty(&c, "else");
	ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_ANSWER);
	deliver_empty(&c, "gone");
	ck_assert_int_eq(judge_result(c.judge, 0, at), RESULT_HELD);
	deliver(&c, CARD);
	step(&c, never);
	fence_copy(&c, CARD, c.actor_connection[1]);
	returns(&c, CARD);
	if (_i) {
		deliver_empty(&c, "kept");
		says_that(&c, 1, VERDICT_FAIL, "expected that it never arrives, saw analyst receive it in PUBLISH \"kept\"");
	} else {
		ck_assert_int_eq(judge_phase(c.judge, 0), PHASE_FENCE); /* no packet of scout bore it: evidence */
		simple(&c, MOMENT_GRACE, false);
		ck_assert_int_eq(judge_result(c.judge, 0, never), RESULT_HELD);
	}
	close_court(&c);
}
END_TEST

/* 0: in time; 1: too late; 2: too early; 3: before the instant was known at all */
START_TEST(times)
{
	static const char *const words[] = { "", "the message by the end of line 12 + 100 ms, saw PUBLISH",
					     "the message not before the end of line 12 + 50 ms", "while that has not come yet" };
	struct court c;
	begin(&c);
	size_t at = receives(&c, CARD);
	c.hand.steps[at].by = (struct instant){ INSTANT_STEP, CARD, 100 };
	c.hand.steps[at].after = (struct instant){ _i == 3 ? INSTANT_CLOSED : INSTANT_STEP, _i == 3 ? 1 : CARD, 50 };
	proceed(&c);
	c.us += _i == 1 ? 101000 : _i == 2 ? 49000 : 75000;
	if (_i != 1)
		deliver(&c, CARD);
	step(&c, at);
	if (_i == 1)
		deliver(&c, CARD);
	ck_assert_int_eq(judge_result(c.judge, 0, at), _i == 0 ? RESULT_HELD : RESULT_BROKEN);
	if (_i > 0)
		says_that(&c, 0, VERDICT_FAIL, words[_i]);
	close_court(&c);
}
END_TEST

/* `never … after`: what came before the instant is no breach; what came after it is, whenever the
 * step itself begins. */
START_TEST(never_after)
{
	struct court c;
	begin(&c);
	size_t two = second_message(&c);
	size_t never = hand_step(&c.hand, (struct script_step){ .source = "analyst never receives", .act = ACT_NEVER, .messages = { CARD },
								.message_count = 1, .check = 2 });
	c.hand.steps[never].after = (struct instant){ INSTANT_STEP, two, 0 };
	proceed(&c);
	deliver(&c, CARD);
	c.us += 5000;
	says(&c, two);
	c.us += 5000;
	deliver(&c, two);
	if (_i == 1)
		deliver(&c, CARD);
	step(&c, never);
	if (_i == 2)
		deliver(&c, CARD);
	if (_i == 0) {
		fence_copy(&c, two, c.actor_connection[1]);
		returns(&c, two);
	}
	ck_assert_int_eq(judge_result(c.judge, 0, never), _i == 0 ? RESULT_HELD : RESULT_BROKEN);
	if (_i > 0)
		says_that(&c, 1, VERDICT_FAIL, "expected that it never arrives, saw analyst receive it in PUBLISH \"t\"");
	close_court(&c);
}
END_TEST

/* A mark that was never reached measures nothing. */
START_TEST(unreached_mark)
{
	struct court c;
	begin(&c);
	size_t two = second_message(&c), at = receives(&c, CARD);
	c.hand.steps[two].label = LABEL_TWIN;
	c.hand.steps[at].by = (struct instant){ INSTANT_STEP, two, 0 };
	proceed(&c);
	ck_assert(!judge_wants(c.judge, 0, at));
	says(&c, two);
	ck_assert(judge_wants(c.judge, 0, at));
	close_court(&c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("judge, receipts");
	TCase *tests = tcase_create("messages");
	tcase_add_loop_test(tests, facts, 0, 11);
	tcase_add_test(tests, a_second_receipt_may_do);
	tcase_add_loop_test(tests, missing_message, 0, 2);
	tcase_add_loop_test(tests, payload_size, 0, 3);
	tcase_add_loop_test(tests, order, 0, 4);
	tcase_add_loop_test(tests, count, 0, 4);
	tcase_add_loop_test(tests, count_none, 0, 2);
	tcase_add_loop_test(tests, empty, 0, 2);
	tcase_add_loop_test(tests, times, 0, 4);
	tcase_add_loop_test(tests, never_after, 0, 3);
	tcase_add_test(tests, unreached_mark);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
