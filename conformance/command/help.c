#include "command/command.h"

#include "version.h"

#include <stdio.h>
#include <string.h>

static void write_option(enum option option)
{
	const struct option_info *info = option_info(option);
	char left[64];
	snprintf(left, sizeof(left), "%s%s%s%s%s", info->letter ? info->letter : "", info->letter ? ", " : "",
		 info->name, info->argument ? " " : "", info->argument ? info->argument : "");
	printf("  %-20s %s\n", left, info->help);
}

void help_all(void)
{
	printf("usage: " SUITE_NAME " COMMAND [options]\n\n"
	       "Judges MQTT 5 brokers by the MQTT.Agent Identity-Bound ACL Profile, over the wire.\n\ncommands\n");
	for (const struct command *command = commands; command->name; command++) {
		char left[64];
		snprintf(left, sizeof(left), "%s%s%s", command->name, command->operand ? " " : "",
			 command->operand ? command->operand : "");
		printf("  %-20s %s\n", left, command->summary);
	}
	printf("\noptions of every command\n");
	write_option(OPTION_HELP);
	write_option(OPTION_VERSION);
	write_option(OPTION_SPEC);
	printf("\nbegin with\n"
	       "  " SUITE_NAME " fixture make fixture     then load it into the broker: fixture/SETUP.md\n"
	       "  " SUITE_NAME " run --target mqtts://localhost:8883 --fixture fixture\n");
}

/* A line that begins with a command gets the program's name before it; others stand as they are. */
static void write_examples(const struct command *command)
{
	const char *line = command->examples;
	size_t name = strlen(command->name);
	while (*line) {
		const char *end = strchr(line, '\n');
		int size = (int)(end - line);
		printf("  %s%.*s\n", strncmp(line, command->name, name) == 0 ? SUITE_NAME " " : "", size, line);
		line = end + 1;
	}
}

void help_command(const struct command *command)
{
	printf("usage: " SUITE_NAME " %s%s%s [options]\n\n%s\noptions\n", command->name, command->operand ? " " : "",
	       command->operand ? command->operand : "", command->details);
	for (const enum option *option = command->options; *option != OPTION_END; option++)
		write_option(*option);
	write_option(OPTION_SPEC);
	write_option(OPTION_HELP);
	printf("\nexamples\n");
	write_examples(command);
}
