/* Sockets, TLS, deadlines and signals, over libevent; no MQTT. The owner drives it in turns:
 *
 *     while (net_wait(net)) {
 *             while ((c = net_next(net)))  ... look at net_events(c), net_input(c); decide and stage
 *             ... commit
 *             ... net_write, net_finish
 *     }
 *
 * Waiting reads what is there into memory and does nothing else, so that a turn decides about a
 * fixed world and nothing leaves in the middle of it. */
#ifndef MQTT_AGENT_NET_H
#define MQTT_AGENT_NET_H

#include "fault.h"
#include "slice.h"

#include <stdint.h>

struct net;
struct net_connection;

struct net_limits {
	size_t connections;
	int64_t linger_ms; /* how long a finished connection may take its last bytes */
};

/* One at a time in a process: it takes SIGTERM, SIGINT and SIGHUP, and ignores SIGPIPE. */
struct net *net_new(const struct net_limits *limits, struct fault *fault);
void net_free(struct net *net);

/* What a TLS listener shows and asks for, from PEM files; TLS 1.2 or later. Each step refuses by the
 * name of its file. */
struct net_tls;
struct net_tls *net_tls_new(struct fault *fault);
bool net_tls_certificate(struct net_tls *tls, const char *file, struct fault *fault); /* the chain */
bool net_tls_key(struct net_tls *tls, const char *file, struct fault *fault); /* behind the certificate */
/* Authorities: whoever connects shows a certificate that one of them signed, or is not let in. */
bool net_tls_clients(struct net_tls *tls, const char *file, struct fault *fault);
void net_tls_free(struct net_tls *tls); /* connections that stand keep what they need */

/* A numeric IPv4 or IPv6 address, as net_listen takes it. */
bool net_address_valid(const char *address);
/* address: IPv4 or IPv6, numeric. *port 0 means any free one and becomes the one that was taken. tls:
 * borrowed; NULL: plaintext. name: borrowed. */
bool net_listen(struct net *net, const char *name, const char *address, uint16_t *port, struct net_tls *tls,
		struct fault *fault);

/* Waits until some connection has news, or the timer has run out. False: a stop was asked for and every connection is gone. */
bool net_wait(struct net *net);
/* The next wait lasts no longer than so many milliseconds. */
void net_timer(struct net *net, int64_t ms);
/* Was SIGHUP received since it was asked last? A wait ends by it. */
bool net_reload_asked(struct net *net);
/* Every connection has news in this turn: NET_REVIEW. */
void net_review(struct net *net);
/* What the listener of this name shows and asks for from now on, TLS as before; borrowed. Connections that
 * stand stay. */
void net_renew(struct net *net, const char *name, struct net_tls *tls);
/* The next connection with news in this turn; NULL when there is none left. */
struct net_connection *net_next(struct net *net);

enum net_event {
	NET_OPENED = 1, /* the first that is heard of it */
	NET_BYTES = 2,  /* there is input, perhaps less than wanted */
	NET_DUE = 4,    /* its deadline has passed */
	NET_GONE = 8,   /* nothing more will come; input that is left is still valid */
	NET_STOP = 16,  /* a stop was asked for */
	NET_REVIEW = 32 /* what it may do has changed: net_review */
};

/* Bits of net_event since the last call. */
unsigned net_events(struct net_connection *c);

/* The input in one piece, borrowed until net_consume. */
struct slice net_input(struct net_connection *c);
size_t net_available(const struct net_connection *c);
void net_consume(struct net_connection *c, size_t size);
/* Makes room for a piece of so many bytes. */
void net_want(struct net_connection *c, size_t size);
/* Puts it on the next turn's list with these events. */
void net_again(struct net_connection *c, unsigned events);
/* NET_DUE comes in so many milliseconds, replacing an earlier deadline. */
void net_deadline(struct net_connection *c, int64_t ms);

/* Bytes that were written and have not left. */
size_t net_unsent(const struct net_connection *c);
/* False when out of memory: nothing was taken. */
bool net_write(struct net_connection *c, struct slice bytes);
/* The owner is done with it: what was written still leaves, then the connection is closed. */
void net_finish(struct net_connection *c);
/* The same at once: what has not left does not leave, the peer sees a reset. */
void net_abort(struct net_connection *c);

/* What the owner keeps with a connection. */
void net_set_owner(struct net_connection *c, void *owner);
void *net_owner(const struct net_connection *c);

const char *net_listener(const struct net_connection *c); /* name */
const char *net_peer(const struct net_connection *c);     /* address:port */

#endif
