/* A fixture is made whole, and refused when anything in it was changed. */
#include "files/files.h"
#include "json.h"
#include "mint/fixture.h"
#include "sample.h"
#include "version.h"

#include <check.h>
#include <sys/stat.h>

static struct sample sample;
static char folder[64];

static void write_text(const char *name, const char *text)
{
	struct fault fault = { FAULT_NONE, "" };
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ck_assert_msg(file_write(path, slice_text(text), 0644, &fault), "%s", fault.text);
}

static json_t *read_document(const char *name)
{
	struct fault fault = { FAULT_NONE, "" };
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	json_t *document = json_read_file(path, &json_limits_file, &fault);
	ck_assert_msg(document != NULL, "%s", fault.text);
	return document;
}

static void make(void)
{
	struct fault fault = { FAULT_NONE, "" };
	sample_init(&sample);
	ck_assert_ptr_nonnull(folder_new(folder));
	ck_assert_msg(fixture_make(folder, &sample.registry, &fault), "%s", fault.text);
}

static void drop(void)
{
	folder_remove(folder);
	sample_release(&sample);
}

static void refused(const char *part)
{
	struct fault fault = { FAULT_NONE, "" };
	struct fixture *fixture = fixture_load(folder, &fault);
	ck_assert_msg(fixture == NULL, "a changed fixture was accepted, expected \"%s\"", part);
	ck_assert_msg(strstr(fault.text, part) != NULL, "\"%s\" lacks \"%s\"", fault.text, part);
}

START_TEST(made_and_loaded)
{
	static const char *const roles[] = { "main-es256", "main-eddsa",   "main-ps256",     "main-rs256", "main-old",
					     "main-enc",   "second-es256", "attacker-es256", NULL };
	struct fault fault = { FAULT_NONE, "" };
	struct stat info;
	char path[128];
	struct fixture *fixture = fixture_load(folder, &fault);
	ck_assert_msg(fixture != NULL, "%s", fault.text);
	for (size_t i = 0; roles[i]; i++)
		ck_assert_ptr_nonnull(fixture_key(fixture, roles[i]));
	ck_assert_ptr_null(fixture_key(fixture, "nobody"));
	ck_assert_str_eq(fixture_key(fixture, "second-es256")->kid, "main-es256");
	ck_assert_str_eq(fixture_key(fixture, "attacker-es256")->kid, "main-es256");
	ck_assert_str_eq(fixture_key(fixture, "second-es256")->iss, "https://second.issuer.test");
	ck_assert_str_eq(fixture->audience, "mqtt://broker.test");
	ck_assert_int_eq(fixture->max_token_life_s, 3600);
	fixture_free(fixture);
	snprintf(path, sizeof(path), "%s/secret", folder);
	ck_assert_int_eq(stat(path, &info), 0);
	ck_assert_uint_eq(info.st_mode & 0777, 0700);
	snprintf(path, sizeof(path), "%s/secret/main-es256.json", folder);
	ck_assert_int_eq(stat(path, &info), 0);
	ck_assert_uint_eq(info.st_mode & 0777, 0600);
}
END_TEST

/* Nothing outside secret/ holds a private member, and the attacker's key is published nowhere. */
START_TEST(key_sets)
{
	json_t *set = read_document("issuers/main/jwks.json"), *second = read_document("issuers/second/jwks.json");
	const json_t *key;
	size_t i, enc = 0, unknown = 0;
	ck_assert_uint_eq(json_array_size(json_object_get(set, "keys")), 7);
	ck_assert_uint_eq(json_array_size(json_object_get(second, "keys")), 1);
	json_array_foreach(json_object_get(set, "keys"), i, key)
	{
		ck_assert_ptr_null(json_object_get(key, "d"));
		enc += strcmp(json_string_value(json_object_get(key, "use")), "enc") == 0;
		unknown += strcmp(json_string_value(json_object_get(key, "kty")), "TEST-UNKNOWN") == 0;
	}
	ck_assert_uint_eq(enc, 1);
	ck_assert_uint_eq(unknown, 1);
	key = json_array_get(json_object_get(second, "keys"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(key, "kid")), "main-es256");
	json_t *secret = read_document("secret/attacker-es256.json");
	json_array_foreach(json_object_get(set, "keys"), i, key)
		ck_assert(!json_equal(json_object_get(key, "x"), json_object_get(secret, "x")));
	json_decref(secret);
	json_decref(second);
	json_decref(set);
}
END_TEST

START_TEST(manifest_says_who_may_assert_what)
{
	json_t *manifest = read_document("fixture.json");
	const json_t *issuers = json_object_get(manifest, "issuers");
	json_t *expected =
		json_pack("[{s:s, s:s, s:{s:{s:s, s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:s}, s:{s:[s, s]}}},"
			  " {s:s, s:s, s:{s:{s:[s, s]}, s:{s:s}}}]",
			  "iss", "https://main.issuer.test", "jwks", "issuers/main/jwks.json", "organisations", "seed",
			  "agent_id", "*", "server_id", "*", "tool_id", "*", "user_id", "*", "empty", "agent_id", "*",
			  "server_id", "*", "tool_id", "*", "user_id", "*", "spare-1", "agent_id", "warden", "home.",
			  "iss", "https://second.issuer.test", "jwks",
			  "issuers/second/jwks.json", "organisations", "spare-1", "agent_id", "partner",
			  "acme.", "spare-2", "agent_id", "*");
	ck_assert_ptr_nonnull(expected);
	ck_assert(json_equal(issuers, expected));
	ck_assert_str_eq(json_string_value(json_object_get(manifest, "suite")), SUITE_VERSION);
	json_decref(expected);
	json_decref(manifest);
}
END_TEST

START_TEST(in_words)
{
	struct fault fault = { FAULT_NONE, "" };
	struct buf text;
	char path[128];
	snprintf(path, sizeof(path), "%s/organisations/README.md", folder);
	buf_init(&text, 1 << 20);
	ck_assert(file_read(path, 1 << 20, &text, &fault));
	const char *words = buf_string(&text);
	ck_assert_ptr_nonnull(strstr(
		words, "publish and subscribe to | `agents/{$self}/card` | `{$self}` is the token's own `agent_id`"));
	ck_assert_ptr_nonnull(
		strstr(words, "tokens whose claim `agent_id` is `warden` or `guard` | subscribe to | `agents/#`"));
	ck_assert_ptr_nonnull(strstr(words, "No rule: nothing is allowed to anybody."));
	buf_release(&text);
}
END_TEST

START_TEST(changed_files)
{
	char path[128];
	write_text("organisations/empty.json", "{\"rules\": [{\"topic\": \"#\", \"action\": \"pub\"}]}");
	refused("organisations/empty.json: changed");
	snprintf(path, sizeof(path), "%s/organisations/empty.json", folder);
	remove(path);
	refused("organisations/empty.json: cannot read");
}
END_TEST

START_TEST(changed_manifest)
{
	char path[128];
	json_t *manifest = read_document("fixture.json");
	json_object_set_new(manifest, "audience", json_string("mqtt://other.test"));
	snprintf(path, sizeof(path), "%s/fixture.json", folder);
	ck_assert_int_eq(json_dump_file(manifest, path, 0), 0);
	json_decref(manifest);
	refused("$.digest");
}
END_TEST

START_TEST(changed_secret)
{
	json_t *other = read_document("secret/main-old.json");
	char path[128];
	snprintf(path, sizeof(path), "%s/secret/main-es256.json", folder);
	ck_assert_int_eq(json_dump_file(other, path, 0), 0);
	json_decref(other);
	refused("secret/main-es256.json: not the key");
}
END_TEST

START_TEST(no_fixture)
{
	struct fault fault = { FAULT_NONE, "" };
	ck_assert_ptr_null(fixture_load("/nowhere", &fault));
	ck_assert_ptr_nonnull(strstr(fault.text, "/nowhere/fixture.json"));
	ck_assert(!fixture_make(folder, &sample.registry, &fault)); /* there is one already */
	ck_assert_ptr_nonnull(strstr(fault.text, "not empty"));
}
END_TEST

START_TEST(version_is_the_project_s)
{
	struct fault fault = { FAULT_NONE, "" };
	struct buf text;
	buf_init(&text, 1 << 20);
	ck_assert(file_read(SOURCE_DIR "/CMakeLists.txt", 1 << 20, &text, &fault));
	ck_assert_ptr_nonnull(strstr(buf_string(&text), "VERSION " SUITE_VERSION " "));
	buf_release(&text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fixture");
	TCase *tests = tcase_create("fixture");
	tcase_set_timeout(tests, 60); /* RSA keys take their time under a sanitizer */
	tcase_add_checked_fixture(tests, make, drop);
	tcase_add_test(tests, made_and_loaded);
	tcase_add_test(tests, key_sets);
	tcase_add_test(tests, manifest_says_who_may_assert_what);
	tcase_add_test(tests, in_words);
	tcase_add_test(tests, changed_files);
	tcase_add_test(tests, changed_manifest);
	tcase_add_test(tests, changed_secret);
	tcase_add_test(tests, no_fixture);
	suite_add_tcase(suite, tests);
	TCase *plain = tcase_create("version");
	tcase_add_test(plain, version_is_the_project_s);
	suite_add_tcase(suite, plain);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
