/* Scenario text to cases. The grammar is spec/A1-scenario-language.md; each refusal says
 * "file:line:column: expected …". */
#ifndef CONFORMANCE_PARSE_H
#define CONFORMANCE_PARSE_H

#include "scenario/case.h"
#include "scenario/mistake.h"

struct case_list {
	struct scenario_case **items; /* owned, each */
	size_t count;
};

struct case_source {
	struct slice text;  /* must outlive the cases */
	const char *name;   /* of the file; must outlive the cases */
	unsigned line;      /* of the first line of text */
	unsigned indent;    /* columns before text in the file */
	bool vectors;       /* text compiled from vectors: cases are called vector:ID */
};

/* Adds the cases of the text to the list and what is wrong with the others to mistakes; reading goes
 * on at the next case. Lints are not asked (lint.h). */
void cases_parse(const struct registry *registry, const struct case_source *source, struct case_list *list,
		 struct mistakes *mistakes);
void case_list_release(struct case_list *list);

#endif
