#include "scenario/format.h"

#include "registry/list.h"
#include "scenario/lexer.h"

#include <stdlib.h>

enum { LEAD_WIDTH = 8, ACT_WIDTH_MOST = 56, EXPECT_WIDTH_MOST = 32, LINE_MAX_BYTES = 1 << 20 };

enum line_kind { LINE_BLANK, LINE_COMMENT, LINE_CASE, LINE_ROW, LINE_STATEMENT };

struct line {
	enum line_kind kind;
	struct token *tokens; /* owned */
	size_t count;
	struct slice comment; /* with its #; empty: none */
	bool indented;        /* of a comment that stands alone */
	size_t lead;          /* how many tokens stand in the first column: "twin", "scout", "scout, analyst" */
};

struct page {
	struct line *lines; /* owned */
	size_t count;
};

static void page_release(struct page *page)
{
	for (size_t i = 0; i < page->count; i++)
		free(page->lines[i].tokens);
	free(page->lines);
}

static bool begins_with(const struct line *line, const char *word)
{
	return line->count && line->tokens[0].kind == TOKEN_WORD && slice_is(line->tokens[0].text, word);
}

/* A list of names stands together in the first column. */
static size_t lead_of(const struct line *line)
{
	size_t at = 1;

	while (at + 1 < line->count && line->tokens[at].kind == TOKEN_COMMA)
		at += 2;
	return at < line->count ? at : line->count;
}

static bool add_token(struct line *line, const struct token *token, struct fault *fault)
{
	struct token *tokens = list_room(line->tokens, line->count, sizeof *tokens);

	if (!tokens)
		return list_no_memory(fault);
	line->tokens = tokens;
	tokens[line->count++] = *token;
	return true;
}

/* text: one line without its end. */
static bool read_line(struct slice text, const char *name, unsigned number, struct line *line, struct fault *fault)
{
	struct lexer lexer;
	struct token token;
	size_t end = 0;

	lexer_init(&lexer, text, name, number, 0);
	do {
		if (!lexer_next(&lexer, &token, fault))
			return false;
		if (token.kind == TOKEN_END || token.kind == TOKEN_EOF)
			break;
		if (!add_token(line, &token, fault))
			return false;
		end = lexer.at;
	} while (true);
	while (end < text.size && text.data[end] != '#')
		end++;
	line->comment = slice_part(text, end, text.size);
	while (line->comment.size && strchr(" \t\r", line->comment.data[line->comment.size - 1]))
		line->comment.size--;
	line->indented = text.size && (text.data[0] == ' ' || text.data[0] == '\t');
	line->lead = lead_of(line);
	if (!line->count)
		line->kind = line->comment.size ? LINE_COMMENT : LINE_BLANK;
	else
		line->kind = line->tokens[0].kind == TOKEN_BAR ? LINE_ROW :
			     begins_with(line, "case")          ? LINE_CASE :
								  LINE_STATEMENT;
	return true;
}

static bool read_page(struct slice text, const char *name, struct page *page, struct fault *fault)
{
	bool more = true;

	for (unsigned number = 1; more; number++) {
		struct slice line = slice_word(&text, '\n', &more);
		struct line *lines = list_room(page->lines, page->count, sizeof *lines);
		if (!lines)
			return list_no_memory(fault);
		page->lines = lines;
		if (!read_line(line, name, number, &lines[page->count++], fault))
			return false;
	}
	return true;
}

/* Between two tokens of a statement stands one blank, but before a comma. */
static void put_tokens(const struct line *line, size_t from, size_t to, struct buf *out)
{
	for (size_t i = from; i < to; i++) {
		buf_text(out, i > from && line->tokens[i].kind != TOKEN_COMMA ? " " : "");
		buf_put(out, line->tokens[i].whole);
	}
}

static void pad(struct buf *out, size_t begin, size_t width)
{
	while (!out->failed && out->size - begin < width)
		buf_text(out, " ");
}

/* The arrow of a statement, or its end. */
static size_t arrow_of(const struct line *line)
{
	size_t at = 0;

	while (at < line->count && line->tokens[at].kind != TOKEN_ARROW)
		at++;
	return at;
}

static bool begins_instant(const struct token *token)
{
	return slice_is(token->text, "by") || slice_is(token->text, "after") || slice_is(token->text, "until");
}

/* The first [RULE] or @mark behind the arrow, which say what the step is and not what comes of it. */
static size_t label_of(const struct line *line)
{
	size_t at = line->count;

	while (at > 0 && (line->tokens[at - 1].kind == TOKEN_RULE || line->tokens[at - 1].kind == TOKEN_MARK))
		at--;
	if (at < line->count && line->tokens[at].kind == TOKEN_MARK && at > 0 && begins_instant(&line->tokens[at - 1]))
		at++;
	return at;
}

static bool is_header(const struct line *line)
{
	static const char *const words[] = { "org", "carriers", "needs", "cites", "alone", "rows", "attack" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (begins_with(line, words[i]))
			return true;
	return false;
}

static void put_act(const struct line *line, size_t end, struct buf *out)
{
	size_t begin = out->size;

	buf_text(out, "  ");
	put_tokens(line, 0, line->lead, out);
	if (line->lead >= end)
		return;
	if (!is_header(line) || line->lead < line->count)
		pad(out, begin, 2 + LEAD_WIDTH);
	buf_text(out, " ");
	put_tokens(line, line->lead, end, out);
}

/* Bytes as characters: what stands in a column is mostly ASCII, and where it is not it is close. */
static size_t width_of(struct slice text)
{
	size_t width = 0;

	for (size_t i = 0; i < text.size; i++)
		width += (text.data[i] & 0xC0) != 0x80;
	return width;
}

struct columns {
	size_t act, expect; /* widths */
};

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Statements with an arrow or a rule decide how far right it stands, unless they are very long. */
static struct columns measure(const struct page *page, size_t from, struct buf *scratch)
{
	struct columns columns = { 0, 0 };

	for (size_t i = from; i < page->count && (i == from || page->lines[i].kind != LINE_CASE); i++) {
		const struct line *line = &page->lines[i];
		if (line->kind != LINE_STATEMENT || is_header(line))
			continue;
		size_t label = label_of(line), arrow = least_of(arrow_of(line), label);
		if (arrow == line->count)
			continue;
		buf_clear(scratch);
		put_act(line, arrow, scratch);
		size_t act = width_of(buf_slice(scratch));
		buf_clear(scratch);
		put_tokens(line, arrow, label, scratch);
		size_t expect = width_of(buf_slice(scratch));
		if (act <= ACT_WIDTH_MOST && act > columns.act)
			columns.act = act;
		if (label < line->count && expect <= EXPECT_WIDTH_MOST && expect > columns.expect)
			columns.expect = expect;
	}
	return columns;
}

/* To the column, or two blanks on where that is passed already. */
static void go_to(struct buf *out, size_t begin, size_t column)
{
	size_t at = width_of(slice_part(buf_slice(out), begin, out->size));

	for (size_t blanks = at < column ? column - at : 0; blanks > 0; blanks--)
		buf_text(out, " ");
	buf_text(out, "  ");
}

static void put_statement(const struct line *line, const struct columns *columns, struct buf *out)
{
	size_t label = label_of(line), arrow = arrow_of(line), begin = out->size;

	if (is_header(line))
		label = arrow = line->count;
	put_act(line, least_of(arrow, label), out);
	if (arrow < label) {
		go_to(out, begin, columns->act);
		put_tokens(line, arrow, label, out);
		if (label < line->count)
			go_to(out, begin, columns->act + 2 + columns->expect);
	} else if (label < line->count) {
		go_to(out, begin, columns->act);
	}
	put_tokens(line, label, line->count, out);
}

/* The width of one column of the table that the line belongs to. */
static size_t cell_width(const struct page *page, size_t index, size_t cell)
{
	size_t width = 0, first = index;

	while (first > 0 && (page->lines[first - 1].kind == LINE_ROW || page->lines[first - 1].kind == LINE_COMMENT))
		first--;
	for (size_t i = first; i < page->count && (page->lines[i].kind == LINE_ROW || page->lines[i].kind == LINE_COMMENT); i++) {
		size_t at = 1 + 2 * cell;
		if (at < page->lines[i].count && width_of(page->lines[i].tokens[at].whole) > width)
			width = width_of(page->lines[i].tokens[at].whole);
	}
	return width;
}

/* A row has a value between each two bars; any other is left to the parser to complain about. */
static bool is_regular(const struct line *line)
{
	for (size_t i = 0; i < line->count; i++)
		if ((line->tokens[i].kind == TOKEN_BAR) != (i % 2 == 0))
			return false;
	return true;
}

static void put_row(const struct page *page, size_t index, struct buf *out)
{
	const struct line *line = &page->lines[index];

	buf_text(out, "  ");
	if (!is_regular(line)) {
		put_tokens(line, 0, line->count, out);
		return;
	}
	buf_text(out, "|");
	for (size_t i = 1; i < line->count; i += 2) {
		size_t width = cell_width(page, index, i / 2), own = width_of(line->tokens[i].whole);
		buf_text(out, " ");
		buf_put(out, line->tokens[i].whole);
		for (; own < width; own++)
			buf_text(out, " ");
		buf_text(out, i + 1 < line->count ? " |" : "");
	}
}

/* A blank line stands where one stood, once, and before a case and what is said about it. */
static bool wants_blank(const struct page *page, size_t index, enum line_kind before)
{
	size_t next = index;

	if (before == LINE_BLANK || page->lines[index].kind == LINE_BLANK)
		return false;
	if (index > 0 && page->lines[index - 1].kind == LINE_BLANK)
		return true;
	if (before == LINE_COMMENT)
		return false;
	while (next < page->count && page->lines[next].kind == LINE_COMMENT && !page->lines[next].indented)
		next++;
	return next < page->count && page->lines[next].kind == LINE_CASE;
}

static void put_line(const struct page *page, size_t index, const struct columns *columns, struct buf *out)
{
	const struct line *line = &page->lines[index];

	if (line->kind == LINE_CASE)
		put_tokens(line, 0, line->count, out);
	else if (line->kind == LINE_ROW)
		put_row(page, index, out);
	else if (line->kind == LINE_STATEMENT)
		put_statement(line, columns, out);
	else
		buf_text(out, line->indented ? "  " : "");
	if (line->comment.size && line->count)
		buf_text(out, "  ");
	buf_put(out, line->comment);
	buf_text(out, "\n");
}

bool scenario_format(struct slice text, const char *name, struct buf *out, struct fault *fault)
{
	struct page page = { NULL, 0 };
	enum line_kind before = LINE_BLANK;
	struct columns columns = { 0, 0 };
	struct buf scratch;
	bool good = read_page(text, name, &page, fault);

	buf_init(&scratch, LINE_MAX_BYTES);
	for (size_t i = 0; good && i < page.count; i++) {
		if (i == 0 || page.lines[i].kind == LINE_CASE)
			columns = measure(&page, i, &scratch);
		if (page.lines[i].kind == LINE_BLANK)
			continue;
		buf_text(out, wants_blank(&page, i, before) ? "\n" : "");
		put_line(&page, i, &columns, out);
		before = page.lines[i].kind;
	}
	if (good && (out->failed || scratch.failed))
		good = list_no_memory(fault);
	buf_release(&scratch);
	page_release(&page);
	return good;
}
