#include "wire/describe.h"

#include "wire/property.h"
#include "wire/read.h"

static const char digits[] = "0123456789abcdef";

void hex_encode(struct slice bytes, struct buf *out)
{
	for (size_t i = 0; i < bytes.size; i++) {
		buf_u8(out, (uint8_t)digits[bytes.data[i] >> 4]);
		buf_u8(out, (uint8_t)digits[bytes.data[i] & 15]);
	}
}

static int hex_digit(unsigned char c)
{
	const char *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

bool hex_decode(struct slice text, struct buf *out)
{
	if (text.size % 2)
		return false;
	for (size_t i = 0; i < text.size; i += 2) {
		int high = hex_digit(text.data[i]), low = hex_digit(text.data[i + 1]);
		if (high < 0 || low < 0)
			return false;
		buf_u8(out, (uint8_t)(high << 4 | low));
	}
	return !out->failed;
}

void text_escape(struct slice text, size_t most, struct buf *out)
{
	struct slice shown = slice_part(text, 0, most);
	for (size_t i = 0; i < shown.size; i++) {
		unsigned char c = shown.data[i];
		if (c >= ' ' && c < 0x7f && c != '\\' && c != '"')
			buf_u8(out, c);
		else
			buf_format(out, "\\x%02X", c);
	}
	if (shown.size < text.size)
		buf_text(out, "...");
}

enum { SHOWN_MAX = 80, SHOWN_CODES = 16, SHOWN_PAYLOAD = 4096 };

static void describe_publish(const struct packet *p, struct buf *out)
{
	struct property alias;
	buf_text(out, "PUBLISH \"");
	text_escape(p->topic, SHOWN_MAX, out);
	buf_format(out, "\" (QoS %u", p->qos);
	if (p->id)
		buf_format(out, ", packet id %u", p->id);
	if (p->retain)
		buf_text(out, ", retain");
	if (p->dup)
		buf_text(out, ", DUP");
	if (property_find(p->properties, PROPERTY_ALIAS, &alias))
		buf_format(out, ", Topic Alias %u", alias.number);
	buf_format(out, ", %zu bytes of payload)", p->payload.size);
}

static void describe_codes(const struct packet *p, struct buf *out)
{
	buf_text(out, packet_name(p->type));
	for (size_t i = 0; i < p->codes.size && i < SHOWN_CODES; i++)
		buf_format(out, " 0x%02X", p->codes.data[i]);
	if (p->codes.size == 1)
		buf_format(out, " %s", code_name(p->type, p->codes.data[0]));
}

static void describe_code(const struct packet *p, struct buf *out)
{
	struct property reason;
	buf_format(out, "%s 0x%02X %s", packet_name(p->type), p->code, code_name(p->type, p->code));
	if (!code_legal(p->type, p->code))
		buf_text(out, " (not a code of this packet)");
	if (property_find(p->properties, PROPERTY_REASON_STRING, &reason)) {
		buf_text(out, " with Reason String \"");
		text_escape(reason.text, SHOWN_MAX, out);
		buf_text(out, "\"");
	}
}

static bool has_code(enum packet_type type)
{
	return type == PACKET_CONNACK || (type >= PACKET_PUBACK && type <= PACKET_PUBCOMP) ||
	       type == PACKET_DISCONNECT || type == PACKET_AUTH;
}

void packet_describe(const struct packet *packet, struct buf *out)
{
	if (packet->type == PACKET_PUBLISH) {
		describe_publish(packet, out);
		return;
	}
	if (packet->codes.size > 0)
		describe_codes(packet, out);
	else if (has_code(packet->type))
		describe_code(packet, out);
	else
		buf_text(out, packet_name(packet->type));
	if (packet->id)
		buf_format(out, " (packet id %u)", packet->id);
}

static json_t *bytes_json(struct slice bytes)
{
	if (slice_utf8(bytes))
		return json_stringn(bytes.size ? (const char *)bytes.data : "", bytes.size);
	struct buf hex;
	buf_init(&hex, 2 * (size_t)WIRE_PACKET_MAX + 8);
	buf_text(&hex, "hex:");
	hex_encode(bytes, &hex);
	json_t *text = hex.failed ? NULL : json_stringn((const char *)hex.data, hex.size);
	buf_release(&hex);
	return text;
}

static json_t *property_json(const struct property *p)
{
	if (p->fact->kind == KIND_PAIR)
		return json_pack("[s,o,o]", p->fact->name, bytes_json(p->key), bytes_json(p->text));
	if (p->fact->id == PROPERTY_AUTH_DATA)
		return json_pack("[s,I]", "Authentication Data, bytes", (json_int_t)p->text.size);
	if (p->fact->kind >= KIND_STRING)
		return json_pack("[s,o]", p->fact->name, bytes_json(p->text));
	return json_pack("[s,I]", p->fact->name, (json_int_t)p->number);
}

static void add_properties(json_t *object, const char *name, struct slice properties)
{
	struct property p;
	if (properties.size == 0)
		return;
	json_t *list = json_array();
	while (property_next(&properties, &p))
		json_array_append_new(list, property_json(&p));
	json_object_set_new(object, name, list);
}

static void add_publish(json_t *object, const struct packet *p)
{
	json_object_set_new(object, "topic", bytes_json(p->topic));
	json_object_set_new(object, "qos", json_integer(p->qos));
	json_object_set_new(object, "dup", json_boolean(p->dup));
	json_object_set_new(object, "retain", json_boolean(p->retain));
	json_object_set_new(object, "payload", bytes_json(slice_part(p->payload, 0, SHOWN_PAYLOAD)));
	if (p->payload.size > SHOWN_PAYLOAD)
		json_object_set_new(object, "payload_bytes", json_integer((json_int_t)p->payload.size));
}

static void add_connect(json_t *object, const struct packet *p)
{
	json_object_set_new(object, "client_id", bytes_json(p->client_id));
	json_object_set_new(object, "clean_start", json_boolean(p->clean_start));
	json_object_set_new(object, "keep_alive", json_integer(p->keep_alive));
	if (p->has_username)
		json_object_set_new(object, "username", bytes_json(p->username));
	if (p->has_password)
		json_object_set_new(object, "password_bytes", json_integer((json_int_t)p->password.size));
	if (!p->will.present)
		return;
	json_t *will = json_object();
	json_object_set_new(will, "topic", bytes_json(p->will.topic));
	json_object_set_new(will, "payload", bytes_json(p->will.payload));
	json_object_set_new(will, "qos", json_integer(p->will.qos));
	json_object_set_new(will, "retain", json_boolean(p->will.retain));
	add_properties(will, "properties", p->will.properties);
	json_object_set_new(object, "will", will);
}

static json_t *code_text(unsigned char code)
{
	const char text[] = { '0', 'x', "0123456789ABCDEF"[code >> 4], "0123456789ABCDEF"[code & 15], '\0' };
	return json_string(text);
}

static void add_lists(json_t *object, const struct packet *p)
{
	struct slice rest = p->filters, filter;
	unsigned char options;
	json_t *list = json_array();
	for (size_t i = 0; i < p->codes.size; i++)
		json_array_append_new(list, code_text(p->codes.data[i]));
	while (filter_next(&rest, p->type, &filter, &options))
		json_array_append_new(list, json_pack("{s:o,s:i}", "filter", bytes_json(filter), "options", options));
	if (json_array_size(list) > 0)
		json_object_set(object, p->codes.size ? "codes" : "filters", list);
	json_decref(list);
}

json_t *packet_json(const struct packet *packet)
{
	json_t *object = json_object();
	json_object_set_new(object, "type", json_string(packet_name(packet->type)));
	if (packet->id)
		json_object_set_new(object, "id", json_integer(packet->id));
	if (has_code(packet->type))
		json_object_set_new(object, "code", code_text(packet->code));
	if (packet->type == PACKET_CONNACK)
		json_object_set_new(object, "session_present", json_boolean(packet->session_present));
	if (packet->type == PACKET_CONNECT)
		add_connect(object, packet);
	if (packet->type == PACKET_PUBLISH)
		add_publish(object, packet);
	add_lists(object, packet);
	add_properties(object, "properties", packet->properties);
	return object;
}
