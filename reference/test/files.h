/* A folder of its own for each test that needs files; removed when the test is over. */
#ifndef MQTT_AGENT_TEST_FILES_H
#define MQTT_AGENT_TEST_FILES_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct folder {
	char path[64];
};

static inline void folder_make(struct folder *folder)
{
	const char *base = getenv("TMPDIR");

	snprintf(folder->path, sizeof folder->path, "%.40s/mqtt-agent-XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(folder->path))
		abort();
}

/* The path of a file in the folder. */
static inline const char *folder_file(const struct folder *folder, const char *name, char out[128])
{
	snprintf(out, 128, "%s/%s", folder->path, name);
	return out;
}

static inline void folder_write(const struct folder *folder, const char *name, const char *text)
{
	char path[128];
	FILE *file = fopen(folder_file(folder, name, path), "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		abort();
}

static inline void folder_remove(const struct folder *folder)
{
	DIR *dir = opendir(folder->path);
	const struct dirent *entry;
	char path[128];

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof path, "%s/%.40s", folder->path, entry->d_name);
		unlink(path);
	}
	if (dir)
		closedir(dir);
	rmdir(folder->path);
}

#endif
