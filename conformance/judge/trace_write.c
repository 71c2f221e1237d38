#include "judge/trace.h"

#include "base64url.h"
#include "json.h"
#include "version.h"
#include "wire/describe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

struct trace {
	FILE *file;
	char *name;
	const struct plan *plan;
	uint64_t moments;
	bool failed;
};

static void write_line(struct trace *trace, json_t *line)
{
	if (!line || json_dumpf(line, trace->file, JSON_COMPACT) != 0 || putc('\n', trace->file) == EOF)
		trace->failed = true;
	json_decref(line);
}

static json_t *head(const struct plan *plan, const struct target *target, const struct fixture *fixture, const char *salt)
{
	char seed[24];
	json_t *scripts = json_array();
	snprintf(seed, sizeof seed, "%llu", (unsigned long long)plan->seed);
	for (size_t i = 0; i < plan->script_count; i++)
		json_array_append_new(scripts, json_string(plan->scripts[i]->id));
	return json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "trace", SUITE_NAME, "version", 1, "suite",
			 SUITE_VERSION, "seed", seed, "salt", salt, "target", target->name, "target_digest", target->digest,
			 "fixture_digest", fixture->digest, "scripts", scripts);
}

struct trace *trace_open(const char *file, const struct plan *plan, const struct target *target,
			 const struct fixture *fixture, const char *salt, struct fault *fault)
{
	struct trace *trace = calloc(1, sizeof *trace);
	char *name = slice_copy(slice_text(file));
	FILE *opened = trace && name ? fopen(file, "w") : NULL;
	if (!opened) {
		fault_set(fault, FAULT_UNAVAILABLE, "%s: cannot write the trace: %s", file, strerror(errno));
		free(trace);
		free(name);
		return NULL;
	}
	fcntl(fileno(opened), F_SETFD, FD_CLOEXEC); /* not for hooks */
	*trace = (struct trace){ .file = opened, .name = name, .plan = plan };
	write_line(trace, head(plan, target, fixture, salt));
	return trace;
}

static void set_text(json_t *line, const char *name, const char *text)
{
	if (text)
		json_object_set_new(line, name, json_string(text));
}

/* One dot-separated part of a token as JSON, or as text where it is none. */
static json_t *token_part(struct slice part)
{
	static const struct json_limits limits = { 65536, 32 };
	struct fault ignored;
	struct buf text;
	buf_init(&text, limits.bytes);
	json_t *value = NULL;
	if (base64url_decode(part, &text))
		value = json_parse(buf_slice(&text), "token", &limits, &ignored);
	buf_release(&text);
	return value ? value : json_string("not readable");
}

static json_t *token_json(struct slice token)
{
	bool more;
	struct slice rest = token;
	struct slice header = slice_word(&rest, '.', &more), claims = { NULL, 0 };
	if (more)
		claims = slice_word(&rest, '.', &more);
	return json_pack("{s:o, s:o, s:I}", "header", token_part(header), "claims", token_part(claims), "bytes",
			 (json_int_t)token.size);
}

static void set_script(json_t *line, const struct trace *trace, const struct moment *m)
{
	if (m->script < 0)
		return;
	set_text(line, "script", trace->plan->scripts[m->script]->id);
	json_object_set_new(line, "attempt", json_integer(m->attempt));
	if (m->kind == MOMENT_STEP || m->kind == MOMENT_HOOK)
		json_object_set_new(line, "step", json_integer((json_int_t)m->step));
	if (m->kind == MOMENT_STEP)
		set_text(line, "line", trace->plan->scripts[m->script]->steps[m->step].source);
}

static void set_message(json_t *line, const struct trace *trace, const struct moment *m)
{
	const struct script *script = trace->plan->scripts[m->script];
	if (m->kind == MOMENT_FENCE)
		set_text(line, "observer", script->actors[m->observer].name);
	json_object_set_new(line, "message", json_integer((json_int_t)m->message));
	set_text(line, "nonce", m->nonce);
}

static void set_raw(json_t *line, const struct moment *m)
{
	struct buf hex;
	buf_init(&hex, TRACE_LINE_MAX);
	hex_encode(m->raw, &hex);
	set_text(line, "hex", buf_string(&hex));
	buf_release(&hex);
}

void trace_moment(struct trace *trace, const struct moment *m)
{
	json_t *line;
	if (!trace)
		return;
	line = json_pack("{s:I, s:s}", "us", (json_int_t)m->us, "event", moment_name(m->kind));
	if (line) {
		set_script(line, trace, m);
		set_text(line, "actor", m->who);
		if (m->connection)
			json_object_set_new(line, "connection", json_integer(m->connection));
		if (m->kind == MOMENT_FENCE || m->kind == MOMENT_COPY)
			set_message(line, trace, m);
		if (moment_flag(m->kind))
			json_object_set_new(line, moment_flag(m->kind), json_boolean(m->flag));
		if (m->kind == MOMENT_HOOK)
			json_object_set_new(line, "status", json_integer(m->code));
		if (m->exp_us)
			json_object_set_new(line, "exp_us", json_integer((json_int_t)m->exp_us));
		set_text(line, "text", m->text);
		if (m->packet)
			json_object_set_new(line, "packet", packet_json(m->packet));
		if (m->token.size > 0)
			json_object_set_new(line, "token", token_json(m->token));
		if (m->raw.size > 0)
			set_raw(line, m);
	}
	write_line(trace, line);
	trace->moments++;
}

void trace_preflight(struct trace *trace, const struct preflight *p)
{
	if (!trace)
		return;
	json_t *line = json_pack("{s:s, s:b, s:b, s:b, s:b, s:I, s:I, s:b}", "event", "preflight", "reached", p->reached,
				 "good_token_accepted", p->good_token_accepted, "own_message_back", p->own_message_back,
				 "bad_token_refused", p->bad_token_refused, "round_trip_us", (json_int_t)p->round_trip_us,
				 "clock_offset_ms", (json_int_t)p->clock_offset_ms, "clock_known", p->clock_known);
	if (line)
		set_text(line, "problem", p->problem);
	write_line(trace, line);
}

bool trace_close(struct trace *trace, const struct run_result *result, struct fault *fault)
{
	if (!trace)
		return true;
	write_line(trace, json_pack("{s:s, s:I, s:b, s:b, s:I}", "event", "end", "moments", (json_int_t)trace->moments,
				    "interrupted", result->interrupted, "unreachable", result->unreachable, "duration_us",
				    (json_int_t)result->duration_us));
	bool written = fclose(trace->file) == 0 && !trace->failed;
	if (!written)
		fault_set(fault, FAULT_UNAVAILABLE, "%s: the trace could not be written in full", trace->name);
	free(trace->name);
	free(trace);
	return written;
}
