/* Retained messages. */
#include "retain.h"
#include "deliver.h"
#include "journal.h"
#include "send.h"

#include <stdlib.h>

struct kept_message {
	struct kept kept; /* first: what the store gives back is one of these */
	struct message *message;
};

static struct message *message_of(const struct kept *kept)
{
	return ((const struct kept_message *)kept)->message;
}

static void kept_free(struct kept *kept)
{
	struct kept_message *one = (struct kept_message *)kept;

	if (!one)
		return;
	message_release(one->message);
	free(one);
}

static void forget(struct organisation *organisation, struct kept *kept)
{
	retained_remove(organisation->retained, kept);
	kept_free(kept);
}

static void forget_expired(struct organisation *organisation, int64_t now_ms)
{
	struct kept *next;

	for (struct kept *kept = retained_all(organisation->retained); kept; kept = next) {
		next = kept->next;
		if (message_expired(message_of(kept), now_ms))
			forget(organisation, kept);
	}
}

/* With its author, as if no other message had the same. */
static size_t size_of(const struct message *message)
{
	return sizeof(struct kept_message) + message_size(message) + sizeof(struct author);
}

static bool has_room(struct service *service, struct organisation *organisation, const struct message *message)
{
	if (retained_has_room(organisation->retained, message->topic, size_of(message)))
		return true;
	forget_expired(organisation, service->now.monotonic_ms);
	return retained_has_room(organisation->retained, message->topic, size_of(message));
}

enum reason retain_admit(struct service *service, struct organisation *organisation, const struct message *message)
{
	if (!message->retain || !message->payload.size)
		return REASON_SUCCESS;
	if (tree_levels(message->topic) > LIMIT_FILTER_LEVELS)
		return REASON_TOPIC_INVALID;
	return has_room(service, organisation, message) ? REASON_SUCCESS : REASON_QUOTA;
}

static void clear(struct organisation *organisation, struct slice topic)
{
	struct kept *kept = retained_find(organisation->retained, topic);

	if (kept)
		forget(organisation, kept);
}

static bool keep(struct organisation *organisation, struct message *message)
{
	struct kept_message *one = calloc(1, sizeof *one);
	struct kept *old = NULL;

	if (!one)
		return false;
	one->message = message_hold(message);
	one->kept.topic = message->topic;
	one->kept.size = size_of(message);
	if (retained_put(organisation->retained, &one->kept, &old)) {
		kept_free(old);
		return true;
	}
	kept_free(&one->kept);
	return false;
}

/* [SUB-29] What cannot be kept leaves nothing older in its place: the last word on a topic is not an earlier one. */
void retain_apply(struct service *service, struct organisation *organisation, struct message *message)
{
	if (!message->retain) /* [RET-03] */
		return;
	if (!message->payload.size) { /* [RET-02] [SUB-30] [MQTT-3.3.1-6, -7] */
		clear(organisation, message->topic);
	} else if (retain_admit(service, organisation, message) != REASON_SUCCESS || !keep(organisation, message)) {
		clear(organisation, message->topic);
		journal_not_retained(service, organisation->name, message->topic);
	}
}

static void replay(struct session *session, const struct held_filter *held, struct message *message)
{
	struct delivery delivery = { .message = message, .retain = true, .door = DOOR_DELIVER_RETAINED };
	struct buf id;

	buf_init(&id, VARINT_BYTES_MAX + 1);
	if (held->id)
		property_put_number(&id, PROPERTY_SUBSCRIPTION_ID, held->id);
	delivery.qos = message->qos < held->qos ? message->qos : held->qos;
	delivery.subscription_ids = buf_slice(&id);
	if (id.failed)
		session_break(session, REASON_IMPLEMENTATION, "out of memory");
	else
		deliver_to(session, &delivery);
	buf_release(&id);
}

/* [RET-04] To what the filter matches. [DLV-06] A message that its author may not say any more is said no more, to
 * anybody. */
void retain_replay(struct session *session, const struct held_filter *held)
{
	struct service *service = session->service;
	struct organisation *organisation = session->organisation;
	struct kept *next;

	for (struct kept *kept = retained_match(organisation->retained, held->filter); kept; kept = next) {
		next = kept->next_found;
		if (message_expired(message_of(kept), service->now.monotonic_ms) ||
		    !message_may_be_said(service, message_of(kept), DOOR_DELIVER_RETAINED))
			forget(organisation, kept);
		else
			replay(session, held, message_of(kept));
	}
}

void retain_release(struct organisation *organisation)
{
	while (retained_all(organisation->retained))
		forget(organisation, retained_all(organisation->retained));
}
