/* A case as parsed: names are resolved to indices and `same` to whole steps, but columns, carriers
 * and the actors' names on the wire are still open; bind.h closes them. All text is borrowed from
 * what was parsed, except where "owned" is said. */
#ifndef CONFORMANCE_CASE_H
#define CONFORMANCE_CASE_H

#include "scenario/lexer.h"
#include "scenario/words.h"

enum { CASE_CASTS_MAX = 32, CASE_STEPS_MAX = 200, CASE_ROWS_MAX = 100, CASE_COLUMNS_MAX = 12, CASE_RULES_MAX = 32 };
enum { CASE_ATTRIBUTES_MAX = 12, CASE_CARRIERS_MAX = 16, STEP_OUTCOMES_MAX = 4 };

struct attribute {
	const struct attribute_word *word;
	struct token at;
	struct token values[2];
	size_t value_count;
};

struct attributes {
	struct attribute items[CASE_ATTRIBUTES_MAX];
	size_t count;
};

struct cast {
	struct token name;
	const char *claim;   /* "agent_id", …; static. A copy has its original's */
	ptrdiff_t original;  /* index of the cast that this one copies; -1: none */
	struct attributes with;
	bool used;
};

struct row {
	struct token values[CASE_COLUMNS_MAX]; /* the first is the row's name */
};

struct case_step {
	char *source; /* the statement without comment and margins. Owned */
	struct token at;
	enum label label;
	size_t actor;
	const struct verb *verb;
	struct token values[2];
	struct attributes with;
	enum outcome outcomes[STEP_OUTCOMES_MAX];
	size_t outcome_count; /* at least the default of the verb, where it has any */
	struct token outcome_at;
	unsigned char should[SCRIPT_CODES_MAX];
	size_t should_count;
	struct token should_at;
	const struct rule *rule;   /* what the step checks; NULL: a precondition */
	const struct rule *manner; /* the SHOULD about the exact code of its denial; NULL: none */
	struct token mark;       /* TOKEN_MARK, or of kind TOKEN_END where there is none */
	int64_t by_ms;
	ptrdiff_t twin;          /* index of the step that a deny step stands against; -1: none */
	ptrdiff_t message;       /* receives, never: index of the publish step meant; -1: none */
};

struct scenario_case {
	char *id;    /* "PUB-02.other". Owned, like title and text */
	char *title;
	char *text;  /* as written, from the word case to the last step */
	struct place place;
	struct token at;
	const char *name; /* of the file, for messages */
	struct slice org;
	const struct rule *rules[CASE_RULES_MAX + 1]; /* the first is the one it exists for; NULL ends */
	const char *rule_ids[CASE_RULES_MAX + 1];     /* the same, for summaries */
	size_t rule_count;
	const struct rule *twin_rule; /* a bracketed rule in `cites`: what unmarked twins check; NULL: the first */
	struct slice needs;           /* the hooks as written; empty: none */
	const struct carrier *carriers[CASE_CARRIERS_MAX];
	size_t carrier_count; /* 0: one script, carrier "-" */
	char *carrier_names;  /* "qos0 qos1", "-". Owned */
	bool every_listener;
	bool alone;
	struct cast *casts;
	size_t cast_count;
	struct token columns[CASE_COLUMNS_MAX];
	bool column_used[CASE_COLUMNS_MAX];
	size_t column_count; /* 0: no table */
	struct row *rows;
	size_t row_count;
	struct case_step *steps;
	size_t step_count;
};

void case_free(struct scenario_case *c);

/* The cast of this name, or -1. */
ptrdiff_t case_actor(const struct scenario_case *c, struct slice name);
/* The column of this name, or -1. */
ptrdiff_t case_column(const struct scenario_case *c, struct slice name);
/* Adds the rule to what the case cites, unless it is there; false: there is no room. */
bool case_cite(struct scenario_case *c, const struct rule *rule);

static inline bool outcome_allows(enum outcome outcome)
{
	return outcome == OUTCOME_ACCEPTED || outcome == OUTCOME_ALLOWED || outcome == OUTCOME_GRANTED ||
	       outcome == OUTCOME_ALIVE;
}

#endif
