#include "registry/sources.h"

#include "files/files.h"
#include "registry/embedded.h"
#include "registry/list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Where files of the registry live, and how their names end. The same choice as in CMakeLists.txt. */
static const struct {
	const char *folder, *ending;
} kinds[] = {
	{ "spec/", ".md" },
	{ "conformance/cases/", ".scenario" },
	{ "vectors/", ".json" },
};

static bool ends_with(const char *text, const char *ending)
{
	size_t size = strlen(text), tail = strlen(ending);

	return size >= tail && strcmp(text + size - tail, ending) == 0;
}

static bool wanted(const char *path)
{
	if (strstr(path, "README") || strstr(path, "vectors/schema/") == path || strstr(path, "vectors/keys/") == path)
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncmp(path, kinds[i].folder, strlen(kinds[i].folder)) == 0 && ends_with(path, kinds[i].ending))
			return true;
	return false;
}

static struct source_file *add_file(struct source_files *files, const char *path, struct fault *fault)
{
	struct source_file *items = list_room(files->items, files->count, sizeof *items);

	if (!items) {
		list_no_memory(fault);
		return NULL;
	}
	files->items = items;
	items[files->count].path = slice_copy(slice_text(path));
	if (!items[files->count].path) {
		list_no_memory(fault);
		return NULL;
	}
	return &items[files->count++];
}

static bool load_embedded(struct source_files *files, struct fault *fault)
{
	for (const struct embedded_file *e = embedded_files; e->path; e++) {
		struct source_file *file;

		if (!wanted(e->path))
			continue;
		file = add_file(files, e->path, fault);
		if (!file)
			return false;
		file->text = slice_of(e->data, e->size);
	}
	return true;
}

static bool read_one(const char *name, const char *path, struct source_files *files, struct fault *fault)
{
	struct source_file *file = add_file(files, path, fault);
	struct buf content;
	bool good;

	if (!file)
		return false;
	buf_init(&content, SOURCE_FILE_MAX);
	good = file_read(name, SOURCE_FILE_MAX, &content, fault);
	file->owned = good ? slice_copy(buf_slice(&content)) : NULL;
	if (file->owned)
		file->text = slice_of(file->owned, content.size);
	else if (good)
		good = list_no_memory(fault);
	buf_release(&content);
	return good;
}

enum { FOLDER_DEPTH_MAX = 4 };

static bool walk(const char *dir, const char *folder, unsigned depth, struct source_files *files, struct fault *fault);

static bool visit(const char *dir, const char *folder, const char *entry, unsigned depth, struct source_files *files,
		  struct fault *fault)
{
	char path[512], below[sizeof path + 1], name[4096];
	struct stat status;

	if (entry[0] == '.')
		return true;
	if ((size_t)snprintf(path, sizeof path, "%s%s", folder, entry) >= sizeof path ||
	    (size_t)snprintf(name, sizeof name, "%s/%s", dir, path) >= sizeof name)
		return fault_set(fault, FAULT_LIMIT, "%s/%s: the path is too long", dir, folder);
	if (stat(name, &status) != 0)
		return fault_set(fault, FAULT_UNAVAILABLE, "%s: %s", name, strerror(errno));
	if (S_ISDIR(status.st_mode)) {
		snprintf(below, sizeof below, "%s/", path);
		return walk(dir, below, depth + 1, files, fault);
	}
	return !wanted(path) || read_one(name, path, files, fault);
}

static bool walk(const char *dir, const char *folder, unsigned depth, struct source_files *files, struct fault *fault)
{
	char name[4096];
	bool good = true;

	if (depth > FOLDER_DEPTH_MAX)
		return fault_set(fault, FAULT_LIMIT, "%s/%s: folders nest too deeply", dir, folder);
	if ((size_t)snprintf(name, sizeof name, "%s/%s", dir, folder) >= sizeof name)
		return fault_set(fault, FAULT_LIMIT, "%s/%s: the path is too long", dir, folder);
	DIR *open = opendir(name);
	if (!open)
		return errno == ENOENT || fault_set(fault, FAULT_UNAVAILABLE, "%s: %s", name, strerror(errno));
	for (struct dirent *entry = readdir(open); entry && good; entry = readdir(open))
		good = visit(dir, folder, entry->d_name, depth, files, fault);
	closedir(open);
	return good;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct source_file *)a)->path, ((const struct source_file *)b)->path);
}

bool sources_load(const char *dir, struct source_files *files, struct fault *fault)
{
	bool good = dir || load_embedded(files, fault);

	for (size_t i = 0; dir && good && i < sizeof kinds / sizeof *kinds; i++)
		good = walk(dir, kinds[i].folder, 0, files, fault);
	if (good && files->count)
		qsort(files->items, files->count, sizeof *files->items, by_path);
	return good;
}

void sources_release(struct source_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->items[i].path);
		free(files->items[i].owned);
	}
	free(files->items);
	files->items = NULL;
	files->count = 0;
}

bool sources_digest(const struct source_files *files, char digest[65])
{
	struct buf list;
	bool good = true;

	buf_init(&list, (size_t)1 << 20);
	for (size_t i = 0; i < files->count && good; i++) {
		char one[65];
		good = hex_digest(files->items[i].text, one);
		buf_format(&list, "%s  %s\n", good ? one : "", files->items[i].path);
	}
	good = good && !list.failed && hex_digest(buf_slice(&list), digest);
	buf_release(&list);
	return good;
}
