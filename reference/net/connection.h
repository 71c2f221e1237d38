/* Inside net/: a connection, and what net.c and connection.c share. */
#ifndef MQTT_AGENT_NET_CONNECTION_H
#define MQTT_AGENT_NET_CONNECTION_H

#include "net.h"

#include <event2/bufferevent.h>
#include <event2/event.h>

enum { PEER_TEXT_MAX = 64 };

struct net_listener;

/* A list with a link back, so that a member leaves it without a search. */
struct net_list {
	struct net_connection *first, **end;
};

struct net {
	struct event_base *base;
	struct event *signals[3];
	struct event *timer;
	struct net_listener *listeners;
	struct net_limits limits;
	struct net_connection *all;
	size_t count;
	struct net_list coming;  /* news for the next turn */
	struct net_list current; /* news of this turn */
	bool stopping;
	bool reload_asked;
};

struct net_connection {
	struct net *net;
	const struct net_listener *listener;
	struct bufferevent *stream;
	struct event *deadline;
	void *owner;
	unsigned events;
	size_t allowance; /* bytes of input at which reading pauses */
	bool paused;
	bool gone;        /* the peer is, or the connection is broken */
	bool finishing;   /* the owner is done with it */
	bool half_closed; /* our side is shut, the peer's end is waited for */
	char peer[PEER_TEXT_MAX];

	struct net_connection *next, **link;           /* in net.all */
	struct net_connection *news_next, **news_link; /* in a list of news; link NULL: in none */
};

void net_list_init(struct net_list *list);

/* Takes fd over, whatever happens. NULL when out of memory. */
struct net_connection *net_connection_new(struct net *net, const struct net_listener *listener, evutil_socket_t fd,
					  const struct sockaddr *address);
void net_connection_free(struct net_connection *c);
void net_connection_news(struct net_connection *c, unsigned events);

void net_listeners_pause(struct net *net);
void net_listeners_free(struct net *net);
const char *net_listener_name(const struct net_listener *listener);
/* A stream on fd, which it will close; NULL when out of memory. */
struct bufferevent *net_listener_stream(const struct net_listener *listener, evutil_socket_t fd);

#endif
