/* PUBREL: the sender knows that its message has arrived. Only now it is delivered, and so it is
 * decided again: what was lawful at PUBLISH may not be now. */
#include "deliver.h"
#include "handlers.h"
#include "send.h"

static bool is_allowed(const struct session *session, const struct message *message)
{
	struct request request = { .door = DOOR_PUBLISH, .topic = message->topic, .qos = message->qos, .retain = message->retain,
				   .now_ms = session->service->now.wall_ms };

	return gate_ask(session->service->gate, &session->identity, &request).allowed;
}

/* [MQTT-4.3.3-12] */
void handle_pubrel(struct client *client, const struct packet *packet)
{
	struct session *session = client->session;
	uint16_t id = packet->reason.id;
	struct message *message = incoming_take(&session->incoming, id);

	if (!message) {
		send_ack(client, PACKET_PUBCOMP, id, REASON_ID_NOT_FOUND);
	} else if (!is_allowed(session, message)) {
		client_end(client, REASON_NOT_AUTHORIZED, "a half-received message is no longer allowed");
	} else {
		if (!message_expired(message, session->service->now.monotonic_ms))
			deliver(session->service, session->organisation, message, session);
		send_ack(client, PACKET_PUBCOMP, id, REASON_SUCCESS);
	}
	message_release(message);
}
