#include "command/command.h"

#include "command/open.h"
#include "files/files.h"
#include "scenario/format.h"

#include <stdio.h>
#include <string.h>

enum { SCENARIO_BYTES_MAX = 1 << 20, FORMATTED_BYTES_MAX = 4 << 20 };

static int print_json(const char *file, const struct mistakes *mistakes)
{
	json_t *list = json_array(), *document;

	for (size_t i = 0; i < mistakes->count; i++) {
		const struct mistake *one = &mistakes->items[i];
		json_array_append_new(list, json_pack("{s:i, s:i, s:s}", "line", (int)one->line, "column",
						      (int)one->column, "message", one->text));
	}
	document = json_pack("{s:s, s:o}", "file", file, "mistakes", list);
	json_dumpf(document, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(document);
	return mistakes->count ? EXIT_USAGE : EXIT_CONFORMANT;
}

static int print_mistakes(const char *file, const struct mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count; i++) {
		const struct mistake *one = &mistakes->items[i];
		if (one->line && one->column)
			fprintf(stderr, "%s:%u:%u: %s\n", file, one->line, one->column, one->text);
		else if (one->line)
			fprintf(stderr, "%s:%u: %s\n", file, one->line, one->text);
		else
			fprintf(stderr, "%s: %s\n", file, one->text);
	}
	if (mistakes->count)
		return EXIT_USAGE;
	printf("%s: no mistakes\n", file);
	return EXIT_CONFORMANT;
}

static int print_formatted(const char *file, struct slice text, struct fault *fault)
{
	struct buf formatted;
	int code = EXIT_USAGE;

	buf_init(&formatted, FORMATTED_BYTES_MAX);
	if (scenario_format(text, file, &formatted, fault)) {
		fwrite(formatted.data, 1, formatted.size, stdout);
		code = EXIT_CONFORMANT;
	} else {
		command_refuse(fault);
	}
	buf_release(&formatted);
	return code;
}

static bool is_prose(const char *file)
{
	size_t size = strlen(file);

	return size > 3 && strcmp(file + size - 3, ".md") == 0;
}

static int answer(const struct arguments *arguments, const char *file, struct slice text, const struct mistakes *mistakes)
{
	struct fault fault = { FAULT_NONE, "" };

	if (mistakes->no_memory) {
		fault_set(&fault, FAULT_UNAVAILABLE, "out of memory");
		command_refuse(&fault);
		return EXIT_USAGE;
	}
	if (arguments->values[OPTION_JSON])
		return print_json(file, mistakes);
	if (arguments->values[OPTION_FORMAT] && !mistakes->count)
		return print_formatted(file, text, &fault);
	return print_mistakes(file, mistakes);
}

int command_validate(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct opened opened = { .registry = NULL };
	struct mistakes mistakes = { NULL, 0, false };
	struct buf text;
	const char *file = arguments->positionals[0];
	int code = EXIT_USAGE;

	if (is_prose(file) && arguments->values[OPTION_FORMAT])
		return command_refuse_text("%.200s: expected a scenario file for --format; prose stays as it was written", file);
	buf_init(&text, SCENARIO_BYTES_MAX + 1);
	if (!open_registry(arguments, &opened, &fault) || !file_read(file, SCENARIO_BYTES_MAX, &text, &fault)) {
		command_refuse(&fault);
		goto cleanup;
	}
	(is_prose(file) ? chapter_mistakes : scenario_mistakes)(opened.registry, buf_slice(&text), file, &mistakes);
	code = answer(arguments, file, buf_slice(&text), &mistakes);
cleanup:
	mistakes_release(&mistakes);
	buf_release(&text);
	opened_release(&opened);
	return code;
}
