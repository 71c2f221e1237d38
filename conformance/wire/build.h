/* Building packets. Every builder appends one packet to out (look at out->failed once, at the
 * end) and believes what it is told, so that a scenario may send what no honest client would. */
#ifndef CONFORMANCE_BUILD_H
#define CONFORMANCE_BUILD_H

#include "buf.h"
#include "wire/packet.h"
#include "wire/property.h"

/* How a packet departs from the truth. NULL everywhere: not at all. */
struct lie {
	bool other_flags;
	unsigned char flags;  /* low four bits of the first byte, when other_flags */
	int length_delta;     /* added to the Remaining Length that is announced */
	bool overlong;        /* Remaining Length in one byte more than it needs */
	struct slice trailer; /* bytes behind the last field, counted in the length */
};

/* A Variable Byte Integer; overlong: in one byte more than it needs. */
void build_varint(struct buf *out, uint32_t value, bool overlong);

/* Properties are collected in a buf of their own, in the order of the calls. */
void build_number(struct buf *properties, enum property_id id, uint32_t number);
void build_text(struct buf *properties, enum property_id id, struct slice text); /* string or binary */
void build_pair(struct buf *properties, struct slice key, struct slice text);    /* User Property */

struct connect {
	bool clean_start;
	uint16_t keep_alive; /* seconds */
	struct slice properties, client_id;
	struct will will;
	bool has_username, has_password;
	struct slice username, password; /* at most 65,535 bytes each, as everything with a length before it */
};
void build_connect(struct buf *out, const struct connect *fields, const struct lie *lie);

struct publish {
	bool dup, retain;
	unsigned qos;
	uint16_t id; /* written when qos > 0 */
	struct slice topic, properties, payload;
};
void build_publish(struct buf *out, const struct publish *fields, const struct lie *lie);

/* PUBACK, PUBREC, PUBREL, PUBCOMP with a reason code; 0x00 is left out, as MQTT allows. */
void build_ack(struct buf *out, enum packet_type type, uint16_t id, unsigned char code, const struct lie *lie);

struct filters {
	uint16_t id;
	struct slice properties;
	const char *const *filters;
	size_t count;
	unsigned char options; /* SUBSCRIBE: of every filter */
};
void build_filters(struct buf *out, enum packet_type type, const struct filters *fields, const struct lie *lie);

void build_empty(struct buf *out, enum packet_type type, const struct lie *lie); /* PINGREQ */
void build_disconnect(struct buf *out, unsigned char code, struct slice properties, const struct lie *lie);
void build_auth(struct buf *out, unsigned char code, struct slice properties, const struct lie *lie);

#endif
