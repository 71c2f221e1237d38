/* A small spec on disk for tests of the registry, the scenarios and the plan. */
#ifndef CONFORMANCE_TEST_TREE_H
#define CONFORMANCE_TEST_TREE_H

#include "files/files.h"
#include "registry/registry.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TREE_FILES_MAX 8

struct tree {
	char dir[64];
	char *paths[TREE_FILES_MAX];
	size_t count;
};

static inline void tree_init(struct tree *tree)
{
	*tree = (struct tree){ .count = 0 };
	strcpy(tree->dir, "/tmp/registry-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(tree->dir));
}

static inline void tree_put(struct tree *tree, const char *folder, const char *name, const char *text)
{
	struct fault fault = { FAULT_NONE, "" };
	char *above = path_join(tree->dir, folder);

	ck_assert_uint_lt(tree->count, TREE_FILES_MAX);
	ck_assert_msg(folder_make(above, 0700, &fault), "%s", fault.text);
	tree->paths[tree->count] = path_join(above, name);
	ck_assert_msg(file_write(tree->paths[tree->count++], slice_text(text), 0600, &fault), "%s", fault.text);
	free(above);
}

static inline void tree_remove(struct tree *tree)
{
	static const char *const folders[] = { "spec", "conformance/cases", "conformance", "vectors/token",
					       "vectors/decision", "vectors", "" };

	for (size_t i = 0; i < tree->count; i++) {
		unlink(tree->paths[i]);
		free(tree->paths[i]);
	}
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char *path = path_join(tree->dir, folders[i]);
		rmdir(path);
		free(path);
	}
}

/* A spec of one chapter with the rules that the cases of these tests are about. */
#define SMALL_SPEC \
	"# 1. Small\n\nClass: core\n\nRevision: 0.0-test\n\n" \
	"- **AUTH-01** A good token MUST be accepted.\n" \
	"- **AUTH-02** A bad token MUST be refused.\n" \
	"- **AUTH-03** *(manner of AUTH-02)* The code SHOULD be 0x86.\n" \
	"- **PUB-01** A covered publish MUST be delivered.\n" \
	"- **PUB-02** Any other MUST NOT be.\n" \
	"- **PUB-03** *(manner of PUB-02)* The code SHOULD be 0x87.\n" \
	"- **SBS-01** A contained filter MUST be granted.\n" \
	"- **SBS-03** Any other MUST be denied.\n" \
	"- **POL-01** What no rule covers MUST be denied.\n" \
	"- **REV-01** *(class revocation)* What is revoked MUST be refused.\n" \
	"- **REV-02** *(manner of REV-01)* *(class revocation)* The code SHOULD be 0x8A.\n" \
	"- **SUB-01** *(class substrate)* A ping MUST be answered.\n" \
	"\n```policy seed\n{\"rules\": []}\n```\n\n```policy patterns\n{\"rules\": []}\n```\n"

#endif
