/* The configuration: what is refused names file, JSON path and what was expected. */
#include "certificate.h"
#include "config.h"
#include "files.h"

#include <check.h>

static struct folder folder;
static char path[128];

static const char keys[] = "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"alg\":\"EdDSA\",\"kid\":\"k\","
			   "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}"; /* RFC 8037 appendix A.2 */
static const char policy[] = "{\"version\":\"2.1\",\"default\":\"deny\",\"rules\":[]}";

#define ISSUERS "\"issuers\":[{\"iss\":\"i\",\"jwks\":\"keys.json\",\"organisations\":{\"o\":{\"agent_id\":\"*\"}}}]"
#define REST "\"audience\":\"a\"," ISSUERS ",\"policies\":{\"o\":\"policy.json\"}"
#define PLAIN "{\"name\":\"n\",\"address\":\"127.0.0.1\",\"port\":0,\"plaintext\":\"test\"}"

static void setup(void)
{
	folder_make(&folder);
	folder_write(&folder, "keys.json", keys);
	folder_write(&folder, "policy.json", policy);
	certificate_write(&folder, "certificate.pem", "certificate.key");
	certificate_write(&folder, NULL, "foreign.key");
	folder_file(&folder, "broker.json", path);
}

static void teardown(void)
{
	folder_remove(&folder);
}

START_TEST(good)
{
	struct fault fault = { FAULT_NONE, "" };
	struct config *config;

	folder_write(&folder, "broker.json",
		     "{\"listeners\":[" PLAIN ",{\"name\":\"m\",\"address\":\"::1\",\"port\":65535,"
		     "\"plaintext\":\"test\"}]," REST ",\"log\":\"debug\"}");
	config = config_load(path, &fault);
	ck_assert_msg(config != NULL, "%s", fault.text);
	ck_assert_uint_eq(config->listener_count, 2);
	ck_assert_str_eq(config->listeners[0].name, "n");
	ck_assert_str_eq(config->listeners[1].address, "::1");
	ck_assert_uint_eq(config->listeners[1].port, 65535);
	ck_assert_ptr_null(config->listeners[0].tls);
	ck_assert_int_eq(config->log_level, LOG_DEBUG);
	ck_assert_ptr_nonnull(policies_find(config->policies, slice_text("o")));
	ck_assert_ptr_null(policies_find(config->policies, slice_text("p")));
	config_free(config);
}
END_TEST

START_TEST(tls_with_client_authorities)
{
	struct fault fault = { FAULT_NONE, "" };
	struct config *config;

	folder_write(&folder, "broker.json",
		     "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0,"
		     "\"tls\":{\"certificate\":\"certificate.pem\",\"key\":\"certificate.key\","
		     "\"client_ca\":\"certificate.pem\"}}]," REST "}");
	config = config_load(path, &fault);
	ck_assert_msg(config != NULL, "%s", fault.text);
	ck_assert_ptr_nonnull(config->listeners[0].tls);
	config_free(config);
}
END_TEST

START_TEST(log_is_info_by_default)
{
	struct fault fault;
	struct config *config;

	folder_write(&folder, "broker.json", "{\"listeners\":[" PLAIN "]," REST "}");
	config = config_load(path, &fault);
	ck_assert_ptr_nonnull(config);
	ck_assert_int_eq(config->log_level, LOG_INFO);
	config_free(config);
}
END_TEST

static const struct {
	const char *text, *complaint;
} bad[] = {
	{ "[]", "broker.json: $: expected an object" },
	{ "{\"nosuch\":1,\"listeners\":[" PLAIN "]," REST "}", "broker.json: $.nosuch: unknown member" },
	{ "{" REST "}", "$.listeners: expected an array" },
	{ "{\"listeners\":[]," REST "}", "$.listeners: expected an array" },
	{ "{\"listeners\":[7]," REST "}", "$.listeners[0]: expected an object, found 7" },
	{ "{\"listeners\":[{\"address\":\"::1\",\"port\":0,\"plaintext\":\"test\"}]," REST "}", "$.listeners[0].name" },
	{ "{\"listeners\":[{\"name\":\"a b\",\"address\":\"::1\",\"port\":0,\"plaintext\":\"test\"}]," REST "}",
	  "$.listeners[0].name: expected 1 to 64" },
	{ "{\"listeners\":[" PLAIN "," PLAIN "]," REST "}", "$.listeners[1].name: expected a name that no other" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"localhost\",\"port\":0,\"plaintext\":\"test\"}]," REST "}",
	  "$.listeners[0].address: expected an IPv4 or IPv6 address" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":65536,\"plaintext\":\"test\"}]," REST "}",
	  "$.listeners[0].port: expected an integer from 0 to 65535, found 65536" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":\"x\",\"plaintext\":\"test\"}]," REST "}",
	  "$.listeners[0].port: expected an integer from 0 to 65535, found \"x\"" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0}]," REST "}",
	  "$.listeners[0]: expected either \"tls\" or \"plaintext\": \"test\", found neither" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0,\"plaintext\":\"test\","
	  "\"tls\":{}}]," REST "}",
	  "$.listeners[0]: expected either \"tls\" or \"plaintext\": \"test\", found both" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0,\"plaintext\":\"yes\"}]," REST "}",
	  "$.listeners[0].plaintext: expected \"test\"" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0,\"plaintext\":true}]," REST "}",
	  "$.listeners[0].plaintext: expected a non-empty string" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0,\"tls\":{\"key\":\"k\"}}]," REST "}",
	  "$.listeners[0].tls.certificate" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0,"
	  "\"tls\":{\"key\":\"k\",\"certificate\":\"nosuch.pem\"}}]," REST "}",
	  "broker.json: $.listeners[0].tls.certificate: " },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0,"
	  "\"tls\":{\"key\":\"k\",\"certificate\":\"keys.json\"}}]," REST "}",
	  "keys.json: expected a certificate chain in PEM" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0,"
	  "\"tls\":{\"key\":\"nosuch.key\",\"certificate\":\"certificate.pem\"}}]," REST "}",
	  "$.listeners[0].tls.key: " },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0,"
	  "\"tls\":{\"key\":\"foreign.key\",\"certificate\":\"certificate.pem\"}}]," REST "}",
	  "foreign.key: expected an unencrypted private key in PEM that fits the certificate" },
	{ "{\"listeners\":[{\"name\":\"n\",\"address\":\"::1\",\"port\":0,"
	  "\"tls\":{\"key\":\"certificate.key\",\"certificate\":\"certificate.pem\",\"client_ca\":\"keys.json\"}}]," REST "}",
	  "$.listeners[0].tls.client_ca: " },
	{ "{\"listeners\":[" PLAIN "],\"log\":\"loud\"," REST "}", "$.log: expected error, warn, info or debug" },
	{ "{\"listeners\":[" PLAIN "],\"audience\":\"a\"," ISSUERS "}", "$.policies" },
	{ "{\"listeners\":[" PLAIN "],\"audience\":\"a\",\"policies\":{}}", "$.issuers" },
	{ "{\"listeners\":[" PLAIN "]," ISSUERS ",\"policies\":{}}", "$.audience" },
	{ "{\"listeners\":[" PLAIN "],\"audience\":\"a\"," ISSUERS ",\"policies\":{\"o\":\"nosuch.json\"}}",
	  "broker.json: $.policies.o: " },
	{ "{\"listeners\":[" PLAIN "],\"audience\":\"a\"," ISSUERS ",\"policies\":{\"o\":\"keys.json\"}}",
	  "keys.json: $.keys: unknown member" },
	{ "{\"listeners\":[" PLAIN "]," REST "} x", "line 1" },
	{ "", "broker.json" },
};

START_TEST(refusal)
{
	struct fault fault = { FAULT_NONE, "" };

	folder_write(&folder, "broker.json", bad[_i].text);
	ck_assert_ptr_null(config_load(path, &fault));
	ck_assert_msg(strstr(fault.text, bad[_i].complaint) != NULL, "%s\nexpected: %s", fault.text, bad[_i].complaint);
	ck_assert_int_ne(fault.class, FAULT_NONE);
}
END_TEST

START_TEST(no_file)
{
	struct fault fault;

	ck_assert_ptr_null(config_load("/nosuch/broker.json", &fault));
	ck_assert_ptr_nonnull(strstr(fault.text, "/nosuch/broker.json"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config");
	TCase *all = tcase_create("config");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_add_test(all, good);
	tcase_add_test(all, tls_with_client_authorities);
	tcase_add_test(all, log_is_info_by_default);
	tcase_add_loop_test(all, refusal, 0, sizeof bad / sizeof *bad);
	tcase_add_test(all, no_file);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
