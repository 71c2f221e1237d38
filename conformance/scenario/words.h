/* The vocabulary of the language, one table each for verbs, outcomes and attributes: a new word is
 * a new row. */
#ifndef CONFORMANCE_WORDS_H
#define CONFORMANCE_WORDS_H

#include "buf.h"
#include "scenario/script.h"

enum { VERB_VALUES_MAX = 2 };

struct verb {
	const char *word; /* "publishes" */
	enum act act;
	const char *values[VERB_VALUES_MAX]; /* what each value is, for messages; NULL: no more */
	enum outcome held;                   /* the outcome of an unlabelled or twin step that names none */
	enum outcome denied;                 /* likewise of a deny step; OUTCOME_NONE: it cannot be denied */
	unsigned char manner;                /* the code that a denial SHOULD have; 0: none */
};

extern const struct verb verb_never; /* "never receives" */

/* NULL when there is no such verb. */
const struct verb *verb_find(struct slice word);
/* A verb of the whole language that this revision cannot run yet. */
bool verb_later(struct slice word);

/* OUTCOME_NONE when the word is none that this act can have. */
enum outcome outcome_find(enum act act, struct slice word);
/* "accepted or refused": what outcome_find knows for this act. Static. */
const char *outcome_choice(enum act act);

enum scope { SCOPE_CAST = 1, SCOPE_PUBLISH = 2, SCOPE_SUBSCRIBE = 4 }; /* bits */

struct draft; /* draft.h: an actor or step in the making */
struct attribute;

struct attribute_word {
	const char *word; /* "exp" */
	unsigned scopes;     /* of enum scope */
	size_t values;
	bool name_first;     /* the first value is a bare name, such as the claim of `claim NAME VALUE` */
	const char *expects; /* "a duration, or none" */
	bool (*apply)(struct draft *draft, const struct attribute *attribute);
};

/* NULL when no attribute of this scope has that name. */
const struct attribute_word *attribute_find(unsigned scope, struct slice word);
/* The words of this scope, for messages: "qos, retain". */
void attribute_list(unsigned scope, struct buf *out);

/* Words that begin statements or clauses and cannot be names of actors. */
bool word_reserved(struct slice word);
/* "agent" gives "agent_id", "agents" too with *plural true; NULL: no kind of principal. */
const char *kind_claim(struct slice word, bool *plural);

#endif
