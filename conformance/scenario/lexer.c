#include "scenario/lexer.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

void lexer_init(struct lexer *lexer, struct slice text, const char *name, unsigned line, unsigned indent)
{
	*lexer = (struct lexer){ .text = text, .line = line, .indent = indent, .fresh = true, .name = name };
}

const char *token_kind_name(enum token_kind kind)
{
	static const char *const names[] = {
		[TOKEN_END] = "the end of the line", [TOKEN_EOF] = "the end of the file", [TOKEN_WORD] = "the word",
		[TOKEN_STRING] = "the string", [TOKEN_RAW] = "the verbatim string", [TOKEN_BYTES] = "the bytes", [TOKEN_NUMBER] = "the number",
		[TOKEN_DURATION] = "the duration", [TOKEN_CODE] = "the code", [TOKEN_COLUMN] = "the column",
		[TOKEN_MARK] = "the mark", [TOKEN_RULE] = "the rule", [TOKEN_ARROW] = "the arrow",
		[TOKEN_COMMA] = "the comma", [TOKEN_BAR] = "the bar",
		[TOKEN_PLUS] = "the plus", [TOKEN_MINUS] = "the minus",
	};

	return names[kind];
}

bool place_fault(const char *name, const struct token *at, struct fault *fault, const char *format, ...)
{
	char text[560];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return fault_set(fault, FAULT_MALFORMED, "%s:%u:%u: %s", name, at->line, at->column, text);
}

static int peek(const struct lexer *lexer, size_t ahead)
{
	return ahead < lexer->text.size - lexer->at ? lexer->text.data[lexer->at + ahead] : -1;
}

static bool word_start(int c)
{
	return c >= 0 && (isalnum(c) || c == '_');
}

static bool word_byte(int c)
{
	return word_start(c) || c == '-' || c == '.' || c == ':' || c == '$';
}

/* Past blanks and comments. */
static void skip(struct lexer *lexer)
{
	while (peek(lexer, 0) == ' ' || peek(lexer, 0) == '\t' || peek(lexer, 0) == '\r')
		lexer->at++;
	if (peek(lexer, 0) == '#')
		while (peek(lexer, 0) >= 0 && peek(lexer, 0) != '\n')
			lexer->at++;
}

static void next_line(struct lexer *lexer)
{
	lexer->at++;
	lexer->line++;
	lexer->line_start = lexer->at;
	lexer->fresh = true;
}

/* Takes everything up to the closing byte on this line; the token's text is what stands between. */
static bool enclosed(struct lexer *lexer, struct token *token, enum token_kind kind, int close, struct fault *fault)
{
	size_t begin = ++lexer->at;

	while (peek(lexer, 0) != close) {
		if (peek(lexer, 0) < 0 || peek(lexer, 0) == '\n')
			return place_fault(lexer->name, token, fault,
					   "expected a closing %c before the end of the line", close);
		lexer->at++;
	}
	token->kind = kind;
	token->text = slice_of(lexer->text.data + begin, lexer->at - begin);
	lexer->at++;
	return true;
}

static void take_word(struct lexer *lexer, struct token *token)
{
	size_t begin = lexer->at;

	while (word_byte(peek(lexer, 0)))
		lexer->at++;
	token->kind = TOKEN_WORD;
	token->text = slice_of(lexer->text.data + begin, lexer->at - begin);
}

/* 0x87: exactly two digits. */
static bool as_code(struct token *token)
{
	struct slice t = token->text;
	int64_t value = 0;

	if (t.size != 4 || t.data[0] != '0' || t.data[1] != 'x')
		return false;
	for (size_t i = 2; i < 4; i++) {
		int c = tolower(t.data[i]);
		if (!isxdigit(c))
			return false;
		value = value * 16 + (isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	token->kind = TOKEN_CODE;
	token->number = value;
	return true;
}

enum { DIGITS_MAX = 10 };

/* A word that begins like a number: a number, a duration, or else still a word. */
static void as_number(struct token *token, bool negative)
{
	struct slice t = token->text;
	int64_t value = 0;
	size_t at = 0;

	while (at < t.size && at < DIGITS_MAX && isdigit(t.data[at]))
		value = value * 10 + (t.data[at++] - '0');
	struct slice unit = slice_part(t, at, t.size);
	if (at == 0 || !(unit.size == 0 || slice_is(unit, "s") || slice_is(unit, "ms")))
		return;
	token->kind = unit.size ? TOKEN_DURATION : TOKEN_NUMBER;
	token->number = (slice_is(unit, "s") ? 1000 : 1) * (negative ? -value : value);
}

static bool take_negative(struct lexer *lexer, struct token *token, struct fault *fault)
{
	lexer->at++;
	take_word(lexer, token);
	as_number(token, true);
	if (token->kind == TOKEN_WORD)
		return place_fault(lexer->name, token, fault,
				   "expected a number of at most ten digits, or a duration");
	token->text = slice_of(token->text.data - 1, token->text.size + 1);
	return true;
}

static bool take_arrow(struct lexer *lexer, struct token *token)
{
	token->kind = TOKEN_ARROW;
	token->text = slice_of(lexer->text.data + lexer->at, 2);
	lexer->at += 2;
	return true;
}

static bool take_single(struct lexer *lexer, struct token *token, enum token_kind kind)
{
	token->kind = kind;
	token->text = slice_of(lexer->text.data + lexer->at, 1);
	lexer->at++;
	return true;
}

static bool take_minus(struct lexer *lexer, struct token *token, struct fault *fault)
{
	if (peek(lexer, 1) == '>')
		return take_arrow(lexer, token);
	return word_start(peek(lexer, 1)) ? take_negative(lexer, token, fault) :
					    take_single(lexer, token, TOKEN_MINUS);
}

static bool take_mark(struct lexer *lexer, struct token *token, struct fault *fault)
{
	lexer->at++;
	take_word(lexer, token);
	if (!token->text.size)
		return place_fault(lexer->name, token, fault, "expected a name after @");
	token->kind = TOKEN_MARK;
	return true;
}

static bool take_token(struct lexer *lexer, struct token *token, struct fault *fault)
{
	int c = peek(lexer, 0);

	switch (c) {
	case '"':
		return enclosed(lexer, token, TOKEN_STRING, '"', fault);
	case '\'':
		return enclosed(lexer, token, TOKEN_RAW, '\'', fault);
	case '<':
		return enclosed(lexer, token, TOKEN_COLUMN, '>', fault);
	case '[':
		return enclosed(lexer, token, TOKEN_RULE, ']', fault);
	case '@':
		return take_mark(lexer, token, fault);
	case ',':
		return take_single(lexer, token, TOKEN_COMMA);
	case '|':
		return take_single(lexer, token, TOKEN_BAR);
	case '+':
		return take_single(lexer, token, TOKEN_PLUS);
	case '-':
		return take_minus(lexer, token, fault);
	default:
		break;
	}
	if (c == 'x' && peek(lexer, 1) == '"') {
		lexer->at++;
		return enclosed(lexer, token, TOKEN_BYTES, '"', fault);
	}
	if (!word_start(c))
		return place_fault(lexer->name, token, fault,
				   "expected a word, a string or a sign, found the byte 0x%02X", (unsigned)c);
	take_word(lexer, token);
	if (!as_code(token))
		as_number(token, false);
	return true;
}

bool lexer_next(struct lexer *lexer, struct token *token, struct fault *fault)
{
	size_t begin;

	*token = (struct token){ .kind = TOKEN_EOF };
	for (;;) {
		skip(lexer);
		token->line = lexer->line;
		token->column = (unsigned)(lexer->at - lexer->line_start) + 1 + lexer->indent;
		if (peek(lexer, 0) >= 0 && peek(lexer, 0) != '\n') {
			lexer->fresh = false;
			begin = lexer->at;
			if (!take_token(lexer, token, fault))
				return false;
			token->whole = slice_of(lexer->text.data + begin, lexer->at - begin);
			return true;
		}
		if (!lexer->fresh) { /* the end of a line with something on it, also at the end of the file */
			token->kind = TOKEN_END;
			lexer->fresh = true;
			return true;
		}
		if (peek(lexer, 0) < 0)
			return true;
		next_line(lexer);
	}
}

void lexer_skip_line(struct lexer *lexer)
{
	while (peek(lexer, 0) >= 0 && peek(lexer, 0) != '\n')
		lexer->at++;
}
