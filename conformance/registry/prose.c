#include "registry/prose.h"

#include <ctype.h>

void prose_init(struct prose *prose)
{
	buf_init(&prose->plain, PROSE_PARAGRAPH_MAX);
	buf_init(&prose->masked, PROSE_PARAGRAPH_MAX);
}

void prose_release(struct prose *prose)
{
	buf_release(&prose->plain);
	buf_release(&prose->masked);
}

static void put_code(struct prose *prose, const char *text)
{
	buf_text(&prose->plain, text);
	for (size_t i = 0; i < strlen(text); i++)
		buf_u8(&prose->masked, '`');
}

static void put_leaf(struct prose *prose, cmark_node *node)
{
	const char *text = cmark_node_get_literal(node);

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		buf_u8(&prose->plain, ' ');
		buf_u8(&prose->masked, '\n');
		break;
	case CMARK_NODE_CODE:
		put_code(prose, text ? text : "");
		break;
	default:
		buf_text(&prose->plain, text);
		buf_text(&prose->masked, text);
		break;
	}
}

static void put_tree(struct prose *prose, cmark_node *node)
{
	cmark_iter *iter = cmark_iter_new(node);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
		if (event == CMARK_EVENT_ENTER)
			put_leaf(prose, cmark_iter_get_node(iter));
	cmark_iter_free(iter);
}

void prose_inlines(struct prose *prose, cmark_node *node)
{
	for (; node; node = cmark_node_next(node))
		put_tree(prose, node);
}

void prose_inside(struct prose *prose, cmark_node *block)
{
	prose_inlines(prose, cmark_node_first_child(block));
}

unsigned prose_lines(const struct prose *prose, size_t offset)
{
	unsigned lines = 0;

	for (size_t i = 0; i < offset && i < prose->masked.size; i++)
		lines += prose->masked.data[i] == '\n';
	return lines;
}

struct slice prose_trim(struct slice text)
{
	while (text.size && isspace(text.data[0]))
		text = slice_part(text, 1, text.size);
	while (text.size && isspace(text.data[text.size - 1]))
		text.size--;
	return text;
}
