/* Folders, and files that are written whole or not at all. Each fault names the path and the cause. */
#ifndef CONFORMANCE_FILES_FILES_H
#define CONFORMANCE_FILES_FILES_H

#include "buf.h"
#include "fault.h"

/* "folder/name" on the heap; the caller frees it. NULL when out of memory. */
char *path_join(const char *folder, const char *name);

/* Makes the folder and those above it that are missing. mode is for the last one. */
bool folder_make(const char *path, unsigned mode, struct fault *fault);

/* Proves that a file can be written into the folder by writing one and removing it again. */
bool folder_writable(const char *path, struct fault *fault);

/* Writes beside the file, flushes, then renames: a reader sees the old file or the new one. */
bool file_write(const char *path, struct slice bytes, unsigned mode, struct fault *fault);

/* Appends the content to out; refuses what is no regular file or larger than limit bytes. */
bool file_read(const char *path, size_t limit, struct buf *out, struct fault *fault);

/* SHA-256 of the bytes in 64 lower-case hex digits. */
bool hex_digest(struct slice bytes, char digest[65]);

#endif
