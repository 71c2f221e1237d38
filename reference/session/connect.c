/* CONNECT: the one place where identity is established. */
#include "handlers.h"
#include "journal.h"
#include "organisation.h"
#include "waiting.h"
#include "will.h"
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
 * looked at [AUTH-08], nor the Password where another method is asked for [AUTH-09], and no state is before the token
 * stands [DLV-05]. [AUTH-06] Whatever is wrong with it, the code
 * is the same. */
static struct refused authenticate(const struct client *client, const struct packet_connect *connect,
				   struct identity *identity)
{
	struct refusal refusal = { NULL, NULL };

	if (!rate_take(&client->service->connects, slice_text(client->peer), client->service->now.monotonic_ms))
		return refusal_of(REASON_CONNECT_RATE, "LIMIT_CONNECT_RATE", "too many from this address");
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
	struct request request = { .door = door, .now_ms = client->service->now.wall_ms };
	struct decision decision;

	if (will) {
		request.topic = will->topic;
		request.qos = will->qos;
		request.retain = will->retain;
	}
	decision = gate_ask(client->service->gate, identity, &request);
	return decision.allowed ? refusal_of(0, NULL, NULL) : refusal_of(decision.code, decision.why, door_name(door));
}

/* One that takes another's place is not one more. */
static struct refused admit_one_more(const struct client *client, const struct identity *identity,
				     struct slice client_id)
{
	const struct organisation *organisation =
		organisation_find(client->service, identity_claim(identity, CLAIM_ORG_ID));
	const struct owner *owner = organisation ? organisation_owner(organisation, identity) : NULL;
	const struct session *same;

	if (!owner || owner->session_count - owner->waiting_count < LIMIT_OWNER_CONNECTIONS)
		return refusal_of(0, NULL, NULL);
	same = organisation_session(organisation, identity, client_id);
	if (same && same->client)
		return refusal_of(0, NULL, NULL);
	return refusal_of(REASON_QUOTA, "LIMIT_OWNER_CONNECTIONS", "too many of this owner");
}

/* [WIL-02] A will must be lawful now: one that could not be sent is refused at the start and not dropped at
 * the end. */
static struct refused admit(const struct client *client, const struct packet_connect *connect,
			    struct identity *identity)
{
	struct refused refused = authenticate(client, connect, identity);

	if (!refused.code)
		refused = ask(client, identity, DOOR_CONNECT, NULL);
	if (!refused.code)
		refused = admit_one_more(client, identity, connect->client_id);
	if (!refused.code && connect->has_will)
		refused = ask(client, identity, DOOR_WILL_ACCEPT, &connect->will);
	return refused;
}

/* [SUB-14, MQTT-3.1.4-3] Only its own owner takes a session over. The will of the old connection, where it
 * is due, is routed before the new one hears of its success. Returns the session that is there then. */
static struct session *take_over(struct service *service, const struct identity *identity, struct slice client_id)
{
	struct organisation *organisation = organisation_find(service, identity_claim(identity, CLAIM_ORG_ID));
	struct session *old = organisation ? organisation_session(organisation, identity, client_id) : NULL;
	bool remains;

	if (!old || !old->client)
		return old;
	client_end(old->client, REASON_TAKEN_OVER, "taken over");
	remains = old->expiry > 0;
	session_leave(old);
	return remains ? old : NULL;
}

/* [SUB-13, MQTT-3.1.2-4, -5] The session that goes on, or NULL. One whose end has come is not resumed, nor
 * one that holds a subscription which is not granted any more. */
static struct session *resume(struct service *service, const struct identity *identity,
			      const struct packet_connect *connect)
{
	struct session *old = take_over(service, identity, connect->client_id);

	if (!old || (!connect->clean_start && old->waiting.end_ms > service->now.monotonic_ms &&
		     subscriptions_stand(old, identity)))
		return old;
	session_end(old);
	return NULL;
}

/* [MQTT-3.1.2-6] */
static struct session *begin(struct service *service, const struct identity *identity, struct slice client_id)
{
	const struct organisation *organisation = organisation_find(service, identity_claim(identity, CLAIM_ORG_ID));

	if (organisation && organisation->session_count >= LIMIT_SESSIONS)
		return NULL;
	return session_new(service, identity, client_id);
}

static void obey_wishes(struct client *client, const struct packet_connect *connect, struct connack *connack)
{
	const struct properties *wishes = &connect->properties;
	uint32_t window = properties_number(wishes, PROPERTY_RECEIVE_MAXIMUM, UINT16_MAX);
	uint32_t expiry = properties_number(wishes, PROPERTY_SESSION_EXPIRY, 0);
	bool patient = connect->keep_alive && connect->keep_alive <= LIMIT_KEEP_ALIVE;

	client->window_maximum = window < LIMIT_INFLIGHT ? window : LIMIT_INFLIGHT;
	client->window = client->window_maximum;
	client->alias_maximum = properties_number(wishes, PROPERTY_TOPIC_ALIAS_MAXIMUM, 0);
	client->maximum_packet = properties_number(wishes, PROPERTY_MAXIMUM_PACKET_SIZE, UINT32_MAX);
	client->asked_for_expiry = expiry > 0;
	client->session->expiry = expiry < LIMIT_SESSION_EXPIRY ? expiry : LIMIT_SESSION_EXPIRY;
	connack->has_session_expiry = client->session->expiry != expiry;
	connack->session_expiry = client->session->expiry;
	connack->server_keep_alive = patient ? 0 : LIMIT_KEEP_ALIVE;
	client->keep_alive_ms = (patient ? connect->keep_alive : LIMIT_KEEP_ALIVE) * INT64_C(1500); /* [MQTT-3.1.2-22] */
}

/* What the session is owed comes behind the CONNACK [MQTT-4.4.0-1]. */
static void welcome(struct client *client, const struct packet_connect *connect, bool resumed)
{
	struct connack connack = { .session_present = resumed, /* [MQTT-3.2.2-2, -3] */
				   .receive_maximum = LIMIT_RECEIVE_MAXIMUM,
				   .maximum_packet_size = LIMIT_PACKET_BYTES,
				   .topic_alias_maximum = LIMIT_TOPIC_ALIASES };
	size_t before = client->staged.size;

	if (!connect->client_id.size)
		connack.assigned_client_id = client->session->client_id; /* [MQTT-3.2.2-16] */
	client->state = CLIENT_CONNECTED;
	obey_wishes(client, connect, &connack);
	journal_accepted(client);
	write_connack(client_stage(client), &connack);
	client_check_answer(client, before);
	outgoing_pump(client->session, DOOR_DELIVER_QUEUED);
}

/* The will is made before anything is taken over: what can fail here fails first. */
static void admitted(struct client *client, const struct packet_connect *connect, const struct identity *identity)
{
	struct service *service = client->service;
	struct message *will = connect->has_will ? will_message(&connect->will, service->now.monotonic_ms) : NULL;
	struct session *old, *session;

	if (connect->has_will && !will) {
		refuse_connect(client, REASON_UNAVAILABLE, "MQTT 5.0 3.2.2.2", "out of memory");
		return;
	}
	old = resume(service, identity, connect);
	session = old ? old : begin(service, identity, connect->client_id);
	if (!session) {
		message_release(will);
		refuse_connect(client, REASON_QUOTA, "LIMIT_SESSIONS", "no room for a session");
		return;
	}
	session_join(session, client, identity);
	session->will = will;
	if (will)
		message_sign(will, session->author, connect->will.retain);
	session->will_delay = properties_number(&connect->will.properties, PROPERTY_WILL_DELAY, 0);
	welcome(client, connect, old != NULL);
}

void handle_connect(struct client *client, const struct packet *packet)
{
	const struct packet_connect *connect = &packet->connect;
	struct identity identity;
	struct refused refused = admit(client, connect, &identity);

	if (refused.code)
		refuse_connect(client, refused.code, refused.rule, refused.why);
	else
		admitted(client, connect, &identity);
}
