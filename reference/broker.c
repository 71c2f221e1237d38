/* The turn: read what is there, decide, stage, commit, write. Nothing leaves before the commit;
 * there is one commit a turn, and one write for each connection that the turn touched. */
#include "broker.h"

#include "clock.h"
#include "journal.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Files that are open besides connections. */
enum { FILES_SPARE = 64 };

struct broker {
	struct config *config;
	struct config *replaced; /* what this turn's reload replaced; NULL: nothing */
	struct broker_commit commit;
	struct log log;
	struct gate gate;
	struct service service;
	struct net *net;
};

/* As many connections as the limit says, or as the process may have files. */
static size_t connections_possible(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return LIMIT_CONNECTIONS;
	if (files.rlim_cur < LIMIT_CONNECTIONS + FILES_SPARE && files.rlim_cur < files.rlim_max) {
		rlim_t wanted = LIMIT_CONNECTIONS + FILES_SPARE;

		files.rlim_cur = wanted < files.rlim_max ? wanted : files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
		getrlimit(RLIMIT_NOFILE, &files);
	}
	if (files.rlim_cur >= LIMIT_CONNECTIONS + FILES_SPARE)
		return LIMIT_CONNECTIONS;
	return files.rlim_cur > FILES_SPARE ? (size_t)files.rlim_cur - FILES_SPARE : 1;
}

static size_t unsent(const void *connection)
{
	return net_unsent(connection);
}

static struct moment now(void)
{
	return (struct moment){ clock_wall_ms(), clock_monotonic_us() / 1000 };
}

struct broker *broker_new(struct config *config, const struct broker_commit *commit, struct fault *fault)
{
	struct net_limits limits = { connections_possible(), LIMIT_LINGER_MS };
	struct broker *broker = calloc(1, sizeof *broker);

	if (!broker) {
		fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
		return NULL;
	}
	broker->config = config;
	broker->commit = *commit;
	broker->log = (struct log){ config->log_level, STDERR_FILENO, 0 };
	broker->gate = (struct gate){ config->policies, journal_decision, &broker->log };
	broker->service = (struct service){ .trust = config->trust,
					    .gate = &broker->gate,
					    .log = &broker->log,
					    .unsent = unsent,
					    .now = now() };
	broker->net = net_new(&limits, fault);
	if (broker->net)
		return broker;
	broker_free(broker);
	return NULL;
}

static void log_start(struct broker *broker)
{
	const struct log_pair pairs[] = { { "version", slice_text(MQTT_AGENT_VERSION) },
					  { "state", slice_text("memory only") },
					  { NULL, slice_text(NULL) } };

	log_event(&broker->log, LOG_INFO, "start", pairs);
}

bool broker_listen(struct broker *broker, FILE *out, struct fault *fault)
{
	log_start(broker);
	for (size_t i = 0; i < broker->config->listener_count; i++) {
		const struct config_listener *listener = &broker->config->listeners[i];
		uint16_t port = listener->port;

		if (!net_listen(broker->net, listener->name, listener->address, &port, listener->tls, fault))
			return false;
		fprintf(out, "listening %s %s %u %s\n", listener->name, listener->address, (unsigned)port,
			listener->tls ? "tls" : "plaintext");
	}
	fprintf(out, "ready\n");
	if (fflush(out))
		return fault_set(fault, FAULT_UNAVAILABLE, "standard output cannot be written");
	return true;
}

/* NULL when out of memory: the connection is not to be touched any more. */
static struct client *open_client(struct broker *broker, struct net_connection *c)
{
	struct client *client = client_new(&broker->service, c, net_listener(c), net_peer(c));

	net_set_owner(c, client);
	if (!client)
		net_abort(c);
	return client;
}

/* Hands over input once all that the client waits for is there. What is more than a turn takes comes
 * up again in the next; the peer's end is heeded when nothing can be made of the rest. */
static void feed(struct client *client, struct net_connection *c, bool gone)
{
	bool used = false;

	if (net_available(c) >= client->want) {
		size_t size = client_receive(client, net_input(c));

		net_consume(c, size);
		used = size > 0;
	}
	net_want(c, client->want);
	if (used && net_available(c) >= client->want)
		net_again(c, gone ? NET_BYTES | NET_GONE : NET_BYTES);
	else if (gone)
		client_close(client, "connection lost");
}

static void attend(struct broker *broker, struct net_connection *c)
{
	unsigned events = net_events(c);
	struct client *client = events & NET_OPENED ? open_client(broker, c) : net_owner(c);

	if (!client)
		return;
	if (events & NET_REVIEW && broker->replaced)
		client_review(client, broker->replaced->trust);
	if (events & NET_STOP)
		client_end(client, REASON_SHUTTING_DOWN, "shutting down");
	if (events & (NET_BYTES | NET_GONE))
		feed(client, c, (events & NET_GONE) != 0);
	if (events & NET_DUE)
		client_tick(client);
	net_deadline(c, client_deadline_ms(client));
}

/* A turn that could not be committed says nothing to anybody: its connections end without a word,
 * because every word would be about something that did not happen. */
static void write_client(struct client *client, bool committed)
{
	struct net_connection *c = client->connection;
	bool failed = !committed || client->staged.failed;

	if (client->withdrawn && !client->session && net_unsent(c)) {
		net_abort(c);
		client_free(client);
		return;
	}
	if (!failed && client->staged.size)
		failed = !net_write(c, buf_slice(&client->staged));
	buf_clear(&client->staged);
	if (client->state == CLIENT_ENDED && !client->session) {
		net_finish(c);
		client_free(client);
	} else if (failed) {
		client_close(client, committed ? "out of memory" : "commit failed");
	}
}

static void write_touched(struct broker *broker, bool committed)
{
	struct client *next;

	for (struct client *client = service_take_touched(&broker->service); client; client = next) {
		next = client->next_touched;
		write_client(client, committed);
	}
}

static void log_reload(struct broker *broker, const char *refused)
{
	const struct log_pair done[] = { { "decision", slice_text("done") }, { NULL, slice_text(NULL) } };
	const struct log_pair kept[] = { { "decision", slice_text("refused") },
					 { "why", slice_text(refused) },
					 { NULL, slice_text(NULL) } };

	log_event(&broker->log, refused ? LOG_ERROR : LOG_INFO, "reload", refused ? kept : done);
}

/* One fault, and everything stays as it was [POL-03]. Else the new keys [AUTH-10], policies and certificates hold from
 * this turn on, and every connection is reviewed before it does anything else. */
static void reload(struct broker *broker)
{
	struct config *config = broker->config;
	struct fault fault = { FAULT_NONE, "" };
	struct config *fresh = config_load(config->path, &fault);

	if (!fresh || !config_renew(config, fresh, &fault)) {
		config_free(fresh);
		log_reload(broker, fault.text);
		return;
	}
	broker->replaced = fresh;
	broker->log.level = config->log_level;
	broker->gate.policies = config->policies;
	broker->service.trust = config->trust;
	for (size_t i = 0; i < config->listener_count; i++)
		net_renew(broker->net, config->listeners[i].name, config->listeners[i].tls);
	net_review(broker->net);
	log_reload(broker, NULL);
}

/* Connections that a failed commit or write ends have sessions to end and wills to send: that is a
 * round of its own. Without failures there is one round. */
static void turn(struct broker *broker)
{
	const struct broker_commit *commit = &broker->commit;
	struct net_connection *c;

	broker->service.now = now();
	if (net_reload_asked(broker->net))
		reload(broker);
	while ((c = net_next(broker->net)))
		attend(broker, c);
	service_settle(&broker->service);
	while (broker->service.touched) {
		write_touched(broker, !commit->run || commit->run(commit->context));
		service_settle(&broker->service);
	}
	config_free(broker->replaced);
	broker->replaced = NULL;
	net_timer(broker->net, service_deadline_ms(&broker->service));
}

void broker_run(struct broker *broker)
{
	while (net_wait(broker->net))
		turn(broker);
	log_event(&broker->log, LOG_INFO, "stop", NULL);
}

void broker_free(struct broker *broker)
{
	if (!broker)
		return;
	net_free(broker->net);
	service_release(&broker->service);
	free(broker);
}
