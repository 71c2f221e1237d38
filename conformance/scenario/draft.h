/* A script in the making, as attributes see it. */
#ifndef CONFORMANCE_DRAFT_H
#define CONFORMANCE_DRAFT_H

#include "scenario/case.h"

#include <stdint.h>

struct draft {
	const struct scenario_case *c;
	const struct row *row; /* NULL: the case has no table */
	struct script *script;
	struct script_actor *actor; /* while its attributes are applied */
	struct script_step *step;   /* likewise */
	uint64_t seed;
	bool fixed[CASE_CASTS_MAX]; /* the actor is called the same in every script */
	const char *client_id_prefix;
	const char *default_key; /* role of the key that signs where nothing else is said */
	struct fault *fault;
};

/* The value, with a column replaced by what the row says. */
const struct token *draft_value(const struct draft *draft, const struct token *value);
/* The word none, in a cast or in a row. */
bool draft_none(const struct draft *draft, const struct token *value);

enum expansion { EXPAND_BRACES, EXPAND_SEGMENTS };

/* A string's text on the heap, names resolved; verbatim strings and words as they stand. NULL with
 * the fault: a number, a name that nobody has, too long. *varies as in names_expand, or NULL. */
char *draft_text(const struct draft *draft, const struct token *value, enum expansion expansion, bool *varies);
/* Puts the text of a value in the place of another, which is freed. */
bool draft_replace(struct draft *draft, char **place, const struct token *value, bool *varies);
/* false with the fault when the value is no number of this kind in this range. */
bool draft_number(const struct draft *draft, const struct token *value, enum token_kind kind, int64_t least,
		  int64_t most, int64_t *number);
bool draft_complain(const struct draft *draft, const struct token *at, const char *text);

/* bytes.c: the template of a `sends` into parts. */
bool draft_bytes(struct draft *draft, const struct token *value, struct script_step *step);

/* draft_actor.c: all actors of the script, and a copy of one for a step that changes it; NULL: no memory. */
bool draft_actors(struct draft *draft, const struct registry *registry);
struct script_actor *actor_copy(const struct script_actor *actor);

/* draft_step.c: a step as written, without its carrier; its indices are those of the case. */
bool draft_step(struct draft *draft, const struct case_step *from, struct script_step *step);
/* The check of this rule, one a script: the unit is (case.row, carrier, rule). -1: out of memory. */
ptrdiff_t draft_check(struct draft *draft, const struct rule *rule, bool deny);

/* The text as a string on the heap; the buffer is released. NULL with the fault: no memory. */
char *draft_take(struct buf *text, struct fault *fault);
/* count letters of lower-case base32 out of seed, script id, purpose and name; the same each time. */
bool draft_random(const struct draft *draft, const char *purpose, struct slice name, size_t count, struct buf *out);

#endif
