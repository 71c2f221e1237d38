/* DISCONNECT: the client's own end. */
#include "handlers.h"
#include "will.h"

void handle_disconnect(struct client *client, const struct packet *packet)
{
	const struct packet_reason *reason = &packet->reason;
	struct session *session = client->session;
	uint32_t expiry = properties_number(&reason->properties, PROPERTY_SESSION_EXPIRY, session->expiry);

	/* [MQTT-3.14.2-2] An expiry that CONNECT did not ask for cannot be asked for now. */
	if (!client->asked_for_expiry && expiry) {
		client_end(client, REASON_PROTOCOL_ERROR, "MQTT-3.14.2-2");
		return;
	}
	session->expiry = expiry < LIMIT_SESSION_EXPIRY ? expiry : LIMIT_SESSION_EXPIRY;
	if (reason->code == REASON_SUCCESS) /* [SUB-17, MQTT-3.14.4-3]; [SUB-16] else it is sent */
		will_cancel(session);
	client_close(client, "DISCONNECT");
}
