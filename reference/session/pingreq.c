/* PINGREQ [MQTT-3.12.4-1]. */
#include "handlers.h"
#include "write.h"

void handle_pingreq(struct client *client, const struct packet *packet)
{
	size_t before = client->staged.size;

	(void)packet;
	write_pingresp(client_stage(client));
	client_check_answer(client, before);
}
