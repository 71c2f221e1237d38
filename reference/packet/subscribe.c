/* SUBSCRIBE and UNSUBSCRIBE (MQTT 5.0 sections 3.8 and 3.10). The whole list is found sound before
 * the first entry is handed out, so that a packet is obeyed as a whole or not at all. */
#include "reader.h"
#include "topic.h"

enum { OPTION_QOS = 0x03, OPTION_NO_LOCAL = 0x04, OPTION_RAP = 0x08, OPTION_RETAIN = 0x30, OPTION_RESERVED = 0xC0 };

static bool options_sound(uint8_t options, struct packet_fault *fault)
{
	if (options & OPTION_RESERVED)
		return packet_malformed(fault, "MQTT-3.8.3-5");
	if ((options & OPTION_QOS) == OPTION_QOS || (options & OPTION_RETAIN) == OPTION_RETAIN)
		return packet_protocol_error(fault, "MQTT 5.0 3.8.3.1");
	return true;
}

static bool filter_sound(struct slice text, struct packet_fault *fault)
{
	if (!topic_filter_valid(text))
		return packet_malformed(fault, "MQTT-4.7.1-1");
	return true;
}

static bool share_sound(struct slice text, uint8_t options, struct packet_fault *fault)
{
	struct slice group, filter;
	enum share_form form = topic_share_split(text, &group, &filter);

	if (form == SHARE_MALFORMED)
		return packet_protocol_error(fault, "MQTT-4.8.2-1");
	if (form == SHARE_GOOD && options & OPTION_NO_LOCAL)
		return packet_protocol_error(fault, "MQTT-3.8.3-4");
	return true;
}

static bool entry_sound(struct cursor *list, bool with_options, struct packet_fault *fault)
{
	struct slice text = cursor_string(list);
	uint8_t options = with_options ? cursor_u8(list) : 0;

	if (list->broken)
		return packet_malformed(fault, list->broken);
	if (!filter_sound(text, fault))
		return false;
	return !with_options || (options_sound(options, fault) && share_sound(text, options, fault));
}

static bool read_filters(struct cursor *body, bool with_options, struct packet *packet, struct packet_fault *fault)
{
	struct packet_filters *filters = &packet->filters;
	struct cursor list;

	filters->id = cursor_u16(body);
	if (!properties_read(body, packet->type, &filters->properties, fault))
		return false;
	if (!filters->id)
		return packet_protocol_error(fault, "MQTT-2.2.1-3");
	filters->list = cursor_bytes(body, body->rest.size);
	for (list = cursor_of(filters->list); list.rest.size; filters->count++) {
		if (filters->count == LIMIT_FILTERS_PER_PACKET)
			return packet_fault_set(fault, FAULT_LIMIT, REASON_QUOTA, "LIMIT_FILTERS_PER_PACKET");
		if (!entry_sound(&list, with_options, fault))
			return false;
	}
	if (!filters->count)
		return packet_protocol_error(fault, with_options ? "MQTT-3.8.3-2" : "MQTT-3.10.3-2");
	return true;
}

bool read_subscribe(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault)
{
	(void)flags;
	return read_filters(body, true, packet, fault);
}

bool read_unsubscribe(struct cursor *body, uint8_t flags, struct packet *packet, struct packet_fault *fault)
{
	(void)flags;
	return read_filters(body, false, packet, fault);
}

bool packet_next_subscription(struct slice *rest, struct packet_subscription *out)
{
	struct cursor c = cursor_of(*rest);
	uint8_t options;

	if (!rest->size)
		return false;
	out->filter = cursor_string(&c);
	options = cursor_u8(&c);
	out->qos = options & OPTION_QOS;
	out->no_local = (options & OPTION_NO_LOCAL) != 0;
	out->retain_as_published = (options & OPTION_RAP) != 0;
	out->retain_handling = (uint8_t)((options & OPTION_RETAIN) >> 4);
	*rest = c.rest;
	return !c.broken;
}

bool packet_next_filter(struct slice *rest, struct slice *filter)
{
	struct cursor c = cursor_of(*rest);

	if (!rest->size)
		return false;
	*filter = cursor_string(&c);
	*rest = c.rest;
	return !c.broken;
}
