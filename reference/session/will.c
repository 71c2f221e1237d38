/* Wills. */
#include "will.h"
#include "deliver.h"

struct message *will_message(const struct packet_will *will, int64_t now_ms)
{
	return message_new(will->topic, will->payload, &will->properties, will->qos, now_ms);
}

void will_cancel(struct session *session)
{
	message_release(session->will);
	session->will = NULL;
}

/* [WIL-01] [WIL-03] Decided as the publish that it is, [WIL-07] under the policy in force. [MQTT-3.1.2-10] Once. Its
 * expiry counts from now (MQTT 5.0 3.1.3.2.4). */
void will_send(struct session *session)
{
	struct message *will = session->will;
	struct request request = { .door = DOOR_WILL_SEND, .now_ms = session->service->now.wall_ms };

	if (!will)
		return;
	session->will = NULL;
	request.topic = will->topic;
	request.qos = will->qos;
	request.retain = will->retain;
	will->arrived_ms = session->service->now.monotonic_ms;
	if (gate_ask(session->service->gate, &session->identity, &request).allowed)
		deliver(session->service, session->organisation, will, session);
	message_release(will);
}
