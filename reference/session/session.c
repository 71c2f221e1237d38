/* Sessions: birth, connection, end. */
#include "session.h"
#include "client.h"
#include "organisation.h"
#include "waiting.h"
#include "will.h"

#include "crypto.h"

#include <stdio.h>
#include <stdlib.h>

enum { ASSIGNED_BYTES = 16 };

/* [SUB-01, MQTT-3.1.3-6] An id that nobody guesses, so that nobody takes the session over by it. */
static char *assigned_id(void)
{
	unsigned char bytes[ASSIGNED_BYTES];
	struct buf text;
	char *id = NULL;

	if (!random_bytes(bytes, sizeof bytes))
		return NULL;
	buf_init(&text, 64);
	buf_text(&text, "auto-");
	for (size_t i = 0; i < sizeof bytes; i++)
		buf_format(&text, "%02x", (unsigned)bytes[i]);
	if (!text.failed)
		id = slice_copy(buf_slice(&text));
	buf_release(&text);
	return id;
}

static bool session_name(struct session *session, struct slice client_id)
{
	char *copy = client_id.size ? slice_copy(client_id) : assigned_id();

	if (!copy)
		return false;
	session->client_id = slice_of(copy, client_id.size ? client_id.size : strlen(copy));
	return true;
}

static void session_free(struct session *session)
{
	outgoing_release(&session->outgoing);
	incoming_release(&session->incoming);
	message_release(session->will);
	author_release(session->author);
	buf_release(&session->match.ids);
	free((void *)(uintptr_t)session->client_id.data);
	free(session);
}

struct session *session_new(struct service *service, const struct identity *identity, struct slice client_id)
{
	struct session *session = calloc(1, sizeof *session);

	if (!session)
		return NULL;
	session->service = service;
	session->identity = *identity;
	outgoing_init(&session->outgoing);
	buf_init(&session->match.ids, LIMIT_SUBSCRIPTIONS * (1 + VARINT_BYTES_MAX));
	session->author = author_new(identity);
	if (!session->author || !session_name(session, client_id))
		goto failed;
	session->organisation = organisation_enter(service, identity_claim(identity, CLAIM_ORG_ID));
	if (!session->organisation)
		goto failed;
	if (organisation_add_session(session->organisation, session))
		return session;
	organisation_leave(service, session->organisation);
failed:
	session_free(session);
	return NULL;
}

void session_join(struct session *session, struct client *client, const struct identity *identity)
{
	struct author *author = author_new(identity);

	waiting_remove(session);
	will_cancel(session); /* [SUB-19] */
	session->identity = *identity; /* [WIL-06] and its end */
	if (author) { /* else the earlier one speaks for the same owner */
		author_release(session->author);
		session->author = author;
	}
	session->client = client;
	client->session = session;
	outgoing_restart(&session->outgoing);
	incoming_restart(&session->incoming);
}

bool session_connected(const struct session *session)
{
	return session->client && session->client->state == CLIENT_CONNECTED;
}

void session_break(struct session *session, enum reason code, const char *why)
{
	session->expiry = 0;
	if (session->client)
		client_end(session->client, code, why);
	else
		waiting_end(session);
}

void session_end(struct session *session)
{
	struct service *service = session->service;
	struct organisation *organisation = session->organisation;

	waiting_remove(session);
	organisation_remove_session(organisation, session);
	while (session->subscriptions.first)
		subscription_remove(session, session->subscriptions.first);
	will_send(session);
	session_free(session);
	organisation_leave(service, organisation);
}
