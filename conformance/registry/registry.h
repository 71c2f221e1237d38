/* The registry: what the prose of spec/ says, read through libcmark. There is no second list of
 * rules. A rule is a list item that begins with its id in bold; its level is the one BCP 14 word
 * in its first paragraph (see spec/00-conventions.md for the form). */
#ifndef CONFORMANCE_REGISTRY_H
#define CONFORMANCE_REGISTRY_H

#include "fault.h"
#include "slice.h"

#include <jansson.h>

enum level { LEVEL_MUST, LEVEL_SHOULD, LEVEL_MAY };

struct place {
	const char *file; /* e.g. "spec/06-publish.md"; owned by the registry */
	unsigned line;    /* 1-based */
};

struct rule {
	char *id;        /* "PUB-02" */
	char *area;      /* "PUB" */
	char *title;     /* heading of its chapter */
	char *class;     /* "core", "policy", "substrate", …: the chapter's, or the rule's own tag */
	enum level level;
	char *sentence;  /* the normative sentence, plain text */
	char *rationale; /* the "Why:" paragraphs, plain text; "" when none */
	char *manner_of; /* id of the MUST whose manner (exact code) this SHOULD is, or several ids with a
			  * space between; NULL: none */
	char *excuse;    /* "not-observable: …", "implied-by X: …", "later-draft: …"; NULL: none */
	struct place place;
};

struct policy_block { /* a fenced `policy NAME`: one organisation of the fixture */
	char *name;
	json_t *document;
	struct place place;
};

struct probe { /* a line of a fenced `probes NAME`: how a broker shows that it has loaded a rule of that policy */
	char *org, *rule;      /* names of a policy block and of one of its rules */
	char *claim, *name;    /* whose token: "agent_id", "scout" */
	bool subscribe;        /* else publish */
	char *allowed;         /* topic or filter that the rule grants */
	char *denied;          /* one near it that no rule of the policy grants */
	struct place place;
};

struct scenario_block { /* a fenced `scenario`, or a file of conformance/cases/ */
	char *text;
	struct place place; /* line of the first line of text */
	unsigned indent;    /* columns that stand before text in the file, for columns in messages */
};

struct vector_file { /* a file of vectors/, not looked into here */
	char *text;
	const char *file; /* "vectors/token/lifetime.json"; owned by the registry */
};

struct registry {
	struct rule *rules;
	size_t rule_count;
	struct policy_block *policies;
	size_t policy_count;
	struct probe *probes;
	size_t probe_count;
	struct scenario_block *blocks;
	size_t block_count;
	struct vector_file *vectors;
	size_t vector_count;
	char **files; /* the paths that places point to */
	size_t file_count;
	char digest[65]; /* SHA-256 over all files read, hex (registry/sources.h): goes into each report */
	char revision[32]; /* "0.2-draft": from the conventions chapter */
};

/* Spec, cases and vectors as compiled into the binary, or (dir not NULL) as they stand in an
 * author's checkout: dir/spec, dir/conformance/cases, dir/vectors. Refuses duplicate ids, a rule without or
 * with two levels, a BCP 14 word outside a rule, a policy block that is no JSON object, a probe of a rule
 * that there is not. */
struct registry *registry_load(const char *dir, struct fault *fault);
void registry_free(struct registry *registry);

const struct rule *registry_rule(const struct registry *registry, struct slice id);
/* The SHOULD whose manner_of is id, or NULL. */
const struct rule *registry_manner(const struct registry *registry, struct slice id);
const struct policy_block *registry_policy(const struct registry *registry, struct slice name);
const char *level_name(enum level level);

#endif
