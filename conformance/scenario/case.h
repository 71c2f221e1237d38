/* A case as parsed: names are resolved to indices and `same` to whole steps, but columns, carriers
 * and the actors' names on the wire are still open; bind.h closes them. All text is borrowed from
 * what was parsed, except where "owned" is said. */
#ifndef CONFORMANCE_CASE_H
#define CONFORMANCE_CASE_H

#include "scenario/lexer.h"
#include "scenario/words.h"

enum { CASE_CASTS_MAX = 32, CASE_STEPS_MAX = 200, CASE_ROWS_MAX = 100, CASE_COLUMNS_MAX = 12, CASE_RULES_MAX = 32 };
enum { CASE_ATTRIBUTES_MAX = 24, CASE_CARRIERS_MAX = 32, CASE_VIA_MAX = 8 };

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
	ptrdiff_t user;      /* index of the cast in whose name this one acts; -1: in its own */
	size_t via[CASE_VIA_MAX]; /* indices of those through whom the delegation came, the first to get it first */
	size_t via_count;
	struct attributes with;
	bool used;
};

struct row {
	struct token values[CASE_COLUMNS_MAX]; /* the first is the row's name */
};

/* An instant as written: an actor is an index into the casts, a step one into the case's steps. */
struct case_instant {
	struct instant when;
	struct token at;
};

struct case_step {
	char *source; /* the statement without comment and margins. Owned */
	struct token at;
	enum label label;
	size_t actor;
	const struct verb *verb;
	struct token values[SCRIPT_TEXTS_MAX]; /* OPERANDS_MESSAGE: topic, text; OPERANDS_TEXTS: texts, or the topic */
	size_t value_count;
	bool empty;     /* the word empty stood in the place of a text */
	size_t object;  /* OPERANDS_ACTOR: index of the cast */
	struct attributes with;
	enum outcome outcomes[SCRIPT_OUTCOMES_MAX];
	size_t outcome_count; /* at least the default of the verb, where it has any */
	struct token outcome_at;
	unsigned char codes[SCRIPT_CODES_MAX];
	size_t code_count;
	unsigned char should[SCRIPT_CODES_MAX];
	size_t should_count;
	struct token should_at; /* of kind TOKEN_END: there is no `should` */
	const struct rule *rule;   /* what the step checks; NULL: a precondition */
	const struct rule *manner; /* the SHOULD about the exact code of its denial; NULL: none */
	const struct rule *alike;  /* the rule that its answer is the same everywhere; NULL: none */
	struct token alike_at;
	struct token mark;       /* TOKEN_MARK, or of kind TOKEN_END where there is none */
	bool mark_used;
	struct case_instant by, should_by, after, until;
	ptrdiff_t twin;          /* index of the step that a deny step stands against; -1: none */
	bool same;               /* written as `same`, or a never: its twin is the last of any act */
	size_t messages[SCRIPT_TEXTS_MAX]; /* receives, never: indices of the steps whose messages are meant */
	size_t message_count;
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
	struct slice attacks;         /* the rows of appendix A5 as written; empty: none */
	struct slice needs;           /* the hooks as written; empty: none */
	struct token needs_at;
	const struct carrier *carriers[CASE_CARRIERS_MAX];
	struct token carrier_at[CASE_CARRIERS_MAX]; /* the word of its door */
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

/* Does the case need this hook? */
bool case_needs(const struct scenario_case *c, struct slice hook);
/* The attribute of the cast or of what it is a copy of, the nearest first; NULL: none has it. */
const struct attribute *cast_attribute(const struct scenario_case *c, const struct cast *cast, const char *word);
/* The will of a step that connects, its own or its actor's; NULL: none. */
const struct attribute *case_will(const struct scenario_case *c, const struct case_step *step);
/* The text of the message that the step sends, as written; NULL: it sends none that bears one. */
const struct token *case_message(const struct scenario_case *c, const struct case_step *step);
/* Some outcome of the step is on this side. */
bool case_step_side(const struct case_step *step, enum outcome_side side);

#endif
