#include "actor/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool takes_connection(const struct addrinfo *info, int patience_ms)
{
	int error = 0;
	socklen_t size = sizeof error;
	int fd = socket(info->ai_family, SOCK_STREAM, 0);
	if (fd < 0)
		return false;
	bool taken = fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && connect(fd, info->ai_addr, info->ai_addrlen) == 0;
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

bool address_find(const char *host, uint16_t port, int patience_ms, struct address *address, struct fault *fault)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL, *chosen;
	char service[8];
	snprintf(service, sizeof service, "%u", port);
	memset(address, 0, sizeof *address);
	int failed = getaddrinfo(host, service, &hints, &list);
	if (failed)
		return fault_set(fault, FAULT_UNAVAILABLE, "%.255s: %s", host, gai_strerror(failed));
	chosen = list;
	for (struct addrinfo *i = list; list->ai_next && i; i = i->ai_next) {
		if (!takes_connection(i, patience_ms))
			continue;
		chosen = i;
		break;
	}
	memcpy(&address->storage, chosen->ai_addr, chosen->ai_addrlen);
	address->size = chosen->ai_addrlen;
	address->loopback = is_loopback(&address->storage);
	freeaddrinfo(list);
	return true;
}
