/* PUBACK, PUBREC and PUBCOMP: what a client says of the messages that it was sent. One for an
 * identifier that is not on its way changes nothing. */
#include "handlers.h"
#include "outgoing.h"
#include "send.h"

static void acknowledged(struct client *client, uint16_t id, enum sender_event event)
{
	switch (outgoing_event(client->session, id, event)) {
	case ANSWER_ERROR:
		client_end(client, REASON_PROTOCOL_ERROR, "acknowledges another quality of service");
		return;
	case ANSWER_PUBREL:
		send_ack(client, PACKET_PUBREL, id, REASON_SUCCESS);
		break;
	case ANSWER_UNKNOWN:
		send_ack(client, PACKET_PUBREL, id, REASON_ID_NOT_FOUND);
		break;
	default:
		break;
	}
	outgoing_pump(client->session, DOOR_DELIVER_QUEUED);
}

/* A place in the window is free again, whatever the code says. */
void handle_puback(struct client *client, const struct packet *packet)
{
	acknowledged(client, packet->reason.id, GOT_PUBACK);
}

void handle_pubrec(struct client *client, const struct packet *packet)
{
	acknowledged(client, packet->reason.id, packet->reason.code < 0x80 ? GOT_PUBREC : GOT_REFUSED);
}

void handle_pubcomp(struct client *client, const struct packet *packet)
{
	acknowledged(client, packet->reason.id, GOT_PUBCOMP);
}
