/* The plan: every script of a run, fixed before the run, so that a report can say
 * "emitted N of N". Made from the registry's cases and the vectors. */
#ifndef CONFORMANCE_PLAN_H
#define CONFORMANCE_PLAN_H

#include "scenario/mistake.h"
#include "scenario/script.h"

struct case_set; /* all parsed cases: spec blocks, conformance/cases/, vectors compiled to cases */

/* Parses and lints everything; the first fault names file, line, column and what was expected. */
struct case_set *cases_load(const struct registry *registry, struct fault *fault);
void cases_free(struct case_set *cases);

struct case_summary {
	const char *id, *title, *text; /* text: the case as written; a vector's as compiled */
	struct place place;
	const char *const *rules; /* ids it cites, first the one it exists for; NULL-terminated */
	const char *carriers;     /* "qos0 qos1", "-" */
	struct slice attacks;     /* rows of appendix A5 that it names, "N01 N07"; empty: none */
};
size_t cases_count(const struct case_set *cases);
struct case_summary cases_summary(const struct case_set *cases, size_t index);

/* One file by itself, for authors and tests: everything that is wrong with it. */
void scenario_mistakes(const struct registry *registry, struct slice text, const char *name,
		       struct mistakes *mistakes);
/* Likewise a chapter of prose: its form, and what its fenced scenarios say, each at its line of the chapter. */
void chapter_mistakes(const struct registry *registry, struct slice text, const char *name, struct mistakes *mistakes);
/* The first of these alone: false with "file:line:column: expected …". */
bool scenario_check_text(const struct registry *registry, struct slice text, const char *name, struct fault *fault);

struct plan_options {
	const char *select;  /* glob over case ids, script ids and rule ids; NULL: everything */
	const char *exclude; /* likewise; NULL: nothing */
	const char *class;   /* only rules of this class; NULL: all */
	const char *level;   /* "must", "should", "may"; NULL: all */
	uint64_t seed;
	size_t listener_count; /* listener 0 runs everything; each further one at least AUTH, PUB, SBS and TLS */
	const char *const *listener_names;
	const char *client_id_prefix; /* "" when none */
	const char *const *algorithms; /* the target's; NULL: all four */
	const char *const *classes;    /* declared by the target, NULL-terminated: checks of others are N/A; NULL: all */
	const bool *hooks;             /* HOOK_KINDS of them: checks that need one that is missing are UNTESTED; NULL: all */
	const char *const *only;       /* ids of scripts, NULL-terminated: no others; NULL: all */
};

struct plan {
	struct script **scripts;
	size_t script_count;
	size_t check_count;  /* N */
	uint64_t seed;
	bool narrowed; /* by select, exclude, class, level or only: never more than `partial` */
};

/* NULL with *fault (FAULT_LIMIT class "nothing selected") when the selection matches nothing. */
struct plan *plan_make(const struct case_set *cases, const struct registry *registry,
		       const struct plan_options *options, struct fault *fault);
void plan_free(struct plan *plan);

#endif
