/* [ORG-01] One organisation: its own topic tree and its own sessions. A session holds a pointer to
 * its organisation and reaches nothing outside it; no name is ever joined with the organisation's.
 * An organisation exists as long as it has a session or a retained message. */
#ifndef MQTT_AGENT_ORGANISATION_H
#define MQTT_AGENT_ORGANISATION_H

#include "retained.h"
#include "session.h"
#include "share.h"
#include "tree.h"

struct organisation {
	char name[CLAIM_VALUE_MAX + 1];
	struct tree *tree;
	struct shares shares;
	struct retained *retained; /* this organisation's own [RET-05] */
	void *clients; /* tsearch root: client id -> sessions of different owners */
	void *owners;  /* tsearch root of struct owner */
	size_t session_count;
};

/* What the sessions of one owner have in common. */
struct owner {
	struct identity identity; /* first, so that an identity can stand in for it */
	size_t session_count;
	size_t waiting_count; /* have no connection */
};

/* Finds or founds; NULL when out of memory. To be released when it gets no session after all. */
struct organisation *organisation_enter(struct service *service, struct slice name);
/* Frees it when it has nothing. */
void organisation_leave(struct service *service, struct organisation *organisation);
/* NULL when there is none. */
struct organisation *organisation_find(const struct service *service, struct slice name);

/* NULL when it has no session. */
const struct owner *organisation_owner(const struct organisation *organisation, const struct identity *identity);
/* The session of this owner under this client id: the one way to find a session. NULL: none. */
struct session *organisation_session(const struct organisation *organisation, const struct identity *owner,
				     struct slice client_id);
bool organisation_add_session(struct organisation *organisation, struct session *session);
void organisation_remove_session(struct organisation *organisation, struct session *session);

#endif
