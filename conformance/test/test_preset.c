/* Verdicts that are known before the run: undeclared classes and algorithms, missing hooks. */
#include "hook/hook.h"
#include "plan_world.h"

START_TEST(presets_what_cannot_be_judged)
{
	static const char *const algorithms[] = { "EdDSA", "RS256", NULL };
	static const bool hooks[HOOK_KINDS] = { [HOOK_AUDIT] = true };
	struct plan *plan = make((struct plan_options){ .seed = 1, .algorithms = algorithms, .hooks = hooks });
	struct script *hook = find(plan, "REV-01.hook"), *vector = find(plan, "vector:good");
	struct script *free_choice = find(plan, "POL-01.listeners");

	ck_assert_uint_eq(hook->check_count, 2);
	for (size_t i = 0; i < hook->check_count; i++) {
		ck_assert_int_eq(hook->checks[i].preset, VERDICT_UNTESTED);
		ck_assert_str_eq(hook->checks[i].preset_why, "needs the hook revoke, which the target file does not have");
	}
	ck_assert_int_eq(vector->checks[0].preset, VERDICT_NA);
	ck_assert_str_eq(vector->checks[0].preset_why, "the target does not declare the algorithm PS256");
	ck_assert_int_eq(free_choice->checks[0].preset, VERDICT_PENDING);
	ck_assert_str_eq(json_string_value(json_object_get(free_choice->actors[0].recipe, "key")), "main-eddsa");
	plan_free(plan);
}
END_TEST

/* N counts them all the same: a report says what a target did not claim. */
START_TEST(presets_undeclared_classes)
{
	static const char *const substrate[] = { "substrate", NULL }, *const every[] = { "core", "substrate", "revocation", NULL };
	struct plan *all = make((struct plan_options){ .seed = 1, .classes = every });
	struct plan *plan = make((struct plan_options){ .seed = 1, .classes = substrate });
	size_t presets = 0;

	ck_assert_uint_eq(plan->check_count, all->check_count);
	for (size_t i = 0; i < plan->script_count; i++) {
		for (size_t k = 0; k < plan->scripts[i]->check_count; k++) {
			const struct check *check = &plan->scripts[i]->checks[k];
			bool other = strcmp(check->rule->class, "substrate") != 0;
			ck_assert_int_eq(check->preset, other ? VERDICT_NA : VERDICT_PENDING);
			ck_assert(!other || strstr(check->preset_why, "the target does not declare the class "));
			ck_assert_int_eq(all->scripts[i]->checks[k].preset, VERDICT_PENDING);
			presets += other;
		}
	}
	ck_assert_uint_gt(presets, 0);
	ck_assert(!script_open(find(plan, "vector:good")) && script_open(find(all, "vector:good")));
	plan_free(plan);
	plan_free(all);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preset");
	TCase *tests = tcase_create("preset");
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, presets_what_cannot_be_judged);
	tcase_add_test(tests, presets_undeclared_classes);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
