/* Log lines: one write a line, values that cannot break out of their quotes. */
#include "log.h"

#include "buf.h"

#include <time.h>
#include <unistd.h>

enum {
	LINE_MAX_BYTES = 32768,
	VALUE_MAX_BYTES = 512 /* of one value; the rest is cut and marked with "..." */
};

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
	buf_format(line, "%s.%03ldZ", text, now.tv_nsec / 1000000);
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
static void put_quoted(struct buf *line, struct slice value)
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
	buf_u8(line, '"');
}

static void put_value(struct buf *line, struct slice value)
{
	struct slice shown = slice_part(value, 0, VALUE_MAX_BYTES);

	if (all_plain(shown))
		buf_put(line, shown);
	else
		put_quoted(line, shown);
	if (shown.size < value.size)
		buf_text(line, "...");
}

static void write_all(int fd, struct slice bytes)
{
	while (bytes.size) {
		ssize_t written = write(fd, bytes.data, bytes.size);

		if (written <= 0)
			return; /* a log that cannot be written has nowhere to say so */
		bytes = slice_part(bytes, (size_t)written, bytes.size);
	}
}

void log_event(const struct log *log, enum log_level level, const char *event, const struct log_pair *pairs)
{
	struct buf line;

	if (level > log->level)
		return;
	buf_init(&line, LINE_MAX_BYTES);
	put_time(&line);
	buf_format(&line, " %s %s", level_names[level], event);
	for (; pairs && pairs->key; pairs++) {
		buf_format(&line, " %s=", pairs->key);
		put_value(&line, pairs->value);
	}
	/* A line that grew over its limit keeps what fitted. */
	line.failed = false;
	if (line.size == line.limit)
		line.size--;
	buf_text(&line, "\n");
	write_all(log->fd, buf_slice(&line));
	buf_release(&line);
}
