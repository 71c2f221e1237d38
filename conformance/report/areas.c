#include "report/areas.h"

#include "registry/sources.h"

static bool upper(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void collect(struct slice list, struct areas *areas)
{
	size_t at = 0;
	while (at < list.size && areas->count < AREAS_MAX) {
		size_t begin = at;
		while (at < list.size && upper(list.data[at]))
			at++;
		size_t size = at - begin;
		if (size > 0 && size < AREA_BYTES) {
			char *name = areas->names[areas->count++];
			memcpy(name, list.data + begin, size);
			name[size] = '\0';
		}
		at += size == 0;
	}
}

/* The list ends with the paragraph. */
static void search(struct slice text, const char *class, struct areas *areas)
{
	bool more = true, inside = false;
	struct slice lead = slice_text("Areas of "), name = slice_text(class);
	while (more && text.size > 0) {
		struct slice line = slice_word(&text, '\n', &more);
		struct slice rest = slice_part(line, lead.size, line.size);
		bool begins = slice_starts(line, lead) && slice_starts(rest, name) && rest.size > name.size &&
			      rest.data[name.size] == ':';
		if (begins) {
			inside = true;
			line = slice_part(rest, name.size, rest.size);
		}
		inside = inside && line.size > 0;
		if (inside)
			collect(line, areas);
	}
}

bool areas_load(const char *spec_dir, const char *class, struct areas *areas, struct fault *fault)
{
	struct source_files files = { NULL, 0 };
	bool done = sources_load(spec_dir, &files, fault);
	memset(areas, 0, sizeof(*areas));
	for (size_t i = 0; done && i < files.count; i++) {
		if (strcmp(files.items[i].path, "spec/00-conventions.md") == 0)
			search(files.items[i].text, class, areas);
	}
	sources_release(&files);
	return done;
}
