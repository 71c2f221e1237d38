/* What the tests of mint and report share: a small registry made by hand, a folder that goes away. */
#ifndef CONFORMANCE_TEST_SAMPLE_H
#define CONFORMANCE_TEST_SAMPLE_H

#include "registry/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sample {
	struct policy_block policies[2];
	struct rule rules[3];
	struct registry registry;
};

/* Two organisations; PUB-02 (must) with its manner PUB-03 (should), and SBS-01 (must). */
static inline void sample_init(struct sample *sample)
{
	static char seed[] = "seed", empty[] = "empty", core[] = "core", pub[] = "PUB", sbs[] = "SBS",
		    title[] = "Publish";
	static char ids[3][8] = { "PUB-02", "PUB-03", "SBS-01" }, sentence[] = "A sentence.", why[] = "";
	memset(sample, 0, sizeof(*sample));
	sample->policies[0] = (struct policy_block){
		.name = seed,
		.document = json_pack("{s:s, s:s, s:[{s:s, s:s, s:s}, {s:s, s:s, s:s, s:[s, s]}]}", "version", "2.1",
				      "default", "deny", "rules", "topic", "agents/{$self}/card", "action", "pub+sub",
				      "binding", "agent_id", "topic", "agents/#", "action", "sub", "binding",
				      "agent_id", "agents", "warden", "guard"),
	};
	sample->policies[1] = (struct policy_block){ .name = empty, .document = json_pack("{s:[]}", "rules") };
	for (size_t i = 0; i < 3; i++) {
		sample->rules[i] = (struct rule){ .id = ids[i],
						  .area = i < 2 ? pub : sbs,
						  .title = title,
						  .class = core,
						  .level = i == 1 ? LEVEL_SHOULD : LEVEL_MUST,
						  .sentence = sentence,
						  .rationale = why,
						  .manner_of = i == 1 ? ids[0] : NULL,
						  .place = { "spec/06-publish.md", 10 + (unsigned)i } };
	}
	sample->registry = (struct registry){ .rules = sample->rules,
					      .rule_count = 3,
					      .policies = sample->policies,
					      .policy_count = 2,
					      .revision = "0.2-draft" };
	memset(sample->registry.digest, 'a', 64);
}

static inline void sample_release(struct sample *sample)
{
	json_decref(sample->policies[0].document);
	json_decref(sample->policies[1].document);
}

static inline char *folder_new(char path[64])
{
	strcpy(path, "/tmp/conformance-test-XXXXXX");
	return mkdtemp(path);
}

static inline void folder_remove(const char *path)
{
	char command[128];
	snprintf(command, sizeof(command), "rm -rf '%s'", path);
	if (system(command) != 0)
		fprintf(stderr, "cannot remove %s\n", path);
}

#endif
