/* A client: one connection, from its first byte to its end. It takes bytes in, has them read,
 * decided and answered, and holds what is staged for it until the turn's write. */
#ifndef MQTT_AGENT_CLIENT_H
#define MQTT_AGENT_CLIENT_H

#include "alias.h"
#include "session.h"

enum client_state {
	CLIENT_NEW,       /* no CONNECT was accepted */
	CLIENT_CONNECTED, /* CONNACK with success is staged or sent */
	CLIENT_ENDED      /* takes nothing in any more; what is staged is the last it gets */
};

struct client {
	struct service *service;
	void *connection;        /* the caller's */
	const char *listener;    /* its name, for the log */
	const char *peer;        /* its address, for the log */
	enum client_state state;
	struct session *session; /* NULL unless connected */
	size_t want;             /* bytes that must be there before client_receive can do anything */
	struct buf staged;       /* what the turn's write will send */
	struct client *next_touched;
	bool touched;
	bool withdrawn;          /* its rights have ended: what was written and has not left must not leave */

	/* from CONNECT */
	uint32_t maximum_packet;    /* bytes that the client takes at once [MQTT-3.1.2-24] */
	unsigned window, window_maximum; /* QoS 1 and 2 messages that it will take now, and at most [MQTT-3.3.4-9] */
	unsigned alias_maximum;          /* aliases that it lets us use [MQTT-3.1.2-26] */
	bool asked_for_expiry;           /* for a session that outlives the connection [MQTT-3.14.2-2] */
	int64_t keep_alive_ms;      /* one and a half times what it asked for; 0: none */
	int64_t deadline_origin_ms; /* monotonic: opened, or the last packet */

	struct aliases aliases_in, aliases_out; /* they end with the connection [ALI-03] */
};

/* NULL when out of memory. listener and peer are borrowed for its life. */
struct client *client_new(struct service *service, void *connection, const char *listener, const char *peer);
/* It must have no session: ended and settled. */
void client_free(struct client *client);

/* Reads and obeys packets, at most LIMIT_PACKETS_PER_TURN. Returns how many bytes are done with. */
size_t client_receive(struct client *client, struct slice bytes);
/* A deadline may have passed. */
void client_tick(struct client *client);
/* Milliseconds until client_tick has something to do, at most a minute. */
int64_t client_deadline_ms(const struct client *client);

/* Policies or keys have been replaced; before: the trust under which its token was accepted. What is not
 * covered any more ends, with everything that waits for it. */
void client_review(struct client *client, const struct trust *before);

/* The client goes on no more. why is for the log, static text; NULL: the log was told already. Ending
 * what has ended changes nothing. */
void client_end(struct client *client, enum reason code, const char *why); /* says so with DISCONNECT */
void client_close(struct client *client, const char *why);                 /* says nothing */
/* client_end for one whose rights have ended: DISCONNECT where it is the next to leave, and where it
 * would have to wait behind messages, neither it nor them. */
void client_withdraw(struct client *client, enum reason code, const char *why);

/* Where answers are put; calling it puts the client on the turn's list. */
struct buf *client_stage(struct client *client);
/* Ends the client if what was staged since `before` (bytes) is more than it takes [MQTT-3.1.2-24]. */
void client_check_answer(struct client *client, size_t before);
/* Bytes on their way to it: staged and unsent. */
size_t client_backlog(const struct client *client);
/* A message was acknowledged to the end: there is room for another. */
void client_window_opens(struct client *client);

#endif
