/* Sending. */
#include "send.h"
#include "write.h"

enum { ALIAS_COST = 4 };

bool message_may_be_said(const struct service *service, const struct message *message, enum door door)
{
	const struct request request = { .door = door, .topic = message->topic, .qos = message->qos,
					 .retain = message->retain, .now_ms = service->now.wall_ms,
					 .of_author = true };

	return !message->author || gate_ask(service->gate, &message->author->identity, &request).allowed;
}

/* The receiver's right, and where the message has waited, the author's [DLV-07]. */
static bool is_allowed(const struct client *client, const struct sending *sending)
{
	const struct session *session = client->session;
	const struct message *message = sending->message;
	struct request request = { .door = sending->door, .topic = message->topic, .qos = sending->qos,
				   .now_ms = session->service->now.wall_ms };

	return gate_ask(session->service->gate, &session->identity, &request).allowed &&
	       (sending->door != DOOR_DELIVER_QUEUED ||
		message_may_be_said(session->service, message, sending->door));
}

static struct publish_out publish_of(const struct client *client, const struct sending *sending)
{
	const struct message *message = sending->message;
	struct publish_out out = { .topic = message->topic,
				   .payload = message->payload,
				   .properties = message->properties,
				   .subscription_ids = sending->subscription_ids,
				   .has_expiry = message->has_expiry,
				   .expiry = message_expiry_left(message, client->service->now.monotonic_ms),
				   .id = sending->id,
				   .qos = sending->qos,
				   .dup = sending->dup,
				   .retain = sending->retain };

	return out;
}

/* A topic that has an alias is not spelled out; one that has none gets one, as long as there are
 * any and the packet stays as small as the client wants it. The property and what it may add to the
 * length before it are four bytes: a shorter topic is better spelled out. */
static void use_alias(struct client *client, struct publish_out *out)
{
	uint32_t alias;

	if (!client->alias_maximum || out->topic.size < ALIAS_COST)
		return;
	alias = alias_find(&client->aliases_out, out->topic);
	if (alias) {
		out->topic = slice_of(NULL, 0);
		out->topic_alias = (uint16_t)alias;
		return;
	}
	alias = alias_unset(&client->aliases_out, client->alias_maximum);
	if (!alias)
		return;
	out->topic_alias = (uint16_t)alias;
	if (publish_size(out) > client->maximum_packet || !alias_set(&client->aliases_out, alias, out->topic))
		out->topic_alias = 0;
}

/* [SUB-26, MQTT-3.1.2-24, -25] What is too large for the receiver counts as sent. */
enum send_result send_publish(struct client *client, const struct sending *sending)
{
	struct publish_out out = publish_of(client, sending);

	if (!is_allowed(client, sending) || publish_size(&out) > client->maximum_packet)
		return SEND_NEVER;
	if (client_backlog(client) + publish_size(&out) > LIMIT_BACKLOG_BYTES) {
		client_end(client, REASON_QUOTA, "does not read what it subscribed to");
		return SEND_ENDED;
	}
	use_alias(client, &out);
	write_publish(client_stage(client), &out);
	return SEND_DONE;
}

void send_ack(struct client *client, enum packet_type type, uint16_t id, uint8_t code)
{
	size_t before = client->staged.size;

	if (client->state != CLIENT_CONNECTED)
		return;
	write_ack(client_stage(client), type, id, code);
	client_check_answer(client, before);
}
