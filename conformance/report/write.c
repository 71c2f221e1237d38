#include "report/report.h"

#include "files/files.h"

#include <stdlib.h>

enum { REPORT_BYTES_MAX = 256 << 20 };

static bool write_one(const char *folder, const char *name, struct slice bytes, struct fault *fault)
{
	char *path = path_join(folder, name);
	bool done = path ? file_write(path, bytes, 0644, fault) : fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	free(path);
	return done;
}

bool report_write(const json_t *report, const char *folder, struct fault *fault)
{
	struct buf xml, document;
	buf_init(&xml, REPORT_BYTES_MAX);
	buf_init(&document, REPORT_BYTES_MAX);
	char *text = json_dumps(report, JSON_INDENT(2));
	report_junit(report, &xml);
	buf_text(&document, text);
	buf_text(&document, "\n");
	bool done = text && !xml.failed && !document.failed;
	if (!done)
		fault_set(fault, FAULT_UNAVAILABLE, "out of memory while writing the report");
	done = done && write_one(folder, "report.json", buf_slice(&document), fault) &&
	       write_one(folder, "junit.xml", buf_slice(&xml), fault);
	free(text);
	buf_release(&xml);
	buf_release(&document);
	return done;
}
