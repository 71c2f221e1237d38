/* DISCONNECT: the client's own end. */
#include "handlers.h"

void handle_disconnect(struct client *client, const struct packet *packet)
{
	const struct packet_reason *reason = &packet->reason;

	/* [MQTT-3.14.2-2] An expiry that CONNECT did not ask for cannot be asked for now. */
	if (!client->session_expiry && properties_number(&reason->properties, PROPERTY_SESSION_EXPIRY, 0)) {
		client_end(client, REASON_PROTOCOL_ERROR, "MQTT-3.14.2-2");
		return;
	}
	if (reason->code == REASON_SUCCESS) { /* [MQTT-3.14.4-3] the will is deleted */
		message_release(client->session->will);
		client->session->will = NULL;
	}
	client_close(client, "DISCONNECT");
}
