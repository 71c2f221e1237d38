/* A scripted broker for one trial: a function in a process of its own answers packet by packet, and the
 * trial reads from the trace what the engine did. */
#ifndef CONFORMANCE_SCRIPTED_H
#define CONFORMANCE_SCRIPTED_H

#include "actor/run.h"
#include "broker_packets.h"
#include "fake_broker.h"
#include "hand_script.h"
#include "json.h"

#include <check.h>

struct talk { /* what came on a connection */
	unsigned connection; /* from 1 on, in the order of their CONNECTs; 0: a ping of the suite's own */
	size_t packets, reads, reads_before; /* so far; reads_before: up to the packet before this one */
	struct slice rest;   /* what came with the packet, behind it */
	int fd;
};

/* Appends the answer to out; false: the connection is closed after it. Runs in the child. */
typedef bool talk_answer(const struct talk *talk, const struct packet *packet, struct buf *out);

static inline void say_ack(struct buf *out, enum packet_type type, uint16_t id, unsigned char code)
{
	build_ack(out, type, id, code, NULL);
}

/* What a broker owes to everybody; session: Session Present. */
static inline bool polite(const struct packet *p, bool session, struct buf *out)
{
	static const unsigned char granted[8];
	struct slice rest = p->filters, filter;
	unsigned char options;
	size_t filters = 0;
	while (filter_next(&rest, p->type, &filter, &options))
		filters++;
	if (p->type == PACKET_CONNECT)
		broker_connack(out, session && !p->clean_start, 0x00, slice_of(NULL, 0));
	if (p->type == PACKET_SUBSCRIBE || p->type == PACKET_UNSUBSCRIBE)
		broker_codes(out, p->type == PACKET_SUBSCRIBE ? PACKET_SUBACK : PACKET_UNSUBACK, p->id, slice_of(granted, filters));
	if (p->type == PACKET_PUBLISH && p->qos > 0)
		say_ack(out, p->qos == 1 ? PACKET_PUBACK : PACKET_PUBREC, p->id, 0x00);
	if (p->type == PACKET_PUBREL)
		say_ack(out, PACKET_PUBCOMP, p->id, 0x00);
	if (p->type == PACKET_PUBREC && p->code < 0x80)
		say_ack(out, PACKET_PUBREL, p->id, 0x00);
	if (p->type == PACKET_PINGREQ)
		build_empty(out, PACKET_PINGRESP, NULL);
	return p->type != PACKET_DISCONNECT;
}

struct talker {
	struct talk talk;
	struct buf in;
};

static inline bool talk_read(struct talker *t, unsigned *connections, talk_answer *answer)
{
	unsigned char bytes[65536];
	ssize_t got = read(t->talk.fd, bytes, sizeof bytes);
	bool stays = got > 0;
	if (stays)
		buf_put(&t->in, slice_of(bytes, (size_t)got));
	t->talk.reads++;
	while (stays) {
		struct packet packet;
		struct fault fault;
		struct buf out;
		if (packet_read(buf_slice(&t->in), FROM_CLIENT, &packet, &fault) != READ_PACKET)
			break;
		if (packet.type == PACKET_CONNECT && !slice_starts(packet.client_id, slice_text("suite-")))
			t->talk.connection = ++*connections;
		t->talk.packets++;
		t->talk.rest = slice_part(buf_slice(&t->in), packet.size, t->in.size);
		buf_init(&out, 1 << 20);
		stays = answer(&t->talk, &packet, &out);
		t->talk.reads_before = t->talk.reads;
		if (out.size > 0 && write(t->talk.fd, out.data, out.size) < 0)
			stays = false;
		buf_release(&out);
		t->in.size -= packet.size;
		memmove(t->in.data, t->in.data + packet.size, t->in.size);
	}
	return stays;
}

static inline void talk_serve(int listener, talk_answer *answer)
{
	static struct talker talkers[16];
	size_t count = 0;
	unsigned connections = 0;
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		struct pollfd fds[17] = { { .fd = listener, .events = POLLIN } };
		for (size_t i = 0; i < count; i++)
			fds[i + 1] = (struct pollfd){ .fd = talkers[i].talk.fd, .events = POLLIN };
		size_t open = count;
		poll(fds, open + 1, -1);
		for (size_t i = open; i-- > 0;) {
			if (!fds[i + 1].revents || talk_read(&talkers[i], &connections, answer))
				continue;
			close(talkers[i].talk.fd);
			buf_release(&talkers[i].in);
			talkers[i] = talkers[--count];
		}
		if (fds[0].revents && count < 16) {
			talkers[count] = (struct talker){ .talk = { .fd = accept(listener, NULL, NULL) } };
			buf_init(&talkers[count++].in, 1 << 22);
		}
	}
}

static inline pid_t talk_start(talk_answer *answer, uint16_t *port)
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
		talk_serve(listener, answer);
	close(listener);
	return pid;
}

static struct rule rule_sub = { .id = "SUB-01", .class = "substrate", .level = LEVEL_MUST };

struct stage { /* one script on one scripted broker */
	struct hand hand;
	struct script *script;
	struct plan plan;
	struct listener listener;
	struct target target;
	struct fixture fixture;
	struct run_result result;
	struct fault fault;
	char trace[64];
	char story[65536];
	bool ran;
};

static inline void stage_begin(struct stage *s, char *id)
{
	memset(s, 0, sizeof *s);
	hand_begin(&s->hand, id, "SUB-01.act");
	hand_actor(&s->hand, "scout", "scout-1");
	hand_actor(&s->hand, "watcher", "watcher-1");
	hand_check(&s->hand, &rule_sub, false);
	s->script = &s->hand.script;
	s->plan = (struct plan){ .scripts = &s->script, .script_count = 1, .seed = 7 };
	s->target = (struct target){ .name = "scripted", .listeners = &s->listener, .listener_count = 1,
				     .client_id_prefix = "", .grace_ms = 30 };
}

/* The step, to be changed where the initialiser could not say it. */
static inline struct script_step *stage_step(struct stage *s, size_t actor, enum act act, enum outcome outcome)
{
	struct script_step step = { .source = act_name(act), .actor = actor, .act = act, .outcomes = { outcome } };
	return &s->hand.steps[hand_step(&s->hand, step)];
}

static inline struct script_step *stage_publish(struct stage *s, size_t actor, char *topic, unsigned qos, enum outcome outcome)
{
	struct script_step *step = stage_step(s, actor, ACT_PUBLISH, outcome);
	step->topic = topic;
	step->payload = "text";
	step->qos = qos;
	return step;
}

static inline struct script_step *stage_subscribe(struct stage *s, size_t actor, char *filter)
{
	struct script_step *step = stage_step(s, actor, ACT_SUBSCRIBE, OUTCOME_GRANTED);
	step->filters[0] = filter;
	step->filter_count = 1;
	return step;
}

static inline const char *member_text(const json_t *packet, const char *name)
{
	const char *text = json_string_value(json_object_get(packet, name));
	return text ? text : "";
}

static inline void tell_properties(const json_t *list, struct buf *out)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *property = json_array_get(list, i), *value = json_array_get(property, 1);
		const char *name = json_string_value(json_array_get(property, 0));
		if (strcmp(name, "Maximum Packet Size") == 0 && json_integer_value(value) == WIRE_PACKET_MAX)
			continue; /* every CONNECT has it */
		buf_format(out, " %s=", name);
		if (json_is_integer(value))
			buf_format(out, "%d", (int)json_integer_value(value));
		else
			buf_text(out, json_string_value(value));
		if (json_array_size(property) > 2)
			buf_format(out, ":%s", json_string_value(json_array_get(property, 2)));
	}
}

/* "PUBLISH q1 dup a/b Topic Alias=1", without Packet Identifiers and nonces. */
static inline void tell_packet(const json_t *p, struct buf *out)
{
	const char *code = member_text(p, "code");
	const json_t *will = json_object_get(p, "will");
	buf_text(out, member_text(p, "type"));
	if (strcmp(code, "") != 0 && strcmp(code, "0x00") != 0)
		buf_format(out, " %s", code);
	if (json_is_true(json_object_get(p, "session_present")))
		buf_text(out, " present");
	if (json_object_get(p, "clean_start"))
		buf_text(out, json_is_true(json_object_get(p, "clean_start")) ? " clean" : " resume");
	if (json_object_get(p, "qos"))
		buf_format(out, " q%d%s%s %s%s", (int)json_integer_value(json_object_get(p, "qos")),
			   json_is_true(json_object_get(p, "dup")) ? " dup" : "",
			   json_is_true(json_object_get(p, "retain")) ? " retain" : "", member_text(p, "topic"),
			   *member_text(p, "payload") ? "" : " empty");
	for (size_t i = 0; i < json_array_size(json_object_get(p, "filters")); i++) {
		const json_t *filter = json_array_get(json_object_get(p, "filters"), i);
		buf_format(out, " %s/0x%02x", member_text(filter, "filter"),
			   (unsigned)json_integer_value(json_object_get(filter, "options")));
	}
	tell_properties(json_object_get(p, "properties"), out);
	if (!will)
		return;
	buf_format(out, " will q%d%s %s", (int)json_integer_value(json_object_get(will, "qos")),
		   json_is_true(json_object_get(will, "retain")) ? " retain" : "", member_text(will, "topic"));
	tell_properties(json_object_get(will, "properties"), out);
}

static inline void tell_line(const json_t *line, const char *actor, struct buf *out)
{
	const char *event = member_text(line, "event");
	const json_t *packet = json_object_get(line, "packet");
	bool told = strcmp(event, "sent") == 0 || strcmp(event, "received") == 0 || strcmp(event, "wrong") == 0 ||
		    strcmp(event, "closed") == 0 || strcmp(event, "copy") == 0;
	bool unfit = strcmp(event, "unfit") == 0 || strcmp(event, "hook") == 0;
	if (!unfit && (!told || strcmp(member_text(line, "actor"), actor) != 0))
		return;
	buf_text(out, out->size > 0 ? " | " : "");
	if (packet) {
		buf_text(out, *event == 's' ? ">" : "<");
		tell_packet(packet, out);
	} else if (strcmp(event, "sent") == 0) {
		buf_format(out, ">%s", member_text(line, "hex"));
	} else {
		buf_format(out, "%s%s%s", event, *member_text(line, "text") ? " " : "", member_text(line, "text"));
	}
}

/* What happened to one actor in the first attempt, in words; and verdicts of hooks. */
static inline const char *story(struct stage *s, const char *actor)
{
	static const struct json_limits limits = { 16 << 20, 40 };
	FILE *file = fopen(s->trace, "r");
	char *text = malloc(1 << 20);
	struct buf out;
	buf_init(&out, sizeof s->story - 1);
	while (file && text && fgets(text, 1 << 20, file)) {
		struct fault fault;
		json_t *line = json_parse(slice_text(text), "trace", &limits, &fault);
		if (line && json_integer_value(json_object_get(line, "attempt")) == 1)
			tell_line(line, actor, &out);
		json_decref(line);
	}
	ck_assert(!out.failed);
	memcpy(s->story, out.size ? out.data : (const unsigned char *)"", out.size);
	s->story[out.size] = '\0';
	buf_release(&out);
	free(text);
	if (file)
		fclose(file);
	return s->story;
}

static inline void stage_run(struct stage *s, talk_answer *answer)
{
	uint16_t port;
	pid_t broker = talk_start(answer, &port);
	s->listener = (struct listener){ .name = "plain", .host = "127.0.0.1", .port = port, .test = true };
	snprintf(s->trace, sizeof s->trace, "/tmp/mqtt-agent-test-XXXXXX");
	int fd = mkstemp(s->trace);
	ck_assert_int_ge(fd, 0);
	close(fd);
	s->hand.steps[s->hand.script.step_count - 1].check = 0;
	struct run_options options = { .jobs = 4, .trace_file = s->trace };
	s->ran = run_plan(&s->plan, &s->target, &s->fixture, &options, &s->result, &s->fault);
	fake_stop(broker);
	ck_assert_msg(s->ran, "%s", s->fault.text);
}

static inline void stage_end(struct stage *s)
{
	hand_release(&s->hand);
	free(s->result.preflight.problem);
	unlink(s->trace);
}

/* The whole of what an actor did begins so. */
static inline void tells(struct stage *s, const char *actor, const char *words)
{
	const char *is = story(s, actor);
	ck_assert_msg(strncmp(is, words, strlen(words)) == 0, "%s:\n  %.3000s\nis not\n  %s", actor, is, words);
}

static inline void contains(struct stage *s, const char *actor, const char *words)
{
	ck_assert_msg(strstr(story(s, actor), words) != NULL, "%s:\n  %.3000s\nlacks\n  %s", actor, s->story, words);
}

static inline void lacks(struct stage *s, const char *actor, const char *words)
{
	ck_assert_msg(strstr(story(s, actor), words) == NULL, "%s:\n  %.3000s\nhas\n  %s", actor, s->story, words);
}

static inline size_t times(struct stage *s, const char *actor, const char *words)
{
	size_t count = 0;
	for (const char *at = story(s, actor); (at = strstr(at, words)); at++)
		count++;
	return count;
}

static inline void verdict_is(const struct stage *s, enum verdict verdict, const char *words)
{
	const struct check *check = &s->hand.checks[0];
	const char *sentence = check->sentence ? check->sentence : "";
	ck_assert_msg(check->verdict == verdict && strstr(sentence, words), "%s: %s", verdict_name(check->verdict), sentence);
}

#endif
