#include "wire/read.h"

#include "wire/cursor.h"
#include "wire/property.h"

enum { PROTOCOL_LEVEL = 5, NO_LOCAL = 0x04 };

/* Notes the first complaint; the fields read after it are not believed. */
struct reader {
	struct cursor c;
	enum direction from;
	struct packet *packet;
	struct fault *fault;
	bool wrong;
};

static void complain(struct reader *r, enum fault_class class, const char *what)
{
	if (!r->wrong)
		fault_set(r->fault, class, "%s with %s", packet_name(r->packet->type), what);
	r->wrong = true;
}

static struct slice read_properties(struct reader *r, enum packet_type type)
{
	const char *name, *wrong;
	bool cut_before = r->c.failed; /* complained about at the end */
	struct slice properties = cursor_take(&r->c, cursor_varint(&r->c));
	if (cut_before)
		return slice_of(NULL, 0);
	if (r->c.failed) {
		complain(r, FAULT_MALFORMED, "a property length that does not fit");
		return slice_of(NULL, 0);
	}
	wrong = properties_check(properties, type, r->from, &name);
	if (wrong && !r->wrong) {
		r->wrong = true;
		fault_set(r->fault, FAULT_PROTOCOL, "%s with %s%s%s", packet_name(r->packet->type), wrong,
			  *name ? ": " : "", name);
	}
	return properties;
}

static uint16_t read_id(struct reader *r)
{
	uint16_t id = cursor_u16(&r->c);
	if (id == 0 && !r->c.failed)
		complain(r, FAULT_PROTOCOL, "Packet Identifier 0");
	return id;
}

static bool has_wildcard(struct slice topic)
{
	return topic.size > 0 && (memchr(topic.data, '#', topic.size) || memchr(topic.data, '+', topic.size));
}

static struct slice read_topic(struct reader *r, const char *wildcard)
{
	struct slice topic = cursor_string(&r->c);
	if (has_wildcard(topic))
		complain(r, FAULT_MALFORMED, wildcard);
	return topic;
}

/* [MQTT-3.3.2-14] A broker that forwards such a topic only repeats what a client said. */
static void check_response_topic(struct reader *r, struct slice properties)
{
	struct property response;
	if (!r->wrong && r->from == FROM_CLIENT && property_find(properties, PROPERTY_RESPONSE_TOPIC, &response) &&
	    has_wildcard(response.text))
		complain(r, FAULT_PROTOCOL, "a wildcard in its Response Topic");
}

static void read_will(struct reader *r, unsigned char flags)
{
	struct will *will = &r->packet->will;
	will->present = flags & 0x04;
	will->qos = flags >> 3 & 3;
	will->retain = flags & 0x20;
	if (will->qos == 3 || (!will->present && (flags & 0x38)))
		complain(r, FAULT_MALFORMED, "impossible will flags");
	if (!will->present)
		return;
	will->properties = read_properties(r, PACKET_WILL);
	check_response_topic(r, will->properties);
	will->topic = read_topic(r, "a wildcard in its Will Topic");
	if (will->topic.size == 0 && !r->c.failed)
		complain(r, FAULT_MALFORMED, "an empty Will Topic");
	will->payload = cursor_binary(&r->c);
}

static void read_connect(struct reader *r)
{
	struct packet *p = r->packet;
	if (!slice_is(cursor_string(&r->c), "MQTT") || cursor_u8(&r->c) != PROTOCOL_LEVEL)
		complain(r, FAULT_PROTOCOL, "another protocol than MQTT 5");
	unsigned char flags = cursor_u8(&r->c);
	if (flags & 0x01)
		complain(r, FAULT_MALFORMED, "the reserved flag set");
	p->clean_start = flags & 0x02;
	p->keep_alive = cursor_u16(&r->c);
	p->properties = read_properties(r, PACKET_CONNECT);
	p->client_id = cursor_string(&r->c);
	read_will(r, flags);
	p->has_username = flags & 0x80;
	p->has_password = flags & 0x40;
	if (p->has_username)
		p->username = cursor_string(&r->c);
	if (p->has_password)
		p->password = cursor_binary(&r->c);
}

static void read_connack(struct reader *r)
{
	unsigned char flags = cursor_u8(&r->c);
	r->packet->session_present = flags & 0x01;
	r->packet->code = cursor_u8(&r->c);
	if (flags & 0xfe)
		complain(r, FAULT_MALFORMED, "reserved acknowledge flags set");
	if (r->packet->session_present && r->packet->code != 0)
		complain(r, FAULT_PROTOCOL, "Session Present 1 beside a refusal");
	r->packet->properties = read_properties(r, PACKET_CONNACK);
}

static void read_publish(struct reader *r)
{
	struct packet *p = r->packet;
	struct property alias;
	p->dup = p->flags & 0x08;
	p->qos = p->flags >> 1 & 3;
	p->retain = p->flags & 0x01;
	if (p->qos == 3)
		complain(r, FAULT_MALFORMED, "QoS 3");
	if (p->dup && p->qos == 0)
		complain(r, FAULT_MALFORMED, "DUP 1 at QoS 0");
	p->topic = read_topic(r, "a wildcard in its Topic Name");
	if (p->qos > 0)
		p->id = read_id(r);
	p->properties = read_properties(r, PACKET_PUBLISH);
	check_response_topic(r, p->properties);
	if (!r->wrong && !r->c.failed && p->topic.size == 0 && !property_find(p->properties, PROPERTY_ALIAS, &alias))
		complain(r, FAULT_PROTOCOL, "neither Topic Name nor Topic Alias");
	p->payload = cursor_take(&r->c, r->c.rest.size);
}

/* PUBACK, PUBREC, PUBREL, PUBCOMP: reason code and properties may be left out at the end. */
static void read_ack(struct reader *r)
{
	r->packet->id = read_id(r);
	if (r->c.rest.size > 0)
		r->packet->code = cursor_u8(&r->c);
	if (r->c.rest.size > 0)
		r->packet->properties = read_properties(r, r->packet->type);
}

/* DISCONNECT: likewise, without a Packet Identifier. */
static void read_end(struct reader *r)
{
	if (r->c.rest.size > 0)
		r->packet->code = cursor_u8(&r->c);
	if (r->c.rest.size > 0)
		r->packet->properties = read_properties(r, r->packet->type);
}

/* Left out whole it means Success; else it names its method (MQTT 5.0 3.15.2.2.2). */
static void read_auth(struct reader *r)
{
	struct property method;
	bool bare = r->c.rest.size == 0;
	read_end(r);
	if (!bare && !r->wrong && !r->c.failed && !property_find(r->packet->properties, PROPERTY_AUTH_METHOD, &method))
		complain(r, FAULT_PROTOCOL, "no Authentication Method");
}

static void read_codes(struct reader *r)
{
	r->packet->id = read_id(r);
	r->packet->properties = read_properties(r, r->packet->type);
	r->packet->codes = cursor_take(&r->c, r->c.rest.size);
	if (r->packet->codes.size == 0)
		complain(r, FAULT_PROTOCOL, "no reason code");
}

/* MQTT 5.0 4.7.1: a wildcard is a level of its own, and "#" the last one. */
static bool levels_formed(struct slice filter)
{
	bool more = true;
	while (more) {
		struct slice level = slice_word(&filter, '/', &more);
		if (has_wildcard(level) && (level.size > 1 || (level.data[0] == '#' && more)))
			return false;
	}
	return true;
}

/* MQTT 5.0 4.8.2: "$share", a name without wildcards, and a filter. */
static bool filter_formed(struct slice filter)
{
	struct slice rest = filter;
	bool more;
	if (filter.size == 0 || !levels_formed(filter))
		return false;
	if (!slice_is(slice_word(&rest, '/', &more), "$share"))
		return true;
	struct slice group = more ? slice_word(&rest, '/', &more) : slice_of(NULL, 0);
	return group.size > 0 && !has_wildcard(group) && more && rest.size > 0;
}

static void read_filters(struct reader *r)
{
	r->packet->id = read_id(r);
	r->packet->properties = read_properties(r, r->packet->type);
	r->packet->filters = r->c.rest;
	if (r->c.rest.size == 0)
		complain(r, FAULT_PROTOCOL, "no Topic Filter");
	while (r->c.rest.size > 0 && !r->c.failed) {
		unsigned char options = 0;
		struct slice filter = cursor_string(&r->c);
		if (!filter_formed(filter))
			complain(r, FAULT_MALFORMED, "a Topic Filter that is none");
		if (r->packet->type == PACKET_SUBSCRIBE)
			options = cursor_u8(&r->c);
		if ((options & 0xc3) > 2 || (options >> 4 & 3) == 3)
			complain(r, FAULT_MALFORMED, "impossible subscription options");
		if ((options & NO_LOCAL) && slice_starts(filter, slice_text("$share/")))
			complain(r, FAULT_PROTOCOL, "No Local on a Shared Subscription");
	}
}

static void read_nothing(struct reader *r)
{
	(void)r;
}

#define BY_CLIENT (1u << FROM_CLIENT)
#define BY_BROKER (1u << FROM_BROKER)

static const struct {
	void (*read)(struct reader *r);
	int flags; /* -1: any */
	unsigned senders;
} forms[PACKET_TYPES] = {
	[PACKET_CONNECT] = { read_connect, 0, BY_CLIENT },
	[PACKET_CONNACK] = { read_connack, 0, BY_BROKER },
	[PACKET_PUBLISH] = { read_publish, -1, BY_CLIENT | BY_BROKER },
	[PACKET_PUBACK] = { read_ack, 0, BY_CLIENT | BY_BROKER },
	[PACKET_PUBREC] = { read_ack, 0, BY_CLIENT | BY_BROKER },
	[PACKET_PUBREL] = { read_ack, 2, BY_CLIENT | BY_BROKER },
	[PACKET_PUBCOMP] = { read_ack, 0, BY_CLIENT | BY_BROKER },
	[PACKET_SUBSCRIBE] = { read_filters, 2, BY_CLIENT },
	[PACKET_SUBACK] = { read_codes, 0, BY_BROKER },
	[PACKET_UNSUBSCRIBE] = { read_filters, 2, BY_CLIENT },
	[PACKET_UNSUBACK] = { read_codes, 0, BY_BROKER },
	[PACKET_PINGREQ] = { read_nothing, 0, BY_CLIENT },
	[PACKET_PINGRESP] = { read_nothing, 0, BY_BROKER },
	[PACKET_DISCONNECT] = { read_end, 0, BY_CLIENT | BY_BROKER },
	[PACKET_AUTH] = { read_auth, 0, BY_CLIENT | BY_BROKER },
};

/* The fixed header: READ_PACKET when type and flags are sound and all bytes are there. */
static enum read_result read_frame(struct slice bytes, enum direction from, struct packet *p, struct slice *body,
				   struct fault *fault)
{
	p->type = bytes.data[0] >> 4;
	p->flags = bytes.data[0] & 0x0f;
	if (!forms[p->type].read) {
		fault_set(fault, FAULT_MALFORMED, "a packet of type 0");
		return READ_WRONG;
	}
	if (!(forms[p->type].senders & 1u << from)) {
		fault_set(fault, FAULT_PROTOCOL, "a %s, which only %s sends", packet_name(p->type),
			  from == FROM_BROKER ? "a client" : "a broker");
		return READ_WRONG;
	}
	if (forms[p->type].flags >= 0 && p->flags != forms[p->type].flags) {
		fault_set(fault, FAULT_MALFORMED, "%s with reserved header flags 0x%X", packet_name(p->type), p->flags);
		return READ_WRONG;
	}
	struct cursor c = { slice_part(bytes, 1, 4), false };
	size_t given = c.rest.size;
	size_t length = cursor_varint(&c);
	if (c.failed && given < 4 && (given == 0 || (c.rest.size == 0 && bytes.data[given] & 0x80)))
		return READ_MORE;
	if (c.failed) {
		fault_set(fault, FAULT_MALFORMED, "%s with a malformed Remaining Length", packet_name(p->type));
		return READ_WRONG;
	}
	size_t header = 1 + given - c.rest.size;
	p->size = header + length;
	if (p->size > WIRE_PACKET_MAX) {
		fault_set(fault, FAULT_LIMIT, "%s of %zu bytes, more than the Maximum Packet Size %d of CONNECT",
			  packet_name(p->type), p->size, WIRE_PACKET_MAX);
		return READ_WRONG;
	}
	*body = slice_part(bytes, header, length);
	return body->size == length ? READ_PACKET : READ_MORE;
}

enum read_result packet_read(struct slice bytes, enum direction from, struct packet *packet, struct fault *fault)
{
	memset(packet, 0, sizeof *packet);
	if (bytes.size == 0)
		return READ_MORE;
	struct reader r = { .from = from, .packet = packet, .fault = fault };
	enum read_result result = read_frame(bytes, from, packet, &r.c.rest, fault);
	if (result != READ_PACKET)
		return result;
	forms[packet->type].read(&r);
	if (r.c.failed)
		complain(&r, FAULT_MALFORMED, "a field that is cut off or not well formed");
	else if (r.c.rest.size > 0)
		complain(&r, FAULT_MALFORMED, "bytes left over at its end");
	return r.wrong ? READ_WRONG : READ_PACKET;
}

bool filter_next(struct slice *rest, enum packet_type type, struct slice *filter, unsigned char *options)
{
	struct cursor c = { *rest, false };
	if (rest->size == 0)
		return false;
	*filter = cursor_string(&c);
	*options = type == PACKET_SUBSCRIBE ? cursor_u8(&c) : 0;
	*rest = c.rest;
	return !c.failed;
}
