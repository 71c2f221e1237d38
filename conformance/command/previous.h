/* Which scripts of an earlier run are worth another one: --failed-from. */
#ifndef CONFORMANCE_PREVIOUS_H
#define CONFORMANCE_PREVIOUS_H

#include "fault.h"

#include <jansson.h>

/* The ids of the scripts of a report, on the heap, NULL-terminated; not_passed: only those in which a
 * check is FAIL, FLAKY, INCONCLUSIVE, HARNESS, BLOCKED or PENDING. file is for messages. NULL with
 * *fault: it is no report. */
char **previous_scripts(const json_t *report, const char *file, bool not_passed, struct fault *fault);
/* The same of a report.json, or of a folder with one in it; a report in which nothing is to be repeated
 * is a fault, too. */
char **previous_failed(const char *path, struct fault *fault);
void previous_free(char **ids);

/* The path itself, or that of the report.json in it where it is a folder. The caller frees it. NULL:
 * out of memory. */
char *previous_file(const char *path);
json_t *previous_read(const char *file, struct fault *fault);

#endif
