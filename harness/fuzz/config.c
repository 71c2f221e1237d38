/* The broker's configuration file, read as from disk. */
#include "config.h"
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { FAULT_NONE, "" };
	char path[64];
	int file;

	snprintf(path, sizeof path, "/tmp/mqtt-agent-fuzz-%ld.json", (long)getpid());
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	fuzz_need(file >= 0 && write(file, data, size) == (ssize_t)size && close(file) == 0);
	config_free(config_load(path, &fault));
	unlink(path);
	return 0;
}
