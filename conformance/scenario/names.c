#include "scenario/names.h"

#include <ctype.h>

/* The name in braces at the front of text, of size 0 where there is none: {scout}, not {$self}. */
static struct slice braced(struct slice text)
{
	size_t at = 1;

	if (text.size < 3 || text.data[0] != '{' || !islower(text.data[1]))
		return slice_of(NULL, 0);
	while (at < text.size && (islower(text.data[at]) || isdigit(text.data[at]) || text.data[at] == '-'))
		at++;
	return at < text.size && text.data[at] == '}' ? slice_part(text, 1, at - 1) : slice_of(NULL, 0);
}

static bool put_name(const struct name_source *source, struct slice name, struct buf *out, bool *varies)
{
	bool fixed = true;
	const char *value = source->value(source->context, name, &fixed);

	if (!value)
		return false;
	buf_text(out, value);
	if (varies && !fixed)
		*varies = true;
	return true;
}

static bool expand_segment(const struct name_source *source, struct slice segment, struct buf *out, bool *varies,
			   struct slice *unknown)
{
	while (segment.size) {
		struct slice name = braced(segment);
		if (!name.size) {
			buf_u8(out, segment.data[0]);
			segment = slice_part(segment, 1, segment.size);
			continue;
		}
		if (!put_name(source, name, out, varies)) {
			*unknown = name;
			return false;
		}
		segment = slice_part(segment, name.size + 2, segment.size);
	}
	return true;
}

bool names_expand(const struct name_source *source, struct slice text, bool segments, struct buf *out, bool *varies,
		  struct slice *unknown)
{
	bool more = true;

	while (more) {
		struct slice segment = slice_word(&text, '/', &more);
		if (!(segments && segment.size && put_name(source, segment, out, varies)) &&
		    !expand_segment(source, segment, out, varies, unknown))
			return false;
		buf_text(out, more ? "/" : "");
	}
	return true;
}

bool names_mention(struct slice text, struct slice name)
{
	bool more = true;

	while (more) {
		struct slice segment = slice_word(&text, '/', &more);
		if (slice_equal(segment, name))
			return true;
		for (size_t i = 0; i < segment.size; i++)
			if (slice_equal(braced(slice_part(segment, i, segment.size)), name))
				return true;
	}
	return false;
}
