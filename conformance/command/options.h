/* The options of all commands: one table, one parser. */
#ifndef CONFORMANCE_OPTIONS_H
#define CONFORMANCE_OPTIONS_H

#include "fault.h"

#include <stddef.h>
#include <stdint.h>

enum option {
	OPTION_END, /* ends a list of options */
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_SPEC,
	OPTION_TARGET,
	OPTION_FIXTURE,
	OPTION_SELECT,
	OPTION_EXCLUDE,
	OPTION_CLASS,
	OPTION_LEVEL,
	OPTION_JOBS,
	OPTION_SEED,
	OPTION_REPEAT,
	OPTION_SHUFFLE,
	OPTION_FAILED_FROM,
	OPTION_BASELINE,
	OPTION_NO_PREFLIGHT,
	OPTION_STOP_ON_FAIL,
	OPTION_FAIL_ON,
	OPTION_AGAIN,
	OPTION_VERBOSE,
	OPTION_REPORT,
	OPTION_JSON,
	OPTION_FORMAT,
	OPTION_ORG,
	OPTION_AGENT,
	OPTION_USER,
	OPTION_RECIPE,
	OPTION_LIFETIME,
	OPTION_COUNT
};

struct option_info {
	const char *name;     /* "--target" */
	const char *letter;   /* "-v"; NULL: none */
	const char *argument; /* "T"; NULL: the option is a flag */
	const char *help;     /* one line */
};

const struct option_info *option_info(enum option option);

enum { POSITIONALS_MAX = 4 };

struct arguments {
	const char *values[OPTION_COUNT]; /* "" for a flag that was given; NULL: not given. Borrowed from argv */
	const char *positionals[POSITIONALS_MAX];
	size_t positional_count;
	const char *const *argv; /* the whole command line, NULL-terminated */
};

/* Reads argv from argv[first] on. taken: the options of the command, ending with OPTION_END; --help
 * and --spec are always taken. Accepts "--name value" and "--name=value"; after "--" everything is
 * positional. false with *fault: unknown, repeated, missing or unexpected value. */
bool arguments_read(char **argv, int first, const enum option *taken, struct arguments *arguments, struct fault *fault);

/* The value of an option as a whole number, or otherwise when it was not given. */
bool arguments_number(const struct arguments *arguments, enum option option, uint64_t least, uint64_t most,
		      uint64_t otherwise, uint64_t *number, struct fault *fault);

#endif
