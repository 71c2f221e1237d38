/* Sessions without a connection. */
#include "waiting.h"
#include "client.h"
#include "organisation.h"
#include "retain.h"
#include "will.h"

enum { DEADLINE_MAX_MS = 60000 };

static void note(struct service *service, int64_t due_ms)
{
	if (!service->waiting || due_ms < service->due_ms)
		service->due_ms = due_ms;
}

static void note_session(const struct session *session)
{
	note(session->service, session->waiting.end_ms);
	if (session->will)
		note(session->service, session->waiting.will_ms);
}

static void waiting_add(struct session *session)
{
	struct service *service = session->service;

	note_session(session);
	session->waiting.next = service->waiting;
	session->waiting.link = &service->waiting;
	if (service->waiting)
		service->waiting->waiting.link = &session->waiting.next;
	service->waiting = session;
	session->owner->waiting_count++;
}

void waiting_remove(struct session *session)
{
	if (!session->waiting.link)
		return;
	*session->waiting.link = session->waiting.next;
	if (session->waiting.next)
		session->waiting.next->waiting.link = session->waiting.link;
	session->waiting.link = NULL;
	session->owner->waiting_count--;
}

/* LIMIT_WAITING_SESSIONS. The list has the newest in front: the last one has waited longest. */
static void make_room(const struct owner *owner, struct service *service)
{
	struct session *longest = NULL;

	if (owner->waiting_count < LIMIT_WAITING_SESSIONS)
		return;
	for (struct session *session = service->waiting; session; session = session->waiting.next)
		if (session->owner == owner)
			longest = session;
	session_break(longest, REASON_QUOTA, "LIMIT_WAITING_SESSIONS");
}

void waiting_end(struct session *session)
{
	session->waiting.end_ms = session->service->now.monotonic_ms;
	note(session->service, session->waiting.end_ms);
}

/* [SUB-18, MQTT-3.1.3-9] The will waits for its delay, and no longer than the session. */
void session_leave(struct session *session)
{
	int64_t now_ms = session->service->now.monotonic_ms;
	uint32_t delay = session->will_delay < session->expiry ? session->will_delay : session->expiry;

	session->client->session = NULL;
	session->client = NULL;
	if (!session->expiry) {
		session_end(session);
		return;
	}
	make_room(session->owner, session->service);
	session->waiting.end_ms = now_ms + (int64_t)session->expiry * 1000;
	session->waiting.will_ms = now_ms + (int64_t)delay * 1000;
	waiting_add(session);
	if (!delay)
		will_send(session);
}

static void settle_one(struct session *session)
{
	int64_t now_ms = session->service->now.monotonic_ms;

	if (session->waiting.end_ms > now_ms && session->waiting.will_ms <= now_ms)
		will_send(session); /* which may bring the session's own end */
	if (session->waiting.end_ms <= now_ms)
		session_end(session);
	else
		note_session(session);
}

bool waiting_settle(struct service *service)
{
	struct session *next;

	if (!service->waiting || service->due_ms > service->now.monotonic_ms)
		return false;
	service->due_ms = INT64_MAX;
	for (struct session *session = service->waiting; session; session = next) {
		next = session->waiting.next;
		settle_one(session);
	}
	return true;
}

int64_t service_deadline_ms(const struct service *service)
{
	int64_t left = service->due_ms - service->now.monotonic_ms;

	if (!service->waiting || left > DEADLINE_MAX_MS)
		return DEADLINE_MAX_MS;
	return left > 0 ? left : 0;
}

void service_release(struct service *service)
{
	while (service->waiting) {
		will_cancel(service->waiting);
		session_end(service->waiting);
	}
	while (service->organisations) {
		struct organisation *organisation = *(struct organisation **)service->organisations;

		retain_release(organisation);
		organisation_leave(service, organisation);
	}
}
