/* A world for tests of session/: keys, tokens, policies, and a time that stands still until it is
 * moved; no sockets. Two organisations, "o" and "p":
 *     o: everybody pub+sub t/#; pub and sub own/{$self} (agent_id); s/# also shared in g and h; f/# not
 *        retained and at QoS 1
 *     p: everybody pub+sub t/#, shared in any group */
#ifndef MQTT_AGENT_TEST_WORLD_H
#define MQTT_AGENT_TEST_WORLD_H

#include "base64url.h"
#include "client.h"
#include "crypto.h"
#include "files.h"
#include "hex.h"
#include "journal.h"

#include <check.h>
#include <fcntl.h>

enum { WORLD_CLIENTS = 8, WORLD_TOKEN_LIFE = 600 };

struct world {
	struct folder folder;
	struct crypto_key *key, *attacker;
	struct policies *policies;
	struct trust *trust;
	struct gate gate;
	struct log log;
	struct service service;
	struct client *clients[WORLD_CLIENTS]; /* not yet written and freed */
	struct buf seen; /* what `take` took last */
	size_t unsent;   /* what each connection has not sent */
	unsigned asked[DOOR_COUNT];
	bool recorder_fails;
};

static inline bool world_record(void *context, const struct gate_entry *entry)
{
	struct world *w = context;

	w->asked[entry->request->door]++;
	return journal_decision(&w->log, entry) && !w->recorder_fails;
}

static inline size_t world_unsent(const void *connection)
{
	return ((const struct world *)connection)->unsent;
}

static inline void world_write_keys(struct world *w)
{
	json_t *jwk = crypto_key_jwk(w->key, false), *set;
	char *text;

	ck_assert(jwk && json_object_set_new(jwk, "kid", json_string("k")) == 0);
	set = json_pack("{s:[o]}", "keys", jwk);
	text = json_dumps(set, 0);
	folder_write(&w->folder, "keys.json", text);
	free(text);
	json_decref(set);
}

static inline void world_load(struct world *w)
{
	static const char document[] =
		"{\"audience\":\"a\",\"issuers\":[{\"iss\":\"i\",\"jwks\":\"keys.json\",\"organisations\":{"
		"\"o\":{\"agent_id\":\"*\"},\"p\":{\"agent_id\":\"*\"}}}],"
		"\"policies\":{\"o\":\"o.json\",\"p\":\"p.json\"}}";
	struct fault fault = { FAULT_NONE, "" };
	json_t *config = json_parse(slice_text(document), "world", &json_limits_file, &fault);
	struct json_at root;
	char path[128];

	folder_write(&w->folder, "o.json",
		     "{\"version\":\"2.1\",\"default\":\"deny\",\"rules\":[{\"topic\":\"t/#\",\"action\":\"pub+sub\"},"
		     "{\"topic\":\"own/{$self}\",\"action\":\"pub+sub\",\"binding\":\"agent_id\"},"
		     "{\"topic\":\"s/#\",\"action\":\"pub+sub\",\"share\":[\"g\",\"h\"]},"
		     "{\"topic\":\"f/#\",\"action\":\"pub+sub\",\"retain\":false,\"max_qos\":1}]}");
	folder_write(&w->folder, "p.json",
		     "{\"version\":\"2.1\",\"default\":\"deny\",\"rules\":[{\"topic\":\"t/#\",\"action\":\"pub+sub\",\"share\":\"*\"}]}");
	root = json_root(config, folder_file(&w->folder, "world.json", path));
	w->trust = trust_load(&root, &fault);
	ck_assert_msg(w->trust != NULL, "%s", fault.text);
	w->policies = policies_load(&root, &fault);
	ck_assert_msg(w->policies != NULL, "%s", fault.text);
	json_decref(config);
}

static inline void world_make(struct world *w)
{
	struct fault fault;

	memset(w, 0, sizeof *w);
	folder_make(&w->folder);
	w->key = crypto_key_generate(JOSE_EDDSA, &fault);
	w->attacker = crypto_key_generate(JOSE_EDDSA, &fault);
	ck_assert(w->key && w->attacker);
	world_write_keys(w);
	world_load(w);
	w->log = (struct log){ LOG_DEBUG, open("/dev/null", O_WRONLY), 0 };
	w->gate = (struct gate){ w->policies, world_record, w };
	w->service = (struct service){ .trust = w->trust, .gate = &w->gate, .log = &w->log, .unsent = world_unsent };
	w->service.now = (struct moment){ INT64_C(1790000000000), 1000000 };
	buf_init(&w->seen, (size_t)LIMIT_BACKLOG_BYTES * 4);
}

/* The rest of a turn: settle, then write, which here means: keep what is staged for `take`. */
static inline void world_settle(struct world *w)
{
	service_settle(&w->service);
	service_take_touched(&w->service);
}

static inline void world_end(struct world *w)
{
	for (size_t i = 0; i < WORLD_CLIENTS; i++)
		if (w->clients[i])
			client_close(w->clients[i], "test is over");
	world_settle(w);
	service_release(&w->service);
	ck_assert_ptr_null(w->service.organisations);
	for (size_t i = 0; i < WORLD_CLIENTS; i++)
		client_free(w->clients[i]);
	buf_release(&w->seen);
	close(w->log.fd);
	trust_free(w->trust);
	policies_free(w->policies);
	crypto_key_free(w->key);
	crypto_key_free(w->attacker);
	folder_remove(&w->folder);
}

/* Appends a token to out. */
static inline void world_token(const struct world *w, const struct crypto_key *key, const char *org, const char *agent,
			struct buf *out)
{
	size_t start = out->size;
	long long iat = w->service.now.wall_ms / 1000;
	struct buf claims, signature;

	buf_init(&claims, 1024);
	buf_init(&signature, 64);
	buf_format(&claims,
		   "{\"iss\":\"i\",\"aud\":\"a\",\"sub\":\"s\",\"jti\":\"j\",\"org_id\":\"%s\",\"agent_id\":\"%s\","
		   "\"iat\":%lld,\"exp\":%lld}",
		   org, agent, iat, iat + WORLD_TOKEN_LIFE);
	base64url_encode(slice_text("{\"alg\":\"EdDSA\",\"kid\":\"k\",\"typ\":\"at+jwt\"}"), out);
	buf_text(out, ".");
	base64url_encode(buf_slice(&claims), out);
	ck_assert(crypto_sign(key, slice_part(buf_slice(out), start, out->size), &signature));
	buf_text(out, ".");
	base64url_encode(buf_slice(&signature), out);
	buf_release(&claims);
	buf_release(&signature);
}

/* CONNECT as a test wants it; members that are zero mean the simplest. */
struct dial {
	const char *org, *agent, *id;
	const char *properties, *will; /* hex: the properties; will properties, topic and payload */
	unsigned flags;                /* besides Clean Start and Password */
	unsigned keep_alive;           /* 0: ten minutes */
	bool resume;                   /* Clean Start 0 */
	bool attacker;                 /* signs */
	const char *behind;            /* hex: what is sent in the same breath */
};

static inline void world_connect(const struct world *w, const struct dial *dial, struct buf *out)
{
	struct buf body, token, properties;

	buf_init(&body, 65536);
	buf_init(&token, 4096);
	buf_init(&properties, 1024);
	hex_put(&properties, dial->properties ? dial->properties : "");
	hex_put(&body, "0004 'MQTT' 05");
	buf_u8(&body, (uint8_t)(0x40 | (dial->resume ? 0 : 0x02) | dial->flags));
	buf_u16(&body, (uint16_t)(dial->keep_alive ? dial->keep_alive : LIMIT_KEEP_ALIVE));
	buf_u8(&body, (uint8_t)properties.size);
	buf_put(&body, buf_slice(&properties));
	buf_u16(&body, (uint16_t)strlen(dial->id ? dial->id : "c"));
	buf_text(&body, dial->id ? dial->id : "c");
	hex_put(&body, dial->will ? dial->will : "");
	world_token(w, dial->attacker ? w->attacker : w->key, dial->org ? dial->org : "o",
		    dial->agent ? dial->agent : "scout", &token);
	buf_u16(&body, (uint16_t)token.size);
	buf_put(&body, buf_slice(&token));
	buf_u8(out, 0x10);
	varint_put(out, (uint32_t)body.size);
	buf_put(out, buf_slice(&body));
	hex_put(out, dial->behind ? dial->behind : "");
	buf_release(&body);
	buf_release(&token);
	buf_release(&properties);
}

static inline struct client *world_client(struct world *w)
{
	for (size_t i = 0; i < WORLD_CLIENTS; i++) {
		if (!w->clients[i]) {
			w->clients[i] = client_new(&w->service, w, "plain", "test");
			ck_assert_ptr_nonnull(w->clients[i]);
			return w->clients[i];
		}
	}
	ck_abort_msg("too many clients");
	return NULL;
}

/* A new client that has sent its CONNECT; its answer is staged. */
static inline struct client *world_dial(struct world *w, struct dial dial)
{
	struct client *client = world_client(w);
	struct buf bytes;

	buf_init(&bytes, 131072);
	world_connect(w, &dial, &bytes);
	client_receive(client, buf_slice(&bytes));
	world_settle(w);
	buf_release(&bytes);
	return client;
}

static inline size_t world_send(struct world *w, struct client *client, const char *hex)
{
	struct buf bytes;
	size_t used;

	buf_init(&bytes, 1 << 21);
	hex_put(&bytes, hex);
	used = client_receive(client, buf_slice(&bytes));
	world_settle(w);
	buf_release(&bytes);
	return used;
}

/* Asserts that exactly this was staged, and takes it away. */
static inline void world_gets(struct world *w, struct client *client, const char *hex)
{
	struct buf wanted;

	buf_init(&wanted, 1 << 21);
	hex_put(&wanted, hex);
	buf_clear(&w->seen);
	buf_put(&w->seen, buf_slice(&client->staged));
	buf_clear(&client->staged);
	ck_assert_msg(w->seen.size == wanted.size, "staged %zu bytes, wanted %zu (%s), first 0x%02x", w->seen.size,
		      wanted.size, hex, w->seen.size ? w->seen.data[0] : 0U);
	ck_assert_mem_eq(w->seen.data ? w->seen.data : (unsigned char *)"", wanted.size ? wanted.data : (unsigned char *)"",
			 wanted.size);
	buf_release(&wanted);
}

/* A client that was accepted, its CONNACK taken away. */
static inline struct client *world_join(struct world *w, struct dial dial)
{
	struct client *client = world_dial(w, dial);

	ck_assert_int_eq(client->state, CLIENT_CONNECTED);
	ck_assert_uint_ge(client->staged.size, 5);
	ck_assert_uint_eq(client->staged.data[0], 0x20);
	ck_assert_uint_eq(client->staged.data[3], 0);
	buf_clear(&client->staged);
	return client;
}

/* A client that has subscribed to t/# at QoS 1. */
static inline struct client *world_reader(struct world *w, const char *agent, const char *properties)
{
	struct client *client = world_join(w, (struct dial){ .agent = agent, .id = agent, .properties = properties });

	world_send(w, client, "82 09 0001 00 0003 't/#' 01");
	world_gets(w, client, "90 04 0001 00 01");
	return client;
}

static inline void world_pass(struct world *w, int64_t ms)
{
	w->service.now.wall_ms += ms;
	w->service.now.monotonic_ms += ms;
}

#endif
