/* A hook: a command of the vendor that does to the broker what MQTT has no packet for (appendix A2).
 * It is an argv array and never goes through a shell; it gets a document on standard input, and
 * answers with its exit code: 0 "it is in force now", 65 "the broker refused it". Anything else, or
 * more time or output than the bounds below, breaks the contract.
 *
 * A hook runs beside everything else on the loop: hook_start returns at once. The process must
 * ignore SIGPIPE (a hook may close its standard input early), as the runner does. */
#ifndef CONFORMANCE_HOOK_H
#define CONFORMANCE_HOOK_H

#include "fault.h"
#include "slice.h"

#include <event2/event.h>
#include <stdint.h>

enum hook_kind {
	HOOK_REVOKE,  /* stdin: the order. Members {org} */
	HOOK_POLICY,  /* stdin: the policy document. {org} */
	HOOK_AUDIT,   /* prints record lines. {org} {log} {since} */
	HOOK_RESTART, /* last argument: "clean" or "kill"; returns when the broker listens again */
	HOOK_KINDS
};
const char *hook_name(enum hook_kind kind); /* "revoke" */
/* false: no such hook. */
bool hook_named(const char *name, enum hook_kind *kind);

enum {
	HOOK_MS = 10000,              /* then it is killed with its process group */
	HOOK_OUTPUT_MAX = 4 << 20,    /* bytes of standard output; more breaks the contract */
	HOOK_COMPLAINT_MAX = 8 << 10, /* bytes of standard error that are kept; the rest is read and forgotten */
	HOOK_REFUSED_STATUS = 65,     /* EX_DATAERR of sysexits.h */
	HOOK_ARGUMENTS_MAX = 64
};

enum hook_end {
	HOOK_IN_FORCE, /* exit code 0 */
	HOOK_REFUSED,  /* exit code 65 */
	HOOK_BROKEN,   /* another exit code, a signal, too slow, too much output: the step does not hold (BLOCKED) */
	HOOK_NOT_RUN   /* it could not be executed at all (HARNESS) */
};

struct hook_result { /* borrowed: valid during the callback */
	enum hook_end end;
	const char *words;      /* what happened, without a subject: "exit code 1", "was killed after 10 s" */
	struct slice output;    /* standard output, whole unless HOOK_BROKEN */
	struct slice complaint; /* standard error, its first bytes: evidence */
	int64_t duration_us;
};

struct hook_call { /* borrowed: needed during hook_start only, but for context */
	const char *const *argv;       /* as the target file has it; NULL-terminated */
	const char *org, *log, *since; /* for {org}, {log}, {since}; NULL: the placeholder becomes "" */
	const char *argument;          /* one more at the end ("clean", "kill"); NULL: none */
	struct slice input;            /* for standard input, which is closed behind it */
	int64_t limit_ms;              /* 0: HOOK_MS */
	/* Called once, from the loop, never from within hook_start. It may call hook_free. */
	void (*done)(void *context, const struct hook_result *result);
	void *context;
};

struct hook;

/* A program that cannot be executed is no fault here: the callback says HOOK_NOT_RUN. NULL with
 * *fault: out of memory, processes or descriptors; nothing is called back. */
struct hook *hook_start(struct event_base *base, const struct hook_call *call, struct fault *fault);
/* Still running: killed with its process group, and nothing is called back. NULL: nothing. */
void hook_free(struct hook *hook);

/* argv with its placeholders filled in, on the heap; argument NULL or one more at the end. NULL: out
 * of memory or too large. */
char **hook_arguments(const struct hook_call *call);
void hook_arguments_free(char **arguments);

#endif
