/* One hook under way: a child in a process group of its own, three pipes, one timer. */
#include "hook/hook.h"

#include "buf.h"
#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHUNK = 64 << 10 };

struct stream { /* one of the hook's outputs */
	struct hook *hook;
	int fd;
	struct event *event;
	struct buf kept;
	bool overflowed; /* more came than is kept */
};

struct hook {
	struct event_base *base;
	void (*done)(void *context, const struct hook_result *result);
	void *context;
	pid_t pid; /* 0: not running */
	int input_fd;
	struct event *writable, *child, *timer;
	struct buf input;
	size_t written; /* of input */
	struct stream output, complaint;
	int64_t limit_ms, begin_us;
	int error;   /* of the attempt to run it */
	bool late;
};

extern char **environ;

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void event_end(struct event **event)
{
	if (*event)
		event_free(*event);
	*event = NULL;
}

static void input_end(struct hook *hook)
{
	event_end(&hook->writable);
	close_fd(&hook->input_fd);
}

/* A hook that does not want its input may close it: that breaks nothing. */
static void on_writable(evutil_socket_t fd, short what, void *context)
{
	struct hook *hook = context;
	(void)what;
	struct slice rest = slice_part(buf_slice(&hook->input), hook->written, hook->input.size);
	ssize_t count = rest.size > 0 ? write(fd, rest.data, rest.size) : 0;
	if (count > 0)
		hook->written += (size_t)count;
	if (hook->written == hook->input.size || (count < 0 && errno != EAGAIN && errno != EINTR))
		input_end(hook);
}

static void keep(struct stream *stream, const unsigned char *bytes, size_t size)
{
	size_t room = stream->kept.limit - stream->kept.size;
	buf_put(&stream->kept, slice_of(bytes, size < room ? size : room));
	stream->overflowed |= size > room;
}

/* One bite of what is there. false: nothing is, now or for ever. */
static bool stream_read(struct stream *stream)
{
	unsigned char chunk[CHUNK];
	ssize_t count = stream->fd >= 0 ? read(stream->fd, chunk, sizeof chunk) : 0;
	if (count > 0)
		keep(stream, chunk, (size_t)count);
	else if (stream->event && (count == 0 || (errno != EAGAIN && errno != EINTR)))
		event_end(&stream->event);
	return count > 0;
}

/* The child leads its group; it is named too, in case that it was killed before it had one. */
static void hook_kill(const struct hook *hook)
{
	if (hook->pid <= 0)
		return;
	kill(-hook->pid, SIGKILL);
	kill(hook->pid, SIGKILL);
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
	struct stream *stream = context;
	struct hook *hook = stream->hook;
	(void)fd;
	(void)what;
	stream_read(stream);
	if (hook->output.overflowed)
		hook_kill(hook); /* on_child says so */
}

static enum hook_end judge_exit(const struct hook *hook, int status, char *words, size_t size)
{
	if (hook->output.overflowed) {
		snprintf(words, size, "printed more than %d bytes and was killed", HOOK_OUTPUT_MAX);
	} else if (hook->late) {
		snprintf(words, size, "was killed because it took more than %.1f s", (double)hook->limit_ms / 1000.0);
	} else if (WIFSIGNALED(status)) {
		snprintf(words, size, "was ended by signal %d", WTERMSIG(status));
	} else {
		snprintf(words, size, "exit code %d", WEXITSTATUS(status));
		if (WEXITSTATUS(status) == 0)
			return HOOK_IN_FORCE;
		return WEXITSTATUS(status) == HOOK_REFUSED_STATUS ? HOOK_REFUSED : HOOK_BROKEN;
	}
	return HOOK_BROKEN;
}

static void tell(struct hook *hook, enum hook_end end, const char *words)
{
	struct hook_result result = {
		.end = end,
		.words = words,
		.output = buf_slice(&hook->output.kept),
		.complaint = buf_slice(&hook->complaint.kept),
		.duration_us = clock_monotonic_us() - hook->begin_us,
	};
	hook->done(hook->context, &result); /* may have freed the hook */
}

/* The end is the end of the process, not that of its pipes: what it left running in the background
 * may hold them for ever. Bounded, as what is left running may also go on printing. */
static void drain(struct stream *stream)
{
	size_t bites = stream->kept.limit / CHUNK + 2;
	while (bites-- > 0 && stream_read(stream))
		continue;
	close_fd(&stream->fd);
	event_end(&stream->event);
}

static void on_child(evutil_socket_t number, short what, void *context)
{
	struct hook *hook = context;
	char words[160];
	int status = 0;
	(void)number;
	(void)what;
	if (hook->pid <= 0 || waitpid(hook->pid, &status, WNOHANG) != hook->pid)
		return;
	hook->pid = 0;
	event_del(hook->timer);
	event_del(hook->child);
	input_end(hook);
	drain(&hook->output);
	drain(&hook->complaint);
	enum hook_end end = judge_exit(hook, status, words, sizeof words);
	tell(hook, end, words);
}

static void on_time(evutil_socket_t fd, short what, void *context)
{
	struct hook *hook = context;
	char words[160];
	(void)fd;
	(void)what;
	if (hook->pid == 0) {
		snprintf(words, sizeof words, "cannot be executed: %.80s", strerror(hook->error));
		tell(hook, HOOK_NOT_RUN, words);
		return;
	}
	hook->late = true;
	hook_kill(hook);
}

/* Neither end may reach a hook but through its standard streams, nor block the loop. */
static bool make_pipe(int ends[2], int ours)
{
	if (pipe(ends) != 0) {
		ends[0] = ends[1] = -1;
		return false;
	}
	return fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0 &&
	       fcntl(ends[ours], F_SETFL, O_NONBLOCK) == 0;
}

/* Ctrl-C is ours to handle, and what we ignore a hook need not. */
static bool set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t usual, none;
	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	sigaddset(&usual, SIGINT);
	sigaddset(&usual, SIGCHLD);
	return posix_spawnattr_setpgroup(attributes, 0) == 0 && posix_spawnattr_setsigdefault(attributes, &usual) == 0 &&
	       posix_spawnattr_setsigmask(attributes, &none) == 0 &&
	       posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) == 0;
}

/* 0, or the error of the attempt. theirs: the child's ends. */
static int spawn(struct hook *hook, char **arguments, const int theirs[3])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error = posix_spawn_file_actions_init(&actions);
	if (error)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error)
		goto no_attributes;
	error = set_attributes(&attributes) ? 0 : EINVAL;
	for (int i = 0; i < 3 && !error; i++)
		error = posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
	if (!error)
		error = posix_spawnp(&hook->pid, arguments[0], &actions, &attributes, arguments, environ);
	if (error)
		hook->pid = 0;
	posix_spawnattr_destroy(&attributes);
no_attributes:
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static bool run(struct hook *hook, char **arguments)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 };
	bool made = make_pipe(in, 1) && make_pipe(out, 0) && make_pipe(err, 0);
	if (made) {
		const int theirs[3] = { in[0], out[1], err[1] };
		hook->error = spawn(hook, arguments, theirs);
	}
	close_fd(&in[0]);
	close_fd(&out[1]);
	close_fd(&err[1]);
	hook->input_fd = in[1];
	hook->output.fd = out[0];
	hook->complaint.fd = err[0];
	return made;
}

static bool listen_to(struct hook *hook, struct stream *stream)
{
	stream->event = event_new(hook->base, stream->fd, EV_READ | EV_PERSIST, on_readable, stream);
	return stream->event && event_add(stream->event, NULL) == 0;
}

static bool watch(struct hook *hook)
{
	int64_t ms = hook->pid ? hook->limit_ms : 0;
	struct timeval limit = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
	hook->writable = event_new(hook->base, hook->input_fd, EV_WRITE | EV_PERSIST, on_writable, hook);
	return event_add(hook->timer, &limit) == 0 && hook->writable && event_add(hook->writable, NULL) == 0 &&
	       listen_to(hook, &hook->output) && listen_to(hook, &hook->complaint);
}

static bool hook_init(struct hook *hook, struct event_base *base, const struct hook_call *call)
{
	*hook = (struct hook){
		.base = base,
		.done = call->done,
		.context = call->context,
		.input_fd = -1,
		.output = { .hook = hook, .fd = -1 },
		.complaint = { .hook = hook, .fd = -1 },
		.limit_ms = call->limit_ms > 0 ? call->limit_ms : HOOK_MS,
		.begin_us = clock_monotonic_us(),
	};
	buf_init(&hook->input, call->input.size);
	buf_init(&hook->output.kept, HOOK_OUTPUT_MAX);
	buf_init(&hook->complaint.kept, HOOK_COMPLAINT_MAX);
	buf_put(&hook->input, call->input);
	hook->timer = event_new(base, -1, 0, on_time, hook);
	hook->child = evsignal_new(base, SIGCHLD, on_child, hook);
	/* Before the child is born, so that its end cannot be missed. */
	return !hook->input.failed && hook->timer && hook->child && event_add(hook->child, NULL) == 0;
}

struct hook *hook_start(struct event_base *base, const struct hook_call *call, struct fault *fault)
{
	char **arguments = hook_arguments(call);
	struct hook *hook = calloc(1, sizeof *hook);
	if (arguments && hook && hook_init(hook, base, call) && run(hook, arguments) && watch(hook)) {
		hook_arguments_free(arguments);
		return hook;
	}
	fault_set(fault, FAULT_UNAVAILABLE, "cannot begin a hook: out of memory, processes or descriptors");
	hook_arguments_free(arguments);
	hook_free(hook);
	return NULL;
}

void hook_free(struct hook *hook)
{
	if (!hook)
		return;
	hook_kill(hook);
	while (hook->pid > 0 && waitpid(hook->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	input_end(hook);
	event_end(&hook->output.event);
	event_end(&hook->complaint.event);
	close_fd(&hook->output.fd);
	close_fd(&hook->complaint.fd);
	event_end(&hook->timer);
	event_end(&hook->child);
	buf_release(&hook->input);
	buf_release(&hook->output.kept);
	buf_release(&hook->complaint.kept);
	free(hook);
}
