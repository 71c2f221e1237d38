/* The member "hooks" of a target file: argv arrays, no shell. */
#include "actor/target.h"

#include "json.h"

#include <stdlib.h>
#include <string.h>

bool target_has_hook(const struct target *target, enum hook_kind kind)
{
	return target->hooks[kind] || (kind == HOOK_REVOKE && target->revoke_by_mqtt);
}

/* A program with a slash in its name lies beside the target file; without one it is looked for in PATH. */
static char *argument_copy(const char *text, const char *file, size_t index)
{
	if (index == 0 && strchr(text, '/'))
		return json_beside(file, text);
	return slice_copy(slice_text(text));
}

static bool argv_at(const struct json_at *at, const char *file, char ***argv, struct fault *fault)
{
	if (!json_array_at(at, 1, HOOK_ARGUMENTS_MAX, fault))
		return false;
	size_t count = json_array_size(at->value);
	*argv = calloc(count + 1, sizeof **argv);
	for (size_t i = 0; *argv && i < count; i++) {
		struct json_at element = json_element(at, i);
		const char *text = NULL;
		if (!json_text_at(&element, &text, fault))
			return false;
		(*argv)[i] = argument_copy(text, file, i);
		if (!(*argv)[i])
			return fault_set(fault, FAULT_UNAVAILABLE, "out of memory while reading the target");
	}
	return *argv || fault_set(fault, FAULT_UNAVAILABLE, "out of memory while reading the target");
}

/* The one hook that MQTT itself can be. */
static bool by_mqtt(const struct json_at *at, struct target *target, struct fault *fault)
{
	const char *text = NULL;
	if (!json_text_at(at, &text, fault))
		return false;
	target->revoke_by_mqtt = strcmp(text, "mqtt") == 0;
	return target->revoke_by_mqtt || json_expected(at, "\"mqtt\" or an array of strings", fault);
}

bool target_hooks_at(const struct json_at *root, const char *file, struct target *target, struct fault *fault)
{
	const char *known[HOOK_KINDS + 1] = { NULL };
	struct json_at hooks = json_member(root, "hooks");
	for (enum hook_kind kind = 0; kind < HOOK_KINDS; kind++)
		known[kind] = hook_name(kind);
	if (!hooks.value)
		return true;
	if (!json_object_at(&hooks, known, fault))
		return false;
	for (enum hook_kind kind = 0; kind < HOOK_KINDS; kind++) {
		struct json_at at = json_member(&hooks, known[kind]);
		bool word = kind == HOOK_REVOKE && json_is_string(at.value);
		if (at.value && !(word ? by_mqtt(&at, target, fault) : argv_at(&at, file, &target->hooks[kind], fault)))
			return false;
	}
	return true;
}
