/* The vocabulary of the language, one table each for verbs, outcomes and attributes: a new word is
 * a new row. */
#ifndef CONFORMANCE_WORDS_H
#define CONFORMANCE_WORDS_H

#include "buf.h"
#include "scenario/script.h"

enum operands {
	OPERANDS_NONE,
	OPERANDS_MESSAGE, /* a topic, then a text or the word empty */
	OPERANDS_FILTER,
	OPERANDS_TEXTS,   /* texts of messages, or the word empty and a topic */
	OPERANDS_BYTES,
	OPERANDS_ACTOR,
	OPERANDS_POLICY,  /* the name of a policy block, or a document verbatim */
	OPERANDS_RESTART  /* clean or kill */
};

enum scope { /* bits: where an attribute may stand */
	SCOPE_NONE = 0,
	SCOPE_CAST = 1,
	SCOPE_CONNECT = 2, /* connects, resumes */
	SCOPE_RENEW = 4,
	SCOPE_PUBLISH = 8,
	SCOPE_STREAM = 16,
	SCOPE_SUBSCRIBE = 32,
	SCOPE_RECEIVE = 64,
	SCOPE_SEND = 128,
	SCOPE_DISCONNECT = 256
};

struct verb {
	const char *word; /* "publishes" */
	enum act act;
	enum operands operands;
	unsigned scope;      /* of its attributes; one bit */
	enum outcome held;   /* the outcome of an unlabelled or twin step that names none */
	enum outcome denied; /* likewise of a deny step; OUTCOME_NONE: it cannot be denied */
	const char *hook;    /* what the case must need; NULL: nothing */
};

/* NULL when there is no such verb. "never receives" is found by that text. */
const struct verb *verb_find(struct slice word);
/* All verbs, one by one: index 0, 1, … until NULL. */
const struct verb *verb_at(size_t index);
void verb_list(struct buf *out);
/* A verb of the whole language that this revision cannot run yet. */
bool verb_later(struct slice word);
/* What `same to` changes: "a topic", "a filter", "bytes"; NULL: nothing. */
const char *operands_first(enum operands operands);

struct outcome_word {
	const char *word;
	enum outcome outcome;
	enum act act;         /* the verb that it may follow */
	unsigned char manner; /* the code that such a denial SHOULD have; 0: none */
};

/* NULL when the word is none that this act can have. */
const struct outcome_word *outcome_find(enum act act, struct slice word);
const struct outcome_word *outcome_of(enum act act, enum outcome outcome);
const struct outcome_word *outcome_at(size_t index);
/* "accepted, present or refused": what outcome_find knows for this act. */
void outcome_list(enum act act, struct buf *out);

enum outcome_side { SIDE_NONE, SIDE_ALLOWS, SIDE_DENIES };
/* Whether it is an allowance or a denial. `absent` is neither; an ack is what its codes say. */
enum outcome_side outcome_side(enum outcome outcome, const unsigned char *codes, size_t code_count);

struct draft; /* draft.h: an actor or step in the making */
struct attribute;

enum subject { /* what the attribute changes */
	SUBJECT_ACTOR,
	SUBJECT_WILL, /* the will of the step that connects; in a cast, of each such step */
	SUBJECT_STEP
};

struct attribute_word {
	const char *word; /* "exp" */
	unsigned scopes;  /* of enum scope */
	enum subject subject;
	size_t least, most;  /* values; what is beyond least is never a bare word */
	bool adds;           /* several of it stand side by side; else the later replaces the earlier */
	bool name_first;     /* the first value is a bare name, such as the claim of `claim NAME VALUE` */
	const char *expects; /* "a duration, or none" */
	bool (*apply)(struct draft *draft, const struct attribute *attribute);
};

/* NULL when no attribute of this scope has that name. */
const struct attribute_word *attribute_find(unsigned scope, struct slice word);
const struct attribute_word *attribute_at(size_t index);
/* The words of this scope, for messages: "qos, retain". */
void attribute_list(unsigned scope, struct buf *out);
/* The rows, each part in a file of its own and ended by word NULL. */
extern const struct attribute_word connect_attributes[], token_attributes[], step_attributes[];

/* Words that begin statements or clauses and cannot be names of actors. */
bool word_reserved(struct slice word);
/* "agent" gives "agent_id", "agents" too with *plural true; NULL: no kind of principal. */
const char *kind_claim(struct slice word, bool *plural);

#endif
