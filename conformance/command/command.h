/* A command of mqtt-agent-conformance: what it is called, which options it takes, what it does. */
#ifndef CONFORMANCE_COMMAND_H
#define CONFORMANCE_COMMAND_H

#include "command/options.h"
#include "report/outcome.h"

struct command {
	const char *name;     /* "run"; of two words: "fixture make" */
	const char *operand;  /* "DIR", "RULE|CASE"; "[X]" may be left out; NULL: none */
	const char *summary;  /* one line, for the list of commands */
	const char *details;  /* paragraphs of its --help */
	const char *examples; /* lines, each a whole command without the program's name */
	const enum option *options;
	int (*run)(const struct arguments *arguments); /* gives the exit code */
};

extern const struct command commands[]; /* ends with name NULL */

int command_run(const struct arguments *arguments);
int command_list(const struct arguments *arguments);
int command_rules(const struct arguments *arguments);
int command_plan(const struct arguments *arguments);
int command_explain(const struct arguments *arguments);
int command_validate(const struct arguments *arguments);
int command_fixture_make(const struct arguments *arguments);
int command_fixture_check(const struct arguments *arguments);
int command_mint_token(const struct arguments *arguments);
int command_judge(const struct arguments *arguments);

/* Prints "mqtt-agent-conformance: TEXT" and gives EXIT_USAGE, so that a refusal is one line. */
int command_refuse(const struct fault *fault);
int command_refuse_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

void help_all(void);
void help_command(const struct command *command);

#endif
