#include "actor/address.h"

#include "clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ADDRESSES_MAX = 8 };

static bool takes_connection(const struct sockaddr *name, socklen_t name_size, int family, int patience_ms)
{
	int error = 0;
	socklen_t size = sizeof error;
	int fd = socket(family, SOCK_STREAM, 0);
	if (fd < 0)
		return false;
	bool taken = fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && connect(fd, name, name_size) == 0;
	if (!taken && errno == EINPROGRESS) {
		struct pollfd waiting = { .fd = fd, .events = POLLOUT };
		taken = poll(&waiting, 1, patience_ms) == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
			error == 0;
	}
	close(fd);
	return taken;
}

static bool is_loopback(const struct sockaddr_storage *storage)
{
	if (storage->ss_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)storage;
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	}
	if (storage->ss_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)storage;
		return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
	}
	return false;
}

/* What a lookup gives: fits into one write of a pipe, so that it is there whole or not at all. */
struct lookup {
	int failed; /* of getaddrinfo */
	size_t count;
	struct {
		struct sockaddr_storage storage;
		socklen_t size;
		int family;
	} items[ADDRESSES_MAX];
};

static void look_up(const char *host, const char *service, int flags, struct lookup *found)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = flags }, *list = NULL;
	memset(found, 0, sizeof *found);
	found->failed = getaddrinfo(host, service, &hints, &list);
	for (struct addrinfo *i = found->failed ? NULL : list; i && found->count < ADDRESSES_MAX; i = i->ai_next) {
		memcpy(&found->items[found->count].storage, i->ai_addr, i->ai_addrlen);
		found->items[found->count].size = i->ai_addrlen;
		found->items[found->count++].family = i->ai_family;
	}
	if (list)
		freeaddrinfo(list);
}

/* A name server that does not answer holds getaddrinfo for half a minute and nothing can stop it, but
 * the end of its process. */
static bool look_up_apart(const char *host, const char *service, int64_t deadline_us, struct lookup *found)
{
	int ends[2], left = (int)((deadline_us - clock_monotonic_us()) / 1000);
	if (pipe(ends) != 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		look_up(host, service, 0, found);
		_exit(write(ends[1], found, sizeof *found) == (ssize_t)sizeof *found ? 0 : 1);
	}
	struct pollfd waiting = { .fd = ends[0], .events = POLLIN };
	bool told = child > 0 && poll(&waiting, 1, left > 0 ? left : 0) == 1 && (waiting.revents & POLLIN) &&
		    read(ends[0], found, sizeof *found) == (ssize_t)sizeof *found;
	close(ends[0]);
	close(ends[1]);
	if (child > 0) {
		kill(child, SIGKILL);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	return told;
}

/* The first that takes a connection, else the first. */
static size_t choose(const struct lookup *found, int64_t deadline_us)
{
	for (size_t i = 0; i < found->count && found->count > 1; i++) {
		int64_t left = (deadline_us - clock_monotonic_us()) / 1000;
		int patience = (int)(left / (int64_t)(found->count - i));
		if (left > 0 && takes_connection((const struct sockaddr *)&found->items[i].storage, found->items[i].size,
						 found->items[i].family, patience))
			return i;
	}
	return 0;
}

bool address_find(const char *host, uint16_t port, int64_t deadline_us, struct address *address, struct fault *fault)
{
	struct lookup found;
	char service[8];
	snprintf(service, sizeof service, "%u", port);
	memset(address, 0, sizeof *address);
	look_up(host, service, AI_NUMERICHOST, &found);
	if (found.failed && !look_up_apart(host, service, deadline_us, &found))
		return fault_set(fault, FAULT_UNAVAILABLE, "%.255s: the name could not be looked up in time", host);
	if (found.failed || found.count == 0)
		return fault_set(fault, FAULT_UNAVAILABLE, "%.255s: %s", host,
				 found.failed ? gai_strerror(found.failed) : "no address");
	size_t chosen = choose(&found, deadline_us);
	address->storage = found.items[chosen].storage;
	address->size = found.items[chosen].size;
	address->loopback = is_loopback(&address->storage);
	return true;
}
