/* A load for any MQTT 5 broker, from one thread that never sleeps: publishers that go on as soon as what they
 * said was heard (closed loop), or at a fixed rate to measure latency. Prints one line of JSON.
 *
 * Clients are the lines of a file, `agent token`: the first are the publishers, the next the subscribers.
 * Publisher A says everything on bench/A/t, every subscriber listens to bench/+/t. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PEERS_MAX = 8192,
	TOKEN_MAX = 8192,
	IN_BYTES = 1 << 18,
	OUT_BYTES = 1 << 18,
	LATENCIES_MAX = 1 << 20,
	BATCH_MAX = 64,     /* packets that a publisher adds before it looks at its socket again */
};

struct options {
	int port, publishers, subscribers, qos, size, window, rate, seconds;
	const char *mode, *clients;
};

struct peer {
	int fd;
	bool dead;
	uint8_t *in, *out;
	size_t in_length, out_length, out_sent;
	uint16_t next_id;
	int inflight;        /* QoS 1 publishes that are not acknowledged */
	uint8_t *packet;     /* the PUBLISH this one says again and again */
	size_t packet_length, id_at, payload_at;
};

struct load {
	struct options options;
	struct peer peers[PEERS_MAX];
	struct pollfd polls[PEERS_MAX];
	int count;
	uint64_t sent, received;
	uint64_t next_ns;    /* when the next message is due, at a fixed rate */
	uint32_t *latencies; /* nanoseconds */
	size_t latency_count;
	bool measuring;
};

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void fail(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *need(void *memory)
{
	if (!memory)
		fail("memory");
	return memory;
}

static size_t put_text(uint8_t *at, const char *text)
{
	size_t length = strlen(text);
	at[0] = (uint8_t)(length >> 8);
	at[1] = (uint8_t)length;
	memcpy(at + 2, text, length);
	return length + 2;
}

/* Puts type and length in front of a body. */
static size_t put_packet(uint8_t *at, uint8_t first, const uint8_t *body, size_t length)
{
	size_t used = 0, rest = length;
	at[used++] = first;
	do {
		uint8_t byte = rest & 0x7f;
		rest >>= 7;
		at[used++] = (uint8_t)(rest ? byte | 0x80 : byte);
	} while (rest);
	memcpy(at + used, body, length);
	return used + length;
}

static size_t connect_packet(uint8_t *at, const char *client_id, const char *token)
{
	static const uint8_t start[] = { 0, 4, 'M', 'Q', 'T', 'T', 5, 0xC2, 0, 0, 0 }; /* clean, user name, password */
	uint8_t body[TOKEN_MAX + 1024];
	size_t used = sizeof start;
	memcpy(body, start, sizeof start);
	used += put_text(body + used, client_id);
	used += put_text(body + used, "");
	used += put_text(body + used, token);
	return put_packet(at, 0x10, body, used);
}

static size_t subscribe_packet(uint8_t *at, int qos)
{
	uint8_t body[64] = { 0, 1, 0 };
	size_t used = 3 + put_text(body + 3, "bench/+/t");
	body[used++] = (uint8_t)qos;
	return put_packet(at, 0x82, body, used);
}

static void publish_packet(struct peer *peer, const char *agent, int qos, int size)
{
	char topic[256];
	uint8_t *body = need(calloc(1, (size_t)size + 512));
	snprintf(topic, sizeof topic, "bench/%s/t", agent);
	size_t used = put_text(body, topic), id_at = used;
	if (qos)
		used += 2;
	body[used++] = 0;
	size_t payload_at = used;
	used += (size_t)size;
	peer->packet = need(malloc(used + 8));
	peer->packet_length = put_packet(peer->packet, (uint8_t)(0x30 | qos << 1), body, used);
	size_t header = peer->packet_length - used;
	peer->id_at = header + id_at;
	peer->payload_at = header + payload_at;
	free(body);
}

static int dial(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
		fail("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static void write_all(int fd, const uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		ssize_t done = write(fd, bytes + at, length - at);
		if (done <= 0)
			fail("write");
		at += (size_t)done;
	}
}

static void read_exactly(int fd, uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		ssize_t done = read(fd, bytes + at, length - at);
		if (done <= 0)
			fail("read: the broker closed the connection");
		at += (size_t)done;
	}
}

/* A CONNACK or SUBACK while the socket still blocks; its reason code must not be an error. */
static void expect(int fd, uint8_t first)
{
	uint8_t head[2], body[128];
	read_exactly(fd, head, 2);
	if (head[0] != first || head[1] > 127 || head[1] < 2) {
		fprintf(stderr, "load: expected packet 0x%02x, saw 0x%02x\n", first, head[0]);
		exit(1);
	}
	read_exactly(fd, body, head[1]);
	uint8_t code = first == 0x20 ? body[1] : body[head[1] - 1];
	if (code >= 0x80) {
		fprintf(stderr, "load: the broker refuses with 0x%02x\n", code);
		exit(1);
	}
}

static int join(const struct options *options, const char *agent, const char *token, int number)
{
	uint8_t packet[TOKEN_MAX + 2048];
	char client_id[300];
	int fd = dial(options->port);
	snprintf(client_id, sizeof client_id, "%s-%d", agent, number);
	write_all(fd, packet, connect_packet(packet, client_id, token));
	return fd;
}

struct client { char agent[128], *token; };

static struct client *read_clients(const char *path, int *count)
{
	static char token[TOKEN_MAX + 1];
	struct client *list = need(calloc(PEERS_MAX, sizeof *list));
	FILE *file = fopen(path, "r");
	if (!file)
		fail(path);
	for (*count = 0; *count < PEERS_MAX && fscanf(file, "%127s %8192s", list[*count].agent, token) == 2; ++*count)
		list[*count].token = need(strdup(token));
	fclose(file);
	return list;
}

static void enter(struct load *load, const struct client *client, bool publishes)
{
	struct peer *peer = &load->peers[load->count];
	uint8_t packet[128];
	peer->fd = join(&load->options, client->agent, client->token, load->count);
	expect(peer->fd, 0x20);
	if (publishes) {
		publish_packet(peer, client->agent, load->options.qos, load->options.size);
	} else {
		write_all(peer->fd, packet, subscribe_packet(packet, load->options.qos));
		expect(peer->fd, 0x90);
	}
	peer->in = need(malloc(IN_BYTES));
	peer->out = need(malloc(OUT_BYTES));
	fcntl(peer->fd, F_SETFL, O_NONBLOCK);
	load->polls[load->count++].fd = peer->fd;
}

static void say(struct load *load, struct peer *peer)
{
	uint8_t *at = peer->out + peer->out_length;
	memcpy(at, peer->packet, peer->packet_length);
	if (load->options.qos) {
		peer->next_id = peer->next_id == UINT16_MAX ? 1 : (uint16_t)(peer->next_id + 1);
		at[peer->id_at] = (uint8_t)(peer->next_id >> 8);
		at[peer->id_at + 1] = (uint8_t)peer->next_id;
		++peer->inflight;
	}
	if (load->options.rate) {
		uint64_t now = now_ns();
		memcpy(at + peer->payload_at, &now, sizeof now);
	}
	peer->out_length += peer->packet_length;
	++load->sent;
}

static bool may_say(const struct load *load, const struct peer *peer)
{
	const struct options *options = &load->options;
	uint64_t heard = load->received / (uint64_t)options->subscribers;
	return !peer->dead && peer->inflight < options->window
		&& load->sent - heard < (uint64_t)options->window * (uint64_t)options->publishers
		&& peer->out_length + peer->packet_length <= OUT_BYTES;
}

static void publish(struct load *load)
{
	if (load->options.rate) {
		if (now_ns() < load->next_ns)
			return;
		load->next_ns += 1000000000u / (uint64_t)load->options.rate;
		if (may_say(load, &load->peers[0]))
			say(load, &load->peers[0]);
		return;
	}
	for (int i = 0; i < load->options.publishers; ++i)
		for (int batch = 0; batch < BATCH_MAX && may_say(load, &load->peers[i]); ++batch)
			say(load, &load->peers[i]);
}

static void acknowledge(struct peer *peer, const uint8_t *id)
{
	uint8_t *at = peer->out + peer->out_length;
	if (peer->out_length + 4 > OUT_BYTES)
		fail("acknowledgements pile up");
	at[0] = 0x40, at[1] = 2, at[2] = id[0], at[3] = id[1];
	peer->out_length += 4;
}

static void heard(struct load *load, struct peer *peer, uint8_t first, const uint8_t *body)
{
	size_t at = 2 + (size_t)(body[0] << 8 | body[1]);
	++load->received;
	if (first & 0x06) {
		acknowledge(peer, body + at);
		at += 2;
	}
	if (!load->options.rate || !load->measuring || load->latency_count == LATENCIES_MAX)
		return;
	uint64_t then;
	memcpy(&then, body + at + 1, sizeof then);
	load->latencies[load->latency_count++] = (uint32_t)(now_ns() - then);
}

/* Takes whole packets off the front; returns how many bytes they were. */
static size_t digest(struct load *load, struct peer *peer)
{
	size_t at = 0;
	for (;;) {
		size_t used = at + 1, length = 0, shift = 0;
		do {
			if (used >= peer->in_length)
				return at;
			length |= (size_t)(peer->in[used] & 0x7f) << shift;
			shift += 7;
		} while (peer->in[used++] & 0x80);
		if (used + length > peer->in_length)
			return at;
		uint8_t first = peer->in[at];
		if (first >> 4 == 3)
			heard(load, peer, first, peer->in + used);
		else if (first >> 4 == 4)
			--peer->inflight;
		else if (first >> 4 == 14)
			peer->dead = true;
		at = used + length;
	}
}

static void receive(struct load *load, struct peer *peer)
{
	ssize_t got = read(peer->fd, peer->in + peer->in_length, IN_BYTES - peer->in_length);
	if (got == 0 || (got < 0 && errno != EAGAIN))
		peer->dead = true;
	if (got <= 0)
		return;
	peer->in_length += (size_t)got;
	size_t used = digest(load, peer);
	memmove(peer->in, peer->in + used, peer->in_length - used);
	peer->in_length -= used;
}

static void flush(struct peer *peer)
{
	ssize_t done = write(peer->fd, peer->out + peer->out_sent, peer->out_length - peer->out_sent);
	if (done < 0 && errno != EAGAIN)
		peer->dead = true;
	if (done > 0)
		peer->out_sent += (size_t)done;
	if (peer->out_sent == peer->out_length)
		peer->out_sent = peer->out_length = 0;
}

static void turn(struct load *load)
{
	publish(load);
	for (int i = 0; i < load->count; ++i) {
		struct peer *peer = &load->peers[i];
		if (peer->out_length && !peer->dead)
			flush(peer);
		load->polls[i].events = POLLIN;
	}
	if (poll(load->polls, (nfds_t)load->count, 0) < 0)
		fail("poll");
	for (int i = 0; i < load->count; ++i)
		if (load->polls[i].revents && !load->peers[i].dead)
			receive(load, &load->peers[i]);
}

static void turns(struct load *load, double seconds)
{
	uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
	while (now_ns() < end)
		turn(load);
}

static int by_size(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return (a > b) - (a < b);
}

static double percentile(const struct load *load, double share)
{
	if (!load->latency_count)
		return 0;
	return load->latencies[(size_t)((double)(load->latency_count - 1) * share)] / 1e3;
}

static int flow(struct options options)
{
	static struct load load;
	int count, dead = 0;
	struct client *clients = read_clients(options.clients, &count);
	load.options = options;
	load.latencies = need(malloc(LATENCIES_MAX * sizeof *load.latencies));
	if (count < options.publishers + options.subscribers) {
		fprintf(stderr, "load: %s has %d clients\n", options.clients, count);
		return 2;
	}
	for (int i = 0; i < options.publishers + options.subscribers; ++i)
		enter(&load, &clients[i], i < options.publishers);
	load.next_ns = now_ns();
	turns(&load, 0.5);
	uint64_t sent = load.sent, received = load.received, began = now_ns();
	load.measuring = true;
	turns(&load, options.seconds);
	double took = (double)(now_ns() - began) / 1e9;
	qsort(load.latencies, load.latency_count, sizeof *load.latencies, by_size);
	for (int i = 0; i < load.count; ++i)
		dead += load.peers[i].dead;
	printf("{\"published_per_s\": %.0f, \"received_per_s\": %.0f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"dead\": %d}\n",
		(double)(load.sent - sent) / took, (double)(load.received - received) / took,
		percentile(&load, 0.5), percentile(&load, 0.99), dead);
	return 0;
}

/* Connects, sixteen at a time, and leaves again; how often in a second. */
static int storm(struct options options)
{
	enum { SLOTS = 16 };
	int count, fds[SLOTS];
	struct client *clients = read_clients(options.clients, &count);
	uint64_t began = now_ns(), end = began + (uint64_t)options.seconds * 1000000000u, connects = 0;
	if (count < SLOTS) {
		fprintf(stderr, "load: a storm takes %d clients\n", SLOTS);
		return 2;
	}
	while (now_ns() < end) {
		static const uint8_t leave[] = { 0xE0, 0 };
		const struct linger reset = { .l_onoff = 1 };
		for (int i = 0; i < SLOTS; ++i)
			fds[i] = join(&options, clients[i].agent, clients[i].token, i);
		for (int i = 0; i < SLOTS; ++i, ++connects) {
			expect(fds[i], 0x20);
			write_all(fds[i], leave, sizeof leave);
			shutdown(fds[i], SHUT_WR);
			while (read(fds[i], &(uint8_t){ 0 }, 1) > 0)
				;
			setsockopt(fds[i], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
			close(fds[i]);
		}
	}
	printf("{\"connects\": %llu, \"connects_per_s\": %.0f}\n", (unsigned long long)connects,
		(double)connects / ((double)(now_ns() - began) / 1e9));
	return 0;
}

/* Connects everyone (clients of the file in turn), says so, and stays until standard input ends. */
static int idle(struct options options)
{
	static int fds[PEERS_MAX];
	int count;
	struct client *clients = read_clients(options.clients, &count);
	for (int i = 0; i < options.subscribers; ++i) {
		fds[i] = join(&options, clients[i % count].agent, clients[i % count].token, i);
		expect(fds[i], 0x20);
	}
	printf("{\"connections\": %d}\n", options.subscribers);
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: load flow|storm|idle PORT CLIENTS [publishers=N] [subscribers=N] [qos=0|1] [size=BYTES]\n"
		"            [window=N] [rate=N] [seconds=N]\n");
	return 2;
}

static bool set(struct options *options, const char *word)
{
	const struct { const char *name; int *value, most; } known[] = {
		{ "publishers", &options->publishers, 1000 }, { "subscribers", &options->subscribers, PEERS_MAX / 2 },
		{ "qos", &options->qos, 1 }, { "size", &options->size, 65536 }, { "window", &options->window, 60000 },
		{ "rate", &options->rate, 100000 }, { "seconds", &options->seconds, 600 },
	};
	const char *equals = strchr(word, '=');
	for (size_t i = 0; equals && i < sizeof known / sizeof *known; ++i) {
		size_t length = strlen(known[i].name);
		if ((size_t)(equals - word) != length || memcmp(word, known[i].name, length) != 0)
			continue;
		*known[i].value = atoi(equals + 1);
		return *known[i].value >= 0 && *known[i].value <= known[i].most;
	}
	return false;
}

int main(int count, char **words)
{
	struct options options = { .publishers = 1, .subscribers = 1, .size = 64, .window = 200, .seconds = 2 };
	if (count < 4)
		return usage();
	options.mode = words[1], options.port = atoi(words[2]), options.clients = words[3];
	for (int i = 4; i < count; ++i)
		if (!set(&options, words[i]))
			return usage();
	if (options.size < (int)sizeof(uint64_t))
		options.size = (int)sizeof(uint64_t);
	if (strcmp(options.mode, "flow") == 0)
		return flow(options);
	if (strcmp(options.mode, "storm") == 0)
		return storm(options);
	return strcmp(options.mode, "idle") == 0 ? idle(options) : usage();
}
