#include "scenario/mistake.h"

#include "registry/list.h"
#include "slice.h"

#include <stdlib.h>

/* "12:" off the front of *text; 0 and nothing taken where no number stands. */
static unsigned take_number(const char **text)
{
	const char *at = *text;
	unsigned number = 0;

	while (*at >= '0' && *at <= '9' && number < 100000000)
		number = number * 10 + (unsigned)(*at++ - '0');
	if (at == *text || *at != ':')
		return 0;
	*text = at + 1;
	return number;
}

static int compare(const struct mistake *a, const struct mistake *b)
{
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->column == b->column ? 0 : a->column < b->column ? -1 : 1;
}

static bool known(const struct mistakes *mistakes, const struct mistake *one)
{
	for (size_t i = 0; i < mistakes->count; i++)
		if (compare(&mistakes->items[i], one) == 0 && strcmp(mistakes->items[i].text, one->text) == 0)
			return true;
	return false;
}

void mistakes_add(struct mistakes *mistakes, const char *name, const struct fault *fault)
{
	struct mistake one = { 0, 0, NULL }, *items;
	const char *text = fault->text;
	size_t size = strlen(name), at;

	if (mistakes->count == MISTAKES_MAX)
		return;
	if (strncmp(text, name, size) == 0 && text[size] == ':') {
		text += size + 1;
		one.line = take_number(&text);
		one.column = take_number(&text);
		text += *text == ' ';
	}
	one.text = slice_copy(slice_text(text));
	if (one.text && known(mistakes, &one)) {
		free(one.text);
		return;
	}
	items = one.text ? list_room(mistakes->items, mistakes->count, sizeof *items) : NULL;
	if (!items) {
		free(one.text);
		mistakes->no_memory = true;
		return;
	}
	mistakes->items = items;
	for (at = mistakes->count; at > 0 && compare(&items[at - 1], &one) > 0; at--)
		;
	memmove(&items[at + 1], &items[at], (mistakes->count - at) * sizeof *items);
	items[at] = one;
	mistakes->count++;
}

bool mistakes_fault(const struct mistakes *mistakes, const char *name, struct fault *fault)
{
	const struct mistake *first = mistakes->items;

	if (!mistakes->count)
		return list_no_memory(fault);
	if (!first->line)
		return fault_set(fault, FAULT_MALFORMED, "%s", first->text);
	return fault_set(fault, FAULT_MALFORMED, "%s:%u:%u: %s", name, first->line, first->column, first->text);
}

void mistakes_release(struct mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count; i++)
		free(mistakes->items[i].text);
	free(mistakes->items);
	*mistakes = (struct mistakes){ NULL, 0, false };
}
