/* How a peer's connection begins. */
#include "actor/peer.h"

#include "actor/receive.h"
#include "wire/read.h"

#include <stdlib.h>

static void put_number(struct buf *properties, enum property_id id, int64_t number)
{
	if (number >= 0)
		build_number(properties, id, (uint32_t)number);
}

/* 0 in the script: no such property. */
static void put_positive(struct buf *properties, enum property_id id, uint32_t number)
{
	put_number(properties, id, number ? (int64_t)number : -1);
}

static void put_properties(struct buf *properties, const struct script_actor *actor, const struct token *token)
{
	put_number(properties, PROPERTY_SESSION_EXPIRY, actor->session_expiry_s);
	put_positive(properties, PROPERTY_RECEIVE_MAXIMUM, actor->receive_maximum);
	put_number(properties, PROPERTY_MAXIMUM_PACKET, actor->maximum_packet ? actor->maximum_packet : WIRE_PACKET_MAX);
	put_positive(properties, PROPERTY_ALIAS_MAXIMUM, actor->alias_maximum);
	put_number(properties, PROPERTY_REQUEST_PROBLEM, actor->request_problem);
	put_number(properties, PROPERTY_REQUEST_RESPONSE, actor->request_response);
	if (!actor->method)
		return;
	build_text(properties, PROPERTY_AUTH_METHOD, slice_text(actor->method));
	if (token->text.size > 0)
		build_text(properties, PROPERTY_AUTH_DATA, buf_slice(&token->text));
}

/* [MQTT-3.2.2-16] What the broker has assigned is the identifier from then on. */
static struct slice client_id(const struct peer *peer, const struct script_actor *actor)
{
	bool assigned = peer->assigned_id && (!actor->client_id || !*actor->client_id);
	return slice_text(assigned ? peer->assigned_id : actor->client_id);
}

static void build_hello(struct peer *peer, const struct calling *calling, const struct token *token)
{
	const struct script_actor *actor = calling->actor;
	const struct target *target = peer->run->target;
	const char *username = actor->username ? actor->username : target->username;
	struct parcel *hello = &peer->hello;
	struct buf properties;
	buf_init(&properties, 2 * UINT16_MAX);
	put_properties(&properties, actor, token);
	struct connect connect = {
		.clean_start = calling->clean_start,
		.keep_alive = (uint16_t)actor->keep_alive_s,
		.properties = buf_slice(&properties),
		.client_id = client_id(peer, actor),
		.will = calling->will,
		.has_username = target->token_credentials && username,
		.has_password = target->token_credentials && actor->password && !actor->method,
		.username = slice_text(username),
		.password = buf_slice(&token->text),
	};
	build_connect(&hello->bytes, &connect, NULL);
	hello->bytes.failed |= properties.failed;
	buf_put(&hello->bytes, calling->behind);
	buf_put(&hello->shown, buf_slice(&hello->bytes));
	if (!hello->shown.failed)
		token_blot(buf_slice(&token->text), hello->shown.data, hello->shown.size);
	hello->bytes.failed |= hello->shown.failed;
	hello->exp_us = token->exp_us;
	hello->dribbled = calling->dribbled;
	buf_release(&properties);
}

/* A connection of its own, and nothing of an older one's but what a session keeps. */
static void begin(struct peer *peer, const struct script_actor *actor)
{
	struct run *run = peer->run;
	peer_drop(peer);
	parcel_release(&peer->hello);
	peer->connection = ++run->connections;
	peer->opened = peer->answered = peer->stalled = peer->excused = false;
	peer->code = 0;
	peer->unanswered = peer->pongs = peer->fresh = 0;
	peer->packets = 0;
	peer->announced = (struct announced){ .receive_maximum = UINT16_MAX, .maximum_packet = UINT32_MAX };
	peer->calling = actor;
	peer->last_id = (uint16_t)(run->connections * 257u + (unsigned char)run->salt[0] * 31u); /* no two connections count alike */
	peer->how[0] = '\0';
	flow_connect(&peer->flow);
}

bool peer_call(struct peer *peer, const struct calling *calling, struct fault *fault)
{
	struct token token;
	token_init(&token);
	begin(peer, calling->actor);
	bool minted = token_mint(&token, peer->run, calling->actor, peer->attempt, peer->connection, fault);
	if (minted)
		build_hello(peer, calling, &token);
	token_release(&token);
	return minted && peer_open(peer, fault);
}

bool peer_connect(struct peer *peer, const struct script_actor *actor, struct fault *fault)
{
	struct calling calling = { .actor = actor, .clean_start = actor->clean_start };
	return peer_call(peer, &calling, fault);
}

bool peer_raw(struct peer *peer, const struct script_actor *actor, struct parcel *parcel, struct fault *fault)
{
	bool sent;
	if (peer->line) {
		sent = peer_send(peer, parcel, fault);
		parcel_release(parcel);
		return sent;
	}
	begin(peer, actor);
	peer->hello = *parcel;
	parcel_init(parcel);
	return peer_open(peer, fault);
}
