#include "judge/moment.h"

static const char *const names[MOMENT_KINDS] = {
	[MOMENT_SCRIPT] = "script",     [MOMENT_STEP] = "step",       [MOMENT_OPENED] = "opened",
	[MOMENT_SENT] = "sent",         [MOMENT_RECEIVED] = "received", [MOMENT_WRONG] = "wrong",
	[MOMENT_CLOSED] = "closed",     [MOMENT_FENCE] = "fence",
	[MOMENT_COPY] = "copy",         [MOMENT_HOOK] = "hook",       [MOMENT_GRACE] = "grace",
	[MOMENT_DEADLINE] = "deadline", [MOMENT_CONTROL] = "control", [MOMENT_UNFIT] = "unfit",
	[MOMENT_HARNESS] = "harness",   [MOMENT_FINISHED] = "finished", [MOMENT_STOPPED] = "stopped",
};

const char *moment_name(enum moment_kind kind)
{
	return (unsigned)kind < MOMENT_KINDS ? names[kind] : "unknown";
}

const char *moment_flag(enum moment_kind kind)
{
	switch (kind) {
	case MOMENT_CLOSED:
		return "by_broker";
	case MOMENT_CONTROL:
		return "answered";
	case MOMENT_HOOK:
		return "ended";
	default:
		return NULL;
	}
}
