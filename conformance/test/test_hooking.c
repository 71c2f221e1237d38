/* Acts that go through hooks, or, orders, over MQTT; and how each is undone: with hooks of a few lines of shell. */
#include "mint/fixture.h"
#include "scripted.h"

#include <sys/stat.h>

static bool answer_politely(const struct talk *talk, const struct packet *p, struct buf *out)
{
	(void)talk;
	return polite(p, true, out);
}

/* A hook that keeps its input and its arguments, and ends as it is told. */
struct workshop {
	char folder[64], script[96], kept[96];
	char *argv[5];
	struct fixture_key key;
};

static void workshop_open(struct workshop *w, struct stage *s, const char *code)
{
	struct fault fault;
	snprintf(w->folder, sizeof w->folder, "/tmp/mqtt-agent-hook-XXXXXX");
	ck_assert(mkdtemp(w->folder) != NULL);
	snprintf(w->script, sizeof w->script, "%s/hook", w->folder);
	snprintf(w->kept, sizeof w->kept, "%s/kept", w->folder);
	FILE *file = fopen(w->script, "w");
	fprintf(file, "#!/bin/sh\ncat >>%s\necho \" $*\" >>%s\nexit %s\n", w->kept, w->kept, code);
	fclose(file);
	chmod(w->script, 0700);
	char *argv[] = { w->script, "{org}", NULL };
	memcpy(w->argv, argv, sizeof argv);
	for (int kind = 0; kind < HOOK_KINDS; kind++)
		s->target.hooks[kind] = w->argv;
	w->key = (struct fixture_key){ .role = "revocation-es256", .kid = "k", .iss = "https://revocation.issuer.test",
				       .key = crypto_key_generate(JOSE_ES256, &fault) };
	ck_assert(w->key.key != NULL);
	s->fixture.keys = &w->key;
	s->fixture.key_count = 1;
	s->fixture.audience = "mqtt://broker.test";
	s->hand.actors[1].recipe = json_pack("{s:{s:s,s:s}}", "claims", "org_id", "seed", "agent_id", "watcher-1");
}

static void workshop_close(struct workshop *w, struct stage *s)
{
	json_decref(s->hand.actors[1].recipe);
	crypto_key_free(w->key.key);
	unlink(w->kept);
	unlink(w->script);
	rmdir(w->folder);
}

static size_t kept_lines(const struct workshop *w, char *text, size_t size)
{
	FILE *file = fopen(w->kept, "r");
	size_t got = file ? fread(text, 1, size - 1, file) : 0, lines = 0;
	text[got] = '\0';
	if (file)
		fclose(file);
	for (size_t i = 0; i < got; i++)
		lines += text[i] == '\n';
	return lines;
}

/* The order reaches the hook, and the lift that undoes it follows, one second newer. */
START_TEST(revokes_by_hook)
{
	struct stage s;
	struct workshop w;
	char kept[8192];
	stage_begin(&s, "revoke");
	workshop_open(&w, &s, _i ? "65" : "0");
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_step(&s, 0, ACT_REVOKE, _i ? OUTCOME_REFUSED : OUTCOME_ACCEPTED)->object = 1;
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	stage_run(&s, answer_politely);
	verdict_is(&s, VERDICT_PASS, "");
	ck_assert_uint_eq(kept_lines(&w, kept, sizeof kept), 2);
	ck_assert_msg(strncmp(kept, "eyJ", 3) == 0 && strstr(kept, " seed\n"), "%s", kept);
	workshop_close(&w, &s);
	stage_end(&s);
}
END_TEST

static bool answer_orders(const struct talk *talk, const struct packet *p, struct buf *out)
{
	bool order = p->type == PACKET_PUBLISH && slice_is(p->topic, "$identity/v1/revocations") && p->qos == 1;
	(void)talk;
	if (!order)
		return polite(p, true, out);
	say_ack(out, PACKET_PUBACK, p->id, slice_starts(p->payload, slice_text("eyJ")) ? 0x00 : 0x99);
	return true;
}

START_TEST(revokes_over_mqtt)
{
	struct stage s;
	struct workshop w;
	stage_begin(&s, "mqtt");
	workshop_open(&w, &s, "1");
	s.target.revoke_by_mqtt = true;
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_step(&s, 0, ACT_REVOKE, OUTCOME_ACCEPTED)->object = 1;
	stage_step(&s, 0, ACT_LIFT, OUTCOME_ACCEPTED)->object = 1;
	stage_run(&s, answer_orders);
	verdict_is(&s, VERDICT_PASS, "");
	contains(&s, "scout", ">PUBLISH q1 $identity/v1/revocations | <PUBACK | hook PUBACK 0x00 | >PUBLISH q1 $identity/v1/revocations");
	ck_assert_uint_eq(times(&s, "scout", "$identity"), 2); /* lifted already: nothing is left to undo */
	workshop_close(&w, &s);
	stage_end(&s);
}
END_TEST

START_TEST(restarts_and_comes_back)
{
	struct stage s;
	struct workshop w;
	char kept[8192];
	stage_begin(&s, "restart");
	workshop_open(&w, &s, "0");
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_step(&s, 0, ACT_RESTART, OUTCOME_ACCEPTED)->word = "kill";
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	stage_run(&s, answer_politely);
	verdict_is(&s, VERDICT_PASS, "");
	kept_lines(&w, kept, sizeof kept);
	ck_assert_msg(strstr(kept, "kill\n") != NULL, "%s", kept);
	contains(&s, "scout", "closed the broker was restarted | hook exit code 0 | >CONNECT clean | <CONNACK | >PINGREQ");
	workshop_close(&w, &s);
	stage_end(&s);
}
END_TEST

/* The block that the step names, then, at the end, the case's own. */
START_TEST(loads_and_restores)
{
	struct stage s;
	struct workshop w;
	char kept[8192], folder[96], file_name[2][128];
	static const char *const names[] = { "other", "seed" };
	stage_begin(&s, "load");
	workshop_open(&w, &s, "0");
	snprintf(folder, sizeof folder, "%s/organisations", w.folder);
	mkdir(folder, 0700);
	for (size_t i = 0; i < 2; i++) {
		snprintf(file_name[i], sizeof file_name[i], "%s/%s.json", folder, names[i]);
		FILE *file = fopen(file_name[i], "w");
		fprintf(file, "policy %s", names[i]);
		fclose(file);
	}
	s.fixture.dir = w.folder;
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_step(&s, 0, ACT_LOAD, OUTCOME_ACCEPTED)->word = "other";
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	stage_run(&s, answer_politely);
	verdict_is(&s, VERDICT_PASS, "");
	kept_lines(&w, kept, sizeof kept);
	ck_assert_str_eq(kept, "policy other seed\npolicy seed seed\n");
	for (size_t i = 0; i < 2; i++)
		unlink(file_name[i]);
	rmdir(folder);
	workshop_close(&w, &s);
	stage_end(&s);
}
END_TEST

/* A document of the case's own goes to the hook byte for byte, and a refusal is what the step expected. */
START_TEST(loads_what_stands_there)
{
	struct stage s;
	struct workshop w;
	char kept[8192];
	stage_begin(&s, "load");
	workshop_open(&w, &s, "65");
	stage_step(&s, 0, ACT_CONNECT, OUTCOME_ACCEPTED);
	stage_step(&s, 0, ACT_LOAD, OUTCOME_REFUSED)->document = "{\"rules\": {$self}";
	stage_step(&s, 0, ACT_PING, OUTCOME_ALIVE);
	stage_run(&s, answer_politely);
	verdict_is(&s, VERDICT_PASS, "");
	kept_lines(&w, kept, sizeof kept);
	ck_assert_msg(strstr(kept, "{\"rules\": {$self} seed\n") == kept, "%s", kept);
	workshop_close(&w, &s);
	stage_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hooking");
	TCase *tests = tcase_create("hooking");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, revokes_by_hook, 0, 2);
	tcase_add_test(tests, revokes_over_mqtt);
	tcase_add_test(tests, restarts_and_comes_back);
	tcase_add_test(tests, loads_and_restores);
	tcase_add_test(tests, loads_what_stands_there);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
