/* Messages. */
#include "message.h"

#include <stdlib.h>

/* [SUB-20] Forwarded are the properties that describe the message; alias, subscription identifier and will
 * delay describe how it came. */
static bool is_forwarded(enum property_id id)
{
	return id == PROPERTY_PAYLOAD_FORMAT || id == PROPERTY_CONTENT_TYPE || id == PROPERTY_RESPONSE_TOPIC ||
	       id == PROPERTY_CORRELATION_DATA || id == PROPERTY_USER;
}

/* Copies the bytes to *place, moves it behind them and returns the copy. */
static struct slice append(unsigned char **place, struct slice bytes)
{
	struct slice copy = slice_of(*place, bytes.size);

	if (bytes.size)
		memcpy(*place, bytes.data, bytes.size);
	*place += bytes.size;
	return copy;
}

static struct slice append_forwarded(unsigned char **place, const struct properties *properties)
{
	struct slice rest = properties->raw, copy = slice_of(*place, 0);
	struct property property;

	while (property_next(&rest, &property))
		if (is_forwarded(property.id))
			copy.size += append(place, property.raw).size;
	return copy;
}

struct message *message_new(struct slice topic, struct slice payload, const struct properties *properties, uint8_t qos,
			    int64_t now_ms)
{
	struct message *message =
		calloc(1, sizeof *message + topic.size + payload.size + properties->raw.size);
	unsigned char *place;

	if (!message)
		return NULL;
	place = (unsigned char *)(message + 1);
	message->references = 1;
	message->topic = append(&place, topic);
	message->payload = append(&place, payload);
	message->properties = append_forwarded(&place, properties);
	message->arrived_ms = now_ms;
	message->has_expiry = properties_have(properties, PROPERTY_MESSAGE_EXPIRY);
	message->expiry = properties_number(properties, PROPERTY_MESSAGE_EXPIRY, 0);
	message->qos = qos;
	return message;
}

struct author *author_new(const struct identity *identity)
{
	struct author *author = calloc(1, sizeof *author);

	if (!author)
		return NULL;
	author->references = 1;
	author->identity = *identity;
	return author;
}

void author_release(struct author *author)
{
	if (author && !--author->references)
		free(author);
}

void message_sign(struct message *message, struct author *author, bool retain)
{
	author->references++;
	author_release(message->author);
	message->author = author;
	message->retain = retain;
}

struct message *message_hold(struct message *message)
{
	message->references++;
	return message;
}

void message_release(struct message *message)
{
	if (!message || --message->references)
		return;
	author_release(message->author);
	free(message);
}

static int64_t seconds_waited(const struct message *message, int64_t now_ms)
{
	return (now_ms - message->arrived_ms) / 1000;
}

/* A message that arrived in this very moment is not late, even with an interval of zero. */
bool message_expired(const struct message *message, int64_t now_ms)
{
	return message->has_expiry && now_ms > message->arrived_ms &&
	       now_ms - message->arrived_ms >= (int64_t)message->expiry * 1000;
}

/* [SUB-22] */
uint32_t message_expiry_left(const struct message *message, int64_t now_ms)
{
	int64_t left = (int64_t)message->expiry - seconds_waited(message, now_ms);

	return left > 0 ? (uint32_t)left : 0;
}

size_t message_size(const struct message *message)
{
	return sizeof *message + message->topic.size + message->payload.size + message->properties.size;
}
