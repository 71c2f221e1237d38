/* The table of a case: columns, and rows that are each a case of its own. */
#include "scenario/parser.h"

#include "registry/list.h"

static bool read_columns(struct parser *p, struct token *values, size_t count)
{
	struct scenario_case *c = p->c;

	for (size_t i = 0; i < count; i++) {
		if (values[i].kind != TOKEN_WORD)
			return parser_complain(p, &values[i], "expected the name of a column");
		if (case_column(c, values[i].text) >= 0)
			return parser_complain(p, &values[i], "a second column of the same name");
		c->columns[c->column_count++] = values[i];
	}
	return true;
}

static bool add_row(struct parser *p, const struct token *values, size_t count, const struct token *at)
{
	struct scenario_case *c = p->c;
	struct row *rows = c->row_count < CASE_ROWS_MAX ? list_room(c->rows, c->row_count, sizeof *rows) : NULL;

	if (!rows)
		return parser_complain(p, at, "more than %d rows, or out of memory", CASE_ROWS_MAX);
	c->rows = rows;
	if (count != c->column_count)
		return parser_complain(p, at, "expected %zu values, as many as there are columns, found %zu",
				       c->column_count, count);
	if (values[0].kind != TOKEN_WORD)
		return parser_complain(p, &values[0], "expected the name of the row");
	for (size_t i = 0; i < c->row_count; i++)
		if (slice_equal(rows[i].values[0].text, values[0].text))
			return parser_complain(p, &values[0], "a second row of the same name");
	memcpy(rows[c->row_count++].values, values, count * sizeof *values);
	return true;
}

bool parse_row(struct parser *p)
{
	struct token values[CASE_COLUMNS_MAX], at = p->token;
	size_t count = 0;

	if (p->stage != STAGE_ROWS)
		return parser_complain(p, &at, "expected the word rows above a table");
	if (!parser_advance(p))
		return false;
	while (p->token.kind != TOKEN_END) {
		struct token bar;
		if (count == CASE_COLUMNS_MAX)
			return parser_complain(p, &p->token, "more than %d columns", CASE_COLUMNS_MAX);
		if (p->token.kind == TOKEN_COLUMN)
			return parser_expected(p, "a value of the table");
		if (!parser_value(p, "a value of the table", &values[count++]) ||
		    !parser_take(p, TOKEN_BAR, "a bar behind the value", &bar))
			return false;
	}
	if (count == 0)
		return parser_expected(p, "a value of the table");
	return p->c->column_count ? add_row(p, values, count, &at) : read_columns(p, values, count);
}
