/* CONNECT: the one place where identity is established. */
#include "crypto.h"
#include "deliver.h"
#include "handlers.h"
#include "journal.h"
#include "organisation.h"
#include "write.h"

/* Why a CONNECT is refused: the code for the client, the rest for the log. */
struct refused {
	uint8_t code; /* 0: it is not */
	const char *rule, *why;
};

static struct refused refusal_of(uint8_t code, const char *rule, const char *why)
{
	return (struct refused){ code, rule, why };
}

/* [AUTH-03] The code and nothing else; then the end. What was sent behind this packet is never
 * looked at [AUTH-02]. */
void refuse_connect(struct client *client, uint8_t code, const char *rule, const char *why)
{
	journal_refused(client, code, rule, why);
	write_connack_refusal(client_stage(client), code);
	client_close(client, NULL);
}

/* [AUTH-02] A token in the Password and nowhere else; neither User Name nor Client Identifier is
 * looked at, and no state is before the token stands. */
static struct refused authenticate(const struct client *client, const struct packet_connect *connect,
				   struct identity *identity)
{
	struct refusal refusal = { NULL, NULL };

	if (properties_have(&connect->properties, PROPERTY_AUTH_METHOD))
		return refusal_of(REASON_METHOD, "MQTT-4.12.0-1", "no authentication method is offered");
	if (!connect->has_password)
		return refusal_of(REASON_CREDENTIALS, "AUTH-02", "no Password");
	if (!token_verify(client->service->trust, connect->password, client->service->now.wall_ms, identity,
			  &refusal))
		return refusal_of(REASON_CREDENTIALS, refusal.rule, refusal.why);
	return refusal_of(0, NULL, NULL);
}

static struct refused ask(const struct client *client, const struct identity *identity, enum door door,
			  const struct packet_will *will)
{
	struct request request = { door, slice_of(NULL, 0), 0, false, client->service->now.wall_ms };
	struct decision decision;

	if (will) {
		request.topic = will->topic;
		request.qos = will->qos;
		request.retain = will->retain;
	}
	decision = gate_ask(client->service->gate, identity, &request);
	return decision.allowed ? refusal_of(0, NULL, NULL) : refusal_of(decision.code, decision.why, door_name(door));
}

/* What the will asks for must be there, and must be lawful now: a will that could not be sent is
 * refused at the start and not dropped at the end. */
static struct refused admit_will(const struct client *client, const struct identity *identity,
				 const struct packet_will *will)
{
	if (will->qos > 1)
		return refusal_of(REASON_QOS_UNSUPPORTED, "MQTT-3.2.2-12", "will of QoS 2");
	if (will->retain)
		return refusal_of(REASON_RETAIN_UNSUPPORTED, "MQTT-3.2.2-13", "retained will");
	return ask(client, identity, DOOR_WILL_ACCEPT, will);
}

static struct refused admit(const struct client *client, const struct packet_connect *connect,
			    struct identity *identity)
{
	struct refused refused = authenticate(client, connect, identity);

	if (!refused.code)
		refused = ask(client, identity, DOOR_CONNECT, NULL);
	if (!refused.code && connect->has_will)
		refused = admit_will(client, identity, &connect->will);
	return refused;
}

/* [MQTT-3.1.4-3] Only its own owner takes a session over. The will of the old connection is routed
 * before the new one hears of its success. */
static void take_over(struct service *service, const struct identity *identity, struct slice client_id)
{
	struct organisation *organisation = organisation_find(service, identity_claim(identity, CLAIM_ORG_ID));
	struct session *old = organisation ? organisation_session(organisation, identity, client_id) : NULL;

	if (!old)
		return;
	client_end(old->client, REASON_TAKEN_OVER, "taken over");
	session_end(old);
}

static bool keep_will(struct session *session, const struct packet_connect *connect)
{
	const struct packet_will *will = &connect->will;

	if (!connect->has_will)
		return true;
	session->will = message_new(will->topic, will->payload, &will->properties, will->qos,
				    session->service->now.monotonic_ms);
	return session->will != NULL;
}

static bool open_session(struct client *client, const struct packet_connect *connect, const struct identity *identity)
{
	take_over(client->service, identity, connect->client_id);
	client->session = session_new(client, identity, connect->client_id);
	if (!client->session)
		return false;
	if (keep_will(client->session, connect))
		return true;
	session_end(client->session);
	return false;
}

static void obey_wishes(struct client *client, const struct packet_connect *connect)
{
	const struct properties *wishes = &connect->properties;
	uint32_t window = properties_number(wishes, PROPERTY_RECEIVE_MAXIMUM, UINT16_MAX);

	client->window = window < LIMIT_INFLIGHT ? window : LIMIT_INFLIGHT;
	client->maximum_packet = properties_number(wishes, PROPERTY_MAXIMUM_PACKET_SIZE, UINT32_MAX);
	client->session_expiry = properties_number(wishes, PROPERTY_SESSION_EXPIRY, 0);
	client->keep_alive_ms = (int64_t)connect->keep_alive * 1500; /* [MQTT-3.1.2-22] */
}

static void welcome(struct client *client, const struct packet_connect *connect)
{
	struct connack connack = { slice_of(NULL, 0), LIMIT_RECEIVE_MAXIMUM, LIMIT_PACKET_BYTES };
	size_t before = client->staged.size;

	if (!connect->client_id.size)
		connack.assigned_client_id = client->session->client_id; /* [MQTT-3.2.2-16] */
	client->state = CLIENT_CONNECTED;
	obey_wishes(client, connect);
	journal_accepted(client);
	write_connack(client_stage(client), &connack);
	client_check_answer(client, before);
}

void handle_connect(struct client *client, const struct packet *packet)
{
	const struct packet_connect *connect = &packet->connect;
	struct identity identity;
	struct refused refused = admit(client, connect, &identity);

	if (refused.code)
		refuse_connect(client, refused.code, refused.rule, refused.why);
	else if (open_session(client, connect, &identity))
		welcome(client, connect);
	else
		refuse_connect(client, REASON_UNAVAILABLE, "MQTT 5.0 3.2.2.2", "out of memory");
}
