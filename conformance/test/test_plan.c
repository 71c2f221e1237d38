/* From cases and vectors to scripts: rows, carriers, listeners, names, recipes, checks, selection. */
#include "plan_world.h"

START_TEST(counts_every_check)
{
	struct plan *plan = make((struct plan_options){ .seed = 1 });
	size_t checks = 0;

	ck_assert_uint_eq(plan->script_count, 2 * 11 + 7 + 1 + 1 + 4);
	for (size_t i = 0; i < plan->script_count; i++)
		checks += plan->scripts[i]->check_count;
	ck_assert_uint_eq(plan->check_count, checks);
	ck_assert(!plan->narrowed);
	plan_free(plan);
}
END_TEST

START_TEST(binds_publish)
{
	struct plan *plan = make((struct plan_options){ .seed = 1, .client_id_prefix = "cert" });
	struct script *s = find(plan, "PUB-02.other/one/qos0"), *two = find(plan, "PUB-02.other/two/qos1");
	char topic[128];

	ck_assert_str_eq(s->carrier, "qos0");
	ck_assert_uint_eq(s->step_count, 7);
	const char *scout = s->actors[0].value, *analyst = s->actors[1].value;
	ck_assert_uint_eq(strlen(scout), strlen("scout-12345"));
	ck_assert(strncmp(scout, "scout-", 6) == 0);
	ck_assert_str_eq(s->actors[0].claim, "agent_id");
	ck_assert_str_eq(s->actors[0].org_id, "seed");
	ck_assert(strncmp(s->actors[0].client_id, "certscout", 9) == 0);
	ck_assert_str_ne(s->actors[0].client_id + 4, scout);

	ck_assert_uint_eq(s->steps[1].qos, 1);
	ck_assert_int_eq(s->steps[1].outcomes[0], OUTCOME_GRANTED);
	ck_assert_str_eq(s->steps[1].filters[0], "agents/+/card");
	ck_assert_int_eq(s->steps[1].check, -1);

	snprintf(topic, sizeof topic, "agents/%s/card", scout);
	ck_assert_str_eq(s->steps[3].topic, topic);
	ck_assert_uint_eq(s->steps[3].qos, 0);
	ck_assert_int_eq(s->steps[3].twin, -1);
	ck_assert_str_eq(s->checks[s->steps[3].check].rule->id, "PUB-01");
	ck_assert(!s->checks[s->steps[3].check].deny);

	ck_assert_int_eq(s->steps[4].act, ACT_RECEIVE);
	ck_assert_uint_eq(s->steps[4].messages[0], 3);
	ck_assert_int_eq(s->steps[4].check, s->steps[3].check);

	const struct script_step *deny = &s->steps[5];
	snprintf(topic, sizeof topic, "agents/%s/card", analyst);
	ck_assert_str_eq(deny->topic, topic);
	ck_assert_str_eq(deny->payload, "true");
	ck_assert_str_eq(deny->source, "deny same to <bad>");
	ck_assert_uint_eq(deny->place.line, 15);
	ck_assert_int_eq(deny->label, LABEL_DENY);
	ck_assert_int_eq(deny->twin, 3);
	ck_assert_uint_eq(deny->qos, 0);
	ck_assert_int_eq(deny->outcomes[0], OUTCOME_DENIED);
	ck_assert_str_eq(s->checks[deny->check].rule->id, "PUB-02");
	ck_assert(s->checks[deny->check].deny);
	ck_assert_str_eq(s->checks[deny->manner].rule->id, "PUB-03");
	ck_assert_uint_eq(deny->should_count, 1);
	ck_assert_uint_eq(deny->should[0], 0x87);

	ck_assert_int_eq(s->steps[6].act, ACT_NEVER);
	ck_assert_uint_eq(s->steps[6].messages[0], 5);
	ck_assert_int_eq(s->steps[6].by.offset_ms, 2000);
	ck_assert_int_eq(s->steps[6].check, deny->check);
	ck_assert_uint_eq(s->check_count, 3);

	snprintf(topic, sizeof topic, "agents/%sx/{$self}", two->actors[0].value);
	ck_assert_str_eq(two->steps[5].topic, topic);
	ck_assert_str_ne(two->actors[0].value, scout);
	ck_assert_uint_eq(two->steps[5].qos, 1);
	plan_free(plan);
}
END_TEST

START_TEST(binds_subscribe)
{
	struct plan *plan = make((struct plan_options){ .seed = 1 });
	struct script *s = find(plan, "SBS-03.three/second-of-three");
	const struct script_step *deny = &s->steps[2];

	ck_assert_uint_eq(deny->filter_count, 3);
	ck_assert_uint_eq(deny->tested, 1);
	ck_assert_str_eq(deny->filters[0], "ops/#");
	ck_assert_str_eq(deny->filters[1], "#");
	ck_assert_str_eq(deny->filters[2], "ops/#");
	ck_assert_str_eq(s->steps[1].filters[1], "ops/#");
	ck_assert_str_eq(s->checks[s->steps[1].check].rule->id, "SBS-01"); /* the bracketed rule of `cites` */
	ck_assert_int_eq(deny->manner, -1); /* this spec has no manner of SBS-03 */
	ck_assert_uint_eq(deny->should_count, 0);
	ck_assert_uint_eq(find(plan, "SBS-03.three/alone")->steps[2].filter_count, 1);
	plan_free(plan);
}
END_TEST

/* What was to be refused may have nothing to end; what was to be accepted has. */
START_TEST(ends_what_may_not_be_there)
{
	struct plan *plan = make((struct plan_options){ .seed = 1 });
	struct script *s = find(plan, "POL-01.listeners");

	ck_assert_uint_eq(s->step_count, 5);
	for (size_t i = 0; i < s->step_count; i++)
		ck_assert(s->steps[i].if_open == (i == 2 || i == 3));
	plan_free(plan);
}
END_TEST

START_TEST(same_seed_same_names)
{
	struct plan *a = make((struct plan_options){ .seed = 5 }), *b = make((struct plan_options){ .seed = 5 });
	struct plan *c = make((struct plan_options){ .seed = 6 });

	ck_assert_str_eq(a->scripts[0]->actors[0].value, b->scripts[0]->actors[0].value);
	ck_assert_str_eq(a->scripts[0]->actors[0].client_id, b->scripts[0]->actors[0].client_id);
	ck_assert_str_ne(a->scripts[0]->actors[0].value, c->scripts[0]->actors[0].value);
	plan_free(a);
	plan_free(b);
	plan_free(c);
}
END_TEST

START_TEST(runs_on_listeners)
{
	struct plan *plan = make((struct plan_options){ .seed = 1, .listener_count = 2 });
	size_t hooks = 0;

	ck_assert_uint_eq(find(plan, "PUB-02.other/one/qos0@plain")->listener, 1);
	ck_assert_uint_eq(find(plan, "POL-01.listeners@plain")->listener, 1);
	ck_assert(find(plan, "POL-01.listeners@tls")->alone);
	find(plan, "vector:late@plain");
	for (size_t i = 0; i < plan->script_count; i++)
		hooks += strcmp(plan->scripts[i]->case_id, "REV-01.hook") == 0;
	ck_assert_uint_eq(hooks, 1);
	plan_free(plan);
}
END_TEST

START_TEST(plans_named_scripts_alone)
{
	static const char *const only[] = { "POL-01.listeners", "vector:good", "no-such-script", NULL };
	struct plan *plan = make((struct plan_options){ .seed = 1, .only = only });

	ck_assert_uint_eq(plan->script_count, 2);
	ck_assert(plan->narrowed);
	plan_free(plan);
}
END_TEST

START_TEST(compiles_token_vectors)
{
	struct plan *plan = make((struct plan_options){ .seed = 1 });
	struct script *good = find(plan, "vector:good"), *late = find(plan, "vector:late");
	json_t *claims = json_object_get(good->actors[0].recipe, "claims");
	json_t *edits = json_object_get(good->actors[1].recipe, "edits");

	ck_assert_str_eq(good->title, "it's 'good'");
	ck_assert_str_eq(json_string_value(json_object_get(claims, "x")), "it's");
	ck_assert_str_eq(good->actors[0].value, "scout");
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(edits, 0), "signature")), "flipped");
	ck_assert_ptr_null(json_object_get(good->actors[0].recipe, "edits"));
	ck_assert_str_eq(good->checks[good->steps[0].check].rule->id, "AUTH-01");
	ck_assert_str_eq(good->checks[good->steps[1].check].rule->id, "AUTH-02");

	ck_assert_int_eq(late->steps[0].label, LABEL_TWIN);
	ck_assert_str_eq(late->checks[late->steps[0].check].rule->id, "AUTH-01");
	ck_assert_int_eq(late->steps[1].label, LABEL_DENY);
	ck_assert_int_eq(late->steps[1].twin, 0);
	ck_assert_str_eq(late->checks[late->steps[1].manner].rule->id, "AUTH-03");
	ck_assert_uint_eq(late->steps[1].should[0], 0x86);
	ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(late->actors[1].recipe, "times"), "exp")), -60);
	plan_free(plan);
}
END_TEST

START_TEST(compiles_decision_vectors)
{
	struct plan *plan = make((struct plan_options){ .seed = 1 });
	static const char *const ids[] = { "vector:own", "vector:other" };

	for (size_t i = 0; i < 2; i++) {
		struct script *s = find(plan, ids[i]);
		ck_assert_uint_eq(s->step_count, 6);
		ck_assert_str_eq(s->actors[0].value, "scout");
		ck_assert_str_eq(s->actors[1].value, "watcher");
		ck_assert_str_eq(s->steps[3].topic, "agents/scout/card");
		ck_assert_str_eq(s->checks[s->steps[3].check].rule->id, "PUB-01");
		ck_assert_int_eq(s->steps[4].act, ACT_RECEIVE);
		ck_assert_str_eq(s->steps[5].topic, "agents/first/card"); /* verbatim, although an actor is called first */
		ck_assert_str_eq(s->checks[s->steps[5].check].rule->id, "PUB-02");
	}
	for (size_t i = 0; i < plan->script_count; i++)
		ck_assert_str_ne(plan->scripts[i]->case_id, "vector:dry");
	plan_free(plan);
}
END_TEST

START_TEST(summarises_cases)
{
	struct case_summary first = cases_summary(cases, 0), vector = { 0 };

	ck_assert_str_eq(first.id, "PUB-02.other");
	ck_assert_str_eq(first.carriers,
			 "qos0 qos1 qos2 qos1-dup retain will delayed-will alias resumed-qos2 packed dribbled");
	ck_assert_str_eq(first.rules[0], "PUB-02");
	ck_assert_str_eq(first.rules[1], "PUB-01");
	ck_assert_str_eq(first.rules[2], "PUB-03");
	ck_assert_ptr_null(first.rules[3]);
	ck_assert(strncmp(first.text, "case PUB-02.other", 17) == 0);
	ck_assert_ptr_nonnull(strstr(first.text, "by 2s"));
	ck_assert_ptr_null(strstr(first.text, "SBS-03.three"));
	for (size_t i = 0; i < cases_count(cases); i++)
		if (strcmp(cases_summary(cases, i).id, "vector:late") == 0)
			vector = cases_summary(cases, i);
	ck_assert_str_eq(vector.place.file, "vectors/token/a.json");
	ck_assert_uint_eq(vector.place.line, 4);
	ck_assert_str_eq(vector.carriers, "-");
	ck_assert_ptr_nonnull(strstr(vector.text, "deny     bad connects -> refused [AUTH-02]"));
}
END_TEST

START_TEST(selects)
{
	static const struct {
		struct plan_options options;
		size_t scripts, checks;
	} samples[] = {
		{ { .select = "PUB-02.other" }, 22, 66 },	    /* a case */
		{ { .select = "PUB-02.other/one/*" }, 11, 33 },	    /* scripts */
		{ { .select = "SBS-*", .exclude = "*/alone" }, 6, 12 },
		{ { .select = "PUB-02.other", .exclude = "PUB-03" }, 22, 44 }, /* a rule: its checks alone */
		{ { .select = "PUB-02.other", .level = "should" }, 22, 22 },
		{ { .select = "vector:*", .exclude = "PUB-*" }, 2, 6 },
	};

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct plan *plan = make(samples[i].options);
		ck_assert_msg(plan->script_count == samples[i].scripts && plan->check_count == samples[i].checks,
			      "sample %zu: %zu scripts, %zu checks", i, plan->script_count, plan->check_count);
		ck_assert(plan->narrowed);
		plan_free(plan);
	}
}
END_TEST

START_TEST(narrowing_keeps_indices)
{
	struct plan *plan = make((struct plan_options){ .select = "PUB-02.other/one/qos0", .exclude = "PUB-01" });
	struct script *s = plan->scripts[0];

	ck_assert_uint_eq(s->check_count, 2);
	ck_assert_int_eq(s->steps[3].check, -1);
	ck_assert_int_eq(s->steps[4].check, -1);
	ck_assert_str_eq(s->checks[s->steps[5].check].rule->id, "PUB-02");
	ck_assert_str_eq(s->checks[s->steps[5].manner].rule->id, "PUB-03");
	plan_free(plan);
}
END_TEST

START_TEST(nothing_selected)
{
	static const struct plan_options empty[] = { { .select = "NOSUCH-*" }, { .class = "audit" }, { .level = "may" } };

	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
		struct fault fault = { FAULT_NONE, "" };
		struct plan_options options = empty[i];
		options.listener_count = 1;
		options.listener_names = names;
		ck_assert_ptr_null(plan_make(cases, registry, &options, &fault));
		ck_assert_int_eq(fault.class, FAULT_LIMIT);
		ck_assert_ptr_nonnull(strstr(fault.text, "nothing selected"));
	}
}
END_TEST

/* One case of its own: what a cast says, and the recipe that comes of it. */
static void check_recipe(const char *cast, const char *expected)
{
	struct fault fault = { FAULT_NONE, "" };
	struct plan_options options = { .seed = 1, .listener_count = 1, .listener_names = names };
	struct tree own;
	char text[1024];

	snprintf(text, sizeof text, "case AUTH-02.x \"t\"\n org seed\n scout is agent with name \"s\"\n good is scout\n"
				    " bad is scout with %s\n twin good connects\n deny bad connects\n", cast);
	tree_init(&own);
	tree_put(&own, "spec", "01-small.md", SMALL_SPEC);
	tree_put(&own, "conformance/cases", "a.scenario", text);
	struct registry *r = registry_load(own.dir, &fault);
	struct case_set *c = r ? cases_load(r, &fault) : NULL;
	struct plan *plan = c ? plan_make(c, r, &options, &fault) : NULL;
	ck_assert_msg(plan != NULL, "%s", fault.text);
	char *recipe = json_dumps(plan->scripts[0]->actors[2].recipe, JSON_COMPACT | JSON_SORT_KEYS);
	ck_assert_str_eq(recipe, expected);
	free(recipe);
	plan_free(plan);
	cases_free(c);
	registry_free(r);
	tree_remove(&own);
}

#define BASE "\"claims\":{\"agent_id\":\"s\",\"org_id\":\"seed\"}"

static const char *const recipes[][2] = {
	{ "key \"attacker-es256\"", "{" BASE ",\"key\":\"attacker-es256\"}" },
	{ "aud \"else\"",
	  "{\"claims\":{\"agent_id\":\"s\",\"aud\":\"else\",\"org_id\":\"seed\"},\"key\":\"main-es256\"}" },
	{ "aud none", "{" BASE ",\"key\":\"main-es256\",\"remove\":[\"claims.aud\"]}" },
	{ "exp -60s, iat -2s", "{" BASE ",\"key\":\"main-es256\",\"times\":{\"exp\":-60,\"iat\":-2}}" },
	{ "exp none", "{" BASE ",\"key\":\"main-es256\",\"remove\":[\"claims.exp\"]}" },
	{ "alg \"none\"", "{" BASE ",\"edits\":[{\"alg_none\":true}],\"key\":\"main-es256\"}" },
	{ "alg \"ES384\", kid none", "{" BASE ",\"header\":{\"alg\":\"ES384\"},\"key\":\"main-es256\",\"remove\":[\"header.kid\"]}" },
	{ "typ \"JWT\"", "{" BASE ",\"header\":{\"typ\":\"JWT\"},\"key\":\"main-es256\"}" },
	{ "claim user_id \"{scout}2\", claim n 5",
	  "{\"claims\":{\"agent_id\":\"s\",\"n\":5,\"org_id\":\"seed\",\"user_id\":\"s2\"},\"key\":\"main-es256\"}" },
	{ "remove \"header.typ\"", "{" BASE ",\"key\":\"main-es256\",\"remove\":[\"header.typ\"]}" },
	{ "edit signature \"flipped\", edit segments 2, edit alg_none true",
	  "{" BASE ",\"edits\":[{\"signature\":\"flipped\"},{\"segments\":2},{\"alg_none\":true}],\"key\":\"main-es256\"}" },
	{ "token \"\"", "{" BASE ",\"edits\":[{\"replace\":\"\"}],\"key\":\"main-es256\"}" },
	{ "token none", "{" BASE ",\"key\":\"main-es256\"}" },
	{ "org \"patterns\"", "{\"claims\":{\"agent_id\":\"s\",\"org_id\":\"patterns\"},\"key\":\"main-es256\"}" },
	{ "name \"t\"", "{\"claims\":{\"agent_id\":\"t\",\"org_id\":\"seed\"},\"key\":\"main-es256\"}" },
	{ "grants pub \"a\" \"b\", grants sub \"{scout}/#\"",
	  "{\"claims\":{\"agent_id\":\"s\",\"authorization_details\":["
	  "{\"actions\":[\"pub\"],\"topics\":[\"a\",\"b\"],\"type\":\"mqtt_agent_acl\"},"
	  "{\"actions\":[\"sub\"],\"topics\":[\"s/#\"],\"type\":\"mqtt_agent_acl\"}],\"org_id\":\"seed\"},\"key\":\"main-es256\"}" },
	{ "exp now + 2s, iat now - 3s, nbf now", "{" BASE ",\"key\":\"main-es256\",\"times\":{\"exp\":2,\"iat\":-3,\"nbf\":0}}" },
	{ "recipe '{\"key\":\"main-rs256\"}', exp 5s", "{\"key\":\"main-rs256\",\"times\":{\"exp\":5}}" },
};

START_TEST(attributes_become_recipes)
{
	check_recipe(recipes[_i][0], recipes[_i][1]);
}
END_TEST

static const struct {
	const char *vectors, *fault;
} bad_vectors[] = {
	{ "[]", "vectors/token/a.json: $: expected the members" },
	{ "{\"kind\":\"token\",\"vectors\":[5]}", "$.vectors[0]" },
	{ "{\"kind\":\"token\",\"vectors\":[{\"id\":\"a\",\"rule\":[],\"expect\":\"accepted\"}]}",
	  "$.vectors[0].rule: expected a string" },
	{ "{\"kind\":\"token\",\"vectors\":[{\"id\":\"a\",\"rule\":\"AUTH-02\",\"expect\":\"maybe\"}]}",
	  "$.vectors[0].expect: expected \"accepted\"" },
	{ "{\"kind\":\"token\",\"vectors\":[{\"id\":\"a\",\"rule\":\"AUTH-02\",\"expect\":\"refused\",\"recipe\":{}}]}",
	  "$.vectors[0].twin: expected the id" },
	{ "{\"kind\":\"token\",\"vectors\":[{\"id\":\"a\",\"rule\":\"AUTH-99\",\"expect\":\"accepted\",\"recipe\":{}}]}",
	  "vectors/token/a.json#a:3:12: expected the id of a rule of the spec, found \"AUTH-99\"" },
	{ "{\"kind\":\"token\",\"vectors\":[{\"id\":\"a\",\"rule\":\"AUTH-01\",\"expect\":\"accepted\"}]}",
	  "$.vectors[0].recipe: expected an object" },
	{ "{\"kind\":\"decision\",\"vectors\":[{\"id\":\"a\",\"rule\":\"PUB-01\",\"expect\":\"allow\",\"wire\":true,\"policy\":\"seed\",\"action\":\"pub\"}]}",
	  "$.vectors[0].wire: expected a denied vector" },
};

START_TEST(refuses_bad_vectors)
{
	struct fault fault = { FAULT_NONE, "" };
	struct tree own;

	tree_init(&own);
	tree_put(&own, "spec", "01-small.md", SMALL_SPEC);
	tree_put(&own, "vectors/token", "a.json", bad_vectors[_i].vectors);
	struct registry *r = registry_load(own.dir, &fault);
	ck_assert_msg(r != NULL, "%s", fault.text);
	struct case_set *c = cases_load(r, &fault);
	ck_assert_msg(c == NULL, "accepted: %s", bad_vectors[_i].vectors);
	ck_assert_msg(strstr(fault.text, bad_vectors[_i].fault) != NULL, "%s", fault.text);
	registry_free(r);
	tree_remove(&own);
}
END_TEST

/* Everything that the project ships is in good form. */
START_TEST(cases_of_the_project)
{
	struct fault fault = { FAULT_NONE, "" };
	struct plan_options options = { .seed = 1, .listener_count = 2, .listener_names = names };
	struct registry *r = registry_load(SOURCE_DIR, &fault);

	ck_assert_msg(r != NULL, "%s", fault.text);
	struct case_set *c = cases_load(r, &fault);
	ck_assert_msg(c != NULL, "%s", fault.text);
	struct plan *plan = plan_make(c, r, &options, &fault);
	ck_assert_msg(plan != NULL, "%s", fault.text);
	ck_assert_uint_ge(plan->script_count, cases_count(c));
	plan_free(plan);
	cases_free(c);
	registry_free(r);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plan");
	TCase *tests = tcase_create("all");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, counts_every_check);
	tcase_add_test(tests, binds_publish);
	tcase_add_test(tests, binds_subscribe);
	tcase_add_test(tests, ends_what_may_not_be_there);
	tcase_add_test(tests, same_seed_same_names);
	tcase_add_test(tests, runs_on_listeners);
	tcase_add_test(tests, plans_named_scripts_alone);
	tcase_add_test(tests, compiles_token_vectors);
	tcase_add_test(tests, compiles_decision_vectors);
	tcase_add_test(tests, summarises_cases);
	tcase_add_test(tests, selects);
	tcase_add_test(tests, narrowing_keeps_indices);
	tcase_add_test(tests, nothing_selected);
	tcase_add_loop_test(tests, attributes_become_recipes, 0, sizeof recipes / sizeof *recipes);
	tcase_add_loop_test(tests, refuses_bad_vectors, 0, sizeof bad_vectors / sizeof *bad_vectors);
	tcase_add_test(tests, cases_of_the_project);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
