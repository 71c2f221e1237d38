/* Listeners: sockets that connections come from. */
#include "connection.h"
#include "tls.h"

#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>

enum { ACCEPT_PAUSE_MS = 200 };

struct net_listener {
	struct net_listener *next;
	struct net *net;
	const char *name;
	struct net_tls *tls;
	struct evconnlistener *socket;
	struct event *resume;
};

static void listener_free(struct net_listener *listener)
{
	if (listener->socket)
		evconnlistener_free(listener->socket);
	if (listener->resume)
		event_free(listener->resume);
	free(listener);
}

void net_listeners_pause(struct net *net)
{
	for (struct net_listener *l = net->listeners; l; l = l->next)
		evconnlistener_disable(l->socket);
}

void net_listeners_free(struct net *net)
{
	while (net->listeners) {
		struct net_listener *listener = net->listeners;

		net->listeners = listener->next;
		listener_free(listener);
	}
}

const char *net_listener_name(const struct net_listener *listener)
{
	return listener->name;
}

void net_renew(struct net *net, const char *name, struct net_tls *tls)
{
	for (struct net_listener *l = net->listeners; l; l = l->next)
		if (strcmp(l->name, name) == 0)
			l->tls = tls;
}

struct bufferevent *net_listener_stream(const struct net_listener *listener, evutil_socket_t fd)
{
	struct event_base *base = listener->net->base;
	struct bufferevent *stream = NULL;
	SSL *ssl = NULL;

	if (!listener->tls) {
		stream = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	} else {
		ssl = SSL_new(listener->tls->context);
		/* the stream owns ssl, also when it cannot be made */
		stream = ssl ? bufferevent_openssl_socket_new(base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
							      BEV_OPT_CLOSE_ON_FREE)
			     : NULL;
		if (stream)
			bufferevent_openssl_set_allow_dirty_shutdown(stream, 1);
	}
	if (!stream)
		evutil_closesocket(fd);
	return stream;
}

static void on_accept(struct evconnlistener *socket, evutil_socket_t fd, struct sockaddr *address, int size,
		      void *context)
{
	struct net_listener *listener = context;
	struct net *net = listener->net;
	struct net_connection *c;
	int on = 1;

	(void)socket, (void)size;
	if (net->count >= net->limits.connections) {
		evutil_closesocket(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	c = net_connection_new(net, listener, fd, address);
	if (c)
		net_connection_news(c, NET_OPENED);
}

/* Out of file descriptors or memory: asking again at once would only burn the processor. */
static void on_accept_error(struct evconnlistener *socket, void *context)
{
	struct net_listener *listener = context;
	struct timeval pause = { 0, ACCEPT_PAUSE_MS * 1000 };

	evconnlistener_disable(socket);
	evtimer_add(listener->resume, &pause);
}

static void on_resume(evutil_socket_t fd, short events, void *context)
{
	struct net_listener *listener = context;

	(void)fd, (void)events;
	if (!listener->net->stopping)
		evconnlistener_enable(listener->socket);
}

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* The size of the address, 0 when the text is none. */
static int address_parse(union address *out, const char *text, uint16_t port)
{
	memset(out, 0, sizeof *out);
	if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons(port);
		return sizeof out->v4;
	}
	if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
		out->v6.sin6_family = AF_INET6;
		out->v6.sin6_port = htons(port);
		return sizeof out->v6;
	}
	return 0;
}

bool net_address_valid(const char *address)
{
	union address parsed;

	return address_parse(&parsed, address, 0) > 0;
}

static uint16_t bound_port(struct evconnlistener *socket)
{
	union address address;
	socklen_t size = sizeof address;

	memset(&address, 0, sizeof address);
	if (getsockname(evconnlistener_get_fd(socket), &address.any, &size))
		return 0;
	return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

static struct net_listener *listener_new(struct net *net, const char *name, struct net_tls *tls)
{
	struct net_listener *listener = calloc(1, sizeof *listener);

	if (!listener)
		return NULL;
	listener->net = net;
	listener->name = name;
	listener->tls = tls;
	listener->resume = evtimer_new(net->base, on_resume, listener);
	if (listener->resume)
		return listener;
	free(listener);
	return NULL;
}

bool net_listen(struct net *net, const char *name, const char *address, uint16_t *port, struct net_tls *tls,
		struct fault *fault)
{
	struct net_listener *listener;
	union address bound;
	int size = address_parse(&bound, address, *port);

	if (!size)
		return fault_set(fault, FAULT_MALFORMED, "%s: expected an IPv4 or IPv6 address", address);
	listener = listener_new(net, name, tls);
	if (!listener)
		return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	listener->socket = evconnlistener_new_bind(net->base, on_accept, listener,
						   LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
						   -1, &bound.any, size);
	if (!listener->socket) {
		listener_free(listener);
		return fault_set(fault, FAULT_UNAVAILABLE, "listener %s: cannot listen on %s port %u: %s", name,
				 address, (unsigned)*port, strerror(errno));
	}
	evconnlistener_set_error_cb(listener->socket, on_accept_error);
	listener->next = net->listeners;
	net->listeners = listener;
	*port = bound_port(listener->socket);
	return true;
}
