/* The words of a scenario: one token at a time, each with its place. Pure; nothing is copied. */
#ifndef CONFORMANCE_LEXER_H
#define CONFORMANCE_LEXER_H

#include "fault.h"
#include "slice.h"

#include <stdint.h>

enum token_kind {
	TOKEN_END,      /* the end of a line with a statement on it */
	TOKEN_EOF,
	TOKEN_WORD,     /* agents, PUB-02.other, scout */
	TOKEN_STRING,   /* "…": names inside are resolved */
	TOKEN_RAW,      /* '…': verbatim */
	TOKEN_BYTES,    /* x"…": a template of bytes, see bytes.h */
	TOKEN_NUMBER,   /* 3, -1 */
	TOKEN_DURATION, /* 30s, 200ms, -60s; number is in milliseconds */
	TOKEN_CODE,     /* 0x87 */
	TOKEN_COLUMN,   /* <good> */
	TOKEN_MARK,     /* @end */
	TOKEN_RULE,     /* [PUB-02] */
	TOKEN_ARROW,    /* -> */
	TOKEN_COMMA,
	TOKEN_BAR,      /* | */
	TOKEN_PLUS,
	TOKEN_MINUS
};

struct token {
	enum token_kind kind;
	struct slice text;  /* without quotes, brackets and signs */
	struct slice whole; /* with them, as written */
	int64_t number;    /* of TOKEN_NUMBER, TOKEN_DURATION, TOKEN_CODE */
	unsigned line;     /* 1-based, in the file */
	unsigned column;   /* 1-based, in bytes */
};

struct lexer {
	struct slice text;
	size_t at;         /* the next byte */
	size_t line_start; /* offset of the line's first byte */
	unsigned line;
	unsigned indent;   /* columns in the file before each line of text */
	bool fresh;        /* nothing but white space so far on this line */
	const char *name;  /* of the file, for messages */
};

void lexer_init(struct lexer *lexer, struct slice text, const char *name, unsigned line, unsigned indent);
/* false with "name:line:column: …": a byte that begins nothing, an open string, a number too large. */
bool lexer_next(struct lexer *lexer, struct token *token, struct fault *fault);

/* After a fault: goes to the end of the line, so that reading can go on below. */
void lexer_skip_line(struct lexer *lexer);

/* What to call a token in a message: the string "true", the word scout, the end of the line. */
const char *token_kind_name(enum token_kind kind);

/* Fills *fault with "name:line:column: " and the message; always returns false. */
bool place_fault(const char *name, const struct token *at, struct fault *fault, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
