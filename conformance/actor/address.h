/* Where a listener is: looked up once, so that every later connection goes to the same place. */
#ifndef CONFORMANCE_ADDRESS_H
#define CONFORMANCE_ADDRESS_H

#include "fault.h"

#include <stdint.h>
#include <sys/socket.h>

struct address {
	struct sockaddr_storage storage;
	socklen_t size; /* 0: not found */
	bool loopback;
};

/* Of several addresses of a host the first that takes a connection. A name is looked up in a process of
 * its own, which is ended at the deadline (monotonic clock). */
bool address_find(const char *host, uint16_t port, int64_t deadline_us, struct address *address, struct fault *fault);

#endif
