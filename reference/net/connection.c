/* One connection: input, output, deadline, and an end that the peer gets to read. */
#include "connection.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Bytes that are read ahead of what the owner wants. A high-water mark would not do: libevent calls
 * back until the input is below it, and a turn consumes only after the calls. */
enum { READ_AHEAD = 65536 };

void net_list_init(struct net_list *list)
{
	list->first = NULL;
	list->end = &list->first;
}

static void news_remove(struct net_connection *c)
{
	struct net *net = c->net;

	if (!c->news_link)
		return;
	*c->news_link = c->news_next;
	if (c->news_next)
		c->news_next->news_link = c->news_link;
	else if (net->coming.end == &c->news_next)
		net->coming.end = c->news_link;
	else
		net->current.end = c->news_link;
	c->news_next = NULL;
	c->news_link = NULL;
}

static void list_add(struct net_list *list, struct net_connection *c, unsigned events)
{
	c->events |= events;
	if (c->news_link || c->finishing)
		return;
	c->news_next = NULL;
	c->news_link = list->end;
	*list->end = c;
	list->end = &c->news_next;
}

void net_connection_news(struct net_connection *c, unsigned events)
{
	list_add(&c->net->coming, c, events);
}

void net_review(struct net *net)
{
	for (struct net_connection *c = net->all; c; c = c->next)
		list_add(&net->current, c, NET_REVIEW);
}

struct net_connection *net_next(struct net *net)
{
	struct net_connection *c = net->current.first;

	if (c)
		news_remove(c);
	return c;
}

void net_connection_free(struct net_connection *c)
{
	news_remove(c);
	*c->link = c->next;
	if (c->next)
		c->next->link = c->link;
	c->net->count--;
	if (c->stream)
		bufferevent_free(c->stream);
	if (c->deadline)
		event_free(c->deadline);
	free(c);
}

/* Shuts our side after the last byte, so that the peer reads it before it learns of the end; closing
 * at once, with input unread, would reset the connection and take that byte back. */
static void half_close(struct net_connection *c)
{
	SSL *ssl = bufferevent_openssl_get_ssl(c->stream);

	if (c->half_closed)
		return;
	c->half_closed = true;
	if (ssl && SSL_is_init_finished(ssl))
		SSL_shutdown(ssl);
	shutdown(bufferevent_getfd(c->stream), SHUT_WR);
}

static void on_readable(struct bufferevent *stream, void *context)
{
	struct net_connection *c = context;
	struct evbuffer *input = bufferevent_get_input(stream);

	if (c->finishing) {
		evbuffer_drain(input, evbuffer_get_length(input));
		return;
	}
	if (evbuffer_get_length(input) >= c->allowance) {
		c->paused = true;
		bufferevent_disable(stream, EV_READ);
	}
	net_connection_news(c, NET_BYTES);
}

static void resume_reading(struct net_connection *c)
{
	if (!c->paused || (net_available(c) >= c->allowance && !c->finishing))
		return;
	c->paused = false;
	bufferevent_enable(c->stream, EV_READ);
}

static void on_drained(struct bufferevent *stream, void *context)
{
	struct net_connection *c = context;

	(void)stream;
	if (c->finishing)
		half_close(c);
}

static void on_event(struct bufferevent *stream, short events, void *context)
{
	struct net_connection *c = context;

	(void)stream;
	if (!(events & (BEV_EVENT_EOF | BEV_EVENT_ERROR)))
		return;
	c->gone = true;
	if (c->finishing)
		net_connection_free(c);
	else
		net_connection_news(c, NET_BYTES | NET_GONE);
}

static void on_deadline(evutil_socket_t fd, short events, void *context)
{
	struct net_connection *c = context;

	(void)fd, (void)events;
	if (c->finishing)
		net_connection_free(c);
	else
		net_connection_news(c, NET_DUE);
}

static void peer_text(char out[PEER_TEXT_MAX], const struct sockaddr *address)
{
	char host[46] = "?";
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
	bool is_v6 = address->sa_family == AF_INET6;
	const void *bytes = is_v6 ? (const void *)&v6->sin6_addr : (const void *)&v4->sin_addr;

	evutil_inet_ntop(address->sa_family, bytes, host, sizeof host);
	snprintf(out, PEER_TEXT_MAX, is_v6 ? "[%s]:%u" : "%s:%u", host,
		 (unsigned)ntohs(is_v6 ? v6->sin6_port : v4->sin_port));
}

struct net_connection *net_connection_new(struct net *net, const struct net_listener *listener, evutil_socket_t fd,
					  const struct sockaddr *address)
{
	struct net_connection *c = calloc(1, sizeof *c);

	if (!c) {
		evutil_closesocket(fd);
		return NULL;
	}
	c->net = net;
	c->listener = listener;
	c->next = net->all;
	c->link = &net->all;
	if (c->next)
		c->next->link = &c->next;
	net->all = c;
	net->count++;
	peer_text(c->peer, address);
	c->stream = net_listener_stream(listener, fd);
	c->deadline = evtimer_new(net->base, on_deadline, c);
	if (!c->stream || !c->deadline) {
		net_connection_free(c);
		return NULL;
	}
	bufferevent_setcb(c->stream, on_readable, on_drained, on_event, c);
	c->allowance = READ_AHEAD;
	if (bufferevent_enable(c->stream, EV_READ | EV_WRITE)) {
		net_connection_free(c);
		return NULL;
	}
	return c;
}

unsigned net_events(struct net_connection *c)
{
	unsigned events = c->events;

	c->events = 0;
	return events;
}

size_t net_available(const struct net_connection *c)
{
	return evbuffer_get_length(bufferevent_get_input(c->stream));
}

struct slice net_input(struct net_connection *c)
{
	unsigned char *bytes = evbuffer_pullup(bufferevent_get_input(c->stream), -1);

	return slice_of(bytes, bytes ? net_available(c) : 0);
}

void net_consume(struct net_connection *c, size_t size)
{
	evbuffer_drain(bufferevent_get_input(c->stream), size);
	resume_reading(c);
}

void net_want(struct net_connection *c, size_t size)
{
	c->allowance = size > READ_AHEAD ? size : READ_AHEAD;
	resume_reading(c);
}

void net_again(struct net_connection *c, unsigned events)
{
	net_connection_news(c, events);
}

void net_deadline(struct net_connection *c, int64_t ms)
{
	struct timeval wait = { 0, 0 };

	wait.tv_sec = (time_t)(ms / 1000);
	wait.tv_usec = (suseconds_t)(ms % 1000 * 1000);
	evtimer_add(c->deadline, &wait);
}

size_t net_unsent(const struct net_connection *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->stream));
}

bool net_write(struct net_connection *c, struct slice bytes)
{
	return bufferevent_write(c->stream, bytes.data, bytes.size) == 0;
}

void net_finish(struct net_connection *c)
{
	c->finishing = true;
	c->owner = NULL;
	news_remove(c);
	if (c->gone) {
		net_connection_free(c);
		return;
	}
	net_consume(c, net_available(c));
	net_deadline(c, c->net->limits.linger_ms);
	if (!net_unsent(c))
		half_close(c);
}

void net_abort(struct net_connection *c)
{
	struct linger none = { 1, 0 };

	setsockopt(bufferevent_getfd(c->stream), SOL_SOCKET, SO_LINGER, &none, sizeof none);
	net_connection_free(c);
}

void net_set_owner(struct net_connection *c, void *owner)
{
	c->owner = owner;
}

void *net_owner(const struct net_connection *c)
{
	return c->owner;
}

const char *net_listener(const struct net_connection *c)
{
	return net_listener_name(c->listener);
}

const char *net_peer(const struct net_connection *c)
{
	return c->peer;
}
