/* Strict reading of JSON: bounds first, then jansson with its strict options. */
#include "json.h"

#include "buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const struct json_limits json_limits_file = { 1024 * 1024, 16 };

/* The deepest nesting of brackets outside strings. Runs before the parser, which recurses. It
 * need not be right about text that is not JSON: the parser refuses that afterwards. */
static unsigned json_text_depth(struct slice text)
{
	unsigned depth = 0, deepest = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.size; i++) {
		unsigned char letter = text.data[i];

		if (quoted && letter == '\\')
			i++;
		else if (letter == '"')
			quoted = !quoted;
		else if (!quoted && (letter == '{' || letter == '['))
			deepest = ++depth > deepest ? depth : deepest;
		else if (!quoted && (letter == '}' || letter == ']') && depth)
			depth--;
	}
	return deepest;
}

json_t *json_parse(struct slice text, const char *name, const struct json_limits *limits, struct fault *fault)
{
	const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
	json_error_t error;
	json_t *value;

	if (text.size > limits->bytes) {
		fault_set(fault, FAULT_LIMIT, "%s: %zu bytes, expected at most %zu", name, text.size, limits->bytes);
		return NULL;
	}
	if (json_text_depth(text) > limits->depth) {
		fault_set(fault, FAULT_LIMIT, "%s: nested deeper than %u levels", name, limits->depth);
		return NULL;
	}
	/* The parser takes a NUL for the end, and would not look at what follows it. */
	if (text.size && memchr(text.data, 0, text.size)) {
		fault_set(fault, FAULT_MALFORMED, "%s: expected text, found a NUL byte", name);
		return NULL;
	}
	value = json_loadb(text.size ? (const char *)text.data : "", text.size, flags, &error);
	if (!value)
		fault_set(fault, FAULT_MALFORMED, "%s: line %d, column %d: %s", name, error.line, error.column,
			  error.text);
	return value;
}

/* All of the file up to the limit and one byte over it, so that the parser sees the excess. */
static bool read_bounded(FILE *file, size_t limit, struct buf *out)
{
	unsigned char part[4096];
	size_t size;

	do {
		size = fread(part, 1, sizeof part, file);
		buf_put(out, slice_of(part, size));
	} while (size == sizeof part && out->size <= limit);
	return !ferror(file) && !out->failed;
}

json_t *json_read_file(const char *path, const struct json_limits *limits, struct fault *fault)
{
	FILE *file = fopen(path, "rb");
	json_t *value = NULL;
	struct buf text;

	if (!file) {
		fault_set(fault, FAULT_UNAVAILABLE, "%s: cannot open: %s", path, strerror(errno));
		return NULL;
	}
	buf_init(&text, limits->bytes + 8192);
	if (read_bounded(file, limits->bytes, &text))
		value = json_parse(buf_slice(&text), path, limits, fault);
	else
		fault_set(fault, FAULT_UNAVAILABLE, "%s: cannot read: %s", path, strerror(errno));
	buf_release(&text);
	fclose(file);
	return value;
}

char *json_beside(const char *document, const char *file)
{
	const char *slash = strrchr(document, '/');
	struct buf path;

	if (file[0] == '/' || !slash)
		return slice_copy(slice_text(file));
	buf_init(&path, SIZE_MAX);
	buf_put(&path, slice_of(document, (size_t)(slash - document) + 1));
	buf_text(&path, file);
	if (!buf_string(&path)) {
		buf_release(&path);
		return NULL;
	}
	return (char *)path.data;
}
