/* Instants: what is known when, and what a hostile trace cannot do to them. */
#include "judge/instant.h"

#include <check.h>
#include <stdlib.h>

static const struct instant_actor actors[] = {
	{ 60000000, 1000, INSTANT_UNKNOWN },
	{ INSTANT_UNKNOWN, 2000, 9000 },
};
static const int64_t settled[] = { 1500, INSTANT_UNKNOWN };
static const struct instant_facts facts = { 500, 700, actors, 2, settled, 2 };

START_TEST(resolves)
{
	static const struct {
		struct instant instant;
		bool known;
		int64_t us;
	} cases[] = {
		{ { INSTANT_NONE, 0, 5 }, false, 0 },
		{ { INSTANT_BEGIN, 0, 100 }, true, 100700 },
		{ { INSTANT_NOW, 0, 0 }, true, 500 },
		{ { INSTANT_EXP, 0, 30000 }, true, 90000000 },
		{ { INSTANT_EXP, 0, -1 }, true, 59999000 },
		{ { INSTANT_EXP, 1, 0 }, false, 0 },
		{ { INSTANT_CONNECTED, 1, 1 }, true, 3000 },
		{ { INSTANT_CLOSED, 0, 0 }, false, 0 },
		{ { INSTANT_CLOSED, 1, 2 }, true, 11000 },
		{ { INSTANT_CLOSED, 2, 0 }, false, 0 },
		{ { INSTANT_STEP, 0, 1 }, true, 2500 },
		{ { INSTANT_STEP, 1, 0 }, false, 0 },
		{ { INSTANT_STEP, 2, 0 }, false, 0 },
		{ { (enum instant_kind)99, 0, 0 }, false, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t us = 0;
		ck_assert_msg(instant_resolve(&cases[i].instant, &facts, &us) == cases[i].known, "case %zu", i);
		ck_assert_msg(us == cases[i].us, "case %zu: %lld", i, (long long)us);
	}
}
END_TEST

START_TEST(clips)
{
	struct instant_actor late = { INT64_MAX, INT64_MIN + 1, INSTANT_UNKNOWN };
	struct instant_facts wild = { 0, INT64_MAX - 1, &late, 1, NULL, 0 };
	struct instant far = { INSTANT_EXP, 0, INT64_MAX }, past = { INSTANT_CONNECTED, 0, INT64_MIN },
		       begin = { INSTANT_BEGIN, 0, 1000 };
	int64_t us;
	ck_assert(instant_resolve(&far, &wild, &us) && us == INSTANT_MOST);
	ck_assert(instant_resolve(&past, &wild, &us) && us == -(INSTANT_MOST));
	ck_assert(instant_resolve(&begin, &wild, &us) && us == INSTANT_MOST);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("instant");
	TCase *tests = tcase_create("instants");
	tcase_add_test(tests, resolves);
	tcase_add_test(tests, clips);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
