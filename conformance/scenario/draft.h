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
/* false with the fault when the value is no number of this kind in this range. */
bool draft_number(const struct draft *draft, const struct token *value, enum token_kind kind, int64_t least,
		  int64_t most, int64_t *number);
bool draft_complain(const struct draft *draft, const struct token *at, const char *text);

/* count letters of lower-case base32 out of seed, script id, purpose and name; the same each time. */
bool draft_random(const struct draft *draft, const char *purpose, struct slice name, size_t count, struct buf *out);

#endif
