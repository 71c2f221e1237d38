/* mqtt-agent-conformance: finds the command, reads its options, runs it. */
#include "command/command.h"
#include "registry/registry.h"
#include "version.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static bool is(const char *word, const char *name)
{
	return word && strcmp(word, name) == 0;
}

/* The length of the command's name in words when argv begins with it, else 0. */
static int begins_with(char **words, const char *name)
{
	const char *space = strchr(name, ' ');
	size_t size = space ? (size_t)(space - name) : strlen(name);
	if (!words[0] || strlen(words[0]) != size || strncmp(words[0], name, size) != 0)
		return 0;
	if (!space)
		return 1;
	return is(words[1], space + 1) ? 2 : 0;
}

static int version(const char *spec_dir)
{
	struct fault fault = { FAULT_NONE, "" };
	struct registry *registry = registry_load(spec_dir, &fault);
	if (!registry)
		return command_refuse(&fault);
	printf(SUITE_NAME " " SUITE_VERSION ", profile %s\nspec digest %s\n", registry->revision, registry->digest);
	registry_free(registry);
	return EXIT_CONFORMANT;
}

/* "fixture" alone is not wrong as much as unfinished: the message names what may follow. */
static int unknown(const char *word)
{
	size_t size = strlen(word), found = 0;
	for (const struct command *command = commands; command->name; command++) {
		if (strncmp(command->name, word, size) != 0 || command->name[size] != ' ')
			continue;
		fprintf(stderr, found++ ? " or `%s`" : SUITE_NAME ": expected `%s`", command->name);
	}
	if (found == 0)
		fprintf(stderr, SUITE_NAME ": unknown command \"%.100s\"", word);
	fputs("\nsee " SUITE_NAME " --help\n", stderr);
	return EXIT_USAGE;
}

static int dispatch(const struct command *command, char **argv, int first, struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	bool wants_operand = command->operand != NULL;
	if (!arguments_read(argv, first, command->options, arguments, &fault)) {
		command_refuse(&fault);
	} else if (arguments->values[OPTION_HELP]) {
		help_command(command);
		return EXIT_CONFORMANT;
	} else if (wants_operand && arguments->positional_count == 0) {
		command_refuse_text("%s needs %s", command->name, command->operand);
	} else if (arguments->positional_count > (wants_operand ? 1U : 0U)) {
		command_refuse_text("%s: \"%.100s\" is one word too many", command->name,
				    arguments->positionals[wants_operand ? 1 : 0]);
	} else {
		return command->run(arguments);
	}
	fprintf(stderr, "see " SUITE_NAME " %s --help\n", command->name);
	return EXIT_USAGE;
}

/* Options before the command: --help, --version and --spec DIR. */
static int before_command(char **argv, int *index, struct arguments *arguments, bool *wants_version)
{
	for (; argv[*index] && argv[*index][0] == '-'; ++*index) {
		const char *word = argv[*index];
		if (is(word, "--help") || is(word, "-h")) {
			help_all();
			return EXIT_CONFORMANT;
		}
		if (is(word, "--version")) {
			*wants_version = true;
		} else if (is(word, "--spec") && argv[*index + 1]) {
			arguments->values[OPTION_SPEC] = argv[++*index];
		} else if (strncmp(word, "--spec=", 7) == 0 && word[7] != '\0') {
			arguments->values[OPTION_SPEC] = word + 7;
		} else {
			command_refuse_text("%s %.100s",
					    is(word, "--spec") ? "a value is missing behind" : "unknown option", word);
			fputs("see " SUITE_NAME " --help\n", stderr);
			return EXIT_USAGE;
		}
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct arguments arguments = { .positional_count = 0 };
	bool wants_version = false;
	int index = argc > 0 ? 1 : 0;
	signal(SIGPIPE, SIG_IGN);
	int code = before_command(argv, &index, &arguments, &wants_version);
	if (code >= 0)
		return code;
	if (wants_version)
		return version(arguments.values[OPTION_SPEC]);
	if (!argv[index]) {
		command_refuse_text("expected a command");
		fputs("see " SUITE_NAME " --help\n", stderr);
		return EXIT_USAGE;
	}
	for (const struct command *command = commands; command->name; command++) {
		int words = begins_with(argv + index, command->name);
		if (words > 0)
			return dispatch(command, argv, index + words, &arguments);
	}
	return unknown(argv[index]);
}
