/* The vectors of a kind, one after the other: each file of vectors/{kind}/. */
#ifndef VECTOR_FILES_H
#define VECTOR_FILES_H

#include "json.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static inline json_t *vectors_read(const char *path)
{
	static const struct json_limits limits = { 16 * 1024 * 1024, 64 };
	struct fault fault = { FAULT_NONE, "" };
	json_t *value = json_read_file(path, &limits, &fault);

	ck_assert_msg(value != NULL, "%s", fault.text);
	return value;
}

static inline const char *vector_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	ck_assert_msg(text != NULL, "no %s", name);
	return text;
}

/* Calls ask for each vector of each file; at least so many there must be. */
static inline void vectors_each(const char *kind, size_t least, void (*ask)(const json_t *vector, void *context),
				void *context)
{
	char folder[400], path[700];
	struct dirent *entry;
	size_t count = 0;
	DIR *dir;

	snprintf(folder, sizeof folder, "%s/vectors/%s", SOURCE_DIR, kind);
	dir = opendir(folder);
	ck_assert_msg(dir != NULL, "no folder %s", folder);
	while ((entry = readdir(dir)) != NULL) {
		size_t index;
		json_t *document, *vector;

		if (!strstr(entry->d_name, ".json"))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		document = vectors_read(path);
		json_array_foreach(json_object_get(document, "vectors"), index, vector) {
			ask(vector, context);
			count++;
		}
		json_decref(document);
	}
	closedir(dir);
	ck_assert_uint_ge(count, least);
}

#endif
