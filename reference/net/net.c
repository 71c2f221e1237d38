/* The event loop: waiting, and the signals that end it or have the configuration read again. */
#include "connection.h"

#include <signal.h>
#include <stdlib.h>

static void on_stop(evutil_socket_t signal_number, short events, void *context)
{
	struct net *net = context;

	(void)signal_number, (void)events;
	net->stopping = true;
	net_listeners_pause(net);
	for (struct net_connection *c = net->all; c; c = c->next)
		net_connection_news(c, NET_STOP);
}

static void on_reload(evutil_socket_t signal_number, short events, void *context)
{
	struct net *net = context;

	(void)signal_number, (void)events;
	net->reload_asked = true;
}

static struct event *watch_signal(struct net *net, int number, event_callback_fn heard)
{
	struct event *event = evsignal_new(net->base, number, heard, net);

	if (event && evsignal_add(event, NULL)) {
		event_free(event);
		return NULL;
	}
	return event;
}

/* A wait ends by it; there is nothing else to do. */
static void on_timer(evutil_socket_t none, short events, void *context)
{
	(void)none, (void)events, (void)context;
}

void net_timer(struct net *net, int64_t ms)
{
	struct timeval time = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	evtimer_add(net->timer, &time);
}

static bool ignore_broken_pipes(void)
{
	struct sigaction ignore;

	memset(&ignore, 0, sizeof ignore);
	ignore.sa_handler = SIG_IGN;
	return sigaction(SIGPIPE, &ignore, NULL) == 0;
}

struct net *net_new(const struct net_limits *limits, struct fault *fault)
{
	struct net *net = calloc(1, sizeof *net);

	if (!net)
		goto failed;
	net->limits = *limits;
	net_list_init(&net->coming);
	net_list_init(&net->current);
	net->base = event_base_new();
	if (!net->base || !ignore_broken_pipes())
		goto failed;
	net->timer = evtimer_new(net->base, on_timer, NULL);
	net->signals[0] = watch_signal(net, SIGTERM, on_stop);
	net->signals[1] = watch_signal(net, SIGINT, on_stop);
	net->signals[2] = watch_signal(net, SIGHUP, on_reload);
	if (net->timer && net->signals[0] && net->signals[1] && net->signals[2])
		return net;
failed:
	net_free(net);
	fault_set(fault, FAULT_UNAVAILABLE, "the event loop cannot be set up");
	return NULL;
}

void net_free(struct net *net)
{
	if (!net)
		return;
	while (net->all)
		net_connection_free(net->all);
	net_listeners_free(net);
	for (size_t i = 0; i < sizeof net->signals / sizeof *net->signals; i++)
		if (net->signals[i])
			event_free(net->signals[i]);
	if (net->timer)
		event_free(net->timer);
	if (net->base)
		event_base_free(net->base);
	free(net);
}

bool net_reload_asked(struct net *net)
{
	bool asked = net->reload_asked;

	net->reload_asked = false;
	return asked;
}

bool net_wait(struct net *net)
{
	int flags = net->coming.first ? EVLOOP_ONCE | EVLOOP_NONBLOCK : EVLOOP_ONCE;

	if (net->stopping && !net->count)
		return false;
	if (event_base_loop(net->base, flags) < 0)
		return false;
	/* the lists change places; the turn's is empty by now */
	if (net->coming.first) {
		net->current = net->coming;
		net->current.first->news_link = &net->current.first;
		net_list_init(&net->coming);
	}
	return true;
}
