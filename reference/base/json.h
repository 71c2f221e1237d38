/* Strict JSON over jansson: UTF-8, one value, no duplicate member (escaped equals included),
 * no trailing bytes, bounded size and depth before anything is believed.
 * Reading keeps the path, so that each refusal names file, JSON path and what was expected:
 *     broker.json: $.listeners[0].port: expected an integer from 0 to 65535, found "x" */
#ifndef MQTT_AGENT_JSON_H
#define MQTT_AGENT_JSON_H

#include "fault.h"
#include "slice.h"

#include <jansson.h>
#include <stdint.h>

struct json_limits {
	size_t bytes;   /* of the text */
	unsigned depth; /* nested objects and arrays, the outermost counted */
};

extern const struct json_limits json_limits_file; /* for configuration, policies, key sets: 1 MiB, depth 16 */

/* A new reference, or NULL with *fault; syntax errors say line and column. name is used in the
 * message only. Objects, arrays and scalars are all accepted; see json_object_at for "an object". */
json_t *json_parse(struct slice text, const char *name, const struct json_limits *limits, struct fault *fault);
json_t *json_read_file(const char *path, const struct json_limits *limits, struct fault *fault);

/* A value with the way that led to it. Lives on the caller's stack; the parent must outlive it. */
struct json_at {
	const json_t *value; /* borrowed; NULL: the member is absent */
	const struct json_at *parent;
	const char *name; /* file name at the root, member name below an object, NULL in an array */
	size_t index;     /* in an array */
};

struct json_at json_root(const json_t *value, const char *name);
struct json_at json_member(const struct json_at *object, const char *name); /* value NULL when absent */
struct json_at json_element(const struct json_at *array, size_t index);

/* Says that the value at this place is not what was expected; always returns false. */
bool json_expected(const struct json_at *at, const char *expected, struct fault *fault);
/* Any other complaint about this place; always returns false. */
bool json_complain(const struct json_at *at, struct fault *fault, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Says that the fault of another file concerns this place, which names that file; always returns false. */
bool json_within(const struct json_at *at, const struct fault *inner, struct fault *fault);

/* The value is an object whose members are all in the NULL-terminated list: unknown means no. */
bool json_object_at(const struct json_at *at, const char *const *known, struct fault *fault);
bool json_array_at(const struct json_at *at, size_t least, size_t most, struct fault *fault);
/* A string of 1 to 65,535 bytes without U+0000. *text is borrowed from the value. */
bool json_text_at(const struct json_at *at, const char **text, struct fault *fault);
bool json_integer_at(const struct json_at *at, int64_t least, int64_t most, int64_t *number, struct fault *fault);
bool json_bool_at(const struct json_at *at, bool *flag, struct fault *fault);

/* Joins a file name found in a document with the folder of that document (absolute names stay).
 * The caller frees it; NULL when out of memory. */
char *json_beside(const char *document, const char *file);

#endif
