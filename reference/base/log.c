/* Log lines: one write a line, values that cannot break out of their quotes. */
#include "log.h"

#include "buf.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum {
	/* What a pipe that is ready takes whole, without blocking (POSIX write). */
	LINE_MAX_BYTES = PIPE_BUF < 4096 ? PIPE_BUF : 4096,
	VALUE_MAX_BYTES = 512 /* of one value; the rest is cut and marked with "..." */
};

static const char cut_mark[] = " cut=yes";

static const char *const level_names[] = {
	[LOG_ERROR] = "error", [LOG_WARN] = "warn", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"
};

static void put_time(struct buf *line)
{
	struct timespec now = { 0, 0 };
	struct tm utc;
	char text[32] = "";

	clock_gettime(CLOCK_REALTIME, &now);
	if (gmtime_r(&now.tv_sec, &utc))
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
	buf_format(line, "time=%s.%03ldZ", text, now.tv_nsec / 1000000);
}

/* Letters that need no quotes: nothing that could end a value or a line. */
static bool is_plain(unsigned char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
	       (letter >= '0' && letter <= '9') || (letter && strchr("._:/@+-#$,[]{}", letter));
}

static bool all_plain(struct slice value)
{
	for (size_t i = 0; i < value.size; i++)
		if (!is_plain(value.data[i]))
			return false;
	return value.size > 0;
}

/* Whatever is not printable ASCII appears as \xNN: no terminal and no log reader is led astray. */
static void put_quoted(struct buf *line, struct slice value, const char *mark)
{
	buf_u8(line, '"');
	for (size_t i = 0; i < value.size; i++) {
		unsigned char letter = value.data[i];

		if (letter == '"' || letter == '\\')
			buf_format(line, "\\%c", letter);
		else if (letter >= 0x20 && letter < 0x7f)
			buf_u8(line, letter);
		else
			buf_format(line, "\\x%02x", (unsigned)letter);
	}
	buf_format(line, "%s\"", mark);
}

static void put_value(struct buf *line, struct slice value)
{
	struct slice shown = slice_part(value, 0, VALUE_MAX_BYTES);
	const char *mark = shown.size < value.size ? "..." : "";

	if (!all_plain(shown)) {
		put_quoted(line, shown, mark);
		return;
	}
	buf_put(line, shown);
	buf_text(line, mark);
}

/* A pair stands in the line whole or not at all. */
static bool put_pair(struct buf *line, const struct log_pair *pair)
{
	size_t before = line->size;

	buf_format(line, " %s=", pair->key);
	put_value(line, pair->value);
	if (!line->failed)
		return true;
	line->failed = false;
	line->size = before;
	return false;
}

/* Whole and at once, or not. Nothing waits for the reader of a pipe, and a signal is no reason to
 * give a line up. */
static bool write_line(int fd, struct slice line)
{
	struct pollfd ready = { fd, POLLOUT, 0 };
	ssize_t written;
	int count;

	do
		count = poll(&ready, 1, 0);
	while (count < 0 && errno == EINTR);
	if (count != 1 || !(ready.revents & POLLOUT))
		return false;
	do
		written = write(fd, line.data, line.size);
	while (written < 0 && errno == EINTR);
	return written == (ssize_t)line.size;
}

/* The buffer keeps room for the mark and the end of the line. */
static bool put_line(int fd, enum log_level level, const char *event, const struct log_pair *pairs)
{
	bool cut = false, written;
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES - sizeof cut_mark);
	put_time(&line);
	buf_format(&line, " level=%s event=%s", level_names[level], event);
	for (; pairs && pairs->key; pairs++)
		cut = !put_pair(&line, pairs) || cut;
	line.limit = LINE_MAX_BYTES;
	if (cut)
		buf_text(&line, cut_mark);
	buf_text(&line, "\n");
	written = !line.failed && write_line(fd, buf_slice(&line));
	buf_release(&line);
	return written;
}

static bool tell_lost(const struct log *log)
{
	char number[24];
	struct log_pair pairs[2] = { { "lost", { NULL, 0 } } };

	snprintf(number, sizeof number, "%lu", log->lost);
	pairs[0].value = slice_text(number);
	return put_line(log->fd, LOG_WARN, "log", pairs);
}

void log_event(struct log *log, enum log_level level, const char *event, const struct log_pair *pairs)
{
	if (level > log->level)
		return;
	if (log->lost && tell_lost(log))
		log->lost = 0;
	if (log->lost || !put_line(log->fd, level, event, pairs))
		log->lost++;
}
