/* Organisations, and the sessions inside each. */
#include "organisation.h"
#include "order.h"

#include <search.h>
#include <stdlib.h>

/* All sessions of one organisation that carry the same client id: one an owner. */
struct client_id {
	struct slice name; /* first, so that a key can stand in for it; the bytes stand behind the struct */
	struct session *sessions;
};

static int compare_ids(const void *a, const void *b)
{
	return slice_order(*(const struct slice *)a, *(const struct slice *)b);
}

/* A key for an organisation is an organisation's name, terminated. */
static int compare_organisations(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Equal where the owner is the same: identity_same_owner. */
static int compare_owners(const void *a, const void *b)
{
	const struct identity *one = a, *other = b;
	int order = 0;

	for (int claim = 0; !order && claim < CLAIM_COUNT; claim++)
		order = strcmp(one->claims[claim], other->claims[claim]);
	return order;
}

static bool name_copy(char out[CLAIM_VALUE_MAX + 1], struct slice name)
{
	memset(out, 0, CLAIM_VALUE_MAX + 1);
	if (!claim_value_valid(name))
		return false;
	memcpy(out, name.data, name.size);
	return true;
}

struct organisation *organisation_find(const struct service *service, struct slice name)
{
	char key[CLAIM_VALUE_MAX + 1];
	void *found = name_copy(key, name) ? tfind(key, &service->organisations, compare_organisations) : NULL;

	return found ? *(struct organisation **)found : NULL;
}

static void organisation_free(struct organisation *organisation)
{
	tree_free(organisation->tree);
	retained_free(organisation->retained);
	free(organisation);
}

struct organisation *organisation_enter(struct service *service, struct slice name)
{
	struct organisation *organisation = organisation_find(service, name);

	if (organisation)
		return organisation;
	organisation = calloc(1, sizeof *organisation);
	if (!organisation)
		return NULL;
	organisation->tree = tree_new();
	organisation->retained = retained_new(LIMIT_RETAINED_MESSAGES, LIMIT_RETAINED_BYTES);
	if (!organisation->tree || !organisation->retained || !name_copy(organisation->name, name) ||
	    !tsearch(organisation, &service->organisations, compare_organisations)) {
		organisation_free(organisation);
		return NULL;
	}
	return organisation;
}

void organisation_leave(struct service *service, struct organisation *organisation)
{
	if (organisation->session_count || retained_count(organisation->retained))
		return;
	tdelete(organisation, &service->organisations, compare_organisations);
	organisation_free(organisation);
}

static struct client_id *id_find(const struct organisation *organisation, struct slice name)
{
	void *found = tfind(&name, &organisation->clients, compare_ids);

	return found ? *(struct client_id **)found : NULL;
}

static struct client_id *id_add(struct organisation *organisation, struct slice name)
{
	struct client_id *id = calloc(1, sizeof *id + name.size);

	if (!id)
		return NULL;
	if (name.size)
		memcpy(id + 1, name.data, name.size);
	id->name = slice_of(id + 1, name.size);
	if (!tsearch(id, &organisation->clients, compare_ids)) {
		free(id);
		return NULL;
	}
	return id;
}

struct session *organisation_session(const struct organisation *organisation, const struct identity *owner,
				     struct slice client_id)
{
	const struct client_id *id = id_find(organisation, client_id);
	struct session *session = id ? id->sessions : NULL;

	while (session && !identity_same_owner(&session->identity, owner))
		session = session->next;
	return session;
}

const struct owner *organisation_owner(const struct organisation *organisation, const struct identity *identity)
{
	void *found = tfind(identity, &organisation->owners, compare_owners);

	return found ? *(struct owner **)found : NULL;
}

/* Finds or makes the owner. NULL when out of memory. */
static struct owner *owner_enter(struct organisation *organisation, const struct identity *identity)
{
	void *found = tfind(identity, &organisation->owners, compare_owners);
	struct owner *owner = found ? *(struct owner **)found : calloc(1, sizeof *owner);

	if (found || !owner)
		return owner;
	owner->identity = *identity;
	if (tsearch(owner, &organisation->owners, compare_owners))
		return owner;
	free(owner);
	return NULL;
}

static void owner_leave(struct organisation *organisation, struct owner *owner)
{
	if (owner->session_count)
		return;
	tdelete(owner, &organisation->owners, compare_owners);
	free(owner);
}

bool organisation_add_session(struct organisation *organisation, struct session *session)
{
	struct client_id *id = id_find(organisation, session->client_id);
	struct owner *owner = owner_enter(organisation, &session->identity);

	if (owner && !id)
		id = id_add(organisation, session->client_id);
	if (!owner || !id) {
		if (owner)
			owner_leave(organisation, owner);
		return false;
	}
	session->next = id->sessions;
	id->sessions = session;
	session->owner = owner;
	owner->session_count++;
	organisation->session_count++;
	return true;
}

void organisation_remove_session(struct organisation *organisation, struct session *session)
{
	struct client_id *id = id_find(organisation, session->client_id);
	struct session **link = &id->sessions;

	while (*link != session)
		link = &(*link)->next;
	*link = session->next;
	organisation->session_count--;
	session->owner->session_count--;
	owner_leave(organisation, session->owner);
	if (id->sessions)
		return;
	tdelete(id, &organisation->clients, compare_ids);
	free(id);
}
