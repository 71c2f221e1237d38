/* Clients: input, deadlines, end. */
#include "handlers.h"
#include "journal.h"
#include "waiting.h"
#include "write.h"

#include <stdlib.h>

enum { DEADLINE_MAX_MS = 60000, DISCONNECT_SIZE = 3 };

/* What a connected client may send, and why it may not send the rest: protocol errors, all of them. */
static const struct {
	void (*handle)(struct client *client, const struct packet *packet);
	const char *refused;
} handlers[PACKET_TYPES] = {
	[PACKET_CONNECT] = { NULL, "MQTT-3.1.0-2" }, /* [SUB-05] */
	[PACKET_PUBLISH] = { handle_publish, NULL },
	[PACKET_PUBACK] = { handle_puback, NULL },
	[PACKET_PUBREC] = { handle_pubrec, NULL },
	[PACKET_PUBREL] = { handle_pubrel, NULL },
	[PACKET_PUBCOMP] = { handle_pubcomp, NULL },
	[PACKET_SUBSCRIBE] = { handle_subscribe, NULL },
	[PACKET_UNSUBSCRIBE] = { handle_unsubscribe, NULL },
	[PACKET_PINGREQ] = { handle_pingreq, NULL },
	[PACKET_DISCONNECT] = { handle_disconnect, NULL },
	[PACKET_AUTH] = { NULL, "MQTT-4.12.0-6" }, /* no CONNECT was accepted with a method */
};

struct client *client_new(struct service *service, void *connection, const char *listener, const char *peer)
{
	struct client *client = calloc(1, sizeof *client);

	if (!client)
		return NULL;
	client->service = service;
	client->connection = connection;
	client->listener = listener;
	client->peer = peer;
	client->want = 1;
	client->maximum_packet = UINT32_MAX;
	client->deadline_origin_ms = service->now.monotonic_ms;
	/* deliveries stop at the limit (deliver.c); the rest is room for the answers of one turn */
	buf_init(&client->staged, (size_t)LIMIT_BACKLOG_BYTES * 2);
	return client;
}

void client_free(struct client *client)
{
	if (!client)
		return;
	buf_release(&client->staged);
	aliases_release(&client->aliases_in);
	aliases_release(&client->aliases_out);
	free(client);
}

static void touch(struct client *client)
{
	if (client->touched)
		return;
	client->touched = true;
	client->next_touched = client->service->touched;
	client->service->touched = client;
}

struct buf *client_stage(struct client *client)
{
	touch(client);
	return &client->staged;
}

size_t client_backlog(const struct client *client)
{
	const struct service *service = client->service;

	return client->staged.size + (service->unsent ? service->unsent(client->connection) : 0);
}

void client_window_opens(struct client *client)
{
	if (client->window < client->window_maximum)
		client->window++;
}

static void finish(struct client *client, uint8_t code, const char *why)
{
	if (why)
		journal_closed(client, code, why);
	client->state = CLIENT_ENDED;
	touch(client);
}

void client_close(struct client *client, const char *why)
{
	if (client->state != CLIENT_ENDED)
		finish(client, 0, why);
}

/* [MQTT-3.14.0-1] No DISCONNECT before a CONNACK with success. */
void client_end(struct client *client, enum reason code, const char *why)
{
	if (client->state == CLIENT_CONNECTED && client->maximum_packet >= DISCONNECT_SIZE)
		write_disconnect(client_stage(client), (uint8_t)code);
	if (client->state != CLIENT_ENDED)
		finish(client, (uint8_t)code, why);
}

void client_withdraw(struct client *client, enum reason code, const char *why)
{
	client->withdrawn = true;
	client_end(client, code, why);
}

/* [AUTH-11] What a withdrawn key has signed is not believed any longer. [DLV-08] A session with a subscription that is not
 * granted any more ends as a whole: its owner finds Session
 * Present 0 and not a gap. */
void client_review(struct client *client, const struct trust *before)
{
	const struct service *service = client->service;
	const struct request request = { .door = DOOR_CONNECT, .now_ms = service->now.wall_ms };

	if (client->state != CLIENT_CONNECTED)
		return;
	if (!trust_keeps(service->trust, before, &client->session->identity)) {
		client_withdraw(client, REASON_NOT_AUTHORIZED, "its token is not trusted any more");
	} else if (!gate_ask(service->gate, &client->session->identity, &request).allowed ||
		   !subscriptions_stand(client->session, &client->session->identity)) {
		client->withdrawn = true;
		session_break(client->session, REASON_NOT_AUTHORIZED, "not granted any more");
	}
}

void client_check_answer(struct client *client, size_t before)
{
	if (client->staged.size - before <= client->maximum_packet)
		return;
	client->staged.size = before;
	client_close(client, "an answer is larger than it takes");
}

/* [SUB-06] Its connection ends, [SUB-08] and nobody else's. */
static void refuse_bytes(struct client *client, const struct packet_fault *fault)
{
	if (client->state == CLIENT_NEW)
		refuse_connect(client, fault->code, fault->statement, fault_class_name(fault->class));
	else
		client_end(client, (enum reason)fault->code, fault->statement);
}

static void obey(struct client *client, const struct packet *packet)
{
	client->deadline_origin_ms = client->service->now.monotonic_ms;
	if (client->state == CLIENT_NEW)
		handle_connect(client, packet);
	else if (handlers[packet->type].handle)
		handlers[packet->type].handle(client, packet);
	else
		client_end(client, REASON_PROTOCOL_ERROR, handlers[packet->type].refused);
}

/* One packet off the front. False when there is nothing more to do for now. */
static bool receive_one(struct client *client, struct slice bytes, size_t *used)
{
	size_t limit = client->state == CLIENT_NEW ? LIMIT_CONNECT_BYTES : LIMIT_PACKET_BYTES;
	struct packet_fault fault;
	struct packet packet;

	if (client->state == CLIENT_NEW && bytes.size && packet_type_of(bytes) != PACKET_CONNECT) {
		client_close(client, "first packet is not CONNECT"); /* [MQTT-3.1.0-1] */
		return false;
	}
	switch (packet_read(bytes, limit, &packet, &fault)) {
	case PACKET_NEEDS_MORE:
		client->want = packet.size;
		return false;
	case PACKET_BROKEN:
		refuse_bytes(client, &fault);
		return false;
	default:
		*used += packet.size;
		obey(client, &packet);
		return client->state != CLIENT_ENDED;
	}
}

/* The bytes behind an end are never looked at [MQTT-3.1.4-6, MQTT-3.14.4-1]. */
size_t client_receive(struct client *client, struct slice bytes)
{
	size_t used = 0;

	client->want = 1;
	client_tick(client);
	for (unsigned i = 0; i < LIMIT_PACKETS_PER_TURN && client->state != CLIENT_ENDED; i++)
		if (!receive_one(client, slice_part(bytes, used, bytes.size), &used))
			break;
	if (client_backlog(client) > LIMIT_BACKLOG_BYTES)
		client_end(client, REASON_QUOTA, "does not read its answers");
	return client->state == CLIENT_ENDED ? bytes.size : used;
}

static int64_t time_to_idle_end(const struct client *client)
{
	int64_t allowed = client->state == CLIENT_NEW ? LIMIT_CONNECT_MS : client->keep_alive_ms;

	return allowed ? client->deadline_origin_ms + allowed - client->service->now.monotonic_ms : DEADLINE_MAX_MS;
}

static int64_t time_to_expiry(const struct client *client)
{
	return client->session ? client->session->identity.exp_ms - client->service->now.wall_ms : DEADLINE_MAX_MS;
}

void client_tick(struct client *client)
{
	if (client->state == CLIENT_ENDED)
		return;
	if (client->state == CLIENT_CONNECTED && time_to_expiry(client) <= 0)
		client_withdraw(client, REASON_MAXIMUM_CONNECT_TIME, "token expired");
	else if (time_to_idle_end(client) <= 0) /* [SUB-10, MQTT-3.1.2-22] */
		client_end(client, REASON_KEEP_ALIVE,
			   client->state == CLIENT_NEW ? "no CONNECT in time" : "keep alive");
}

int64_t client_deadline_ms(const struct client *client)
{
	int64_t idle = time_to_idle_end(client), expiry = time_to_expiry(client);
	int64_t sooner = idle < expiry ? idle : expiry;

	if (sooner < 0)
		return 0;
	return sooner < DEADLINE_MAX_MS ? sooner : DEADLINE_MAX_MS;
}

struct client *service_take_touched(struct service *service)
{
	struct client *list = service->touched;

	for (struct client *client = list; client; client = client->next_touched)
		client->touched = false;
	service->touched = NULL;
	return list;
}

/* A client is put at the head of the list when it is touched first, so one that is ended by a will
 * on the way is either still ahead on this pass or found by the next. */
static bool leave_sessions(struct service *service)
{
	bool some = false;

	for (struct client *client = service->touched; client; client = client->next_touched) {
		if (client->state != CLIENT_ENDED || !client->session)
			continue;
		session_leave(client->session);
		some = true;
	}
	return some;
}

void service_settle(struct service *service)
{
	while (leave_sessions(service) || waiting_settle(service))
		continue;
}
