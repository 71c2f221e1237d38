/* PUBACK: a place in the window is free again, whatever the code says. One for an id that is not on
 * its way changes nothing. */
#include "deliver.h"
#include "handlers.h"

void handle_puback(struct client *client, const struct packet *packet)
{
	if (delivery_done(client->session, packet->reason.id))
		deliver_queued(client->session);
}
