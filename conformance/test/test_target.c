/* Target files and bare addresses. */
#include "actor/target.h"
#include "json.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct target *read_text(const char *text, struct fault *fault)
{
	json_t *document = json_parse(slice_of(text, strlen(text)), "t.json", &json_limits_file, fault);
	ck_assert_msg(document != NULL, "%s", fault->text);
	struct target *target = target_read(document, "dir/t.json", fault);
	json_decref(document);
	return target;
}

static void refused(const char *text, const char *part)
{
	struct fault fault = { FAULT_NONE, "" };
	struct target *target = read_text(text, &fault);
	ck_assert_msg(target == NULL, "accepted: %s", text);
	ck_assert_msg(strstr(fault.text, part) != NULL, "\"%s\" lacks \"%s\"", fault.text, part);
}

START_TEST(addresses)
{
	static const struct {
		const char *text, *host, *name;
		unsigned port;
		bool tls;
	} good[] = {
		{ "mqtt://127.0.0.1:2883", "127.0.0.1", "plain", 2883, false },
		{ "mqtts://localhost", "localhost", "tls", 8883, true },
		{ "mqtt://broker.example/", "broker.example", "plain", 1883, false },
		{ "mqtts://[::1]:9", "::1", "tls", 9, true },
		{ "mqtts://[::1]", "::1", "tls", 8883, true },
	};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct fault fault = { FAULT_NONE, "" };
		struct target *target = target_load(good[i].text, &fault);
		ck_assert_msg(target != NULL, "%s: %s", good[i].text, fault.text);
		ck_assert_uint_eq(target->listener_count, 1);
		ck_assert_str_eq(target->listeners[0].host, good[i].host);
		ck_assert_str_eq(target->listeners[0].name, good[i].name);
		ck_assert_uint_eq(target->listeners[0].port, good[i].port);
		ck_assert_int_eq(target->listeners[0].tls, good[i].tls);
		ck_assert_int_eq(target->listeners[0].test, !good[i].tls);
		ck_assert_str_eq(target->classes[0], "core");
		ck_assert_ptr_null(target->classes[1]);
		ck_assert_str_eq(target->algorithms[3], "RS256");
		ck_assert_uint_eq(strlen(target->digest), 64);
		target_free(target);
	}
}
END_TEST

START_TEST(wrong_addresses)
{
	static const char *const wrong[] = { "http://x:1",    "mqtt://",        "mqtt://:1883",
					     "mqtt://h:0",    "mqtt://h:65536", "mqtt://h:12x",
					     "mqtt://h:",     "mqtt://[::1",    "mqtt://u@h:1",
					     "mqtt://h/path", "mqtt://a b:1",   "mqtt://h:123456",
					     "MQTT://h:1",    "mqtt://[::1]9",  NULL };
	for (size_t i = 0; wrong[i]; i++) {
		struct fault fault = { FAULT_NONE, "" };
		ck_assert_msg(target_load(wrong[i], &fault) == NULL, "accepted: %s", wrong[i]);
		ck_assert_msg(strstr(fault.text, "expected") != NULL, "%s: %s", wrong[i], fault.text);
	}
}
END_TEST

START_TEST(whole_file)
{
	struct fault fault = { FAULT_NONE, "" };
	struct target *target =
		read_text("{\"name\":\"b\",\"version\":\"1\",\"vendor\":\"V\",\"listeners\":[{\"name\":\"tls\","
			  "\"address\":\"mqtts://"
			  "b.example:1\"},"
			  "{\"name\":\"plain\",\"address\":\"mqtt://"
			  "b.example:2\",\"plaintext\":\"test\"}],\"tls\":{\"ca\":\"ca.pem\","
			  "\"server_name\":\"localhost\"},\"credentials\":\"none\",\"username\":\"u\",\"client_id_"
			  "prefix\":\"p-\","
			  "\"classes\":[\"core\",\"substrate\"],\"algorithms\":[\"EdDSA\"],\"clock_skew_ms\":7}",
			  &fault);
	ck_assert_msg(target != NULL, "%s", fault.text);
	ck_assert_uint_eq(target->listener_count, 2);
	ck_assert(target->listeners[1].test && !target->listeners[0].test);
	ck_assert_str_eq(target->ca_file, "dir/ca.pem");
	ck_assert_str_eq(target->server_name, "localhost");
	ck_assert(!target->token_credentials);
	ck_assert_str_eq(target->username, "u");
	ck_assert_str_eq(target->client_id_prefix, "p-");
	ck_assert_str_eq(target->classes[1], "substrate");
	ck_assert_str_eq(target->algorithms[0], "EdDSA");
	ck_assert_ptr_null(target->algorithms[1]);
	ck_assert_int_eq(target->grace_ms, 500);
	ck_assert_int_eq(target->clock_skew_ms, 7);
	target_free(target);
}
END_TEST

#define LISTENERS "\"listeners\":[{\"name\":\"tls\",\"address\":\"mqtts://h\"}]"

START_TEST(wrong_files)
{
	refused("[]", "$");
	refused("{\"name\":\"b\"}", "$.listeners");
	refused("{\"name\":\"b\",\"listeners\":[]}", "$.listeners");
	refused("{\"name\":\"b\",\"adress\":\"x\"," LISTENERS "}", "adress");
	refused("{\"name\":\"../b\"," LISTENERS "}", "$.name");
	refused("{\"name\":\"b\",\"listeners\":[{\"name\":\"x\",\"address\":\"mqtt://h\"}]}",
		"\"plaintext\": \"test\"");
	refused("{\"name\":\"b\",\"listeners\":[{\"name\":\"x\",\"address\":\"mqtts://h\",\"plaintext\":\"test\"}]}",
		"mqtt://");
	refused("{\"name\":\"b\",\"listeners\":[{\"name\":\"x\",\"address\":\"mqtts://h\"},"
		"{\"name\":\"x\",\"address\":\"mqtts://i\"}]}",
		"$.listeners[1].name");
	refused("{\"name\":\"b\",\"listeners\":[{\"name\":\"x\",\"address\":\"mqtts://h:0\"}]}",
		"$.listeners[0].address");
	refused("{\"name\":\"b\",\"classes\":[\"cor\"]," LISTENERS "}", "$.classes[0]");
	refused("{\"name\":\"b\",\"classes\":[\"core\",\"core\"]," LISTENERS "}", "twice");
	refused("{\"name\":\"b\",\"algorithms\":[\"HS256\"]," LISTENERS "}", "$.algorithms[0]");
	refused("{\"name\":\"b\",\"credentials\":\"basic\"," LISTENERS "}", "$.credentials");
	refused("{\"name\":\"b\",\"grace_ms\":-1," LISTENERS "}", "$.grace_ms");
	refused("{\"name\":\"b\",\"version\":7," LISTENERS "}", "$.version");
}
END_TEST

START_TEST(missing_file)
{
	struct fault fault = { FAULT_NONE, "" };
	ck_assert_ptr_null(target_load("/nowhere/target.json", &fault));
	ck_assert_ptr_nonnull(strstr(fault.text, "/nowhere/target.json"));
}
END_TEST

/* A target file that the schema allows and the reader refuses, or the other way round, would lie. */
START_TEST(schema_names_every_member)
{
	struct fault fault = { FAULT_NONE, "" };
	json_t *schema = json_read_file(SOURCE_DIR "/conformance/target.schema.json", &json_limits_file, &fault);
	ck_assert_msg(schema != NULL, "%s", fault.text);
	const json_t *properties = json_object_get(schema, "properties");
	const char *name;
	json_t *value;
	ck_assert_uint_eq(json_object_size(properties), 14);
	json_object_foreach((json_t *)properties, name, value)
	{
		char text[256];
		if (strcmp(name, "name") == 0 || strcmp(name, "listeners") == 0)
			continue;
		snprintf(text, sizeof(text), "{\"name\":\"b\",\"%s\":null," LISTENERS "}", name);
		struct target *target = read_text(text, &fault);
		ck_assert_msg(strstr(fault.text, "unknown") == NULL, "%s", fault.text);
		ck_assert_msg(target == NULL || strcmp(name, "$schema") == 0, "null accepted for %s", name);
		target_free(target);
	}
	json_decref(schema);
}
END_TEST

START_TEST(hooks)
{
	struct fault fault = { FAULT_NONE, "" };
	struct target *target = read_text("{\"name\": \"t\", \"listeners\": [{\"name\": \"a\", \"address\": \"mqtts://h\"}], "
					  "\"hooks\": {\"revoke\": \"mqtt\", \"audit\": [\"./audit\", \"./{log}\"], "
					  "\"restart\": [\"systemctl\", \"restart\"]}}", &fault);
	ck_assert_msg(target != NULL, "%s", fault.text);
	ck_assert(target_has_hook(target, HOOK_REVOKE) && target->revoke_by_mqtt && !target->hooks[HOOK_REVOKE]);
	ck_assert(!target_has_hook(target, HOOK_POLICY) && target_has_hook(target, HOOK_AUDIT));
	ck_assert_str_eq(target->hooks[HOOK_AUDIT][0], "dir/./audit");
	ck_assert_str_eq(target->hooks[HOOK_AUDIT][1], "./{log}");
	ck_assert_str_eq(target->hooks[HOOK_RESTART][0], "systemctl");
	ck_assert_ptr_null(target->hooks[HOOK_RESTART][2]);
	target_free(target);
}
END_TEST

START_TEST(wrong_hooks)
{
	static const struct {
		const char *hooks, *part;
	} wrong[] = {
		{ "[]", "$.hooks" },
		{ "{\"reload\": [\"x\"]}", "reload" },
		{ "{\"revoke\": \"http\"}", "$.hooks.revoke: expected \"mqtt\" or an array" },
		{ "{\"revoke\": []}", "$.hooks.revoke" },
		{ "{\"audit\": \"mqtt\"}", "$.hooks.audit" },
		{ "{\"audit\": [\"a\", 1]}", "$.hooks.audit[1]" },
		{ "{\"policy\": [\"\"]}", "$.hooks.policy[0]" },
		{ "{\"restart\": null}", "$.hooks.restart" },
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char text[300];
		snprintf(text, sizeof text, "{\"name\": \"t\", \"listeners\": [{\"name\": \"a\", \"address\": \"mqtts://h\"}], "
			 "\"hooks\": %s}", wrong[i].hooks);
		refused(text, wrong[i].part);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("target");
	TCase *tests = tcase_create("target");
	tcase_add_test(tests, addresses);
	tcase_add_test(tests, wrong_addresses);
	tcase_add_test(tests, whole_file);
	tcase_add_test(tests, wrong_files);
	tcase_add_test(tests, missing_file);
	tcase_add_test(tests, schema_names_every_member);
	tcase_add_test(tests, hooks);
	tcase_add_test(tests, wrong_hooks);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
