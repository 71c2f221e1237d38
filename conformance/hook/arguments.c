/* The names of the hooks, and argv with {org}, {log} and {since} filled in. */
#include "hook/hook.h"

#include "buf.h"

#include <stdlib.h>

enum { ARGUMENT_BYTES_MAX = 64 << 10 };

const char *hook_name(enum hook_kind kind)
{
	static const char *const names[HOOK_KINDS] = {
		[HOOK_REVOKE] = "revoke", [HOOK_POLICY] = "policy", [HOOK_AUDIT] = "audit", [HOOK_RESTART] = "restart",
	};
	return kind < HOOK_KINDS ? names[kind] : "unknown";
}

bool hook_named(const char *name, enum hook_kind *kind)
{
	for (enum hook_kind i = 0; i < HOOK_KINDS; i++) {
		if (strcmp(hook_name(i), name) != 0)
			continue;
		*kind = i;
		return true;
	}
	return false;
}

/* The text that the placeholder at the front of rest stands for; *size: the placeholder's. NULL: none there. */
static const char *placeholder(const struct hook_call *call, struct slice rest, size_t *size)
{
	const struct {
		const char *name, *value;
	} known[] = { { "{org}", call->org }, { "{log}", call->log }, { "{since}", call->since } };
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (!slice_starts(rest, slice_text(known[i].name)))
			continue;
		*size = strlen(known[i].name);
		return known[i].value ? known[i].value : "";
	}
	return NULL;
}

/* One pass: what was filled in is not looked at again. */
static char *fill_in(const struct hook_call *call, const char *pattern)
{
	struct buf text;
	struct slice rest = slice_text(pattern);
	buf_init(&text, ARGUMENT_BYTES_MAX);
	while (rest.size > 0) {
		size_t size = 1;
		const char *value = placeholder(call, rest, &size);
		buf_put(&text, value ? slice_text(value) : slice_part(rest, 0, 1));
		rest = slice_part(rest, size, rest.size);
	}
	const char *whole = buf_string(&text);
	char *copy = whole ? slice_copy(slice_text(whole)) : NULL;
	buf_release(&text);
	return copy;
}

void hook_arguments_free(char **arguments)
{
	for (size_t i = 0; arguments && arguments[i]; i++)
		free(arguments[i]);
	free(arguments);
}

char **hook_arguments(const struct hook_call *call)
{
	size_t count = 0, wanted;
	while (call->argv[count])
		count++;
	if (count == 0 || count > HOOK_ARGUMENTS_MAX)
		return NULL;
	wanted = count + (call->argument ? 1 : 0);
	char **arguments = calloc(wanted + 1, sizeof *arguments);
	for (size_t i = 0; arguments && i < wanted; i++) {
		arguments[i] = i < count ? fill_in(call, call->argv[i]) : slice_copy(slice_text(call->argument));
		if (arguments[i])
			continue;
		hook_arguments_free(arguments);
		return NULL;
	}
	return arguments;
}
