/* A tiny broker in a process of its own, on 127.0.0.1, for the engine's trials. Its policy: a
 * client whose id begins with "bad" is refused; a client may publish where its id is a segment of
 * the topic; every filter but secret/# is granted. `enum fake` says in what it departs from that. */
#ifndef CONFORMANCE_FAKE_BROKER_H
#define CONFORMANCE_FAKE_BROKER_H

#include "broker_packets.h"
#include "clock.h"
#include "wire/build.h"
#include "wire/read.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum fake {
	FAKE_HONEST,
	FAKE_ALLOWS_ALL,
	FAKE_REFUSES_ALL,
	FAKE_SAYS_AND_DELIVERS, /* PUBACK 0x87, and delivers */
	FAKE_DELIVERS_LATE,     /* likewise, 300 ms later */
	FAKE_DELIVERS_NOTHING,
	FAKE_DISCONNECTS,       /* DISCONNECT 0x87 on a denied PUBLISH */
	FAKE_HANGS_UP,          /* closes without a word on a denied PUBLISH */
	FAKE_OTHER_CODES,       /* 0x80 for every denial */
	FAKE_TALKATIVE,         /* a Reason String with a refused CONNECT */
	FAKE_KEEPS_OPEN,        /* refuses a CONNECT and does not close */
	FAKE_GARBLES,           /* bytes that are no packet, instead of a PUBACK 0x87 */
	FAKE_MUTE,              /* no answer to a denied PUBLISH */
	FAKE_DIES,              /* ends on a denied PUBLISH */
	FAKE_QOS0,              /* Maximum QoS 0 */
	FAKE_NARROW,            /* Maximum Packet Size 50, Receive Maximum 1 */
	FAKE_GRANTS_SECRETS,    /* grants secret/# */
	FAKE_NEIGHBOURS,        /* refuses every filter of a SUBSCRIBE with a secret in it */
	FAKE_NAPS,              /* hears nothing for 2.5 s, once, after the first denied PUBLISH */
	FAKE_FLOODS,            /* 5,000 messages after a denied PUBLISH */
	FAKE_SILENT             /* never answers anything */
};

struct fake_client {
	int fd;
	struct buf in;
	char id[128];
	char filters[16][128];
	size_t filter_count;
	bool ready;
};

struct fake_late {
	int64_t due_us;
	char topic[256], payload[1024];
};

struct fake_state {
	enum fake fake;
	int listener;
	struct fake_client clients[64];
	size_t count;
	struct fake_late late[64];
	size_t late_count;
	bool napped;
};

static inline bool fake_matches(struct slice filter, struct slice topic)
{
	bool more_filter = true, more_topic = true;
	while (more_filter && more_topic) {
		struct slice f = slice_word(&filter, '/', &more_filter), t = slice_word(&topic, '/', &more_topic);
		if (slice_is(f, "#"))
			return true;
		if (!slice_is(f, "+") && !slice_equal(f, t))
			return false;
	}
	return more_filter == more_topic;
}

static inline void fake_send(int fd, struct buf *packet)
{
	if (write(fd, packet->data, packet->size) < 0)
		packet->failed = true;
	buf_release(packet);
}

static inline void fake_deliver(struct fake_state *s, struct slice topic, struct slice payload)
{
	for (size_t i = 0; i < s->count; i++) {
		for (size_t f = 0; f < s->clients[i].filter_count; f++) {
			struct publish message = { .topic = topic, .payload = payload };
			struct buf packet;
			if (!fake_matches(slice_text(s->clients[i].filters[f]), topic))
				continue;
			buf_init(&packet, 4096);
			build_publish(&packet, &message, NULL);
			fake_send(s->clients[i].fd, &packet);
			break;
		}
	}
}

static inline void fake_close(struct fake_state *s, struct fake_client *c)
{
	close(c->fd);
	buf_release(&c->in);
	*c = s->clients[--s->count];
}

static inline bool fake_own(const struct fake_client *c, struct slice topic)
{
	bool more = true;
	while (more) {
		if (slice_is(slice_word(&topic, '/', &more), c->id))
			return true;
	}
	return false;
}

/* Each handler returns false when the connection is to be closed. */
static inline bool fake_connect(struct fake_state *s, struct fake_client *c, const struct packet *p)
{
	struct buf packet, properties;
	bool refused = s->fake == FAKE_REFUSES_ALL ||
		       (s->fake != FAKE_ALLOWS_ALL && slice_starts(p->client_id, slice_text("bad")));
	buf_init(&packet, 4096);
	buf_init(&properties, 4096);
	if (s->fake == FAKE_TALKATIVE && refused)
		build_text(&properties, PROPERTY_REASON_STRING, slice_text("the signature\nis wrong"));
	if (s->fake == FAKE_QOS0)
		build_number(&properties, PROPERTY_MAXIMUM_QOS, 0);
	if (s->fake == FAKE_NARROW && !refused) {
		build_number(&properties, PROPERTY_MAXIMUM_PACKET, 50);
		build_number(&properties, PROPERTY_RECEIVE_MAXIMUM, 1);
	}
	broker_connack(&packet, false, refused ? (s->fake == FAKE_OTHER_CODES ? 0x80 : 0x86) : 0, buf_slice(&properties));
	buf_release(&properties);
	fake_send(c->fd, &packet);
	c->ready = !refused;
	memcpy(c->id, p->client_id.data, p->client_id.size < 127 ? p->client_id.size : 127);
	return !refused || s->fake == FAKE_KEEPS_OPEN;
}

static inline void fake_answer(struct fake_state *s, struct fake_client *c, const struct packet *p, unsigned char code)
{
	struct buf packet;
	(void)s;
	if (p->qos == 0)
		return;
	buf_init(&packet, 64);
	build_ack(&packet, PACKET_PUBACK, p->id, code, NULL);
	fake_send(c->fd, &packet);
}

static inline bool fake_denied(struct fake_state *s, struct fake_client *c, const struct packet *p)
{
	struct buf packet;
	buf_init(&packet, 64);
	if (s->fake == FAKE_DIES)
		_exit(0);
	if (s->fake == FAKE_HANGS_UP)
		return false;
	if (s->fake == FAKE_MUTE)
		return true;
	if (s->fake == FAKE_NAPS && !s->napped) {
		s->napped = true;
		poll(NULL, 0, 2500);
	}
	if (s->fake == FAKE_SAYS_AND_DELIVERS)
		fake_deliver(s, p->topic, p->payload);
	if (s->fake == FAKE_DELIVERS_LATE) {
		struct fake_late *late = &s->late[s->late_count++];
		memset(late, 0, sizeof *late);
		late->due_us = clock_monotonic_us() + 300000;
		memcpy(late->topic, p->topic.data, p->topic.size);
		memcpy(late->payload, p->payload.data, p->payload.size);
	}
	if (s->fake == FAKE_GARBLES) {
		buf_put(&packet, slice_of("\x40\x02\x00\x00", 4));
		fake_send(c->fd, &packet);
		return true;
	}
	for (int i = 0; s->fake == FAKE_FLOODS && i < 5000; i++) {
		struct publish message = { .topic = slice_text("t") };
		build_publish(&packet, &message, NULL);
		fake_send(c->fd, &packet);
	}
	if (s->fake == FAKE_DISCONNECTS) {
		build_disconnect(&packet, 0x87, slice_of(NULL, 0), NULL);
		fake_send(c->fd, &packet);
		return false;
	}
	fake_answer(s, c, p, s->fake == FAKE_OTHER_CODES ? 0x80 : 0x87);
	return true;
}

static inline bool fake_publish(struct fake_state *s, struct fake_client *c, const struct packet *p)
{
	if (s->fake != FAKE_ALLOWS_ALL && !fake_own(c, p->topic))
		return fake_denied(s, c, p);
	if (s->fake != FAKE_DELIVERS_NOTHING)
		fake_deliver(s, p->topic, p->payload);
	fake_answer(s, c, p, 0x00);
	return true;
}

static inline bool fake_subscribe(struct fake_state *s, struct fake_client *c, const struct packet *p)
{
	struct slice rest = p->filters, filter;
	unsigned char options, codes[16];
	size_t count = 0;
	struct buf packet;
	bool neighbours = false;
	while (filter_next(&rest, p->type, &filter, &options))
		neighbours |= s->fake == FAKE_NEIGHBOURS && slice_starts(filter, slice_text("secret"));
	for (rest = p->filters; count < 16 && filter_next(&rest, p->type, &filter, &options);) {
		bool secret = slice_starts(filter, slice_text("secret")) && s->fake != FAKE_GRANTS_SECRETS &&
			      s->fake != FAKE_ALLOWS_ALL;
		codes[count++] = secret || neighbours ? 0x87 : 0;
		if (!secret && c->filter_count < 16)
			memcpy(c->filters[c->filter_count++], filter.data, filter.size < 127 ? filter.size : 127);
	}
	buf_init(&packet, 64);
	broker_codes(&packet, PACKET_SUBACK, p->id, slice_of(codes, count));
	fake_send(c->fd, &packet);
	return true;
}

static inline bool fake_take(struct fake_state *s, struct fake_client *c, const struct packet *p)
{
	struct buf packet;
	if (s->fake == FAKE_SILENT)
		return true;
	if (p->type == PACKET_CONNECT)
		return fake_connect(s, c, p);
	if (p->type == PACKET_PUBLISH)
		return fake_publish(s, c, p);
	if (p->type == PACKET_SUBSCRIBE)
		return fake_subscribe(s, c, p);
	if (p->type == PACKET_PINGREQ) {
		buf_init(&packet, 64);
		build_empty(&packet, PACKET_PINGRESP, NULL);
		fake_send(c->fd, &packet);
	}
	return p->type != PACKET_DISCONNECT;
}

static inline void fake_read(struct fake_state *s, struct fake_client *c)
{
	unsigned char bytes[4096];
	ssize_t got = read(c->fd, bytes, sizeof bytes);
	bool stays = got > 0;
	if (stays)
		buf_put(&c->in, slice_of(bytes, (size_t)got));
	while (stays) {
		struct packet packet;
		struct fault fault;
		if (packet_read(buf_slice(&c->in), FROM_CLIENT, &packet, &fault) != READ_PACKET)
			break;
		stays = fake_take(s, c, &packet);
		c->in.size -= packet.size;
		memmove(c->in.data, c->in.data + packet.size, c->in.size);
	}
	if (!stays)
		fake_close(s, c);
}

static inline void fake_accept(struct fake_state *s)
{
	int fd = accept(s->listener, NULL, NULL);
	if (fd < 0)
		return;
	s->clients[s->count] = (struct fake_client){ .fd = fd };
	buf_init(&s->clients[s->count++].in, 1 << 20);
}

static inline void fake_send_late(struct fake_state *s)
{
	for (size_t i = 0; i < s->late_count; i++) {
		if (s->late[i].due_us && s->late[i].due_us < clock_monotonic_us()) {
			fake_deliver(s, slice_text(s->late[i].topic), slice_text(s->late[i].payload));
			s->late[i].due_us = 0;
		}
	}
}

static inline void fake_serve(int listener, enum fake fake)
{
	static struct fake_state s;
	s.fake = fake;
	s.listener = listener;
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		struct pollfd fds[65] = { { .fd = listener, .events = POLLIN } };
		size_t count = s.count;
		for (size_t i = 0; i < count; i++)
			fds[i + 1] = (struct pollfd){ .fd = s.clients[i].fd, .events = POLLIN };
		poll(fds, count + 1, 20);
		fake_send_late(&s);
		for (size_t i = count; i-- > 0;) {
			if (fds[i + 1].revents)
				fake_read(&s, &s.clients[i]);
		}
		if (fds[0].revents && s.count < 64)
			fake_accept(&s);
	}
}

/* Returns the process; *port is where it listens. It must be stopped by fake_stop. */
static inline pid_t fake_start(enum fake fake, uint16_t *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 64) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) != 0)
		abort();
	*port = ntohs(address.sin_port);
	pid_t pid = fork();
	if (pid == 0)
		fake_serve(listener, fake);
	close(listener);
	return pid;
}

static inline void fake_stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

#endif
