#include "files/files.h"

#include "crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES_MAX = 4096 };

char *path_join(const char *folder, const char *name)
{
	struct buf b;
	buf_init(&b, PATH_BYTES_MAX);
	buf_text(&b, folder);
	if (b.size > 0 && b.data[b.size - 1] != '/')
		buf_text(&b, "/");
	buf_text(&b, name);
	const char *text = buf_string(&b);
	char *path = text ? slice_copy(slice_text(text)) : NULL;
	buf_release(&b);
	return path;
}

static bool failed(struct fault *fault, const char *what, const char *path)
{
	return fault_set(fault, FAULT_UNAVAILABLE, "%s: cannot %s: %s", path, what, strerror(errno));
}

static bool one_folder(const char *path, unsigned mode, struct fault *fault)
{
	struct stat info;
	if (mkdir(path, (mode_t)mode) == 0)
		return true;
	if (errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
		return true;
	return failed(fault, "make the folder", path);
}

bool folder_make(const char *path, unsigned mode, struct fault *fault)
{
	char *part = slice_copy(slice_text(path));
	bool done = part != NULL;
	for (char *c = part; done && *c; c++) {
		if (*c != '/' || c == part || c[-1] == '/')
			continue;
		*c = '\0';
		done = one_folder(part, 0755, fault);
		*c = '/';
	}
	done = done && one_folder(part, mode, fault);
	if (!part)
		fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	free(part);
	return done;
}

static bool write_all(int fd, struct slice bytes)
{
	while (bytes.size > 0) {
		ssize_t count = write(fd, bytes.data, bytes.size);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		bytes = slice_part(bytes, (size_t)count, bytes.size);
	}
	return true;
}

bool file_write(const char *path, struct slice bytes, unsigned mode, struct fault *fault)
{
	char temporary[PATH_BYTES_MAX];
	int length = snprintf(temporary, sizeof(temporary), "%s.%ld.tmp", path, (long)getpid());
	if (length < 0 || (size_t)length >= sizeof(temporary))
		return fault_set(fault, FAULT_LIMIT, "%.200s…: the path is too long", path);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
	if (fd < 0)
		return failed(fault, "write", path);
	bool done = write_all(fd, bytes) && fsync(fd) == 0;
	if (!done)
		failed(fault, "write", path);
	if (close(fd) != 0 && done)
		done = failed(fault, "write", path);
	if (done && rename(temporary, path) != 0)
		done = failed(fault, "write", path);
	if (!done)
		unlink(temporary);
	return done;
}

bool folder_writable(const char *path, struct fault *fault)
{
	char *probe = path_join(path, ".probe");
	bool done = probe ? file_write(probe, slice_text(""), 0644, fault)
			  : fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	if (done)
		unlink(probe);
	free(probe);
	return done;
}

bool file_read(const char *path, size_t limit, struct buf *out, struct fault *fault)
{
	unsigned char chunk[4096];
	struct stat info;
	size_t total = 0;
	ssize_t count = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return failed(fault, "read", path);
	bool done = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
	if (!done)
		fault_set(fault, FAULT_UNAVAILABLE, "%s: expected a regular file", path);
	while (done && (count = read(fd, chunk, sizeof(chunk))) > 0) {
		total += (size_t)count;
		buf_put(out, slice_of(chunk, (size_t)count));
		if (total > limit || out->failed)
			done = fault_set(fault, FAULT_LIMIT, "%s: larger than %zu bytes", path, limit);
	}
	if (done && count < 0)
		done = failed(fault, "read", path);
	close(fd);
	return done;
}

bool hex_digest(struct slice bytes, char digest[65])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char raw[SHA256_SIZE];
	if (!sha256(bytes, raw))
		return false;
	for (size_t i = 0; i < SHA256_SIZE; i++) {
		digest[2 * i] = hex[raw[i] >> 4];
		digest[2 * i + 1] = hex[raw[i] & 15];
	}
	digest[64] = '\0';
	return true;
}
