/* Reading with the path in hand: json_at is the trail of crumbs back to the file's name. */
#include "json.h"

#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_MAX_BYTES = 300, FOUND_MAX_BYTES = 80, TEXT_MAX_BYTES = 65535 };

struct json_at json_root(const json_t *value, const char *name)
{
	struct json_at at = { value, NULL, name, 0 };

	return at;
}

struct json_at json_member(const struct json_at *object, const char *name)
{
	struct json_at at = { json_object_get(object->value, name), object, name, 0 };

	return at;
}

struct json_at json_element(const struct json_at *array, size_t index)
{
	struct json_at at = { json_array_get(array->value, index), array, NULL, index };

	return at;
}

static bool is_word(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(name);
}

/* A name or value as one line of ASCII JSON, clipped. */
static void put_json(struct buf *out, const json_t *value, size_t most)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);

	if (!text)
		buf_text(out, "?");
	else if (strlen(text) <= most)
		buf_text(out, text);
	else
		buf_format(out, "%.*s...", (int)most, text);
	free(text);
}

static void put_name(struct buf *out, const char *name)
{
	json_t *text;

	if (is_word(name)) {
		buf_format(out, ".%s", name);
		return;
	}
	text = json_string(name);
	buf_text(out, "[");
	put_json(out, text, FOUND_MAX_BYTES);
	buf_text(out, "]");
	json_decref(text);
}

static void put_path(struct buf *out, const struct json_at *at)
{
	if (!at->parent) {
		buf_format(out, "%s: $", at->name ? at->name : "document");
		return;
	}
	put_path(out, at->parent);
	if (at->name)
		put_name(out, at->name);
	else
		buf_format(out, "[%zu]", at->index);
}

bool json_complain(const struct json_at *at, struct fault *fault, const char *format, ...)
{
	char sentence[sizeof fault->text];
	const char *where;
	struct buf path;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(sentence, sizeof sentence, format, arguments);
	va_end(arguments);
	buf_init(&path, PATH_MAX_BYTES);
	put_path(&path, at);
	path.failed = false; /* an overlong path is shown as far as it fitted */
	where = buf_string(&path);
	fault_set(fault, FAULT_MALFORMED, "%s: %s", where ? where : "?", sentence);
	buf_release(&path);
	return false;
}

bool json_within(const struct json_at *at, const struct fault *inner, struct fault *fault)
{
	json_complain(at, fault, "%s", inner->text);
	fault->class = inner->class;
	return false;
}

static void put_found(struct buf *out, const json_t *value)
{
	if (!value)
		buf_text(out, "nothing");
	else if (json_is_object(value))
		buf_text(out, "an object");
	else if (json_is_array(value))
		buf_format(out, "an array of %zu", json_array_size(value));
	else
		put_json(out, value, FOUND_MAX_BYTES);
}

bool json_expected(const struct json_at *at, const char *expected, struct fault *fault)
{
	const char *text;
	struct buf found;

	buf_init(&found, FOUND_MAX_BYTES + 16);
	put_found(&found, at->value);
	text = buf_string(&found);
	json_complain(at, fault, "expected %s, found %s", expected, text ? text : "?");
	buf_release(&found);
	return false;
}

static bool is_listed(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

static bool complain_unknown(const struct json_at *member, const char *const *known, struct fault *fault)
{
	const char *text;
	struct buf list;

	buf_init(&list, 200);
	for (size_t i = 0; known[i]; i++)
		buf_format(&list, "%s%s", i ? ", " : "", known[i]);
	text = buf_string(&list);
	json_complain(member, fault, "unknown member, expected only %s", text ? text : "known ones");
	buf_release(&list);
	return false;
}

bool json_object_at(const struct json_at *at, const char *const *known, struct fault *fault)
{
	const char *name;
	json_t *value;

	if (!json_is_object(at->value))
		return json_expected(at, "an object", fault);
	json_object_foreach((json_t *)at->value, name, value) {
		struct json_at member = json_member(at, name);

		if (!is_listed(known, name))
			return complain_unknown(&member, known, fault);
	}
	return true;
}

bool json_array_at(const struct json_at *at, size_t least, size_t most, struct fault *fault)
{
	char expected[80];

	if (json_is_array(at->value) && json_array_size(at->value) >= least && json_array_size(at->value) <= most)
		return true;
	snprintf(expected, sizeof expected, "an array of %zu to %zu elements", least, most);
	return json_expected(at, expected, fault);
}

bool json_text_at(const struct json_at *at, const char **text, struct fault *fault)
{
	size_t size = json_is_string(at->value) ? json_string_length(at->value) : 0;

	if (size == 0)
		return json_expected(at, "a non-empty string", fault);
	if (size > TEXT_MAX_BYTES || strlen(json_string_value(at->value)) != size)
		return json_expected(at, "a string of at most 65535 bytes without U+0000", fault);
	*text = json_string_value(at->value);
	return true;
}

bool json_integer_at(const struct json_at *at, int64_t least, int64_t most, int64_t *number, struct fault *fault)
{
	char expected[100];

	if (json_is_integer(at->value)) {
		int64_t value = json_integer_value(at->value);

		if (value >= least && value <= most) {
			*number = value;
			return true;
		}
	}
	snprintf(expected, sizeof expected, "an integer from %lld to %lld", (long long)least, (long long)most);
	return json_expected(at, expected, fault);
}

bool json_bool_at(const struct json_at *at, bool *flag, struct fault *fault)
{
	if (!json_is_boolean(at->value))
		return json_expected(at, "true or false", fault);
	*flag = json_is_true(at->value);
	return true;
}
