/* What all connections of one broker share, and the list of those that this turn has touched.
 * A turn is: read, decide, stage, commit, write. Everything in session/ belongs to "decide" and
 * "stage": it changes memory and fills buffers, and no byte leaves by its hand. */
#ifndef MQTT_AGENT_SERVICE_H
#define MQTT_AGENT_SERVICE_H

#include "gate.h"
#include "log.h"
#include "rate.h"
#include "token.h"

struct client;

/* The turn's time, read once, so that all its decisions are of one moment. */
struct moment {
	int64_t wall_ms;      /* Unix time: for claims */
	int64_t monotonic_ms; /* for deadlines */
};

struct service {
	const struct trust *trust; /* borrowed, as everything here */
	const struct gate *gate;
	struct log *log;
	/* Bytes that were written to a client's connection and have not left yet. NULL: none ever. */
	size_t (*unsent)(const void *connection);

	struct moment now;
	struct rate connects;
	void *organisations;    /* tsearch root of struct organisation */
	struct client *touched; /* clients with something staged, or ended, in this turn */
	struct session *waiting; /* sessions without a connection (waiting.h) */
	int64_t due_ms;          /* monotonic: none of them has anything due before */
	uint64_t rounds;         /* of delivery, for finding each receiver once */
};

/* Takes the sessions from all clients that were ended in this turn, and does what is due to sessions
 * that wait: wills are sent, which may end further clients. To be called when all input of a turn is
 * decided, and when service_deadline_ms has passed. */
void service_settle(struct service *service);
/* Milliseconds until service_settle has something to do, at most a minute. */
int64_t service_deadline_ms(const struct service *service);
/* Frees all sessions that wait, whose wills are not sent, and all that is retained. No client may have a
 * session any more. */
void service_release(struct service *service);

/* Takes the whole list, linked by next_touched. */
struct client *service_take_touched(struct service *service);

#endif
