/* PUBLISH: asked at the gate before anything is done with it. */
#include "deliver.h"
#include "handlers.h"
#include "write.h"

/* What was not announced in CONNACK and is used all the same. False: the client was ended. */
static bool is_offered(struct client *client, const struct packet_publish *publish)
{
	if (publish->qos > 1)
		client_end(client, REASON_QOS_UNSUPPORTED, "MQTT-3.2.2-11");
	else if (publish->retain)
		client_end(client, REASON_RETAIN_UNSUPPORTED, "MQTT-3.2.2-14");
	else if (properties_have(&publish->properties, PROPERTY_TOPIC_ALIAS))
		client_end(client, REASON_ALIAS_INVALID, "MQTT-3.2.2-18");
	return client->state == CLIENT_CONNECTED;
}

/* 0x00 whether or not anybody listens: the sender learns nothing of the readers. */
static uint8_t route(struct session *session, const struct packet_publish *publish)
{
	struct message *message = message_new(publish->topic, publish->payload, &publish->properties, publish->qos,
					      session->service->now.monotonic_ms);

	if (!message)
		return REASON_IMPLEMENTATION;
	deliver(session->service, session->organisation, message, session);
	message_release(message);
	return REASON_SUCCESS;
}

static void acknowledge(struct client *client, uint16_t id, uint8_t code)
{
	size_t before = client->staged.size;

	if (client->state != CLIENT_CONNECTED)
		return;
	write_puback(client_stage(client), id, code);
	client_check_answer(client, before);
}

/* [PUB-02] Without a grant the message goes nowhere. [PUB-03] At QoS 1 the sender is told so and
 * stays; at QoS 0 there is nothing to tell it with. */
void handle_publish(struct client *client, const struct packet *packet)
{
	const struct packet_publish *publish = &packet->publish;
	struct session *session = client->session;
	struct request request = { DOOR_PUBLISH, publish->topic, publish->qos, publish->retain,
				   client->service->now.wall_ms };
	struct decision decision;
	uint8_t code;

	if (!is_offered(client, publish))
		return;
	decision = gate_ask(client->service->gate, &session->identity, &request);
	code = decision.allowed ? route(session, publish) : decision.code;
	if (publish->qos)
		acknowledge(client, publish->id, code);
}
