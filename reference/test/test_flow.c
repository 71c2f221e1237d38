/* session/flow: the whole table of what an acknowledgement does to a packet identifier. */
#include "flow.h"

#include <check.h>

static const struct {
	enum sender_state state;
	enum sender_event event;
	enum sender_state next;
	enum sender_answer answer;
} steps[] = {
	{ SENDER_FREE, GOT_PUBACK, SENDER_FREE, ANSWER_NOTHING },
	{ SENDER_FREE, GOT_PUBREC, SENDER_FREE, ANSWER_UNKNOWN },
	{ SENDER_FREE, GOT_REFUSED, SENDER_FREE, ANSWER_NOTHING },
	{ SENDER_FREE, GOT_PUBCOMP, SENDER_FREE, ANSWER_NOTHING },
	{ SENDER_PUBACK, GOT_PUBACK, SENDER_FREE, ANSWER_NOTHING },
	{ SENDER_PUBACK, GOT_PUBREC, SENDER_PUBACK, ANSWER_ERROR },
	{ SENDER_PUBACK, GOT_REFUSED, SENDER_PUBACK, ANSWER_ERROR },
	{ SENDER_PUBACK, GOT_PUBCOMP, SENDER_PUBACK, ANSWER_ERROR },
	{ SENDER_PUBREC, GOT_PUBACK, SENDER_PUBREC, ANSWER_ERROR },
	{ SENDER_PUBREC, GOT_PUBREC, SENDER_PUBCOMP, ANSWER_PUBREL },
	{ SENDER_PUBREC, GOT_REFUSED, SENDER_FREE, ANSWER_NOTHING },
	{ SENDER_PUBREC, GOT_PUBCOMP, SENDER_PUBREC, ANSWER_ERROR },
	{ SENDER_PUBCOMP, GOT_PUBACK, SENDER_PUBCOMP, ANSWER_ERROR },
	{ SENDER_PUBCOMP, GOT_PUBREC, SENDER_PUBCOMP, ANSWER_PUBREL },
	{ SENDER_PUBCOMP, GOT_REFUSED, SENDER_FREE, ANSWER_NOTHING },
	{ SENDER_PUBCOMP, GOT_PUBCOMP, SENDER_FREE, ANSWER_NOTHING },
};

START_TEST(every_step)
{
	struct sender_step step = sender_step(steps[_i].state, steps[_i].event);

	ck_assert_uint_eq(sizeof steps / sizeof *steps, SENDER_STATES * SENDER_EVENTS);
	ck_assert_int_eq(step.next, steps[_i].next);
	ck_assert_int_eq(step.answer, steps[_i].answer);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("flow");
	TCase *all = tcase_create("flow");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(all, every_step, 0, sizeof steps / sizeof *steps);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
