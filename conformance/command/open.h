/* What most commands begin with. Each function fills its part of `opened` or refuses with *fault;
 * opened_release frees whatever is there. */
#ifndef CONFORMANCE_OPEN_H
#define CONFORMANCE_OPEN_H

#include "command/options.h"
#include "actor/target.h"
#include "mint/fixture.h"
#include "report/baseline.h"
#include "scenario/plan.h"

enum { LISTENER_NAMES_MAX = 16 };

struct opened { /* all zero at the start */
	struct registry *registry;
	struct case_set *cases;
	struct target *target;
	struct fixture *fixture;
	struct plan *plan;
	struct plan_options selection; /* borrows from arguments, target and listener_names */
	const char *listener_names[LISTENER_NAMES_MAX];
	struct baseline *baseline; /* NULL: none */
	char **failed; /* --failed-from: the scripts to run again; NULL: not given */
	bool hooks[HOOK_KINDS]; /* those that the target has */
};

bool open_registry(const struct arguments *arguments, struct opened *opened, struct fault *fault);
bool open_cases(const struct arguments *arguments, struct opened *opened, struct fault *fault); /* and the registry */
bool open_target(const struct arguments *arguments, struct opened *opened, struct fault *fault);
bool open_fixture(const struct arguments *arguments, struct opened *opened, struct fault *fault);
/* From --select, --exclude, --class, --level, --failed-from, --seed and the target, or one TLS listener without. */
bool open_plan(const struct arguments *arguments, struct opened *opened, struct fault *fault);
/* --baseline, after the plan; and the form of --fail-on, which says with it what counts as a violation. */
bool open_baseline(const struct arguments *arguments, struct opened *opened, struct fault *fault);
/* The target's part of the selection: listeners, classes, algorithms, hooks. */
void opened_select(struct opened *opened);
void opened_release(struct opened *opened);

#endif
