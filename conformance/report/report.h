/* The report: one JSON document (schema conformance/report.schema.json); text and JUnit XML are
 * made from it alone, so that the three never disagree. */
#ifndef CONFORMANCE_REPORT_H
#define CONFORMANCE_REPORT_H

#include "buf.h"
#include "report/areas.h"
#include "report/baseline.h"
#include "report/outcome.h"

#include <stdio.h>

struct report_input { /* everything borrowed */
	const struct registry *registry;
	const struct plan *plan;
	const struct plan_options *selection;
	const struct target *target;
	const struct fixture *fixture;
	const struct run_result *result;
	const struct areas *core_areas;
	bool preflight; /* false: --no-preflight */
	bool stop_on_fail;
	unsigned repeat;         /* runs that were asked for, 1 or more */
	unsigned repeated;       /* runs that were begun */
	bool shuffle;
	const char *failed_from;         /* as given; NULL: not given */
	const struct baseline *baseline; /* applied; NULL: none */
	const char *baseline_file;       /* NULL: none */
	bool fail_on_should;     /* a missed SHOULD is a violation, too */
	const char *spec_dir;    /* NULL: the spec compiled in */
	const char *again; /* for the command that reruns a check: what runs this target again; NULL: this
			    * program, with spec_dir, target_text and fixture_text as they were given */
	const char *target_text;
	const char *fixture_text;
	const char *const *arguments; /* the command line, NULL-terminated */
	int64_t started_ms;           /* Unix time */
	const char *harness;          /* why the run itself went wrong; NULL: it did not */
};

/* A new reference, or NULL when out of memory. */
json_t *report_document(const struct report_input *input);
int report_exit(const json_t *report); /* the member "exit" */

/* The member "preflight" of the document. New reference. */
json_t *report_preflight(const struct preflight *preflight);

/* The array "classes" of the document. New reference. */
json_t *report_classes(const struct report_input *input);

struct text_style {
	bool colour;
	bool verbose;            /* every check, not only those that did not pass */
	const char *report_file; /* named at the end; NULL: none was written */
};
/* The lines about the preflight alone, from report_preflight or JSON null. */
void report_preflight_text(const json_t *preflight, const struct text_style *style, FILE *out);
void report_text(const json_t *report, const struct text_style *style, FILE *out);

/* Appends a JUnit XML document. */
void report_junit(const json_t *report, struct buf *out);

/* Writes report.json and junit.xml, each whole or not at all. */
bool report_write(const json_t *report, const char *folder, struct fault *fault);

/* A string from anywhere as JSON; NULL gives JSON null. New reference. */
json_t *text_json(const char *text);
/* A copy that is valid UTF-8: anything else becomes '?'. The caller frees it; NULL: out of memory. */
char *text_clean(const char *text);

#endif
