/* The library answers the vectors: every token, set of claims, policy document and decision of vectors/, under
 * the policies and the trust that are published with them. What is expected stands there, written
 * by hand; nothing here knows better. */
#include "decide.h"
#include "jwt.h"
#include "token.h"
#include "topic.h"
#include "vector_files.h"

static void ask_token(const json_t *vector, void *context)
{
	const json_t *compiled = json_object_get(vector, "compiled"), *jwt = json_object_get(compiled, "jwt");
	const int64_t now_s = json_integer_value(json_object_get(compiled, "now"));
	const bool expected = strcmp(vector_text(vector, "expect"), "accepted") == 0;
	struct identity identity;
	struct refusal refusal;
	bool accepted = token_verify(context, slice_of(json_string_value(jwt), json_string_length(jwt)), now_s * 1000,
				     &identity, &refusal);

	ck_assert_msg(json_is_string(jwt) && now_s > 0, "%s: no compiled form", vector_text(vector, "id"));
	ck_assert_msg(accepted == expected, "%s (%s): %s", vector_text(vector, "id"), vector_text(vector, "comment"),
		      accepted ? "accepted" : refusal.why);
}

START_TEST(tokens)
{
	const char *path = SOURCE_DIR "/vectors/keys/trust.json";
	json_t *config = vectors_read(path);
	struct json_at root = json_root(config, path);
	struct fault fault = { FAULT_NONE, "" };
	struct trust *trust = trust_load(&root, &fault);

	ck_assert_msg(trust != NULL, "%s", fault.text);
	vectors_each("token", 100, ask_token, trust);
	trust_free(trust);
	json_decref(config);
}
END_TEST

/* The claims that an accepted vector says, and no others. */
static void check_identity(const json_t *vector, const struct identity *id)
{
	const json_t *expected = json_object_get(vector, "identity");

	for (int claim = 0; claim < CLAIM_COUNT; claim++) {
		const char *value = json_string_value(json_object_get(expected, claim_name((enum claim)claim)));

		ck_assert_msg(slice_is(identity_claim(id, (enum claim)claim), value ? value : ""), "%s: %s",
			      vector_text(vector, "id"), claim_name((enum claim)claim));
	}
}

static void ask_claims(const json_t *vector, void *context)
{
	const bool expected = strcmp(vector_text(vector, "expect"), "accepted") == 0;
	const char *text = json_string_value(json_object_get(vector, "text"));
	struct fault fault = { FAULT_NONE, "" };
	struct identity id;
	struct refusal refusal = { "", "malformed" };
	json_t *claims = text ? json_parse(slice_text(text), "vector", &json_limits_file, &fault)
			      : json_incref(json_object_get(vector, "claims"));
	bool accepted;

	(void)context;
	memset(&id, 0, sizeof id);
	accepted = claims && jwt_read_principal(claims, &id, &refusal);
	ck_assert_msg(accepted == expected, "%s (%s): %s", vector_text(vector, "id"), vector_text(vector, "comment"),
		      accepted ? "accepted" : refusal.why);
	if (accepted)
		check_identity(vector, &id);
	else if (!text)
		ck_assert_str_eq(refusal.rule, vector_text(vector, "rule"));
	json_decref(claims);
}

START_TEST(claims)
{
	vectors_each("claims", 150, ask_claims, NULL);
}
END_TEST

static struct policy *read_policy(const json_t *document, const char *text, struct fault *fault)
{
	json_t *value = text ? json_parse(slice_text(text), "vector", &json_limits_file, fault) : json_incref((json_t *)document);
	struct json_at root = json_root(value, "vector");
	struct policy *policy = value ? policy_parse(&root, fault) : NULL;

	json_decref(value);
	return policy;
}

static void ask_policy(const json_t *vector, void *context)
{
	const bool expected = strcmp(vector_text(vector, "expect"), "accepted") == 0;
	struct fault fault = { FAULT_NONE, "" };
	struct policy *policy = read_policy(json_object_get(vector, "document"),
					    json_string_value(json_object_get(vector, "text")), &fault);

	(void)context;
	ck_assert_msg((policy != NULL) == expected, "%s (%s): %s", vector_text(vector, "id"), vector_text(vector, "comment"),
		      fault.text);
	policy_free(policy);
}

START_TEST(policies)
{
	vectors_each("policy", 40, ask_policy, NULL);
}
END_TEST

/* The block ```policy NAME of the chapter, parsed. */
static struct policy *policy_block(const char *name)
{
	const char *path = SOURCE_DIR "/spec/05-policy.md";
	struct fault fault = { FAULT_NONE, "" };
	struct policy *policy;
	char fence[100], *text = calloc(1, 1 << 20), *begin, *end;
	FILE *file = fopen(path, "r");

	ck_assert_msg(file && text, "cannot read %s", path);
	ck_assert_uint_lt(fread(text, 1, 1 << 20, file), 1 << 20);
	fclose(file);
	snprintf(fence, sizeof fence, "\n```policy %s\n", name);
	begin = strstr(text, fence);
	ck_assert_msg(begin != NULL, "no policy block %s", name);
	begin += strlen(fence);
	end = strstr(begin, "\n```");
	ck_assert_msg(end != NULL, "policy block %s has no end", name);
	*end = '\0';
	policy = read_policy(NULL, begin, &fault);
	ck_assert_msg(policy != NULL, "%s: %s", name, fault.text);
	free(text);
	return policy;
}

static struct identity identity_of(const json_t *principal)
{
	struct identity id;
	const char *name;
	json_t *value;

	memset(&id, 0, sizeof id);
	json_object_foreach((json_t *)principal, name, value) {
		enum claim claim = claim_from(slice_text(name));

		ck_assert_msg(claim != CLAIM_COUNT, "no claim %s", name);
		snprintf(id.claims[claim], sizeof id.claims[claim], "%s", json_string_value(value));
	}
	id.exp_ms = 1;
	return id;
}

static struct request request_of(const json_t *vector)
{
	const json_t *topic = json_object_get(vector, "topic");
	struct request request = {
		.door = strcmp(vector_text(vector, "action"), "pub") == 0 ? DOOR_PUBLISH : DOOR_SUBSCRIBE,
		.topic = slice_of(json_string_value(topic), json_string_length(topic)),
		.qos = (unsigned)json_integer_value(json_object_get(vector, "qos")),
		.retain = json_is_true(json_object_get(vector, "retain")),
	};
	struct slice group, filter;

	if (request.door == DOOR_SUBSCRIBE && topic_share_split(request.topic, &group, &filter) == SHARE_GOOD) {
		request.topic = filter;
		request.group = group;
	}
	return request;
}

static void ask_decision(const json_t *vector, void *context)
{
	const json_t *written = json_object_get(vector, "policy"), *granted = json_object_get(vector, "granted");
	const bool expected = strcmp(vector_text(vector, "expect"), "allow") == 0;
	struct fault fault = { FAULT_NONE, "" };
	struct identity id = identity_of(json_object_get(vector, "identity"));
	struct policy *policy = json_is_string(written) ? policy_block(json_string_value(written))
							: read_policy(written, NULL, &fault);
	const struct request request = request_of(vector);
	struct decision decision;

	(void)context;
	ck_assert_msg(policy != NULL, "%s: %s", vector_text(vector, "id"), fault.text);
	decision = decide(policy, &id, &request);
	ck_assert_msg(decision.allowed == expected, "%s (%s): expected %s", vector_text(vector, "id"),
		      vector_text(vector, "comment"), vector_text(vector, "expect"));
	ck_assert_msg(!granted || decision.qos == json_integer_value(granted), "%s (%s): granted QoS %u",
		      vector_text(vector, "id"), vector_text(vector, "comment"), decision.qos);
	policy_free(policy);
}

START_TEST(decisions)
{
	vectors_each("decision", 50, ask_decision, NULL);
	vectors_each("containment", 40, ask_decision, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vectors");
	TCase *tcase = tcase_create("vectors");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, tokens);
	tcase_add_test(tcase, claims);
	tcase_add_test(tcase, policies);
	tcase_add_test(tcase, decisions);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
