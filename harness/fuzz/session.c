/* Whole sessions over several connections. The input is a list of deeds, each one byte (deed * 16 +
 * connection) and what belongs to it:
 *   0  connect   a byte: whose token; then a length byte and as many bytes: CONNECT from its flags up
 *                to the Password, which is put behind them
 *   1  send      two bytes of length, and as many bytes
 *   2  the client closes
 *   3  time      a byte: 4 ^ (byte & 15) milliseconds pass
 *   4  the connection is slow: a byte: so many KiB have not left
 * Other deeds end the input. */
#include "fuzz.h"
#include "world.h"

enum { TOKENS = 5, DEEDS_MAX = 64 };

static struct world world;
static struct buf tokens[TOKENS];

static void sign(struct buf *token, const struct crypto_key *key, const char *org, const char *agent)
{
	buf_init(token, 4096);
	world_token(&world, key, org, agent, token);
}

static void begin(void)
{
	static const char *const agents[] = { "scout", "analyst", "warden" };

	world_make(&world);
	for (size_t i = 0; i < 3; i++)
		sign(&tokens[i], world.key, "o", agents[i]);
	sign(&tokens[3], world.key, "p", "scout");
	sign(&tokens[4], world.attacker, "o", "scout");
}

static uint8_t take(struct slice *rest)
{
	uint8_t byte = rest->size ? rest->data[0] : 0;

	*rest = slice_part(*rest, 1, rest->size);
	return byte;
}

static struct slice take_bytes(struct slice *rest, size_t size)
{
	struct slice bytes = slice_part(*rest, 0, size);

	*rest = slice_part(*rest, bytes.size, rest->size);
	return bytes;
}

/* All that is whole is read, turn by turn, as the event loop would. */
static void receive(struct client *client, struct slice bytes)
{
	size_t used = 1;

	while (used && bytes.size && client->state != CLIENT_ENDED) {
		used = client_receive(client, bytes);
		fuzz_need(used <= bytes.size);
		bytes = slice_part(bytes, used, bytes.size);
	}
}

static void dial(struct client *client, struct slice *rest)
{
	const struct buf *token = &tokens[take(rest) % TOKENS];
	struct slice front = take_bytes(rest, take(rest));
	struct buf packet;

	buf_init(&packet, 65536);
	buf_u8(&packet, 0x10);
	varint_put(&packet, (uint32_t)(7 + front.size + 2 + token->size));
	hex_put(&packet, "0004 'MQTT' 05");
	buf_put(&packet, front);
	buf_u16(&packet, (uint16_t)token->size);
	buf_put(&packet, buf_slice(token));
	receive(client, buf_slice(&packet));
	buf_release(&packet);
}

static bool act(uint8_t deed, struct slice *rest)
{
	struct client **slot = &world.clients[deed % WORLD_CLIENTS];

	if (!*slot)
		*slot = client_new(&world.service, &world, "plain", "fuzz");
	fuzz_need(*slot != NULL);
	switch (deed >> 4) {
	case 0:
		dial(*slot, rest);
		return true;
	case 1: {
		size_t size = (size_t)take(rest) << 8;
		receive(*slot, take_bytes(rest, size + take(rest)));
		return true;
	}
	case 2:
		client_close(*slot, "fuzz");
		return true;
	case 3:
		world_pass(&world, INT64_C(1) << 2 * (take(rest) & 15));
		return true;
	case 4:
		world.unsent = (size_t)take(rest) * 1024;
		return true;
	default:
		return false;
	}
}

/* The rest of a turn: deadlines, what is due, what was staged, and what has ended. */
static void settle(void)
{
	for (size_t i = 0; i < WORLD_CLIENTS; i++)
		if (world.clients[i])
			client_tick(world.clients[i]);
	world_settle(&world);
	for (size_t i = 0; i < WORLD_CLIENTS; i++) {
		if (!world.clients[i])
			continue;
		fuzz_need(!world.clients[i]->staged.failed);
		buf_clear(&world.clients[i]->staged);
		if (world.clients[i]->state != CLIENT_ENDED)
			continue;
		client_free(world.clients[i]);
		world.clients[i] = NULL;
	}
}

static void end(void)
{
	for (size_t i = 0; i < WORLD_CLIENTS; i++)
		if (world.clients[i])
			client_close(world.clients[i], "end of input");
	settle();
	service_release(&world.service);
	fuzz_need(!world.service.organisations);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_of(data, size);
	bool more = true;

	if (!world.key)
		begin();
	world.service.now = (struct moment){ INT64_C(1790000000000), 1000000 };
	world.service.due_ms = 0;
	world.unsent = 0;
	for (size_t deeds = 0; more && rest.size && deeds < DEEDS_MAX; deeds++) {
		more = act(take(&rest), &rest);
		settle();
	}
	end();
	return 0;
}
