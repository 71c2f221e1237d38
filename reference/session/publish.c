/* PUBLISH: asked at the gate before anything is done with it. */
#include "deliver.h"
#include "handlers.h"
#include "retain.h"
#include "send.h"

static bool end(struct client *client, enum reason code, const char *why)
{
	client_end(client, code, why);
	return false;
}

/* [ALI-01] [ALI-04] [SUB-28] An alias means the topic that was last put on it, whether or not that topic was
 * allowed: [ALI-02] an older, lawful meaning never answers for a newer one. False: the client was ended. */
static bool resolve_alias(struct client *client, struct packet_publish *publish)
{
	uint32_t alias = properties_number(&publish->properties, PROPERTY_TOPIC_ALIAS, 0);

	if (!properties_have(&publish->properties, PROPERTY_TOPIC_ALIAS))
		return true;
	if (alias < 1 || alias > LIMIT_TOPIC_ALIASES)
		return end(client, REASON_ALIAS_INVALID, "MQTT-3.3.2-8");
	if (publish->topic.size)
		return alias_set(&client->aliases_in, alias, publish->topic) ||
		       end(client, REASON_QUOTA, "LIMIT_ALIAS_BYTES");
	publish->topic = alias_topic(&client->aliases_in, alias);
	return publish->topic.size || end(client, REASON_PROTOCOL_ERROR, "MQTT 5.0 3.3.2.3.4");
}

/* What cannot be taken, whoever sends it. False: the client was ended. */
static bool is_acceptable(struct client *client, struct packet_publish *publish)
{
	if (publish->qos && !incoming_may_come(&client->session->incoming, publish->id))
		return end(client, REASON_RECEIVE_MAXIMUM, "MQTT-3.3.4-7");
	return resolve_alias(client, publish);
}

/* 0x00 whether or not anybody listens: the sender learns nothing of the readers. A QoS 2 message is
 * held until its PUBREL; one that comes again before that is the same [SUB-25, MQTT-4.3.3-10]. */
static uint8_t route(struct session *session, const struct packet_publish *publish)
{
	struct message *message;
	uint8_t code;

	if (publish->qos == 1 && incoming_holds(&session->incoming, publish->id))
		return REASON_ID_IN_USE;
	message = message_new(publish->topic, publish->payload, &publish->properties, publish->qos,
			      session->service->now.monotonic_ms);
	if (!message)
		return REASON_IMPLEMENTATION;
	message_sign(message, session->author, publish->retain);
	code = (uint8_t)retain_admit(session->service, session->organisation, message);
	if (!code && publish->qos == 2)
		code = (uint8_t)incoming_hold(&session->incoming, publish->id, message);
	else if (!code)
		deliver(session->service, session->organisation, message, session);
	message_release(message);
	return code;
}

static void acknowledge(struct client *client, const struct packet_publish *publish, uint8_t code)
{
	if (publish->qos == 2 && code >= 0x80) /* [MQTT-4.3.3-9] the exchange is over */
		message_release(incoming_take(&client->session->incoming, publish->id));
	if (publish->qos)
		send_ack(client, publish->qos == 1 ? PACKET_PUBACK : PACKET_PUBREC, publish->id, code);
}

/* [PUB-02] Without a grant the message goes nowhere, nor does it touch what is retained [RET-01]. [PUB-03] At QoS 1
 * and 2 the sender is told so and stays; at QoS 0 there is nothing to tell it with. */
void handle_publish(struct client *client, const struct packet *packet)
{
	struct packet_publish resolved = packet->publish; /* its topic, where an alias stood for it */
	const struct packet_publish *publish = &resolved;
	struct session *session = client->session;
	struct request request = { .door = DOOR_PUBLISH, .qos = publish->qos, .retain = publish->retain,
				   .now_ms = client->service->now.wall_ms };
	struct decision decision;
	uint8_t code;

	if (!is_acceptable(client, &resolved))
		return;
	request.topic = publish->topic;
	decision = gate_ask(client->service->gate, &session->identity, &request);
	code = decision.allowed ? route(session, publish) : decision.code;
	acknowledge(client, publish, code);
}
