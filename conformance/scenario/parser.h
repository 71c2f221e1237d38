/* The parser's inside, shared by parse.c (cases, headers, casts, tables) and step.c (steps). */
#ifndef CONFORMANCE_PARSER_H
#define CONFORMANCE_PARSER_H

#include "scenario/parse.h"

enum stage { STAGE_HEADER, STAGE_ROWS, STAGE_STEPS };

struct parser {
	const struct registry *registry;
	const struct case_source *source;
	struct lexer lexer;
	struct token token; /* the one that is looked at */
	size_t end;         /* offset behind the token before it */
	struct scenario_case *c; /* the one in the making */
	enum stage stage;
	struct fault *fault;
};

bool parser_advance(struct parser *p);
/* Fills the fault with what stands there and what was expected instead; false. */
bool parser_expected(struct parser *p, const char *what);
/* Complains about a token; false. */
bool parser_complain(struct parser *p, const struct token *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Takes a token of this kind and moves on. */
bool parser_take(struct parser *p, enum token_kind kind, const char *what, struct token *token);
/* Moves on when this word stands here. *taken says so. */
bool parser_word(struct parser *p, const char *word, bool *taken);
bool parser_is(const struct parser *p, const char *word);
/* A string, number, duration, column or word. A column is looked up and marked as used. */
bool parser_value(struct parser *p, const char *what, struct token *value);
/* `with` and what follows, when it stands here. */
bool parser_with(struct parser *p, unsigned scope, struct attributes *with);
/* One attribute; one of the same word is replaced, unless it is of those that add up. */
bool parser_attribute(struct parser *p, unsigned scope, struct attributes *with);
const struct rule *parser_rule(struct parser *p, const struct token *at, struct slice id);
/* The name of an actor of the cast, which counts as used by it. */
bool parser_actor(struct parser *p, size_t *actor);
/* Adds the rule to what the case cites. */
bool parser_cite(struct parser *p, const struct token *at, const struct rule *rule);

/* instant.c: a duration from the step's begin, now, NAME.EVENT or @mark, with an offset. */
bool parse_instant(struct parser *p, struct case_instant *instant);

/* cast.c: a line of the cast. */
bool parse_cast(struct parser *p);

/* table.c: a row of the table, the first of which names the columns. */
bool parse_row(struct parser *p);

/* step.c: one step, from its label to the end of its line. */
bool parse_step(struct parser *p);
/* complete.c: what a step does not say and what follows from its label, its verb and its case. */
void step_complete(struct parser *p, struct case_step *step);
/* Behind the last step: a deny without a twin above looks for one below. */
void case_complete(struct scenario_case *c);

#endif
