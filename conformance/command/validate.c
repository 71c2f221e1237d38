#include "command/command.h"

#include "command/open.h"
#include "files/files.h"

#include <stdio.h>

enum { SCENARIO_BYTES_MAX = 1 << 20 };

int command_validate(const struct arguments *arguments)
{
	struct fault fault = { FAULT_NONE, "" };
	struct opened opened = { .registry = NULL };
	struct buf text;
	const char *file = arguments->positionals[0];
	int code = EXIT_USAGE;
	buf_init(&text, SCENARIO_BYTES_MAX + 1);
	if (!open_registry(arguments, &opened, &fault) || !file_read(file, SCENARIO_BYTES_MAX, &text, &fault) ||
	    !scenario_check_text(opened.registry, buf_slice(&text), file, &fault)) {
		command_refuse(&fault);
		goto cleanup;
	}
	printf("%s: no mistakes\n", file);
	code = EXIT_CONFORMANT;
cleanup:
	buf_release(&text);
	opened_release(&opened);
	return code;
}
