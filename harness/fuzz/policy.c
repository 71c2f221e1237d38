/* First line: a topic or filter. The rest: a policy document. What it says is decided for an agent. */
#include "decide.h"
#include "fuzz.h"
#include "topic.h"

static void ask(const struct policy *policy, struct slice topic)
{
	struct identity identity = { .claims = { [CLAIM_ORG_ID] = "o", [CLAIM_AGENT_ID] = "scout" } };
	struct request request = { .topic = topic, .qos = 1 };

	for (int door = 0; door < DOOR_COUNT; door++) {
		request.door = (enum door)door;
		struct decision decision = decide(policy, &identity, &request);
		fuzz_need(decision.allowed == (decision.code == 0));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { FAULT_NONE, "" };
	struct slice rest = slice_of(data, size), topic = fuzz_part(&rest, '\n');
	json_t *value = json_parse(rest, "input", &json_limits_file, &fault);
	struct json_at root = json_root(value, "input");
	struct policy *policy = value ? policy_parse(&root, &fault) : NULL;

	if (policy)
		ask(policy, topic);
	policy_free(policy);
	json_decref(value);
	return 0;
}
