/* The decision library as an examinee, without the broker: one question a line on standard input,
 * one answer a line on standard output. Linked with libmqttagent alone.
 *
 *   policy {document}   loads the document            -> accepted | refused
 *   ask {question}      asks about the one in force    -> allow QOS "RULE" | deny CODE WHY
 *
 * A question: {"identity": {"agent_id": "scout"}, "door": "publish", "topic": "a/b", "qos": 1, "retain": false,
 * "group": "", "of_author": false, "late": -1000}; late: milliseconds since the token's exp. A refused
 * document leaves the policy in force as it was. Exit code 1: a line that is neither. */
#include "decide.h"

#include <stdio.h>
#include <stdlib.h>

enum { EXP_MS = 1000000000 };

static struct policy *parsed(const char *text, struct fault *fault)
{
	json_t *value = json_parse(slice_text(text), "policy", &json_limits_file, fault);
	struct json_at root = json_root(value, "policy");
	struct policy *policy = value ? policy_parse(&root, fault) : NULL;

	json_decref(value);
	return policy;
}

static bool load(struct policy **policy, const char *text)
{
	struct fault fault = { FAULT_NONE, "" };
	struct policy *made = parsed(text, &fault);

	if (made) {
		policy_free(*policy);
		*policy = made;
	}
	puts(made ? "accepted" : "refused");
	return fault.class != FAULT_UNAVAILABLE;
}

/* The one that is spelt so; DOOR_COUNT: none. */
static enum door door_from(const char *name)
{
	enum door door = DOOR_CONNECT;

	while (door < DOOR_COUNT && strcmp(door_name(door), name) != 0)
		door++;
	return door;
}

static struct slice string_of(const json_t *value)
{
	return slice_of(json_string_value(value), json_string_length(value));
}

static bool identity_from(const json_t *claims, struct identity *identity)
{
	json_t *object = json_incref((json_t *)claims), *value;
	const char *name;
	bool good = json_is_object(claims);

	memset(identity, 0, sizeof *identity);
	identity->exp_ms = EXP_MS;
	snprintf(identity->claims[CLAIM_ORG_ID], sizeof identity->claims[0], "org");
	json_object_foreach(object, name, value) {
		enum claim claim = claim_from(slice_text(name));
		good = good && claim != CLAIM_COUNT && json_string_length(value) <= CLAIM_VALUE_MAX;
		if (good)
			snprintf(identity->claims[claim], sizeof identity->claims[0], "%s", json_string_value(value));
	}
	json_decref(object);
	return good;
}

static bool answer(const struct policy *policy, const json_t *question)
{
	struct identity identity;
	const char *door = json_string_value(json_object_get(question, "door"));
	struct request request = {
		.door = door ? door_from(door) : DOOR_COUNT,
		.topic = string_of(json_object_get(question, "topic")),
		.qos = (unsigned)json_integer_value(json_object_get(question, "qos")),
		.retain = json_is_true(json_object_get(question, "retain")),
		.now_ms = EXP_MS + json_integer_value(json_object_get(question, "late")),
		.group = string_of(json_object_get(question, "group")),
		.of_author = json_is_true(json_object_get(question, "of_author")),
	};

	if (request.door == DOOR_COUNT || !identity_from(json_object_get(question, "identity"), &identity))
		return false;
	struct decision decision = decide(policy, &identity, &request);
	if (decision.allowed)
		printf("allow %d \"%s\"\n", decision.qos, decision.rule ? decision.rule : "");
	else
		printf("deny %d %s\n", decision.code, decision.why ? decision.why : "");
	return true;
}

static bool ask(const struct policy *policy, const char *text)
{
	struct fault fault = { FAULT_NONE, "" };
	json_t *question = json_parse(slice_text(text), "question", &json_limits_file, &fault);
	bool good = question && answer(policy, question);

	json_decref(question);
	return good;
}

int main(void)
{
	struct policy *policy = NULL;
	char *line = NULL;
	size_t capacity = 0;
	ssize_t size;
	bool good = true;

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (good && (size = getline(&line, &capacity, stdin)) > 0) {
		line[size - 1] = '\0';
		if (strncmp(line, "policy ", 7) == 0)
			good = load(&policy, line + 7);
		else
			good = strncmp(line, "ask ", 4) == 0 && ask(policy, line + 4);
	}
	free(line);
	policy_free(policy);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
