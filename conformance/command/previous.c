#include "command/previous.h"

#include "files/files.h"
#include "json.h"

#include <stdlib.h>
#include <sys/stat.h>

static const struct json_limits report_limits = { 256 << 20, 16 };

char *previous_file(const char *path)
{
	struct stat info;
	if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
		return path_join(path, "report.json");
	return slice_copy(slice_text(path));
}

json_t *previous_read(const char *file, struct fault *fault)
{
	return json_read_file(file, &report_limits, fault);
}

void previous_free(char **ids)
{
	for (size_t i = 0; ids && ids[i]; i++)
		free(ids[i]);
	free(ids);
}

static bool worth_repeating(const char *verdict)
{
	static const char *const verdicts[] = { "FAIL", "FLAKY", "INCONCLUSIVE", "HARNESS", "BLOCKED", "PENDING" };
	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		if (strcmp(verdict, verdicts[i]) == 0)
			return true;
	}
	return false;
}

/* The checks of a script stand together. */
static bool add(char **ids, size_t *count, const char *id)
{
	if (*count > 0 && strcmp(ids[*count - 1], id) == 0)
		return true;
	ids[*count] = slice_copy(slice_text(id));
	return ids[(*count)++] != NULL;
}

char **previous_scripts(const json_t *report, const char *file, bool not_passed, struct fault *fault)
{
	struct json_at root = json_root(report, file), checks = json_member(&root, "checks");
	size_t count = 0, size = json_array_size(checks.value);
	if (!json_is_array(checks.value)) {
		json_expected(&checks, "the checks of a report", fault);
		return NULL;
	}
	char **ids = calloc(size + 1, sizeof *ids);
	bool good = ids || fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	for (size_t i = 0; good && i < size; i++) {
		struct json_at check = json_element(&checks, i), script = json_member(&check, "script"),
			       verdict = json_member(&check, "verdict");
		const char *id = NULL, *word = NULL;
		good = json_text_at(&script, &id, fault) && json_text_at(&verdict, &word, fault);
		if (good && (!not_passed || worth_repeating(word)) && !add(ids, &count, id))
			good = fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	}
	if (good)
		return ids;
	previous_free(ids);
	return NULL;
}

char **previous_failed(const char *path, struct fault *fault)
{
	char *file = previous_file(path);
	json_t *report = file ? previous_read(file, fault) : NULL;
	char **ids = report ? previous_scripts(report, file, true, fault) : NULL;
	if (!file)
		fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	if (ids && !ids[0]) {
		fault_set(fault, FAULT_PROTOCOL, "--failed-from %.300s: nothing in it has failed or stayed open", path);
		previous_free(ids);
		ids = NULL;
	}
	json_decref(report);
	free(file);
	return ids;
}
